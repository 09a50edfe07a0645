-- Distances and times of one plot: what is stated, and of each kind without a stated distance the straight line to the
-- nearest point, as the view plot_facts has it. :plot_id plot's id. Uses ix_access_plot_id_current.
WITH stated AS (
  SELECT a.kind, i.name, a.distance_m, a.minutes, a.method, a.source, a.confirmed_on, a.id
  FROM landbank.access a LEFT JOIN landbank.infrastructure i ON i.id = a.infrastructure_id
  WHERE a.plot_id = :plot_id AND a.superseded_at IS NULL
), derived AS (
  SELECT DISTINCT ON (i.kind) i.kind, i.name, round(public.st_distance(p.location, i.location)) AS distance_m,
    NULL::double precision AS minutes, 'crow_fly' AS method, i.source, NULL::date AS confirmed_on, 0::bigint AS id
  FROM landbank.plot p CROSS JOIN landbank.infrastructure i
  WHERE p.id = :plot_id AND NOT EXISTS (SELECT FROM stated s WHERE s.kind = i.kind AND s.distance_m IS NOT NULL)
  ORDER BY i.kind, public.st_distance(p.location, i.location), i.id
)
SELECT kind, name, distance_m, minutes, method, source, confirmed_on FROM (TABLE stated UNION ALL TABLE derived) AS a
ORDER BY kind, distance_m NULLS LAST, minutes, id
