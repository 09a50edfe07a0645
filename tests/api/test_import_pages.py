"""Imports in the browser: upload, review, carry out, the base that moved, many endings, and taking back."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import lxml.html
import pytest
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.domain.people import ANONYMOUS, SYSTEM, Actor, Grant, Role
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

PEOPLE = {
    "lerum": Actor("user:1", frozenset({Grant(Role.PLANNER, "1441")})),
    "goteborg": Actor("user:2", frozenset({Grant(Role.PLANNER, "1480")})),
    "lots": Actor("user:3", frozenset({Grant(Role.LOTS, "1441")})),
}


@pytest.fixture(scope="module")
def landbank_of_module(
    databases: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Landbank]:
    """An inventory with two municipalities, for all tests of this file; each has plots of its own."""
    settings = Settings(
        upload_folder=tmp_path_factory.mktemp("uploads") / "here",
        home=tmp_path_factory.mktemp("home"),
        upload_max_mb=1,
    )
    landbank = open_landbank(settings, databases())
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text(
                "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum'), ('1480', 'Göteborg')"
            )
        )
    with landbank.people(SYSTEM) as people:
        people.persons.add("Anna Ask", login="anna", email="anna@example.org", created_by="system")
    yield landbank
    landbank.close()


@pytest.fixture(scope="module")
def people(landbank_of_module: Landbank, serving: Any) -> Iterator[Callable[[str], httpx.Client]]:
    """Gives a client of the application for a person of `PEOPLE`, or for nobody."""
    app = create_app(landbank_of_module)
    app.state.identify = lambda request: PEOPLE.get(request.headers.get("x-person", ""), ANONYMOUS)
    clients: list[httpx.Client] = []
    with serving(app) as address:

        def of(name: str) -> httpx.Client:
            headers = {"x-person": name, "accept": "text/html"}
            clients.append(httpx.Client(base_url=address, timeout=60, headers=headers))
            return clients[-1]

        yield of
        for client in clients:
            client.close()


def geojson(*rows: tuple[str, int], wider: int = 0, code: str = "1441", name: str = "Tomt") -> bytes:
    """Rows of (reference, column of a row of squares) in EPSG:3006."""
    features = []
    for reference, column in rows:
        x, y = 330_000 + 300 * column, 6_400_000
        ring = [[x, y], [x + 100 + wider, y], [x + 100 + wider, y + 100], [x, y + 100], [x, y]]
        told = {"referens": reference, "kommun": code, "namn": name}
        features.append(
            {"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()


def upload(client: httpx.Client, content: bytes, name: str = "tomter.geojson", **more: Any) -> httpx.Response:
    """The form of the list."""
    return client.post("/importer", files={"file": (name, content)}, data=more)


def review(client: httpx.Client, content: bytes, **more: Any) -> tuple[str, lxml.html.HtmlElement]:
    """The address and the page of the review of an upload."""
    answer = upload(client, content, **more)
    assert answer.status_code == 303, answer.text
    address = answer.headers["location"]
    return address, lxml.html.fromstring(client.get(address).text)


def told(page: Any) -> str:
    """A page's text in one line."""
    element = lxml.html.fromstring(page.text) if isinstance(page, httpx.Response) else page
    return " ".join(" ".join(element.itertext()).split())


def carry_out(client: httpx.Client, address: str, page: Any, **more: Any) -> httpx.Response:
    """The form that carries a reviewed import out, its own values sent along."""
    (number,) = page.xpath("//form[contains(@action, 'genomfor')]//input[@name='hash']/@value")
    return client.post(f"{address}/genomfor", data={"hash": number} | more)


def done(client: httpx.Client, content: bytes, **more: Any) -> str:
    """The address of an import that was reviewed and carried out."""
    address, page = review(client, content, **more)
    assert carry_out(client, address, page).status_code == 303
    return address


def names(landbank: Landbank, pattern: str) -> list[str]:
    """Names of current plots whose reference is like a pattern, by reference."""
    with landbank.reading() as store:
        rows = store.connection.execute(
            text(
                "SELECT name FROM landbank.plot WHERE reference LIKE :like AND (valid_to IS NULL OR valid_to > current_date)"
                " ORDER BY reference"
            ),
            {"like": pattern},
        )
        return [str(row.name) for row in rows]


def letters(landbank: Landbank, number: str) -> list[tuple[str, str]]:
    """To whom an import's letter goes, and the file that it names."""
    with landbank.reading() as store:
        rows = store.connection.execute(
            text("SELECT recipient, body_text FROM landbank.mail WHERE key LIKE :key"),
            {"key": f"import:{number}:%"},
        )
        return [
            (row.recipient, "tomter.geojson" if "tomter.geojson" in row.body_text else "") for row in rows
        ]


