"""The planners' pages of a municipality: at a glance, its table, and changes of state and confirmations in place."""

from __future__ import annotations

from typing import Any

import httpx
import lxml.html
import pytest

TABLE = "/kommun/1480/tomter"
ATTACK = "<img src=x onerror=alert(1)>{{7*7}}"
RESERVE = {
    "till": "steg:availability:reserverad",
    "part": "Alfa AB",
    "orgnr": "556000-0167",
    "sista": "2099-12-31",
}


def parsed(answer: httpx.Response, status: int = 200) -> Any:
    """The page of an answer."""
    assert answer.status_code == status, answer.text[:2_000]
    return lxml.html.fromstring(answer.text)


def texts(page: Any, selector: str) -> list[str]:
    """The texts of elements, without runs of spaces."""
    return [" ".join(one.text_content().split()) for one in page.cssselect(selector)]


def post(desk: Any, path: str, plot: dict[str, Any], who: str = "planner", **fields: Any) -> httpx.Response:
    """What a form of a plot answers."""
    told = {"tomt": plot["id"], "version": plot["row_version"], **fields}
    answer: httpx.Response = desk.clients[who].post(path, data=told)
    return answer


def version(desk: Any, plot: dict[str, Any]) -> tuple[int, str]:
    """A plot's version and state of sale."""
    (row,) = desk.rows("SELECT row_version, availability FROM landbank.plot WHERE id = :id", id=plot["id"])
    return tuple(row)


@pytest.mark.parametrize(
    "address", ["/kommun/1480", "/kommun/1480/tomter", "/en/municipality/1480", "/kommun"]
)
@pytest.mark.parametrize(("who", "status"), [("anonymous", 401), ("elsewhere", 200), ("lots", 200)])
def test_pages_are_for_those_who_plan_in_any_municipality(
    desk: Any, address: str, who: str, status: int
) -> None:
    answer = desk.clients[who].get(address, headers={"accept": "application/json"}, follow_redirects=True)
    assert answer.status_code == status
    if status == 200:
        assert answer.headers["cache-control"] == "no-store"


def test_planner_of_another_municipality_reads_without_controls(desk: Any) -> None:
    page = parsed(desk.elsewhere.get(TABLE))

    assert page.cssselect("main tbody")
    assert page.cssselect("main form[method=post]") == []
    assert page.cssselect("main input[type=checkbox]") == []


def test_own_municipality_is_where_the_menu_leads(desk: Any) -> None:
    answer = desk.planner.get("/kommun")
    assert (answer.status_code, answer.headers["location"]) == (303, "/kommun/1480")
    assert texts(parsed(desk.planner.get("/kommun?alla=1")), "main li a") == ["Göteborg", "Lerum"]


def test_glance_counts_what_needs_doing_and_leads_to_just_those_plots(desk: Any) -> None:
    page = parsed(desk.planner.get("/kommun/1480"))
    cards = {
        texts(card, "h3")[0].split(" ")[0]: card.cssselect("h3 a")[0].get("href")
        for card in page.cssselect(".work-card")
    }
    assert cards["Behöver"] == "/kommun/1480/tomter?att=stale"

    listed = parsed(desk.planner.get(cards["Behöver"]))
    (count,) = texts(page, '.work-card a[href$="att=stale"] .work-count')
    assert texts(listed, "#antal") == [count]


@pytest.mark.parametrize(
    ("query", "references"),
    [
        ("q=tomt+3", ["H3"]),
        ("q=hamnporten&lage=ledig&skylt=begransad", ["H4"]),
        ("q=P2024&ordna=-beteckning", ["H4", "H3", "H2", "H1", "H0"]),
        ("q=hamnporten&mark=okant", []),
        ("q=%25", []),
    ],
)
def test_table_is_filtered_and_sorted(desk: Any, query: str, references: list[str]) -> None:
    page = parsed(desk.planner.get(f"{TABLE}?{query}"))
    assert texts(page, "tbody th") == references


@pytest.mark.parametrize(
    "query", ["lage=x", "att=nothing", "ordna=id;drop", "sida=0", "sida=x", "q=" + "x" * 101]
)
def test_what_the_table_can_not_be_asked_is_refused(desk: Any, query: str) -> None:
    assert desk.planner.get(f"{TABLE}?{query}", headers={"accept": "text/html"}).status_code == 400


