"""Splitting, merging and redrawing in the browser: tried, chosen, carried out; refused to others and when overtaken."""

from __future__ import annotations

from typing import Any

import httpx
import lxml.html
import pytest

from landbank.domain.people import Grant, Role


def told(answer: httpx.Response) -> str:
    """A page's text in one line."""
    return " ".join(" ".join(lxml.html.fromstring(answer.text).itertext()).split())


def ends(plot: dict[str, Any]) -> tuple[float, float, float, float]:
    """West, south, east and north of a square plot."""
    ring = plot["geometry"]["coordinates"][0][0]
    xs, ys = [x for x, _ in ring], [y for _, y in ring]
    return min(xs), min(ys), max(xs), max(ys)


def line(plot: dict[str, Any], share: float = 0.4) -> str:
    """A line from south to north through a square plot."""
    west, south, east, north = ends(plot)
    x = west + share * (east - west)
    return f"{south - 5} {x}\n{north + 5} {x}"


def square(west: float, south: float, east: float, north: float) -> str:
    """A square's corners."""
    return f"{south} {west}\n{south} {east}\n{north} {east}\n{north} {west}"


def seen(*plots: dict[str, Any]) -> list[str]:
    """Plots with the versions that were seen, as the form carries them."""
    return [f"{plot['id']}:{plot['row_version']}" for plot in plots]


def post(desk: Any, plot: dict[str, Any], way: str, who: str = "planner", **fields: Any) -> httpx.Response:
    """The form of a page."""
    data = {"tomt": seen(plot), "steg": "granska", "skal": "ny indelning"} | fields
    answer: httpx.Response = desk.clients[who].post(f"/tomt/{plot['id']}/{way}", data=data)
    return answer


def beside(desk: Any, reference: str, **members: Any) -> tuple[dict[str, Any], dict[str, Any]]:
    """Two plots that share a border."""
    first = desk.add(reference, valid_from="2026-01-01", **members)
    west, south, east, north = ends(first)
    ring = [[east, south], [east + 50, south], [east + 50, north], [east, north], [east, south]]
    geometry = {"type": "Polygon", "coordinates": [ring]}
    second = desk.add(f"{reference}b", valid_from="2026-01-01", geometry=geometry, **members)
    assert west < east
    return first, second


def current(desk: Any, pattern: str) -> list[tuple[str, float]]:
    """Reference and area of current plots whose reference is like the pattern."""
    rows = desk.rows(
        "SELECT reference, area_m2 FROM landbank.plot WHERE reference LIKE :like"
        " AND (valid_to IS NULL OR valid_to > current_date) ORDER BY reference",
        like=pattern,
    )
    return [(row.reference, float(row.area_m2)) for row in rows]


def test_split_is_shown_with_areas_that_reconcile_and_then_carried_out(desk: Any) -> None:
    plot = desk.add("P1", valid_from="2026-01-01", uses=[{"code": "J"}])
    looked = post(desk, plot, "dela", linje=line(plot))

    assert looked.status_code == 200
    assert "Areorna går ihop." in told(looked)
    page = lxml.html.fromstring(looked.text)
    assert page.xpath("//input[@name='ref']/@value") == ["P1-1", "P1-2"]
    assert len(page.xpath("//svg[@role='img']/path[@class='ground-after']")) == 2
    assert "Industri (J)" in told(looked)
    assert [name for name, _ in current(desk, "P1%")] == ["P1"]

    done = post(desk, plot, "dela", linje=line(plot), ref=["P1 väst", "P1 öst"], steg="genomfor")
    assert (done.status_code, done.headers["location"]) == (303, f"/tomt/{plot['id']}")
    (first, west_m2), (second, east_m2) = current(desk, "P1%")
    assert (first, second) == ("P1 väst", "P1 öst")
    assert (west_m2, east_m2) == (pytest.approx(4_000, abs=5), pytest.approx(6_000, abs=7))
    assert desk.anonymous.get(f"/tomt/{plot['id']}").status_code == 410
    (event,) = desk.rows(
        "SELECT reason FROM landbank.event WHERE noun_id = :id AND kind = 'replaced'", id=str(plot["id"])
    )
    assert event.reason == "ny indelning"


