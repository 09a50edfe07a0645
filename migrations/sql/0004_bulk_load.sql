-- What tiles are made of stands in a plot's row, in EPSG:3857. A bulk load brings it along, made many rows at a time;
-- any other new plot gets it here, and a plot that moves or is touched always does.
CREATE FUNCTION landbank.fill_tile_columns() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  NEW.geometry_tile := public.st_transform(coalesce(NEW.geometry, NEW.location), 3857);
  NEW.location_tile := public.st_transform(NEW.location, 3857);
  NEW.morton := landbank.morton24(NEW.location_tile);
  RETURN NEW;
END $$;

CREATE TRIGGER fill_tile_columns BEFORE INSERT ON landbank.plot FOR EACH ROW
  WHEN (NEW.geometry_tile IS NULL OR NEW.location_tile IS NULL OR NEW.morton IS NULL)
  EXECUTE FUNCTION landbank.fill_tile_columns();

CREATE OR REPLACE FUNCTION landbank.plot_before_update() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  was landbank.plot := OLD;
  wants_touch boolean := NEW.row_version <> OLD.row_version;
BEGIN
  -- What is derived from the place follows it, and bookkeeping is ours: neither is a change of its own.
  NEW.geometry_tile := OLD.geometry_tile; NEW.location_tile := OLD.location_tile; NEW.morton := OLD.morton;
  NEW.row_version := OLD.row_version; NEW.recorded_at := OLD.recorded_at;
  IF NOT wants_touch AND NEW IS NOT DISTINCT FROM was THEN
    RETURN NULL;
  END IF;
  IF wants_touch OR NEW.geometry IS DISTINCT FROM OLD.geometry OR NEW.location IS DISTINCT FROM OLD.location THEN
    NEW.geometry_tile := public.st_transform(coalesce(NEW.geometry, NEW.location), 3857);
    NEW.location_tile := public.st_transform(NEW.location, 3857);
    NEW.morton := landbank.morton24(NEW.location_tile);
  END IF;
  NEW.recorded_at := landbank.change_time();
  IF OLD.recorded_at <> NEW.recorded_at THEN
    NEW.row_version := OLD.row_version + 1;
  END IF;
  RETURN NEW;
END $$;

-- A plot's municipality is one that landbank knows: asked once a statement, where a foreign key asks once a row (a fifth
-- of a bulk load's time). Municipalities are never deleted, and their codes never change, so the answer stays true.
CREATE FUNCTION landbank.refuse_unknown_municipality() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE
  unknown text;
BEGIN
  SELECT n.municipality_code INTO unknown FROM (SELECT DISTINCT municipality_code FROM new_rows) n
  WHERE NOT EXISTS (SELECT FROM landbank.municipality m WHERE m.code = n.municipality_code) LIMIT 1;
  IF FOUND THEN
    RAISE EXCEPTION 'a plot can''t lie in the municipality %, which is not known', unknown
      USING ERRCODE = 'foreign_key_violation', TABLE = 'plot', COLUMN = 'municipality_code', SCHEMA = 'landbank';
  END IF;
  RETURN NULL;
END $$;

CREATE TRIGGER municipality_is_known_after_insert AFTER INSERT ON landbank.plot REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_unknown_municipality();
CREATE TRIGGER municipality_is_known_after_update AFTER UPDATE ON landbank.plot REFERENCING NEW TABLE AS new_rows
  FOR EACH STATEMENT EXECUTE FUNCTION landbank.refuse_unknown_municipality();

CREATE FUNCTION landbank.refuse_new_code() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  RAISE EXCEPTION 'the code of a municipality never changes: add the new one' USING ERRCODE = 'restrict_violation';
END $$;

CREATE TRIGGER code_never_changes BEFORE UPDATE OF code ON landbank.municipality FOR EACH ROW
  WHEN (NEW.code IS DISTINCT FROM OLD.code) EXECUTE FUNCTION landbank.refuse_new_code();

ALTER TABLE landbank.plot DROP CONSTRAINT fk_plot_municipality_code;
