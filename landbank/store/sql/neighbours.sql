-- Current plots that share ground with an outline.
-- :outline WKB in EPSG:3006; :besides ids that are left out. Uses the index on geometry_tile.
SELECT p.id, p.reference, p.municipality_code, a.shared
FROM (SELECT ST_GeomFromWKB(:outline, 3006) AS geometry,
             ST_Transform(ST_GeomFromWKB(:outline, 3006), 3857) AS geometry_tile) n
JOIN landbank.plot p ON p.geometry_tile && n.geometry_tile
CROSS JOIN LATERAL (SELECT CASE WHEN ST_Intersects(p.geometry, n.geometry)
  THEN ST_Area(ST_Intersection(p.geometry, n.geometry)) ELSE 0 END AS shared) a
WHERE (p.valid_to IS NULL OR p.valid_to > current_date) AND p.id <> ALL (CAST(:besides AS bigint[])) AND a.shared > 1
ORDER BY a.shared DESC, p.id
