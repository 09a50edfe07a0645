-- Current plots with an outline that lie within some metres of a place's ground, the nearest first.
-- :outline WKB in EPSG:3006; :reach m; :besides ids that are left out. Uses the index on geometry_tile: one metre is at
-- most 2.9 of EPSG:3857 in Sweden (at 69.5 degrees north).
SELECT p.id, p.row_version, p.reference, p.name, p.municipality_code, p.area_m2, ST_AsBinary(p.geometry) AS outline,
       ST_Distance(p.geometry, n.geometry) AS distance
FROM (SELECT ST_GeomFromWKB(:outline, 3006) AS geometry,
             ST_Transform(ST_GeomFromWKB(:outline, 3006), 3857) AS geometry_tile) n
JOIN landbank.plot p ON p.geometry_tile && ST_Expand(n.geometry_tile, 2.9 * :reach)
WHERE p.geometry IS NOT NULL AND (p.valid_to IS NULL OR p.valid_to > current_date)
  AND p.id <> ALL (CAST(:besides AS bigint[])) AND ST_DWithin(p.geometry, n.geometry, :reach)
ORDER BY distance, p.id LIMIT :most
