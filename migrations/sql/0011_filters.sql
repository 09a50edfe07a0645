-- What filters compare texts by. Both are immutable, so that an index may stand on them, and need no extension.

-- The text with its case folded. Source: Unicode 15.0, 3.13 (caseless matching): small letters, and the two that lower()
-- leaves apart: sharp s, and the sigma at a word's end.
CREATE FUNCTION landbank.fold_case(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT translate(replace(lower(value {collation}), 'ß', 'ss'), 'ς', 'σ')
$$;

-- The text without accents: decomposed (NFD), its combining marks left out; and the Latin letters with a stroke and the
-- ligatures, which Unicode does not decompose.
CREATE FUNCTION landbank.fold_accents(value text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$
  SELECT normalize(regexp_replace(normalize(
    translate(replace(replace(replace(replace(value, 'æ', 'ae'), 'Æ', 'AE'), 'œ', 'oe'), 'Œ', 'OE'),
      'øØđĐðÐłŁħĦŧŦ', 'oOdDdDlLhHtT'), NFD),
    '[\u0300-\u036f\u1ab0-\u1aff\u1dc0-\u1dff\u20d0-\u20ff\ufe20-\ufe2f]', '', 'g'), NFC)
$$;

-- Whether two geometries have a point in common. It runs only where their bounding boxes meet and do not tell, so it is
-- priced as the little that it then costs: the price of st_intersects makes the planner gather whole indexes instead.
CREATE FUNCTION landbank.meets(one public.geometry, other public.geometry) RETURNS boolean
LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE COST 100 AS $$
BEGIN
  RETURN public.st_intersects(one, other);
END
$$;

-- What stands in the way of current plots now, each at its plot's place.
CREATE VIEW landbank.restriction_facts AS
SELECT r.id, r.plot_id, p.reference AS plot_reference, p.name AS plot_name, p.municipality_code,
  r.kind, r.is_blocking, r.description, r.owner, r.due_on, r.resolved_on, r.source, r.confirmed_on, p.is_synthetic,
  r.recorded_at, coalesce(p.geometry, p.location) AS geometry, p.geometry_tile
FROM landbank.restriction r
JOIN landbank.plot p ON p.id = r.plot_id
WHERE r.superseded_at IS NULL AND coalesce(r.resolved_on > current_date, true)
  AND (p.valid_to IS NULL OR p.valid_to > current_date);
