"""Changes of state carried out: the plot's columns, the commitments behind them, and what an event shows of both."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any

import pytest
from sqlalchemy import text
from sqlalchemy.exc import IntegrityError

from landbank.domain.codes import Availability, CommitmentEnd, CommitmentKind, Readiness
from landbank.domain.commitment import Party
from landbank.domain.lifecycle import Asked, Axis
from landbank.domain.people import Actor, Grant, Role
from landbank.errors import Conflict, Forbidden, NotFound, NotSignedIn
from landbank.services.change_plot import end_plot
from landbank.services.change_status import StatusChange, change_status
from landbank.services.expire_commitments import expire_commitments
from landbank.services.note_interest import Interest, describe_commitments, end_interest, note_interest
from landbank.services.plot_document import PlotMoved

DAY = date(2026, 11, 24)
UNTIL = date(2027, 2, 28)
ALFA, BETA, CARLA = (
    Party("Alfa AB", "5560000167"),
    Party("Beta AB", "5560000258"),
    Party("Carla", is_personal=True),
)


def status(land: Any, plot_id: int, version: int, to: Availability, **asked: Any) -> Any:
    """A change of a plot's state of sale."""
    named = {name: asked.pop(name) for name in ("day", "actor") if name in asked}
    change = StatusChange(Axis.AVAILABILITY, Asked(to, **asked))
    return land.change(
        change_status, plot_id, version, change=change, lifecycles=land.landbank.lifecycles,
        reason=asked.get("reason"), **named,
    )  # fmt: skip


def interest(land: Any, plot_id: int, party: Party, **named: Any) -> Any:
    """A company's interest, noted."""
    return land.change(
        note_interest, plot_id, interest=Interest(party, **named), lifecycles=land.landbank.lifecycles
    )


def commitments(land: Any, plot_id: int) -> list[tuple[Any, ...]]:
    """Kind, party, end and why of a plot's commitments, with each interest's place in the queue."""
    with land.landbank.reading() as store:
        found = describe_commitments(store, land.editing(), plot_id)
    return [
        (one.kind, one.party and one.party.name, one.ended_on, one.ended_why, found.places.get(one.id))
        for one in found.commitments
    ]


def reserved(land: Any, reference: str, until: date = UNTIL) -> Any:
    """A plot that Alfa has reserved."""
    plot = land.add(reference)
    return status(land, plot.id, 1, Availability.RESERVERAD, party=ALFA, valid_until=until).plot


def test_reservation_is_one_event_that_does_not_say_for_whom(land: Any) -> None:
    plot = reserved(land, "R1")

    assert plot.content.values["availability"] == "reserverad"
    assert plot.content.values["availability_until"] == UNTIL
    assert commitments(land, plot.id) == [(CommitmentKind.RESERVATION, "Alfa AB", None, None, None)]
    event = land.events(plot.id)[-1]
    assert event.changes["availability"] == ["ledig", "reserverad"]
    (shown,) = event.changes["commitment"][1]
    assert set(shown) == {"number", "kind", "valid_from", "valid_until"}
    assert "Alfa" not in str(land.rows("SELECT changes FROM landbank.event"))
    assert len(land.events(plot.id)) == 2


def test_way_to_a_sale_leaves_a_line_of_commitments(land: Any) -> None:
    plot = reserved(land, "W1")
    status(land, plot.id, 2, Availability.MARKANVISAD, decision_reference="KS 1", valid_until=UNTIL)
    status(land, plot.id, 3, Availability.AVTALAD, decision_reference="KS 2", party=ALFA)
    sold = status(land, plot.id, 4, Availability.SALD)

    assert sold.plot.content.values["availability_until"] is None
    followed = (DAY, CommitmentEnd.FOLLOWED, None)
    assert commitments(land, plot.id) == [
        (CommitmentKind.RESERVATION, "Alfa AB", *followed),
        (CommitmentKind.ALLOCATION, "Alfa AB", *followed),
        (CommitmentKind.AGREEMENT, "Alfa AB", *followed),
        (CommitmentKind.SALE, "Alfa AB", None, None, None),
    ]


def test_longer_term_takes_the_place_of_the_shorter_one(land: Any) -> None:
    plot = reserved(land, "X1")
    longer = status(
        land, plot.id, 2, Availability.RESERVERAD, reason="bygglov dröjer", valid_until=date(2027, 6, 30)
    )

    assert longer.plot.content.values["availability_until"] == date(2027, 6, 30)
    assert [one[1:4] for one in commitments(land, plot.id)] == [
        ("Alfa AB", DAY, CommitmentEnd.FOLLOWED),
        ("Alfa AB", None, None),
    ]


def test_change_against_an_older_version_tells_what_stands(land: Any) -> None:
    plot = reserved(land, "V1")
    with pytest.raises(PlotMoved) as refusal:
        status(land, plot.id, 1, Availability.EJ_TILL_SALU, reason="x")
    assert refusal.value.difference == {
        "availability": ["ledig", "reserverad"],
        "availability_until": [None, "2027-02-28"],
    }


