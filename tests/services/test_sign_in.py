"""Signing in: passwords, second factor, recovery codes, one-time links, sessions that end, and limits of guessing."""

from __future__ import annotations

from typing import Any

import pyotp
import pytest
from sqlalchemy import text

from landbank.domain.accounts import Stage
from landbank.domain.people import SYSTEM, Grant, Role
from landbank.errors import Conflict, Gone, Invalid, NotSignedIn, TooMany
from landbank.services.choose_password import (
    change_password,
    choose_by_link,
    owner_of_link,
    remove_second_factor,
    set_by_link,
)
from landbank.services.door import Caller, Door
from landbank.services.identify import session_of
from landbank.services.manage_people import disable, enable, invite, reset, take_role
from landbank.services.second_factor import begin_enrolment, finish_enrolment, pass_second_factor
from landbank.services.sign_in import sign_in
from landbank.services.sign_out import end_other_sessions, end_session, list_sessions, sign_out
from landbank.wiring import Landbank

PASSWORD = "fyra kor gnager räls"
OTHER = "tolv blå spadar sover"
CALLER = Caller("192.0.2.7", "Firefox, Linux", "r-1")


class Planner:
    """Somebody with an account in Lerum, and the app on their telephone."""

    def __init__(self, door: Door, clock: Any, login: str = "anna") -> None:
        self.door, self.clock, self.login = door, clock, login
        grant = Grant(Role.PLANNER, "1441")
        invited = invite(door, SYSTEM, login=login, display_name="Anna", email=None, grant=grant)
        self.id = invited.person_id
        set_by_link(door, invited.secret, PASSWORD)
        self.codes: tuple[str, ...] = ()
        self.app: pyotp.TOTP | None = None

    def code(self) -> str:
        """The next code of the app: time goes on by a step, since each is taken once."""
        self.clock.advance(seconds=30)
        assert self.app
        return self.app.at(self.clock.now)

    def enter(self, password: str = PASSWORD) -> Any:
        """What a name and a password open."""
        return sign_in(self.door, self.login, password, caller=CALLER)

    def session(self) -> Any:
        """A whole session, the second factor set up where it is not yet."""
        opened = self.enter()
        half = session_of(self.door, opened.secret)
        assert half
        if opened.stage is Stage.ENROLMENT:
            enrolment = begin_enrolment(self.door, half.person, place="test")
            self.app = pyotp.TOTP(enrolment.secret)
            enrolled = finish_enrolment(self.door, half, self.code(), caller=CALLER)
            self.codes = enrolled.codes
            return session_of(self.door, enrolled.opened.secret)
        passed = pass_second_factor(self.door, half, self.code(), caller=CALLER)
        return session_of(self.door, passed.secret)


@pytest.fixture
def anna(door: Door, clock: Any) -> Planner:
    """A planner of Lerum with a password."""
    return Planner(door, clock)


def kept(landbank: Landbank, statement: str) -> list[Any]:
    """What the database keeps."""
    with landbank.people(SYSTEM) as people:
        return [tuple(row) for row in people.connection.execute(text(statement))]


def test_first_sign_in_leads_to_the_second_factor_and_the_next_asks_for_it(anna: Planner) -> None:
    assert anna.enter().stage is Stage.ENROLMENT
    assert anna.session().stage is Stage.WHOLE
    assert anna.enter().stage is Stage.SECOND_FACTOR


def test_session_acts_with_the_persons_roles_and_only_once_it_is_whole(anna: Planner) -> None:
    session = anna.session()
    assert session.person.actor.id == f"user:{anna.id}"
    assert session.person.actor.grants == {Grant(Role.PLANNER, "1441")}


def test_no_secret_is_kept_in_the_database(anna: Planner, peopled: Landbank) -> None:
    anna.session()
    opened = anna.enter()
    tables = (
        "person",
        "password",
        "totp",
        "recovery_code",
        "session",
        "setup_link",
        "sign_in_attempt",
        "security_event",
    )
    told = str([kept(peopled, f"SELECT to_jsonb(t)::text FROM landbank.{table} t") for table in tables])
    assert anna.app
    for secret in (PASSWORD, opened.secret, anna.app.secret, *anna.codes, CALLER.address):
        assert secret not in told
    assert "$argon2id$" in told


