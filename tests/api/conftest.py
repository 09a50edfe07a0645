"""An application on a real server on the loopback, over a small inventory written in plain SQL."""

from __future__ import annotations

import itertools
import socket
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Any
from urllib.parse import urljoin, urlsplit

import geopandas
import httpx
import jsonschema
import lxml.html
import pandas
import psycopg
import pyarrow as pa
import pyogrio
import pyotp
import pytest
import uvicorn
from sqlalchemy import event, text

from landbank.api.app import create_app
from landbank.domain.people import ANONYMOUS, SYSTEM, Actor, Grant, Role
from landbank.exchange.read import open_source
from landbank.services.door import Door
from landbank.services.load_layer import LayerRequest, load_layers
from landbank.services.manage_people import give_role, invite
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
    """Put the seven plots into an empty landbank."""
    with landbank.changing(actor="test") as store:
        for statement in INVENTORY.split(";\n"):
            if statement.strip():
                store.connection.execute(text(statement.replace(":", r"\:")))


@pytest.fixture(scope="session")
def filling() -> Callable[[Landbank], None]:
    """`filling(landbank)` puts the seven plots into an empty landbank, for fixtures that live longer than a test."""
    return fill


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


PLANNER = Actor("user:1", frozenset({Grant(Role.PLANNER, "1480")}))
LOTS = Actor("user:2", frozenset({Grant(Role.LOTS, "1480")}))
ELSEWHERE = Actor("user:3", frozenset({Grant(Role.PLANNER, "1441")}))
PEOPLE = {"planner": PLANNER, "lots": LOTS, "elsewhere": ELSEWHERE}


class Desk:
    """People at their desks before one landbank: each has a client, and plots are made as they are needed."""

    def __init__(self, landbank: Landbank, address: str) -> None:
        self.landbank = landbank
        self.address = address
        self.places = itertools.count()
        self.clients = {
            who: httpx.Client(base_url=address, timeout=20, headers={"X-Test-Person": who})
            for who in (*PEOPLE, "anonymous")
        }

    def __getattr__(self, who: str) -> httpx.Client:
        """The client of a person of `PEOPLE`, or of `anonymous`."""
        return self.clients[who]

    def outline(self, width: float = 100) -> dict[str, Any]:
        """The ground of a new plot in Göteborg, 300 m from the one before."""
        x, y = 305_000 + 300 * next(self.places), 6_395_000
        ring = [[x, y], [x + width, y], [x + width, y + 100], [x, y + 100], [x, y]]
        return {"crs": "EPSG:3006", "geometry": {"type": "Polygon", "coordinates": [ring]}}

    def document(self, reference: str, **members: Any) -> dict[str, Any]:
        """The document of a new plot."""
        told = {"municipality_code": "1480", "reference": reference, "availability": "ledig"}
        return told | self.outline() | members

    def add(self, reference: str, **members: Any) -> dict[str, Any]:
        """A new plot: its document."""
        answer = self.planner.post("/api/plots", json=self.document(reference, **members))
        assert answer.status_code == 201, answer.text
        plot: dict[str, Any] = answer.json()["plot"]
        return plot

    def tag(self, plot_id: int) -> str:
        """A plot's tag as it stands."""
        return str(self.anonymous.get(f"/api/plots/{plot_id}").headers["etag"])

    def rows(self, statement: str, **values: Any) -> list[Any]:
        """What a statement answers."""
        with self.landbank.reading() as store:
            return list(store.connection.execute(text(statement), values))


@pytest.fixture(scope="module")
def desk(databases: Callable[[], str]) -> Iterator[Desk]:
    """The seven plots behind a server that takes people at their word."""
    opened = open_landbank(Settings(), databases())
    with opened.changing(actor="test") as store:
        for statement in INVENTORY.split(";\n"):
            if statement.strip():
                store.connection.execute(text(statement.replace(":", r"\:")))
    app = create_app(opened)
    app.state.identify = lambda request: PEOPLE.get(request.headers.get("x-test-person", ""), ANONYMOUS)
    with served(app) as address:
        made = Desk(opened, address)
        yield made
        for client in made.clients.values():
            client.close()
    opened.close()


