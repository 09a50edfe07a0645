-- Plots that the changes after one revision, up to another, touch: themselves, their plan, contact or municipality.
-- :after, :upto revisions. Uses the primary key of event; plots by plan or contact are searched in full, which is
-- rare: such changes are few.
SELECT DISTINCT plot_id FROM (
  SELECT e.noun_id::bigint AS plot_id FROM landbank.event e
  WHERE e.revision > :after AND e.revision <= :upto AND e.noun = 'plot'
  UNION ALL
  SELECT p.id FROM landbank.event e JOIN landbank.plot p ON p.plan_id = e.noun_id::bigint
  WHERE e.revision > :after AND e.revision <= :upto AND e.noun = 'plan'
  UNION ALL
  SELECT p.id FROM landbank.event e JOIN landbank.plot p ON p.sales_contact_id = e.noun_id::bigint
  WHERE e.revision > :after AND e.revision <= :upto AND e.noun = 'contact'
  UNION ALL
  SELECT p.id FROM landbank.event e JOIN landbank.plot p ON p.municipality_code = e.noun_id
  WHERE e.revision > :after AND e.revision <= :upto AND e.noun = 'municipality'
) touched
ORDER BY plot_id
