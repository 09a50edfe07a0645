"""The system account that PostgreSQL runs as: the person themself, or an unprivileged one for root."""

from __future__ import annotations

import os
import pwd
import subprocess
from dataclasses import dataclass
from pathlib import Path

from landbank.errors import Unavailable


@dataclass(frozen=True, slots=True)
class Account:
    """Who the server runs as, and whether landbank has to step down to become that."""

    name: str
    uid: int
    gid: int
    is_demoted: bool

    def run(
        self, *command: str, folder: Path = Path("/"), timeout_s: float = 120
    ) -> subprocess.CompletedProcess[str]:
        """Run a PostgreSQL program in `folder`, in a session of its own so that Ctrl-C does not reach it.

        Its messages come in English, and no PG* variable of the caller's reaches it.
        """
        kept = {name: value for name, value in os.environ.items() if name in ("PATH", "TZ", "TMPDIR")}
        return subprocess.run(
            command,
            env={**kept, "LC_ALL": "C"},
            cwd=folder,
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            errors="replace",
            timeout=timeout_s,
            start_new_session=True,
            check=False,
            user=self.uid if self.is_demoted else None,
            group=self.gid if self.is_demoted else None,
            extra_groups=[] if self.is_demoted else None,
        )

    def can_enter(self, folder: Path) -> bool:
        """Whether this account may pass through a folder."""
        return not self.is_demoted or self.run("test", "-x", str(folder)).returncode == 0


def server_account(data: Path) -> Account:
    """The account for a cluster with its files in `data` (which need not be there yet).

    Raises
    ------
    Unavailable
        The files belong to somebody else, or the user is not in the system's list of users.
    """
    uid = os.geteuid()
    owner = data.stat().st_uid if data.exists() else None
    if uid == 0:
        return _unprivileged(owner)
    if owner not in (None, uid):
        raise Unavailable(
            f"The database files in {data} belong to the user {_name(owner or 0)}, not to {_name(uid)}.",
            hint="Run landbank as that user, or set LANDBANK_HOME to a folder of your own.",
            where="LANDBANK_HOME",
        )
    try:
        entry = pwd.getpwuid(uid)
    except KeyError as error:
        raise Unavailable(
            f"The user with number {uid} has no entry in this system's list of users; PostgreSQL needs one.",
            hint="Add the user to /etc/passwd, or set LANDBANK_DATABASE_URL to a running server.",
        ) from error
    return Account(entry.pw_name, uid, entry.pw_gid, is_demoted=False)


def make_folder(folder: Path) -> None:
    """Create a folder and what is missing above it; root's may be passed through by the server's account."""
    missing = [place for place in (folder, *folder.parents) if not place.exists()]
    folder.mkdir(parents=True, exist_ok=True)
    for place in missing:
        place.chmod(0o755 if os.geteuid() == 0 else 0o700)


def _unprivileged(owner: int | None) -> Account:
    """The account that root steps down to: the owner of the files, else postgres, else nobody."""
    for wanted in (owner, "postgres", "nobody"):
        try:
            entry = pwd.getpwuid(wanted) if isinstance(wanted, int) else pwd.getpwnam(wanted or "")
        except KeyError:
            continue
        if entry.pw_uid != 0:
            return Account(entry.pw_name, entry.pw_uid, entry.pw_gid, is_demoted=True)
    raise Unavailable(
        "PostgreSQL refuses to run as root, and this system has neither a user postgres nor nobody.",
        hint="Run landbank as an ordinary user.",
    )


def _name(uid: int) -> str:
    try:
        return pwd.getpwuid(uid).pw_name
    except KeyError:
        return f"number {uid}"
