-- What criteria read beside distances: minutes by road, cooling and hydrogen, the basis of a yearly rent, the largest
-- connected part, and what is known of the ground. A part of an outline touches the others at points at most, so the
-- largest polygon is the largest part; its share of the outline is the same on the ellipsoid to a thousandth of a per cent.
-- Distances are as before: what somebody stated, and else the straight line, which is a lower bound.

-- Every current plot with its facts on one row: what lists, items, exports and the catalogue of the matching read.
CREATE OR REPLACE VIEW landbank.plot_facts AS
SELECT
  p.id AS plot_id, p.reference, p.name, p.municipality_code, m.name AS municipality_name,
  p.area_id, a.name AS area_name, p.property_designations,
  p.plan_id, pl.reference AS plan_reference, pl.name AS plan_name, pl.document_url AS plan_document_url,
  coalesce(p.planning_state, pl.state) AS planning_state, pl.legal_force_on, pl.implementation_ends_on,
  p.readiness, p.ready_on, p.availability, p.available_on, p.availability_until,
  l.label, landbank.public_label_on(l.label, p.availability_until, p.ready_on, p.available_on) AS label_on,
  (coalesce(p.planning_state, pl.state) IS NULL OR p.readiness IS NULL OR p.availability IS NULL
    OR (p.availability IN ('reserverad', 'markanvisad') AND coalesce(p.availability_until < current_date, false)))
    AS needs_confirmation,
  r.restriction_kinds, r.blocking_kind, r.restriction_count,
  u.use_codes, u.excluded_use_codes, u.degree, u.degree_code,
  p.height_max_m, p.height_basis,
  p.area_m2, p.area_method, p.area_declared_m2, p.net_area_m2, p.minimum_lot_m2, p.is_subdividable,
  t.power_mw, t.power_max_mw, t.power_max_on, t.power_max_is_firm,
  t.has_water, t.has_sewer, t.has_district_heating, t.has_fibre, t.has_gas,
  coalesce(x.motorway_m, round(public.st_distance(p.location, i.motorway_junctions))) AS motorway_m,
  coalesce(x.rail_m, round(public.st_distance(p.location, i.rail_terminals))) AS rail_m,
  coalesce(x.port_m, round(public.st_distance(p.location, i.ports))) AS port_m,
  coalesce(x.airport_m, round(public.st_distance(p.location, i.airports))) AS airport_m,
  s.price_sek_per_m2, s.price_max_sek_per_m2, s.price_basis, s.price_decided_on, s.lease_sek_per_m2_year,
  p.tenures, p.owner_kind, p.dwelling_distance_m, p.description,
  p.sales_contact_id, c.title AS sales_contact_title, c.email AS sales_contact_email, c.phone AS sales_contact_phone,
  p.steward_contact_id, k.title AS steward_title,
  p.dataset, p.source, p.source_url, p.confirmed_on, p.is_synthetic, p.valid_from, p.valid_to,
  p.row_version, p.recorded_at, p.morton, p.geometry, p.location, p.geometry_tile, p.location_tile,
  CASE WHEN x.motorway_m IS NOT NULL THEN x.motorway_method WHEN i.motorway_junctions IS NOT NULL THEN 'crow_fly' END
    AS motorway_method,
  CASE WHEN x.rail_m IS NOT NULL THEN x.rail_method WHEN i.rail_terminals IS NOT NULL THEN 'crow_fly' END AS rail_method,
  CASE WHEN x.port_m IS NOT NULL THEN x.port_method WHEN i.ports IS NOT NULL THEN 'crow_fly' END AS port_method,
  CASE WHEN x.airport_m IS NOT NULL THEN x.airport_method WHEN i.airports IS NOT NULL THEN 'crow_fly' END AS airport_method,
  t.has_district_cooling, t.has_hydrogen,
  n.motorway_min, n.motorway_min_method, n.rail_min, n.rail_min_method, n.port_min, n.port_min_method,
  n.airport_min, n.airport_min_method,
  s.lease_basis,
  CASE WHEN public.st_numgeometries(p.geometry) = 1 THEN p.area_m2 WHEN p.geometry IS NOT NULL THEN
    p.area_m2 * (SELECT max(public.st_area(part.geom)) FROM public.st_dump(p.geometry) part) / public.st_area(p.geometry)
  END AS largest_part_m2,
  p.environment_class, p.has_rail_siding, p.slope_percent, p.ground_kind, p.flood_class
