"""An application on a real server on the loopback, over a small inventory written in plain SQL."""

from __future__ import annotations

import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any

import geopandas
import httpx
import jsonschema
import pandas
import psycopg
import pyarrow as pa
import pyogrio
import pytest
import uvicorn
from sqlalchemy import event, text

from landbank.api.app import create_app
from landbank.exchange.read import open_source
from landbank.services.load_layer import LayerRequest, load_layers
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

Serving = Callable[[Any], AbstractContextManager[str]]

INVENTORY = """
INSERT INTO landbank.municipality (code, name, geometry) VALUES
  ('1480', 'Göteborg', ST_Multi(ST_MakeEnvelope(300000, 6390000, 330000, 6420000, 3006))),
  ('1441', 'Lerum', ST_Multi(ST_MakeEnvelope(330000, 6390000, 350000, 6420000, 3006)));
INSERT INTO landbank.contact (municipality_code, kind, title, email) VALUES
  ('1480', 'sales', 'Näringslivsenheten', 'mark@example.org');
INSERT INTO landbank.area (municipality_code, name, geometry) VALUES
  ('1480', 'Hamnporten', ST_Multi(ST_MakeEnvelope(310000, 6400000, 312000, 6402000, 3006)));
INSERT INTO landbank.plan (municipality_code, reference, name, state, geometry) VALUES
  ('1480', '1480K-P2024/1', 'Plan för Hamnporten', 'laga_kraft',
   ST_Multi(ST_MakeEnvelope(310000, 6400000, 312000, 6402000, 3006)));
INSERT INTO landbank.infrastructure (kind, name, source, location) VALUES
  ('port', 'Ytterhamnen', 'test', ST_Point(305000, 6400000, 3006));
INSERT INTO landbank.plot (municipality_code, area_id, plan_id, reference, name, dataset, planning_state, readiness,
    availability, sales_contact_id, area_m2, area_method, geometry, location)
SELECT '1480', (SELECT id FROM landbank.area), (SELECT id FROM landbank.plan), 'H' || n, 'Tomt ' || n, 'test',
  NULL, 'byggklar', 'ledig', (SELECT id FROM landbank.contact), 10000, 'computed',
  ST_Multi(ST_MakeEnvelope(310000 + 200 * n, 6400000, 310100 + 200 * n, 6400100, 3006)),
  ST_Point(310050 + 200 * n, 6400050, 3006)
FROM generate_series(0, 4) n;
INSERT INTO landbank.plot (municipality_code, reference, name, dataset, planning_state, readiness, availability,
    area_m2, area_method, geometry, location)
VALUES
  ('1441', 'L1', 'Bara en punkt', 'test', 'samrad', 'ramark', 'kommande', 25000, 'declared', NULL,
   ST_Point(335000, 6400000, 3006)),
  ('1441', 'L2', 'Såld tomt', 'test', 'laga_kraft', 'byggklar', 'sald', 40000, 'computed',
   ST_Multi(ST_MakeEnvelope(336000, 6400000, 336200, 6400200, 3006)), ST_Point(336100, 6400100, 3006));
INSERT INTO landbank.plot_use (plot_id, code) SELECT id, 'J' FROM landbank.plot WHERE reference LIKE 'H%';
INSERT INTO landbank.restriction (plot_id, kind, is_blocking)
  SELECT id, 'arkeologi', true FROM landbank.plot WHERE reference = 'H4';
INSERT INTO landbank.restriction (plot_id, kind, is_blocking)
  SELECT id, 'buller', false FROM landbank.plot WHERE reference IN ('H3', 'H4');
"""
"""Seven plots in two municipalities: H0-H3 free now, H4 blocked by archaeology, L1 a point, L2 sold."""


def fill(landbank: Landbank) -> None:
    """Write the seven plots."""
    with landbank.changing(actor="test") as store:
        for statement in INVENTORY.split(";\n"):
            if statement.strip():
                store.connection.execute(text(statement.replace(":", r"\:")))


