"""`as_of` and `valid_on` over HTTP: one meaning on items, tiles, downloads, matching and pages; history and feeds."""

from __future__ import annotations

import json
import time
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import pytest
from lxml import etree, html
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.domain.people import Actor, Grant, Role
from landbank.services.seal_history import seal_history
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

Serving = Callable[[Any], AbstractContextManager[str]]
SOMEBODY = Actor("user:7", frozenset({Grant(Role.OPERATOR)}))
ATOM = "{http://www.w3.org/2005/Atom}"
GEOJSON = "/ogc/collections/plots/items"
TILE = "/tiles/plots/11/1093/619"

FIRST = """
    INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum');
    INSERT INTO landbank.plan (municipality_code, reference, state) VALUES ('1441', 'P1', 'laga_kraft');
    INSERT INTO landbank.plot (municipality_code, plan_id, reference, name, dataset, readiness, availability, area_m2,
        geometry, location)
      SELECT '1441', (SELECT id FROM landbank.plan), 'A' || n, 'Tomt ' || n, 'test', 'byggklar', 'ledig', 10000,
        ST_Multi(ST_MakeEnvelope(330000 + 100 * n, 6400000, 330050 + 100 * n, 6400050, 3006)),
        ST_Point(330025 + 100 * n, 6400025, 3006) FROM generate_series(1, 3) n;
    INSERT INTO landbank.plot_use (plot_id, code) SELECT id, 'J' FROM landbank.plot"""
SECOND = """
    UPDATE landbank.plot SET availability = 'reserverad', availability_until = date '2099-06-30', area_m2 = 12000,
      name = '<img src=x onerror=alert(1)> {{7*7}}' WHERE reference = 'A1';
    INSERT INTO landbank.price (plot_id, tenure, price_sek_per_m2, basis, source) SELECT id, 'forsaljning', 450, 'tomtarea',
      'taxa' FROM landbank.plot WHERE reference = 'A1';
    UPDATE landbank.plot_use SET superseded_at = landbank.change_time() WHERE plot_id = 1;
    INSERT INTO landbank.plot_use (plot_id, code) VALUES (1, 'Z')"""
THIRD = """
    INSERT INTO landbank.plot (municipality_code, reference, name, dataset, location)
      VALUES ('1441', 'B1', 'Ny tomt', 'test', ST_Point(330500, 6400500, 3006));
    UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'A2';
    INSERT INTO landbank.plot_lineage VALUES (2, 4, 'redraw', current_date)"""
FOURTH = "UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'A3'"


@dataclass
class House:
    """A served landbank after four changes, and the moments between them."""

    landbank: Landbank
    app: Any
    client: httpx.Client
    moments: list[str]

    def get(self, path: str, number: int | None = None, **parameters: Any) -> httpx.Response:
        """The answer at the moment after a change; None: now."""
        asked = {} if number is None else {"as_of": self.moments[number]}
        return self.client.get(path, params={**asked, **parameters})


def change(landbank: Landbank, statements: str, **who: str) -> None:
    """One change in one transaction."""
    with landbank.changing(**{"actor": SOMEBODY, "role": "planner", **who}) as store:
        for statement in statements.split(";"):
            store.connection.execute(text(statement))


