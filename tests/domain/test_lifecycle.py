"""The state machine of a plot: what may follow what, who may say so, what must be stated, what follows by itself."""

from __future__ import annotations

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.codelists.lifecycle import read_lifecycles
from landbank.domain.codes import Availability, CommitmentEnd, Readiness
from landbank.domain.commitment import EXCLUSIVE, TIMED, Party, party_of
from landbank.domain.lifecycle import (
    Asked,
    Asking,
    Axis,
    Lifecycle,
    Standing,
    Statement,
    decide,
    expired,
    noted,
)
from landbank.domain.lifecycle_check import faults
from landbank.domain.people import ANONYMOUS, Actor, Grant, Role
from landbank.errors import Conflict, Forbidden, Invalid, LandbankError, NotSignedIn

DAY = date(2026, 11, 24)
LERUM, GOTEBORG, ALINGSAS = "1441", "1480", "1489"
ALFA, BETA = Party("Alfa AB", "5560000167"), Party("Beta AB", "5560000258")
LIFECYCLES = read_lifecycles()
COMMON = LIFECYCLES.common


def actor(role: Role, code: str | None = LERUM) -> Actor:
    """Somebody with one role."""
    return Actor("user:1", frozenset({Grant(role, code)}))


def asking(role: Role = Role.PLANNER, code: str = LERUM) -> Asking:
    """Somebody of a municipality who asks on the day."""
    return Asking(actor(role, code), code, DAY)


RESERVATION = Asked(Availability.RESERVERAD, party=ALFA, valid_until=DAY + timedelta(90))


def test_reservation_has_a_holder_and_a_last_day() -> None:
    step = decide(COMMON.availability, Standing(Availability.LEDIG), RESERVATION, asking())

    assert (step.transition.after, step.holder, step.until) == (
        Availability.RESERVERAD,
        ALFA,
        date(2027, 2, 22),
    )
    assert step.ends_hold is None


def test_everything_that_is_missing_is_named_at_once() -> None:
    with pytest.raises(Invalid, match="needs decision_reference, party, valid_until"):
        decide(COMMON.availability, Standing(Availability.LEDIG), Asked(Availability.MARKANVISAD), asking())


def test_sold_plot_is_not_free_again_at_once_and_what_may_follow_is_named() -> None:
    with pytest.raises(Conflict, match="'ledig' may not follow 'sald'") as refusal:
        decide(
            COMMON.availability,
            Standing(Availability.SALD),
            Asked(Availability.LEDIG, reason="fel"),
            asking(),
        )

    assert "May follow: atergangen." in str(refusal.value.hint)


def test_reserved_plot_does_not_go_to_another_party() -> None:
    standing = Standing(Availability.RESERVERAD, DAY + timedelta(5), ALFA)
    asked = Asked(Availability.AVTALAD, party=BETA, decision_reference="KS 2026/1")

    with pytest.raises(Conflict, match="for somebody else"):
        decide(COMMON.availability, standing, asked, asking())


def test_holder_goes_on_holding_without_being_named_again() -> None:
    standing = Standing(Availability.RESERVERAD, DAY + timedelta(5), ALFA)
    step = decide(
        COMMON.availability, standing, Asked(Availability.AVTALAD, decision_reference="KS 2026/1"), asking()
    )

    assert (step.holder, step.ends_hold, step.until) == (ALFA, CommitmentEnd.FOLLOWED, None)


@pytest.mark.parametrize(
    ("before", "after", "why"),
    [
        (Availability.RESERVERAD, Availability.LEDIG, CommitmentEnd.RELEASED),
        (Availability.AVTALAD, Availability.ATERGANGEN, CommitmentEnd.REVERTED),
        (Availability.SALD, Availability.ATERGANGEN, CommitmentEnd.REVERTED),
        (Availability.AVTALAD, Availability.SALD, CommitmentEnd.FOLLOWED),
    ],
)
def test_end_of_a_hold_says_why(before: Availability, after: Availability, why: CommitmentEnd) -> None:
    step = decide(COMMON.availability, Standing(before, holder=ALFA), Asked(after, reason="x"), asking())

    assert step.ends_hold is why


def test_lots_member_reserves_but_does_not_sell() -> None:
    lots = asking(Role.LOTS)
    assert decide(COMMON.availability, Standing(Availability.LEDIG), RESERVATION, lots).holder == ALFA

    with pytest.raises(Forbidden, match="'avtalad' to 'sald'"):
        decide(
            COMMON.availability, Standing(Availability.AVTALAD, holder=ALFA), Asked(Availability.SALD), lots
        )


def test_planner_of_another_municipality_may_not() -> None:
    with pytest.raises(Forbidden):
        decide(
            COMMON.availability,
            Standing(Availability.LEDIG),
            RESERVATION,
            Asking(actor(Role.PLANNER, GOTEBORG), LERUM, DAY),
        )


