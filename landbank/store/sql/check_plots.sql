-- What the standing checks want to know of current plots, one row each, by id.
-- :ids bigint[]. Uses the primary keys of plot, plan, contact and municipality. Areas and lengths are planar, EPSG:3006:
-- within 0.04 % of the ground's in the region, far less than any threshold of the checks.
SELECT
  p.id AS plot_id, p.geometry IS NOT NULL AS has_outline,
  EXISTS (SELECT FROM landbank.plot_use WHERE plot_id = p.id AND superseded_at IS NULL AND NOT is_excluded) AS has_use,
  coalesce(c.email, c.phone) IS NOT NULL AS can_be_reached,
  coalesce(p.planning_state, l.state) AS planning_state, p.readiness, p.availability, p.availability_until,
  l.implementation_ends_on, p.area_m2, p.area_declared_m2, p.net_area_m2,
  CASE
    WHEN p.geometry IS NULL OR l.geometry IS NULL THEN NULL
    WHEN public.st_coveredby(p.geometry, l.geometry) THEN 0
    ELSE public.st_area(public.st_difference(p.geometry, l.geometry))
  END AS outside_plan_m2,
  CASE
    WHEN m.geometry IS NULL THEN NULL
    WHEN public.st_coveredby(coalesce(p.geometry, p.location), m.geometry) THEN 0
    ELSE (SELECT max(public.st_distance(corner.geom, m.geometry))
          FROM public.st_dumppoints(coalesce(p.geometry, p.location)) AS corner)
  END AS beyond_border_m,
  m.geometry_source AS border_source,
  ARRAY(
    SELECT public.st_area(part.geom) FROM public.st_dump(p.geometry) AS part
    WHERE 2 * public.st_area(part.geom) < :sliver_width_m * public.st_perimeter(part.geom) ORDER BY 1
  ) AS thin_parts_m2,
  (SELECT coalesce(jsonb_agg(jsonb_build_array(r.kind, r.due_on) ORDER BY r.id), '[]'::jsonb)
   FROM landbank.restriction r
   WHERE r.plot_id = p.id AND r.superseded_at IS NULL AND coalesce(r.resolved_on > current_date, true)) AS restrictions
FROM landbank.plot p
JOIN landbank.municipality m ON m.code = p.municipality_code
LEFT JOIN landbank.plan l ON l.id = p.plan_id
LEFT JOIN landbank.contact c ON c.id = p.sales_contact_id
WHERE p.id = ANY (CAST(:ids AS bigint[])) AND (p.valid_to IS NULL OR p.valid_to > current_date)
ORDER BY p.id