@pytest.fixture(scope="module")
def house(databases: Callable[[], str], serving: Serving) -> Iterator[House]:
    """The house, served while the module's tests run."""
    landbank = open_landbank(Settings(), databases())
    moments = []
    for statements in (FIRST, SECOND, THIRD, FOURTH):
        change(landbank, statements, reason="brev från Anna Andersson")
        with landbank.reading() as store:
            moments.append(store.connection.execute(text("SELECT now()")).scalar_one().isoformat())
        time.sleep(0.002)
    with landbank.sealing() as store:
        seal_history(store.ledger)
    app = create_app(landbank)
    with serving(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield House(landbank, app, client, moments)
    landbank.close()


@pytest.fixture
def planner(house: House) -> Iterator[House]:
    """The same house, entered by a planner."""
    house.app.state.identify = lambda _request: Actor("user:7", frozenset({Grant(Role.PLANNER, "1441")}))
    yield house
    house.app.state.identify = None


def page(answer: httpx.Response, status: int = 200) -> Any:
    """The page as a tree."""
    assert answer.status_code == status, answer.text
    return html.fromstring(answer.text)


def words(element: Any) -> str:
    """An element's text in one line."""
    return " ".join(element.text_content().split())


# what was said then ---------------------------------------------------------------------------------------------


def test_items_are_those_of_the_moment_and_say_so(house: House) -> None:
    now, then = house.get(GEOJSON).json(), house.get(GEOJSON, 0).json()
    assert [one["id"] for one in now["features"]] == [1, 4]
    assert [one["id"] for one in then["features"]] == [1, 2, 3]
    assert then["numberMatched"] == 3
    assert then["features"][0]["properties"]["label"] == "ledig_nu"
    assert now["features"][0]["properties"]["label"] == "reserverad"
    assert (then["as_of"], then["inventory_revision"]) == (house.moments[0], 5)
    assert "as_of" not in now


def test_pages_of_items_stay_at_the_moment(house: House) -> None:
    first = house.get(GEOJSON, 0, limit=2).json()
    following = next(link["href"] for link in first["links"] if link["rel"] == "next")
    assert parse_qs(urlsplit(following).query)["as_of"] == [house.moments[0]]
    assert [one["id"] for one in house.client.get(following).json()["features"]] == [3]
    other = following.replace("as_of=", "valid_on=2026-01-01&as_of=")
    assert house.client.get(other).status_code == 400  # the token belongs to the question


def test_item_at_a_moment_may_be_kept_and_keeps_its_tag(house: House) -> None:
    then = house.get(f"{GEOJSON}/1", 0)
    assert then.json()["properties"]["area_m2"] == 10000
    assert then.headers["cache-control"] == "public, max-age=86400, immutable"
    again = house.client.get(
        f"{GEOJSON}/1", params={"as_of": house.moments[0]}, headers={"if-none-match": then.headers["etag"]}
    )
    assert again.status_code == 304
    assert house.get(f"{GEOJSON}/1", 3).headers["cache-control"] == "public, max-age=0, must-revalidate"
    assert house.get(f"{GEOJSON}/1").headers["etag"] != then.headers["etag"]


def test_item_that_came_later_is_not_there_and_one_that_ended_since_is(house: House) -> None:
    later = house.get(f"{GEOJSON}/4", 0)
    assert (later.status_code, later.headers["content-type"]) == (404, "application/problem+json")
    assert "as of" in later.json()["detail"]
    assert house.get(f"{GEOJSON}/3", 0).status_code == 200
    assert house.get(f"{GEOJSON}/3").status_code == 410
    moved = house.client.get(f"{GEOJSON}/2", params={"as_of": house.moments[2]})
    assert (moved.status_code, parse_qs(urlsplit(moved.headers["location"]).query)["as_of"]) == (
        301,
        [house.moments[2]],
    )


def test_filter_order_and_formats_speak_of_the_moment(house: House) -> None:
    condition = {
        "filter": "label = 'ledig_nu' AND ready_on IS NULL AND today() > DATE('2026-01-01')",
        "sortby": "-name",
    }
    now, then = house.get(GEOJSON, **condition).json(), house.get(GEOJSON, 0, **condition).json()
    assert ([one["id"] for one in now["features"]], [one["id"] for one in then["features"]]) == (
        [],
        [3, 2, 1],
    )
    named = house.get(GEOJSON, 0, f="csv", properties="plot_id,name", sortby="name")
    assert named.text.splitlines()[1:] == ["1,Tomt 1,", "2,Tomt 2,", "3,Tomt 3,"]
    feature = house.get(
        f"{GEOJSON}/1", 0, f="jsonfg", crs="http://www.opengis.net/def/crs/EPSG/0/3006"
    ).json()
    assert (feature["as_of"], feature["properties"]["area_m2"]) == (house.moments[0], 10000)
    links = {(one["rel"], one.get("hreflang")): one["href"] for one in feature["links"]}
    assert parse_qs(urlsplit(links["about", "sv"]).query)["as_of"] == [house.moments[0]]
    assert urlsplit(links["version-history", "en"]).path == "/en/plot/1/history"


def test_pages_of_open_data_say_which_moment_they_show(house: House) -> None:
    tree = page(house.get(GEOJSON, 0, f="html"))
    assert words(tree.cssselect("aside.past")[0]).startswith("Så här såg det ut ")
    assert tree.cssselect("aside.past a")[0].get("href") == "/ogc/collections/plots/items?f=html"
    row = tree.cssselect("main tbody a")[0].get("href")
    assert parse_qs(urlsplit(row).query)["as_of"] == [house.moments[0]]
    item = page(house.client.get(row, headers={"accept": "text/html"}))
    assert words(item.cssselect("aside.past")[0]).startswith("Så här såg det ut ")


@pytest.mark.parametrize("path", [GEOJSON, f"{GEOJSON}/1", TILE, "/export.csv", "/", "/en", "/tomt/1"])
@pytest.mark.parametrize(
    "query",
    ["as_of=igår", "as_of=2099-01-01", "valid_on=2099-01-01", "as_of=2026-01-01T00:00", "as_of=<script>"],
)
def test_what_is_no_moment_of_the_past_is_refused_everywhere(house: House, path: str, query: str) -> None:
    answer = house.client.get(f"{path}?{query}", headers={"accept": "text/html, */*"})
    assert answer.status_code == 400
    if answer.headers["content-type"].startswith("text/html"):
        assert b"<script>" not in answer.content


def test_refusal_names_the_parameter_and_what_to_give(house: House) -> None:
    problem = house.client.get(GEOJSON, params={"as_of": "igår"}).json()
    assert (problem["where"], "2026-03-01" in problem["hint"]) == ("as_of", True)
    told = page(house.client.get("/?as_of=2099-01-01", headers={"accept": "text/html"}), 400)
    assert words(told.cssselect("h1")[0]) == "Den dagen går inte att visa"


def test_tile_at_a_moment_is_kept_under_a_tag_of_its_own(house: House) -> None:
    now, then, later = house.get(TILE), house.get(TILE, 0), house.get(TILE, 3)
    assert len({now.headers["etag"], then.headers["etag"], later.headers["etag"]}) == 3
    assert then.content != now.content == later.content
    assert then.headers["cache-control"] == "public, max-age=86400, immutable"
    assert (
        later.headers["cache-control"] == now.headers["cache-control"] == "public, max-age=0, must-revalidate"
    )
    again = house.client.get(
        TILE, params={"as_of": house.moments[0]}, headers={"if-none-match": then.headers["etag"]}
    )
    assert (again.status_code, again.headers["cache-control"]) == (304, then.headers["cache-control"])
    plain = house.client.get(
        TILE, params={"as_of": house.moments[0]}, headers={"accept-encoding": "identity"}
    )
    assert plain.content == then.content
    assert house.client.get(TILE, params={"as_of": house.moments[0], "x": "1"}).status_code == 400


def test_download_holds_the_plots_of_the_moment(house: House) -> None:
    then, now = house.get("/export.csv", 0), house.get("/export.csv")
    assert (then.text.count("\n"), now.text.count("\n")) == (4, 3)
    assert "Tomt 3" in then.text
    assert "-r5.csv" in then.headers["content-disposition"]


def test_match_at_a_moment_ranks_what_there_was(house: House) -> None:
    need = {"musts": [{"criterion": "label", "op": "any_of", "threshold": ["ledig_nu"]}]}
    now = house.client.post("/api/match", json=need).json()
    then = house.client.post("/api/match", json=need, params={"as_of": house.moments[0]}).json()
    assert (now["counts"]["A"], then["counts"]["A"]) == (0, 3)
    assert (then["as_of"], then["inventory_revision"]) == (house.moments[0], 5)
    assert then["valid_on"] == house.moments[0][:10]
    assert house.client.post("/api/match", json=need, params={"asof": "x"}).status_code == 400


# pages ----------------------------------------------------------------------------------------------------------


def test_search_page_says_which_day_it_shows_and_leads_back(house: House) -> None:
    tree = page(house.get("/", 0, kommun="1441"))
    banner = tree.cssselect("aside.past")[0]
    assert words(banner).startswith("Så här såg det ut ")
    assert banner.cssselect("a")[0].get("href") == "/?kommun=1441"
    assert len(tree.cssselect(".card")) == 3
    links = [
        link.get("href")
        for link in tree.cssselect("main a")
        if link.get("href", "").startswith(("/?", "/tomt", "/export"))
    ]
    assert links
    assert all(parse_qs(urlsplit(link).query).get("as_of") == [house.moments[0]] for link in links)
    assert tree.cssselect("#need-form input[name=as_of]")[0].get("value") == house.moments[0]
    assert page(house.get("/")).cssselect("aside.past") == []


def test_earlier_day_is_asked_for_without_script(house: House) -> None:
    form = page(house.get("/", kommun="1441")).cssselect("section.day form")[0]
    day = form.cssselect("input[name=as_of]")[0]
    assert (form.get("action"), form.get("method"), day.get("type")) == ("/", "get", "date")
    assert day.get("max") == house.moments[0][:10]
    assert [(one.get("name"), one.get("value")) for one in form.cssselect("input[type=hidden]")] == [
        ("kommun", "1441")
    ]


def test_plot_page_shows_the_plot_as_it_was(house: House) -> None:
    tree = page(house.get("/tomt/1", 0))
    assert words(tree.cssselect("h1")[0]) == "Tomt 1"
    assert words(tree.cssselect("aside.past a")[0]) == "Visa hur det är nu"
    assert tree.cssselect("aside.past a")[0].get("href") == "/tomt/1"
    assert len(tree.cssselect(".events > li")) == 1  # what happened later is not told
    english = page(house.get("/en/plot/1", 0))
    assert words(english.cssselect("aside.past strong")[0]).startswith("This is how it looked on ")


def test_plot_that_came_later_says_so(house: House) -> None:
    answer = house.client.get("/tomt/4", params={"as_of": house.moments[0]}, headers={"accept": "text/html"})
    assert words(page(answer, 404).cssselect("h1")[0]) == "Tomten fanns inte då"


def test_plot_that_ended_since_is_shown_as_it_was(house: House) -> None:
    assert words(page(house.get("/tomt/3", 0)).cssselect("h1")[0]) == "Tomt 3"
    assert words(page(house.get("/tomt/3"), 410).cssselect("h1")[0]) == "Tomt 3 finns inte längre"


# what happened to a plot ----------------------------------------------------------------------------------------


def test_history_tells_before_and_after_in_words_and_no_person(house: House) -> None:
    answer = house.get("/tomt/1/historik")
    tree = page(answer)
    newest, oldest = tree.cssselect(".events > li")
    assert words(newest.cssselect(".event-head")[0]).startswith("Ändrades ")
    assert words(newest.cssselect(".event-who")[0]) == "Planerare, Lerum"
    changes = {
        words(one.cssselect("dt")[0]): words(one.cssselect("dd")[0])
        for one in newest.cssselect(".event-changes > div")
    }
    assert changes == {
        "Försäljning": "från Ledig → till Reserverad",
        "Gäller till": "från ingen uppgift → till 2099-06-30",
        "Användning": "från Industri (J), tillåten → till Verksamheter (Z), tillåten",
        "Pris": "från inga → till Försäljning, 450 kr/m², per m² tomt, taxa",
        "Area": "från 1 ha (10 000 m²) → till 1,2 ha (12 000 m²)",
        "Namn": "från Tomt 1 → till <img src=x onerror=alert(1)> {{7*7}}",
    }
    assert words(oldest.cssselect("strong")[0]) == "Lades in i landbank"
    assert "Anna" not in answer.text
    assert "user:7" not in answer.text
    assert "<img src=x" not in answer.text
    before = newest.cssselect(".event-note a")[0].get("href")
    assert words(page(house.client.get(before)).cssselect("h1")[0]) == "Tomt 1"


def test_history_in_english(house: House) -> None:
    tree = page(house.get("/en/plot/1/history"))
    assert words(tree.cssselect(".event-who")[0]) == "Planner, Lerum"
    assert words(tree.cssselect(".event-changes > div")[0]) == "Salefrom Available → to Reserved"
    assert tree.cssselect("[data-language-link]")[0].get("href") == "/tomt/1/historik"


def test_planner_reads_who_and_why(planner: House) -> None:
    tree = page(planner.get("/tomt/1/historik"))
    assert words(tree.cssselect(".event-inner")[0]) == "user:7. Skäl: brev från Anna Andersson"


def test_field_that_only_planners_read_is_not_told_to_others(house: House) -> None:
    from landbank.domain.history import Event

    told = {
        "secret_party": [None, "Bolaget AB"],
        "name": ["A", "B"],
        "price": [[], [{"id": 1, "buyer": "X", "basis": "y"}]],
    }
    event = Event(1, "plot", "1", "changed", "user:7", None, None, None, None, datetime(2026, 1, 1), told)  # noqa: DTZ001
    assert event.public_changes() == {"name": ("A", "B"), "price": ([], [{"id": 1, "basis": "y"}])}
    assert event.has_inner_changes


def test_ended_and_replaced_plots_have_a_history(house: House) -> None:
    replaced = page(house.get("/tomt/2/historik"))
    assert [words(one) for one in replaced.cssselect(".events strong")] == [
        "Ersattes av andra tomter",
        "Lades in i landbank",
    ]
    assert "Ersatt avfrån ingen uppgift → till Ny tomt" in words(replaced.cssselect(".event-changes")[0])
    ended = page(house.get("/tomt/3"), 410)
    assert words(ended.cssselect(".events strong")[0]) == "Upphörde"
    assert house.get("/tomt/99/historik").status_code == 404
    assert house.get("/tomt/99999999999999999999/historik").status_code == 404


def test_long_history_is_read_page_by_page(databases: Callable[[], str], serving: Serving) -> None:
    landbank = open_landbank(Settings(), databases())
    change(landbank, FIRST)
    for number in range(30):
        change(landbank, f"UPDATE landbank.plot SET description = 'Text {number}' WHERE reference = 'A1'")
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=20) as client:
        plot = page(client.get("/tomt/1"))
        assert len(plot.cssselect(".history .events > li")) == 10
        first = page(client.get(plot.cssselect(".history .more a")[0].get("href")))
        second = page(client.get(first.cssselect("a[rel=next]")[0].get("href")))
    assert [len(one.cssselect(".events > li")) for one in (first, second)] == [25, 6]
    assert second.cssselect("a[rel=next]") == []
    landbank.close()


