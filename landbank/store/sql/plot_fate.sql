-- What became of a plot: one row (valid_to, is_current, successors), or none where there never was such a plot.
-- key: id of the plot. successors: ids of the current plots that stand in its place today, through any number of
-- splits, merges and redraws, in order; empty where nothing replaced it. UNION ends a chain that runs in a circle.
WITH RECURSIVE line (id) AS (
  SELECT l.successor_id FROM landbank.plot_lineage l WHERE l.predecessor_id = :key
  UNION
  SELECT l.successor_id FROM landbank.plot_lineage l JOIN line ON l.predecessor_id = line.id
)
SELECT p.valid_to, (p.valid_to IS NULL OR p.valid_to > current_date) AS is_current, ARRAY(
  SELECT s.id FROM line JOIN landbank.plot s ON s.id = line.id
  WHERE s.valid_to IS NULL OR s.valid_to > current_date
  ORDER BY s.id
) AS successors
FROM landbank.plot p
WHERE p.id = :key