def test_interests_queue_by_the_day_they_came_in(land: Any) -> None:
    plot = land.add("Q1")
    interest(land, plot.id, ALFA)
    interest(land, plot.id, BETA, since=date(2026, 11, 1))
    changed = interest(land, plot.id, CARLA)

    assert changed.plot.content.values["availability"] == "intresse"
    assert [(one[1], one[4]) for one in commitments(land, plot.id)] == [
        ("Beta AB", 1),
        ("Alfa AB", 2),
        ("Carla", 3),
    ]
    with pytest.raises(Conflict, match="noted already"):
        interest(land, plot.id, Party("ALFA ab", "5560000167"))


def test_whoever_gets_the_plot_leaves_the_queue_and_the_others_wait(land: Any) -> None:
    plot = land.add("Q2")
    interest(land, plot.id, ALFA)
    interest(land, plot.id, BETA)
    status(land, plot.id, 3, Availability.RESERVERAD, party=BETA, valid_until=UNTIL)

    assert [(one[0], one[1], one[3], one[4]) for one in commitments(land, plot.id)] == [
        (CommitmentKind.INTEREST, "Alfa AB", None, 1),
        (CommitmentKind.INTEREST, "Beta AB", CommitmentEnd.FOLLOWED, None),
        (CommitmentKind.RESERVATION, "Beta AB", None, None),
    ]


def test_last_interest_that_ends_leaves_the_plot_free(land: Any) -> None:
    plot = land.add("Q3")
    interest(land, plot.id, ALFA)
    interest(land, plot.id, BETA)
    numbers = [
        row.number
        for row in land.rows(
            "SELECT number FROM landbank.commitment WHERE plot_id = :id AND superseded_at IS NULL ORDER BY number",
            id=plot.id,
        )
    ]

    assert land.change(end_interest, plot.id, numbers[0]).plot.content.values["availability"] == "intresse"
    assert land.change(end_interest, plot.id, numbers[1]).plot.content.values["availability"] == "ledig"
    with pytest.raises(NotFound):
        land.change(end_interest, plot.id, numbers[1])


def test_reservation_does_not_end_as_an_interest(land: Any) -> None:
    plot = reserved(land, "Q4")
    (row,) = land.rows("SELECT number FROM landbank.commitment WHERE plot_id = :id", id=plot.id)
    with pytest.raises(Conflict, match="ends by a change of state"):
        land.change(end_interest, plot.id, row.number)


def test_interest_in_a_reserved_plot_waits_behind_it(land: Any) -> None:
    plot = reserved(land, "Q5")
    changed = interest(land, plot.id, BETA)

    assert changed.plot.content.values["availability"] == "reserverad"
    assert changed.plot.content.values["availability_until"] == UNTIL


def test_ended_plots_commitments_are_still_read(land: Any) -> None:
    plot = land.add("H0")
    interest(land, plot.id, ALFA)
    land.change(end_plot, plot.id, 2)

    assert commitments(land, plot.id) == [
        (CommitmentKind.INTEREST, "Alfa AB", DAY, CommitmentEnd.PLOT_ENDED, None)
    ]


def test_who_does_not_read_planning_sees_no_party(land: Any) -> None:
    plot = reserved(land, "H1")
    with land.landbank.reading() as store, pytest.raises(NotSignedIn):
        describe_commitments(store, land.editing(Actor("anonymous")), plot.id)


def test_planner_elsewhere_sees_who_holds_a_plot_and_changes_nothing(land: Any) -> None:
    plot = reserved(land, "H2")
    elsewhere = Actor("user:8", frozenset({Grant(Role.PLANNER, "1480")}))
    with land.landbank.reading() as store:
        assert len(describe_commitments(store, land.editing(elsewhere), plot.id).commitments) == 1
    with pytest.raises(Forbidden):
        status(land, plot.id, 2, Availability.LEDIG, reason="x", actor=elsewhere)
    with pytest.raises(Forbidden):
        land.change(
            note_interest,
            plot.id,
            interest=Interest(BETA),
            lifecycles=land.landbank.lifecycles,
            actor=elsewhere,
        )


def test_readiness_changes_with_its_day(land: Any) -> None:
    plot = land.add("G1", readiness="ramark")
    change = StatusChange(Axis.READINESS, Asked(Readiness.UNDER_UTBYGGNAD), date(2027, 9, 1))
    changed = land.change(change_status, plot.id, 1, change=change, lifecycles=land.landbank.lifecycles)

    values = changed.plot.content.values
    assert (values["readiness"], values["ready_on"]) == ("under_utbyggnad", date(2027, 9, 1))


