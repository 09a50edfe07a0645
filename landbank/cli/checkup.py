"""The checks of `landbank doctor`: each says what it found, whether that is well, and what to do if not."""

from __future__ import annotations

import platform
import shutil
from collections.abc import Iterator
from dataclasses import asdict, dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import TYPE_CHECKING, Any

from landbank.errors import LandbankError

if TYPE_CHECKING:
    from landbank.settings import Settings
    from landbank.wiring import Landbank

PACKAGES = (
    "fastapi",
    "uvicorn",
    "sqlalchemy",
    "geoalchemy2",
    "psycopg",
    "folium",
    "pyogrio",
    "shapely",
    "pyproj",
    "procrastinate",
)
LEAST_FREE_MB = 1024


@dataclass(frozen=True, slots=True)
class Check:
    """One thing that was looked at."""

    name: str
    is_well: bool
    told: str
    hint: str | None = None

    def as_dict(self) -> dict[str, Any]:
        """The check as plain values."""
        return asdict(self)


def examine(settings: Settings) -> list[Check]:
    """All checks, in the order in which one depends on the other."""
    checks = [check_python(), *check_packages(), check_libraries(), check_web()]
    if settings.database_url is None:
        checks += [check_binaries(settings), check_disk(settings.home), *check_cluster(settings)]
    else:
        checks += check_database(settings, settings.database_url.get_secret_value())
    return checks


def check_python() -> Check:
    """Python's version and the system."""
    told = f"{platform.python_version()} on {platform.system()} {platform.machine()}"
    is_well = (3, 11) <= tuple(map(int, platform.python_version_tuple()[:2])) < (3, 14)
    return Check("Python", is_well, told, None if is_well else "Use Python 3.11, 3.12 or 3.13.")


def check_packages() -> Iterator[Check]:
    """landbank itself and the packages that it stands on."""
    hint = "Install the locked packages again: make setup"
    for name in ("landbank", *PACKAGES):
        try:
            yield Check(name, True, version(name))
        except PackageNotFoundError:
            yield Check(name, False, "not installed", hint)


def check_libraries() -> Check:
    """The geometry libraries inside the Python packages, which need not be the server's."""
    from landbank.exchange.libraries import library_versions

    told = ", ".join(f"{name} {number}" for name, number in library_versions().items())
    return Check("GDAL, GEOS, PROJ", True, told)


def check_web() -> Check:
    """The built style sheets and scripts."""
    from landbank.api.static import WebFiles, find_web

    try:
        WebFiles(find_web())
        return Check("Web assets", True, str(find_web()))
    except LandbankError as error:
        return Check("Web assets", False, error.message, error.hint)


def check_binaries(settings: Settings) -> Check:
    """PostgreSQL and PostGIS on this machine."""
    from landbank.cli.common import private_cluster

    try:
        found = private_cluster(settings).binaries
    except LandbankError as error:
        return Check("PostgreSQL", False, error.message, error.hint)
    return Check("PostgreSQL", True, f"{found.version} with PostGIS {found.postgis} in {found.folder}")


def check_disk(home: Path) -> Check:
    """Free space where the private cluster lies, or will."""
    place = next(folder for folder in (home, *home.parents) if folder.exists())
    free_mb = shutil.disk_usage(place).free // (1024 * 1024)
    is_well = free_mb >= LEAST_FREE_MB
    hint = None if is_well else f"Free at least {LEAST_FREE_MB} MB, or set LANDBANK_HOME to a larger disk."
    return Check("Disk space", is_well, f"{free_mb} MB free for {home}", hint)


