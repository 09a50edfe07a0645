-- Plots of the datasets, in the municipalities that the file touches, which no row speaks of; and whether somebody holds them.
-- :datasets text[]; :codes text[]; :last_id the last plot before the import. Once an import; scans those municipalities.
SELECT p.municipality_code, p.reference, EXISTS (SELECT FROM landbank.commitment c WHERE c.plot_id = p.id
  AND c.kind <> 'interest' AND c.superseded_at IS NULL AND c.ended_on IS NULL) AS is_held
FROM landbank.plot p
WHERE p.valid_to IS NULL AND p.dataset = ANY (CAST(:datasets AS text[])) AND p.municipality_code = ANY (CAST(:codes AS text[]))
  AND p.id <= :last_id AND p.id NOT IN (SELECT plot_id FROM import_key) -- hashed; an anti join may loop
ORDER BY p.municipality_code, p.reference