@pytest.fixture
def inventory(landbank: Landbank) -> Landbank:
    """A landbank with the seven plots."""
    fill(landbank)
    return landbank


def load(landbank: Landbank, path: Path, name: str, *, is_public: bool = True) -> list[str]:
    """Load a file's layers as reference layers; their names."""
    request = LayerRequest(path.name, name, is_public=is_public, attribution="For tests")
    with landbank.preparing(actor="test") as (store, begin_change):
        loaded = load_layers(
            request,
            lambda layer: open_source(path, layer=layer, verbatim=True),
            store.layers,
            begin_change=begin_change,
        )
    return [one.name for one in loaded]


@pytest.fixture(scope="session")
def load_layer() -> Callable[..., list[str]]:
    """`load_layer(landbank, path, name)` loads a file's layers."""
    return load


def wells() -> geopandas.GeoDataFrame:
    """Six places with every type of column: a layer inside Sweden."""
    return geopandas.GeoDataFrame(
        {
            "Namn": ["Älvdal", "alvdal", "Åby", "Bjørn", "straße", None],
            "depth m": [10.5, 20.0, 0.0, -3.25, None, 7.0],
            "count": pandas.array([1, 2, 3, 4, 5, 9_007_199_254_740_993], dtype="int64"),
            "open": [True, False, None, True, False, True],
            "dug": pandas.array(
                [date(2020, 1, 1), date(2020, 6, 30), date(2021, 1, 1), None, date(2022, 2, 2), date(2020, 1, 1)],
                dtype="object",
            ),
            "seen": pandas.to_datetime(
                ["2024-01-01T00:00:00Z", "2024-01-01T12:00:00Z", "2024-01-02T00:00:00Z", None, "2025-05-05T05:05:05Z",
                 "2024-01-01T23:59:59Z"]
            ),
        },
        geometry=geopandas.points_from_xy(
            [310000, 320000, 330000, 340000, 350000, 360000], [6400000] * 6
        ),
        crs=3006,
    )  # fmt: skip


@dataclass(frozen=True, slots=True)
class OpenData:
    """A served landbank that no test changes: the seven plots, and the layers `wells` and, for planners, `secret`."""

    landbank: Landbank
    address: str
    client: httpx.Client

    def get(self, path: str, **query: Any) -> Any:
        """The JSON of a good answer of an address below /ogc; `_` in a parameter's name stands for `-`."""
        answer = self.ask(path, **query)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def ask(self, path: str, **query: Any) -> httpx.Response:
        """The answer of an address below /ogc."""
        known = {"bbox_crs", "filter_lang", "filter_crs", "exclude_properties"}
        named = {name.replace("_", "-") if name in known else name: value for name, value in query.items()}
        return self.client.get(f"/ogc{path}", params=named)


