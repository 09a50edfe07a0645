-- The plots of one tile as a Mapbox Vector Tile: one row (revision, changed_at, day, tile); tile is null where the
-- tile holds more plots than most_features, which are then clustered (tile_clusters.sql).
--
-- z, x, y: the tile in the web Mercator quadtree. first, last: its Morton numbers (landbank/geo/tile.py).
-- least_area_m2: area in EPSG:3857 m² above which a plot is drawn as a polygon, below it as its location.
--
-- Counted by ix_plot_morton, inside the tile alone. Found by ix_plot_geometry_tile with a margin of 256/4096 (16 of
-- 256 pixels), so that a symbol on an edge is whole in both tiles. A polygon so thin that nothing of it is left on
-- the tile's grid falls back to its location: no plot goes missing.
-- The label is that of landbank.plot_facts, straight from the tables, because a tile needs few of the facts.
-- OFFSET 0 keeps each geometry from being made twice, and ST_AsMVT leaves out the rows without one by itself. In the
-- order of their ids, so that one state gives the same bytes by whatever plan: the strong tag says they are the same.
SELECT inventory.revision, inventory.changed_at, current_date AS day, CASE WHEN (
  SELECT count(*) FROM (
    SELECT FROM landbank.plot p
    WHERE p.morton BETWEEN %(first)s AND %(last)s AND (p.valid_to IS NULL OR p.valid_to > current_date)
    LIMIT %(most_features)s::bigint + 1
  ) counted
) <= %(most_features)s::bigint THEN (
  SELECT public.st_asmvt(feature, 'plots', 4096, 'geom', 'fid' ORDER BY feature.pid) FROM (
    SELECT made.geom, made.pid, made.pid AS fid,
      landbank.public_label(made.availability, made.availability_until, made.is_blocked, made.planning,
        made.readiness, made.ready_on, made.available_on, current_date) AS label,
      made.planning, made.readiness, made.availability, made.restricted, made.area,
      CASE public.st_dimension(made.geom) WHEN 2 THEN 'polygon' ELSE 'point' END AS step
    FROM (
      SELECT p.id AS pid, coalesce(p.planning_state, plan.state) AS planning, p.readiness, p.availability,
        p.availability_until, p.ready_on, p.available_on, round(p.area_m2)::bigint AS area,
        restricted.number::int AS restricted, restricted.is_blocked,
        coalesce(
          CASE WHEN public.st_area(p.geometry_tile) > %(least_area_m2)s::float8 THEN public.st_asmvtgeom(
            p.geometry_tile, public.st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 256, true) END,
          public.st_asmvtgeom(p.location_tile, public.st_tileenvelope(%(z)s, %(x)s, %(y)s), 4096, 256, true)
        ) AS geom
      FROM landbank.plot p
      LEFT JOIN landbank.plan ON plan.id = p.plan_id
      CROSS JOIN LATERAL (
        SELECT count(*) AS number, coalesce(bool_or(is_blocking), false) AS is_blocked FROM landbank.restriction
        WHERE plot_id = p.id AND superseded_at IS NULL AND coalesce(resolved_on > current_date, true)
      ) restricted
      WHERE p.geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625)
        AND (p.valid_to IS NULL OR p.valid_to > current_date)
      OFFSET 0
    ) made
  ) feature
) END AS tile
FROM landbank.inventory
