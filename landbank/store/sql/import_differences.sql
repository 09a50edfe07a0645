-- The rows that change a plot, in the order of rows.
SELECT k.row_number, k.plot_id, p.municipality_code, p.reference, k.difference
FROM import_key k JOIN landbank.plot p ON p.id = k.plot_id
WHERE k.state = 'changed' ORDER BY k.row_number
