-- One layer other than the plots, of which too much lies in the tile: how many things stand in each of 64 x 64 cells, by
-- the middle of their boxes. One row (revision, changed_at, day, tile). Parameters and braces as in tile_layer.sql.
SELECT inventory.revision, inventory.changed_at, current_date AS day, (
  SELECT public.st_asmvt(cluster, '{layer}', 4096, 'geom' ORDER BY cluster.geom) FROM (
    SELECT count(*)::int AS count, 'cluster' AS step,
      public.st_point(64 * middle.column_number + 32, 64 * middle.row_number + 32) AS geom
    FROM (
      SELECT floor(64 * (public.st_x(place) - %(west)s::float8) / (%(east)s::float8 - %(west)s::float8))
          AS column_number,
        floor(64 * (%(north)s::float8 - public.st_y(place)) / (%(east)s::float8 - %(west)s::float8)) AS row_number
      FROM landbank.{table} t CROSS JOIN LATERAL public.st_centroid(public.st_envelope(t.{geometry})) AS place
      WHERE t.{geometry} OPERATOR(public.&&) public.st_makeenvelope(
        %(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, {srid})
    ) middle
    WHERE middle.column_number BETWEEN 0 AND 63 AND middle.row_number BETWEEN 0 AND 63
    GROUP BY middle.column_number, middle.row_number
  ) cluster
) AS tile
FROM landbank.inventory