def check_cluster(settings: Settings) -> Iterator[Check]:
    """The private cluster: not made yet, stopped or running, and what the running one holds."""
    from landbank.cli.common import DATABASE, private_cluster

    try:
        cluster = private_cluster(settings)
        if not cluster.is_created:
            yield Check("Cluster", True, f"not created yet; `landbank up` makes it in {cluster.folder}")
            return
        running = cluster.running()
    except LandbankError as error:
        yield Check("Cluster", False, error.message, error.hint)
        return
    if running is None:
        yield Check("Cluster", True, f"stopped; its files are in {cluster.data}")
        return
    yield Check("Cluster", True, f"runs as process {running.pid}; its log is {cluster.log}")
    yield from check_database(settings, cluster.url(DATABASE))


def check_database(settings: Settings, url: str) -> Iterator[Check]:
    """A running database: its versions and its schema."""
    from landbank.cluster import describe_address, inspect_server
    from landbank.store.roles import APP_ROLE
    from landbank.store.schema_revision import head_revision
    from landbank.wiring import open_landbank

    try:
        facts = inspect_server(url)
        versions = (
            f"PostgreSQL {facts.postgresql}, PostGIS {facts.postgis}, GEOS {facts.geos}, PROJ {facts.proj}"
        )
        yield Check("Database", True, f"{describe_address(url)} answers: {versions}")
        landbank = open_landbank(settings, url)
        try:
            landbank.refuse_other_schema()
            with landbank.reading() as store:
                wrong, looked_at = store.standing.off_tiles()
            upkeep = (check_jobs(landbank), check_mail(landbank))
        finally:
            landbank.close()
    except LandbankError as error:
        yield Check("Database", False, error.message, error.hint)
        return
    yield Check("Schema", True, f"revision {head_revision()}, as this version needs it")
    yield Check("Role", True, f"the application acts as {APP_ROLE}, which owns nothing")
    yield check_tiles(wrong, looked_at)
    yield from upkeep


def check_tiles(wrong: int, looked_at: int) -> Check:
    """Whether plots lie on the map's tiles where they lie in truth."""
    if wrong == 0:
        return Check("Map tiles", True, f"the newest {looked_at} plots lie where they should")
    return Check(
        "Map tiles",
        False,
        f"{wrong} of the newest {looked_at} plots lie elsewhere than in truth; they were loaded so",
        "As an actor of your own (SET landbank.actor = 'repair'), touch them:"
        " UPDATE landbank.plot SET row_version = row_version + 1 WHERE ...",
    )


def check_jobs(landbank: Landbank) -> Check:
    """Whether jobs are done, and how far the checks have followed the inventory."""
    from landbank.services.check_plots import FOLLOWER

    with landbank.reading() as store:
        workers, jobs = store.queue.workers(), store.queue.standing()
        progress = store.followers.progress(FOLLOWER)
        behind = store.standing.inventory().revision - (progress.revision if progress else 0)
    failed = sum(job.failed for job in jobs)
    told = f"{workers} at work" if workers else "nobody does them now (`landbank worker`)"
    told += f", {sum(job.waiting for job in jobs)} waiting, {failed} failed, {behind} changes not checked yet"
    hint = "The log of the worker says why; the next night tries again." if failed else None
    return Check("Jobs", not failed, told, hint)


def check_mail(landbank: Landbank) -> Check:
    """Whether mail is set up, and what waits, has failed or is uncertain."""
    from landbank.domain.codes import MailState
    from landbank.jobs.mail_setup import mail_server

    with landbank.reading() as store:
        counts = store.mails.counts()
    open_letters = {
        state: n for state, n in counts.items() if state not in (MailState.SENT, MailState.DROPPED)
    }
    stands = ", ".join(f"{n} {state}" for state, n in open_letters.items()) or "nothing waits"
    try:
        server = mail_server(landbank.settings)
    except LandbankError as error:
        return Check("Mail", False, error.message, error.hint)
    lost = open_letters.keys() & {MailState.FAILED, MailState.UNCERTAIN}
    hint = "`landbank mail` lists the letters and sends them again." if lost else None
    is_on = f"on, over {server.host}:{server.port}" if server else "off, so letters are written and wait"
    return Check("Mail", not lost, f"{is_on}; {stands}", hint)
