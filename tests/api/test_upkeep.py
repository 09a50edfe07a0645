"""Supply, quality, findings, the list of work, confirmations, mail choices and operation, over HTTP."""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Callable, Iterator
from datetime import date
from pathlib import Path
from typing import Any

import httpx
import pytest
from lxml import html as parser
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.api.operation import JOB_TEXTS
from landbank.codelists.fields import load_fields
from landbank.domain.people import ANONYMOUS, Actor, Grant, Role
from landbank.jobs import JOBS, stop_tokens
from landbank.services.check_plots import check_changes
from landbank.services.keep_quality import keep_quality
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

Serving = Callable[[Any], Any]
ACTORS = {
    "steward": Actor("user:7", frozenset({Grant(Role.STEWARD, "1480")})),
    "lots": Actor("user:8", frozenset({Grant(Role.LOTS, "1480")})),
}


def keep(landbank: Landbank) -> None:
    """Run the checks and count the quality."""
    check_changes(landbank.upkeep)
    with landbank.upkeep() as store:
        today = store.standing.inventory().today
        keep_quality(store, ["1480", "1441"], day=today, ages=load_fields().max_ages)


def identify(request: Any) -> Actor:
    """Whom a test's header names: the steward of Göteborg, somebody of its lots, or nobody."""
    return ACTORS.get(request.headers.get("x-test-actor", ""), ANONYMOUS)


@pytest.fixture(scope="module")
def shown(
    databases: Callable[[], str], filling: Callable[[Landbank], None], serving: Serving, tmp_path_factory: Any
) -> Iterator[httpx.Client]:
    """A client over the seven plots, checked and counted; its tests change nothing."""
    landbank = open_landbank(Settings(home=tmp_path_factory.mktemp("home")), databases())
    filling(landbank)
    keep(landbank)
    app = create_app(landbank)
    app.state.identify = identify
    with serving(app) as address, httpx.Client(base_url=address, timeout=20) as opened:
        yield opened
    landbank.close()


@pytest.fixture
def kept(inventory: Landbank, database_url: str, tmp_path: Path) -> Iterator[Landbank]:
    """The same of a test's own, which it may change, with a home of its own."""
    landbank = open_landbank(Settings(home=tmp_path), database_url)
    keep(landbank)
    yield landbank
    landbank.close()


@pytest.fixture
def visitor(kept: Landbank, serving: Serving) -> Iterator[httpx.Client]:
    """A client over the test's own plots."""
    app = create_app(kept)
    app.state.identify = identify
    with serving(app) as address, httpx.Client(base_url=address, timeout=20) as opened:
        yield opened


AS_STEWARD = {"x-test-actor": "steward"}


def rows_of(answer: httpx.Response) -> list[dict[str, str]]:
    """The rows of a CSV."""
    return list(csv.DictReader(io.StringIO(answer.content.decode("utf-8-sig"))))


# supply


@pytest.mark.parametrize("query", ["", "?kommun=1480", "?anv=J&yta_min=0,5", "?status=ledig_nu&kommun=1480"])
def test_supply_has_the_totals_of_the_export_of_the_same_search(shown: httpx.Client, query: str) -> None:
    exported = rows_of(shown.get(f"/export.csv{query}"))
    told = shown.get(f"/api/supply{query}").json()

    gross = told["region"]["steps"]["gross"]
    assert len(exported) > 0
    assert gross["plots"] == len(exported)
    assert gross["area_m2"] == pytest.approx(sum(float(row["area_m2"]) for row in exported), abs=0.1)
    ready = [row for row in exported if row["label"] == "ledig_nu"]
    assert told["region"]["steps"]["ready_now"]["plots"] == len(ready)
    assert told["region"]["steps"]["ready_now"]["area_m2"] == sum(float(row["area_m2"]) for row in ready)


def test_supply_partitions_the_land_and_the_municipalities_add_up(shown: httpx.Client) -> None:
    told = shown.get("/api/supply").json()

    parts = told["region"]["parts"]
    assert round(sum(part["area_m2"] for part in parts.values()), 1) == 115_000.0
    assert {name: part["area_m2"] for name, part in parts.items() if part["area_m2"]} == {
        "sold": 40_000.0, "blocked": 10_000.0, "coming": 25_000.0, "ready_now": 40_000.0,
    }  # fmt: skip
    for step, amount in told["region"]["steps"].items():
        assert amount["area_m2"] == sum(one["steps"][step]["area_m2"] for one in told["municipalities"])
    assert [one["code"] for one in told["municipalities"]] == ["1480", "1441"]


