-- The plots of a dense tile as clusters: one row (revision, changed_at, day, tile).
--
-- first, last: the tile's Morton numbers. shift: bits of a Morton number below a cell of the grid. mask: bits that
-- name a cell inside the tile. side: of a cell, in the 4096 units of the tile.
-- The grid has 64 x 64 cells, fewer below zoom 18 where a cell of zoom 24 is larger than 1/64 of the tile; a tile
-- is bounded by 4096 points whatever the inventory holds. No margin: each plot counts in one cell of one tile.
--
-- Uses ix_plot_morton. The bits are put apart inline: a nested SQL function is not inlined and made it 2-11 times
-- slower. The points stand in the units of the tile already, so no ST_AsMVTGeom.
SELECT inventory.revision, inventory.changed_at, current_date AS day, (
  SELECT public.st_asmvt(cluster, 'clusters', 4096, 'geom' ORDER BY cluster.geom) FROM (
    SELECT count, area, available, 'cluster' AS step, public.st_point(
        ((cell & 1) | (cell >> 1 & 2) | (cell >> 2 & 4) | (cell >> 3 & 8) | (cell >> 4 & 16) | (cell >> 5 & 32))
          * %(side)s::int + %(side)s::int / 2,
        ((cell >> 1 & 1) | (cell >> 2 & 2) | (cell >> 3 & 4) | (cell >> 4 & 8) | (cell >> 5 & 16) | (cell >> 6 & 32))
          * %(side)s::int + %(side)s::int / 2) AS geom
    FROM (
      SELECT (p.morton >> %(shift)s::int) & %(mask)s::bigint AS cell, count(*)::int AS count,
        round(sum(p.area_m2))::bigint AS area,
        count(*) FILTER (WHERE landbank.public_label(p.availability, p.availability_until, EXISTS (
            SELECT FROM landbank.restriction
            WHERE plot_id = p.id AND is_blocking AND superseded_at IS NULL
              AND coalesce(resolved_on > current_date, true)
          ), coalesce(p.planning_state, plan.state), p.readiness, p.ready_on, p.available_on, current_date
        ) IN ('ledig_nu', 'ledig_senare'))::int AS available
      FROM landbank.plot p
      LEFT JOIN landbank.plan ON plan.id = p.plan_id
      WHERE p.morton BETWEEN %(first)s AND %(last)s AND (p.valid_to IS NULL OR p.valid_to > current_date)
      GROUP BY cell
    ) counted
  ) cluster
) AS tile
FROM landbank.inventory
