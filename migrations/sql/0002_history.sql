-- History: every accepted change of a thing leaves one event per transaction; nothing is deleted.
-- Who: the transaction sets landbank.actor (required), landbank.role, landbank.municipality, landbank.request_id and
-- landbank.reason; a write without an actor is refused by the NOT NULL of event.actor.

CREATE FUNCTION landbank.refuse_removal() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'nothing is deleted from %: end it by valid_to or superseded_at', TG_TABLE_NAME
    USING ERRCODE = 'restrict_violation';
END $$;

CREATE FUNCTION landbank.told(setting text) RETURNS text LANGUAGE sql STABLE AS
$$ SELECT nullif(current_setting('landbank.' || setting, true), '') $$;

-- Advance the revision by n changes and say so to whoever listens; answers the revision of the first of them.
CREATE FUNCTION landbank.advance(n bigint, noun text, ids text[]) RETURNS bigint LANGUAGE plpgsql AS $$
DECLARE
  last bigint;
BEGIN
  IF landbank.told('actor') IS NULL THEN
    RAISE EXCEPTION 'a change needs an actor: SET LOCAL landbank.actor first' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE landbank.inventory SET revision = revision + n, changed_at = landbank.change_time()
    RETURNING revision INTO last;
  PERFORM pg_notify('landbank', json_build_object(
    'revision', last, 'noun', noun,
    'ids', CASE WHEN cardinality(ids) <= 100 THEN to_json(ids) END)::text);
  RETURN last - n + 1;
END $$;

