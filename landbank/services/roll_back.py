"""Takes an import back by a new one that restores the state before it; the history keeps both."""

from __future__ import annotations

import gzip
import json
from collections.abc import Sequence
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol

from landbank.domain.people import SYSTEM, Actor, Permission, demand
from landbank.errors import Conflict, NotFound
from landbank.services.diff_hash import DiffHash, is_meant


class OnLaterChange(StrEnum):
    """What becomes of things that the import touched and that somebody changed since."""

    REFUSE = "refuse"
    SKIP = "skip"
    OVERWRITE = "overwrite"


class Done(Protocol):
    """An import; see landbank/store/imports.py."""

    @property
    def id(self) -> int: ...
    @property
    def state(self) -> str: ...
    @property
    def file_name(self) -> str: ...
    @property
    def dataset(self) -> str | None: ...
    @property
    def municipality_codes(self) -> Sequence[str]: ...
    @property
    def applied_at(self) -> datetime | None: ...
    @property
    def first_revision(self) -> int | None: ...
    @property
    def last_revision(self) -> int | None: ...


class WayBack(Protocol):
    """The statements that take an import back; see landbank/store/rollback.py."""

    def touched(self) -> Sequence[Any]: ...
    def later_changes(self) -> Sequence[Any]: ...
    def leave_out(self, plot_ids: Sequence[int]) -> None: ...
    def held(self) -> Sequence[str]: ...
    def end_new(self) -> None: ...
    def restore_changed(self) -> None: ...
    def shared_changes(self) -> Sequence[Any]: ...
    def shared_conflict(self, change: Any) -> Any: ...
    def restore_shared(self, change: Any) -> None: ...


class Records(Protocol):
    """The list of imports; see landbank/store/imports.py."""

    def get(self, import_id: int, *, lock: bool = False) -> Any: ...
    def next_id(self) -> int: ...
    def add(self, values: dict[str, Any], *, report: bytes | None) -> Any: ...
    def change_time(self) -> datetime: ...
    def revision(self) -> int: ...
    def rolled_back_by(self, import_id: int) -> int | None: ...


class Store(Protocol):
    """What a rollback needs of a transaction."""

    @property
    def imports(self) -> Records: ...
    def rollback(self, *, first_revision: int, last_revision: int, applied_at: datetime) -> WayBack: ...


@dataclass(frozen=True, slots=True)
class RollbackRequest:
    """What somebody asks: which import to take back, and whether only to look."""

    import_id: int
    actor: Actor
    is_applied: bool = False
    expected_hash: str | None = None
    on_later_change: OnLaterChange = OnLaterChange.REFUSE

    @property
    def who(self) -> str:
        """The id under which the rollback is noted: the actor's, or the command with its import."""
        return f"rollback:{self.import_id}" if self.actor == SYSTEM else self.actor.id


@dataclass(frozen=True, slots=True)
class RollbackReport:
    """What a rollback does, or would do. `conflicts` are later changes of what the import touched."""

    rolls_back: int
    file: str
    applied: bool
    import_id: int | None
    revision: int
    diff_hash: str
    restored: int
    ended: int
    shared_restored: int
    skipped: int
    municipalities: tuple[str, ...]
    conflicts: tuple[dict[str, Any], ...]

    def as_dict(self) -> dict[str, Any]:
        """The report as JSON shows it."""
        told = asdict(self)
        told["import"], told["hash"] = told.pop("import_id"), told.pop("diff_hash")
        return told


def roll_back(store: Store, request: RollbackRequest) -> RollbackReport:
    """The report of taking an import back, in the caller's transaction.

    Raises
    ------
    NotFound
        There is no such import.
    NotSignedIn, Forbidden
        The actor may not import for all municipalities that it touched.
    Conflict
        It was never applied or is taken back already; or it was to be applied, and somebody changed since what it
        touched, or the difference is not the one that was meant.
    """
    done = _applied(store.imports, request)
    way = store.rollback(
        first_revision=done.first_revision, last_revision=done.last_revision, applied_at=done.applied_at
    )
    plan, before = _plan(way, request, done), store.imports.revision()
    if request.is_applied:
        _refuse(plan, request)
        _carry_out(plan, way)
    report = _report(plan, done, request, store.imports.revision())
    return _noted(report, done, request, store.imports, before=before) if request.is_applied else report


def _applied(imports: Records, request: RollbackRequest) -> Any:
    demand(request.actor, Permission.IMPORT)
    done = imports.get(request.import_id, lock=request.is_applied)
    if done is None:
        raise NotFound(f"There is no import {request.import_id}.", where="import_id")
    if done.state != "applied":
        raise Conflict(f"Import {done.id} was never applied; there is nothing to take back.")
    if done.first_revision is None:
        raise Conflict(f"Import {done.id} changed nothing; there is nothing to take back.")
    by = imports.rolled_back_by(done.id)
    if by is not None:
        raise Conflict(
            f"Import {done.id} was taken back by import {by} already.",
            hint=f"Take {by} back to have it again.",
        )
    return done


