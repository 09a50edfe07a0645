"""Many plots at once: chosen or by the filter, previewed one by one, carried out only as previewed."""

from __future__ import annotations

from typing import Any

import httpx
import lxml.html
import pytest

MANY = "/kommun/1480/tomter/flera"
ATTACK = "<img src=x onerror=alert(1)>{{7*7}}"


def parsed(answer: httpx.Response, status: int = 200) -> Any:
    """The page of an answer."""
    assert answer.status_code == status, answer.text[:2_000]
    return lxml.html.fromstring(answer.text)


def texts(page: Any, selector: str) -> list[str]:
    """The texts of elements, without runs of spaces."""
    return [" ".join(one.text_content().split()) for one in page.cssselect(selector)]


def three(desk: Any, name: str, **members: Any) -> list[dict[str, Any]]:
    """Three plots."""
    return [desk.add(f"{name}{place}", **members) for place in "abc"]


def ticked(plots: list[dict[str, Any]]) -> dict[str, list[str]]:
    """What the ticked boxes of plots send."""
    return {"tomt": [f"{one['id']}:{one['row_version']}" for one in plots]}


def preview(desk: Any, plots: list[dict[str, Any]], who: str = "planner", **fields: str) -> httpx.Response:
    """The preview of a change."""
    answer: httpx.Response = desk.clients[who].post(MANY, data=ticked(plots) | fields)
    return answer


def applied(desk: Any, page: Any, **more: str) -> httpx.Response:
    """What carrying out a preview answers."""
    (form,) = (one for one in page.forms if str(one.action).partition("?")[0].endswith("/genomfor"))
    answer: httpx.Response = desk.planner.post(form.action, data=dict(form.form_values()) | more)
    return answer


def column(desk: Any, plots: list[dict[str, Any]], name: str) -> list[Any]:
    """A column of plots, in their order."""
    ids = [one["id"] for one in plots]
    rows = desk.rows(f"SELECT {name} FROM landbank.plot WHERE id = ANY(:ids) ORDER BY id", ids=ids)
    return [row[0] for row in rows]


def test_chosen_plots_go_to_the_form_of_the_change(desk: Any) -> None:
    plots = three(desk, "K")
    page = parsed(preview(desk, plots))

    assert texts(page, "h1") == ["Ändra 3 tomter i Göteborg"]
    assert [one.get("value") for one in page.cssselect("input[name=vad]")] == [
        "lage", "bekrafta", "kontakt", "skots", "plan",
    ]  # fmt: skip


def test_all_of_the_filter_can_be_chosen(desk: Any) -> None:
    three(desk, "Filtret")
    page = parsed(desk.planner.post(f"{MANY}?q=filtret", data={"alla": "1"}))
    assert texts(page, "h1") == ["Ändra 3 tomter i Göteborg"]


def test_preview_says_of_each_plot_what_changes_or_why_not_and_writes_nothing(desk: Any) -> None:
    free, sold, coming = (
        desk.add("P1"), desk.add("P2"), desk.add("P3", availability="kommande"),
    )  # fmt: skip
    set_right = {
        "tomt": sold["id"],
        "version": 1,
        "till": "rattelse:availability:sald",
        "part": "A AB",
        "skal": "x",
    }
    assert desk.planner.post("/kommun/1480/tomter/lage", data=set_right).status_code == 303
    page = parsed(
        preview(desk, [free, sold, coming], vad="lage", till="steg:availability:ej_till_salu", skal=ATTACK)
    )

    changed, unchanged = page.cssselect("table.outcome")
    assert texts(changed, "tbody tr") == [
        "P1–Försäljning: Ledig → Ej till salu",
        "P3–Försäljning: Kommande → Ej till salu",
    ]
    assert texts(unchanged, "tbody tr") == [
        "P2–Det läget kan inte följa på det som gäller nu. Välj ett annat."
    ]
    assert "<img" not in lxml.html.tostring(page.cssselect("main")[0]).decode()
    assert column(desk, [free, sold, coming], "availability") == ["ledig", "sald", "kommande"]

    answer = applied(desk, page)
    assert answer.headers["location"].endswith("?andrade=2")
    assert texts(parsed(desk.planner.get(answer.headers["location"])), "[role=status]") == [
        "2 tomter ändrades."
    ]
    assert column(desk, [free, sold, coming], "availability") == ["ej_till_salu", "sald", "ej_till_salu"]


def test_reservation_of_several_plots_names_its_holder_once(desk: Any) -> None:
    plots = three(desk, "R")
    fields = {"vad": "lage", "till": "steg:availability:reserverad", "part": "Alfa AB", "sista": "2099-01-01"}
    assert applied(desk, parsed(preview(desk, plots, **fields))).status_code == 303

    assert column(desk, plots, "availability_until::text") == ["2099-01-01"] * 3
    rows = desk.rows(
        "SELECT p.name FROM landbank.commitment c JOIN landbank.party p ON p.id = c.party_id WHERE c.plot_id = ANY(:ids)",
        ids=[one["id"] for one in plots],
    )
    assert [row.name for row in rows] == ["Alfa AB"] * 3


