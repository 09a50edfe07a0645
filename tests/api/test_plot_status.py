"""States of plots over HTTP: the rules, the changes, the commitments behind them, and who sees which."""

from __future__ import annotations

from typing import Any

import httpx
import pytest

PARTY = {"name": "Alfa AB", "organisation_number": "556000-0167"}
RESERVE = {"to": "reserverad", "party": PARTY, "valid_until": "2999-12-31"}


def change(
    desk: Any, plot_id: int, body: Any, who: str = "planner", tag: str | None = None
) -> httpx.Response:
    """A change of state against the version that stands."""
    headers = {"If-Match": tag or desk.tag(plot_id)}
    return desk.clients[who].post(f"/api/plots/{plot_id}/status", json=body, headers=headers)


def commitments(desk: Any, plot_id: int, who: str = "planner") -> Any:
    """The commitments of a plot as somebody sees them."""
    return desk.clients[who].get(f"/api/plots/{plot_id}/commitments")


def test_rules_are_told_to_everybody(desk: Any) -> None:
    told = desk.anonymous.get("/api/lifecycle").json()
    arrows = {(one["from"], one["to"]): one for one in told["axes"]["availability"]["transitions"]}

    assert arrows["ledig", "markanvisad"]["needs"] == ["decision_reference", "party", "valid_until"]
    assert arrows["avtalad", "sald"]["roles"] == ["administrator", "operator", "planner"]
    assert told["axes"]["readiness"]["initial"] == ["ramark", "under_utbyggnad", "byggklar", "bebyggd"]
    assert told["axes"]["availability"]["states"][0] == {
        "code": "ej_till_salu",
        "sv": "Ej till salu",
        "en": "Not for sale",
    }


def test_rules_of_a_municipality_are_its_own_with_sources(desk: Any) -> None:
    told = desk.anonymous.get("/api/lifecycle?municipality=1480").json()
    arrows = {(one["from"], one["to"]): one for one in told["axes"]["availability"]["transitions"]}

    assert (told["is_own"], arrows["ledig", "markanvisad"]["longest_months"]) == (True, 24)
    assert all(note["source"] for note in told["notes"])
    assert desk.anonymous.get("/api/lifecycle?municipality=1441").json()["is_own"] is False
    assert desk.anonymous.get("/api/lifecycle?municipality=x").status_code == 400


def test_reservation_shows_to_the_public_without_its_holder(desk: Any) -> None:
    plot = desk.add("R1", readiness="byggklar", planning_state="laga_kraft")
    answer = change(desk, plot["id"], RESERVE)

    assert answer.status_code == 200
    assert answer.json()["plot"]["availability_until"] == "2999-12-31"
    shown = desk.anonymous.get(f"/ogc/collections/plots/items/{plot['id']}").json()["properties"]
    assert (shown["label"], shown["label_on"]) == ("reserverad", "2999-12-31")
    for address in (
        f"/api/plots/{plot['id']}",
        f"/tomt/{plot['id']}",
        f"/ogc/collections/plots/items/{plot['id']}",
    ):
        assert "Alfa" not in desk.anonymous.get(address).text
    (one,) = commitments(desk, plot["id"], "elsewhere").json()["commitments"]
    assert one["party"] == {
        "name": "Alfa AB", "organisation_number": "556000-0167", "legal_form": "limited_company", "is_personal": False,
    }  # fmt: skip
    assert commitments(desk, plot["id"]).headers["cache-control"] == "no-store"
    assert commitments(desk, plot["id"], "anonymous").status_code == 401


