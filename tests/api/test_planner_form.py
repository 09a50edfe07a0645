"""The form of a plot: every axis, faults at their fields, new plots, and two people in the same plot."""

from __future__ import annotations

from typing import Any

import httpx
import lxml.html
import pytest

ATTACK = "<img src=x onerror=alert(1)>{{7*7}}"


def parsed(answer: httpx.Response, status: int = 200) -> Any:
    """The page of an answer."""
    assert answer.status_code == status, answer.text[:3_000]
    return lxml.html.fromstring(answer.text)


def fields_of(page: Any) -> dict[str, Any]:
    """What the page's long form would send as it stands; ticked boxes as lists."""
    (form,) = (one for one in page.forms if "plot-form" in (one.get("class") or ""))
    found: dict[str, Any] = {}
    lines = {one.get("name") for one in form.cssselect("textarea")}
    for name, value in form.form_values():
        # HTML leaves out a line break right after the tag, lxml does not
        found.setdefault(name, []).append(value.removeprefix("\n") if name in lines else value)
    return {name: values[0] if len(values) == 1 else values for name, values in found.items()}


def edit(desk: Any, plot: dict[str, Any], who: str = "planner") -> dict[str, Any]:
    """The form of a plot as it stands."""
    return fields_of(parsed(desk.clients[who].get(f"/tomt/{plot['id']}/andra")))


def save(desk: Any, plot: dict[str, Any], fields: dict[str, Any], who: str = "planner") -> httpx.Response:
    """What saving the form answers."""
    answer: httpx.Response = desk.clients[who].post(f"/tomt/{plot['id']}/andra", data=fields)
    return answer


def document(desk: Any, plot: dict[str, Any]) -> dict[str, Any]:
    """The plot's document as it stands."""
    told: dict[str, Any] = desk.anonymous.get(f"/api/plots/{plot['id']}").json()
    return told


FULL = {
    "name": "Norra tomten",
    "description": "Två\nrader",
    "property_designations": ["Berga 1:2", "Berga 1:3"],
    "tenures": ["forsaljning", "tomtratt"],
    "height_max_m": 12.345678,
    "net_area_m2": 9000,
    "is_subdividable": False,
    "source": "Exploateringskontoret",
    "uses": [{"code": "J", "degree": 40, "degree_code": "DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsAnv", "degree_bound": "max"}],
    "restrictions": [{"kind": "buller", "is_blocking": True, "due_on": "2030-01-01"}],
    "utilities": [{"kind": "el", "capacity": 2.5, "capacity_unit": "MW", "is_firm": False}],
    "accesses": [{"kind": "port", "distance_m": 4200.5, "method": "declared"}],
    "prices": [{"tenure": "forsaljning", "price_sek_per_m2": 600, "basis": "tomtarea"}],
    "sources": {"height_max_m": {"source": "Plankarta", "confirmed_on": "2026-01-02"}},
}  # fmt: skip


def test_form_that_nobody_touched_changes_nothing(desk: Any) -> None:
    plot = desk.add("E1", **FULL)
    for language, path in (("sv", "/tomt/{}/andra"), ("en", "/en/plot/{}/edit")):
        address = path.format(plot["id"])
        fields = fields_of(parsed(desk.planner.get(address)))
        assert fields["height_max_m"] == ("12,345678" if language == "sv" else "12.345678")
        assert desk.planner.post(address, data=fields).status_code == 303
    assert document(desk, plot)["row_version"] == 1


