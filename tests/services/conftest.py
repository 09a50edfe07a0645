"""Imports files as the command does, into a database of the test's own."""

from __future__ import annotations

import itertools
import json
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import pytest
import shapely
from sqlalchemy import text

from landbank.cli.import_ import run_import
from landbank.domain.people import Actor, Grant, Role
from landbank.exchange.read import open_source
from landbank.exchange.report import Report
from landbank.services.change_plot import create_plot
from landbank.services.import_plots import Request
from landbank.services.plot_editing import Editing
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

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
        path: Path, *, apply: bool = True, extent: Any = SWEDEN, reading: Any = None, **asked: Any
    ) -> Report:
        request = Request(path, extent, is_applied=apply, **asked)
        with open_source(path, **(reading or {})) as source:
            reports.append(run_import(region, request, source))
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


LERUM, GOTEBORG = "1441", "1480"


class Land:
    """A landbank that plots are changed in by hand, in Lerum; every plot lies in a place of its own."""

    def __init__(self, landbank: Landbank) -> None:
        self.landbank = landbank
        self.planner = Actor("user:1", frozenset({Grant(Role.PLANNER, LERUM)}))
        self.day = date(2026, 11, 24)
        self.places = itertools.count()

    def document(self, reference: str, **members: Any) -> dict[str, Any]:
        """A document of a new plot: a square of 100 m, 300 m from the one before."""
        x = 330_000 + 300 * next(self.places)
        return {"municipality_code": LERUM, "reference": reference, "availability": "ledig"} | (
            outline(shapely.box(x, 6_400_000, x + 100, 6_400_100)) | members
        )

    def editing(self, actor: Actor | None = None, day: date | None = None) -> Editing:
        """Who changes: the planner of Lerum on the day of the tests, or somebody else on another day."""
        return Editing(actor or self.planner, day or self.day, SWEDEN)

    def change(
        self, make: Callable[..., Any], *arguments: Any, actor: Actor | None = None, **named: Any
    ) -> Any:
        """What a service answers in a transaction of its own: `make(store, editing, ...)`."""
        day, reason = named.pop("day", None), named.pop("reason", None)
        who = actor or self.planner
        with self.landbank.changing(actor=who, role=who.role_in(LERUM), reason=reason) as store:
            return make(store, self.editing(who, day), *arguments, **named)

    def add(self, reference: str, **members: Any) -> Any:
        """A new plot, as the store has it."""
        document = self.document(reference, **members)
        return self.change(create_plot, document, lifecycles=self.landbank.lifecycles).plot

    def plot(self, plot_id: int) -> Any:
        """A plot as it stands."""
        with self.landbank.reading() as store:
            return store.plot_contents.current(plot_id)

    def events(self, plot_id: int) -> list[Any]:
        """The events of a plot in their order: kind, actor, reason, changes."""
        return self.rows(
            "SELECT kind, actor, reason, changes FROM landbank.event WHERE noun = 'plot' AND noun_id = :id"
            " ORDER BY revision",
            id=str(plot_id),
        )

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What a statement answers."""
        with self.landbank.reading() as store:
            return list(store.connection.execute(text(statement), values))


def outline(shape: shapely.Geometry, crs: str = "EPSG:3006") -> dict[str, Any]:
    """The members of a document that state its ground."""
    return {"crs": crs, "geometry": json.loads(shapely.to_geojson(shape))}


@pytest.fixture(scope="module")
def land(databases: Callable[[], str]) -> Iterator[Land]:
    """A landbank with two municipalities, a park, a plan, a contact and a port in Lerum, and a park in Göteborg."""
    opened = open_landbank(Settings(), databases())
    with opened.changing(actor="test") as store:
        for statement in REGION.split(";\n"):
            store.connection.execute(text(statement))
    yield Land(opened)
    opened.close()


REGION = """
INSERT INTO landbank.municipality (code, name, geometry) VALUES
  ('1441', 'Lerum', ST_Multi(ST_MakeEnvelope(328000, 6398000, 390000, 6420000, 3006))), ('1480', 'Göteborg', NULL);
INSERT INTO landbank.area (municipality_code, name) VALUES ('1441', 'Berg'), ('1480', 'Hamnen');
INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1441', 'DP 1', 'samrad');
INSERT INTO landbank.contact (municipality_code, kind, title) VALUES ('1441', 'sales', 'Näringslivsenheten');
INSERT INTO landbank.infrastructure (kind, name, source, location) VALUES
  ('port', 'Hamnen', 'test', ST_Point(320000, 6400000, 3006))
"""