@pytest.mark.parametrize(
    ("body", "status", "where"),
    [
        ({"to": "reserverad"}, 400, "/party"),
        ({"to": "sald"}, 409, "/to"),
        ({"to": "leasad"}, 400, "/to"),
        ({"to": "byggklar"}, 400, "/to"),
        ({}, 400, "/to"),
        (RESERVE | {"valid_until": "2020-01-01"}, 400, "/valid_until"),
        (RESERVE | {"valid_until": 20990101}, 400, "/valid_until"),
        (
            RESERVE | {"party": {"name": "A", "organisation_number": "556000-0168"}},
            400,
            "/party/organisation_number",
        ),
        (RESERVE | {"party": {"name": " "}}, 400, "/party/name"),
        (RESERVE | {"party": "Alfa"}, 400, "/party"),
        (RESERVE | {"colour": 1}, 400, "/colour"),
        ({"to": "byggklar", "axis": "price"}, 400, "/axis"),
        ({"to": "ledig", "ready_on": "2027-01-01"}, 400, "/ready_on"),
    ],
)
def test_change_that_can_not_be_is_refused_at_its_place(
    desk: Any, body: Any, status: int, where: str
) -> None:
    plot = desk.add(f"X{len(str(body))}{where}{body.get('to')}"[:99])
    answer = change(desk, plot["id"], body)

    assert (answer.status_code, answer.json()["where"]) == (status, where)
    assert desk.tag(plot["id"]).startswith('"1-')


def test_change_needs_the_version_that_stands(desk: Any) -> None:
    plot = desk.add("V1")
    tag = desk.tag(plot["id"])
    address = f"/api/plots/{plot['id']}/status"
    assert desk.planner.post(address, json=RESERVE).status_code == 428
    assert change(desk, plot["id"], RESERVE, tag=tag).status_code == 200
    late = change(desk, plot["id"], {"to": "ej_till_salu", "reason": "x"}, tag=tag)

    assert late.status_code == 412
    assert late.json()["difference"] == {
        "availability": ["ledig", "reserverad"],
        "availability_until": [None, "2999-12-31"],
    }


@pytest.mark.parametrize(("who", "status"), [("anonymous", 401), ("elsewhere", 403), ("lots", 200)])
def test_who_may_reserve(desk: Any, who: str, status: int) -> None:
    plot = desk.add(f"W1{who}")
    assert change(desk, plot["id"], RESERVE, who).status_code == status


def test_lots_member_does_not_sell(desk: Any) -> None:
    plot = desk.add("W2")
    change(desk, plot["id"], {"to": "avtalad", "party": PARTY, "decision_reference": "FN 1"})
    answer = change(desk, plot["id"], {"to": "sald"}, "lots")

    assert (answer.status_code, answer.json()["hint"]) == (
        403,
        "It takes the permission 'change_status', as administrator or operator or planner.",
    )


def test_steps_that_are_open_depend_on_who_asks(desk: Any) -> None:
    plot = desk.add("O1", readiness="byggklar")

    def steps(who: str) -> dict[str, list[str]]:
        told = desk.clients[who].get(f"/api/plots/{plot['id']}/status").json()
        assert told["row_version"] == 1
        return {axis: [step["to"] for step in one["steps"]] for axis, one in told["axes"].items()}

    assert steps("planner") == {
        "availability": ["ej_till_salu", "kommande", "intresse", "reserverad", "markanvisad", "avtalad"],
        "readiness": ["ramark", "under_utbyggnad", "bebyggd"],
    }
    assert steps("lots") == {
        "availability": ["ej_till_salu", "kommande", "intresse", "reserverad"],
        "readiness": [],
    }
    assert steps("elsewhere") == {"availability": [], "readiness": []}
    assert desk.anonymous.get(f"/api/plots/{plot['id']}/status").status_code == 401


def test_readiness_changes_on_its_own_axis(desk: Any) -> None:
    plot = desk.add("G1")
    answer = change(
        desk, plot["id"], {"axis": "readiness", "to": "under_utbyggnad", "ready_on": "2027-09-01"}
    )
    assert (answer.json()["plot"]["readiness"], answer.json()["plot"]["ready_on"]) == (
        "under_utbyggnad",
        "2027-09-01",
    )


