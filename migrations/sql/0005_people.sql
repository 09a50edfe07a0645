-- People and what they prove themselves by. Personal data stands here alone, and can be deleted.

CREATE TABLE landbank.person (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_person PRIMARY KEY,
  login text,
  display_name text NOT NULL,
  email text,
  is_disabled boolean NOT NULL DEFAULT false,
  created_at timestamptz NOT NULL DEFAULT now(),
  created_by text NOT NULL,
  CONSTRAINT uq_person_login UNIQUE (login),
  CONSTRAINT ck_person_login CHECK (login = lower(login) AND length(login) BETWEEN 2 AND 100),
  CONSTRAINT ck_person_display_name CHECK (length(display_name) BETWEEN 1 AND 200)
);

CREATE TABLE landbank.identity (
  issuer text NOT NULL,
  subject text NOT NULL,
  person_id bigint NOT NULL CONSTRAINT fk_identity_person_id REFERENCES landbank.person (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  CONSTRAINT pk_identity PRIMARY KEY (issuer, subject)
);
CREATE INDEX ix_identity_person_id ON landbank.identity (person_id);

CREATE TABLE landbank.password (
  person_id bigint NOT NULL CONSTRAINT pk_password PRIMARY KEY
    CONSTRAINT fk_password_person_id REFERENCES landbank.person (id),
  hash text NOT NULL,
  changed_at timestamptz NOT NULL
);

CREATE TABLE landbank.totp (
  person_id bigint NOT NULL CONSTRAINT pk_totp PRIMARY KEY
    CONSTRAINT fk_totp_person_id REFERENCES landbank.person (id),
  sealed bytea NOT NULL,
  key_id text NOT NULL,
  confirmed_at timestamptz,
  last_step bigint
);

CREATE TABLE landbank.recovery_code (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_recovery_code PRIMARY KEY,
  person_id bigint NOT NULL CONSTRAINT fk_recovery_code_person_id REFERENCES landbank.person (id),
  digest bytea NOT NULL,
  used_at timestamptz
);
CREATE INDEX ix_recovery_code_person_id ON landbank.recovery_code (person_id);

CREATE TABLE landbank.setup_link (
  digest bytea NOT NULL CONSTRAINT pk_setup_link PRIMARY KEY,
  person_id bigint NOT NULL CONSTRAINT fk_setup_link_person_id REFERENCES landbank.person (id),
  created_by text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  used_at timestamptz
);
CREATE INDEX ix_setup_link_person_id ON landbank.setup_link (person_id);

CREATE TABLE landbank.role_grant (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_role_grant PRIMARY KEY,
  person_id bigint NOT NULL CONSTRAINT fk_role_grant_person_id REFERENCES landbank.person (id),
  role text NOT NULL,
  municipality_code text CONSTRAINT fk_role_grant_municipality_code REFERENCES landbank.municipality (code),
  granted_by text NOT NULL,
  granted_at timestamptz NOT NULL DEFAULT now(),
  revoked_by text,
  revoked_at timestamptz,
  CONSTRAINT ck_role_grant_role
    CHECK (role IN ('planner', 'steward', 'lots', 'regional', 'administrator', 'operator')),
  CONSTRAINT ck_role_grant_where CHECK ((role IN ('regional', 'operator')) = (municipality_code IS NULL))
);
CREATE UNIQUE INDEX uq_role_grant_current ON landbank.role_grant (person_id, role, coalesce(municipality_code, ''))
  WHERE revoked_at IS NULL;

CREATE TABLE landbank.session (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_session PRIMARY KEY,
  digest bytea NOT NULL CONSTRAINT uq_session_digest UNIQUE,
  person_id bigint NOT NULL CONSTRAINT fk_session_person_id REFERENCES landbank.person (id),
  stage text NOT NULL,
  method text NOT NULL,
  device text NOT NULL,
  created_at timestamptz NOT NULL DEFAULT now(),
  last_used_at timestamptz NOT NULL,
  expires_at timestamptz NOT NULL,
  revoked_at timestamptz,
  CONSTRAINT ck_session_stage CHECK (stage IN ('second_factor', 'enrolment', 'whole')),
  CONSTRAINT ck_session_method CHECK (method IN ('password', 'openid'))
);
CREATE INDEX ix_session_person_id ON landbank.session (person_id);

CREATE TABLE landbank.api_key (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_api_key PRIMARY KEY,
  digest bytea NOT NULL,
  label text NOT NULL,
  scopes text[] NOT NULL,
  municipality_code text NOT NULL
    CONSTRAINT fk_api_key_municipality_code REFERENCES landbank.municipality (code),
  made_by bigint CONSTRAINT fk_api_key_made_by REFERENCES landbank.person (id),
  created_at timestamptz NOT NULL DEFAULT now(),
  expires_at timestamptz NOT NULL,
  last_used_at timestamptz,
  revoked_at timestamptz,
  CONSTRAINT ck_api_key_scopes CHECK (cardinality(scopes) > 0)
);

-- Unlogged: it guards for minutes only, and a crash may forget it.
CREATE UNLOGGED TABLE landbank.sign_in_attempt (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_sign_in_attempt PRIMARY KEY,
  kind text NOT NULL,
  subject bytea NOT NULL,
  attempted_at timestamptz NOT NULL
);
CREATE INDEX ix_sign_in_attempt_kind_subject_attempted_at
  ON landbank.sign_in_attempt (kind, subject, attempted_at);
CREATE INDEX ix_sign_in_attempt_attempted_at ON landbank.sign_in_attempt (attempted_at);

CREATE TABLE landbank.security_event (
  id bigint GENERATED ALWAYS AS IDENTITY CONSTRAINT pk_security_event PRIMARY KEY,
  occurred_at timestamptz NOT NULL DEFAULT now(),
  kind text NOT NULL,
  actor text NOT NULL,
  subject text,
  municipality_code text,
  request_id text
);
CREATE INDEX ix_security_event_occurred_at ON landbank.security_event (occurred_at);
