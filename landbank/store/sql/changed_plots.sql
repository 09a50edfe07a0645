-- The plots whose columns may differ since a revision: those with an event, and those under a plan with one. One row more
-- than :most where there are more; a null id where something changed that any plot's columns may follow from.
-- :since revision. Uses the primary keys of event and plot.
WITH later AS (
  SELECT noun, noun_id FROM landbank.event WHERE revision > :since ORDER BY revision LIMIT :most + 1
)
SELECT noun_id::bigint AS plot_id FROM later WHERE noun = 'plot'
UNION
SELECT p.id FROM later l JOIN landbank.plot p ON p.plan_id = l.noun_id::bigint WHERE l.noun = 'plan'
UNION
SELECT NULL FROM later WHERE noun NOT IN ('plot', 'plan', 'area', 'contact', 'layer')
UNION
SELECT NULL FROM later HAVING count(*) > :most
ORDER BY plot_id
LIMIT :most + 1