def test_every_kind_of_value_is_written_with_its_source_and_day(desk: Any) -> None:
    plot = desk.add("E2", **FULL)
    fields = edit(desk, plot) | {
        "name": "Södra tomten",
        "property_designations": "Berga 1:2\n\n Berga 9:9 ",
        "tenures": ["", "anlaggningsarrende"],
        "height_max_m": "1 2,5",
        "is_subdividable": "ja",
        "plan_id": str(desk.rows("SELECT id FROM landbank.plan")[0].id),
        "confirmed_on": "2026-02-03",
        "sources.net_area_m2.source": "Mätning",
        "sources.net_area_m2.confirmed_on": "2026-03-04",
        "uses.0.slut": "1",
        "uses.1.code": "Z",
        "restrictions.0.is_blocking": "nej",
        "prices.0.price_max_sek_per_m2": "750,50",
        "skal": "rättat",
    }
    assert save(desk, plot, fields).headers["location"] == f"/tomt/{plot['id']}/andra?sparat=1"

    told = document(desk, plot)
    assert told["name"] == "Södra tomten"
    assert told["property_designations"] == ["Berga 1:2", "Berga 9:9"]
    assert (told["tenures"], told["height_max_m"], told["is_subdividable"]) == (
        ["anlaggningsarrende"],
        12.5,
        True,
    )
    assert told["plan_id"] is not None
    assert [one["code"] for one in told["uses"]] == ["Z"]
    assert told["restrictions"][0]["is_blocking"] is False
    assert told["prices"][0]["price_max_sek_per_m2"] == 750.5
    assert told["sources"]["net_area_m2"] == {
        "source": "Mätning", "method": None, "note": None, "confirmed_on": "2026-03-04",
    }  # fmt: skip
    (event,) = desk.rows(
        "SELECT reason, role FROM landbank.event WHERE noun = 'plot' AND noun_id = :id AND kind = 'changed'",
        id=str(plot["id"]),
    )
    assert tuple(event) == ("rättat", "planner")


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({"reference": " "}, {"reference"}),
        ({"height_max_m": "tolv"}, {"height_max_m"}),
        ({"height_max_m": "900"}, {"height_max_m"}),
        ({"net_area_m2": "-5"}, {"net_area_m2"}),
        ({"planning_state": "klar"}, {"planning_state"}),
        ({"plan_id": "999999"}, {"plan_id"}),
        ({"plan_id": "1; DROP"}, {"plan_id"}),
        ({"source_url": "javascript:alert(1)"}, {"source_url"}),
        ({"confirmed_on": "2999-01-01"}, {"confirmed_on"}),
        ({"ready_on": "snart"}, {"ready_on"}),
        ({"is_subdividable": "kanske"}, {"is_subdividable"}),
        ({"sources.name.confirmed_on": "2999-01-01"}, {"sources.name.confirmed_on"}),
        ({"uses.0.code": "", "uses.0.precision_text": "x"}, {"uses.0.code"}),
        ({"utilities.3.kind": "el", "utilities.3.capacity": "2"}, {"utilities.3.capacity_unit"}),
        ({"accesses.0.kind": "port", "accesses.0.method": "declared"}, {"accesses.0.distance_m"}),
        (
            {
                "prices.0.tenure": "tomtratt",
                "prices.0.price_sek_per_m2": "9",
                "prices.0.basis": "tomtarea",
                "prices.0.price_max_sek_per_m2": "8",
            },
            {"prices.0.price_max_sek_per_m2"},
        ),
        ({"name": "x" * 201, "description": "y" * 5_001}, {"name", "description"}),
    ],
)  # fmt: skip
def test_faults_stand_at_their_fields_with_a_summary_and_nothing_typed_is_lost(
    desk: Any, fields: dict[str, str], wrong: set[str]
) -> None:
    plot = desk.add(f"W{abs(hash(str(fields)))}"[:20])
    given = edit(desk, plot) | {"source": ATTACK, "skal": ATTACK} | fields
    page = parsed(save(desk, plot, given), 400)

    marked = {one.get("name"): one for one in page.cssselect("[aria-invalid=true]")}
    assert set(marked) == wrong
    for one in marked.values():
        assert page.get_element_by_id(one.get("aria-describedby").split()[0]).text_content().strip()
    hrefs = {link.get("href") for link in page.cssselect(".errors a")}
    assert hrefs == {f"#{one.get('id')}" for one in marked.values()}
    again = fields_of(page)
    assert {name: again[name] for name in given if name not in ("planning_state", "_token")} == {
        name: value for name, value in given.items() if name not in ("planning_state", "_token")
    }
    assert "<img" not in lxml.html.tostring(page.cssselect("main")[0]).decode()
    assert document(desk, plot)["row_version"] == 1


def test_taken_reference_is_told_at_its_field(desk: Any) -> None:
    desk.add("E3")
    plot = desk.add("E4")
    page = parsed(save(desk, plot, edit(desk, plot) | {"reference": "E3"}), 409)
    assert page.cssselect("#f-reference[aria-invalid]")


