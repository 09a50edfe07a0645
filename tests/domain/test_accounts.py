"""How long sessions and keys hold, and as whom they act."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest

from landbank.domain.accounts import ApiKey, Method, Person, Session, Stage, session_ends
from landbank.domain.people import Grant, Permission, Role

NOW = datetime(2026, 11, 24, 9, 0, tzinfo=UTC)
HERE, THERE = "1441", "1480"
ANNA = Person(7, "anna", "Anna", None, is_disabled=False, grants=frozenset({Grant(Role.PLANNER, HERE)}))
SESSION = Session(
    1, ANNA, Stage.WHOLE, Method.PASSWORD, "Firefox, Linux", NOW, NOW, session_ends(NOW, Stage.WHOLE)
)
KEY = ApiKey(3, "import", frozenset({Permission.IMPORT}), HERE, ANNA, NOW, NOW + timedelta(days=90))


def test_session_that_began_now_ends_in_ten_hours_and_an_unfinished_one_in_ten_minutes() -> None:
    assert session_ends(NOW, Stage.WHOLE) == datetime(2026, 11, 24, 19, 0, tzinfo=UTC)
    assert session_ends(NOW, Stage.SECOND_FACTOR) == datetime(2026, 11, 24, 9, 10, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changed", "is_alive"),
    [
        ({}, True),
        ({"last_used_at": NOW - timedelta(minutes=30)}, False),
        ({"last_used_at": NOW - timedelta(minutes=29)}, True),
        ({"expires_at": NOW}, False),
        ({"revoked_at": NOW}, False),
        ({"person": replace(ANNA, is_disabled=True)}, False),
    ],
)
def test_session_is_alive_until_one_thing_ends_it(changed: dict[str, object], is_alive: bool) -> None:
    assert replace(SESSION, **changed).is_alive(NOW) is is_alive  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("changed", "is_alive"),
    [
        ({}, True),
        ({"maker": None}, True),
        ({"expires_at": NOW}, False),
        ({"revoked_at": NOW}, False),
        ({"maker": replace(ANNA, is_disabled=True)}, False),
    ],
)
def test_key_is_alive_until_one_thing_ends_it(changed: dict[str, object], is_alive: bool) -> None:
    assert replace(KEY, **changed).is_alive(NOW) is is_alive  # type: ignore[arg-type]


def test_disabled_person_acts_with_no_role() -> None:
    assert replace(ANNA, is_disabled=True).actor.grants == frozenset()


def test_key_of_a_maker_with_roles_in_two_municipalities_acts_in_its_own_alone() -> None:
    both = replace(ANNA, grants=frozenset({Grant(Role.PLANNER, HERE), Grant(Role.LOTS, THERE)}))
    assert replace(KEY, maker=both).actor.grants == {Grant(Role.PLANNER, HERE)}


def test_key_of_an_operator_acts_in_its_municipality_alone() -> None:
    actor = replace(KEY, maker=None).actor
    assert actor.may(Permission.IMPORT, HERE)
    assert not actor.may(Permission.IMPORT, THERE)
    assert actor.writes_in() == {HERE}
