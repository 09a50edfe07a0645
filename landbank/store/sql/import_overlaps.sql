-- Overlaps of rows with plots that the file does not hold.
SELECT o.row_number, p.reference, p.municipality_code, o.area_m2
FROM import_overlap o JOIN landbank.plot p ON p.id = o.plot_id
WHERE NOT EXISTS (SELECT FROM import_key k WHERE k.plot_id = o.plot_id)
ORDER BY o.row_number, p.municipality_code, p.reference
