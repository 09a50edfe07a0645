-- Who may write which rows, and who may look at personal data. The application acts as landbank_app, which owns nothing.
--
-- The transaction says for whom it acts:
--   landbank.municipalities  whose rows it may write: '*' for all, a comma list of codes, or unset for none
--   landbank.people          in which municipalities it manages people: the same
--   landbank.person          whose own account it looks after: the person's id
--
-- Rows of the inventory are read by all. The test of the municipality stands on INSERT and UPDATE alone: on SELECT it
-- would keep PostGIS's operators, which are not leakproof, from using the spatial indexes.

CREATE FUNCTION landbank.writes_everywhere() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('landbank.municipalities', true) = '*', false) $$;

CREATE FUNCTION landbank.writes(code text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('landbank.municipalities', true) = '*'
    OR code = ANY (string_to_array(current_setting('landbank.municipalities', true), ',')), false)
$$;

CREATE FUNCTION landbank.manages_all() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('landbank.people', true) = '*', false) $$;

CREATE FUNCTION landbank.manages_some() RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('landbank.people', true), '') <> '' $$;

CREATE FUNCTION landbank.manages(code text) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS $$
  SELECT coalesce(current_setting('landbank.people', true) = '*'
    OR code = ANY (string_to_array(current_setting('landbank.people', true), ',')), false)
$$;

CREATE FUNCTION landbank.is_self(key bigint) RETURNS boolean LANGUAGE sql STABLE PARALLEL SAFE AS
$$ SELECT coalesce(current_setting('landbank.person', true) = key::text, false) $$;

-- Somebody with a role elsewhere is managed by who manages people in all municipalities only.
CREATE FUNCTION landbank.manages_person(key bigint) RETURNS boolean LANGUAGE sql STABLE AS $$
  SELECT landbank.manages_all() OR (landbank.manages_some() AND NOT EXISTS (
    SELECT FROM landbank.role_grant g
    WHERE g.person_id = key AND g.revoked_at IS NULL AND NOT landbank.manages(g.municipality_code)))
$$;

-- People: what is not listed here is refused.
ALTER TABLE landbank.person ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY looks_at_own_people ON landbank.person FOR SELECT USING (
  landbank.manages_all() OR landbank.is_self(id) OR (landbank.manages_some() AND (
    NOT EXISTS (SELECT FROM landbank.role_grant g WHERE g.person_id = person.id AND g.revoked_at IS NULL)
    OR EXISTS (SELECT FROM landbank.role_grant g
      WHERE g.person_id = person.id AND g.revoked_at IS NULL AND landbank.manages(g.municipality_code)))));
CREATE POLICY adds_people ON landbank.person FOR INSERT WITH CHECK (landbank.manages_some());
CREATE POLICY changes_own_people ON landbank.person FOR UPDATE
  USING (landbank.is_self(id) OR landbank.manages_person(id));

ALTER TABLE landbank.role_grant ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY looks_at_roles ON landbank.role_grant FOR SELECT
  USING (landbank.manages_some() OR landbank.is_self(person_id));
CREATE POLICY grants_in_own_municipality ON landbank.role_grant FOR INSERT
  WITH CHECK (landbank.manages(municipality_code));
CREATE POLICY revokes_in_own_municipality ON landbank.role_grant FOR UPDATE
  USING (landbank.manages(municipality_code));

ALTER TABLE landbank.identity ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY looks_at_identities ON landbank.identity FOR SELECT
  USING (landbank.is_self(person_id) OR landbank.manages_person(person_id));
CREATE POLICY adds_identities ON landbank.identity FOR INSERT WITH CHECK (landbank.manages_all());
CREATE POLICY removes_identities ON landbank.identity FOR DELETE USING (landbank.manages_all());

-- What somebody proves themselves by is for them and for the sign-in alone.
ALTER TABLE landbank.password ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_password ON landbank.password
  USING (landbank.manages_all() OR landbank.is_self(person_id));

ALTER TABLE landbank.totp ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_second_factor ON landbank.totp
  USING (landbank.manages_all() OR landbank.is_self(person_id));

ALTER TABLE landbank.recovery_code ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_codes ON landbank.recovery_code
  USING (landbank.manages_all() OR landbank.is_self(person_id));

ALTER TABLE landbank.setup_link ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY links_of_managed_people ON landbank.setup_link USING (landbank.manages_person(person_id));

ALTER TABLE landbank.session ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_sessions ON landbank.session
  USING (landbank.is_self(person_id) OR landbank.manages_person(person_id));

ALTER TABLE landbank.api_key ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY own_keys ON landbank.api_key
  USING (landbank.manages(municipality_code) OR landbank.is_self(made_by));

ALTER TABLE landbank.sign_in_attempt ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY sign_in_counts ON landbank.sign_in_attempt USING (landbank.manages_all());

-- Written by everyone, changed by no one, read by the operator.
ALTER TABLE landbank.security_event ENABLE ROW LEVEL SECURITY, FORCE ROW LEVEL SECURITY;
CREATE POLICY notes_security_events ON landbank.security_event FOR INSERT WITH CHECK (true);
CREATE POLICY reads_security_events ON landbank.security_event FOR SELECT USING (landbank.manages_all());
