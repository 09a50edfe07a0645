-- The moment that was asked for: one row (as_of, valid_on, revision, changed_at, is_settled, now, today).
--
-- as_of: a moment, or null. as_of_day: a day, which stands for its last moment (today: for now), or null.
-- valid_on: a day, or null for the day of as_of. Without as_of and as_of_day the inventory is read as it is recorded
-- now, and as_of is null. is_settled: a later change was accepted, so nothing can be added to what holds then: record
-- times follow the order of commits. Days are those of the database's time zone, as current_date is.
SELECT m.as_of, coalesce(CAST(:valid_on AS date), m.as_of::date, current_date) AS valid_on, r.revision,
  coalesce(e.occurred_at, i.changed_at) AS changed_at,
  m.as_of IS NOT NULL AND r.revision < i.revision AS is_settled, now() AS now, current_date AS today
FROM landbank.inventory i
CROSS JOIN LATERAL (
  SELECT coalesce(CAST(:as_of AS timestamptz), CASE WHEN CAST(:as_of_day AS date) >= current_date THEN now()
    ELSE (CAST(:as_of_day AS date) + 1)::timestamptz - interval '1 microsecond' END) AS as_of
) m
CROSS JOIN LATERAL (
  SELECT CASE WHEN m.as_of IS NULL THEN i.revision ELSE landbank.revision_at(m.as_of) END AS revision
) r
LEFT JOIN landbank.event e ON e.revision = r.revision
