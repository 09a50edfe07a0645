"""Every route declares what it asks; who may what, by hand, for each route and method; and what other sites can't do."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

import httpx
import lxml.html
import psycopg
import pytest
from fastapi import APIRouter, FastAPI, Request
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.api.permits import Declared, actor_of, declarations, permit, refuse_undeclared
from landbank.codelists import municipalities
from landbank.domain.people import SYSTEM, WRITES, Actor, Grant, Permission, Role
from landbank.services.door import Door
from landbank.services.manage_keys import make_key
from landbank.services.manage_people import disable
from landbank.store.written import was_written
from landbank.wiring import Landbank

LERUM, GOTEBORG = "1441", "1480"
PEOPLE = {
    "planner": Grant(Role.PLANNER, LERUM),
    "planner elsewhere": Grant(Role.PLANNER, GOTEBORG),
    "steward": Grant(Role.STEWARD, LERUM),
    "lots member": Grant(Role.LOTS, LERUM),
    "regional planner": Grant(Role.REGIONAL),
    "administrator": Grant(Role.ADMINISTRATOR, LERUM),
    "operator": Grant(Role.OPERATOR),
}
NOBODY = {"anonymous", "disabled", "expired", "half signed in"}
SIGNED_IN = {*PEOPLE, "without a role"}
KEYS = {"key to read", "key to import"}
CHANGERS = {"planner", "planner elsewhere", "administrator", "operator"}

MAY: dict[Permission, set[str]] = {
    Permission.READ_PUBLIC: {*NOBODY, *SIGNED_IN, *KEYS},
    Permission.OWN_ACCOUNT: SIGNED_IN,
    Permission.READ_PLANNING: {*PEOPLE, "key to read"},
    Permission.CONFIRM: {*CHANGERS, "steward"},
    Permission.CHANGE_STATUS: {*CHANGERS, "lots member"},
    Permission.CHANGE_PLOT: {*CHANGERS, "steward"},
    Permission.IMPORT: {*CHANGERS, "steward", "key to import"},
    Permission.READ_INQUIRIES: {"planner", "planner elsewhere", "lots member", "administrator"},
    Permission.READ_REGION: {*CHANGERS, "regional planner"},
    Permission.MANAGE_PEOPLE: {"administrator", "operator"},
    Permission.OPERATE: {"operator"},
}
"""Who may what, anywhere: written by hand, from what the roles are for."""

SAMPLES = {"plot_id": "1", "ending": "csv", "slug": "invalid", "name": "plots", "key": "1"}
ENDS_SESSIONS = ("/logga-ut", "/en/sign-out")
SAFE = {"GET", "HEAD", "OPTIONS"}


def filled(path: str) -> str:
    """A route's path with something in each place."""
    return re.sub(r"\{(\w+)(?::\w+)?\}", lambda match: SAMPLES.get(match[1], "1"), path)


def routes_of(app: FastAPI) -> list[tuple[str, Declared]]:
    """Every method of every route, HEAD as GET; those that end a session last."""
    found = [(method, one) for one in declarations(app) for method in sorted(one.methods - {"HEAD"})]
    return sorted(found, key=lambda pair: pair[1].path in ENDS_SESSIONS)


def nothing() -> dict[str, str]:
    """What a route of the test answers."""
    return {}


@pytest.fixture(scope="module")
def app(shared: tuple[Landbank, Door, Any]) -> FastAPI:
    """The application, with one more route for each permission that no route of its own asks for."""
    made = create_app(shared[0], door=shared[1])
    extra = APIRouter()
    asked = {one.permission for one in declarations(made)}
    for permission in Permission:
        if permission not in asked:
            extra.add_api_route(
                f"/api/test/{permission}", nothing, methods=["GET"], dependencies=[permit(permission)]
            )
    made.include_router(extra)
    return made


@pytest.fixture(scope="module")
def shared_site(app: FastAPI, serving: Any) -> Iterator[str]:
    """Its address."""
    with serving(app) as address:
        yield address


@dataclass(slots=True)
class Visitor:
    """Somebody, and what their requests bring along."""

    headers: dict[str, str] = field(default_factory=dict)
    token: str = ""


