"""CSV and XLSX: encodings, separators, numbers, header rows, coordinates in either order, shapes as text."""

from __future__ import annotations

import datetime as dt
from collections.abc import Callable
from pathlib import Path
from typing import Any

import openpyxl
import pytest
import shapely

from landbank.errors import Invalid
from landbank.exchange.read import TableOptions

SQUARE = "POLYGON ((150000 6400000, 150100 6400000, 150100 6400100, 150000 6400100, 150000 6400000))"


def csv_file(tmp_path: Path, text: str, encoding: str = "utf-8") -> Path:
    """A CSV file with exactly this text."""
    path = tmp_path / "tomter.csv"
    path.write_bytes(text.encode(encoding))
    return path


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "cp1252", "utf-16"])
def test_swedish_letters_come_right_in_every_encoding(
    encoding: str, tmp_path: Path, read_here: Callable[..., Any]
) -> None:
    text = "namn;öster;norr\nHärryda;150000;6400000\nÖckerö;150001;6400001\n"
    read = read_here(csv_file(tmp_path, text, encoding))
    assert read.columns["namn"] == ["Härryda", "Öckerö"]
    assert list(read.columns) == ["namn", "öster", "norr"]


@pytest.mark.parametrize("separator", [";", ",", "\t", "|"])
def test_separator_is_found(separator: str, tmp_path: Path, read_here: Callable[..., Any]) -> None:
    rows = [["namn", "e", "n"], ["A", "150000", "6400000"], ["B", "150001", "6400001"]]
    read = read_here(csv_file(tmp_path, "\n".join(separator.join(row) for row in rows)))
    assert read.columns == {"namn": ["A", "B"], "e": [150000, 150001], "n": [6400000, 6400001]}
    assert read.shapes == [shapely.Point(150000, 6400000), shapely.Point(150001, 6400001)]


def test_separator_named_by_excel_is_taken(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "sep=;\nnamn;yta\nA, B;1,5\n"))
    assert read.columns == {"namn": ["A, B"], "yta": [1.5]}
    assert read.sheet_rows == [3]


