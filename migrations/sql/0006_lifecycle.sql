-- A change of commitments is a change of their plot: the plot is touched once, and its event shows what stood before
-- and after, without what is not everybody's business: who it is, for which reason, by which decision.
CREATE FUNCTION landbank.commitment_after_change() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  at timestamptz := landbank.change_time();
BEGIN
  IF NOT EXISTS (SELECT FROM new_rows r JOIN landbank.plot p ON p.id = r.plot_id
                 WHERE p.recorded_at <> at OR p.row_version > 1) THEN
    RETURN NULL;
  END IF;
  UPDATE landbank.plot SET row_version = row_version + 1
  WHERE id IN (SELECT plot_id FROM new_rows) AND recorded_at <> at;
  UPDATE landbank.event e SET changes = coalesce(e.changes, '{}'::jsonb) || jsonb_build_object('commitment',
    jsonb_build_array(
      (SELECT coalesce(jsonb_agg(landbank.commitment_shown(c) ORDER BY c.number), '[]'::jsonb)
       FROM landbank.commitment c WHERE c.plot_id = t.plot_id AND c.recorded_at < at
         AND (c.superseded_at IS NULL OR c.superseded_at = at) AND c.ended_on IS NULL),
      (SELECT coalesce(jsonb_agg(landbank.commitment_shown(c) ORDER BY c.number), '[]'::jsonb)
       FROM landbank.commitment c WHERE c.plot_id = t.plot_id AND c.superseded_at IS NULL AND c.ended_on IS NULL)))
  FROM (SELECT DISTINCT r.plot_id FROM new_rows r JOIN landbank.plot p ON p.id = r.plot_id WHERE p.row_version > 1) t
  WHERE e.noun = 'plot' AND e.noun_id = t.plot_id::text AND e.occurred_at = at AND e.kind <> 'created';
  RETURN NULL;
END $$;

-- What an event shows of a commitment: everybody may know that a plot is reserved and until when.
CREATE FUNCTION landbank.commitment_shown(c landbank.commitment) RETURNS jsonb LANGUAGE sql IMMUTABLE AS $$
  SELECT jsonb_build_object('number', c.number, 'kind', c.kind, 'valid_from', c.valid_from, 'valid_until', c.valid_until)
$$;

-- A party's event says that its row changed and when its name was erased, never what the name was.
CREATE FUNCTION landbank.party_after_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  ids text[];
  first bigint;
BEGIN
  SELECT array_agg(n.id::text ORDER BY n.id) INTO ids FROM new_rows n JOIN old_rows o USING (id)
  WHERE n IS DISTINCT FROM o;
  IF ids IS NULL THEN RETURN NULL; END IF;
  first := landbank.advance(cardinality(ids), 'party', ids);
  INSERT INTO landbank.event
    (revision, noun, noun_id, kind, actor, role, municipality_code, request_id, reason, occurred_at, changes)
  SELECT first + place - 1, 'party', u.id, 'changed', landbank.told('actor'), landbank.told('role'),
    landbank.told('municipality'), landbank.told('request_id'), landbank.told('reason'), landbank.change_time(),
    jsonb_build_object('erased_on', jsonb_build_array(o.erased_on, n.erased_on))
  FROM unnest(ids) WITH ORDINALITY AS u(id, place)
  JOIN new_rows n ON n.id::text = u.id JOIN old_rows o ON o.id = n.id;
  RETURN NULL;
END $$;