def test_file_is_reviewed_field_by_field_with_its_outline_drawn_then_carried_out(
    people: Any, landbank_of_module: Landbank
) -> None:
    lerum = people("lerum")
    done(lerum, geojson(("A1", 1), ("A2", 2)))
    address, page = review(lerum, geojson(("A1", 1), wider=50, name="<b>Ny</b> {{7*7}}"))

    assert names(landbank_of_module, "A%") == ["Tomt", "Tomt"]
    (row,) = page.xpath("//article")
    assert re.search(r"Namn Tomt <b>Ny</b> \{\{7\*7\}\}", told(row))
    assert len(row.xpath(".//svg[@role='img']/path[@class='ground-before']")) == 1
    assert len(row.xpath(".//svg[@role='img']/path[@class='ground-after']")) == 1
    assert page.xpath("//b") == []

    answer = carry_out(lerum, address, page)
    assert (answer.status_code, answer.headers["location"]) == (303, f"{address}?nu=klar")
    assert letters(landbank_of_module, address.rpartition("/")[2]) == [("anna@example.org", "tomter.geojson")]
    assert "Importen är genomförd." in told(lerum.get(f"{address}?nu=klar"))
    assert names(landbank_of_module, "A%") == ["<b>Ny</b> {{7*7}}", "Tomt"]


def test_base_that_moved_is_409_with_a_new_review_one_click_away(
    people: Any, landbank_of_module: Landbank
) -> None:
    lerum = people("lerum")
    address, page = review(lerum, geojson(("B1", 11), name="Ett"))
    done(lerum, geojson(("B1", 11), name="Två"))

    moved = carry_out(lerum, address, page)
    assert moved.status_code == 409
    assert "Inventeringen har ändrats sedan du granskade" in told(moved)
    assert names(landbank_of_module, "B1") == ["Två"]

    (again,) = [form for form in lxml.html.fromstring(moved.text).forms if form.action.endswith("/igen")]
    fresh = lerum.post(again.action)
    assert fresh.status_code == 303
    assert fresh.headers["location"] != address
    page = lxml.html.fromstring(lerum.get(fresh.headers["location"]).text)
    assert "Två Ett" in told(page)
    assert carry_out(lerum, fresh.headers["location"], page).status_code == 303
    assert names(landbank_of_module, "B1") == ["Ett"]


def test_more_than_a_fifth_ends_only_with_an_extra_yes(people: Any, landbank_of_module: Landbank) -> None:
    lerum = people("lerum")
    done(lerum, geojson(*((f"C{n}", 20 + n) for n in range(4))), dataset="c")
    address, page = review(
        lerum, geojson(*((f"C{n}", 20 + n) for n in range(3))), dataset="c", ends_missing="1"
    )

    assert "1 av 4 tomter upphör (25 %)" in told(page)
    refused = carry_out(lerum, address, page)
    assert (refused.status_code, "mer än en femtedel" in told(refused)) == (409, True)
    assert len(names(landbank_of_module, "C%")) == 4

    assert carry_out(lerum, address, page, manga="1").status_code == 303
    assert len(names(landbank_of_module, "C%")) == 3


def test_import_is_taken_back_after_a_look_at_what_that_does(
    people: Any, landbank_of_module: Landbank
) -> None:
    lerum = people("lerum")
    done(lerum, geojson(("D1", 31), name="Före"))
    address = done(lerum, geojson(("D1", 31), ("D2", 32), name="Efter"))

    looked = lerum.post(f"{address}/ta-tillbaka", data={"steg": "granska"})
    assert "1 tomter får tillbaka sina uppgifter" in told(looked)
    assert names(landbank_of_module, "D%") == ["Efter", "Efter"]
    (number,) = lxml.html.fromstring(looked.text).xpath("//input[@name='hash']/@value")

    taken = lerum.post(f"{address}/ta-tillbaka", data={"steg": "genomfor", "hash": number})
    assert taken.status_code == 303
    assert "Återtagning av import" in told(lerum.get(taken.headers["location"]))
    assert names(landbank_of_module, "D%") == ["Före"]
    assert "Tagen tillbaka av import" in told(lerum.get(address))


def test_what_was_changed_since_is_named_and_left_or_restored_by_choice(
    people: Any, landbank_of_module: Landbank
) -> None:
    lerum = people("lerum")
    address = done(lerum, geojson(("E1", 41), name="Två"))
    done(lerum, geojson(("E1", 41), name="Tre"))

    looked = lxml.html.fromstring(lerum.post(f"{address}/ta-tillbaka", data={"steg": "granska"}).text)
    assert "Det här har ändrats sedan importen: E1" in told(looked)
    assert looked.xpath("//button[@value='genomfor']") == []
    chosen = {"steg": "granska", "senare": "overwrite"}
    again = lxml.html.fromstring(lerum.post(f"{address}/ta-tillbaka", data=chosen).text)
    (number,) = again.xpath("//input[@name='hash']/@value")
    restored = lerum.post(f"{address}/ta-tillbaka", data=chosen | {"steg": "genomfor", "hash": number})
    assert restored.status_code == 303, restored.text
    assert names(landbank_of_module, "E1") == []


