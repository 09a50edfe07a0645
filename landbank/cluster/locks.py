"""Two locks on a cluster's folder: one for setting up, one that counts its users.

Both are held by the kernel for an open file, so a process that dies leaves none behind.
"""

from __future__ import annotations

import fcntl
import os
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from landbank.errors import Unavailable


@contextmanager
def setting_up(path: Path, *, patience_s: float = 120) -> Iterator[None]:
    """Be the only one who creates, starts or stops the cluster.

    Raises
    ------
    Unavailable
        Another process was still at it after `patience_s`.
    """
    handle = _open(path)
    try:
        deadline = time.monotonic() + patience_s
        while not _take(handle, fcntl.LOCK_EX):
            if time.monotonic() > deadline:
                raise Unavailable(
                    f"Another landbank process has been busy with {path.parent} for over {patience_s:.0f} s.",
                    hint="Wait for it to finish, or stop it, and try again.",
                )
            time.sleep(0.05)
        yield
    finally:
        os.close(handle)


class Membership:
    """One process's place among the users of a cluster."""

    def __init__(self, path: Path) -> None:
        self._handle = _open(path)
        fcntl.flock(self._handle, fcntl.LOCK_SH)

    def leave(self) -> bool:
        """Give the place up; whether this was the last user. Call it while setting up only."""
        is_last = _take(self._handle, fcntl.LOCK_EX)
        os.close(self._handle)
        return is_last


def _open(path: Path) -> int:
    return os.open(path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)


def _take(handle: int, kind: int) -> bool:
    try:
        fcntl.flock(handle, kind | fcntl.LOCK_NB)
    except BlockingIOError:
        return False
    return True
