-- Plots of the dataset, in the municipalities that the file touches, which no row speaks of.
-- :dataset text; :codes text[]; :last_id the last plot before the import. Once an import; scans those municipalities.
SELECT p.id, p.municipality_code, p.reference
FROM landbank.plot p
WHERE p.valid_to IS NULL AND p.dataset = :dataset AND p.municipality_code = ANY (CAST(:codes AS text[]))
  AND p.id <= :last_id AND p.id NOT IN (SELECT plot_id FROM import_key) -- hashed; an anti join may loop
ORDER BY p.municipality_code, p.reference