def test_one_more_row_keeps_what_is_typed_and_writes_nothing(desk: Any) -> None:
    plot = desk.add("E5")
    page = parsed(save(desk, plot, edit(desk, plot) | {"uses.0.code": "J", "name": "Ny", "mer": "uses"}))

    fields = fields_of(page)
    assert (fields["uses.0.code"], fields["uses.1.code"], fields["name"]) == ("J", "", "Ny")
    assert document(desk, plot)["row_version"] == 1


@pytest.mark.parametrize(("who", "status"), [("anonymous", 401), ("elsewhere", 403), ("lots", 403)])
def test_form_is_for_those_who_may_change_the_plot(desk: Any, who: str, status: int) -> None:
    plot = desk.add(f"E6{who}")
    fields = edit(desk, plot) | {"name": "Stulen"}
    told = {"accept": "application/json"}
    for address in (f"/tomt/{plot['id']}/andra", "/kommun/1480/ny-tomt"):
        assert desk.clients[who].get(address, headers=told).status_code == status
        assert desk.clients[who].post(address, data=fields, headers=told).status_code == status
    assert document(desk, plot)["row_version"] == 1


def test_plot_that_is_not_there_has_no_form(desk: Any) -> None:
    for number in ("0", "999999", "9" * 30):
        assert desk.planner.get(f"/tomt/{number}/andra").status_code == 404
    assert desk.planner.get("/kommun/9999/ny-tomt").status_code == 404


# a new plot


def test_new_plot_is_added_with_an_outline_of_typed_coordinates(desk: Any) -> None:
    fields = fields_of(parsed(desk.planner.get("/kommun/1480/ny-tomt"))) | {
        "reference": "N1",
        "punkter": "305000,5 6390100\n305100,5;6390100\n305100.5 6390200,0\n\n305000,5 6390200",
        "availability": "ledig",
        "readiness": "ramark",
        "uses.0.code": "J",
    }
    answer = desk.planner.post("/kommun/1480/ny-tomt", data=fields)
    assert answer.status_code == 303
    told = desk.anonymous.get(f"/api/plots/{answer.headers['location'].split('/')[2]}").json()

    assert (told["reference"], told["availability"], told["readiness"]) == ("N1", "ledig", "ramark")
    assert told["area_m2"] == pytest.approx(10_000, rel=1e-3)
    assert [one["code"] for one in told["uses"]] == ["J"]


def test_new_plot_may_be_a_point_in_degrees(desk: Any) -> None:
    fields = fields_of(parsed(desk.planner.get("/en/municipality/1480/new-plot"))) | {
        "reference": "N2", "punkter": "11.9, 57.7", "crs": "EPSG:4326",
    }  # fmt: skip
    assert desk.planner.post("/en/municipality/1480/new-plot", data=fields).status_code == 303


@pytest.mark.parametrize(
    ("fields", "wrong"),
    [
        ({}, {"punkter", "reference"}),
        ({"reference": "N3", "punkter": "x y"}, {"punkter"}),
        ({"reference": "N3", "punkter": "1 2\n3 4"}, {"punkter"}),
        ({"reference": "N3", "punkter": "6390100 305000"}, {"punkter"}),
        ({"reference": "N3", "punkter": "305000 6390100", "crs": "EPSG:1"}, {"crs"}),
        ({"reference": "N3", "punkter": "305000 6390100", "availability": "sald"}, {"availability"}),
        ({"reference": "H1", "punkter": "305000 6390100"}, {"reference"}),
        ({"reference": "N3", "punkter": "305000 6390100", "height_max_m": "x"}, {"height_max_m"}),
    ],
)
def test_faults_of_a_new_plot_stand_at_their_fields(
    desk: Any, fields: dict[str, str], wrong: set[str]
) -> None:
    given = fields_of(parsed(desk.planner.get("/kommun/1480/ny-tomt"))) | fields
    answer = desk.planner.post("/kommun/1480/ny-tomt", data=given)

    page = parsed(answer, answer.status_code)
    assert answer.status_code in (400, 409)
    assert {one.get("name") for one in page.cssselect("[aria-invalid=true]")} == wrong
    assert fields_of(page)["punkter"].strip() == given["punkter"].strip()


# two people in the same plot


