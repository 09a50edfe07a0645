-- Counts of an import's accepted rows; one row.
SELECT count(*) FILTER (WHERE state = 'new') AS new, count(*) FILTER (WHERE state = 'changed') AS changed,
  count(*) FILTER (WHERE state = 'unchanged') AS unchanged,
  count(*) FILTER (WHERE is_repaired AND state <> 'unchanged') AS repaired
FROM import_key
