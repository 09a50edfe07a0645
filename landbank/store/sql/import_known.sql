-- The rows whose plot stands already: place in the arrays (from 1) and the plot's id, in the order of places.
-- :codes, :references text[] of equal length; :last_id the last plot before the import: what it wrote itself is never
-- met again, since keys come once in a file. Uses uq_plot_municipality_code_reference_current.
SELECT u.place, p.id
FROM unnest(CAST(:codes AS text[]), CAST(:references AS text[])) WITH ORDINALITY AS u(code, reference, place)
JOIN landbank.plot p ON p.municipality_code = u.code AND p.reference = u.reference AND p.valid_to IS NULL
  AND p.id <= :last_id
ORDER BY u.place
