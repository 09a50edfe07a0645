-- What leaves and re-enters landbank in files beside the flat view: a plot's plan, its steward's address, and its
-- many-valued facts, each as a list of records in a settled order; an empty list where there is none. Read by exports and
-- by the comparison of an import, a batch of plots at a time.
CREATE VIEW landbank.plot_records AS
SELECT p.id AS plot_id, p.planning_state AS own_planning_state, l.kind AS plan_kind, l.state AS plan_state,
  l.adopted_on, l.implementation_starts_on, k.email AS steward_email, k.phone AS steward_phone,
  coalesce(r.records, '[]') AS restrictions, coalesce(u.records, '[]') AS use_degrees, coalesce(s.records, '[]') AS rents
FROM landbank.plot p
LEFT JOIN landbank.plan l ON l.id = p.plan_id
LEFT JOIN landbank.contact k ON k.id = p.steward_contact_id
LEFT JOIN LATERAL (
  SELECT jsonb_agg(o ORDER BY o) AS records FROM landbank.restriction x
  CROSS JOIN LATERAL (SELECT jsonb_strip_nulls(jsonb_build_object('kind', x.kind, 'is_blocking', x.is_blocking,
    'owner', x.owner, 'due_on', x.due_on, 'description', x.description, 'evidence_url', x.evidence_url)) AS o) made
  WHERE x.plot_id = p.id AND x.superseded_at IS NULL AND coalesce(x.resolved_on > current_date, true)
) r ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(o ORDER BY o) AS records FROM landbank.plot_use x
  CROSS JOIN LATERAL (SELECT jsonb_strip_nulls(jsonb_build_object('code', x.code, 'degree', x.degree,
    'degree_code', x.degree_code, 'degree_bound', x.degree_bound, 'precision_text', x.precision_text)) AS o) made
  WHERE x.plot_id = p.id AND x.superseded_at IS NULL AND NOT x.is_excluded
    AND coalesce(x.degree_code, x.degree_bound, x.precision_text) IS NOT NULL
) u ON true
LEFT JOIN LATERAL (
  SELECT jsonb_agg(o ORDER BY o) AS records FROM landbank.price x
  CROSS JOIN LATERAL (SELECT jsonb_strip_nulls(jsonb_build_object('tenure', x.tenure,
    'price_sek_per_m2', x.price_sek_per_m2, 'price_max_sek_per_m2', x.price_max_sek_per_m2, 'basis', x.basis,
    'is_yearly', x.is_yearly, 'decided_on', x.decided_on)) AS o) made
  WHERE x.plot_id = p.id AND x.superseded_at IS NULL AND x.tenure <> 'forsaljning'
) s ON true;