FROM landbank.plot p
JOIN landbank.municipality m ON m.code = p.municipality_code
LEFT JOIN landbank.area a ON a.id = p.area_id
LEFT JOIN landbank.plan pl ON pl.id = p.plan_id
LEFT JOIN landbank.contact c ON c.id = p.sales_contact_id
LEFT JOIN landbank.contact k ON k.id = p.steward_contact_id
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT kind ORDER BY kind) AS restriction_kinds, count(*) AS restriction_count,
    min(kind) FILTER (WHERE is_blocking) AS blocking_kind
  FROM landbank.restriction
  WHERE plot_id = p.id AND superseded_at IS NULL AND coalesce(resolved_on > current_date, true)
) r ON true
LEFT JOIN LATERAL (
  SELECT array_agg(code ORDER BY code) FILTER (WHERE NOT is_excluded) AS use_codes,
    array_agg(code ORDER BY code) FILTER (WHERE is_excluded) AS excluded_use_codes,
    max(degree) FILTER (WHERE NOT is_excluded) AS degree,
    (array_agg(degree_code ORDER BY degree DESC NULLS LAST, code) FILTER (WHERE NOT is_excluded))[1] AS degree_code
  FROM landbank.plot_use WHERE plot_id = p.id AND superseded_at IS NULL
) u ON true
LEFT JOIN LATERAL (
  SELECT
    (array_agg(landbank.capacity_mw(capacity, capacity_unit)
        ORDER BY available_on DESC NULLS LAST, landbank.capacity_mw(capacity, capacity_unit) DESC NULLS LAST)
      FILTER (WHERE kind = 'el' AND coalesce(available_on <= current_date, true)))[1] AS power_mw,
    max(landbank.capacity_mw(capacity, capacity_unit)) FILTER (WHERE kind = 'el') AS power_max_mw,
    (array_agg(available_on ORDER BY landbank.capacity_mw(capacity, capacity_unit) DESC NULLS LAST, available_on, id)
      FILTER (WHERE kind = 'el'))[1] AS power_max_on,
    (array_agg(is_firm ORDER BY landbank.capacity_mw(capacity, capacity_unit) DESC NULLS LAST, available_on, id)
      FILTER (WHERE kind = 'el'))[1] AS power_max_is_firm,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'vatten') AS has_water,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'spillvatten') AS has_sewer,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'fjarrvarme') AS has_district_heating,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'fiber') AS has_fibre,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'gas') AS has_gas,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'fjarrkyla') AS has_district_cooling,
    bool_or(is_at_boundary) FILTER (WHERE kind = 'vatgas') AS has_hydrogen
  FROM landbank.utility WHERE plot_id = p.id AND superseded_at IS NULL
) t ON true
LEFT JOIN LATERAL (
  SELECT
    min(distance_m) FILTER (WHERE kind = 'motorway_junction') AS motorway_m,
    (array_agg(method ORDER BY distance_m, id) FILTER (WHERE kind = 'motorway_junction'))[1] AS motorway_method,
    min(distance_m) FILTER (WHERE kind = 'rail_terminal') AS rail_m,
    (array_agg(method ORDER BY distance_m, id) FILTER (WHERE kind = 'rail_terminal'))[1] AS rail_method,
    min(distance_m) FILTER (WHERE kind = 'port') AS port_m,
    (array_agg(method ORDER BY distance_m, id) FILTER (WHERE kind = 'port'))[1] AS port_method,
    min(distance_m) FILTER (WHERE kind = 'airport') AS airport_m,
    (array_agg(method ORDER BY distance_m, id) FILTER (WHERE kind = 'airport'))[1] AS airport_method
  FROM landbank.access WHERE plot_id = p.id AND superseded_at IS NULL AND distance_m IS NOT NULL
) x ON true
LEFT JOIN LATERAL ( -- what somebody stated ('declared' sorts first), and else the least that the network gives
  SELECT
    (array_agg(minutes ORDER BY method, minutes, id) FILTER (WHERE kind = 'motorway_junction'))[1] AS motorway_min,
    (array_agg(method ORDER BY method, minutes, id) FILTER (WHERE kind = 'motorway_junction'))[1] AS motorway_min_method,
    (array_agg(minutes ORDER BY method, minutes, id) FILTER (WHERE kind = 'rail_terminal'))[1] AS rail_min,
    (array_agg(method ORDER BY method, minutes, id) FILTER (WHERE kind = 'rail_terminal'))[1] AS rail_min_method,
    (array_agg(minutes ORDER BY method, minutes, id) FILTER (WHERE kind = 'port'))[1] AS port_min,
    (array_agg(method ORDER BY method, minutes, id) FILTER (WHERE kind = 'port'))[1] AS port_min_method,
    (array_agg(minutes ORDER BY method, minutes, id) FILTER (WHERE kind = 'airport'))[1] AS airport_min,
    (array_agg(method ORDER BY method, minutes, id) FILTER (WHERE kind = 'airport'))[1] AS airport_min_method
  FROM landbank.access
  WHERE plot_id = p.id AND superseded_at IS NULL AND minutes IS NOT NULL AND method IN ('declared', 'network')
) n ON true
LEFT JOIN LATERAL (
  SELECT min(price_sek_per_m2) FILTER (WHERE tenure = 'forsaljning') AS price_sek_per_m2,
    max(coalesce(price_max_sek_per_m2, price_sek_per_m2)) FILTER (WHERE tenure = 'forsaljning') AS price_max_sek_per_m2,
    (array_agg(basis ORDER BY price_sek_per_m2, id) FILTER (WHERE tenure = 'forsaljning'))[1] AS price_basis,
    (array_agg(decided_on ORDER BY price_sek_per_m2, id) FILTER (WHERE tenure = 'forsaljning'))[1] AS price_decided_on,
    -- rents of different bases don't compare: those per m² of plot come first
    (array_agg(price_sek_per_m2 ORDER BY basis <> 'tomtarea', price_sek_per_m2, id)
      FILTER (WHERE tenure <> 'forsaljning' AND is_yearly))[1] AS lease_sek_per_m2_year,
    (array_agg(basis ORDER BY basis <> 'tomtarea', price_sek_per_m2, id)
      FILTER (WHERE tenure <> 'forsaljning' AND is_yearly))[1] AS lease_basis
  FROM landbank.price WHERE plot_id = p.id AND superseded_at IS NULL
) s ON true
CROSS JOIN ( -- one row: the places of each kind of infrastructure as one shape, null where there is none of the kind
  SELECT public.st_collect(location) FILTER (WHERE kind = 'motorway_junction') AS motorway_junctions,
    public.st_collect(location) FILTER (WHERE kind = 'rail_terminal') AS rail_terminals,
    public.st_collect(location) FILTER (WHERE kind = 'port') AS ports,
    public.st_collect(location) FILTER (WHERE kind = 'airport') AS airports
  FROM landbank.infrastructure
) i
CROSS JOIN LATERAL (
  SELECT landbank.public_label(p.availability, p.availability_until, r.blocking_kind IS NOT NULL,
    coalesce(p.planning_state, pl.state), p.readiness, p.ready_on, p.available_on, current_date) AS label
) l
WHERE p.valid_to IS NULL OR p.valid_to > current_date;
