-- The one derived label of a plot on a day (see landbank/domain/label.py, which a test compares with this).
-- An axis that is unknown never makes a plot look more available than it is known to be.
CREATE FUNCTION landbank.public_label(
  availability text, availability_until date, is_blocked boolean, planning_state text,
  readiness text, ready_on date, available_on date, day date) RETURNS text
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE
    WHEN availability IN ('sald', 'avtalad') THEN 'sald'
    WHEN availability IN ('reserverad', 'markanvisad') AND coalesce(availability_until >= day, true) THEN 'reserverad'
    WHEN availability = 'ej_till_salu' THEN 'ej_till_salu'
    WHEN is_blocked THEN 'begransad'
    WHEN availability IS NULL OR availability = 'kommande' OR planning_state IS DISTINCT FROM 'laga_kraft' THEN 'kommande'
    WHEN readiness IS NULL OR readiness NOT IN ('byggklar', 'bebyggd') OR ready_on > day OR available_on > day
      THEN 'ledig_senare'
    ELSE 'ledig_nu'
  END
$$;

-- The day that the label speaks of: end of a reservation, or when a plot that is free later can be built on.
CREATE FUNCTION landbank.public_label_on(label text, availability_until date, ready_on date, available_on date)
RETURNS date LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT CASE label WHEN 'reserverad' THEN availability_until
                    WHEN 'ledig_senare' THEN greatest(ready_on, available_on)
                    WHEN 'kommande' THEN available_on END
$$;

CREATE FUNCTION landbank.capacity_mw(capacity double precision, unit text) RETURNS double precision
LANGUAGE sql IMMUTABLE PARALLEL SAFE AS
$$ SELECT CASE unit WHEN 'MW' THEN capacity WHEN 'kW' THEN capacity / 1000 END $$;

-- Every current plot with its facts on one row: what lists, items, exports and the catalogue of the matching read.
CREATE VIEW landbank.plot_facts AS
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
  x.motorway_m, x.rail_m, x.port_m, x.airport_m,
  s.price_sek_per_m2, s.price_max_sek_per_m2, s.price_basis, s.price_decided_on, s.lease_sek_per_m2_year,
  p.tenures, p.owner_kind, p.dwelling_distance_m, p.description,
  p.sales_contact_id, c.title AS sales_contact_title, c.email AS sales_contact_email, c.phone AS sales_contact_phone,
  p.steward_contact_id, k.title AS steward_title,
  p.dataset, p.source, p.source_url, p.confirmed_on, p.is_synthetic, p.valid_from, p.valid_to,
  p.row_version, p.recorded_at, p.morton, p.geometry, p.location, p.geometry_tile, p.location_tile
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
    bool_or(is_at_boundary) FILTER (WHERE kind = 'gas') AS has_gas
  FROM landbank.utility WHERE plot_id = p.id AND superseded_at IS NULL
) t ON true
LEFT JOIN LATERAL (
  SELECT min(distance_m) FILTER (WHERE kind = 'motorway_junction') AS motorway_m,
    min(distance_m) FILTER (WHERE kind = 'rail_terminal') AS rail_m,
    min(distance_m) FILTER (WHERE kind = 'port') AS port_m,
    min(distance_m) FILTER (WHERE kind = 'airport') AS airport_m
  FROM landbank.access WHERE plot_id = p.id AND superseded_at IS NULL
) x ON true
LEFT JOIN LATERAL (
  SELECT min(price_sek_per_m2) FILTER (WHERE tenure = 'forsaljning') AS price_sek_per_m2,
    max(coalesce(price_max_sek_per_m2, price_sek_per_m2)) FILTER (WHERE tenure = 'forsaljning') AS price_max_sek_per_m2,
    (array_agg(basis ORDER BY price_sek_per_m2, id) FILTER (WHERE tenure = 'forsaljning'))[1] AS price_basis,
    (array_agg(decided_on ORDER BY price_sek_per_m2, id) FILTER (WHERE tenure = 'forsaljning'))[1] AS price_decided_on,
    min(price_sek_per_m2) FILTER (WHERE tenure <> 'forsaljning') AS lease_sek_per_m2_year
  FROM landbank.price WHERE plot_id = p.id AND superseded_at IS NULL
) s ON true
CROSS JOIN LATERAL (
  SELECT landbank.public_label(p.availability, p.availability_until, r.blocking_kind IS NOT NULL,
    coalesce(p.planning_state, pl.state), p.readiness, p.ready_on, p.available_on, current_date) AS label
) l
WHERE p.valid_to IS NULL OR p.valid_to > current_date;
