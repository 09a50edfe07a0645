"""Imports from end to end, the same for commands and the API: looked at, applied, taken back, noted with their reports.

Each of these is one transaction of the inventory, which it opens by name and which holds or not as a whole.
"""

from __future__ import annotations

from collections.abc import Callable
from contextlib import AbstractContextManager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any, Protocol

from landbank.domain.people import SYSTEM, Actor, Permission, demand
from landbank.errors import Conflict, Gone, NotFound
from landbank.exchange.profile import Profile, read_profile
from landbank.exchange.read import ReadLimits, Source, open_source
from landbank.exchange.report import Report
from landbank.services.diff_hash import is_meant
from landbank.services.import_plots import OnRows, Request, import_plots
from landbank.services.roll_back import RollbackReport, RollbackRequest, roll_back


class Inventory(Protocol):
    """The transactions of an opened landbank; see landbank/wiring.py."""

    def reading(self) -> AbstractContextManager[Any]: ...
    def rehearsing(self) -> AbstractContextManager[Any]: ...
    def noting(self, actor: Actor) -> AbstractContextManager[Any]: ...
    def changing(
        self, *, actor: Actor | str, role: str | None = None, municipality_code: str | None = None,
        request_id: str | None = None, reason: str | None = None, timeout_ms: int | None = None,
        is_bulk: bool = False,
    ) -> AbstractContextManager[Any]: ...  # fmt: skip


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What every import of an installation happens under."""

    extent: tuple[float, float, float, float]
    limits: ReadLimits
    timeout_ms: int
    keep_hours: int = 24
    """How long a proposed import waits to be applied."""


class UploadFolder(Protocol):
    """The folder of uploaded files; see landbank/exchange/uploads.py."""

    def path(self, name: str) -> Path: ...
    def remove(self, name: str) -> None: ...
    def remove_strays(self, is_old: Callable[[float], bool]) -> None: ...


@dataclass(frozen=True, slots=True)
class Options:
    """How an uploaded file is to be read and what is asked of its import; `profile` is the text of a TOML profile."""

    municipality: str | None = None
    crs: str | None = None
    crs_override: bool = False
    layer: str | None = None
    dataset: str | None = None
    profile: str | None = None
    ends_missing: bool = False


def look(
    inventory: Inventory,
    request: Request,
    source: Source,
    *,
    timeout_ms: int,
    on_rows: OnRows = lambda _rows: None,
) -> Report:
    """The report of what an import would do; nothing is written."""
    with inventory.rehearsing() as store:
        return _imported(store, replace(request, is_applied=False), source, timeout_ms, on_rows)


def apply(
    inventory: Inventory,
    request: Request,
    source: Source,
    *,
    timeout_ms: int,
    on_rows: OnRows = lambda _rows: None,
) -> Report:
    """The report of an import that is done, and noted in the list of imports, in one transaction."""
    with _changing(inventory, request, timeout_ms) as store:
        before = store.imports.revision()
        report = _imported(store, replace(request, is_applied=True), source, timeout_ms, on_rows)
        report = replace(report, import_id=store.imports.next_id())
        values = _noted(request, report) | _range(before, report.revision)
        values |= {"id": report.import_id, "state": "applied", "applied_at": store.imports.change_time()}
        store.imports.add(values, report=report.packed())
        return report


def _changing(inventory: Inventory, request: Request, timeout_ms: int) -> AbstractContextManager[Any]:
    is_command = request.actor == SYSTEM
    return inventory.changing(
        actor=request.who if is_command else request.actor,
        role=role_of(request.actor, request.municipality),
        reason=f"import of {request.file_name}",
        timeout_ms=timeout_ms,
        is_bulk=is_command,
    )


def role_of(actor: Actor, municipality: str | None = None) -> str | None:
    """The role that somebody imports in: there, else in the first municipality that they may import for."""
    permitted = actor.municipalities(Permission.IMPORT)
    role = actor.role_in(municipality or (min(permitted) if permitted else None))
    return None if role is None else str(role)


def _imported(store: Any, request: Request, source: Source, timeout_ms: int, on_rows: OnRows) -> Report:
    stage = store.staging(dataset=request.dataset_name, timeout_ms=timeout_ms, is_applied=request.is_applied)
    return import_plots(request, source, stage, store.known_municipalities(), on_rows=on_rows)


def _noted(request: Request, report: Report) -> dict[str, Any]:
    """The columns of an import's record."""
    return {
        "kind": "file",
        "file_name": request.file_name,
        "dataset": report.dataset,
        "municipality_codes": list(report.municipalities),
        "diff_hash": report.diff_hash,
        "counts": report.counts(),
        "actor": request.who,
        "role": role_of(request.actor, request.municipality),
    }


def _range(before: int, after: int) -> dict[str, int | None]:
    """First and last revision of an import's changes; None where it changed nothing."""
    return {"first_revision": before + 1, "last_revision": after} if after > before else {
        "first_revision": None, "last_revision": None
    }  # fmt: skip


def look_at_upload(
    inventory: Inventory,
    upload: Path,
    *,
    file_name: str,
    options: Options,
    actor: Actor,
    under: Circumstances,
) -> Report:
    """The report of what an uploaded file would do; nothing is written. `propose` notes it."""
    demand(actor, Permission.IMPORT, options.municipality)
    request = _request(upload, file_name, options, actor, under)
    with _opened(request, options, under) as source:
        return look(inventory, request, source, timeout_ms=under.timeout_ms)