def test_only_who_may_import_and_whom_it_concerns(people: Any) -> None:
    content = geojson(("F1", 51))
    assert upload(people("nobody"), content).status_code == 401
    assert upload(people("lots"), content).status_code == 403
    foreign = upload(people("lerum"), content, municipality="1480")
    assert (foreign.status_code, "en kommun där du har en roll" in told(foreign)) == (403, True)
    address, page = review(people("lerum"), content)
    stranger = people("goteborg")
    assert stranger.get(address).status_code == 404
    assert carry_out(stranger, address, page).status_code == 404
    assert stranger.post(f"{address}/igen").status_code == 404
    assert stranger.post(f"{address}/ta-tillbaka", data={"steg": "granska"}).status_code == 404
    assert f'href="{address}"' not in stranger.get("/importer").text
    assert f'href="{address}"' in people("lerum").get("/importer").text


@pytest.mark.parametrize(
    ("name", "content", "status"),
    [
        ("tomter.geojson", b"", 400),
        ("tomter.geojson", b"{not json", 400),
        ("tomter.xlsx", b"PK\x03\x04 no zip at all", 400),
        ("../../etc/passwd", b"\x00" * 100, 400),
        ("<img src=x onerror=alert(1)>.geojson", b"\x00" * 100, 400),
        ("stor.geojson", b"x" * 1_200_000, 400),
        ("stor.geojson", b"x" * 2_100_000, 413),
    ],
)
def test_hostile_files_are_refused_on_a_page_and_leave_nothing_behind(
    people: Any, landbank_of_module: Landbank, name: str, content: bytes, status: int
) -> None:
    before = {path.name for path in (landbank_of_module.settings.upload_folder or Path()).glob("*")}
    answer = upload(people("lerum"), content, name)

    assert (answer.status_code, answer.headers["content-type"]) == (status, "text/html; charset=utf-8")
    assert "<img" not in answer.text
    assert {path.name for path in (landbank_of_module.settings.upload_folder or Path()).glob("*")} == before


def test_form_without_a_file_says_so(people: Any) -> None:
    answer = people("lerum").post("/importer", files={"municipality": (None, "1441")})
    assert (answer.status_code, "Det gick inte" in told(answer)) == (400, True)
    assert people("lerum").post("/importer", data={"municipality": "1441"}).status_code == 415


def test_number_that_is_none_is_refused(people: Any) -> None:
    address, _page = review(people("lerum"), geojson(("G1", 61)))
    for number in ("", "x" * 64, "ab", "0" * 65):
        assert people("lerum").post(f"{address}/genomfor", data={"hash": number}).status_code == 400
    other = people("lerum").post(f"{address}/genomfor", data={"hash": "0" * 64})
    assert other.status_code == 409


def test_many_changes_come_page_by_page(people: Any) -> None:
    lerum = people("lerum")
    rows = [(f"H{n:02}", 100 + n) for n in range(30)]
    done(lerum, geojson(*rows, name="Ett"))
    address, page = review(lerum, geojson(*rows, name="Två"))

    assert len(page.xpath("//article")) == 25
    (after,) = page.xpath("//nav[@aria-label='Bläddra bland ändringarna']//a/@href")
    rest = lxml.html.fromstring(lerum.get(after).text)
    assert [head.text.strip() for head in rest.xpath("//article/h3")] == ["H25", "H26", "H27", "H28", "H29"]
    assert "26–30 av 30" in told(rest)
    for strange in ("-1", "x", "9" * 30):
        assert lerum.get(f"{address}?andringar={strange}&fynd={strange}&kod={strange}").status_code == 200


def test_findings_say_what_to_do_in_the_pages_language(people: Any) -> None:
    lerum = people("lerum")
    content = geojson(("I1", 71)).replace(b'"1441"', b'"1480"')
    address, page = review(lerum, content)
    assert "En annan kommuns tomt" in told(page)
    assert "Lämna raden till den kommunens planerare" in told(page)
    english = told(lerum.get(address.replace("/importer", "/en/imports")))
    assert "Leave it to the planners of that municipality" in english


def test_own_plots_are_offered_as_excel(people: Any) -> None:
    page = lxml.html.fromstring(people("lerum").get("/importer").text)
    assert page.xpath("//a[@download]/@href") == ["/export.xlsx?kommun=1441"]


def test_forms_without_the_sessions_token_are_refused(site: str, somebody: Any) -> None:
    person = somebody("anna", Grant(Role.PLANNER, "1441"))
    for action in ("/importer/1/genomfor", "/importer/1/igen", "/importer/1/ta-tillbaka"):
        assert person.agent.post(action, {"hash": "0" * 64}).status_code == 403
    own = {"origin": site, "sec-fetch-site": "same-origin", "cookie": person.agent.jar()}
    files = {"file": ("a.geojson", geojson(("J1", 81)))}
    assert httpx.post(f"{site}/importer", files=files, headers=own, timeout=20).status_code == 403
    told_token = {"_token": person.token}
    accepted = httpx.post(f"{site}/importer", files=files, data=told_token, headers=own, timeout=20)
    assert accepted.status_code == 303, accepted.text