class Agent:
    """A browser without scripts: keeps cookies (Secure ones too, as browsers do on the loopback), and posts forms.

    Redirects are followed one by one, so that the cookies of each are kept.
    """

    def __init__(self, address: str, http: httpx.Client) -> None:
        self.address = address
        self.http = http
        self.cookies: dict[str, str] = {}
        self.url = address

    def get(self, path: str, **headers: str) -> httpx.Response:
        """The page at a path of the site, or at a whole address."""
        return self.send("GET", urljoin(self.address, path), headers=headers)

    def post(self, path: str, data: Any = None, **headers: str) -> httpx.Response:
        """What a form posted from one of the site's own pages answers."""
        own = {"origin": self.origin_of(path), "sec-fetch-site": "same-origin"}
        return self.send("POST", path, data=data or {}, headers=own | headers)

    def submit(self, answer: httpx.Response, path: str, **fields: Any) -> httpx.Response:
        """What the form of a page answers that posts to the path, its own values sent along."""
        for form in lxml.html.fromstring(answer.text).forms:
            address = urljoin(self.url, form.action or "")
            if urlsplit(address).path == path:
                own = {name: value for name, value in form.fields.items() if value is not None}
                return self.post(address, own | fields)
        raise AssertionError(f"no form on {self.url} posts to {path}")

    def origin_of(self, path: str) -> str:
        """The origin of an address."""
        parts = urlsplit(urljoin(self.url, path))
        return f"{parts.scheme}://{parts.netloc}"

    def send(self, method: str, path: str, **told: Any) -> httpx.Response:
        """The last answer after all redirects; `self.url` is its address."""
        for _ in range(15):
            answer = self.send_once(method, path, **told)
            if not answer.has_redirect_location:
                return answer
            method, path, told = "GET", answer.headers["location"], {}
        raise AssertionError("redirected in a circle")

    def send_once(self, method: str, path: str, **told: Any) -> httpx.Response:
        """One answer, a redirect or not; its cookies are kept."""
        self.url = urljoin(self.url, path)
        headers = {"accept": "text/html", "cookie": self.jar(), **told.pop("headers", {})}
        answer = self.http.request(
            method, self.url, headers={name: value for name, value in headers.items() if value}, **told
        )
        self.http.cookies.clear()
        for line in answer.headers.get_list("set-cookie"):
            name, _, value = line.split(";")[0].partition("=")
            if value.strip('"') and "max-age=0" not in line.lower():
                self.cookies[name] = value
            else:
                self.cookies.pop(name, None)
        return answer

    def jar(self) -> str:
        """The cookies as a header."""
        return "; ".join(f"{name}={value}" for name, value in self.cookies.items())

    def sign_in(self, login: str, password: str, code: Callable[[], str]) -> httpx.Response:
        """The page after signing in with name, password and the app's code."""
        asked = self.submit(self.get("/logga-in"), "/logga-in", namn=login, losenord=password)
        return self.submit(asked, "/logga-in/kod", kod=code())


PASSWORD = "fyra kor gnager räls"


class Somebody:
    """A person with a password and an app, and a browser in which they are signed in."""

    def __init__(self, door: Door, clock: Any, agent: Agent, login: str, *grants: Grant) -> None:
        self.door, self.clock, self.login, self.agent = door, clock, login, agent
        invited = invite(door, SYSTEM, login=login, display_name=login.title(), email=None, grant=None)
        self.id = invited.person_id
        for grant in grants:
            give_role(door, SYSTEM, self.id, grant)
        page = self.agent.get(f"/valkommen?kod={invited.secret}")
        page = self.agent.submit(page, "/valkommen", losenord=PASSWORD, igen=PASSWORD)
        secret = lxml.html.fromstring(page.text).cssselect(".secret code")[0].text_content()
        self.app = pyotp.TOTP(secret.replace(" ", ""))
        codes = self.agent.submit(page, "/logga-in/andra-faktor", kod=self.code())
        self.codes = [one.text_content() for one in lxml.html.fromstring(codes.text).cssselect(".codes code")]

    def code(self) -> str:
        """The app's next code; time goes on by a step, since each is taken once."""
        self.clock.advance(seconds=30)
        return self.app.at(self.clock.now)

    @property
    def token(self) -> str:
        """What the forms of the person's pages carry."""
        page = lxml.html.fromstring(self.agent.get("/konto").text)
        return str(page.cssselect("meta[name=csrf-token]")[0].get("content"))


@pytest.fixture(scope="module")
def shared_site(shared: tuple[Landbank, Door, Any]) -> Iterator[str]:
    """The address of the application over the municipalities, for all tests of a module."""
    with served(create_app(shared[0], door=shared[1])) as address:
        yield address


@pytest.fixture
def site(shared_site: str, peopled: Landbank) -> str:
    """The address of the application, in which no test before has left anybody."""
    return shared_site


@pytest.fixture
def browsing() -> Iterator[Callable[[str], Agent]]:
    """`browsing(address)` is a browser in which nobody is signed in."""
    with httpx.Client(timeout=20) as http:
        yield lambda address: Agent(address, http)


@pytest.fixture
def agent(site: str, browsing: Callable[[str], Agent]) -> Agent:
    """A browser on the site in which nobody is signed in."""
    return browsing(site)


@pytest.fixture
def somebody(site: str, door: Door, clock: Any, browsing: Callable[[str], Agent]) -> Callable[..., Somebody]:
    """`somebody("anna", Grant(...))` is a person who is signed in."""

    def make(login: str, *grants: Grant) -> Somebody:
        return Somebody(door, clock, browsing(site), login, *grants)

    return make
