-- The plots of a dense tile of a grid in EPSG:3006 as clusters, on 64 x 64 cells as tile_clusters.sql has them: one row
-- (revision, changed_at, day, tile). No margin: each plot counts in one cell of one tile.
--
-- west, south, east, north: the tile in EPSG:3006 metres. Plots are found by ix_plot_geometry_tile.
SELECT inventory.revision, inventory.changed_at, current_date AS day, (
  SELECT public.st_asmvt(cluster, 'clusters', 4096, 'geom' ORDER BY cluster.geom) FROM (
    SELECT count, area, available, 'cluster' AS step,
      public.st_point(64 * counted.column_number + 32, 64 * counted.row_number + 32) AS geom
    FROM (
      SELECT least(floor(64 * (public.st_x(p.location) - %(west)s::float8) / (%(east)s::float8 - %(west)s::float8)), 63)
          AS column_number,
        least(floor(64 * (%(north)s::float8 - public.st_y(p.location)) / (%(east)s::float8 - %(west)s::float8)), 63)
          AS row_number,
        count(*)::int AS count, round(sum(p.area_m2))::bigint AS area,
        count(*) FILTER (WHERE landbank.public_label(p.availability, p.availability_until, EXISTS (
            SELECT FROM landbank.restriction
            WHERE plot_id = p.id AND is_blocking AND superseded_at IS NULL
              AND coalesce(resolved_on > current_date, true)
          ), coalesce(p.planning_state, plan.state), p.readiness, p.ready_on, p.available_on, current_date
        ) IN ('ledig_nu', 'ledig_senare'))::int AS available
      FROM landbank.plot p
      LEFT JOIN landbank.plan ON plan.id = p.plan_id
      WHERE p.geometry_tile OPERATOR(public.&&) public.st_envelope(public.st_transform(public.st_segmentize(
          public.st_makeenvelope(%(west)s::float8, %(south)s::float8, %(east)s::float8, %(north)s::float8, 3006),
          (%(east)s::float8 - %(west)s::float8) / 4), 3857))
        AND public.st_x(p.location) >= %(west)s::float8 AND public.st_x(p.location) < %(east)s::float8
        AND public.st_y(p.location) > %(south)s::float8 AND public.st_y(p.location) <= %(north)s::float8
        AND (p.valid_to IS NULL OR p.valid_to > current_date)
      GROUP BY column_number, row_number
    ) counted
  ) cluster
) AS tile
FROM landbank.inventory