def test_supply_csv_holds_steps_and_parts_of_region_and_municipalities(shown: httpx.Client) -> None:
    answer = shown.get("/api/supply.csv?kommun=1480")

    rows = rows_of(answer)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    assert "attachment" in answer.headers["content-disposition"]
    assert len(rows) == 2 * 14
    gross = [row for row in rows if row["name"] == "gross"]
    assert [(row["municipality_code"], row["area_m2"], row["plots"]) for row in gross] == [
        ("", "50000.0", "5"),
        ("1480", "50000.0", "5"),
    ]


@pytest.mark.parametrize("address", ["/laget", "/en/supply"])
def test_supply_page_shows_the_numbers_of_its_table_in_its_picture(shown: httpx.Client, address: str) -> None:
    page = parser.fromstring(shown.get(address).text)

    table = [row.cssselect("td")[0].text_content() for row in page.cssselect("table tbody tr.step")]
    figures = [text.text_content().split()[0] for text in page.cssselect("svg.chart .chart-figure")]
    assert table == [figures[0], figures[2], figures[8], figures[12]]
    assert table == (
        ["11,5", "11,5", "6,5", "4,0"] if address == "/laget" else ["11.5", "11.5", "6.5", "4.0"]
    )
    assert page.cssselect("svg.chart")[0].get("role") == "img"


def test_supply_refuses_what_it_cannot_read(shown: httpx.Client) -> None:
    assert shown.get("/api/supply?kommun=9999").status_code == 400
    page = shown.get("/laget?yta_min=mycket")
    assert page.status_code == 400
    assert "går inte att läsa" in page.text


def test_supply_of_nothing_says_so(shown: httpx.Client) -> None:
    told = shown.get("/api/supply?yta_min=5000").json()

    assert told["region"]["steps"]["gross"]["area_m2"] == 0.0
    assert told["municipalities"] == []
    assert "Det finns ingen sådan tomt." in shown.get("/laget?yta_min=5000").text


# quality


def test_quality_tells_score_shares_and_counts(shown: httpx.Client) -> None:
    told = shown.get("/api/quality").json()

    by_code = {one["code"]: one for one in told["municipalities"]}
    assert by_code["1480"]["plots"] == 5
    assert by_code["1480"]["shares"]["outlined"] == 1.0
    assert by_code["1441"]["shares"]["outlined"] == 0.5  # one of two is only a point
    assert by_code["1441"]["shares"]["reachable"] == 0.0
    shares = by_code["1480"]["shares"].values()
    assert by_code["1480"]["score"] == pytest.approx(100 * sum(shares) / 5, abs=0.1)
    assert told["region"]["plots"] == 7
    assert len(told["weeks"]) == 1


def test_quality_keeps_the_last_day_of_each_week(kept: Landbank, visitor: httpx.Client) -> None:
    with kept.upkeep() as store:
        store.connection.execute(
            text(
                """INSERT INTO landbank.quality_day SELECT '1480', day, 5, 60, n, 50, 50, 5, 5, 5
                   FROM (VALUES (date '2026-09-07', 10), (date '2026-09-13', 20), (date '2026-09-14', 30)) v(day, n)"""
            )
        )
    told = visitor.get("/api/quality?kommun=1480").json()

    assert [(week["week_of"], week["counts"]["values_known"]) for week in told["weeks"][:2]] == [
        ("2026-09-07", 20),
        ("2026-09-14", 30),
    ]
    with kept.upkeep() as store:
        assert store.quality.thin_out(date(2026, 9, 20)) == 1
    assert visitor.get("/api/quality?kommun=1480").json()["weeks"] == told["weeks"]


@pytest.mark.parametrize("address", ["/kvalitet", "/en/quality?kommun=1480"])
def test_quality_page_shows_formula_table_and_picture(shown: httpx.Client, address: str) -> None:
    page = parser.fromstring(shown.get(address).text)

    assert "/ 5" in page.cssselect(".formula")[0].text_content()
    assert len(page.cssselect("svg.chart")) == 2
    assert len(page.cssselect("table")) == 3
    assert len(page.cssselect("table")[0].cssselect("tbody tr")) == 2


