-- One layer other than the plots as a tile: one row (revision, changed_at, day, tile).
--
-- west, south, east, north: the tile in the metres of the grid's CRS. margin: 256/4096 of its width.
-- In braces stands what landbank/store/tile_layers.py fills in of its own constants: the layer, its columns, the key and
-- the geometry in the grid's CRS, which has a GiST index. OFFSET 0 keeps each geometry from being made twice.
SELECT inventory.revision, inventory.changed_at, current_date AS day, (
  SELECT public.st_asmvt(feature, '{layer}', 4096, 'geom'{feature_id}) FROM (
    SELECT {columns}, public.st_asmvtgeom(t.{geometry}, public.st_makeenvelope(
      %(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, {srid}), 4096, 256, true) AS geom
    FROM landbank.{table} t
    WHERE t.{geometry} OPERATOR(public.&&) public.st_makeenvelope(
      %(west)s::float8 - %(margin)s::float8, %(south)s::float8 - %(margin)s::float8,
      %(east)s::float8 + %(margin)s::float8, %(north)s::float8 + %(margin)s::float8, {srid})
    ORDER BY t.{key} OFFSET 0
  ) feature
) AS tile
FROM landbank.inventory