@pytest.fixture(scope="session")
def open_data(databases: Callable[[], str], tmp_path_factory: pytest.TempPathFactory) -> Iterator[OpenData]:
    """The served landbank that no test changes; made once a process."""
    landbank = open_landbank(Settings(), databases())
    fill(landbank)
    path = tmp_path_factory.mktemp("layers") / "wells.gpkg"
    table = pa.table(wells().to_arrow(index=False, geometry_encoding="WKB"))
    place = table.column_names.index("dug")
    pyogrio.write_arrow(
        table.set_column(place, "dug", table.column("dug").cast(pa.date32())),
        path, layer="wells", driver="GPKG", geometry_name="geometry", geometry_type="Point", crs="EPSG:3006",
    )  # fmt: skip
    load(landbank, path, "wells")
    load(landbank, path, "secret", is_public=False)
    with served(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield OpenData(landbank, address, client)
    landbank.close()


@contextmanager
def served(app: Any) -> Iterator[str]:
    """The address of an application that is served while the context lasts."""
    with socket.create_server(("127.0.0.1", 0)) as listening:
        config = uvicorn.Config(
            app, log_config=None, access_log=False, lifespan="on", timeout_graceful_shutdown=2
        )
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        try:
            wait_until(lambda: server.started or not thread.is_alive())
            assert server.started, "the application did not start"
            yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        finally:
            server.should_exit = True
            thread.join(10)


def wait_until(is_so: Callable[[], bool], seconds: float = 10.0) -> None:
    """Return once the claim holds; fail after so many seconds."""
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "waited in vain"
        time.sleep(0.01)


@pytest.fixture(scope="session")
def until() -> Callable[..., None]:
    """`until(claim)` returns once the claim holds, and fails after ten seconds."""
    return wait_until


@pytest.fixture(scope="session")
def serving() -> Serving:
    """`with serving(app) as address` serves an application on a free port of the loopback."""
    return served


@pytest.fixture
def client(inventory: Landbank) -> Iterator[httpx.Client]:
    """A client of the whole application over the seven plots."""
    with served(create_app(inventory)) as address, httpx.Client(base_url=address, timeout=20) as opened:
        yield opened


@pytest.fixture
def statements(inventory: Landbank) -> Iterator[list[str]]:
    """The statements that the pool's connections run from here on; `clear()` it before what is counted."""
    run: list[str] = []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        run.append(statement)

    event.listen(inventory.engine, "before_cursor_execute", note)
    yield run
    event.remove(inventory.engine, "before_cursor_execute", note)


class Blocked:
    """The plots locked away from every reader, so that whoever draws a tile waits."""

    def __init__(self, url: str) -> None:
        self.holding = psycopg.connect(url)
        self.watching = psycopg.connect(url, autocommit=True)
        self.holding.execute("LOCK TABLE landbank.plot IN ACCESS EXCLUSIVE MODE")

    def waiting(self) -> int:
        """How many connections for tiles wait for the plots."""
        statement = (
            "SELECT count(*) FROM pg_stat_activity WHERE datname = current_database()"
            " AND application_name = 'landbank tiles' AND wait_event_type = 'Lock'"
        )
        row = self.watching.execute(statement).fetchone()
        return int(row[0]) if row else 0

    def release(self) -> None:
        """Let the readers go on."""
        self.holding.rollback()


@pytest.fixture
def blocked(inventory: Landbank, database_url: str) -> Iterator[Callable[[], Blocked]]:
    """Locks the plots when called; they are free again at the end of the test at the latest."""
    made: list[Blocked] = []

    def block() -> Blocked:
        made.append(Blocked(database_url))
        return made[-1]

    yield block
    for one in made:
        one.holding.close()
        one.watching.close()


@pytest.fixture(scope="session")
def feature_collection() -> jsonschema.Draft202012Validator:
    """Checks a page of items: RFC 7946, 3.2 and 3.3, and OGC 17-069r4, 7.16."""
    position = {"type": "array", "items": {"type": "number"}, "minItems": 2, "maxItems": 2}
    geometry = {
        "type": "object",
        "required": ["type", "coordinates"],
        "properties": {
            "type": {"enum": ["Point", "Polygon", "MultiPolygon"]},
            "coordinates": {"type": "array"},
        },
        "if": {"properties": {"type": {"const": "Point"}}},
        "then": {"properties": {"coordinates": position}},
        "additionalProperties": False,
    }
    feature = {
        "type": "object",
        "required": ["type", "id", "geometry", "properties"],
        "properties": {
            "type": {"const": "Feature"},
            "id": {"type": ["integer", "string"]},
            "geometry": {"anyOf": [{"type": "null"}, geometry]},
            "properties": {"type": "object"},
        },
    }
    link = {"type": "object", "required": ["href", "rel", "type"]}
    return jsonschema.Draft202012Validator(
        {
            "type": "object",
            "required": ["type", "features", "links", "timeStamp", "numberMatched", "numberReturned"],
            "properties": {
                "type": {"const": "FeatureCollection"},
                "features": {"type": "array", "items": feature},
                "links": {"type": "array", "items": link},
                "timeStamp": {"type": "string", "pattern": r"^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$"},
                "numberMatched": {"type": "integer"},
                "numberReturned": {"type": "integer"},
            },
        }
    )