def test_quality_of_an_unknown_municipality_is_not_found(shown: httpx.Client) -> None:
    assert shown.get("/api/quality?kommun=9999").status_code == 404
    assert shown.get("/kvalitet?kommun=99").status_code == 400


def test_quality_that_was_never_counted_says_so(kept: Landbank, visitor: httpx.Client) -> None:
    with kept.upkeep() as store:
        store.connection.execute(text("DELETE FROM landbank.quality_day"))

    assert visitor.get("/api/quality").json()["region"]["score"] is None
    assert "inte räknad än" in visitor.get("/kvalitet").text


# certainty


def test_certainty_stands_in_lists_and_on_the_page_of_a_plot(shown: httpx.Client) -> None:
    card = parser.fromstring(shown.get("/").text).cssselect("li.card .fresh")[0].text_content()
    page = parser.fromstring(shown.get("/tomt/1").text)

    # Of twelve values outline and use count 1, five that nobody confirmed 1/4: planning state, readiness,
    # availability and contact, and none of the others is known.
    assert "Säkerhet 25\u00a0%" in card
    told = " ".join(line.text_content() for line in page.cssselect(".plot-head .fresh"))
    assert "Säkerhet 25\u00a0%: 2 av 12 nyckeluppgifter är kända och aktuella." in told
    assert "För gammalt: planläge, byggklarhet, försäljningsläge, kontakt." in told
    assert "Okänt: upplåtelseform, pris, eleffekt, vatten och avlopp, säljbar area, ägare." in told


def test_evidence_of_a_restriction_is_a_link_and_only_a_web_address(
    kept: Landbank, visitor: httpx.Client
) -> None:
    with kept.changing(actor="test") as store:
        store.connection.execute(
            text(
                """INSERT INTO landbank.restriction (plot_id, kind, evidence_url)
                   SELECT id, 'risk', 'https://example.org/utredning?a=1&b=2' FROM landbank.plot WHERE reference = 'H0'"""
            )
        )
    links = parser.fromstring(visitor.get("/tomt/1").text).cssselect("a[href^='https://example.org/']")
    assert [link.get("href") for link in links] == ["https://example.org/utredning?a=1&b=2"]

    for address in ("javascript:alert(1)", "ftp://example.org", "https://a b"):
        with (
            pytest.raises(Exception, match="ck_restriction_evidence_url"),
            kept.changing(actor="test") as store,
        ):
            store.connection.execute(
                text(
                    "INSERT INTO landbank.restriction (plot_id, kind, evidence_url) VALUES (1, 'risk', :address)"
                ),
                {"address": address},
            )


# findings and the list of work


def test_findings_are_for_planners(shown: httpx.Client) -> None:
    assert shown.get("/api/findings").status_code == 401
    told = shown.get("/api/findings", headers=AS_STEWARD).json()
    assert told["number_matched"] == told["number_returned"] > 0
    assert {(one["reference"], one["kind"]) for one in told["findings"]} == {
        ("L1", "contact_gone"), ("L1", "key_fact_missing"),
    }  # fmt: skip
    facts = [one["details"]["fact"] for one in told["findings"] if one["kind"] == "key_fact_missing"]
    assert sorted(facts) == ["outline", "use"]


def test_findings_are_filtered_and_paged(shown: httpx.Client) -> None:
    def get(query: str) -> httpx.Response:
        return shown.get(f"/api/findings?{query}", headers=AS_STEWARD)

    assert get("municipality=1480").json()["findings"] == []
    assert get("kind=contact_gone").json()["number_matched"] == 1
    assert get("limit=1&offset=1").json()["number_returned"] == 1
    for query in (
        "kind=nonsense",
        "municipality=x",
        "limit=0",
        "plot=0",
        "other=1",
        "kind=overlap&kind=sliver",
    ):
        assert get(query).status_code == 400, query


