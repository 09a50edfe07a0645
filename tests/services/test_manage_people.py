"""Who may invite, grant, disable and reset whom; and keys that may no more than their makers."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy import text

from landbank.domain.people import SYSTEM, Actor, Grant, Permission, Role
from landbank.errors import Conflict, Forbidden, Invalid, LandbankError, NotFound, NotSignedIn
from landbank.identity.openid import Claimed
from landbank.services.door import Caller, Door
from landbank.services.identify import key_of
from landbank.services.manage_keys import list_keys, make_key, revoke_key
from landbank.services.manage_people import (
    disable,
    forget,
    give_role,
    invite,
    list_people,
    reset,
    take_role,
)
from landbank.services.sign_in_openid import sign_in_openid
from landbank.wiring import Landbank

CALLER = Caller("192.0.2.7", "test")
HERE, THERE = "1441", "1480"


@pytest.fixture
def people(door: Door) -> dict[str, int]:
    """An administrator and a planner in both municipalities, a regional planner, and somebody in both."""
    made: dict[str, int] = {}
    for login, grant in (
        ("adm.here", Grant(Role.ADMINISTRATOR, HERE)),
        ("adm.there", Grant(Role.ADMINISTRATOR, THERE)),
        ("plan.here", Grant(Role.PLANNER, HERE)),
        ("plan.there", Grant(Role.PLANNER, THERE)),
        ("regional", Grant(Role.REGIONAL)),
        ("both", Grant(Role.PLANNER, HERE)),
        ("newcomer", None),
    ):
        made[login] = invite(door, SYSTEM, login=login, display_name=login, email=None, grant=grant).person_id
    give_role(door, SYSTEM, made["both"], Grant(Role.PLANNER, THERE))
    return made


def actor(people: dict[str, int], login: str, *grants: Grant) -> Actor:
    """The person acting with these roles."""
    return Actor(f"user:{people[login]}", frozenset(grants))


@pytest.fixture
def administrator(people: dict[str, int]) -> Actor:
    """Lerum's administrator."""
    return actor(people, "adm.here", Grant(Role.ADMINISTRATOR, HERE))


def test_administrator_sees_the_own_people_and_who_waits_for_a_role(door: Door, administrator: Actor) -> None:
    assert {person.login for person in list_people(door, administrator)} == {
        "adm.here", "plan.here", "both", "newcomer",
    }  # fmt: skip


def test_roles_elsewhere_of_a_person_who_is_seen_are_seen_too(door: Door, administrator: Actor) -> None:
    (both,) = [person for person in list_people(door, administrator) if person.login == "both"]
    assert both.grants == {Grant(Role.PLANNER, HERE), Grant(Role.PLANNER, THERE)}


def test_planner_manages_nobody(door: Door, people: dict[str, int]) -> None:
    planner = actor(people, "plan.here", Grant(Role.PLANNER, HERE))
    for act in (
        lambda: list_people(door, planner),
        lambda: invite(door, planner, login="x.y", display_name="x", email=None, grant=None),
        lambda: give_role(door, planner, people["plan.here"], Grant(Role.ADMINISTRATOR, HERE)),
        lambda: disable(door, planner, people["newcomer"]),
        lambda: reset(door, planner, people["newcomer"], with_second_factor=True, caller=CALLER),
    ):
        with pytest.raises((Forbidden, NotFound)):
            act()


@pytest.mark.parametrize(
    ("whom", "grant"),
    [("newcomer", Grant(Role.PLANNER, HERE)), ("plan.here", Grant(Role.ADMINISTRATOR, HERE))],
)
def test_administrator_gives_and_takes_roles_in_the_own_municipality(
    door: Door, people: dict[str, int], administrator: Actor, whom: str, grant: Grant
) -> None:
    assert give_role(door, administrator, people[whom], grant)
    assert not give_role(door, administrator, people[whom], grant)
    assert take_role(door, administrator, people[whom], grant)
    assert not take_role(door, administrator, people[whom], grant)


@pytest.mark.parametrize(
    ("whom", "grant", "family"),
    [
        ("newcomer", Grant(Role.PLANNER, THERE), Forbidden),
        ("adm.here", Grant(Role.OPERATOR), Forbidden),
        ("adm.here", Grant(Role.REGIONAL), Forbidden),
        ("adm.here", Grant(Role.OPERATOR, HERE), Forbidden),
        ("plan.there", Grant(Role.PLANNER, HERE), NotFound),
    ],
)
def test_administrator_gives_no_role_elsewhere(
    door: Door, people: dict[str, int], whom: str, grant: Grant, family: type[LandbankError]
) -> None:
    administrator = actor(people, "adm.here", Grant(Role.ADMINISTRATOR, HERE))
    with pytest.raises(family):
        give_role(door, administrator, people[whom], grant)


