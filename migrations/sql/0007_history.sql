-- History made whole: record times that always ascend, events and states that nobody rewrites, lineage as part of the
-- event of the plot that was replaced, the revision of a moment. What follows from columns: landbank/store/derived.py.

-- The moment of the running change: the same for all its rows, taken once the inventory is locked, and later than that
-- of every change before, also when the server's clock was set back: the order of record times is that of commits.
CREATE OR REPLACE FUNCTION landbank.change_time() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  told text := current_setting('landbank.change_time', true);
BEGIN
  IF told IS NULL OR told = '' THEN
    SELECT greatest(clock_timestamp(), changed_at + interval '1 microsecond')::text INTO told
    FROM landbank.inventory FOR UPDATE;
    PERFORM set_config('landbank.change_time', told, true);
  END IF;
  RETURN told::timestamptz;
END $$;

CREATE FUNCTION landbank.refuse_rewriting() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'a row of % is never rewritten', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
END $$;

-- An event is completed by landbank's own triggers within its transaction (a second statement on the same plot), and by
-- nobody else, the owner included. Who drops this trigger first is found by `landbank fsck`.
CREATE FUNCTION landbank.event_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 OR OLD.occurred_at IS DISTINCT FROM landbank.told('change_time')::timestamptz
    OR (NEW.revision, NEW.noun, NEW.noun_id, NEW.actor, NEW.occurred_at)
      IS DISTINCT FROM (OLD.revision, OLD.noun, OLD.noun_id, OLD.actor, OLD.occurred_at) THEN
    RAISE EXCEPTION 'an event is never rewritten: history only grows' USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Events and versions follow from changes: nobody adds one by hand.
CREATE FUNCTION landbank.refuse_adding_by_hand() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF pg_trigger_depth() < 2 THEN
    RAISE EXCEPTION 'rows of % follow from changes and are not added by hand', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

-- Rows are recorded at the moment of their change and no other, or the past would be made up afterwards.
CREATE FUNCTION landbank.refuse_other_moment() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time(); -- asked once a statement
BEGIN
  IF EXISTS (SELECT FROM new_rows WHERE recorded_at <> at) THEN
    RAISE EXCEPTION 'rows of % are recorded at the moment of the change: leave recorded_at out, or set it to '
      'landbank.change_time()', TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NULL;
END $$;

CREATE OR REPLACE FUNCTION landbank.fact_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was record := OLD;
BEGIN
  was.superseded_at := NEW.superseded_at;
  IF OLD.superseded_at IS NOT NULL OR NEW IS DISTINCT FROM was THEN
    RAISE EXCEPTION 'a row of % is never rewritten: set superseded_at and insert its successor', TG_TABLE_NAME
      USING ERRCODE = 'restrict_violation';
  END IF;
  IF NEW.superseded_at <> landbank.change_time() THEN
    RAISE EXCEPTION 'a row of % is superseded at the moment of the change: set superseded_at to landbank.change_time()',
      TG_TABLE_NAME USING ERRCODE = 'restrict_violation';
  END IF;
  RETURN NEW;
END $$;

-- Lineage is part of what happened to the plots that were replaced: their event shows the successors before and after.
CREATE FUNCTION landbank.lineage_after_insert() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time();
BEGIN
  IF EXISTS (SELECT FROM new_rows r JOIN landbank.plot p ON p.id = r.predecessor_id
             WHERE p.recorded_at = at AND p.row_version = 1) THEN
    RAISE EXCEPTION 'a plot is not replaced in the change that creates it' USING ERRCODE = 'restrict_violation';
  END IF;
  UPDATE landbank.plot SET row_version = row_version + 1
  WHERE id IN (SELECT predecessor_id FROM new_rows) AND recorded_at <> at;
  UPDATE landbank.event e
  SET kind = CASE WHEN e.kind = 'ended' THEN 'replaced' ELSE e.kind END,
    changes = coalesce(e.changes, '{}'::jsonb) || jsonb_build_object('successors', jsonb_build_array(
      coalesce(e.changes -> 'successors' -> 0, s.before), s.after))
  FROM (
    SELECT l.predecessor_id, jsonb_agg(l.successor_id ORDER BY l.successor_id) AS after,
      coalesce(jsonb_agg(l.successor_id ORDER BY l.successor_id) FILTER (WHERE r.successor_id IS NULL), '[]') AS before
    FROM landbank.plot_lineage l LEFT JOIN new_rows r USING (predecessor_id, successor_id)
    WHERE l.predecessor_id IN (SELECT predecessor_id FROM new_rows)
    GROUP BY l.predecessor_id
  ) s
  WHERE e.noun = 'plot' AND e.noun_id = s.predecessor_id::text AND e.occurred_at = at;
  RETURN NULL;
