"""Who may do what."""

from __future__ import annotations

import pytest

from landbank.domain.people import ANONYMOUS, GRANTED, SYSTEM, Actor, Grant, Permission, Role

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
