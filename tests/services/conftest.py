"""Imports files as the command does, into a database of the test's own."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from landbank.cli.import_ import run_import
from landbank.domain.people import Actor
from landbank.exchange.read import open_source
from landbank.exchange.report import Report
from landbank.services.import_plots import Request
from landbank.wiring import Landbank

SWEDEN = (10.0, 54.9, 24.7, 69.5)


@pytest.fixture
def region(landbank: Landbank) -> Landbank:
    """An inventory with two municipalities; a box stands for Lerum's border."""
    border = shapely.MultiPolygon([shapely.box(328_000, 6_398_000, 345_000, 6_420_000)])
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text(
                "INSERT INTO landbank.municipality (code, name, geometry) VALUES"
                " ('1441', 'Lerum', ST_GeomFromText(:wkt, 3006)), ('1480', 'Göteborg', NULL)"
            ),
            {"wkt": border.wkt},
        )
    return landbank


Import = Callable[..., Report]


@pytest.fixture
def import_file(region: Landbank) -> Iterator[Import]:
    """A function that imports a file; `apply` false only shows what would happen."""
    reports: list[Report] = []

    def run(
        path: Path,
        *,
        apply: bool = True,
        extent: Any = SWEDEN,
        reading: Any = None,
        actor: Actor | None = None,
        **asked: Any,
    ) -> Report:
        request = Request(path, extent, is_applied=apply, **asked)
        with open_source(path, **(reading or {})) as source:
            reports.append(run_import(region, request, source, actor=actor))
        report = reports[-1]
        assert report.rows == report.landed + report.repaired + report.refused + report.unchanged
        assert report.landed + report.repaired == report.new + report.changed
        return report

    yield run
    for report in reports:
        report.close()


@pytest.fixture
def query(region: Landbank) -> Callable[[str], list[tuple[Any, ...]]]:
    """A function that answers a statement's rows."""

    def ask(statement: str) -> list[tuple[Any, ...]]:
        with region.reading() as store:
            return [tuple(row) for row in store.connection.execute(text(statement))]

    return ask


def square(x: float, y: float, side: float = 100.0) -> shapely.Polygon:
    """A square counted from a place in Lerum, metres."""
    return shapely.box(330_000 + x, 6_400_000 + y, 330_000 + x + side, 6_400_000 + y + side)


@pytest.fixture
def geojson(tmp_path: Path) -> Callable[..., Path]:
    """A function that writes rows of (properties, shape) as GeoJSON in EPSG:3006."""

    def write(
        rows: list[tuple[dict[str, Any], shapely.Geometry | None]], name: str = "tomter.geojson"
    ) -> Path:
        features = [
            {
                "type": "Feature",
                "properties": properties,
                "geometry": None if shape is None else json.loads(shapely.to_geojson(shape)),
            }
            for properties, shape in rows
        ]
        told = {
            "type": "FeatureCollection",
            "crs": {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}},
            "features": features,
        }
        path = tmp_path / name
        path.write_text(json.dumps(told, ensure_ascii=False), encoding="utf-8")
        return path

    return write


@pytest.fixture(name="square")
def square_fixture() -> Callable[..., shapely.Polygon]:
    """A square counted from a place in Lerum: x, y and side in metres."""
    return square


def codes(report: Report) -> dict[str, int]:
    """How often each code was found, columns that fill nothing left out."""
    return {one.code: one.count for one in report.findings.summary() if one.code != "column_not_imported"}


@pytest.fixture(name="codes")
def codes_fixture() -> Callable[[Report], dict[str, int]]:
    """How often each code was found."""
    return codes
