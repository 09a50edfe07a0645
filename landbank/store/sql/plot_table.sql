-- A municipality's current plots as its planners' table shows them, with how many there are in all.
-- :code municipality; :ids bigint[] or null, only these plots; :text in lower case or null, somewhere in the plot's
-- names; :availability, :readiness, :label, :finding codes or null ('unknown' for an axis of which nothing is known).
-- Uses the index of plot by municipality, and those of restriction and check_finding by plot.
-- The order and the page are added by landbank/store/plot_table.py.
SELECT p.id AS plot_id, p.reference, p.name, a.name AS area_name, p.area_m2,
  coalesce(p.planning_state, pl.state) AS planning_state, pl.reference AS plan_reference,
  p.readiness, p.ready_on, p.availability, p.availability_until, l.label,
  landbank.public_label_on(l.label, p.availability_until, p.ready_on, p.available_on) AS label_on, r.blocking_kind,
  p.confirmed_on, p.row_version, coalesce(f.kinds, '{}') AS findings, current_date AS today,
  count(*) OVER () AS total
FROM landbank.plot p
LEFT JOIN landbank.area a ON a.id = p.area_id
LEFT JOIN landbank.plan pl ON pl.id = p.plan_id
LEFT JOIN LATERAL (
  SELECT min(kind) AS blocking_kind FROM landbank.restriction
  WHERE plot_id = p.id AND superseded_at IS NULL AND is_blocking AND coalesce(resolved_on > current_date, true)
) r ON true
LEFT JOIN LATERAL (
  SELECT array_agg(DISTINCT kind ORDER BY kind) AS kinds FROM landbank.check_finding
  WHERE plot_id = p.id AND resolved_at IS NULL
) f ON true
CROSS JOIN LATERAL (
  SELECT landbank.public_label(p.availability, p.availability_until, r.blocking_kind IS NOT NULL,
    coalesce(p.planning_state, pl.state), p.readiness, p.ready_on, p.available_on, current_date) AS label
) l
WHERE p.municipality_code = :code AND (p.valid_to IS NULL OR p.valid_to > current_date)
  AND (CAST(:ids AS bigint[]) IS NULL OR p.id = ANY (CAST(:ids AS bigint[])))
  AND (CAST(:text AS text) IS NULL OR strpos(lower(concat_ws(' ', p.reference, p.name, a.name, pl.reference,
    array_to_string(p.property_designations, ' '))), :text) > 0)
  AND (CAST(:availability AS text) IS NULL OR coalesce(p.availability, 'unknown') = :availability)
  AND (CAST(:readiness AS text) IS NULL OR coalesce(p.readiness, 'unknown') = :readiness)
  AND (CAST(:label AS text) IS NULL OR l.label = :label)
  AND (CAST(:finding AS text) IS NULL OR :finding = ANY (f.kinds))
