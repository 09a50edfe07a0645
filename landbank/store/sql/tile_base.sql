-- The schematic base map of one tile as a Mapbox Vector Tile of four layers: one row (revision, changed_at, day, tile).
--
-- z, x, y: the tile in the web Mercator quadtree. parks_from: zoom from which business parks are drawn.
-- Parks by ix_area_geometry_tile, infrastructure by ix_infrastructure_location_tile, municipalities are few.
-- A municipality's name stands in one tile alone (no margin), or it would be written twice along an edge; symbols
-- and outlines reach 256/4096 beyond the tile. OFFSET 0 keeps each geometry from being made twice.
SELECT inventory.revision, inventory.changed_at, current_date AS day, (
  SELECT public.st_asmvt(feature, 'municipalities', 4096, 'geom') FROM (
    SELECT code, name, public.st_asmvtgeom(
      geometry_tile, public.st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 256, true) AS geom
    FROM landbank.municipality
    WHERE geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625)
    ORDER BY code OFFSET 0
  ) feature
) || (
  SELECT public.st_asmvt(feature, 'parks', 4096, 'geom', 'fid') FROM (
    SELECT id AS aid, id AS fid, name, public.st_asmvtgeom(
      geometry_tile, public.st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 256, true) AS geom
    FROM landbank.area
    WHERE %(z)s >= %(parks_from)s::int
      AND geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625)
    ORDER BY id OFFSET 0
  ) feature
) || (
  SELECT public.st_asmvt(feature, 'infrastructure', 4096, 'geom', 'fid') FROM (
    SELECT id AS fid, kind, name, public.st_asmvtgeom(
      location_tile, public.st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 256, true) AS geom
    FROM landbank.infrastructure
    WHERE location_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625)
    ORDER BY id OFFSET 0
  ) feature
) || (
  SELECT public.st_asmvt(feature, 'municipalitynames', 4096, 'geom') FROM (
    SELECT code, name, public.st_asmvtgeom(public.st_pointonsurface(geometry_tile),
      public.st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 0, true) AS geom
    FROM landbank.municipality
    WHERE geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s)
    ORDER BY code OFFSET 0
  ) feature
) AS tile
FROM landbank.inventory