-- What differs between two rows given as jsonb: {field: [before, after]}, or null.
CREATE FUNCTION landbank.difference(before jsonb, after jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_object_agg(key, jsonb_build_array(before -> key, after -> key))
  FROM jsonb_object_keys(after) AS key
  WHERE (before -> key) IS DISTINCT FROM (after -> key)
$$;

CREATE FUNCTION landbank.record_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids text[];
  first bigint;
BEGIN
  SELECT array_agg(coalesce(to_jsonb(r) ->> 'id', to_jsonb(r) ->> 'code')) INTO ids FROM
    (SELECT (to_jsonb(n) - 'geometry' - 'geometry_tile' - 'location' - 'location_tile') AS r FROM new_rows n) AS s(r);
  IF ids IS NULL THEN RETURN NULL; END IF;
  first := landbank.advance(cardinality(ids), TG_TABLE_NAME, ids);
  INSERT INTO landbank.event
    (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at)
  SELECT first + place - 1, TG_TABLE_NAME, id, 'created', landbank.told('actor'), landbank.told('role'),
    landbank.told('municipality'), landbank.told('request_id'), landbank.told('reason'), landbank.change_time()
  FROM unnest(ids) WITH ORDINALITY AS u(id, place);
  RETURN NULL;
END $$;

CREATE FUNCTION landbank.record_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  changed jsonb[];
  first bigint;
BEGIN
  SELECT array_agg(jsonb_build_object('id', id, 'changes', d)) INTO changed FROM (
    SELECT coalesce(n.r ->> 'id', n.r ->> 'code') AS id, landbank.difference(o.r, n.r) AS d
    FROM (SELECT to_jsonb(x) - 'geometry_tile' - 'location_tile' FROM new_rows x) AS n(r)
    JOIN (SELECT to_jsonb(x) - 'geometry_tile' - 'location_tile' FROM old_rows x) AS o(r)
      ON coalesce(n.r ->> 'id', n.r ->> 'code') = coalesce(o.r ->> 'id', o.r ->> 'code')
  ) s WHERE d IS NOT NULL;
  IF changed IS NULL THEN RETURN NULL; END IF;
  first := landbank.advance(cardinality(changed), TG_TABLE_NAME,
    (SELECT array_agg(c ->> 'id') FROM unnest(changed) c));
  INSERT INTO landbank.event
    (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at, changes)
  SELECT first + place - 1, TG_TABLE_NAME, c ->> 'id', 'changed', landbank.told('actor'), landbank.told('role'),
    landbank.told('municipality'), landbank.told('request_id'), landbank.told('reason'), landbank.change_time(),
    c -> 'changes'
  FROM unnest(changed) WITH ORDINALITY AS u(c, place);
  RETURN NULL;
END $$;

-- plot ---------------------------------------------------------------------------------------------------------

CREATE FUNCTION landbank.plot_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was landbank.plot := OLD;
  wants_touch boolean := NEW.row_version <> OLD.row_version;
BEGIN
  -- Generated columns are not computed yet in NEW, and bookkeeping is ours: neither is a change.
  was.geometry_tile := NULL; was.location_tile := NULL; was.morton := NULL;
  NEW.geometry_tile := NULL; NEW.location_tile := NULL; NEW.morton := NULL;
  NEW.row_version := OLD.row_version; NEW.recorded_at := OLD.recorded_at;
  IF NOT wants_touch AND NEW IS NOT DISTINCT FROM was THEN
    RETURN NULL;
  END IF;
  NEW.recorded_at := landbank.change_time();
  IF OLD.recorded_at <> NEW.recorded_at THEN
    NEW.row_version := OLD.row_version + 1;
  END IF;
  RETURN NEW;
END $$;

CREATE FUNCTION landbank.plot_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  n bigint;
  first bigint;
BEGIN
  SELECT count(*) INTO n FROM new_rows;
  IF n = 0 THEN RETURN NULL; END IF;
  first := landbank.advance(n, 'plot', CASE WHEN n <= 100 THEN (SELECT array_agg(id::text) FROM new_rows) END);
  INSERT INTO landbank.event
    (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at)
  SELECT first + row_number() OVER () - 1, 'plot', id::text, 'created', actor, role, coalesce(told, municipality_code),
    request_id, reason, at
  FROM new_rows, (SELECT landbank.told('actor') AS actor, landbank.told('role') AS role,
    landbank.told('municipality') AS told, landbank.told('request_id') AS request_id,
    landbank.told('reason') AS reason, landbank.change_time() AS at) s;
  RETURN NULL;
END $$;

CREATE FUNCTION landbank.plot_event_kind(o landbank.plot, n landbank.plot) RETURNS text LANGUAGE sql STABLE AS $$
  SELECT CASE WHEN n.valid_to IS NULL OR o.valid_to IS NOT NULL THEN 'changed'
              WHEN EXISTS (SELECT FROM landbank.plot_lineage l WHERE l.predecessor_id = n.id) THEN 'replaced'
              ELSE 'ended' END
$$;

-- What differs between two states of a plot; a geometry is shown as EWKB hex, and only when it changed.
CREATE FUNCTION landbank.plot_difference(o landbank.plot, n landbank.plot) RETURNS jsonb LANGUAGE sql STABLE AS $$
  SELECT coalesce(landbank.difference(
      (SELECT to_jsonb(v) FROM (SELECT {old_attributes}) v), (SELECT to_jsonb(v) FROM (SELECT {new_attributes}) v)),
      '{}'::jsonb)
    || CASE WHEN o.geometry IS DISTINCT FROM n.geometry
         THEN jsonb_build_object('geometry', jsonb_build_array(encode(public.st_asewkb(o.geometry), 'hex'),
           encode(public.st_asewkb(n.geometry), 'hex'))) ELSE '{}'::jsonb END
    || CASE WHEN o.location IS DISTINCT FROM n.location
         THEN jsonb_build_object('location', jsonb_build_array(encode(public.st_asewkb(o.location), 'hex'),
           encode(public.st_asewkb(n.location), 'hex'))) ELSE '{}'::jsonb END
$$;

-- One event per plot and transaction: a second statement on the same plot is merged into it.
CREATE FUNCTION landbank.plot_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time();
  changed bigint;
  again bigint;
  first bigint;
BEGIN
  INSERT INTO landbank.plot_version (plot_id, {columns}, superseded_at)
  SELECT o.id, {old_columns}, at FROM old_rows o WHERE o.recorded_at <> at;

  SELECT count(*) FILTER (WHERE o.recorded_at <> at), count(*) FILTER (WHERE o.recorded_at = at) INTO changed, again
  FROM new_rows JOIN old_rows o USING (id);
  IF changed > 0 THEN
    first := landbank.advance(changed, 'plot', CASE WHEN changed <= 100 THEN
      (SELECT array_agg(o.id::text) FROM old_rows o WHERE o.recorded_at <> at) END);
    INSERT INTO landbank.event
      (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at, changes)
    SELECT first + row_number() OVER (ORDER BY n.id) - 1, 'plot', n.id::text, landbank.plot_event_kind(o, n),
      landbank.told('actor'), landbank.told('role'), coalesce(landbank.told('municipality'), n.municipality_code),
      landbank.told('request_id'), landbank.told('reason'), at, landbank.plot_difference(o, n)
    FROM new_rows n JOIN old_rows o USING (id) WHERE o.recorded_at <> at;
  END IF;
  IF again > 0 THEN
    UPDATE landbank.event e
    SET kind = CASE WHEN e.kind = 'changed' THEN landbank.plot_event_kind(o, n) ELSE e.kind END,
        changes = landbank.merge_changes(e.changes, landbank.plot_difference(o, n))
    FROM new_rows n JOIN old_rows o USING (id)
    WHERE o.recorded_at = at AND e.noun = 'plot' AND e.noun_id = n.id::text AND e.occurred_at = at
      AND e.kind <> 'created';
  END IF;
  RETURN NULL;
END $$;

-- Two differences one after the other: the first's before, the second's after.
CREATE FUNCTION landbank.merge_changes(first jsonb, second jsonb) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT coalesce(first, '{}'::jsonb) || coalesce(
    (SELECT jsonb_object_agg(key, jsonb_build_array(coalesce(first -> key -> 0, value -> 0), value -> 1))
     FROM jsonb_each(second)), '{}'::jsonb)
$$;

-- the many-valued facts of a plot ------------------------------------------------------------------------------

CREATE FUNCTION landbank.fact_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.superseded_at IS NOT NULL OR (to_jsonb(NEW) - 'superseded_at') <> (to_jsonb(OLD) - 'superseded_at') THEN
    RAISE EXCEPTION 'a row of % is never rewritten: set superseded_at and insert its successor', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- A change of facts is a change of their plot: the plot is touched once, and its event shows the facts' before and after.
CREATE FUNCTION landbank.fact_after_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time();
BEGIN
  -- Facts of plots that this very change creates: the plots' own events stand already, and hold no changes.
  IF NOT EXISTS (SELECT FROM new_rows r JOIN landbank.plot p ON p.id = r.plot_id
                 WHERE p.recorded_at <> at OR p.row_version > 1) THEN
    RETURN NULL;
  END IF;
  UPDATE landbank.plot SET row_version = row_version + 1
  WHERE id IN (SELECT plot_id FROM new_rows) AND recorded_at <> at;
  EXECUTE format($sql$
    UPDATE landbank.event e SET changes = coalesce(e.changes, '{}'::jsonb) || jsonb_build_object(%1$L, jsonb_build_array(
      (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'recorded_at' - 'superseded_at' ORDER BY f.id), '[]'::jsonb)
       FROM ( -- in two parts, each with an index of its own
         SELECT * FROM landbank.%1$I WHERE plot_id = t.plot_id AND superseded_at IS NULL AND recorded_at < $1
         UNION ALL
         SELECT * FROM landbank.%1$I WHERE plot_id = t.plot_id AND superseded_at IS NOT NULL AND superseded_at = $1
           AND recorded_at < $1) f),
      (SELECT coalesce(jsonb_agg(to_jsonb(f) - 'recorded_at' - 'superseded_at' ORDER BY f.id), '[]'::jsonb)
       FROM landbank.%1$I f WHERE f.plot_id = t.plot_id AND f.superseded_at IS NULL)))
    FROM (SELECT DISTINCT r.plot_id FROM new_rows r JOIN landbank.plot p ON p.id = r.plot_id WHERE p.row_version > 1) t
    WHERE e.noun = 'plot' AND e.noun_id = t.plot_id::text AND e.occurred_at = $1 AND e.kind <> 'created'
  $sql$, TG_TABLE_NAME) USING at;
  RETURN NULL;
END $$;
