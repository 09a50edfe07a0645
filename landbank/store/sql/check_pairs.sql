-- Current plots that meet one of these, each pair once: the ground that both cover with its mean width, and what would
-- close between them if gaps narrower than :sliver_width_m were filled (their union, grown and shrunk by half of that).
-- :ids bigint[]; :sliver_width_m metres. Uses ix_plot_geometry_tile: the box of a plot, 2 m wider, against all others
-- (a metre is about 1.9 units of EPSG:3857 here). Areas and widths are planar, EPSG:3006.
SELECT
  a.id AS plot_id, b.id AS other_id, public.st_area(x.shared) AS shared_m2,
  coalesce(2 * public.st_area(x.shared) / nullif(public.st_perimeter(x.shared), 0), 0) AS shared_width_m,
  public.st_area(public.st_difference(
    public.st_buffer(public.st_buffer(x.both, :sliver_width_m / 2, 'join=mitre'), -:sliver_width_m / 2, 'join=mitre'),
    x.both)) AS gap_m2
FROM landbank.plot a
JOIN landbank.plot b ON b.geometry_tile && public.st_expand(a.geometry_tile, 4)
CROSS JOIN LATERAL (
  SELECT public.st_collectionextract(public.st_intersection(a.geometry, b.geometry), 3) AS shared,
    public.st_union(a.geometry, b.geometry) AS both
) x
WHERE a.id = ANY (CAST(:ids AS bigint[])) AND a.geometry IS NOT NULL AND b.geometry IS NOT NULL
  AND a.id <> b.id AND (a.id < b.id OR b.id <> ALL (CAST(:ids AS bigint[])))
  AND (a.valid_to IS NULL OR a.valid_to > current_date) AND (b.valid_to IS NULL OR b.valid_to > current_date)
  AND public.st_dwithin(a.geometry, b.geometry, :sliver_width_m)
ORDER BY least(a.id, b.id), greatest(a.id, b.id)