def test_list_of_work_counts_plots_and_says_what_to_do(shown: httpx.Client) -> None:
    told = shown.get("/api/todo/1441", headers=AS_STEWARD).json()

    lines = {line["kind"]: line for line in told["lines"]}
    assert list(lines) == ["expiring", "freed", "overlapping", "faulty", "review", "missing", "stale"]
    assert {kind: line["count"] for kind, line in lines.items()} == {
        "expiring": 0, "freed": 0, "overlapping": 0, "faulty": 1, "review": 0, "missing": 1, "stale": 2,
    }  # fmt: skip
    assert told["count"] == 4
    assert "Bekräfta" in lines["stale"]["next_step"]["sv"]
    assert shown.get("/api/todo/9999", headers=AS_STEWARD).status_code == 404


# confirmations


def post(client: httpx.Client, actor: str = "steward", **asked: Any) -> httpx.Response:
    """Ask for a confirmation."""
    return client.post("/api/confirmations", json=asked, headers={"x-test-actor": actor})


def test_preview_then_confirmation_leaves_one_event_a_plot(kept: Landbank, visitor: httpx.Client) -> None:
    shown = post(visitor, plot_ids=[1, 2]).json()
    done = post(visitor, plot_ids=[1, 2], apply=True, digest=shown["digest"], reason="besökta i dag")

    assert (shown["applied"], shown["count"]) == (False, 2)
    assert {value["field"] for value in shown["plots"][0]["values"]} == {
        "planning_state", "readiness", "availability", "sales_contact_id",
    }  # fmt: skip
    assert done.json()["applied"] is True
    with kept.reading() as store:
        events = store.connection.execute(
            text(
                """SELECT noun_id, actor, role, municipality_code, reason, request_id FROM landbank.event
                   WHERE actor = 'user:7' ORDER BY revision"""
            )
        ).all()
    asked = done.headers["x-request-id"]
    assert [tuple(event) for event in events] == [
        (plot, "user:7", "steward", "1480", "besökta i dag", asked) for plot in ("1", "2")
    ]
    again = post(visitor, plot_ids=[1, 2]).json()
    assert not any(value["stale"] for plot in again["plots"] for value in plot["values"])


def test_all_stale_plots_of_a_municipality_are_confirmed_by_class(visitor: httpx.Client) -> None:
    shown = post(visitor, stale_in="1480", classes=["ground"]).json()
    done = post(visitor, stale_in="1480", classes=["ground"], apply=True, digest=shown["digest"])

    assert shown["count"] == 5
    assert done.status_code == 200
    assert post(visitor, stale_in="1480", classes=["ground"]).status_code == 400
    assert post(visitor, stale_in="1480", classes=["sale"]).json()["count"] == 5


def test_confirmation_without_preview_or_after_a_change_is_refused(
    kept: Landbank, visitor: httpx.Client
) -> None:
    assert post(visitor, plot_ids=[1], apply=True).status_code == 428
    shown = post(visitor, plot_ids=[1]).json()
    with kept.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET readiness = 'ramark' WHERE id = 1"))

    assert post(visitor, plot_ids=[1], apply=True, digest=shown["digest"]).status_code == 409
    assert post(visitor, plot_ids=[1], apply=True, digest="0" * 64).status_code == 409


def test_confirmation_is_refused_to_others(shown: httpx.Client) -> None:
    assert post(shown, actor="", plot_ids=[1]).status_code == 401
    assert post(shown, plot_ids=[1, 6]).status_code == 403  # the sixth lies in Lerum
    assert post(shown, actor="lots", plot_ids=[1]).status_code == 403


@pytest.mark.parametrize(
    "asked",
    [
        {}, {"plot_ids": []}, {"plot_ids": [0]}, {"plot_ids": [2**63]}, {"plot_ids": ["x"]}, {"plot_ids": [1], "x": 1},
        {"plot_ids": [1], "stale_in": "1480"}, {"plot_ids": [1], "classes": ["nonsense"]},
        {"plot_ids": [1], "classes": []}, {"plot_ids": [1], "digest": "x"}, {"plot_ids": [1], "reason": "a\u0000b"},
        {"stale_in": "14800"}, {"plot_ids": list(range(1, 1002))},
    ],
)  # fmt: skip
def test_confirmation_refuses_what_it_cannot_read(shown: httpx.Client, asked: dict[str, Any]) -> None:
    assert post(shown, **asked).status_code == 400
    assert shown.post("/api/confirmations", content=b"not json", headers=AS_STEWARD).status_code == 400