def test_second_sees_field_by_field_what_the_first_did_and_merges_what_one_side_touched(desk: Any) -> None:
    plot = desk.add("T1", **FULL)
    first, second = edit(desk, plot), edit(desk, plot)
    assert save(desk, plot, first | {"name": "Första", "net_area_m2": "8000"}).status_code == 303
    page = parsed(save(desk, plot, second | {"name": ATTACK, "height_max_m": "15", "skal": "mitt"}), 409)

    assert [one.text_content() for one in page.cssselect(".conflict legend")] == ["Namn"]
    values = [one.text_content().strip() for one in page.cssselect(".conflict .value")]
    assert values == ["Norra tomten", "Första", ATTACK]
    merged = {one.text_content() for one in page.cssselect(".difference:not(.conflict) legend")}
    assert merged == {"Högsta höjd", "Säljbar del"}
    assert page.cssselect(".saved-by li")[0].text_content().startswith("Planerare, Göteborg, 20")
    assert "<img" not in lxml.html.tostring(page.cssselect("main")[0]).decode()

    unchosen = parsed(save(desk, plot, fields_of(page)), 409)
    assert unchosen.cssselect(".errors a")[0].get("href") == "#val-name"
    assert document(desk, plot)["name"] == "Första"

    assert save(desk, plot, fields_of(unchosen) | {"val:name": "mine"}).status_code == 303
    told = document(desk, plot)
    assert (told["name"], told["height_max_m"], told["net_area_m2"]) == (ATTACK, 15.0, 8000.0)


def test_choosing_theirs_keeps_what_was_saved_and_my_other_fields(desk: Any) -> None:
    plot = desk.add("T2", **FULL)
    first, second = edit(desk, plot), edit(desk, plot)
    save(desk, plot, first | {"restrictions.0.owner": "Miljö", "uses.0.slut": "1"})
    page = parsed(save(desk, plot, second | {"restrictions.0.due_on": "2031-01-01", "name": "Min"}), 409)
    (name,) = (one for one in fields_of(page) if one.startswith("val:uses."))

    choices = {f"val:restrictions.{document_id(page)}": "theirs"}
    assert save(desk, plot, fields_of(page) | choices).status_code == 303
    told = document(desk, plot)
    assert (told["name"], told["uses"]) == ("Min", [])
    assert [(one["owner"], one["due_on"]) for one in told["restrictions"]] == [("Miljö", "2030-01-01")]
    assert name


def document_id(page: Any) -> str:
    """The id of the restriction that is asked about."""
    (one,) = page.cssselect(".conflict input[value=mine]")
    return str(one.get("name").rpartition(".")[2])


def test_third_who_saves_between_the_choice_and_its_saving_is_shown_as_well(desk: Any) -> None:
    plot = desk.add("T3", **FULL)
    first, second = edit(desk, plot), edit(desk, plot)
    save(desk, plot, first | {"name": "Första"})
    page = parsed(save(desk, plot, second | {"name": "Andra"}), 409)
    third = edit(desk, plot)
    save(desk, plot, third | {"name": "Tredje"})

    again = parsed(save(desk, plot, fields_of(page) | {"val:name": "mine"}), 409)
    assert [one.text_content().strip() for one in again.cssselect(".conflict .value")] == [
        "Norra tomten", "Tredje", "Andra",
    ]  # fmt: skip
    assert document(desk, plot)["name"] == "Tredje"
    assert save(desk, plot, fields_of(again)).status_code == 303
    assert document(desk, plot)["name"] == "Andra"


def test_change_of_state_meanwhile_stays_and_is_told(desk: Any) -> None:
    plot = desk.add("T4", **FULL)
    fields = edit(desk, plot)
    change = {"tomt": plot["id"], "version": 1, "till": "steg:availability:kommande", "skal": "x"}
    assert desk.planner.post("/kommun/1480/tomter/lage", data=change).status_code == 303
    page = parsed(save(desk, plot, fields | {"name": "Ny"}), 409)

    assert "försäljning" in page.cssselect("main > .hint")[0].text_content()
    assert save(desk, plot, fields_of(page)).status_code == 303
    told = document(desk, plot)
    assert (told["name"], told["availability"]) == ("Ny", "kommande")


@pytest.mark.parametrize("opened", ["", "x", "99", "-1"])
def test_form_of_a_version_that_never_was_shows_all_that_differs(desk: Any, opened: str) -> None:
    plot = desk.add(f"T5{opened}", **FULL)
    page = parsed(save(desk, plot, edit(desk, plot) | {"grund": opened, "name": "Ny"}), 409)

    assert "Ny" in [one.text_content().strip() for one in page.cssselect(".value")]
    assert document(desk, plot)["row_version"] == 1
