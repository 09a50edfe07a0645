"""Who may do what."""

from __future__ import annotations

import pytest

from landbank.domain.people import (
    ANONYMOUS,
    GRANTED,
    KEY_SCOPES,
    SYSTEM,
    Actor,
    Grant,
    Permission,
    Role,
    demand,
    may_grant,
    may_manage,
)
from landbank.errors import Forbidden, NotSignedIn

LERUM = Actor("user:1", frozenset({Grant(Role.PLANNER, "1441")}))
REGIONAL = Actor("user:2", frozenset({Grant(Role.REGIONAL)}))


def test_everybody_reads_what_is_public() -> None:
    assert ANONYMOUS.may(Permission.READ_PUBLIC, "1441")


@pytest.mark.parametrize("permission", [one for one in Permission if one is not Permission.READ_PUBLIC])
def test_nobody_signed_in_may_do_nothing_else(permission: Permission) -> None:
    assert not ANONYMOUS.may(permission)
    assert not ANONYMOUS.may(permission, "1441")


@pytest.mark.parametrize("permission", list(Permission))
def test_every_permission_says_who_has_it(permission: Permission) -> None:
    assert permission is Permission.READ_PUBLIC or GRANTED[permission]


def test_planner_changes_only_the_own_municipality() -> None:
    assert LERUM.may(Permission.CHANGE_PLOT, "1441")
    assert not LERUM.may(Permission.CHANGE_PLOT, "1480")
    assert LERUM.municipalities(Permission.CHANGE_PLOT) == {"1441"}


def test_planner_reads_what_planners_read_everywhere() -> None:
    assert LERUM.may(Permission.READ_PLANNING, "1480")


def test_regional_planner_changes_nothing() -> None:
    assert REGIONAL.may(Permission.READ_REGION, "1480")
    assert not REGIONAL.may(Permission.CHANGE_PLOT, "1480")


def test_system_may_do_all_but_read_inquiries() -> None:
    assert [one for one in Permission if not SYSTEM.may(one, "1441")] == [Permission.READ_INQUIRIES]


def test_event_names_the_role_of_the_municipality() -> None:
    both = Actor("user:3", frozenset({Grant(Role.LOTS, "1480"), Grant(Role.PLANNER, "1441")}))
    assert both.role_in("1480") is Role.LOTS
    assert both.role_in("1402") is None


LERUMS_ADMINISTRATOR = Actor("user:4", frozenset({Grant(Role.ADMINISTRATOR, "1441")}))
OPERATOR = Actor("user:5", frozenset({Grant(Role.OPERATOR)}))


def test_who_is_signed_in_without_a_role_is_forbidden_not_asked_to_sign_in() -> None:
    newcomer = Actor("user:9")
    assert not newcomer.is_anonymous
    with pytest.raises(Forbidden):
        demand(newcomer, Permission.READ_PLANNING)
    with pytest.raises(NotSignedIn):
        demand(ANONYMOUS, Permission.READ_PLANNING)


@pytest.mark.parametrize(
    ("role", "municipality", "written"),
    [
        (Role.PLANNER, "1441", {"1441"}),
        (Role.STEWARD, "1441", {"1441"}),
        (Role.LOTS, "1441", {"1441"}),
        (Role.ADMINISTRATOR, "1441", {"1441"}),
        (Role.REGIONAL, None, set()),
        (Role.OPERATOR, None, None),
    ],
)
def test_each_role_writes_where_it_should(role: Role, municipality: str | None, written: object) -> None:
    assert Actor("user:1", frozenset({Grant(role, municipality)})).writes_in() == written


def test_planner_of_two_municipalities_writes_in_both_and_no_other() -> None:
    both = Actor("user:1", frozenset({Grant(Role.PLANNER, "1441"), Grant(Role.LOTS, "1480")}))
    assert both.writes_in() == {"1441", "1480"}
    assert both.municipalities(Permission.CHANGE_PLOT) == {"1441"}


def test_key_may_nothing_beyond_its_scopes() -> None:
    key = Actor("key:3", frozenset({Grant(Role.OPERATOR, "1441")}), frozenset({Permission.IMPORT}))
    assert key.may(Permission.IMPORT, "1441")
    assert not key.may(Permission.IMPORT, "1480")
    assert not key.may(Permission.CHANGE_PLOT, "1441")
    assert not key.may(Permission.MANAGE_PEOPLE)
    assert key.may(Permission.READ_PUBLIC)


@pytest.mark.parametrize(
    ("grant", "by_administrator", "by_operator"),
    [
        (Grant(Role.PLANNER, "1441"), True, True),
        (Grant(Role.ADMINISTRATOR, "1441"), True, True),
        (Grant(Role.PLANNER, "1480"), False, True),
        (Grant(Role.REGIONAL), False, True),
        (Grant(Role.OPERATOR), False, True),
        (Grant(Role.OPERATOR, "1441"), False, False),
        (Grant(Role.PLANNER), False, False),
    ],
)
def test_role_is_given_by_who_manages_people_there(
    grant: Grant, by_administrator: bool, by_operator: bool
) -> None:
    assert may_grant(LERUMS_ADMINISTRATOR, grant) is by_administrator
    assert may_grant(OPERATOR, grant) is by_operator
    assert not may_grant(LERUM, grant)


def test_administrator_manages_nobody_who_has_a_role_elsewhere() -> None:
    here, elsewhere = Grant(Role.PLANNER, "1441"), Grant(Role.PLANNER, "1480")
    assert may_manage(LERUMS_ADMINISTRATOR, frozenset({here}))
    assert may_manage(LERUMS_ADMINISTRATOR, frozenset())
    assert not may_manage(LERUMS_ADMINISTRATOR, frozenset({here, elsewhere}))
    assert not may_manage(LERUMS_ADMINISTRATOR, frozenset({Grant(Role.OPERATOR)}))
    assert not may_manage(LERUM, frozenset())


def test_no_key_manages_people_or_operates() -> None:
    assert not KEY_SCOPES & {Permission.MANAGE_PEOPLE, Permission.OPERATE}