def test_nobody_in_particular_may_not() -> None:
    with pytest.raises(NotSignedIn):
        decide(COMMON.availability, Standing(Availability.LEDIG), RESERVATION, Asking(ANONYMOUS, LERUM, DAY))


def test_last_day_that_has_passed_is_refused() -> None:
    with pytest.raises(Invalid, match="has passed"):
        decide(
            COMMON.availability,
            Standing(Availability.LEDIG),
            replace(RESERVATION, valid_until=date(2026, 11, 23)),
            asking(),
        )


def test_sale_has_no_last_day() -> None:
    asked = Asked(Availability.SALD, valid_until=DAY)
    with pytest.raises(Invalid, match="'sald' has no last day"):
        decide(COMMON.availability, Standing(Availability.AVTALAD, holder=ALFA), asked, asking())


def test_goteborg_allots_for_two_years_at_most() -> None:
    track = LIFECYCLES.of(GOTEBORG).availability
    asked = Asked(
        Availability.MARKANVISAD, party=ALFA, decision_reference="FN 7", valid_until=date(2028, 11, 24)
    )
    assert decide(track, Standing(Availability.LEDIG), asked, asking(code=GOTEBORG)).until == date(
        2028, 11, 24
    )

    with pytest.raises(Invalid, match="at most 24 months, until 2028-11-24"):
        decide(
            track,
            Standing(Availability.LEDIG),
            replace(asked, valid_until=date(2028, 11, 25)),
            asking(code=GOTEBORG),
        )


def test_alingsas_sells_directly_and_allots_nothing() -> None:
    track = LIFECYCLES.of(ALINGSAS).availability
    sold = Asked(Availability.AVTALAD, party=ALFA, decision_reference="KS 12")
    assert decide(track, Standing(Availability.INTRESSE), sold, asking(code=ALINGSAS)).holder == ALFA

    with pytest.raises(Conflict, match="'markanvisad' is not used here"):
        decide(track, Standing(Availability.LEDIG), Asked(Availability.MARKANVISAD), asking(code=ALINGSAS))


def test_wrong_entry_is_set_right_with_its_reason_only() -> None:
    standing, asked = Standing(Availability.SALD, holder=ALFA), Asked(Availability.LEDIG, is_correction=True)
    with pytest.raises(Invalid, match="needs reason"):
        decide(COMMON.availability, standing, asked, asking())
    with pytest.raises(Forbidden):
        decide(COMMON.availability, standing, replace(asked, reason="fel tomt"), asking(Role.LOTS))

    step = decide(COMMON.availability, standing, replace(asked, reason="fel tomt"), asking(Role.STEWARD))
    assert (step.transition.after, step.ends_hold, step.holder) == (
        Availability.LEDIG,
        CommitmentEnd.CORRECTED,
        None,
    )


def test_correction_to_a_held_state_still_names_the_holder() -> None:
    asked = Asked(Availability.SALD, reason="såldes 2025", is_correction=True)
    with pytest.raises(Invalid, match="needs party"):
        decide(COMMON.availability, Standing(Availability.LEDIG), asked, asking())


def test_ground_that_is_ready_is_raw_again_only_with_a_reason() -> None:
    with pytest.raises(Invalid, match="needs reason"):
        decide(COMMON.readiness, Standing(Readiness.BYGGKLAR), Asked(Readiness.RAMARK), asking())


def test_reservation_holds_on_its_last_day_and_not_after() -> None:
    standing = Standing(Availability.RESERVERAD, DAY, ALFA)

    assert expired(standing, DAY) == standing
    assert expired(standing, DAY + timedelta(1)) == Standing(Availability.LEDIG)


def test_interest_makes_a_free_plot_one_with_interest_and_changes_no_other() -> None:
    assert noted(COMMON, Availability.LEDIG) is Availability.INTRESSE
    assert noted(COMMON, Availability.KOMMANDE) is Availability.KOMMANDE
    assert noted(COMMON, Availability.RESERVERAD) is Availability.RESERVERAD
    with pytest.raises(Conflict, match="while a plot is 'sald'"):
        noted(COMMON, Availability.SALD)


def test_tables_that_come_with_landbank_hold_together() -> None:
    assert [faults(one) for one in (COMMON, *LIFECYCLES.own.values())] == [[]] * 7


@pytest.mark.parametrize(
    ("before", "after", "fault"),
    [
        (Availability.LEDIG, Availability.RESERVERAD, "'ledig' to 'reserverad' must need valid_until."),
        (Availability.KOMMANDE, Availability.SALD, "'kommande' to 'sald' must need party."),
    ],
)
def test_table_that_lets_nobody_hold_a_plot_is_found(
    before: Availability, after: Availability, fault: str
) -> None:
    arrows = dict(COMMON.availability.transitions)
    model = arrows[Availability.LEDIG, Availability.RESERVERAD]
    needs = frozenset({Statement.PARTY}) if after is Availability.RESERVERAD else frozenset()
    arrows[before, after] = replace(model, before=before, after=after, needs=needs)

    assert fault in faults(with_availability(COMMON, arrows))


