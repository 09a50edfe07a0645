"""Every route declares what it asks; who may what, by hand, for each route and method; and what other sites can't do."""

from __future__ import annotations

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


# Writes of plots: each planner against each other municipality's plot --------------------------------------------


def plot_routes(door: Door) -> APIRouter:
    """A write as services make it, for as long as no route of the application has one."""
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
def plotted(shared: tuple[Landbank, Door, Any]) -> dict[str, int]:
    """One plot in each municipality."""
    with shared[0].changing(actor="test") as store:
        rows = store.connection.execute(
            text(
                "INSERT INTO landbank.plot (municipality_code, reference, dataset, location)"
                " SELECT code, 'own', 'test', ST_Point(330000, 6400000, 3006) FROM landbank.municipality"
                " RETURNING municipality_code, id"
            )
        )
        return {row.municipality_code: row.id for row in rows}


def test_13_planners_write_no_plot_of_12_municipalities_by_any_route(
    peopled: Landbank, door: Door, plotted: dict[str, int], serving: Any
) -> None:
    app = create_app(peopled, door=door)
    app.include_router(plot_routes(door))
    writes = [
        (method, one.path)
        for method, one in routes_of(app)
        if method not in SAFE and one.permission in WRITES and "{plot_id}" in one.path
    ]
    assert ("POST", "/api/test/plots/{plot_id}") in writes
    keys = {
        code: make_key(door, SYSTEM, label=code, scopes=WRITES, municipality_code=code).text
        for code in sorted(municipalities())
    }
    before = revision(peopled)
    with serving(app) as address, httpx.Client(base_url=address, timeout=20) as http:
        for own, key in keys.items():
            told = {"authorization": f"Bearer {key}", "if-match": "*", "origin": "https://evil.example"}
            for code, plot_id in plotted.items():
                for method, path in writes:
                    if code != own:
                        answer = http.request(method, path.format(plot_id=plot_id), headers=told, json={})
                        assert answer.status_code >= 400, (own, code, method, path)
        assert revision(peopled) == before
        for own, key in keys.items():
            told = {"authorization": f"Bearer {key}"}
            path = f"/api/test/plots/{plotted[own]}"
            assert http.post(path, headers=told).json() == {"changed": True}
            foreign = http.post(path, headers={"authorization": f"Bearer {keys[LERUM]}"})
            assert foreign.status_code == (403 if own != LERUM else 200)
        missing = http.post("/api/test/plots/999999", headers={"authorization": f"Bearer {keys[LERUM]}"})
        assert missing.status_code == 404
    assert revision(peopled) == before + 13


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