# feeds ----------------------------------------------------------------------------------------------------------


def test_feed_gives_each_change_once_by_revision(house: House) -> None:
    seen: list[int] = []
    since = 0
    while True:
        told = house.get("/api/changes", since=since, limit=4).json()
        seen += [one["revision"] for one in told["changes"]]
        since = told["next_since"]
        if not told["has_more"]:
            break
    assert seen == list(range(1, 10))
    assert house.get("/api/changes", since=since).json()["changes"] == []


def test_change_tells_what_everybody_may_read(house: House, planner: House) -> None:
    planner.app.state.identify = None
    told = house.get("/api/changes/6").json()
    assert (told["kind"], told["id"], told["role"], told["municipality_code"]) == (
        "changed",
        "1",
        "planner",
        "1441",
    )
    assert told["changes"]["availability"] == ["ledig", "reserverad"]
    assert not {"actor", "reason", "request_id"} & told.keys()
    assert "Anna" not in house.get("/api/changes").text


def test_planner_is_told_who_and_why_and_no_cache_mixes_the_two(planner: House) -> None:
    answer = planner.get("/api/changes/6")
    assert (answer.json()["actor"], answer.json()["reason"]) == ("user:7", "brev från Anna Andersson")
    assert answer.headers["cache-control"] == "no-store"
    assert "Cookie" in answer.headers["vary"]


