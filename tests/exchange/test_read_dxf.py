"""Drawings: closed lines, bulges, blocks, labels and drawing layers."""

from __future__ import annotations

import math
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from landbank.errors import Invalid
from landbank.exchange.read import open_source


def pairs(*values: object) -> str:
    """Group codes and values, a line each."""
    return "".join(f"{value}\n" for value in values)


def polyline(layer: str, points: list[tuple[float, ...]], *, closed: bool) -> str:
    """A lightweight polyline; a third number of a point is its bulge."""
    text = pairs(0, "LWPOLYLINE", 8, layer, 90, len(points), 70, int(closed))
    for x, y, *bulge in points:
        text += pairs(10, x, 20, y) + (pairs(42, bulge[0]) if bulge else "")
    return text


def label(layer: str, x: float, y: float, text: str) -> str:
    """A text entity."""
    return pairs(0, "TEXT", 8, layer, 10, x, 20, y, 40, 1.0, 1, text)


def drawing(tmp_path: Path, entities: str, blocks: str = "") -> Path:
    """A drawing with these entities and blocks."""
    path = tmp_path / "plan.dxf"
    text = pairs(0, "SECTION", 2, "HEADER", 0, "ENDSEC")
    text += pairs(0, "SECTION", 2, "BLOCKS") + blocks + pairs(0, "ENDSEC") if blocks else ""
    text += pairs(0, "SECTION", 2, "ENTITIES") + entities + pairs(0, "ENDSEC", 0, "EOF")
    path.write_text(text, encoding="cp1252")
    return path


SQUARE: list[tuple[float, ...]] = [(0, 0), (10, 0), (10, 10), (0, 10)]


def test_closed_lines_become_areas_and_open_ones_stay(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    entities = polyline("TOMT", SQUARE, closed=True) + polyline("VAG", SQUARE, closed=False)
    read = read_file(drawing(tmp_path, entities))
    assert [(shape.geom_type, shape.area) for shape in read.shapes] == [
        ("Polygon", 100.0),
        ("LineString", 0.0),
    ]
    assert read.noted("dxf_closed")[0].value == "1"
    assert read.source.layer.crs is None


def test_bulges_become_arcs(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    circle = polyline("TOMT", [(-1, 0, 1.0), (1, 0, 1.0)], closed=True)
    assert read_file(drawing(tmp_path, circle)).shapes[0].area == pytest.approx(math.pi, rel=1e-3)


def test_text_inside_one_area_names_it(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    other = [(x + 20, y) for x, y in SQUARE]
    entities = polyline("TOMT", SQUARE, closed=True) + polyline("TOMT", other, closed=True)
    read = read_file(
        drawing(tmp_path, entities + label("TEXT", 5, 5, "Tomt 1") + label("TEXT", 50, 5, "Väg"))
    )
    assert (read.rows, read.columns["Text"]) == (2, ["Tomt 1", None])
    assert read.noted("dxf_text_left_out")[0].value == "2"


def test_drawing_layers_can_be_chosen(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    path = drawing(tmp_path, polyline("TOMT", SQUARE, closed=True) + polyline("VAG", SQUARE, closed=False))
    assert [layer.name for layer in read_file(path).source.layers] == ["entities", "TOMT", "VAG"]
    assert read_file(path, layer="TOMT").columns["Layer"] == ["TOMT"]
    with pytest.raises(Invalid, match="no layer 'HUS'"):
        open_source(path, layer="HUS")


def test_closed_lines_in_a_block_become_areas_where_it_is_placed(
    tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    block = pairs(0, "BLOCK", 8, "0", 2, "TOMTBLOCK", 70, 0, 10, 0.0, 20, 0.0)
    block += polyline("TOMT", SQUARE, closed=True) + pairs(0, "ENDBLK", 8, "0")
    placed = pairs(0, "INSERT", 8, "TOMT", 2, "TOMTBLOCK", 10, 100.0, 20, 200.0)
    read = read_file(drawing(tmp_path, placed, block))
    assert [shape.area for shape in read.shapes] == [100.0]
    assert read.shapes[0].bounds == (100.0, 200.0, 110.0, 210.0)


def test_drawing_that_was_cut_off_is_refused(tmp_path: Path) -> None:
    path = drawing(tmp_path, polyline("TOMT", SQUARE, closed=True))
    path.write_text(path.read_text()[:-12])
    with pytest.raises(Invalid, match="cut off"):
        open_source(path)
