"""The reader's notes: each code with what it means."""

from __future__ import annotations

from landbank.exchange.read import Note

NOTE_CODES = {
    "archive_ignored": "Other files of the archive or folder were not read.",
    "attributes_missing": "The Shapefile has no .dbf: shapes without attributes.",
    "axis_order": "The columns X and Y were taken as northing and easting.",
    "cell_error": "A spreadsheet cell holds an error instead of a value.",
    "column_left_out": "A column of raw bytes was left out.",
    "column_renamed": "A column without a name, or with one that occurs twice, was given one.",
    "coordinate_unreadable": "A row's coordinates are no numbers; the row has no geometry.",
    "coordinates_chosen": "Several columns could hold the coordinates; one pair was taken.",
    "crs_by_parameters": "The file gives projection parameters and no code; they are those of a registered CRS.",
    "crs_default": "The file states no CRS; its format says degrees.",
    "crs_default_impossible": "The format says degrees, and coordinates lie outside ±180, ±90.",
    "crs_from_text": "The CRS was taken from a sentence in the table.",
    "crs_overridden": "The caller's CRS replaced the one the file states.",
    "crs_unreadable": "The file's statement of its CRS names none that is known.",
    "curve_linearised": "Arcs were replaced by chords of at most one degree.",
    "dxf_closed": "Closed lines became polygons.",
    "dxf_text_left_out": "Texts and points of the drawing are not plots and were left out.",
    "encoding": "How the encoding of the text was decided.",
    "formula_without_value": "Formulas were saved without their results.",
    "geometry_missing": "The table has no geometry and no coordinate columns.",
    "geometry_unreadable": "A row's WKT or WKB can't be read; the row has no geometry.",
    "header_found": "Rows above the column names were passed over.",
    "layer_chosen": "One of several layers was taken.",
    "row_blank": "Blank rows of the table were passed over.",
    "row_length": "A row has more or fewer cells than there are columns.",
    "srid_differs": "A row's geometry names another CRS than the first; the row has no geometry.",
    "surface_unsupported": "A TIN or polyhedral surface is no area on a map; the row has no geometry.",
    "text_decomposed": "Letters made of two characters (a + ring) were joined (å).",
    "text_misread": "Text looks as if it was read in a wrong encoding before it was saved.",
    "text_not_utf8": "Text was not in the encoding the file promises and was read as cp1252.",
    "text_nul": "NUL characters were taken out of text.",
    "z_or_m": "Coordinates carry heights or measures.",
}


def note(
    code: str, text: str, *, row: int | None = None, field: str | None = None, value: str | None = None
) -> Note:
    """A note with a code that is listed, its value cut to 120 characters."""
    if code not in NOTE_CODES:
        raise KeyError(code)
    return Note(row, code, text, field, value if value is None else value[:120])