def test_what_is_not_obvious_is_asked_and_goes_where_it_was_chosen(desk: Any) -> None:
    plot = desk.add(
        "P2", valid_from="2026-01-01",
        restrictions=[{"kind": "buller", "is_blocking": False}],
        utilities=[{"kind": "el", "capacity": 2.0, "capacity_unit": "MW"}],
    )  # fmt: skip
    asked = post(desk, plot, "dela", linje=line(plot), steg="genomfor")

    assert (asked.status_code, "Att välja" in told(asked)) == (200, True)
    assert [name for name, _ in current(desk, "P2%")] == ["P2"]
    pointers = lxml.html.fromstring(asked.text).xpath("//input[@name='sedd']/@value")
    noise, power = (next(one for one in pointers if noun in one) for noun in ("restrictions", "utilities"))
    chosen = {
        "sedd": pointers, f"val:{noise}": ["1"], f"val:{power}": ["0", "1"],
        f"mangd:{power}:0": "1,5", f"mangd:{power}:1": "0,5",
    }  # fmt: skip
    too_much = post(desk, plot, "dela", linje=line(plot), **{**chosen, f"mangd:{power}:1": "1"})
    assert (too_much.status_code, "Det går inte så." in told(too_much)) == (400, True)

    done = post(desk, plot, "dela", linje=line(plot), steg="genomfor", **chosen)
    assert done.status_code == 303, told(done)
    facts = desk.rows(
        "SELECT p.reference, u.capacity, r.kind FROM landbank.plot p JOIN landbank.utility u ON u.plot_id = p.id"
        " LEFT JOIN landbank.restriction r ON r.plot_id = p.id WHERE p.reference LIKE 'P2-%' ORDER BY 1"
    )
    assert [(row.reference, float(row.capacity), row.kind) for row in facts] == [
        ("P2-1", 1.5, None), ("P2-2", 0.5, "buller"),
    ]  # fmt: skip


@pytest.mark.parametrize("text", ["", "x", "6400000 310000", "6400000 310000\n6400001 310001", "<script>"])
def test_line_that_can_not_be_used_is_told_and_kept(desk: Any, text: str) -> None:
    plot = desk.add(f"P3{len(text)}")
    answer = post(desk, plot, "dela", linje=text)

    assert (answer.status_code, "Det gick inte" in told(answer)) == (400, True)
    assert "<script>" not in lxml.html.fromstring(answer.text).xpath("string(//main)") or text == "<script>"
    assert lxml.html.fromstring(answer.text).xpath("string(//textarea[@name='linje'])").strip() == text


def test_neighbours_are_offered_and_merged_into_one_that_old_addresses_lead_to(desk: Any) -> None:
    first, second = beside(desk, "P4")
    offered = lxml.html.fromstring(desk.planner.get(f"/tomt/{first['id']}/sla-ihop").text)
    assert offered.xpath("//input[@type='checkbox'][@name='tomt']/@value") == seen(second)

    alone = post(desk, first, "sla-ihop")
    assert alone.status_code == 400
    looked = post(desk, first, "sla-ihop", tomt=seen(first, second))
    assert (looked.status_code, "Areorna går ihop." in told(looked)) == (200, True)
    done = post(desk, first, "sla-ihop", tomt=seen(first, second), ref="P4", steg="genomfor")
    assert done.status_code == 303, told(done)
    ((reference, area_m2),) = current(desk, "P4%")
    assert (reference, area_m2) == ("P4", pytest.approx(15_000, abs=15))
    moved = desk.anonymous.get(f"/tomt/{second['id']}")
    assert (moved.status_code, moved.headers["location"]) == (301, done.headers["location"])


def test_redrawing_gives_up_ground_only_when_it_is_meant(desk: Any) -> None:
    plot = desk.add("P5", valid_from="2026-01-01")
    west, south, east, north = ends(plot)
    drawn = {"ref": ["P5 ny", ""], "yta": [square(west, south, east - 20, north), ""]}
    asked = post(desk, plot, "rita-om", **drawn, steg="genomfor")
    assert "Mark blir över" in told(asked)
    assert [name for name, _ in current(desk, "P5%")] == ["P5"]

    done = post(
        desk, plot, "rita-om", **drawn, steg="genomfor", **{"sedd": ["/ground_left"], "val:/ground_left": "1"}
    )
    assert done.status_code == 303, told(done)
    assert current(desk, "P5%") == [("P5 ny", pytest.approx(8_000, abs=8))]


