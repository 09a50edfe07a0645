-- All current plots as fixed-width columns, ordered by id, for binary COPY: no value is null, so that every row has
-- the same length. Unknown: NaN for numbers, -2147483648 for dates (days since 1970-01-01), -1 for codes, 0 for a
-- three-valued claim (-1 no, 1 yes). Prices and rents count per m² of plot, heights above ground; others are unknown.
-- Bound by the client: the code lists by their names, tenures and degree_codes (text arrays: a code is its place in the
-- list, from 0), code_prefix, and plot_ids (null for all). Read within one transaction with the revision and the power steps.
COPY (
  SELECT
    plot_id::int8,
    municipality_code::int2,
    coalesce(array_position(%(planning_state)s::text[], planning_state) - 1, -1)::int2,
    coalesce(array_position(%(readiness)s::text[], readiness) - 1, -1)::int2,
    coalesce(array_position(%(availability)s::text[], availability) - 1, -1)::int2,
    coalesce(array_position(%(owner_kind)s::text[], owner_kind) - 1, -1)::int2,
    coalesce(array_position(%(price_basis)s::text[], price_basis) - 1, -1)::int2,
    coalesce(array_position(%(environment_class)s::text[], environment_class) - 1, -1)::int2,
    coalesce(array_position(%(ground_kind)s::text[], ground_kind) - 1, -1)::int2,
    coalesce(array_position(%(flood_class)s::text[], flood_class) - 1, -1)::int2,
    coalesce(array_position(%(degree_codes)s::text[], regexp_replace(degree_code, %(code_prefix)s, '')) - 1, -1)::int2,
    coalesce(ready_on - date '1970-01-01', -2147483648)::int4,
    coalesce(available_on - date '1970-01-01', -2147483648)::int4,
    coalesce(availability_until - date '1970-01-01', -2147483648)::int4,
    coalesce(confirmed_on - date '1970-01-01', -2147483648)::int4,
    (blocking_kind IS NOT NULL)::int::int2,
    (use_codes IS NOT NULL)::int::int2,
    (coalesce(cardinality(tenures), 0) > 0)::int::int2,
    coalesce((SELECT bit_or(CASE WHEN code ~ '^[A-Z][0-9]*$' THEN 1::int8 << (ascii(code) - 65) ELSE 1::int8 << 63 END)
      FROM unnest(use_codes) AS code), 0)::int8,
    coalesce((SELECT bit_or(CASE WHEN code ~ '^[A-Z][0-9]*$' THEN 1::int8 << (ascii(code) - 65) ELSE 1::int8 << 63 END)
      FROM unnest(excluded_use_codes) AS code), 0)::int8,
    coalesce((SELECT bit_or(1::int8 << (array_position(%(tenures)s::text[], tenure) - 1))
      FROM unnest(tenures) AS tenure WHERE tenure = ANY (%(tenures)s::text[])), 0)::int8,
    coalesce(area_m2, 'NaN')::float8,
    coalesce(net_area_m2, 'NaN')::float8,
    coalesce(CASE WHEN price_basis = 'tomtarea' THEN price_sek_per_m2 END, 'NaN')::float8,
    coalesce(CASE WHEN price_basis = 'tomtarea' THEN price_max_sek_per_m2 END, 'NaN')::float8,
    coalesce(motorway_m, 'NaN')::float8,
    coalesce(rail_m, 'NaN')::float8,
    coalesce(port_m, 'NaN')::float8,
    coalesce(airport_m, 'NaN')::float8,
    coalesce(dwelling_distance_m, 'NaN')::float8,
    coalesce(CASE WHEN height_basis = 'ground' THEN height_max_m END, 'NaN')::float8,
    coalesce(largest_part_m2, 'NaN')::float8,
    coalesce(CASE WHEN lease_basis = 'tomtarea' THEN lease_sek_per_m2_year END, 'NaN')::float8,
    coalesce(motorway_min, 'NaN')::float8,
    coalesce(rail_min, 'NaN')::float8,
    coalesce(port_min, 'NaN')::float8,
    coalesce(airport_min, 'NaN')::float8,
    coalesce(slope_percent, 'NaN')::float8,
    public.st_x(location),
    public.st_y(location),
    coalesce(degree, 'NaN')::float8,
    coalesce(CASE WHEN has_water THEN 1 ELSE 0 - (NOT has_water)::int END, 0)::int2,
    coalesce(CASE WHEN has_sewer THEN 1 ELSE 0 - (NOT has_sewer)::int END, 0)::int2,
    coalesce(CASE WHEN has_district_heating THEN 1 ELSE 0 - (NOT has_district_heating)::int END, 0)::int2,
    coalesce(CASE WHEN has_fibre THEN 1 ELSE 0 - (NOT has_fibre)::int END, 0)::int2,
    coalesce(CASE WHEN has_gas THEN 1 ELSE 0 - (NOT has_gas)::int END, 0)::int2,
    coalesce(CASE WHEN has_district_cooling THEN 1 ELSE 0 - (NOT has_district_cooling)::int END, 0)::int2,
    coalesce(CASE WHEN has_hydrogen THEN 1 ELSE 0 - (NOT has_hydrogen)::int END, 0)::int2,
    coalesce(CASE WHEN has_rail_siding THEN 1 ELSE 0 - (NOT has_rail_siding)::int END, 0)::int2
  FROM landbank.plot_facts
  WHERE %(plot_ids)s::int8[] IS NULL OR plot_id = ANY (%(plot_ids)s::int8[])
  ORDER BY plot_id
) TO STDOUT (FORMAT binary)
