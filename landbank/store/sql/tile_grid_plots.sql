-- The plots of one tile of a grid in EPSG:3006, otherwise as tile_plots.sql: one row (revision, changed_at, day, tile);
-- tile is null where the tile holds more plots than most_features.
--
-- west, south, east, north: the tile in EPSG:3006 metres. margin: 256/4096 of its width. least_area_m2: in m² of that
-- plane. Plots are found by ix_plot_geometry_tile under the tile's box on the web map, which is a little larger; drawn
-- from the stored outlines, which are not reprojected.
WITH box AS (
  SELECT public.st_makeenvelope(%(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, 3006) AS tile
), found AS (
  SELECT p.*, public.st_x(p.location) >= %(west)s::float8 AND public.st_x(p.location) < %(east)s::float8
    AND public.st_y(p.location) > %(south)s::float8 AND public.st_y(p.location) <= %(north)s::float8 AS is_inside
  FROM landbank.plot p
  WHERE p.geometry_tile OPERATOR(public.&&) public.st_envelope(public.st_transform(public.st_segmentize(
      public.st_makeenvelope(%(west)s::float8 - %(margin)s::float8, %(south)s::float8 - %(margin)s::float8,
        %(east)s::float8 + %(margin)s::float8, %(north)s::float8 + %(margin)s::float8, 3006),
      (%(east)s::float8 - %(west)s::float8) / 4), 3857))
    AND (p.valid_to IS NULL OR p.valid_to > current_date)
  LIMIT 8 * (%(most_features)s::bigint + 1)
)
SELECT inventory.revision, inventory.changed_at, current_date AS day, CASE WHEN (
  SELECT count(*) <= 4 * %(most_features)s::bigint AND count(*) FILTER (WHERE is_inside) <= %(most_features)s::bigint
  FROM found
) THEN (
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
          CASE WHEN public.st_area(p.geometry) > %(least_area_m2)s::float8
            THEN public.st_asmvtgeom(p.geometry, box.tile, 4096, 256, true) END,
          public.st_asmvtgeom(p.location, box.tile, 4096, 256, true)
        ) AS geom
      FROM found p
      CROSS JOIN box
      LEFT JOIN landbank.plan ON plan.id = p.plan_id
      CROSS JOIN LATERAL (
        SELECT count(*) AS number, coalesce(bool_or(is_blocking), false) AS is_blocked FROM landbank.restriction
        WHERE plot_id = p.id AND superseded_at IS NULL AND coalesce(resolved_on > current_date, true)
      ) restricted
      OFFSET 0
    ) made
  ) feature
) END AS tile
FROM landbank.inventory
