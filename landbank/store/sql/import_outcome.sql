-- Counts of an import's rows whose plots stood already; one row.
SELECT count(*) FILTER (WHERE state = 'changed') AS changed, count(*) FILTER (WHERE state = 'unchanged') AS unchanged,
  count(*) FILTER (WHERE is_repaired AND state = 'changed') AS repaired
FROM import_key