@dataclass(frozen=True, slots=True)
class _Plan:
    """What is to be done, and what stands in the way."""

    plots: tuple[Any, ...]
    shared: tuple[Any, ...]
    skipped: tuple[int, ...]
    conflicts: tuple[Any, ...]
    municipalities: tuple[str, ...]
    diff_hash: str


def _plan(way: WayBack, request: RollbackRequest, done: Done) -> _Plan:
    touched = way.touched()
    codes = tuple(sorted({plot.municipality_code for plot in touched} | set(done.municipality_codes)))
    for code in codes:
        demand(request.actor, Permission.IMPORT, code)
    shared = [(change, way.shared_conflict(change)) for change in way.shared_changes()]
    later = way.later_changes()
    conflicts = (*later, *(conflict for _, conflict in shared if conflict))
    skips = request.on_later_change is OnLaterChange.SKIP
    skipped = tuple(conflict.noun_id for conflict in later) if skips else ()
    told = DiffHash()
    told.add(
        "rollback", [request.import_id, str(request.on_later_change), [asdict(plot) for plot in touched]]
    )
    told.add("shared", [asdict(change) for change, _ in shared])
    told.add("conflicts", [asdict(conflict) for conflict in conflicts])
    return _Plan(
        plots=tuple(plot for plot in touched if plot.plot_id not in set(skipped)),
        shared=tuple(change for change, conflict in shared if not (skips and conflict)),
        skipped=skipped,
        conflicts=conflicts,
        municipalities=codes,
        diff_hash=told.hexdigest(),
    )


def _refuse(plan: _Plan, request: RollbackRequest) -> None:
    if request.expected_hash is not None and not is_meant(request.expected_hash, plan.diff_hash):
        raise Conflict(
            "The rollback is not the one that was looked at: the inventory changed.",
            hint="Look at it again without applying it; it has a new number then.",
            where="hash",
        )
    if plan.conflicts and request.on_later_change is OnLaterChange.REFUSE:
        named = "; ".join(_told(conflict) for conflict in plan.conflicts[:10])
        more = f"; and {len(plan.conflicts) - 10} more" if len(plan.conflicts) > 10 else ""
        raise Conflict(
            f"{len(plan.conflicts)} things that import {request.import_id} touched were changed since: {named}{more}.",
            hint="Leave them as they are (skip), or set them back too (overwrite).",
            where="on_later_change",
        )


def _told(conflict: Any) -> str:
    fields = ", ".join(conflict.fields) or "ended or new"
    return f"{conflict.noun} '{conflict.name}' in {conflict.municipality_code} ({fields}; revision {conflict.revision})"


def _carry_out(plan: _Plan, way: WayBack) -> None:
    way.leave_out(plan.skipped)
    _refuse_held(way.held())
    way.end_new()
    way.restore_changed()
    for change in plan.shared:
        way.restore_shared(change)


def _refuse_held(references: Sequence[str]) -> None:
    """Raise `Conflict` where somebody holds a plot that would end: no rollback takes a reservation or a sale away."""
    if references:
        named = ", ".join(references[:10]) + (
            f" and {len(references) - 10} more" if len(references) > 10 else ""
        )
        raise Conflict(
            f"Somebody holds plots that the import made: {named}.",
            hint="Release them first, by a change of state with its reason; or leave them as they are (skip).",
        )


def _report(plan: _Plan, done: Any, request: RollbackRequest, revision: int) -> RollbackReport:
    return RollbackReport(
        rolls_back=done.id,
        file=done.file_name,
        applied=request.is_applied,
        import_id=None,
        revision=revision,
        diff_hash=plan.diff_hash,
        restored=sum(not plot.is_new for plot in plan.plots),
        ended=sum(plot.is_new and plot.stands for plot in plan.plots),
        shared_restored=len(plan.shared),
        skipped=len(plan.skipped),
        municipalities=plan.municipalities,
        conflicts=tuple(asdict(conflict) for conflict in plan.conflicts),
    )


def _noted(
    report: RollbackReport, done: Any, request: RollbackRequest, imports: Records, *, before: int
) -> RollbackReport:
    """The report with its number in the list of imports, where it is noted."""
    noted = replace(report, import_id=imports.next_id())
    counts = {"changed": report.restored, "ended": report.ended, "refused": report.skipped}
    imports.add(
        {
            "id": noted.import_id,
            "kind": "rollback",
            "state": "applied",
            "rolls_back_id": done.id,
            "file_name": done.file_name,
            "dataset": done.dataset,
            "municipality_codes": list(report.municipalities),
            "diff_hash": report.diff_hash,
            "counts": counts,
            "actor": request.who,
            "role": _role(request.actor, report.municipalities),
            "applied_at": imports.change_time(),
            "first_revision": before + 1 if report.revision > before else None,
            "last_revision": report.revision if report.revision > before else None,
        },
        report=gzip.compress(json.dumps(noted.as_dict(), default=str, ensure_ascii=False).encode()),
    )
    return noted


def _role(actor: Actor, codes: tuple[str, ...]) -> str | None:
    role = actor.role_in(codes[0]) if codes else None
    return None if role is None else str(role)
