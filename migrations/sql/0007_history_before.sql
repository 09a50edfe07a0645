-- The functions that 0007_history.sql replaced, as they were before it.

CREATE OR REPLACE FUNCTION landbank.change_time() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  told text := current_setting('landbank.change_time', true);
BEGIN
  IF told IS NULL OR told = '' THEN
    PERFORM 1 FROM landbank.inventory FOR UPDATE;
    told := clock_timestamp()::text;
    PERFORM set_config('landbank.change_time', told, true);
  END IF;
  RETURN told::timestamptz;
END $$;

CREATE OR REPLACE FUNCTION landbank.record_update() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION landbank.plot_difference(o landbank.plot, n landbank.plot) RETURNS jsonb LANGUAGE sql STABLE AS $$
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

CREATE OR REPLACE FUNCTION landbank.plot_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
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

CREATE OR REPLACE FUNCTION landbank.fact_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF OLD.superseded_at IS NOT NULL OR (to_jsonb(NEW) - 'superseded_at') <> (to_jsonb(OLD) - 'superseded_at') THEN
    RAISE EXCEPTION 'a row of % is never rewritten: set superseded_at and insert its successor', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;