END $$;

-- One event per thing and transaction, as for plots. What differs is asked of the noun's own difference, where geometries
-- are EWKB and only there when they changed. What the transaction itself created is sealed as it ends up.
CREATE OR REPLACE FUNCTION landbank.record_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time();
  changed jsonb[];
  first bigint;
  key text := CASE TG_TABLE_NAME WHEN 'municipality' THEN 'code' ELSE 'id' END;
BEGIN
  EXECUTE format($sql$
    SELECT array_agg(jsonb_build_object('id', id, 'changes', d) ORDER BY id) FROM (
      SELECT n.%1$I::text AS id, landbank.%2$I(o, n) AS d FROM new_rows n JOIN old_rows o USING (%1$I)) s
    WHERE d <> '{}' $sql$, key, TG_TABLE_NAME || '_difference') INTO changed;
  UPDATE landbank.event e
  SET changes = CASE WHEN e.kind <> 'created' THEN landbank.merge_changes(e.changes, c -> 'changes') END
  FROM unnest(changed) c
  WHERE e.noun = TG_TABLE_NAME AND e.noun_id = c ->> 'id' AND e.occurred_at = at;
  SELECT array_agg(c) INTO changed FROM unnest(changed) c WHERE NOT EXISTS (
    SELECT FROM landbank.event e WHERE e.noun = TG_TABLE_NAME AND e.noun_id = c ->> 'id' AND e.occurred_at = at);
  IF changed IS NULL THEN RETURN NULL; END IF;
  first := landbank.advance(cardinality(changed), TG_TABLE_NAME,
    (SELECT array_agg(c ->> 'id') FROM unnest(changed) c));
  INSERT INTO landbank.event
    (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at, changes)
  SELECT first + place - 1, TG_TABLE_NAME, c ->> 'id', 'changed', landbank.told('actor'), landbank.told('role'),
    landbank.told('municipality'), landbank.told('request_id'), landbank.told('reason'), at, c -> 'changes'
  FROM unnest(changed) WITH ORDINALITY AS u(c, place);
  RETURN NULL;
END $$;

-- The revision that held at a moment; 0 before the first change. Record times ascend with the gapless revisions, so
-- some twenty looks at the primary key find it, and no index on the time is kept.
CREATE FUNCTION landbank.revision_at(moment timestamptz) RETURNS bigint LANGUAGE plpgsql STABLE AS $$
DECLARE
  low bigint := 0;
  high bigint := (SELECT revision FROM landbank.inventory);
  middle bigint;
BEGIN
  WHILE low < high LOOP
    middle := (low + high + 1) / 2;
    IF (SELECT occurred_at FROM landbank.event WHERE revision = middle) <= moment THEN low := middle;
    ELSE high := middle - 1;
    END IF;
  END LOOP;
  RETURN low;
END $$;

-- What changed of a noun's rows since a moment: each row's id, and its earlier values by field.
CREATE FUNCTION landbank.undone(of_noun text, since timestamptz) RETURNS TABLE (noun_id text, was jsonb)
LANGUAGE sql STABLE AS $$
  SELECT f.noun_id, jsonb_object_agg(f.key, f.before) FROM (
    SELECT DISTINCT ON (e.noun_id, c.key) e.noun_id, c.key, c.value -> 0 AS before
    FROM landbank.event e, jsonb_each(e.changes) c
    WHERE e.noun = of_noun AND e.occurred_at > since AND e.kind <> 'created'
    ORDER BY e.noun_id, c.key, e.revision
  ) f GROUP BY f.noun_id
$$;
