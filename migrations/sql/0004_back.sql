-- The foreign key and the tile columns as the database's own again, the trigger as 0002 made it. Views on plot are
-- dropped before.
ALTER TABLE landbank.plot ADD CONSTRAINT fk_plot_municipality_code
  FOREIGN KEY (municipality_code) REFERENCES landbank.municipality (code);
DROP TRIGGER code_never_changes ON landbank.municipality;
DROP FUNCTION landbank.refuse_new_code();
DROP TRIGGER municipality_is_known_after_insert ON landbank.plot;
DROP TRIGGER municipality_is_known_after_update ON landbank.plot;
DROP FUNCTION landbank.refuse_unknown_municipality();
DROP TRIGGER fill_tile_columns ON landbank.plot;
DROP FUNCTION landbank.fill_tile_columns();
ALTER TABLE landbank.plot
  DROP COLUMN geometry_tile, DROP COLUMN location_tile, DROP COLUMN morton,
  ADD COLUMN geometry_tile public.geometry(Geometry, 3857)
    GENERATED ALWAYS AS (public.st_transform(coalesce(geometry, location), 3857)) STORED,
  ADD COLUMN location_tile public.geometry(Point, 3857)
    GENERATED ALWAYS AS (public.st_transform(location, 3857)) STORED,
  ADD COLUMN morton bigint GENERATED ALWAYS AS (landbank.morton24(public.st_transform(location, 3857))) STORED;
CREATE INDEX ix_plot_geometry_tile ON landbank.plot USING gist (geometry_tile);
CREATE INDEX ix_plot_morton ON landbank.plot (morton) INCLUDE (id, area_m2, valid_to, plan_id, planning_state,
  readiness, availability, availability_until, ready_on, available_on);

CREATE OR REPLACE FUNCTION landbank.plot_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was landbank.plot := OLD;
  wants_touch boolean := NEW.row_version <> OLD.row_version;
BEGIN
  -- Generated columns are not computed yet in NEW, and bookkeeping is ours: neither is a change.
  was.geometry_tile := NULL; was.location_tile := NULL; was.morton := NULL;
  NEW.geometry_tile := NULL; NEW.location_tile := NULL; NEW.morton := NULL;
  NEW.row_version := OLD.row_version; NEW.recorded_at := OLD.recorded_at;
  IF NOT wants_touch AND NEW IS NOT DISTINCT FROM was THEN
    RETURN NULL;
  END IF;
  NEW.recorded_at := landbank.change_time();
  IF OLD.recorded_at <> NEW.recorded_at THEN
    NEW.row_version := OLD.row_version + 1;
  END IF;
  RETURN NEW;
END $$;