def signed_in(person: Any) -> Visitor:
    """Somebody with the session of their browser."""
    return Visitor({"cookie": person.agent.jar()}, person.token)


@pytest.fixture
def visitors(somebody: Callable[..., Any], agent: Any, door: Door, region_url: str) -> dict[str, Visitor]:
    """Everybody who visits, by what they are."""
    made = {"anonymous": Visitor()}
    for name, grant in PEOPLE.items():
        made[name] = signed_in(somebody(name.replace(" ", "."), grant))
    made["without a role"] = signed_in(somebody("newcomer"))
    out, late = somebody("disabled", Grant(Role.OPERATOR)), somebody("expired", Grant(Role.OPERATOR))
    made["disabled"], made["expired"] = signed_in(out), signed_in(late)
    disable(door, SYSTEM, out.id)
    with psycopg.connect(region_url) as owner:
        owner.execute(
            "UPDATE landbank.session SET expires_at = %s WHERE person_id = %s",
            (door.clock() - timedelta(seconds=1), late.id),
        )
    somebody("half", Grant(Role.OPERATOR))
    asked = agent.submit(agent.get("/logga-in"), "/logga-in", namn="half", losenord="fyra kor gnager räls")
    (form,) = (one for one in lxml.html.fromstring(asked.text).forms if "kod" in one.fields)
    made["half signed in"] = Visitor({"cookie": agent.jar()}, form.fields["_token"])
    for name, scope in (("key to read", Permission.READ_PLANNING), ("key to import", Permission.IMPORT)):
        key = make_key(door, SYSTEM, label=name, scopes=[scope], municipality_code=LERUM)
        made[name] = Visitor({"authorization": f"Bearer {key.text}"})
    return made


def test_every_route_declares_its_permission(app: FastAPI) -> None:
    found = list(declarations(app))
    assert {"/static", "/tiles", "/", "/konto", "/api/match", "/openapi.json"} <= {one.path for one in found}
    assert [one.path for one in found if one.permission is None] == []


def test_route_without_a_declaration_is_found_wherever_it_hides(app: FastAPI, peopled: Landbank) -> None:
    bare = FastAPI(openapi_url=None)
    inner = APIRouter()
    inner.add_api_route("/inner", lambda: None)
    outer = APIRouter(prefix="/outer")
    outer.include_router(inner)
    bare.include_router(outer)
    bare.add_route("/plain", lambda _request: None)
    bare.mount("/mounted", FastAPI(openapi_url=None))
    with pytest.raises(RuntimeError) as refusal:
        refuse_undeclared(bare)
    for path in ("/outer/inner", "/plain", "/mounted"):
        assert path in str(refusal.value)


def test_who_may_what_is_written_down_for_every_permission() -> None:
    assert set(MAY) == set(Permission)


def test_everybody_is_let_to_each_route_and_method_as_written_down_and_nobody_else(
    app: FastAPI, site: str, visitors: dict[str, Visitor]
) -> None:
    assert set(visitors) == NOBODY | SIGNED_IN | KEYS
    wrong = []
    with httpx.Client(base_url=site, timeout=20) as http:
        for method, route in routes_of(app):
            assert route.permission
            for name, visitor in visitors.items():
                own = {} if method in SAFE else {"origin": site, "x-csrf-token": visitor.token}
                answer = http.request(method, filled(route.path), headers={**visitor.headers, **own})
                http.cookies.clear()
                told = answer.status_code
                # a wrong password is 401 too: what everybody may ask for is only never forbidden
                refusals = {403} if route.permission is Permission.READ_PUBLIC else {401, 403}
                if (told not in refusals) is not (name in MAY[route.permission]):
                    wrong.append((method, route.path, name, told))
    assert wrong == []


def unsafe(app: FastAPI) -> list[tuple[str, Declared]]:
    """The routes that change something."""
    return [(method, one) for method, one in routes_of(app) if method not in SAFE]