def test_terms_that_are_over_make_plots_free_once(land: Any) -> None:
    plot = reserved(land, "T1", until=date(2026, 12, 31))
    interest(land, plot.id, BETA)
    new_year = date(2027, 1, 1)

    def expire(day: date) -> Any:
        with land.landbank.changing(actor="system") as store:
            return expire_commitments(store, on=day, lifecycles=land.landbank.lifecycles)

    assert plot.id not in expire(date(2026, 12, 31)).plots
    assert plot.id in expire(new_year).plots
    values = land.plot(plot.id).content.values
    assert (values["availability"], values["availability_until"]) == ("ledig", None)
    assert commitments(land, plot.id) == [
        (CommitmentKind.RESERVATION, "Alfa AB", new_year, CommitmentEnd.EXPIRED, None),
        (CommitmentKind.INTEREST, "Beta AB", None, None, 1),
    ]
    event = land.events(plot.id)[-1]
    assert (event.actor, event.changes["availability"]) == ("system", ["reserverad", "ledig"])
    again = expire(new_year)
    assert (plot.id in again.plots, again.notices) == (False, 0)
    notices = land.rows(
        "SELECT kind, due_on FROM landbank.notice WHERE plot_id = :id ORDER BY id", id=plot.id
    )
    assert [tuple(one) for one in notices] == [
        ("term_ending", date(2026, 12, 31)),
        ("term_expired", date(2026, 12, 31)),
    ]


def test_imported_reservation_without_a_party_expires_too(land: Any) -> None:
    plot = land.add("T2")
    with land.landbank.changing(actor="import") as store:
        store.plot_changes.update(
            plot.id, {"availability": "reserverad", "availability_until": date(2026, 11, 1)}
        )
        expired = expire_commitments(store, on=DAY, lifecycles=land.landbank.lifecycles)

    assert expired.plots == (plot.id,)
    assert land.plot(plot.id).content.values["availability"] == "ledig"


def test_term_that_is_over_bars_nobody_though_no_job_ran(land: Any) -> None:
    plot = reserved(land, "T3", until=date(2026, 11, 30))
    later = date(2026, 12, 24)
    status(land, plot.id, 2, Availability.RESERVERAD, party=BETA, valid_until=UNTIL, day=later)

    assert commitments(land, plot.id) == [
        (CommitmentKind.RESERVATION, "Alfa AB", date(2026, 12, 1), CommitmentEnd.EXPIRED, None),
        (CommitmentKind.RESERVATION, "Beta AB", None, None, None),
    ]


def test_import_that_contradicts_a_hold_ends_it_at_the_next_change(land: Any) -> None:
    plot = reserved(land, "T4")
    with land.landbank.changing(actor="import") as store:
        store.plot_changes.update(plot.id, {"availability": "ledig", "availability_until": None})
    status(land, plot.id, 3, Availability.RESERVERAD, party=BETA, valid_until=UNTIL)

    assert [one[1:4] for one in commitments(land, plot.id)] == [
        ("Alfa AB", DAY, CommitmentEnd.CORRECTED),
        ("Beta AB", None, None),
    ]


def test_database_refuses_a_second_holder(land: Any) -> None:
    plot = reserved(land, "D1")
    with (
        pytest.raises(IntegrityError, match="ex_commitment_one_holder"),
        land.landbank.changing(actor="x") as store,
    ):
        store.commitments.begin(plot.id, CommitmentKind.SALE, BETA, valid_from=DAY + timedelta(9))


@pytest.mark.parametrize(
    "statement",
    [
        "DELETE FROM landbank.commitment",
        "DELETE FROM landbank.party",
        "TRUNCATE landbank.notice",
        "UPDATE landbank.commitment SET valid_until = '2030-01-01'",
    ],
)
def test_commitments_are_neither_deleted_nor_rewritten(land: Any, statement: str) -> None:
    reserved(land, f"D{len(statement)}{statement[:1]}")
    as_owner = land.landbank.changing(actor="x", is_bulk=True)
    with pytest.raises(IntegrityError), as_owner as store:
        store.connection.execute(text(statement))


def test_sole_traders_name_is_forgotten_a_while_after_the_end(land: Any) -> None:
    plot = land.add("P1")
    trader = Party("Marker Åkeri", is_personal=True)
    interest(land, plot.id, trader)
    (row,) = land.rows(
        "SELECT max(number) AS number FROM landbank.commitment WHERE plot_id = :id", id=plot.id
    )
    land.change(end_interest, plot.id, row.number)

    def run(day: date) -> Any:
        with land.landbank.changing(actor="system") as store:
            return expire_commitments(store, on=day, lifecycles=land.landbank.lifecycles).people

    kept = "SELECT name, erased_on FROM landbank.party WHERE is_personal AND (name = 'Marker Åkeri' OR erased_on IS NOT NULL)"
    assert run(DAY + timedelta(90)) == 0
    assert land.rows(kept)[0].name == "Marker Åkeri"
    assert run(DAY + timedelta(91)) == 1
    assert [tuple(one) for one in land.rows(kept)] == [(None, DAY + timedelta(91))]
    assert commitments(land, plot.id) == [(CommitmentKind.INTEREST, None, DAY, CommitmentEnd.WITHDRAWN, None)]
    assert land.rows("SELECT 1 FROM landbank.event e WHERE CAST(e AS text) LIKE '%Marker%'") == []