@pytest.mark.parametrize(("login", "password"), [("anna", "fel lösenord"), ("bertil", PASSWORD), ("", "")])
def test_wrong_password_and_unknown_name_are_refused_alike(anna: Planner, login: str, password: str) -> None:
    with pytest.raises(NotSignedIn) as refusal:
        sign_in(anna.door, login, password, caller=CALLER)
    assert str(refusal.value) == "The name or the password is wrong. Check both, and try again."


def test_name_is_taken_in_whatever_letters_and_with_spaces(anna: Planner) -> None:
    assert sign_in(anna.door, " Anna ", PASSWORD, caller=CALLER)


def test_disabled_person_is_refused_like_a_wrong_password_and_every_session_is_dead(anna: Planner) -> None:
    anna.session()
    secret = anna.enter().secret
    disable(anna.door, SYSTEM, anna.id)
    assert session_of(anna.door, secret) is None
    with pytest.raises(NotSignedIn, match="wrong"):
        anna.enter()
    enable(anna.door, SYSTEM, anna.id)
    assert session_of(anna.door, secret) is None
    assert anna.enter()


def test_role_that_is_taken_away_is_gone_from_the_next_request_on(anna: Planner) -> None:
    secret = anna.enter().secret
    take_role(anna.door, SYSTEM, anna.id, Grant(Role.PLANNER, "1441"))
    session = session_of(anna.door, secret)
    assert session
    assert session.person.actor.grants == frozenset()


def test_eleventh_attempt_within_five_minutes_is_refused_even_when_right(anna: Planner) -> None:
    for _ in range(10):
        with pytest.raises(NotSignedIn):
            anna.enter("fel lösenord")
    with pytest.raises(TooMany):
        anna.enter()
    elsewhere = Caller("198.51.100.9", "Firefox, Linux")
    assert sign_in(anna.door, "anna", PASSWORD, caller=elsewhere)
    anna.clock.advance(minutes=5, seconds=1)
    assert anna.enter()


def test_right_password_forgives_the_wrong_ones_before_it(anna: Planner) -> None:
    for _ in range(3):
        for _ in range(9):
            with pytest.raises(NotSignedIn):
                anna.enter("fel lösenord")
        assert anna.enter()


def test_attempts_of_everybody_together_have_a_limit(anna: Planner, peopled: Landbank) -> None:
    with peopled.people(SYSTEM) as people:
        people.connection.execute(
            text(
                "INSERT INTO landbank.sign_in_attempt (kind, subject, attempted_at)"
                " SELECT 'password', int4send(n), :now FROM generate_series(1, 1000) n"
            ),
            {"now": anna.clock.now},
        )
    with pytest.raises(TooMany):
        anna.enter()


def test_code_is_taken_once(anna: Planner) -> None:
    anna.session()
    code = anna.code()
    first, second = (session_of(anna.door, anna.enter().secret) for _ in range(2))
    assert first and second  # noqa: PT018 - both began
    assert pass_second_factor(anna.door, first, code, caller=CALLER)
    with pytest.raises(NotSignedIn, match="used before"):
        pass_second_factor(anna.door, second, code, caller=CALLER)


def test_sixth_wrong_code_within_five_minutes_is_refused_even_when_right(anna: Planner) -> None:
    anna.session()
    half = session_of(anna.door, anna.enter().secret)
    assert half
    for _ in range(5):
        with pytest.raises(NotSignedIn):
            pass_second_factor(anna.door, half, "000000", caller=CALLER)
    with pytest.raises(TooMany):
        pass_second_factor(anna.door, half, anna.code(), caller=CALLER)


