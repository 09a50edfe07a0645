-- Brings the open findings of some plots to what was just found: new ones open, those not found any more are resolved,
-- of the others the details are renewed and the first day stays. Answers how many were opened and resolved.
-- :ids bigint[] the plots that were checked; :pair_kinds text[] the kinds that two plots share, which are also taken
-- up where a checked plot is the other one; the findings as four arrays of one length.
-- Uses both partial indexes of open findings.
WITH found AS (
  SELECT * FROM unnest(
    CAST(:plot_ids AS bigint[]), CAST(:kinds AS text[]), CAST(:subjects AS text[]), CAST(:details AS jsonb[])
  ) AS f(plot_id, kind, subject, details)
), held AS (
  SELECT id, plot_id, kind, subject, details FROM landbank.check_finding
  WHERE resolved_at IS NULL AND plot_id = ANY (CAST(:ids AS bigint[]))
  UNION
  SELECT id, plot_id, kind, subject, details FROM landbank.check_finding
  WHERE resolved_at IS NULL AND kind = ANY (CAST(:pair_kinds AS text[]))
    AND subject = ANY (CAST(CAST(:ids AS bigint[]) AS text[]))
), resolved AS (
  UPDATE landbank.check_finding c SET resolved_at = now()
  FROM held h LEFT JOIN found f USING (plot_id, kind, subject)
  WHERE c.id = h.id AND f.plot_id IS NULL RETURNING c.id
), renewed AS (
  UPDATE landbank.check_finding c SET details = f.details
  FROM held h JOIN found f USING (plot_id, kind, subject)
  WHERE c.id = h.id AND h.details <> f.details RETURNING c.id
), opened AS (
  INSERT INTO landbank.check_finding (plot_id, kind, subject, details)
  SELECT f.plot_id, f.kind, f.subject, f.details FROM found f
  WHERE NOT EXISTS (
    SELECT FROM held h WHERE (h.plot_id, h.kind, h.subject) = (f.plot_id, f.kind, f.subject))
  RETURNING id
)
SELECT (SELECT count(*) FROM opened) AS opened, (SELECT count(*) FROM resolved) AS resolved,
  (SELECT count(*) FROM renewed) AS renewed