def test_interests_queue_and_end(desk: Any) -> None:
    plot = desk.add("Q1")
    address = f"/api/plots/{plot['id']}/commitments"
    first = desk.lots.post(address, json={"party": {"name": "Beta AB"}})
    assert (first.status_code, first.json()["findings"][0]["code"]) == (201, "party_without_number")
    desk.planner.post(address, json={"party": PARTY, "since": "2026-01-01"})
    told = commitments(desk, plot["id"]).json()["commitments"]
    assert [(one["party"]["name"], one["place"]) for one in told] == [("Alfa AB", 1), ("Beta AB", 2)]
    assert desk.anonymous.get(f"/api/plots/{plot['id']}").json()["availability"] == "intresse"

    number = told[0]["number"]
    ended = desk.planner.post(f"{address}/{number}/end", json={"reason": "drog sig ur"})
    assert ended.status_code == 200
    told = commitments(desk, plot["id"]).json()["commitments"]
    assert [(one["ended_why"], one["place"]) for one in told] == [("withdrawn", None), (None, 1)]
    assert desk.planner.post(f"{address}/{number}/end", json={"reason": "x"}).status_code == 404


@pytest.mark.parametrize(
    ("body", "status"),
    [
        ({"party": PARTY, "kind": "reservation"}, 400),
        ({"party": {}}, 400),
        ({}, 400),
        ({"party": PARTY, "since": "i dag"}, 400),
        ({"party": PARTY, "since": "2999-01-01"}, 400),
    ],
)
def test_interest_that_can_not_be_is_refused(desk: Any, body: Any, status: int) -> None:
    plot = desk.add(f"Q2{body}"[:100])
    assert desk.planner.post(f"/api/plots/{plot['id']}/commitments", json=body).status_code == status


def test_interest_is_noted_by_those_of_the_municipality(desk: Any) -> None:
    plot = desk.add("Q3")
    for who, status in (("anonymous", 401), ("elsewhere", 403)):
        answer = desk.clients[who].post(f"/api/plots/{plot['id']}/commitments", json={"party": PARTY})
        assert answer.status_code == status


def test_sole_traders_number_is_nowhere_kept(desk: Any) -> None:
    plot = desk.add("S1")
    party = {"name": "Kalles Åkeri", "organisation_number": "811218-9876"}
    desk.planner.post(f"/api/plots/{plot['id']}/commitments", json={"party": party})
    (one,) = commitments(desk, plot["id"]).json()["commitments"]

    assert one["party"] == {
        "name": "Kalles Åkeri", "organisation_number": None, "legal_form": "sole_trader", "is_personal": True,
    }  # fmt: skip
    for table in ("party", "event", "kept_answer", "commitment"):
        assert desk.rows(f"SELECT 1 FROM landbank.{table} t WHERE CAST(t AS text) LIKE '%8112189876%'") == []


def test_plan_is_moved_on_and_offers_its_plots(desk: Any) -> None:
    (plan,) = desk.rows("SELECT id FROM landbank.plan")
    address = f"/api/plans/{plan.id}"
    read = desk.anonymous.get(address)
    assert read.json()["may_follow"] == ["upphavd"]
    patch = {"legal_force_on": "2026-02-20", "implementation_years": 10}
    headers = {"Content-Type": "application/merge-patch+json"}
    assert desk.planner.patch(address, json=patch, headers=headers).status_code == 428
    assert (
        desk.elsewhere.patch(
            address, json=patch, headers=headers | {"If-Match": read.headers["etag"]}
        ).status_code
        == 403
    )
    answer = desk.planner.patch(address, json=patch, headers=headers | {"If-Match": read.headers["etag"]})

    assert answer.status_code == 200
    assert answer.json()["plan"]["building_right_guaranteed_until"] == "2036-02-20"
    waiting = desk.elsewhere.get(f"/api/reviews?plan={plan.id}").json()
    assert (len(waiting["reviews"]), waiting["is_complete"]) == (5, True)
    assert waiting["reviews"][0]["changes"]["legal_force_on"] == [None, "2026-02-20"]
    assert desk.anonymous.get("/api/reviews").status_code == 401
    assert (
        desk.planner.patch(
            address, json=patch, headers=headers | {"If-Match": read.headers["etag"]}
        ).status_code
        == 412
    )
    refused = desk.planner.patch(
        address, json={"state": "samrad"}, headers=headers | {"If-Match": answer.headers["etag"]}
    )
    assert (refused.status_code, refused.json()["where"]) == (409, "/state")
