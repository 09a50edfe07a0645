"""One private cluster in one folder: created when missing, started when stopped, stopped by its last user."""

from __future__ import annotations

import hashlib
import os
import platform
import shlex
import shutil
import tempfile
import time
from contextlib import suppress
from pathlib import Path
from urllib.parse import quote

from landbank.cluster import configuration
from landbank.cluster.account import Account, make_folder, server_account
from landbank.cluster.binaries import Binaries
from landbank.cluster.locks import Membership, setting_up
from landbank.cluster.postmaster import Postmaster, read_pid, read_postmaster
from landbank.cluster.server import ensure_database
from landbank.errors import Conflict, Unavailable

LONGEST_SOCKET_PATH = 103
"""Bytes that a socket's path may have: 107 on Linux, 103 on macOS, the closing zero not counted."""


class Cluster:
    """A PostgreSQL cluster of one's own, without TCP.

    Several processes may use the same folder at once: the first starts the server, the last stops it.

    Parameters
    ----------
    folder
        Where everything of the cluster lies; created when missing.
    binaries
        The PostgreSQL to run.
    durable
        False gives up safety against a crash for speed: tests only.
    """

    def __init__(self, folder: Path, binaries: Binaries, *, durable: bool = True) -> None:
        self.folder = folder.resolve()
        self.binaries = binaries
        self.durable = durable
        self._membership: Membership | None = None
        self._account: Account | None = None

    @property
    def data(self) -> Path:
        """The folder with the server's own files."""
        return self.folder / "data"

    @property
    def log(self) -> Path:
        """The server's log."""
        return self.data / "server.log"

    @property
    def is_created(self) -> bool:
        """Whether the cluster's files are there already."""
        return read_major(self.folder) is not None

    def start(self) -> None:
        """Create the cluster if it is missing, start it if it does not run, and count as one of its users.

        A server that was killed recovers by itself; what a killed landbank left running is used.

        Raises
        ------
        Conflict
            The files were made by another major version of PostgreSQL.
        Unavailable
            The folder can't be used, or the server does not start; the last lines of its log are in the text.
        """
        if self._membership is not None:
            return
        self._prepare_folder()
        with setting_up(self.folder / "lock"):
            self._membership = Membership(self.folder / "users")
            try:
                self._bring_up()
            except BaseException:  # Ctrl-C too: what was half started must not stay behind
                self._leave()
                raise

    def stop(self) -> bool:
        """Stop counting as a user, and stop the server if nobody else uses it; whether it was stopped."""
        if self._membership is None:
            return False
        with setting_up(self.folder / "lock"):
            return self._leave()

    def remove(self) -> None:
        """Stop the server and delete everything of the cluster.

        Raises
        ------
        Conflict
            Another process still uses it; nothing was deleted.
        """
        if not self.stop() and read_postmaster(self.data) is not None:
            raise Conflict(f"Another process uses the cluster in {self.folder}.", hint="Stop it first.")
        shutil.rmtree(self._socket_folder(), ignore_errors=True)
        shutil.rmtree(self.folder, ignore_errors=True)

    def url(self, database: str) -> str:
        """The libpq address of a database of this cluster; holds no secret."""
        running = read_postmaster(self.data)
        sockets = running.sockets if running else self._socket_folder()
        place = quote(str(sockets), safe="")
        return f"postgresql://{configuration.ROLE}@/{quote(database)}?host={place}&port={configuration.PORT}"

    def ensure_database(self, name: str) -> str:
        """Create a database where it is missing; its address comes back."""
        ensure_database(self.url("postgres"), name)
        return self.url(name)

    def running(self) -> Postmaster | None:
        """The running server of this folder, whoever started it, or None."""
        return read_postmaster(self.data)

    def _bring_up(self) -> None:
        if not self.is_created:
            self._create()
        self._check_version()
        if not self._is_reachable():
            self._launch()

    def _leave(self) -> bool:
        membership, self._membership = self._membership, None
        if membership is None or not membership.leave():
            return False
        self._halt()
        return True

    def _prepare_folder(self) -> None:
        try:
            make_folder(self.folder)
            self._account = server_account(self.data)
            # The server's account must pass through root's folder; nobody else has business in a person's.
            self.folder.chmod(0o755 if self._account.is_demoted else 0o700)
        except OSError as error:
            raise Unavailable(
                f"The folder {self.folder} can't be used: {error.strerror}.",
                hint="Set LANDBANK_HOME to a folder that you may write to.",
                where="LANDBANK_HOME",
            ) from error
        for place in [*reversed(self.folder.parents), self.folder]:
            if not self._account.can_enter(place):
                raise Unavailable(
                    f"PostgreSQL runs as the user {self._account.name}, who may not enter {place}.",
                    hint="Set LANDBANK_HOME to a folder that all may pass, such as /var/lib/landbank.",
                    where="LANDBANK_HOME",
                )

    def _create(self) -> None:
        """Make the cluster beside its place and move it there whole: a half-made one is never started."""
        fresh = self.folder / "data.new"
        shutil.rmtree(fresh, ignore_errors=True)
        if self.data.exists() and any(self.data.iterdir()):
            raise Conflict(
                f"The folder {self.data} holds files that are no PostgreSQL cluster.",
                hint="Move them away, or set LANDBANK_HOME to another folder.",
                where="LANDBANK_HOME",
            )
        self._make_private(fresh)
        command = [self.binaries.program("initdb"), "--pgdata", str(fresh), "--username", configuration.ROLE]
        command += [
            "--encoding",
            "UTF8",
            *_locale_options(self.binaries.major),
            "--auth",
            "peer",
            "--no-sync",
        ]
        if self.durable:
            command.append("--data-checksums")
        done = self._server_account().run(*command)
        if done.returncode != 0:
            raise Unavailable(
                f"PostgreSQL could not create a cluster in {self.folder}: {_last_lines(done.stderr)}",
                hint="`landbank doctor` shows disk space and rights.",
            )
        if self.data.exists():
            self.data.rmdir()
        fresh.rename(self.data)

    def _check_version(self) -> None:
        made_by = read_major(self.folder)
        if made_by != self.binaries.major:
            raise Conflict(
                f"The database in {self.data} was made by PostgreSQL {made_by}, and PostgreSQL"
                f" {self.binaries.version} in {self.binaries.folder} can't open it.",
                hint=f"Install PostgreSQL {made_by} with PostGIS beside it (it is found by itself, or through"
                " LANDBANK_PG_BIN), or carry the inventory over: docs/operations/troubleshooting.md.",
            )

    def _is_reachable(self) -> bool:
        """Whether the server runs; one whose socket was swept away is stopped, as nobody can reach it."""
        running = read_postmaster(self.data)
        if running is None:
            return False
        if running.socket_file.exists():
            return True
        self._halt()
        return False

    def _launch(self) -> None:
        sockets = self._socket_folder()
        self._make_private(sockets)
        self._sweep(sockets)
        self._write_configuration(sockets)
        if self.log.exists() and self.log.stat().st_size > 5 * configuration.MEBIBYTE:
            self.log.replace(self.log.with_suffix(".log.1"))
        deadline = time.monotonic() + 30
        while (fault := self._launch_once()) is not None:
            # The children of a killed server hold its memory for a moment before they notice.
            is_lingering = "still in use" in fault or "is being used" in fault
            if not is_lingering or time.monotonic() > deadline:
                raise Unavailable(
                    f"PostgreSQL did not start: {fault}",
                    hint=f"The whole log is {self.log}; `landbank doctor` helps.",
                )
            time.sleep(0.3)

    def _sweep(self, sockets: Path) -> None:
        """Remove what a killed server left in its own socket folder: its lock may name a process that is dead but
        not yet buried, or a number that another program has by now, and the server would refuse to start."""
        if read_pid(self.data) is None:
            for name in (f".s.PGSQL.{configuration.PORT}", f".s.PGSQL.{configuration.PORT}.lock"):
                (sockets / name).unlink(missing_ok=True)

    def _launch_once(self) -> str | None:
        """Start the server; where that is interrupted, wait until there is a process to stop."""
        try:
            return self._try_launch()
        except BaseException:
            deadline = time.monotonic() + 3
            while read_pid(self.data) is None and time.monotonic() < deadline:
                time.sleep(0.05)
            raise

    def _try_launch(self) -> str | None:
        """Start the server and wait until it answers; the last lines of its log where it does not."""
        before = self.log.stat().st_size if self.log.exists() else 0
        options = f"-c config_file={shlex.quote(str(self.folder / 'postgresql.conf'))}"
        # Started from within its folder: pg_ctl hands paths to a shell without escaping what they hold.
        done = self._server_account().run(
            *(self.binaries.program("pg_ctl"), "start", "--pgdata", ".", "--log", self.log.name),
            *("--wait", "--timeout", "300", "--options", options),
            folder=self.data,
            timeout_s=320,
        )
        if done.returncode == 0:
            return None
        told = self.log.read_text(encoding="utf-8", errors="replace")[before:] if self.log.exists() else ""
        return _last_lines(told or done.stderr or done.stdout)

    def _halt(self) -> None:
        """Stop the server: open transactions are rolled back, committed ones are on the disk."""
        if read_pid(self.data) is None:
            return
        running = read_postmaster(self.data)
        stop = (
            self.binaries.program("pg_ctl"),
            "stop",
            "--pgdata",
            str(self.data),
            "--wait",
            "--timeout",
            "60",
        )
        done = self._server_account().run(*stop, "--mode", "fast")
        if done.returncode != 0 and read_pid(self.data) is not None:
            raise Unavailable(
                f"PostgreSQL did not stop: {_last_lines(done.stderr)}", hint=f"Its log is {self.log}."
            )
        with suppress(OSError):  # somebody else's file may lie in it
            (running.sockets if running else self._socket_folder()).rmdir()

    def _write_configuration(self, sockets: Path) -> None:
        account = self._server_account()
        texts = {
            "postgresql.conf": configuration.settings_text(
                data=self.data,
                config=self.folder,
                sockets=sockets,
                durable=self.durable,
                memory_mb=configuration.memory_mb(),
                shm_mb=configuration.shm_mb(),
            ),
            "pg_hba.conf": configuration.hba_text(),
            "pg_ident.conf": configuration.ident_text(
                [account.name, *(["root"] if account.is_demoted else [])]
            ),
        }
        for name, content in texts.items():
            path = self.folder / name
            path.write_text(content, encoding="utf-8")
            path.chmod(0o644)

    def _socket_folder(self) -> Path:
        """A short folder of this cluster's own in the temporary directory: a socket's path is limited."""
        digest = hashlib.sha256(os.fsencode(self.folder)).hexdigest()[:8]
        name = f"landbank-{os.geteuid()}-{digest}"
        places = [Path(tempfile.gettempdir()), Path("/tmp")]  # noqa: S108 - the folder in it is checked to be ours
        for place in places:
            room = len(os.fsencode(place / name / f".s.PGSQL.{configuration.PORT}"))
            if room <= LONGEST_SOCKET_PATH and self._server_account().can_enter(place):
                return place / name
        raise Unavailable(
            f"The temporary folder {places[0]} is too long a path for a socket, and /tmp can't be used.",
            hint="Set TMPDIR to a short folder that everyone may pass through.",
        )

    def _make_private(self, folder: Path) -> None:
        """A folder that only the server's account may enter.

        In a temporary directory anyone could have made it first: one that is not ours is refused.
        """
        account = self._server_account()
        try:
            folder.mkdir(mode=0o700)
            if account.is_demoted:
                os.chown(folder, account.uid, account.gid)
        except FileExistsError as error:
            facts = folder.lstat()
            if facts.st_uid != account.uid or folder.is_symlink() or facts.st_mode & 0o077:
                raise Unavailable(
                    f"The folder {folder} is not {account.name}'s alone: not safe for a database.",
                    hint="Remove it, and find out who made it.",
                ) from error

    def _server_account(self) -> Account:
        if self._account is None:
            self._account = server_account(self.data)
        return self._account


def read_major(folder: Path) -> int | None:
    """The major version that made the cluster in a folder, or None where there is no cluster yet."""
    try:
        return int((folder / "data" / "PG_VERSION").read_text(encoding="ascii"))
    except FileNotFoundError:
        return None
    except (PermissionError, ValueError) as error:
        raise Unavailable(
            f"The database files in {folder / 'data'} can't be read by this user.",
            hint="Run landbank as the user who made them, or set LANDBANK_HOME to a folder of your own.",
            where="LANDBANK_HOME",
        ) from error


def _locale_options(major: int) -> list[str]:
    """Text is ordered by code point and letters are Unicode's, on every machine the same."""
    if platform.system() == "Linux":
        return ["--locale", "C.UTF-8"]
    if major >= 17:
        return ["--locale", "C", "--locale-provider", "builtin", "--builtin-locale", "C.UTF-8"]
    return ["--locale", "C"]


def _last_lines(text: str, count: int = 4) -> str:
    return " / ".join(line.strip() for line in text.strip().splitlines()[-count:] if line.strip())
