-- Current plots whose plan changed since somebody last confirmed the plot: since its latest event that set a day of
-- confirmation, changed nothing else than that (changes is empty), or created it.
-- :code municipality or null, :plan_id plan or null, :limit most rows. Uses the indexes of event by noun and id.
SELECT p.id, p.reference, p.name, p.municipality_code, l.id AS plan_id, l.reference AS plan_reference,
  c.occurred_at, c.changes
FROM landbank.plan l
CROSS JOIN LATERAL (
  SELECT e.revision, e.occurred_at, e.changes FROM landbank.event e
  WHERE e.noun = 'plan' AND e.noun_id = l.id::text ORDER BY e.revision DESC LIMIT 1
) c
JOIN landbank.plot p ON p.plan_id = l.id
WHERE (CAST(:code AS text) IS NULL OR l.municipality_code = :code)
  AND (CAST(:plan_id AS bigint) IS NULL OR l.id = :plan_id)
  AND c.changes IS NOT NULL
  AND (p.valid_to IS NULL OR p.valid_to > current_date)
  AND NOT EXISTS (
    SELECT FROM landbank.event e
    WHERE e.noun = 'plot' AND e.noun_id = p.id::text AND e.revision > c.revision
      AND (e.kind = 'created' OR e.changes = '{}'::jsonb OR e.changes ? 'confirmed_on'))
ORDER BY c.revision, p.municipality_code, p.reference, p.id
LIMIT :limit
