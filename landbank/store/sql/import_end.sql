-- End the plots of import_missing.sql today, without those that somebody holds; the same parameters.
UPDATE landbank.plot p SET valid_to = greatest(p.valid_from, current_date)
WHERE p.valid_to IS NULL AND p.dataset = ANY (CAST(:datasets AS text[])) AND p.municipality_code = ANY (CAST(:codes AS text[]))
  AND p.id <= :last_id AND p.id NOT IN (SELECT plot_id FROM import_key)
  AND NOT EXISTS (SELECT FROM landbank.commitment c WHERE c.plot_id = p.id
    AND c.kind <> 'interest' AND c.superseded_at IS NULL AND c.ended_on IS NULL)
RETURNING p.id
