-- How many plots of the datasets stood before the import in the municipalities that the file touches.
-- :datasets text[]; :codes text[]; :last_id the last plot before the import.
SELECT count(*) FROM landbank.plot p
WHERE p.valid_to IS NULL AND p.dataset = ANY (CAST(:datasets AS text[])) AND p.municipality_code = ANY (CAST(:codes AS text[]))
  AND p.id <= :last_id
