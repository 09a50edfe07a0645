-- Outlines of current plots, ordered by id; a plot that is only a point is left out.
-- :plot_ids plots' ids. geometry: WKB in EPSG:3006. Uses the primary key of plot.
SELECT p.id AS plot_id, public.st_asbinary(p.geometry) AS geometry
FROM landbank.plot p
WHERE p.id = ANY (:plot_ids) AND p.geometry IS NOT NULL AND (p.valid_to IS NULL OR p.valid_to > current_date)
ORDER BY p.id