def test_changes_of_one_plot(house: House) -> None:
    told = house.get("/api/changes", plot=2).json()
    assert [(one["kind"], one["id"]) for one in told["changes"]] == [("created", "2"), ("replaced", "2")]
    assert told["changes"][1]["changes"]["successors"] == [[], [4]]


@pytest.mark.parametrize(
    "query",
    ["since=-1", "since=x", "limit=0", "since=999", "plot=0", "wait=1e9", "sinse=1", "since=1&since=2"],
)
def test_feed_refuses_what_it_does_not_know(house: House, query: str) -> None:
    assert house.client.get(f"/api/changes?{query}").status_code == 400


def test_waiting_ends_with_the_change_or_the_time(databases: Callable[[], str], serving: Serving) -> None:
    import threading

    landbank = open_landbank(Settings(), databases())
    change(landbank, FIRST)
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=20) as client:
        began = time.monotonic()
        assert client.get("/api/changes", params={"since": 5, "wait": 0.6}).json()["changes"] == []
        assert 0.5 < time.monotonic() - began < 5
        timer = threading.Timer(
            0.2, change, (landbank, "UPDATE landbank.plot SET name = 'B' WHERE reference = 'A1'")
        )
        timer.start()
        told = client.get("/api/changes", params={"since": 5, "wait": 10}).json()
        timer.join()
    assert [one["revision"] for one in told["changes"]] == [6]
    landbank.close()


