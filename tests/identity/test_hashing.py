"""Passwords: argon2id at the cost that was decided, few at a time, and nobody's is checked like anybody's."""

from __future__ import annotations

import threading
import time
from statistics import median

import pytest

from landbank.errors import Unavailable
from landbank.identity.hashing import AT_ONCE, MOST_WAITING, Passwords


def test_hash_has_the_cost_that_was_decided_and_its_own_salt() -> None:
    passwords = Passwords()
    kept = passwords.hash("fyra kor gnager räls")
    assert kept.startswith("$argon2id$v=19$m=65536,t=3,p=4$")
    assert passwords.check("fyra kor gnager räls", kept) == (True, None)


def test_wrong_password_and_nobodys_are_refused() -> None:
    passwords = Passwords(memory_mb=1)
    kept = passwords.hash("fyra kor gnager räls")
    assert kept != passwords.hash("fyra kor gnager räls")
    assert passwords.check("fyra kor gnager rals", kept) == (False, None)
    assert passwords.check("nobody's password", None) == (False, None)


def test_password_hashed_at_another_cost_is_hashed_anew_when_it_is_right() -> None:
    kept = Passwords(memory_mb=1).hash("fyra kor gnager räls")
    is_right, renewed = Passwords(memory_mb=2).check("fyra kor gnager räls", kept)
    assert is_right
    assert renewed is not None
    assert "m=2048" in renewed


def test_hash_that_is_none_is_told_plainly() -> None:
    with pytest.raises(Unavailable, match="can't be read"):
        Passwords(memory_mb=1).check("fyra kor gnager räls", "plaintext")


def test_as_many_work_and_wait_as_is_decided_and_one_more_is_refused_at_once() -> None:
    passwords = Passwords(memory_mb=1)
    with passwords._turn(), passwords._turn():
        waiting = [
            threading.Thread(target=passwords.hash, args=("fyra kor gnager räls",))
            for _ in range(MOST_WAITING)
        ]
        for thread in waiting:
            thread.start()
        while passwords._inside < AT_ONCE + MOST_WAITING:
            time.sleep(0.001)
        with pytest.raises(Unavailable, match="Too many people"):
            passwords.hash("fyra kor gnager räls")
    for thread in waiting:
        thread.join()
    assert passwords.hash("fyra kor gnager räls")


def test_name_without_an_account_costs_what_one_with_a_wrong_password_does() -> None:
    passwords = Passwords(memory_mb=8)
    kept = passwords.hash("fyra kor gnager räls")
    spent: dict[bool, list[float]] = {True: [], False: []}
    passwords.check("fel lösenord", None)  # makes nobody's hash
    for _ in range(15):
        for is_known, times in spent.items():
            began = time.process_time()
            passwords.check("fel lösenord", kept if is_known else None)
            times.append(time.process_time() - began)
    assert median(spent[False]) == pytest.approx(median(spent[True]), rel=0.3)
