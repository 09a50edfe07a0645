-- One current plot with everything on its row, the plan's dates, and its point in degrees (WGS 84).
-- :plot_id plot's id. Uses the primary key of plot; the view's other joins are one row each.
SELECT
  f.plot_id, f.reference, f.name, f.municipality_code, f.municipality_name, f.area_name, f.property_designations,
  f.plan_reference, f.plan_name, f.plan_document_url, pl.kind AS plan_kind, pl.state AS plan_state, pl.adopted_on,
  f.legal_force_on, pl.implementation_starts_on, f.implementation_ends_on, pl.source AS plan_source,
  f.planning_state, f.readiness, f.ready_on, f.availability, f.available_on, f.availability_until,
  f.label, f.label_on, f.needs_confirmation, f.blocking_kind, coalesce(f.restriction_count, 0) AS restriction_count,
  f.height_max_m, f.height_basis, f.area_m2, f.area_method, f.area_declared_m2, f.net_area_m2, f.minimum_lot_m2,
  f.is_subdividable, f.tenures, f.owner_kind, f.dwelling_distance_m, f.description,
  f.largest_part_m2, f.environment_class, f.has_rail_siding, f.slope_percent, f.ground_kind, f.flood_class,
  f.sales_contact_title, f.sales_contact_email, f.sales_contact_phone, f.steward_title,
  k.email AS steward_email, f.dataset, f.source, f.source_url, f.confirmed_on, f.is_synthetic,
  f.valid_from, f.valid_to, f.row_version, f.recorded_at, f.geometry IS NOT NULL AS has_outline,
  public.st_x(public.st_transform(f.location, 4326)) AS longitude,
  public.st_y(public.st_transform(f.location, 4326)) AS latitude,
  current_date AS today
FROM landbank.plot_facts f
LEFT JOIN landbank.plan pl ON pl.id = f.plan_id
LEFT JOIN landbank.contact k ON k.id = f.steward_contact_id
WHERE f.plot_id = :plot_id
