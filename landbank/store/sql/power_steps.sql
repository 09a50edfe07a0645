-- The dated levels of electric power of all current plots, fixed width for binary COPY: plot id, first day (days since
-- 1970-01-01, -2147483648 for always), MW (NaN where the capacity is not known), firm (1), conditional (-1), not said (0).
-- plot_ids: of these plots alone, null for all. Uses ix_utility_plot_id_current.
COPY (
  SELECT
    u.plot_id::int8,
    coalesce(u.available_on - date '1970-01-01', -2147483648)::int4,
    coalesce(landbank.capacity_mw(u.capacity, u.capacity_unit), 'NaN')::float8,
    coalesce(CASE WHEN u.is_firm THEN 1 ELSE 0 - (NOT u.is_firm)::int END, 0)::int2
  FROM landbank.utility u
  JOIN landbank.plot p ON p.id = u.plot_id
  WHERE u.kind = 'el' AND u.superseded_at IS NULL AND (p.valid_to IS NULL OR p.valid_to > current_date)
    AND (%(plot_ids)s::int8[] IS NULL OR u.plot_id = ANY (%(plot_ids)s::int8[]))
  ORDER BY u.plot_id, u.available_on NULLS FIRST, u.id
) TO STDOUT (FORMAT binary)