def test_atom_feed_is_what_rfc_4287_asks_for(house: House) -> None:
    answer = house.get("/api/changes.atom")
    assert answer.headers["content-type"] == "application/atom+xml"
    feed = etree.fromstring(answer.content)
    assert feed.tag == f"{ATOM}feed"
    for node in (feed, *feed.findall(f"{ATOM}entry")):
        for tag in ("id", "title", "updated"):  # 4.1.1 and 4.1.2: exactly one each
            assert len(node.findall(f"{ATOM}{tag}")) == 1
        updated = datetime.fromisoformat(node.findtext(f"{ATOM}updated"))
        assert updated.tzinfo is not None
        assert node.find(f"{ATOM}author/{ATOM}name").text
        assert any(link.get("rel") == "alternate" for link in node.findall(f"{ATOM}link"))
    assert [link.get("rel") for link in feed.findall(f"{ATOM}link")].count("self") == 1
    ids = [entry.findtext(f"{ATOM}id") for entry in feed.findall(f"{ATOM}entry")]
    assert len(set(ids)) == len(ids) == 7
    assert house.client.get(ids[0]).json()["revision"] == 9
    newest = feed.find(f"{ATOM}entry")
    assert newest.findtext(f"{ATOM}title") == "Tomt 3, Lerum: upphörde"
    english = etree.fromstring(house.get("/api/changes.atom", lang="en").content)
    assert english.find(f"{ATOM}entry").findtext(f"{ATOM}title") == "Tomt 3, Lerum: ended"


def test_pages_name_the_feed_in_their_head(house: House) -> None:
    (link,) = page(house.get("/")).cssselect("link[type='application/atom+xml']")
    assert house.client.get(link.get("href")).status_code == 200


def test_characters_that_xml_cannot_hold_don_t_break_the_feed() -> None:
    from landbank.api.atom import add

    feed = etree.Element("feed")
    import xml.etree.ElementTree as ET

    parent = ET.Element("feed")
    add(parent, "title", "a\x0b\ud800b & <c>")
    parsed = etree.fromstring(ET.tostring(parent))
    assert parsed.findtext("title") == "a\ufffd\ufffdb & <c>"
    assert feed.tag == "feed"


def test_heads_are_published_with_how_they_are_made(house: House) -> None:
    told = house.get("/api/history/heads").json()
    (head,) = told["heads"]
    with house.landbank.reading() as store:
        assert (head["revision"], head["hash"]) == (9, store.ledger.end()[1].hex())
    assert "SHA-256" in told["algorithm"]
    assert json.dumps(told)
    assert datetime.fromisoformat(head["taken_at"]) - datetime.fromisoformat(house.moments[3]) < timedelta(
        minutes=5
    )
