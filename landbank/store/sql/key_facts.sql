-- The key facts of current plots for their certainty, fixed width for binary COPY: what is known (1), unknown (0) or does
-- not count for the plot (-1), and the day it was last confirmed (days since 1970-01-01; -2147483648 never), both in
-- the order of landbank/domain/freshness.py; the municipality, and whether a check has an open finding (1).
-- Bound by the client: ids (bigint[]) and municipality (text), null for all. Uses the primary key of plot and each
-- fact table's index of current rows. A value's day is that of its own source, else of its row, else of the plot;
-- of several rows the oldest counts.
COPY (
  SELECT
    p.id::int8, p.municipality_code::int2,
    (EXISTS (SELECT FROM landbank.check_finding g WHERE g.plot_id = p.id AND g.resolved_at IS NULL))::int::int2,
    (p.geometry IS NOT NULL)::int::int2,
    (coalesce(p.planning_state, l.state) IS NOT NULL)::int::int2,
    (EXISTS (SELECT FROM landbank.plot_use WHERE plot_id = p.id AND superseded_at IS NULL AND NOT is_excluded))::int::int2,
    (p.readiness IS NOT NULL)::int::int2,
    (p.availability IS NOT NULL)::int::int2,
    (coalesce(cardinality(p.tenures), 0) > 0)::int::int2,
    (price.n > 0)::int::int2,
    (power.n > 0)::int::int2,
    (water.known = 2)::int::int2,
    (p.net_area_m2 IS NOT NULL)::int::int2,
    (p.owner_kind IS NOT NULL)::int::int2,
    (coalesce(c.email, c.phone) IS NOT NULL)::int::int2,
    (CASE WHEN held.n > 0 THEN 1 ELSE -1 END)::int2,
    (-2147483648)::int4,
    coalesce(coalesce(s.planning_state, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    (-2147483648)::int4,
    coalesce(coalesce(s.readiness, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    coalesce(coalesce(s.availability, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    coalesce(coalesce(s.tenures, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    coalesce(price.confirmed_on - date '1970-01-01', -2147483648)::int4,
    coalesce(power.confirmed_on - date '1970-01-01', -2147483648)::int4,
    coalesce(water.confirmed_on - date '1970-01-01', -2147483648)::int4,
    coalesce(coalesce(s.net_area_m2, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    coalesce(coalesce(s.owner_kind, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    coalesce(coalesce(s.sales_contact_id, p.confirmed_on) - date '1970-01-01', -2147483648)::int4,
    coalesce(held.confirmed_on - date '1970-01-01', -2147483648)::int4
  FROM landbank.plot p
  LEFT JOIN landbank.plan l ON l.id = p.plan_id
  LEFT JOIN landbank.contact c ON c.id = p.sales_contact_id
  CROSS JOIN LATERAL (
    SELECT max(confirmed_on) FILTER (WHERE field = 'planning_state') AS planning_state,
      max(confirmed_on) FILTER (WHERE field = 'readiness') AS readiness,
      max(confirmed_on) FILTER (WHERE field = 'availability') AS availability,
      max(confirmed_on) FILTER (WHERE field = 'tenures') AS tenures,
      max(confirmed_on) FILTER (WHERE field = 'net_area_m2') AS net_area_m2,
      max(confirmed_on) FILTER (WHERE field = 'owner_kind') AS owner_kind,
      max(confirmed_on) FILTER (WHERE field = 'sales_contact_id') AS sales_contact_id
    FROM landbank.value_source WHERE plot_id = p.id AND superseded_at IS NULL
  ) s
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, CASE WHEN count(*) = count(coalesce(confirmed_on, p.confirmed_on))
      THEN min(coalesce(confirmed_on, p.confirmed_on)) END AS confirmed_on
    FROM landbank.price WHERE plot_id = p.id AND superseded_at IS NULL
  ) price
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, CASE WHEN count(*) = count(coalesce(confirmed_on, p.confirmed_on))
      THEN min(coalesce(confirmed_on, p.confirmed_on)) END AS confirmed_on
    FROM landbank.utility WHERE plot_id = p.id AND superseded_at IS NULL AND kind = 'el' AND capacity IS NOT NULL
  ) power
  CROSS JOIN LATERAL (
    SELECT count(DISTINCT kind) AS known, CASE WHEN count(*) = count(coalesce(confirmed_on, p.confirmed_on))
      THEN min(coalesce(confirmed_on, p.confirmed_on)) END AS confirmed_on
    FROM landbank.utility
    WHERE plot_id = p.id AND superseded_at IS NULL AND kind IN ('vatten', 'spillvatten') AND is_at_boundary IS NOT NULL
  ) water
  CROSS JOIN LATERAL (
    SELECT count(*) AS n, CASE WHEN count(*) = count(coalesce(confirmed_on, p.confirmed_on))
      THEN min(coalesce(confirmed_on, p.confirmed_on)) END AS confirmed_on
    FROM landbank.restriction
    WHERE plot_id = p.id AND superseded_at IS NULL AND coalesce(resolved_on > current_date, true)
  ) held
  WHERE (p.valid_to IS NULL OR p.valid_to > current_date)
    AND (%(ids)s::bigint[] IS NULL OR p.id = ANY (%(ids)s::bigint[]))
    AND (%(municipality)s::text IS NULL OR p.municipality_code = %(municipality)s::text)
  ORDER BY p.id
) TO STDOUT (FORMAT binary)