def test_database_refuses_a_role_elsewhere_whatever_the_code_asks(
    peopled: Landbank, people: dict[str, int], administrator: Actor
) -> None:
    with pytest.raises(Forbidden), peopled.people(administrator) as store:
        store.persons.grant(people["newcomer"], Grant(Role.PLANNER, THERE), by="user:1")
    with peopled.people(administrator) as store:
        assert not store.persons.revoke(people["both"], Grant(Role.PLANNER, THERE), by="user:1")
        assert not store.persons.set_disabled(people["both"], is_disabled=True)
        assert store.credentials.password(people["plan.here"]) is None


@pytest.mark.parametrize(
    ("whom", "family"),
    [
        ("plan.here", None),
        ("newcomer", None),
        ("both", Forbidden),
        ("plan.there", NotFound),
        ("regional", NotFound),
        ("adm.here", Forbidden),
    ],
)
def test_administrator_disables_and_resets_no_one_with_a_role_elsewhere(
    door: Door, people: dict[str, int], administrator: Actor, whom: str, family: type[LandbankError] | None
) -> None:
    if family is None:
        assert reset(door, administrator, people[whom], with_second_factor=True, caller=CALLER)
        disable(door, administrator, people[whom])
        return
    with pytest.raises(family):
        disable(door, administrator, people[whom])
    if whom != "adm.here":
        with pytest.raises(family):
            reset(door, administrator, people[whom], with_second_factor=True, caller=CALLER)


@pytest.mark.parametrize("login", ["", "a", "med mellanslag", "<img>", "rad\nbrytning"])
def test_name_that_can_not_be_one_is_refused(door: Door, people: dict[str, int], login: str) -> None:
    with pytest.raises(Invalid):
        invite(door, SYSTEM, login=login, display_name="x", email=None, grant=None)


def test_name_that_is_taken_is_refused_and_nothing_is_left(
    door: Door, peopled: Landbank, people: dict[str, int]
) -> None:
    with pytest.raises(Conflict):
        invite(door, SYSTEM, login="Plan.Here", display_name="x", email=None, grant=None)
    with peopled.people(SYSTEM) as store:
        assert len(store.persons.all()) == len(people)


def test_unknown_municipality_is_refused(door: Door, people: dict[str, int]) -> None:
    with pytest.raises(Invalid, match="9999"):
        give_role(door, SYSTEM, people["newcomer"], Grant(Role.PLANNER, "9999"))


def test_forgotten_person_leaves_a_number(door: Door, peopled: Landbank, people: dict[str, int]) -> None:
    forget(door, people["both"])
    with peopled.people(SYSTEM) as store:
        left = store.persons.find(people["both"])
        story = str(store.connection.execute(text("SELECT to_jsonb(p)::text FROM landbank.person p")).all())
    assert left
    assert (left.login, left.display_name, left.is_disabled, left.grants) == (None, "–", True, frozenset())
    assert "both" not in story


def test_first_sign_in_by_a_service_has_no_role_and_the_next_is_the_same_person(
    door: Door, peopled: Landbank
) -> None:
    first = sign_in_openid(door, Claimed("https://a.example", "s1", "Dag", "d@example.org"), caller=CALLER)
    again = sign_in_openid(door, Claimed("https://a.example", "s1", "Dag Ny", None), caller=CALLER)
    other = sign_in_openid(door, Claimed("https://b.example", "s1", "Dag", "d@example.org"), caller=CALLER)
    assert len({first.secret, again.secret, other.secret}) == 3
    with peopled.people(SYSTEM) as store:
        told = [(person.display_name, person.grants) for person in store.persons.all()]
    assert sorted(told) == [("Dag", frozenset()), ("Dag Ny", frozenset())]


def test_name_of_a_service_is_one_line_without_signs_that_steer(door: Door, peopled: Landbank) -> None:
    name = "Dag\x1b[31m\nRöd\u202e \ud800" + "x" * 300
    sign_in_openid(door, Claimed("https://a.example", "s1", name, "\x00"), caller=CALLER)
    with peopled.people(SYSTEM) as store:
        (dag,) = store.persons.all()
    assert dag.display_name.startswith("Dag [31m Röd xxx")
    assert (len(dag.display_name), dag.email) == (200, None)


