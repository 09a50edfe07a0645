-- Plots of the dataset, in the municipalities that the file touches, which no row speaks of.
-- :dataset text. Once an import; scans the plots of those municipalities.
SELECT p.municipality_code, p.reference
FROM landbank.plot p
WHERE p.valid_to IS NULL AND p.dataset = :dataset
  AND p.municipality_code IN (SELECT municipality_code FROM import_key)
  AND p.id NOT IN (SELECT plot_id FROM import_key WHERE plot_id IS NOT NULL) -- hashed; an anti join may loop
ORDER BY p.municipality_code, p.reference