def test_state_that_nothing_leads_to_is_found() -> None:
    arrows = {
        pair: arrow for pair, arrow in COMMON.availability.transitions.items() if pair[1] != Availability.SALD
    }

    assert faults(with_availability(COMMON, arrows)) == ["Nothing leads to 'sald'."]


def with_availability(lifecycle: Lifecycle, arrows: object) -> Lifecycle:
    """The lifecycle with other arrows of availability."""
    return replace(lifecycle, availability=replace(lifecycle.availability, transitions=arrows))


ASKS = st.builds(
    Asked,
    st.sampled_from(list(Availability)),
    st.sampled_from([None, "skäl"]),
    st.sampled_from([None, ALFA, BETA]),
    st.sampled_from([None, "KS 2026/1"]),
    st.one_of(st.none(), st.integers(-40, 900).map(lambda days: DAY + timedelta(days))),
    st.sampled_from([False, False, False, True]),
)
WALK = st.lists(st.tuples(ASKS, st.sampled_from(list(Role)), st.integers(0, 400)), min_size=1, max_size=30)


@settings(max_examples=150, deadline=None)
@given(st.sampled_from([None, "1480", "1489", "2284"]), WALK)
def test_no_walk_leaves_the_declared_ways(code: str | None, walk: list[tuple[Asked, Role, int]]) -> None:
    """Whatever people ask for: only declared steps, everything stated, one holder, and terms that end in 'ledig'."""
    lifecycle = LIFECYCLES.of(code) if code else COMMON
    track, day = lifecycle.availability, DAY
    standing = Standing(Availability.LEDIG)
    for asked, role, later in walk:
        before_expiry = standing
        day += timedelta(later)
        standing = expired(standing, day)
        assert (standing == before_expiry) or (
            standing == Standing(Availability.LEDIG) and before_expiry.state in TIMED
        )
        try:
            step = decide(track, standing, asked, Asking(actor(role, code or LERUM), code or LERUM, day))
        except LandbankError:
            continue
        if not asked.is_correction:
            assert (standing.state, step.transition.after) in track.transitions
        stated = asked.stated | ({Statement.PARTY} if step.holder else set())
        assert step.transition.needs <= stated
        assert (step.until is not None) == (step.transition.after in TIMED)
        if standing.state in EXCLUSIVE and step.transition.after in EXCLUSIVE and not asked.is_correction:
            assert step.holder is not None
            assert step.holder.is_same_as(standing.holder) if standing.holder else True
        assert (step.holder is not None) == (step.transition.after in EXCLUSIVE)
        assert not step.transition.roles or role in step.transition.roles
        standing = Standing(step.transition.after, step.until, step.holder)


@settings(max_examples=60, deadline=None)
@given(st.sampled_from(list(Availability)), st.one_of(st.none(), st.integers(-800, 800)), st.integers(0, 800))
def test_expiry_lands_in_free_or_changes_nothing_and_twice_is_once(
    state: Availability, days: int | None, later: int
) -> None:
    until = None if days is None else DAY + timedelta(days)
    once = expired(Standing(state, until, ALFA), DAY + timedelta(later))

    assert once in (Standing(state, until, ALFA), Standing(Availability.LEDIG))
    assert expired(once, DAY + timedelta(later)) == once


def test_sole_traders_own_number_is_checked_and_not_kept() -> None:
    party = party_of("  Kalles   Åkeri ", "811218-9876")

    assert (party.name, party.number, party.is_personal) == ("Kalles Åkeri", None, True)


@pytest.mark.parametrize("name", ["", "  ", "x" * 201, "Alfa\x00AB"])
def test_party_has_a_name(name: str) -> None:
    with pytest.raises(Invalid, match="no name"):
        party_of(name)


def test_mistyped_number_is_refused_and_not_repeated() -> None:
    with pytest.raises(Invalid) as refusal:
        party_of("Kalle", "811218-9875")

    assert "811218" not in str(refusal.value)
    assert refusal.value.where == "/party/organisation_number"


def test_name_alone_is_a_persons_if_that_is_said() -> None:
    assert party_of("Kalle", is_personal=True) == Party("Kalle", is_personal=True)
    with pytest.raises(Invalid, match="legal person's"):
        party_of("Alfa AB", "556000-0167", is_personal=True)


def test_axes_know_their_states() -> None:
    assert COMMON.track(Axis.READINESS).following(Readiness.RAMARK) == (
        Readiness.UNDER_UTBYGGNAD,
        Readiness.BYGGKLAR,
    )
