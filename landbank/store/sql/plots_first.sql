-- Ids of the plots for a visitor who asks for nothing: by label as the label list orders them, then the most
-- recently confirmed, then the larger. Reads all current plots: the caller keeps the answer per revision and day.
-- :limit most ids.
SELECT plot_id
FROM landbank.plot_facts
ORDER BY array_position(
    ARRAY['ledig_nu', 'ledig_senare', 'kommande', 'begransad', 'reserverad', 'ej_till_salu', 'sald'], label),
  confirmed_on DESC NULLS LAST, area_m2 DESC NULLS LAST, plot_id
LIMIT :limit