def test_another_sites_page_changes_nothing_with_a_visitors_session(
    app: FastAPI, site: str, somebody: Callable[..., Any]
) -> None:
    operator = signed_in(somebody("operator", Grant(Role.OPERATOR)))
    assert len(unsafe(app)) > 20
    with httpx.Client(base_url=site, timeout=20) as http:
        for method, route in unsafe(app):
            for foreign in (
                {"origin": "https://evil.example"},
                {"origin": "null"},
                {"origin": site.replace("http://", "https://")},
                {"sec-fetch-site": "cross-site"},
                {"sec-fetch-site": "same-site", "origin": site},
                {},
            ):
                told = operator.headers | foreign | {"x-csrf-token": operator.token}
                answer = http.request(method, filled(route.path), headers=told)
                assert answer.status_code == 403, (method, route.path, foreign)
        assert http.get("/konto", headers=operator.headers).status_code == 200


def test_own_page_changes_nothing_without_the_sessions_token(
    app: FastAPI, site: str, somebody: Callable[..., Any]
) -> None:
    operator = signed_in(somebody("operator", Grant(Role.OPERATOR)))
    other = signed_in(somebody("other", Grant(Role.OPERATOR)))
    without = []
    with httpx.Client(base_url=site, timeout=20) as http:
        for method, route in unsafe(app):
            for token in ({}, {"x-csrf-token": ""}, {"x-csrf-token": other.token}, {"x-csrf-token": "å"}):
                told = {
                    name: value.encode()
                    for name, value in (operator.headers | {"origin": site} | token).items()
                }
                answer = http.request(method, filled(route.path), headers=told)
                if answer.status_code != 403:
                    without.append(route.path)
        assert http.get("/konto", headers=operator.headers).status_code == 200
    # neither takes any right from the session
    assert set(without) == {"/logga-in", "/en/sign-in", "/valkommen", "/en/welcome"}


# Writes of plots: each planner against each other municipality's plots, by every route that writes one


SQUARE = {"type": "Polygon", "coordinates": [[[0, 0], [9, 0], [9, 9], [0, 9], [0, 0]]]}
SEEN = '"1-0123456789abcdef"'
"""The tag of a plot that nobody has changed yet, as far as If-Match looks at it."""


@dataclass(frozen=True, slots=True)
class Target:
    """A plot and a plan of one municipality."""

    code: str
    plot_id: int
    plan_id: int


def bodies(foreign: Target, own: Target) -> dict[tuple[str, str], Any]:
    """What is sent to each route: right for whoever may, and aimed at the foreign municipality."""
    part = {"reference": "part", "crs": "EPSG:3006", "geometry": SQUARE}
    both = [{"id": one.plot_id, "row_version": 1} for one in (own, foreign)]
    redraw = {"plots": both, "parts": [part], "reason": "x"}
    party = {"name": "Bolaget AB"}
    return {
        ("POST", "/api/plots"): {
            "municipality_code": foreign.code, "reference": "new", "crs": "EPSG:3006",
            "location": {"type": "Point", "coordinates": [330000, 6400000]},
        },
        ("POST", "/api/plots/split"): redraw | {"plots": both[1:], "parts": [part, part | {"reference": "b"}]},
        ("POST", "/api/plots/merge"): redraw,
        ("POST", "/api/plots/redraw"): redraw | {"plots": both[::-1]},
        ("PUT", "/api/plots/{plot_id:int}"): {"municipality_code": foreign.code, "reference": "own"},
        ("PATCH", "/api/plots/{plot_id:int}"): {"description": "x"},
        ("POST", "/api/plots/{plot_id:int}/confirm"): {},
        ("POST", "/api/plots/{plot_id:int}/end"): {"reason": "x"},
        ("POST", "/api/plots/{plot_id:int}/status"): {"axis": "readiness", "to": "ramark", "reason": "x"},
        ("POST", "/api/plots/{plot_id:int}/commitments"): {"party": party, "reason": "x"},
        ("POST", "/api/plots/{plot_id:int}/commitments/{number:int}/end"): {"reason": "x"},
        ("PATCH", "/api/plans/{plan_id:int}"): {"state": "samrad"},
        **forms(foreign),
    }  # fmt: skip