def propose(
    store: Any, report: Report, *, upload: str, options: Options, actor: Actor, under: Circumstances
) -> tuple[Any, Report]:
    """The record of an uploaded file that was looked at, noted in the list of imports, and its report."""
    report = replace(report, import_id=store.imports.next_id())
    values = _noted(_request(Path(upload), report.file, options, actor, under), report)
    values |= {"id": report.import_id, "state": "proposed", "upload": upload}
    values["options"] = {name: getattr(options, name) for name in Options.__slots__}
    return store.imports.add(values, report=report.packed()), report


def apply_proposed(
    store: Any,
    uploads: UploadFolder,
    import_id: int,
    *,
    diff_hash: str,
    actor: Actor,
    under: Circumstances,
    may_end_many: bool = False,
) -> tuple[Any, Report]:
    """The record of a proposed import that is done now, and its report.

    The caller commits, and removes the uploaded file then.

    Raises
    ------
    NotFound
        There is no such import.
    Gone
        It waited too long; its file is gone.
    Conflict
        It is done already, or is not the difference that was looked at.
    """
    record = visible(store, import_id, actor, lock=True)
    if not is_meant(diff_hash, record.diff_hash):
        raise Conflict(
            f"The number is not that of import {import_id}.", hint="Use the hash of its report.", where="hash"
        )
    if record.state != "proposed" or record.upload is None:
        raise _no_file(record)
    options = Options(**record.options)
    request = replace(
        _request(uploads.path(record.upload), record.file_name, options, actor, under),
        is_applied=True, may_end_many=may_end_many, expected_hash=record.diff_hash,
    )  # fmt: skip
    before = store.imports.revision()
    with _opened(request, options, under) as source:
        report = _imported(store, request, source, under.timeout_ms, lambda _rows: None)
    report = replace(report, import_id=import_id)
    done = store.imports.mark_applied(
        import_id, counts=report.counts(), actor=actor.id, role=role_of(actor, options.municipality),
        report=report.packed(), **_range(before, report.revision),
    )  # fmt: skip
    return done, report


def _no_file(record: Any) -> Conflict | Gone:
    if record.state == "applied":
        return Conflict(f"Import {record.id} is done already.", hint="Its report says what it did.")
    return Gone(f"Import {record.id} waited too long; its file is gone.", hint="Upload the file again.")


def _request(path: Path, file_name: str, options: Options, actor: Actor, under: Circumstances) -> Request:
    return Request(
        path,
        under.extent,
        name=file_name,
        municipality=options.municipality,
        profile=_profile(options),
        profile_name="the uploaded profile" if options.profile else None,
        dataset=options.dataset,
        ends_missing=options.ends_missing,
        actor=actor,
    )


def _profile(options: Options) -> Profile:
    return read_profile(options.profile, "the uploaded profile") if options.profile else Profile()


def _opened(request: Request, options: Options, under: Circumstances) -> Source:
    known = request.profile or Profile()
    return open_source(
        request.path,
        layer=options.layer or known.layer,
        crs=options.crs or known.crs,
        crs_override=options.crs_override,
        limits=under.limits,
    )


def take_back(inventory: Inventory, request: RollbackRequest, *, timeout_ms: int) -> RollbackReport:
    """The report of a rollback by a command: of what it would do, or of one that is done and noted."""
    if not request.is_applied:
        return look_back(inventory, request)
    is_command = request.actor == SYSTEM
    with inventory.changing(
        actor=request.who if is_command else request.actor,
        role=role_of(request.actor),
        reason=f"rollback of import {request.import_id}",
        timeout_ms=timeout_ms,
    ) as store:
        return roll_back(store, request)


def look_back(inventory: Inventory, request: RollbackRequest) -> RollbackReport:
    """The report of what a rollback would do; nothing is written."""
    with inventory.rehearsing() as store:
        return roll_back(store, replace(request, is_applied=False))


def visible(store: Any, import_id: int, actor: Actor, *, lock: bool = False) -> Any:
    """The record of an import that touches a municipality of the actor's, or of their own; `lock` keeps others off.

    Raises
    ------
    NotFound
        There is none, or none of theirs.
    """
    demand(actor, Permission.IMPORT)
    record, codes = store.imports.get(import_id, lock=lock), actor.municipalities(Permission.IMPORT)
    if record is None or not (
        codes is None or record.actor == actor.id or codes & set(record.municipality_codes)
    ):
        raise NotFound(f"There is no import {import_id}.", where="import_id")
    return record


def listed(store: Any, actor: Actor, *, before: int | None = None, limit: int = 50) -> list[Any]:
    """The newest imports first, of those that touch the actor's municipalities."""
    demand(actor, Permission.IMPORT)
    found: list[Any] = store.imports.page(
        codes=actor.municipalities(Permission.IMPORT), before=before, limit=limit
    )
    return found


def lay_aside_old(
    inventory: Inventory, uploads: UploadFolder, *, now: datetime, under: Circumstances
) -> None:
    """Lay aside proposed imports that waited too long, and remove their files."""
    before = now - timedelta(hours=under.keep_hours)
    with inventory.noting(SYSTEM) as store:
        gone = store.imports.expire(before)
    for upload in gone:
        uploads.remove(upload)
    uploads.remove_strays(lambda changed: changed < before.timestamp())