def test_recovery_code_stands_in_for_the_app_once(anna: Planner) -> None:
    anna.session()
    for is_taken in (True, False):
        half = session_of(anna.door, anna.enter().secret)
        assert half
        if is_taken:
            assert pass_second_factor(anna.door, half, anna.codes[0].lower(), caller=CALLER)
        else:
            with pytest.raises(NotSignedIn):
                pass_second_factor(anna.door, half, anna.codes[0], caller=CALLER)


def test_id_changes_at_each_step_and_the_one_before_is_dead(anna: Planner) -> None:
    anna.session()
    opened = anna.enter()
    half = session_of(anna.door, opened.secret)
    assert half
    passed = pass_second_factor(anna.door, half, anna.code(), caller=CALLER)
    assert passed.secret != opened.secret
    assert session_of(anna.door, opened.secret) is None
    assert session_of(anna.door, passed.secret)


def test_step_out_of_its_order_is_refused(anna: Planner) -> None:
    half = session_of(anna.door, anna.enter().secret)
    assert half
    with pytest.raises(Conflict):
        pass_second_factor(anna.door, half, "000000", caller=CALLER)
    whole = anna.session()
    with pytest.raises(Conflict):
        begin_enrolment(anna.door, whole.person, place="test")
    with pytest.raises(Conflict):
        finish_enrolment(anna.door, whole, anna.code(), caller=CALLER)


def test_session_ends_after_half_an_hour_without_use(anna: Planner) -> None:
    anna.session()
    half = session_of(anna.door, anna.enter().secret)
    assert half
    secret = pass_second_factor(anna.door, half, anna.code(), caller=CALLER).secret
    for _ in range(3):
        anna.clock.advance(minutes=29)
        assert session_of(anna.door, secret)
    anna.clock.advance(minutes=30)
    assert session_of(anna.door, secret) is None


def test_session_ends_after_ten_hours_however_much_it_is_used(anna: Planner) -> None:
    anna.session()
    half = session_of(anna.door, anna.enter().secret)
    assert half
    secret = pass_second_factor(anna.door, half, anna.code(), caller=CALLER).secret
    for _ in range(24):
        anna.clock.advance(minutes=25)
        alive = session_of(anna.door, secret) is not None
    assert not alive
    assert anna.clock.now.hour == 19


def test_sign_in_that_is_not_finished_within_ten_minutes_is_over(anna: Planner) -> None:
    secret = anna.enter().secret
    anna.clock.advance(minutes=10)
    assert session_of(anna.door, secret) is None


def test_reading_writes_that_a_session_is_used_once_a_minute_at_most(
    anna: Planner, peopled: Landbank
) -> None:
    secret = anna.enter().secret
    used = "SELECT last_used_at FROM landbank.session"
    before = kept(peopled, used)
    anna.clock.advance(seconds=59)
    session_of(anna.door, secret)
    assert kept(peopled, used) == before
    anna.clock.advance(seconds=1)
    session_of(anna.door, secret)
    assert kept(peopled, used) != before


def test_signing_out_ends_the_session_at_hand_alone(anna: Planner) -> None:
    one, other = anna.session(), anna.session()
    sign_out(anna.door, one, caller=CALLER)
    assert [left.id for left in list_sessions(anna.door, other)] == [other.id]


def test_own_sessions_are_listed_and_ended_and_nobody_elses(anna: Planner) -> None:
    one, two, three = anna.session(), anna.session(), anna.session()
    bertil = Planner(anna.door, anna.clock, "bertil").session()
    assert {left.id for left in list_sessions(anna.door, one)} == {one.id, two.id, three.id}
    with pytest.raises(Exception, match="no such session"):
        end_session(anna.door, one, bertil.id, caller=CALLER)
    end_session(anna.door, one, two.id, caller=CALLER)
    assert end_other_sessions(anna.door, one, caller=CALLER) == 1
    assert [left.id for left in list_sessions(anna.door, one)] == [one.id]
    assert [left.id for left in list_sessions(anna.door, bertil)] == [bertil.id]


