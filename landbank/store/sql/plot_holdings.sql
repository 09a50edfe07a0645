-- Kind of owner and plan of current plots, ordered by id.
-- :plot_ids plots' ids. Uses the primary keys of plot and plan.
SELECT p.id AS plot_id, p.owner_kind, l.reference AS plan_reference
FROM landbank.plot p LEFT JOIN landbank.plan l ON l.id = p.plan_id
WHERE p.id = ANY (:plot_ids) AND (p.valid_to IS NULL OR p.valid_to > current_date)
ORDER BY p.id
