-- The newest plots whose tile columns are not what their place makes, more than 1 mm (EPSG:3857 metres) apart.
-- Uses pk_plot backwards.
SELECT count(*) AS looked_at,
  count(*) FILTER (WHERE NOT coalesce(
    p.morton = landbank.morton24(p.location_tile)
    AND public.st_distance(p.location_tile, public.st_transform(p.location, 3857)) < 0.001
    AND public.st_hausdorffdistance(p.geometry_tile, public.st_transform(coalesce(p.geometry, p.location), 3857)) < 0.001,
    false)) AS wrong
FROM (SELECT * FROM landbank.plot ORDER BY id DESC LIMIT 50000) p
