-- The current plots for the list beside a baked map: plot_id, name, municipality_name, label, area_m2, lon, lat.
--
-- most: how many rows at most. lon, lat: degrees (WGS 84) to six decimals, about 0.1 m; null without a place.
-- In the order of the Swedish alphabet. The label is what the flat view derives; the places are its plots' by key.
SELECT f.plot_id, coalesce(f.name, f.reference) AS name, f.municipality_name, f.label, f.area_m2::float8 AS area_m2,
  round(public.st_x(place)::numeric, 6)::float8 AS lon, round(public.st_y(place)::numeric, 6)::float8 AS lat
FROM landbank.plot_facts f
JOIN landbank.plot p ON p.id = f.plot_id
CROSS JOIN LATERAL public.st_transform(p.location, 4326) AS place
ORDER BY f.municipality_name COLLATE "sv-x-icu", coalesce(f.name, f.reference) COLLATE "sv-x-icu", f.plot_id
LIMIT %(most)s
