-- The outlines of current plots with what fitting and dividing them need, ordered by id.
-- :plot_ids plots' ids. geometry: WKB in EPSG:3006, NULL for a plot that is only a point. Uses the primary key of plot.
SELECT p.id AS plot_id, p.row_version, p.reference, p.name, p.area_m2, p.minimum_lot_m2, p.is_subdividable,
  p.is_synthetic, public.st_asbinary(p.geometry) AS geometry
FROM landbank.plot p
WHERE p.id = ANY (:plot_ids) AND (p.valid_to IS NULL OR p.valid_to > current_date)
ORDER BY p.id
