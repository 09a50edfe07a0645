-- Morton (Z-order) number of a point at tile zoom 24: 48 bits, x in the even bits, y (from the north) in the odd.
-- point: EPSG:3857 metres. All points of tile z/x/y lie in [m << 2*(24-z), (m+1) << 2*(24-z)) with m the number of x, y.
CREATE FUNCTION landbank.morton24(point public.geometry) RETURNS bigint
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE AS $$
DECLARE
  cells CONSTANT double precision := 16777216;
  half CONSTANT double precision := 20037508.342789244;
  x bigint := least(greatest(floor((public.st_x(point) + half) / (2 * half) * cells), 0), cells - 1)::bigint;
  y bigint := least(greatest(floor((half - public.st_y(point)) / (2 * half) * cells), 0), cells - 1)::bigint;
BEGIN
  x := (x | (x << 16)) & x'0000FFFF0000FFFF'::bigint;
  x := (x | (x << 8)) & x'00FF00FF00FF00FF'::bigint;
  x := (x | (x << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
  x := (x | (x << 2)) & x'3333333333333333'::bigint;
  x := (x | (x << 1)) & x'5555555555555555'::bigint;
  y := (y | (y << 16)) & x'0000FFFF0000FFFF'::bigint;
  y := (y | (y << 8)) & x'00FF00FF00FF00FF'::bigint;
  y := (y | (y << 4)) & x'0F0F0F0F0F0F0F0F'::bigint;
  y := (y | (y << 2)) & x'3333333333333333'::bigint;
  y := (y | (y << 1)) & x'5555555555555555'::bigint;
  RETURN x | (y << 1);
END $$;

-- The moment of the running change: the same for all its rows, taken once the inventory is locked, so that the
-- order of record times is the order of commits.
CREATE FUNCTION landbank.change_time() RETURNS timestamptz
LANGUAGE plpgsql VOLATILE AS $$
DECLARE
  told text := current_setting('landbank.change_time', true);
BEGIN
  IF told IS NULL OR told = '' THEN
    PERFORM 1 FROM landbank.inventory FOR UPDATE;
    told := clock_timestamp()::text;
    PERFORM set_config('landbank.change_time', told, true);
  END IF;
  RETURN told::timestamptz;
END $$;
