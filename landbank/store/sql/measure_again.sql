-- Measures a moved plot's straight distances anew: each ends, and one with the new distance begins.
-- :plot_id plot's id. Distances in metres, from the plot's location, rounded as when they were first measured.
WITH moved AS (
  SELECT a.id, a.kind, a.infrastructure_id, a.method, a.source,
    round(ST_Distance(i.location, p.location)::numeric)::double precision AS distance_m
  FROM landbank.access a
  JOIN landbank.plot p ON p.id = a.plot_id
  JOIN landbank.infrastructure i ON i.id = a.infrastructure_id
  WHERE a.plot_id = :plot_id AND a.superseded_at IS NULL AND a.method = 'crow_fly'
    AND a.distance_m IS DISTINCT FROM round(ST_Distance(i.location, p.location)::numeric)::double precision
), ended AS (
  UPDATE landbank.access a SET superseded_at = landbank.change_time() FROM moved m WHERE a.id = m.id RETURNING a.id
)
INSERT INTO landbank.access (plot_id, kind, infrastructure_id, distance_m, method, source)
SELECT :plot_id, m.kind, m.infrastructure_id, m.distance_m, m.method, m.source FROM moved m JOIN ended e USING (id)
ORDER BY m.id
RETURNING id
