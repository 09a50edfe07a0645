"""Passwords as argon2id hashes: slow on purpose, and therefore few at a time.

Source: RFC 9106, 4; OWASP Password Storage Cheat Sheet. Measured on 2 cores: 64 MiB, 3 passes, 4 lanes take 0.37 s.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from threading import BoundedSemaphore, Lock

from pwdlib import PasswordHash
from pwdlib.exceptions import UnknownHashError
from pwdlib.hashers.argon2 import Argon2Hasher

from landbank.errors import Unavailable

AT_ONCE = 2
MOST_WAITING = 6
"""Who comes when so many wait already is told to come back: else a flood of sign-ins would hold every thread."""


class Passwords:
    """Hashes and checks passwords, at most two at once; called in a thread of its own, never in an event loop."""

    def __init__(self, *, memory_mb: int = 64) -> None:
        self._hash = PasswordHash(
            [Argon2Hasher(time_cost=3, memory_cost=memory_mb * 1024, parallelism=4, hash_len=32, salt_len=16)]
        )
        self._working = BoundedSemaphore(AT_ONCE)
        self._counting = Lock()
        self._inside = 0
        self._nobodys: str | None = None

    def hash(self, password: str) -> str:
        """The hash of a password, with its own salt and cost in it.

        Raises
        ------
        Unavailable
            Too many passwords wait to be hashed or checked.
        """
        with self._turn():
            return self._hash.hash(password)

    def check(self, password: str, kept: str | None) -> tuple[bool, str | None]:
        """Whether the password is that of the hash, and a new hash where the kept one has another cost than is wanted.

        None in the place of a hash is checked all the same and is never right, so that a name without an account
        takes as long as one with. Raises as `hash` does.
        """
        with self._turn():
            if kept is None:
                if self._nobodys is None:
                    self._nobodys = self._hash.hash("nobody's password")
                self._hash.verify(password, self._nobodys)
                return False, None
            try:
                return self._hash.verify_and_update(password, kept)
            except UnknownHashError as error:
                raise Unavailable(
                    "A password's hash can't be read.", hint="Give the person a new set-up link."
                ) from error

    @contextmanager
    def _turn(self) -> Iterator[None]:
        with self._counting:
            if self._inside >= AT_ONCE + MOST_WAITING:
                raise Unavailable("Too many people sign in at once.", hint="Try again in a moment.")
            self._inside += 1
        try:
            with self._working:
                yield
        finally:
            with self._counting:
                self._inside -= 1