def forms(foreign: Target) -> dict[tuple[str, str], dict[str, str]]:
    """What the planners' pages post; the English ones have the same handlers."""
    plot = {"tomt": str(foreign.plot_id), "version": "1"}
    ground = {"tomt": f"{foreign.plot_id}:1", "steg": "genomfor", "skal": "x"}
    return {
        ("POST", "/kommun/{code}/tomter/lage"): plot | {"till": "steg:readiness:ramark"},
        ("POST", "/kommun/{code}/tomter/bekrafta"): plot,
        ("POST", "/kommun/{code}/tomter/flera"): plot | {"vad": "bekrafta"},
        ("POST", "/kommun/{code}/tomter/flera/genomfor"): plot | {"vad": "bekrafta", "digest": "0"},
        ("POST", "/tomt/{plot_id:int}/andra"): {"grund": "1", "name": "x"},
        ("POST", "/tomt/{plot_id}/grans"): {
            "grans": "6400000 330000\n6400000 330100\n6400100 330100",
            "version": "1",
            "steg": "spara",
            "skal": "x",
        },
        ("POST", "/tomt/{plot_id}/dela"): ground | {"linje": "6400000 330000\n6400000 330100"},
        ("POST", "/tomt/{plot_id}/sla-ihop"): ground | {"ref": "x"},
        ("POST", "/tomt/{plot_id}/rita-om"): ground
        | {"ref": "x", "yta": "6400000 330000\n6400000 330100\n6400100 330100"},
        ("POST", "/kommun/{code}/ny-tomt"): {
            "reference": "form",
            "punkter": "330000 6400000",
            "crs": "EPSG:3006",
        },
    }


def writes_of_plots(app: FastAPI) -> list[tuple[str, str]]:
    """Every route that writes plots or what belongs to them: those of programs, and the planners' pages."""
    return [
        (method, one.path)
        for method, one in routes_of(app)
        if method not in SAFE and re.match(r"/(api/(test/)?(plots|plans)|kommun|tomt)\b", one.path)
    ]


def plot_routes() -> APIRouter:
    """A write that leaves everything to the database: it asks in no municipality for a permission."""
    routes = APIRouter(dependencies=[permit(Permission.CHANGE_PLOT)])

    @routes.post("/api/test/plots/{plot_id}")
    def change(request: Request, plot_id: int) -> dict[str, bool]:
        landbank: Landbank = request.app.state.landbank
        with landbank.changing(actor=actor_of(request)) as store:
            done = store.connection.execute(
                text("UPDATE landbank.plot SET description = :by WHERE id = :id"),
                {"by": actor_of(request).id, "id": plot_id},
            )
            return {"changed": was_written(store.connection, done, "plot", plot_id)}

    return routes


@pytest.fixture(scope="module")
def targets(shared: tuple[Landbank, Door, Any]) -> dict[str, Target]:
    """A plot and a plan in each municipality."""
    with shared[0].changing(actor="test") as store:
        for table, columns, values in (
            ("plan", "reference", "'own'"),
            ("plot", "reference, dataset, location", "'own', 'test', ST_Point(330000, 6400000, 3006)"),
        ):
            store.connection.execute(
                text(
                    f"INSERT INTO landbank.{table} (municipality_code, {columns})"
                    f" SELECT code, {values} FROM landbank.municipality"
                )
            )
        rows = store.connection.execute(
            text(
                "SELECT p.municipality_code AS code, p.id AS plot_id, l.id AS plan_id FROM landbank.plot p"
                " JOIN landbank.plan l USING (municipality_code)"
            )
        )
        return {row.code: Target(row.code, row.plot_id, row.plan_id) for row in rows}


@pytest.fixture
def keys(door: Door) -> dict[str, str]:
    """A program's key in each municipality that may write all there is to write."""
    scopes = {*WRITES, Permission.READ_PLANNING}
    return {
        code: make_key(door, SYSTEM, label=code, scopes=scopes, municipality_code=code).text
        for code in sorted(municipalities())
    }


