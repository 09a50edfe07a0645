-- What changed between two revisions, as tiles see it: revision, occurred_at, noun, and for a plot the box (EPSG:3857
-- metres: xmin, ymin, xmax, ymax) of its outline now and of each that it had since; boxes are null for other nouns.
--
-- after, until: revisions; until belongs to it. most: rows at most.
SELECT e.revision, e.occurred_at, e.noun, public.st_xmin(was.box), public.st_ymin(was.box), public.st_xmax(was.box),
  public.st_ymax(was.box)
FROM landbank.event e
LEFT JOIN LATERAL (
  SELECT public.box2d(p.geometry_tile) AS box FROM landbank.plot p
  WHERE e.noun = 'plot' AND p.id = CASE e.noun WHEN 'plot' THEN e.noun_id::bigint END
  UNION ALL
  SELECT public.box2d(v.geometry_tile) FROM landbank.plot_version v
  WHERE e.noun = 'plot' AND v.plot_id = CASE e.noun WHEN 'plot' THEN e.noun_id::bigint END
    AND v.superseded_at >= e.occurred_at
) was ON true
WHERE e.revision > %(after)s AND e.revision <= %(until)s
ORDER BY e.revision
LIMIT %(most)s
