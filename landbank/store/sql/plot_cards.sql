-- What a list shows of plots, with their point in degrees (WGS 84).
-- :plot_ids bigint[], a page of ids. Uses the primary key of plot. Order: by id; the list has its own.
SELECT
  plot_id, reference, name, area_name, municipality_code, municipality_name, label, label_on, needs_confirmation,
  blocking_kind, planning_state, readiness, ready_on, availability, area_m2, use_codes,
  power_mw, power_max_mw, power_max_on, power_max_is_firm, price_sek_per_m2, price_basis, motorway_m,
  motorway_method, rail_method, port_method, airport_method,
  confirmed_on, is_synthetic,
  public.st_x(public.st_transform(location, 4326)) AS longitude,
  public.st_y(public.st_transform(location, 4326)) AS latitude
FROM landbank.plot_facts
WHERE plot_id = ANY (:plot_ids)
ORDER BY plot_id