@pytest.fixture
def writing(peopled: Landbank, door: Door, serving: Any) -> Iterator[tuple[FastAPI, httpx.Client]]:
    """The application with one more write, and a client of it."""
    app = create_app(peopled, door=door)
    app.include_router(plot_routes())
    with serving(app) as address, httpx.Client(base_url=address, timeout=20) as http:
        yield app, http


def send(
    http: httpx.Client, key: str, route: tuple[str, str], foreign: Target, own: Target
) -> httpx.Response:
    """The answer to a write aimed at the foreign plot, by a program whose own plot is the other."""
    method, path = route
    kind = "application/merge-patch+json" if method == "PATCH" and "plots" in path else "application/json"
    told = {"authorization": f"Bearer {key}", "if-match": SEEN, "content-type": kind}
    address = path.replace("{code}", foreign.code)
    address = re.sub(r"\{plot_id[^}]*\}", str(foreign.plot_id), address)
    address = re.sub(r"\{plan_id[^}]*\}", str(foreign.plan_id), address)
    body = bodies(foreign, own).get(route, {})
    if route in forms(foreign):
        return http.post(address, headers={"authorization": told["authorization"]}, data=body)
    return http.request(method, filled(address), headers=told, content=json.dumps(body))


def test_every_write_of_plots_has_a_body_to_be_tried_with(
    writing: tuple[FastAPI, httpx.Client], targets: dict[str, Target]
) -> None:
    known = set(bodies(targets[LERUM], targets[LERUM])) | {("POST", "/api/test/plots/{plot_id}")}
    assert set(writes_of_plots(writing[0])) == known, "add the new route to `bodies`"


def test_13_planners_write_no_plot_of_12_municipalities_by_any_route(
    writing: tuple[FastAPI, httpx.Client], peopled: Landbank, targets: dict[str, Target], keys: dict[str, str]
) -> None:
    app, http = writing
    before = revision(peopled)
    pairs = [(own, foreign) for own in keys for foreign in targets.values() if foreign.code != own]
    assert len(pairs) == 13 * 12
    routes, to_the_database = writes_of_plots(app), ("POST", "/api/test/plots/{plot_id}")
    wrong = []
    for turn, (own, foreign) in enumerate(pairs):
        # each pair by the way that only the database bars, and by a quarter of the others in turn
        for route in {to_the_database, *routes[turn % 4 :: 4]}:
            answer = send(http, keys[own], route, foreign, targets[own])
            if answer.status_code != 403:
                wrong.append((own, foreign.code, *route, answer.status_code, answer.text[:200]))
    assert wrong == []
    assert revision(peopled) == before


def test_planner_is_forbidden_by_no_route_to_write_the_own_plot(
    writing: tuple[FastAPI, httpx.Client], peopled: Landbank, targets: dict[str, Target], keys: dict[str, str]
) -> None:
    app, http = writing
    before = revision(peopled)
    for route in writes_of_plots(app):
        answer = send(http, keys[LERUM], route, targets[LERUM], targets[LERUM])
        assert answer.status_code not in {401, 403, 404, 428} or "{number" in route[1], (route, answer.text)
    assert revision(peopled) > before


def test_plot_that_never_was_is_not_found_and_not_forbidden(
    writing: tuple[FastAPI, httpx.Client], keys: dict[str, str]
) -> None:
    told = {"authorization": f"Bearer {keys[LERUM]}"}
    assert writing[1].post("/api/test/plots/999999", headers=told).status_code == 404


def revision(landbank: Landbank) -> int:
    """The inventory's revision."""
    with landbank.reading() as store:
        return store.standing.inventory().revision


def test_what_an_application_puts_in_the_place_of_identify_decides(peopled: Landbank, serving: Any) -> None:
    app = create_app(peopled)
    app.state.identify = lambda _request: Actor("user:7", frozenset({Grant(Role.PLANNER, LERUM)}))
    routes = APIRouter(dependencies=[permit(Permission.READ_PLANNING)])

    @routes.get("/api/test/who")
    def who(request: Request) -> str:
        return actor_of(request).id

    app.include_router(routes)
    with serving(app) as address:
        assert httpx.get(f"{address}/api/test/who").json() == "user:7"