def test_disabled_person_is_not_let_in_by_a_service_either(door: Door, peopled: Landbank) -> None:
    claimed = Claimed("https://a.example", "s1", "Dag", None)
    sign_in_openid(door, claimed, caller=CALLER)
    with peopled.people(SYSTEM) as store:
        (dag,) = store.persons.all()
    disable(door, SYSTEM, dag.id)
    with pytest.raises(Forbidden, match="disabled"):
        sign_in_openid(door, claimed, caller=CALLER)


def test_key_acts_within_its_scopes_and_municipality(door: Door, people: dict[str, int]) -> None:
    planner = actor(people, "both", Grant(Role.PLANNER, HERE), Grant(Role.PLANNER, THERE))
    made = make_key(door, planner, label="import", scopes=[Permission.IMPORT], municipality_code=HERE)
    acts = key_of(door, made.text).actor
    assert acts.id == f"key:{made.number}"
    assert acts.may(Permission.IMPORT, HERE)
    assert acts.writes_in() == {HERE}
    assert not acts.may(Permission.IMPORT, THERE)
    assert not acts.may(Permission.CHANGE_PLOT, HERE)
    assert not acts.may(Permission.OWN_ACCOUNT)


def test_key_may_no_more_than_its_maker_has_left(door: Door, people: dict[str, int]) -> None:
    planner = actor(people, "plan.here", Grant(Role.PLANNER, HERE))
    made = make_key(door, planner, label="import", scopes=[Permission.IMPORT], municipality_code=HERE)
    take_role(door, SYSTEM, people["plan.here"], Grant(Role.PLANNER, HERE))
    assert not key_of(door, made.text).actor.may(Permission.IMPORT, HERE)
    disable(door, SYSTEM, people["plan.here"])
    with pytest.raises(NotSignedIn):
        key_of(door, made.text)


@pytest.mark.parametrize(
    ("asked", "family"),
    [
        ({"municipality_code": THERE}, Forbidden),
        ({"scopes": [Permission.MANAGE_PEOPLE]}, Invalid),
        ({"scopes": [Permission.OPERATE]}, Invalid),
        ({"scopes": []}, Invalid),
        ({"days": 0}, Invalid),
        ({"days": 367}, Invalid),
        ({"label": " "}, Invalid),
    ],
)
def test_key_that_would_do_more_or_hold_longer_is_not_made(
    door: Door, people: dict[str, int], asked: dict[str, Any], family: type[LandbankError]
) -> None:
    planner = actor(people, "plan.here", Grant(Role.PLANNER, HERE))
    right = {"label": "x", "scopes": [Permission.IMPORT], "municipality_code": HERE, "days": 90}
    with pytest.raises(family):
        make_key(door, planner, **(right | asked))


def test_key_expires_is_revoked_and_is_nothing_with_another_secret(
    door: Door, clock: Any, people: dict[str, int]
) -> None:
    made = make_key(door, SYSTEM, label="x", scopes=[Permission.IMPORT], municipality_code=HERE, days=1)
    assert key_of(door, made.text).actor.may(Permission.IMPORT, HERE)
    for wrong in (made.text[:-1] + ("A" if made.text[-1] != "A" else "B"), "lb_999_" + "A" * 43, "rubbish"):
        with pytest.raises(NotSignedIn):
            key_of(door, wrong)
    clock.now += timedelta(days=1)
    with pytest.raises(NotSignedIn):
        key_of(door, made.text)
    clock.now -= timedelta(days=1)
    revoke_key(door, SYSTEM, made.number)
    with pytest.raises(NotSignedIn):
        key_of(door, made.text)


def test_administrator_sees_and_revokes_the_keys_of_the_municipality_and_no_others(
    door: Door, people: dict[str, int], administrator: Actor
) -> None:
    made = {
        code: make_key(door, SYSTEM, label=code, scopes=[Permission.IMPORT], municipality_code=code)
        for code in (HERE, THERE)
    }
    assert [key.label for key in list_keys(door, administrator)] == [HERE]
    with pytest.raises(NotFound):
        revoke_key(door, administrator, made[THERE].number)
    revoke_key(door, administrator, made[HERE].number)
    assert key_of(door, made[THERE].text)


def test_no_secret_of_a_key_is_kept(door: Door, peopled: Landbank, people: dict[str, int]) -> None:
    made = make_key(door, SYSTEM, label="x", scopes=[Permission.IMPORT], municipality_code=HERE)
    with peopled.people(SYSTEM) as store:
        told = str(store.connection.execute(text("SELECT to_jsonb(k)::text FROM landbank.api_key k")).all())
    assert made.text.split("_", 2)[2] not in told
