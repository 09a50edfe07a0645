-- Current plots with an outline no farther than so many metres from one plot's outline, itself left out, by id.
-- :plot_id plot's id, :within_m distance in metres in EPSG:3006. geometry: WKB in EPSG:3006.
-- Found by ix_plot_geometry_tile (EPSG:3857): the grown box is brought there, and the true distance decides after.
SELECT n.id AS plot_id, public.st_asbinary(n.geometry) AS geometry
FROM landbank.plot p
JOIN landbank.plot n
  ON n.geometry_tile OPERATOR(public.&&)
    public.st_transform(public.st_expand(public.st_envelope(p.geometry), CAST(:within_m AS float8) * 1.01 + 1), 3857)
WHERE p.id = :plot_id AND n.id <> p.id AND n.geometry IS NOT NULL
  AND (n.valid_to IS NULL OR n.valid_to > current_date)
  AND public.st_dwithin(n.geometry, p.geometry, :within_m)
ORDER BY n.id