def test_changed_password_ends_all_sessions_and_the_old_one_holds_no_more(anna: Planner) -> None:
    here, elsewhere = anna.session(), anna.session()
    with pytest.raises(NotSignedIn):
        change_password(anna.door, here, "fel lösenord", OTHER, caller=CALLER)
    opened = change_password(anna.door, here, PASSWORD, OTHER, caller=CALLER)
    now = session_of(anna.door, opened.secret)
    assert now
    assert now.stage is Stage.WHOLE
    assert [left.id for left in list_sessions(anna.door, now)] == [now.id]
    assert elsewhere.id != now.id
    with pytest.raises(NotSignedIn):
        anna.enter(PASSWORD)
    assert anna.enter(OTHER)


def test_password_that_anyone_would_guess_is_refused_with_its_reason(anna: Planner) -> None:
    for password, why in (("kort", "short"), ("Sommar2026!!", "common"), ("Anna sommar 26!", "about_you")):
        with pytest.raises(Invalid) as refusal:
            change_password(anna.door, anna.session(), PASSWORD, password, caller=CALLER)
        assert refusal.value.where == why


def test_link_holds_once_and_for_three_days(door: Door, clock: Any) -> None:
    invited = invite(door, SYSTEM, login="cecilia", display_name="Cecilia", email=None, grant=None)
    assert owner_of_link(door, invited.secret).login == "cecilia"
    with pytest.raises(Invalid):
        choose_by_link(door, invited.secret, "kort", caller=CALLER)
    clock.advance(hours=71)
    assert choose_by_link(door, invited.secret, PASSWORD, caller=CALLER).stage is Stage.ENROLMENT
    for secret in (invited.secret, "rubbish"):
        with pytest.raises(Gone):
            choose_by_link(door, secret, PASSWORD, caller=CALLER)
    late = reset(door, SYSTEM, invited.person_id, with_second_factor=False, caller=CALLER)
    clock.advance(hours=72)
    with pytest.raises(Gone):
        choose_by_link(door, late, PASSWORD, caller=CALLER)


def test_reset_ends_everything_and_leaves_the_second_factor_unless_told(anna: Planner) -> None:
    anna.session()
    secret = anna.enter().secret
    link = reset(anna.door, SYSTEM, anna.id, with_second_factor=False, caller=CALLER)
    assert session_of(anna.door, secret) is None
    with pytest.raises(NotSignedIn):
        anna.enter(PASSWORD)
    assert choose_by_link(anna.door, link, OTHER, caller=CALLER).stage is Stage.SECOND_FACTOR
    newer = reset(anna.door, SYSTEM, anna.id, with_second_factor=True, caller=CALLER)
    assert choose_by_link(anna.door, newer, OTHER, caller=CALLER).stage is Stage.ENROLMENT


def test_second_factor_is_replaced_by_who_knows_the_password(anna: Planner) -> None:
    session = anna.session()
    with pytest.raises(NotSignedIn):
        remove_second_factor(anna.door, session.person, "fel lösenord", caller=CALLER)
    remove_second_factor(anna.door, session.person, PASSWORD, caller=CALLER)
    enrolment = begin_enrolment(anna.door, session.person, place="test")
    assert anna.app
    assert enrolment.secret != anna.app.secret
    assert begin_enrolment(anna.door, session.person, place="test") == enrolment


def test_security_log_tells_the_story_without_a_name(anna: Planner, peopled: Landbank) -> None:
    with pytest.raises(NotSignedIn):
        anna.enter("fel lösenord")
    session = anna.session()
    sign_out(anna.door, session, caller=CALLER)
    story = kept(peopled, "SELECT kind, actor, subject, request_id FROM landbank.security_event ORDER BY id")
    me = f"user:{anna.id}"
    assert story == [
        ("person_added", "system", me, None),
        ("role_granted:planner", "system", me, None),
        ("password_set", me, None, None),
        ("sign_in_refused", "anonymous", me, "r-1"),
        ("second_factor_set", me, None, "r-1"),
        ("signed_in", me, None, "r-1"),
        ("signed_out", me, None, "r-1"),
    ]