def test_confirmation_of_what_is_not_there_is_not_found(shown: httpx.Client) -> None:
    assert post(shown, plot_ids=[1, 99]).status_code == 404


# mail choices and operation


@pytest.fixture
def link(kept: Landbank) -> str:
    """The token of an office's letters."""
    with kept.changing(actor="test") as store:
        store.connection.execute(
            text("UPDATE landbank.contact SET kind = 'steward', title = 'Mark <b>1</b>'")
        )
    return stop_tokens(kept.settings).token(1)


def choice(kept: Landbank) -> tuple[str, bool]:
    """What the office has chosen: its language, and whether the list is stopped."""
    with kept.reading() as store:
        office = store.mails.office(1)
    assert office is not None
    return office.language, office.weekly_stopped_at is not None


def test_office_stops_and_starts_its_list_and_chooses_a_language(
    kept: Landbank, visitor: httpx.Client, link: str
) -> None:
    page = visitor.get(f"/utskick?t={link}")
    assert "Mark &lt;b&gt;1&lt;/b&gt;, Göteborg" in page.text
    assert "mark@example.org" not in page.text
    assert page.headers["cache-control"] == "no-store"

    saved = visitor.post(f"/utskick?t={link}", data={"veckolista": "stop", "sprak": "en"})
    assert "Sparat." in saved.text
    assert choice(kept) == ("en", True)
    visitor.post(f"/en/mailing?t={link}", data={"veckolista": "send", "sprak": "sv"})
    assert choice(kept) == ("sv", False)


def test_mail_program_stops_the_list_with_one_post(kept: Landbank, visitor: httpx.Client, link: str) -> None:
    answer = visitor.post(f"/utskick?t={link}", data={"List-Unsubscribe": "One-Click"})

    assert answer.status_code == 200
    assert choice(kept) == ("sv", True)


def test_forged_link_changes_nothing(kept: Landbank, visitor: httpx.Client, link: str) -> None:
    for forged in ("", "x", link[:-1], link + "A", link.replace("MQ", "Mg")):
        assert visitor.get("/utskick", params={"t": forged}).status_code == 404
        assert visitor.post("/utskick", params={"t": forged}, data={"veckolista": "stop"}).status_code == 404
    assert choice(kept) == ("sv", False)
    assert visitor.post(f"/utskick?t={link}", data={"veckolista": "maybe"}).status_code == 400


def test_key_of_the_links_is_made_once_and_for_its_owner_alone(kept: Landbank, link: str) -> None:
    path = kept.settings.home / "mail.key"

    assert path.stat().st_mode & 0o777 == 0o600
    assert len(path.read_bytes()) == 32
    assert stop_tokens(kept.settings).token(1) == link


def test_operation_says_that_mail_is_off_and_what_waits(kept: Landbank, visitor: httpx.Client) -> None:
    with kept.upkeep() as store:
        store.mails.write(
            key="k", kind="weekly", language="sv", recipient="somebody@example.com", subject="s", body_text="t",
            body_html="h",
        )  # fmt: skip
    assert visitor.get("/api/operation").status_code == 401
    sent_on = visitor.get("/drift", headers={"accept": "text/html"})
    assert (sent_on.status_code, sent_on.headers["location"]) == (303, "/logga-in?vidare=/drift")

    told = visitor.get("/api/operation", headers=AS_STEWARD).json()
    assert told["mail"]["is_on"] is False
    assert told["mail"]["counts"] == {"waiting": 1}
    assert (told["workers"], told["changes_behind"]) == (0, 0)
    for address, words in (("/drift", "1 brev väntar."), ("/en/operation", "1 letter waits.")):
        page = visitor.get(address, headers=AS_STEWARD)
        assert words in page.text
        assert "somebody" not in page.text
        assert re.search(r"(göra jobben|do the jobs)\. \s*(Alla|All) ", page.text), "sentences are set apart"
        assert page.headers["cache-control"] == "no-store"


def test_every_job_is_told_of_in_words() -> None:
    assert set(JOB_TEXTS) == {job.name for job in JOBS}