def test_unknown_municipality_is_not_found(desk: Any) -> None:
    for address in ("/kommun/9999", "/kommun/9999/tomter", "/kommun/<img>/tomter"):
        assert desk.planner.get(address).status_code == 404


def test_state_is_changed_in_place_and_its_holder_shows_to_planners_alone(desk: Any) -> None:
    plot = desk.add("S1", readiness="byggklar", planning_state="laga_kraft")
    answer = post(desk, f"{TABLE}/lage?q=S1", plot, **RESERVE)

    where = f"{TABLE}?q=S1&klart={plot['id']}"
    assert (answer.status_code, answer.headers["location"]) == (303, f"{where}#tomt-{plot['id']}")
    page = parsed(desk.planner.get(where))
    assert "S1 är nu reserverad" in texts(page, "[role=status]")[0]
    assert texts(page, ".held") == ["Reservation: Alfa AB, till 2099-12-31"]
    assert "Alfa AB" in desk.elsewhere.get(f"{TABLE}?q=S1").text
    assert version(desk, plot) == (2, "reserverad")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"till"}),
        ({"till": "steg:availability:sald"}, {"till"}),
        ({"till": "steg:availability:reserverad"}, {"part", "sista"}),
        (RESERVE | {"orgnr": "556000-0168"}, {"orgnr"}),
        (RESERVE | {"sista": "2020-01-01"}, {"sista"}),
        (RESERVE | {"sista": "i morgon"}, {"sista"}),
        (RESERVE | {"part": "", "orgnr": "556000-0167"}, {"part"}),
        (RESERVE | {"klar": "2030-01-01"}, {"klar"}),
        (RESERVE | {"skal": "x" * 1001}, {"skal"}),
        ({"till": "rattelse:availability:sald", "part": "Alfa AB"}, {"skal"}),
    ],
)
def test_fault_stands_at_its_field_and_nothing_typed_is_lost(
    desk: Any, fields: dict[str, str], wrong: set[str]
) -> None:
    plot = desk.add(f"F{abs(hash(str(fields)))}"[:20])
    given = fields | {"beslut": ATTACK}
    answer = post(desk, f"{TABLE}/lage", plot, **given)

    page = parsed(answer, 400)
    marked = page.cssselect("[aria-invalid=true]")
    assert {one.get("name") for one in marked} == wrong
    for one in marked:
        assert page.get_element_by_id(one.get("aria-describedby").split()[0]).text_content()
    form = next(
        one for one in page.forms if one.fields.get("tomt") == str(plot["id"]) and "skal" in one.fields
    )
    assert all(form.fields[name] == value for name, value in given.items() if name != "till")
    assert {link.get("href") for link in page.cssselect(".errors a")} == {
        f"#{name}-{plot['id']}" for name in wrong
    }
    assert "<img src=x" not in answer.text
    assert version(desk, plot) == (1, "ledig")


def test_second_of_two_sees_the_row_as_it_stands_and_keeps_what_was_typed(desk: Any) -> None:
    plot = desk.add("S2")
    post(desk, f"{TABLE}/lage", plot, **RESERVE)
    answer = post(
        desk, f"{TABLE}/lage?q=S2", plot, till="steg:availability:intresse", part="Beta AB", skal="x"
    )

    page = parsed(answer, 412)
    assert "Någon annan hann före" in texts(page, ".errors")[0]
    form = next(one for one in page.forms if "skal" in one.fields)
    assert (form.fields["part"], form.fields["version"]) == ("Beta AB", "2")
    assert "Reserverad" in texts(page, "tbody tr")[0]
    assert version(desk, plot) == (2, "reserverad")


def test_reserved_plot_goes_on_to_its_holder_without_naming_it_again(desk: Any) -> None:
    plot = desk.add("S3")
    post(desk, f"{TABLE}/lage", plot, **RESERVE)
    answer = post(
        desk, f"{TABLE}/lage", plot | {"row_version": 2}, till="steg:availability:avtalad", beslut="FN 7"
    )

    assert answer.status_code == 303
    assert texts(parsed(desk.planner.get(f"{TABLE}?q=S3")), ".held") == ["Avtal: Alfa AB"]


