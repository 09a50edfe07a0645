-- Whether anything may lie in a tile: one row (revision, changed_at, day, occupied). By boxes alone, so that a tile
-- without is empty, and so are all tiles below it; one with may still turn out empty.
--
-- z, x, y: the tile in the web Mercator quadtree, looked at with the margin of the drawn tiles (256/4096).
-- Uses ix_plot_geometry_tile, ix_area_geometry_tile, ix_infrastructure_location_tile; municipalities are few.
SELECT inventory.revision, inventory.changed_at, current_date AS day, (
  EXISTS (SELECT FROM landbank.municipality
    WHERE geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625))
  OR EXISTS (SELECT FROM landbank.plot p
    WHERE p.geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625)
      AND (p.valid_to IS NULL OR p.valid_to > current_date))
  OR EXISTS (SELECT FROM landbank.area
    WHERE geometry_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625))
  OR EXISTS (SELECT FROM landbank.infrastructure
    WHERE location_tile OPERATOR(public.&&) public.st_tileenvelope(%(z)s, %(x)s, %(y)s, margin => 0.0625))
) AS occupied
FROM landbank.inventory