def test_border_between_neighbours_is_redrawn_from_their_fetched_outlines(desk: Any) -> None:
    first, second = beside(desk, "P6")
    fetched = post(desk, first, "rita-om", tomt=seen(first, second), hamta="1", ref=["x"], yta=["y"])
    page = lxml.html.fromstring(fetched.text)
    assert (
        page.xpath("//input[@name='ref']/@value") == ["P6", "P6b"]
        or len(page.xpath("//textarea[@name='yta']")) == 3
    )

    west, south, east, north = ends(first)
    drawn = [square(west, south, east + 10, north), square(east + 10, south, east + 50, north)]
    done = post(
        desk, first, "rita-om", tomt=seen(first, second), ref=["P6", "P6b"], yta=drawn, steg="genomfor"
    )
    while done.status_code == 200:
        pointers = lxml.html.fromstring(done.text).xpath("//input[@name='sedd']/@value")
        assert pointers, told(done)
        pytest.fail(f"choices were asked: {pointers}")
    assert done.status_code == 303, told(done)
    areas = dict(current(desk, "P6%"))
    assert areas == {"P6": pytest.approx(11_000, abs=11), "P6b": pytest.approx(4_000, abs=5)}


def test_overtaken_split_does_nothing_and_carries_the_new_version(desk: Any) -> None:
    plot = desk.add("P7")
    tag = desk.tag(plot["id"])
    headers = {"if-match": tag, "content-type": "application/merge-patch+json"}
    assert (
        desk.planner.patch(
            f"/api/plots/{plot['id']}", content='{"description": "ny"}', headers=headers
        ).status_code
        == 200
    )
    stale = post(desk, plot, "dela", linje=line(plot), steg="genomfor")

    assert (stale.status_code, "Någon ändrade en av tomterna" in told(stale)) == (412, True)
    (carried,) = lxml.html.fromstring(stale.text).xpath("//input[@type='hidden'][@name='tomt']/@value")
    assert carried != seen(plot)[0]
    assert [name for name, _ in current(desk, "P7%")] == ["P7"]
    done = post(desk, plot, "dela", linje=line(plot), tomt=[carried], steg="genomfor")
    assert done.status_code == 303


@pytest.mark.parametrize("way", ["dela", "sla-ihop", "rita-om"])
def test_others_neither_see_nor_use_the_page(desk: Any, way: str) -> None:
    plot = desk.add(f"P8{way}")
    for who, status in (("elsewhere", 403), ("lots", 403), ("anonymous", 401)):
        answer = post(desk, plot, way, who, linje=line(plot), steg="genomfor")
        assert answer.status_code == status
    assert [name for name, _ in current(desk, f"P8{way}")] == [f"P8{way}"]


def test_foreign_plot_in_the_form_is_forbidden(desk: Any) -> None:
    plot = desk.add("P9")
    (lerum,) = desk.rows("SELECT id, row_version FROM landbank.plot WHERE reference = 'L2'")
    foreign = {"id": lerum.id, "row_version": lerum.row_version}
    answer = post(desk, plot, "sla-ihop", tomt=seen(plot, foreign), steg="genomfor")
    assert answer.status_code == 403


@pytest.mark.parametrize("value", ["x", "1:x", ":", "1:", "9" * 30 + ":1", "999999999:1", "-1:1"])
def test_plots_that_are_none_are_refused_and_never_an_error_of_ours(desk: Any, value: str) -> None:
    plot = desk.add(f"Q{len(value)}{value[:6]}")
    answer = post(desk, plot, "sla-ihop", tomt=[*seen(plot), value], steg="genomfor")
    assert answer.status_code in {400, 404}


def test_forms_without_the_sessions_token_are_refused(site: str, somebody: Any) -> None:
    person = somebody("anna", Grant(Role.PLANNER, "1480"))
    for way in ("dela", "sla-ihop", "rita-om", "grans"):
        assert person.agent.post(f"/tomt/1/{way}", {"steg": "genomfor"}).status_code == 403