def test_readiness_contact_plan_and_confirmation_for_many(desk: Any) -> None:
    plots = three(desk, "V", readiness="ramark")
    contact = str(desk.rows("SELECT id FROM landbank.contact")[0].id)
    plan = str(desk.rows("SELECT id FROM landbank.plan")[0].id)
    for fields in (
        {"vad": "lage", "till": "steg:readiness:byggklar", "klar": "2026-05-01"},
        {"vad": "kontakt", "kontakt": contact},
        {"vad": "plan", "plan": plan},
        {"vad": "bekrafta"},
    ):
        assert applied(desk, parsed(preview(desk, plots, **fields))).status_code == 303

    assert column(desk, plots, "readiness") == ["byggklar"] * 3
    assert column(desk, plots, "sales_contact_id::text") == [contact] * 3
    assert column(desk, plots, "plan_id::text") == [plan] * 3
    assert column(desk, plots, "confirmed_on = current_date") == [True] * 3
    again = parsed(preview(desk, plots, vad="plan", plan=plan))
    assert texts(again, "table.outcome td:last-child") == ["Är redan så."] * 3
    assert applied(desk, parsed(preview(desk, plots, vad="plan", plan="ingen"))).status_code == 303
    assert column(desk, plots, "plan_id") == [None] * 3


def test_base_that_moved_since_the_preview_is_a_conflict_and_nothing_is_written(desk: Any) -> None:
    plots = three(desk, "M")
    page = parsed(preview(desk, plots, vad="lage", till="steg:availability:kommande", skal="x"))
    desk.planner.post("/kommun/1480/tomter/bekrafta", data={"tomt": plots[1]["id"], "version": 1})

    moved = parsed(applied(desk, page), 409)
    assert "inget är ändrat" in texts(moved, "[role=alert]")[0]
    assert column(desk, plots, "availability") == ["ledig"] * 3
    assert applied(desk, moved).status_code == 303
    assert column(desk, plots, "availability") == ["kommande"] * 3


@pytest.mark.parametrize("more", [{"till": "steg:availability:ej_till_salu"}, {"digest": "0"}, {"skal": ""}])
def test_what_was_not_previewed_is_not_carried_out(desk: Any, more: dict[str, str]) -> None:
    plots = three(desk, f"D{len(str(more))}")
    page = parsed(preview(desk, plots, vad="lage", till="steg:availability:kommande", skal="x"))

    assert applied(desk, page, **more).status_code == 409
    assert column(desk, plots, "availability") == ["ledig"] * 3


@pytest.mark.parametrize(
    "fields",
    [
        {"vad": "allt"},
        {"vad": "lage"},
        {"vad": "lage", "till": "steg:availability:reserverad"},
        {"vad": "lage", "till": "rattelse:availability:sald", "skal": "x"},
        {"vad": "plan"},
        {"vad": "plan", "plan": "999999"},
        {"vad": "plan", "plan": ATTACK},
        {"vad": "kontakt", "kontakt": "-1"},
    ],
)
def test_change_that_can_not_be_read_is_refused_with_what_was_typed(
    desk: Any, fields: dict[str, str]
) -> None:
    plots = three(desk, f"U{abs(hash(str(fields)))}"[:20])
    page = parsed(preview(desk, plots, beslut="FN 1", **fields), 400)

    assert page.cssselect(".errors li")
    assert page.cssselect("input[name=beslut]")[0].get("value") == "FN 1"
    assert "<img" not in lxml.html.tostring(page.cssselect("main")[0]).decode()


def test_no_plot_or_too_many_are_refused(desk: Any) -> None:
    assert desk.planner.post(MANY, data={}).status_code == 400
    assert desk.planner.post(MANY, data={"tomter": ",".join(map(str, range(1, 600)))}).status_code == 400


@pytest.mark.parametrize("path", [MANY, f"{MANY}/genomfor"])
def test_foreign_planner_changes_nothing(desk: Any, path: str) -> None:
    plots = three(desk, f"X{len(path)}")
    fields = ticked(plots) | {"vad": "bekrafta", "digest": "0"}
    told = {"accept": "application/json"}
    assert desk.elsewhere.post(path, data=fields, headers=told).status_code == 403
    assert desk.anonymous.post(path, data=fields, headers=told).status_code == 401
    own = path.replace("1480", "1441")
    assert desk.elsewhere.post(own, data=fields, headers=told).status_code == 404
    assert column(desk, plots, "confirmed_on") == [None] * 3


def test_lots_member_is_offered_states_alone(desk: Any) -> None:
    plots = three(desk, "L")
    page = parsed(preview(desk, plots, "lots"))
    assert [one.get("value") for one in page.cssselect("input[name=vad]")] == ["lage"]
    assert preview(desk, plots, "lots", vad="plan", plan="1").status_code == 403