def test_numbers_with_decimal_comma_and_grouped_digits(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;yta;pris\nA;12 345,5;1,25\nB;7;900\n"))
    assert read.columns["yta"] == [12345.5, 7.0]
    assert read.columns["pris"] == [1.25, 900.0]


def test_decimal_comma_between_commas_stays_text(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    assert read_here(csv_file(tmp_path, 'namn,yta\nA,"1,234"\nB,"5,678"\n')).columns["yta"] == [
        "1,234",
        "5,678",
    ]


def test_codes_keep_their_zeros_and_prose_stays_text(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(
        csv_file(tmp_path, "kod;antal;dag;fel;ja\n0180;3;2026-09-12;4 lots;true\n1480;;2026-01-01;5;false\n")
    )
    assert read.columns["kod"] == ["0180", "1480"]
    assert read.columns["antal"] == [3, None]
    assert read.columns["dag"] == [dt.date(2026, 9, 12), dt.date(2026, 1, 1)]
    assert read.columns["fel"] == ["4 lots", "5"]
    assert read.columns["ja"] == [True, False]


def test_day_that_does_not_exist_stays_text(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    assert read_here(csv_file(tmp_path, "namn;dag\nA;2026-02-30\n")).columns["dag"] == ["2026-02-30"]


def test_header_below_titles_is_found_and_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    text = "Tomtlista Härryda;;\n;;\nnamn;e;n\nA;150000;6400000\n"
    read = read_here(csv_file(tmp_path, text))
    assert read.columns["namn"] == ["A"]
    assert read.sheet_rows == [4]
    assert read.noted("header_found")


def test_header_row_is_pointed_at(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "a;b\n2025;2026\n1;2\n"), table=TableOptions(header_row=2))
    assert read.columns == {"2025": [1], "2026": [2]}


def test_no_header_is_refused(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    with pytest.raises(Invalid, match="looks like column names"):
        read_here(csv_file(tmp_path, "1;2;3\n4;5;6\n"))


def test_newline_in_a_quoted_header_and_double_names(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, '"Net\nDwellings",yta,yta,\nA,1,2,x\n'))
    assert list(read.columns) == ["Net Dwellings", "yta", "yta (2)"]
    assert read.noted("column_renamed")[0].field == "yta (2)"


def test_blank_rows_are_told_and_rows_keep_their_number(
    tmp_path: Path, read_here: Callable[..., Any]
) -> None:
    read = read_here(csv_file(tmp_path, "namn;yta\nA;1\n;\n\nB;2\n"))
    assert (read.columns["namn"], read.sheet_rows) == (["A", "B"], [2, 5])
    assert "row 3" in read.noted("row_blank")[0].text


def test_uneven_rows_are_told_with_what_is_over(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;yta;x\nA;1;2\nB;2\nC;3;4;over\n"))
    assert [(one.row, one.value) for one in read.noted("row_length")] == [(2, None), (3, "over")]


@pytest.mark.parametrize(
    ("x", "y"),
    [
        ("lon", "lat"),
        ("Longitude", "Latitude"),
        ("GeoX", "GeoY"),
        ("X-koordinat", "Y-koordinat"),
        ("E", "N"),
        ("Öst", "Norr"),
    ],
)
def test_coordinate_columns_are_known_by_name(
    x: str, y: str, tmp_path: Path, read_here: Callable[..., Any]
) -> None:
    read = read_here(csv_file(tmp_path, f"namn;{y};{x}\nA;57,70887;11,97456\n"))
    assert read.shapes == [shapely.Point(11.97456, 57.70887)]


def test_x_of_swedish_surveying_is_north(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;X;Y\nA;6400000;150000\n"))
    assert read.shapes == [shapely.Point(150000, 6400000)]
    assert read.noted("axis_order")


def test_swapped_degrees_stay_as_named(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    assert read_here(csv_file(tmp_path, "namn;GeoX;GeoY\nA;52.19;-2.2\n")).shapes == [
        shapely.Point(52.19, -2.2)
    ]


def test_axis_order_is_given(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;X;Y\nA;57.7;11.9\n"), table=TableOptions(axis_order="yx"))
    assert read.shapes == [shapely.Point(11.9, 57.7)]


def test_columns_of_coordinates_are_given(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    path = csv_file(tmp_path, "namn;a;b\nA;150000;6400000\n")
    assert read_here(path, table=TableOptions(x="a", y="b")).shapes == [shapely.Point(150000, 6400000)]
    with pytest.raises(Invalid, match="no column 'c'"):
        read_here(path, table=TableOptions(x="c", y="b"))


def test_coordinate_that_is_no_number_is_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;e;n\nA;150000;6400000\nB;okänd;6400000\nC;;\n"))
    assert [shape is None for shape in read.shapes] == [False, True, True]
    assert [(one.row, one.field, one.value) for one in read.noted("coordinate_unreadable")] == [
        (2, "e", "okänd")
    ]


def test_wkt_column_is_found_whatever_its_name(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, f"namn;läge\nA;{SQUARE}\nB;\n"))
    assert read.shapes[0].area == 10_000
    assert read.shapes[1] is None
    assert list(read.columns) == ["namn"]


def test_ewkt_and_ewkb_state_their_crs(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    shape = shapely.set_srid(shapely.from_wkt(SQUARE), 3007)
    for cell in (f"SRID=3007;{SQUARE}", shapely.to_wkb(shape, hex=True, include_srid=True)):
        read = read_here(csv_file(tmp_path, f'namn;geom\nA;"{cell}"\n'))
        assert (read.source.layer.crs, read.source.crs_from) == ("EPSG:3007", "file")
        assert read.shapes[0].area == 10_000


def test_row_with_another_srid_is_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    text = f'namn;geom\nA;"SRID=3007;{SQUARE}"\nB;"SRID=3006;{SQUARE}"\n'
    read = read_here(csv_file(tmp_path, text))
    assert (read.shapes[1], read.noted("srid_differs")[0].row) == (None, 2)


@pytest.mark.parametrize("cell", ["POLYGON ((0 0, 1 0, 1 1, 0 1))", "POLYGON ((0 0, 1 0", "POINT (1 b)"])
def test_wkt_that_is_damaged_is_told(cell: str, tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, f'namn;geom\nA;"{SQUARE}"\nB;"{cell}"\n'))
    assert (read.shapes[1], read.noted("geometry_unreadable")[0].row) == (None, 2)


def test_arcs_in_wkt_become_chords(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    circle = "CURVEPOLYGON (CIRCULARSTRING (0 0, 2 0, 0 0))"
    read = read_here(csv_file(tmp_path, f'namn;geom\nA;"{circle}"\n'))
    assert read.shapes[0].area == pytest.approx(3.14159, rel=1e-4)
    assert read.noted("curve_linearised")[0].row == 1


def test_table_without_places_is_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;yta\nA;1\n"))
    assert (read.source.layer.geometry_kind, read.shapes) == (None, [None])
    assert read.noted("geometry_missing")


def test_text_that_was_misread_before_is_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;yta\nHÃ¤rryda;1\nÖckerö;2\n"))
    assert [(one.row, one.value) for one in read.noted("text_misread")] == [(1, "HÃ¤rryda")]


def test_decomposed_letters_are_joined(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(csv_file(tmp_path, "namn;yta\nHa\u0308rryda;1\n"))
    assert read.columns["namn"] == ["Härryda"]


def test_wrong_encoding_given_is_refused(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    path = csv_file(tmp_path, "namn;yta\nHärryda;1\n", "cp1252")
    with pytest.raises(Invalid, match="not in utf-8"):
        read_here(path, table=TableOptions(encoding="utf-8"))


def book(tmp_path: Path, *sheets: tuple[str, list[list[Any]]]) -> Path:
    """A workbook with the given sheets."""
    made = openpyxl.Workbook()
    made.remove(made.worksheets[0])
    for title, rows in sheets:
        sheet = made.create_sheet(title)
        for row in rows:
            sheet.append(row)
    path = tmp_path / "tomter.xlsx"
    made.save(path)
    return path


ROWS: list[list[Any]] = [
    ["Planlagd verksamhetsmark"],
    ["Koordinater i SWEREF 99 12 00 (X = norr, Y = öst)"],
    [],
    ["kod", "namn", "yta", "dag", "klar", "X", "Y"],
    ["0180", "Härryda", 1.5, dt.date(2026, 9, 12), True, 6400000, 150000],
    ["1480", "Öckerö", 2, dt.date(2026, 1, 1), False, 6400001.5, 150001.5],
]


def test_sheet_is_typed_placed_and_its_crs_taken_from_the_title(
    tmp_path: Path, read_here: Callable[..., Any]
) -> None:
    read = read_here(book(tmp_path, ("Tomter", ROWS), ("Läs mig", [["Not"], ["Summa"]])))
    assert (read.source.layer.name, read.source.layer.crs) == ("Tomter", "EPSG:3007")
    assert read.types == {
        "kod": "string",
        "namn": "string",
        "yta": "double",
        "dag": "date32[day]",
        "klar": "bool",
        "X": "double",
        "Y": "double",
    }
    assert read.shapes == [shapely.Point(150000, 6400000), shapely.Point(150001.5, 6400001.5)]
    assert read.sheet_rows == [5, 6]


def test_numbers_typed_as_text_stay_text_in_a_sheet(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    assert read_here(book(tmp_path, ("A", [["kod", "n"], ["1480", 1]]))).columns == {
        "kod": ["1480"],
        "n": [1],
    }


def test_several_sheets_of_tables_are_listed(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    path = book(tmp_path, ("A", [["namn", "n"], ["x", 1]]), ("B", [["namn", "n"], ["y", 2]]))
    with pytest.raises(Invalid, match=r"A .*B "):
        read_here(path)
    assert read_here(path, table=TableOptions(sheet="B")).columns["namn"] == ["y"]
    assert read_here(path, layer="A").columns["namn"] == ["x"]


def test_cell_with_an_error_is_empty_and_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(book(tmp_path, ("A", [["namn", "n"], ["x", "#DIV/0!"], ["y", 2]])))
    assert read.columns["n"] == [None, 2]
    assert [(one.row, one.field, one.value) for one in read.noted("cell_error")] == [(1, "n", "#DIV/0!")]


def test_formula_without_a_stored_result_is_told(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    read = read_here(book(tmp_path, ("A", [["namn", "n"], ["x", "=1+1"], ["y", 2]])))
    assert read.columns["n"] == [None, 2]
    assert read.noted("formula_without_value")