def test_wrong_entry_is_set_right_with_a_reason_and_readiness_with_its_day(desk: Any) -> None:
    plot = desk.add("S4")
    wrong = {"till": "rattelse:availability:sald", "skal": "fel rad", "part": "Alfa AB"}
    assert post(desk, f"{TABLE}/lage", plot, **wrong).status_code == 303
    ready = {"till": "steg:readiness:byggklar", "klar": "2026-01-01"}
    assert post(desk, f"{TABLE}/lage", plot | {"row_version": 2}, **ready).status_code == 303

    (row,) = desk.rows(
        "SELECT availability, readiness, ready_on::text FROM landbank.plot WHERE id = :id", id=plot["id"]
    )
    assert tuple(row) == ("sald", "byggklar", "2026-01-01")


@pytest.mark.parametrize("path", ["lage", "bekrafta"])
def test_foreign_planner_changes_nothing(desk: Any, path: str) -> None:
    plot = desk.add(f"S5{path}")
    for who, status in (("elsewhere", 403), ("anonymous", 401)):
        answer = desk.clients[who].post(
            f"{TABLE}/{path}",
            data={"tomt": plot["id"], "version": 1, **RESERVE},
            headers={"accept": "text/html"},
        )
        assert answer.status_code == status
        stolen = desk.clients[who].post(
            f"/kommun/1441/tomter/{path}", data={"tomt": plot["id"], "version": 1}
        )
        assert stolen.status_code == (404 if who == "elsewhere" else 401)
    assert version(desk, plot) == (1, "ledig")


def test_lots_member_reserves_and_is_not_offered_what_others_do(desk: Any) -> None:
    plot = desk.add("S6")
    page = parsed(desk.lots.get(f"{TABLE}?q=S6"))
    offered = [one.get("value") for one in page.cssselect("select[name=till] option")]

    assert "steg:availability:reserverad" in offered
    assert not any("readiness" in one or "markanvisad" in one or "rattelse" in one for one in offered)
    assert page.cssselect('form[action$="bekrafta?"]') == []
    refused = post(desk, f"{TABLE}/lage", plot, "lots", till="steg:readiness:byggklar")
    assert parsed(refused, 400).cssselect(f"#till-{plot['id']}[aria-invalid]")


def test_confirming_is_one_click_and_one_event(desk: Any) -> None:
    plot = desk.add("C1")
    answer = post(desk, f"{TABLE}/bekrafta?q=C1", plot)

    assert answer.status_code == 303
    events = desk.rows(
        "SELECT changes FROM landbank.event WHERE noun = 'plot' AND noun_id = :id AND kind = 'changed'",
        id=str(plot["id"]),
    )
    assert [list(one.changes) for one in events] == [["confirmed_on"]]
    late = post(desk, f"{TABLE}/bekrafta?q=C1", plot)
    assert "Någon annan hann före" in parsed(late, 412).text_content()


@pytest.mark.parametrize("text", [ATTACK, "'; DROP TABLE landbank.plot --", "\x00", "x" * 5_000, "åäö 🏭"])
def test_hostile_text_stays_a_text(desk: Any, text: str) -> None:
    plot = desk.add(f"A{len(text)}", name=(text.replace("\x00", "0"))[:200])
    answer = post(desk, f"{TABLE}/lage", plot, till=text, part=text, skal=text, sista=text)

    assert answer.status_code == 400
    assert "<img src=x" not in answer.text
    shown = desk.planner.get(f"{TABLE}?q=A{len(text)}")
    assert "<img src=x" not in shown.text
    assert plot["name"] in texts(parsed(shown), "tbody tr")[0] or "  " in plot["name"]


def test_pages_ask_the_database_a_bounded_number_of_times(desk: Any) -> None:
    from sqlalchemy import event

    run: list[str] = []
    event.listen(desk.landbank.engine, "before_cursor_execute", lambda *told: run.append(told[2]))
    desk.planner.get("/kommun/1480")
    glance = len(run)
    desk.planner.get(f"{TABLE}?att=stale")
    assert (glance < 30, len(run) - glance < 20) == (True, True)
