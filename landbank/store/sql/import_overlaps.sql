-- Overlaps of rows with plots that the file does not hold.
SELECT o.row_number, p.reference, p.municipality_code, o.area_m2
FROM import_overlap o JOIN landbank.plot p ON p.id = o.plot_id
WHERE o.plot_id NOT IN (SELECT plot_id FROM import_key)
ORDER BY o.row_number, p.municipality_code, p.reference
