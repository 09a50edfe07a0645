-- What an import keeps of each accepted row, and the plots outside the file that rows overlap.
CREATE TEMP TABLE import_key (
  row_number integer NOT NULL, municipality_code text NOT NULL, reference text NOT NULL, is_repaired boolean NOT NULL,
  plot_id bigint, state text NOT NULL, difference jsonb
) ON COMMIT DROP;
CREATE TEMP TABLE import_overlap (row_number integer NOT NULL, plot_id bigint NOT NULL, area_m2 double precision NOT NULL)
ON COMMIT DROP
;
-- The same for the rows of the batch at hand.
CREATE TEMP TABLE import_here (LIKE import_key) ON COMMIT DROP
