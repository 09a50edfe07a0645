-- What an import keeps of each row that speaks of a plot which stands, and the plots outside the file that rows overlap.
CREATE TEMP TABLE import_key (
  row_number integer NOT NULL, plot_id bigint NOT NULL, state text NOT NULL DEFAULT 'new', difference jsonb,
  is_repaired boolean NOT NULL DEFAULT false
) ON COMMIT DROP;
CREATE TEMP TABLE import_overlap (row_number integer NOT NULL, plot_id bigint NOT NULL, area_m2 double precision NOT NULL)
ON COMMIT DROP
;
-- The rows of the batch at hand with their plots.
CREATE TEMP TABLE import_here (LIKE import_key INCLUDING DEFAULTS) ON COMMIT DROP;
-- Where new plots lie, as far as the inventory has not taken them yet.
CREATE TEMP TABLE import_place (row_number integer NOT NULL, geometry geometry, geometry_tile geometry) ON COMMIT DROP
