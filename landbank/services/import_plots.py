"""Brings the plots of a file into the inventory, or shows what would happen.

One transaction, opened by the caller: all of it holds or nothing. Reading and checking run ahead of the database, in
batches, so that neither waits for the other and a file of any length fits into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import asdict, dataclass, replace
from pathlib import Path
from typing import Any, Protocol

import shapely

from landbank.domain.people import SYSTEM, Actor, Permission, demand
from landbank.errors import Conflict, Invalid
from landbank.exchange.accepted import AcceptedRows
from landbank.exchange.check import CheckedBatch, Checker, Rules, note_finding, portions
from landbank.exchange.columns import Columns
from landbank.exchange.file_digest import file_digest
from landbank.exchange.findings import Finding, FindingLog
from landbank.exchange.profile import Profile
from landbank.exchange.read import Source
from landbank.exchange.report import Report
from landbank.exchange.spool import Spool
from landbank.geo.places import Borders
from landbank.geo.plausible import Extent, likely_systems
from landbank.geo.shape import read_shapes
from landbank.services.ahead import ahead
from landbank.services.diff_hash import DiffHash, is_meant
from landbank.services.seldom import seldom_collecting

OnRows = Callable[[int], None]

KEY_COLUMNS = ("row", "municipality_code", "reference")
MOST_ENDED = 0.2
"""The share of a dataset's plots that an import may end without a further yes."""


class Outcome(Protocol):
    """Counts of the accepted rows."""

    @property
    def new(self) -> int: ...
    @property
    def changed(self) -> int: ...
    @property
    def unchanged(self) -> int: ...
    @property
    def repaired(self) -> int: ...


class Missing(Protocol):
    """A plot that the file lacks."""

    @property
    def municipality_code(self) -> str: ...
    @property
    def reference(self) -> str: ...
    @property
    def is_held(self) -> bool: ...


class Stage(Protocol):
    """The inventory's side of an import; see landbank/store/staging.py."""

    @property
    def municipalities(self) -> tuple[str, ...]: ...
    def put(self, rows: AcceptedRows) -> bytes: ...
    def finish(self) -> tuple[Sequence[Any], Sequence[Any]]: ...
    def outcome(self) -> Outcome: ...
    def differences(self) -> Iterator[Any]: ...
    def missing(self) -> Sequence[Missing]: ...
    def standing(self) -> int: ...
    def end_missing(self) -> int: ...
    def overlaps(self) -> Sequence[Any]: ...
    def revision(self) -> int: ...


class Municipality(Protocol):
    """A municipality of the inventory, its border as WKB in EPSG:3006 or None."""

    @property
    def code(self) -> str: ...
    @property
    def name(self) -> str: ...
    @property
    def border(self) -> bytes | None: ...


@dataclass(frozen=True, slots=True)
class Request:
    """What somebody asks of an import."""

    path: Path
    extent: tuple[float, float, float, float]
    name: str | None = None
    """What the file is called, where that is not the name of its path."""
    municipality: str | None = None
    profile: Profile | None = None
    profile_name: str | None = None
    dataset: str | None = None
    is_applied: bool = False
    ends_missing: bool = False
    """Whether plots of the file's datasets, in its municipalities, end where the file lacks them."""
    may_end_many: bool = False
    """Whether that may be more than a fifth of them."""
    expected_hash: str | None = None
    """The number of the difference that is meant, or its beginning; another one is not applied."""
    actor: Actor = SYSTEM

    @property
    def file_name(self) -> str:
        """What the file is called."""
        return self.name or self.path.name

    @property
    def who(self) -> str:
        """The id under which the import is noted: the actor's, or the command with its file."""
        return f"import:{self.file_name}" if self.actor == SYSTEM else self.actor.id

    @property
    def dataset_name(self) -> str:
        """The dataset that new plots belong to: as asked, as the profile says, or the file's name."""
        return self.dataset or (self.profile and self.profile.dataset) or self.file_name.split(".")[0]


def import_plots(
    request: Request,
    source: Source,
    stage: Stage,
    municipalities: Sequence[Municipality],
    *,
    on_rows: OnRows = lambda _rows: None,
) -> Report:
    """The report of the import; the caller commits, or takes everything back, and closes the report.

    `on_rows` is told the number of rows just done.

    Raises
    ------
    Invalid
        The file states no CRS and none was given, the municipality is unknown, the profile does not fit the file,
        or the file is damaged further in.
    NotSignedIn, Forbidden
        The actor may not import, or not for the municipality.
    Conflict
        It was to be applied and is not the difference that was meant, or ends more plots than it may.
    """
    rules = _rules(request, source, municipalities)
    log, changes, told = FindingLog(request.file_name), Spool(), DiffHash()
    try:
        log.extend(note_finding(note) for note in source.notes)
        with seldom_collecting(), Checker(rules) as checker:
            total = _Total()
            for checked in ahead(_checked(checker, source)):
                told.add("keys", checked.accepted.stream(KEY_COLUMNS))
                told.add("standing", stage.put(checked.accepted))
                log.extend(checked.findings)
                total.add(checked)
                on_rows(checked.rows)
            linked, contradictions = stage.finish()
            log.extend(_contradiction_findings(contradictions))
            log.extend(_overlap_findings(checker, stage))
            columns = checker.columns or Columns((), {})
        missing = stage.missing()
        log.extend(_missing_findings(missing, rules, request))
        changes.extend(told.passing("change", map(_change, stage.differences()), lambda change: change))
        told.add("shared", [asdict(change) for change in linked])
        ending = [one for one in missing if request.ends_missing and not one.is_held]
        told.add("ending", [[one.municipality_code, one.reference] for one in ending])
        told.add("what", _identity(request, source, columns))
        report = _report(
            request, source, stage, total, columns=columns, missing=len(missing), ended=len(ending), log=log,
            changes=changes, linked=[asdict(change) for change in linked], diff_hash=told.hexdigest(),
        )  # fmt: skip
        _finish(request, report, stage)
        return replace(report, revision=stage.revision())
    except BaseException:
        log.close()
        changes.close()
        raise


def _identity(request: Request, source: Source, columns: Columns) -> Any:
    """What was brought in, and how it was understood."""
    choices = [[choice.target, choice.column, choice.unit, dict(choice.words)] for choice in columns.choices]
    where = [source.layer.name, source.layer.crs, request.municipality, request.dataset_name]
    return [file_digest(request.path), where, choices]


def _finish(request: Request, report: Report, stage: Stage) -> None:
    """End what is to end, if this is the difference that was meant and it may.

    Raises
    ------
    Conflict
        It is another one, or it ends too much.
    """
    if not request.is_applied:
        return
    if request.expected_hash is not None and not is_meant(request.expected_hash, report.diff_hash):
        raise Conflict(
            f"The import of {report.file} is not the one that was looked at: the inventory or the file changed.",
            hint="Look at it again without applying it; it has a new number then.",
            where="hash",
        )
    if report.ended_share > MOST_ENDED and not request.may_end_many:
        raise Conflict(
            f"The import would end {report.ended} of {report.standing} plots, more than a fifth.",
            hint="Say --yes-end-many (may_end_many) if that is meant.",
            where="ends_missing",
        )
    if request.ends_missing and report.ended and stage.end_missing() != report.ended:
        raise RuntimeError("the plots that ended are not those that were told to be missing")


def _checked(checker: Checker, source: Source) -> Iterator[CheckedBatch]:
    """The checked rows in small portions, so that the database starts early and never waits long."""
    for batch in source.batches():
        for portion in portions(batch):
            yield checker.check(portion)
    checker.overlaps()  # found while the database still writes; asked for again below


class _Total:
    """Sums over the batches."""

    rows = refused = 0
    area_m2_computed = area_m2_declared = 0.0

    def add(self, checked: CheckedBatch) -> None:
        self.rows += checked.rows
        self.refused += checked.refused
        self.area_m2_computed += checked.area_m2_computed
        self.area_m2_declared += checked.area_m2_declared


def _rules(request: Request, source: Source, municipalities: Sequence[Municipality]) -> Rules:
    names = {one.code: one.name for one in municipalities}
    borders = {one.code: one.border for one in municipalities if one.border is not None}
    code = request.municipality or (request.profile and request.profile.municipality)
    demand(request.actor, Permission.IMPORT)
    if code is not None and code not in names:
        known = ", ".join(f"{known} {name}" for known, name in names.items())
        raise Invalid(
            f"The inventory knows no municipality '{code}'.",
            hint=f"Known: {known}." if known else "It knows none yet: `landbank migrate` loads them.",
            where="municipality",
        )
    if code is not None:
        demand(request.actor, Permission.IMPORT, code)
    crs = source.layer.crs
    if crs is None:
        if source.layer.geometry_kind is not None:
            raise _no_crs(request, source, Borders(names, borders))
        crs = "EPSG:3006"  # a table without geometry: every row is refused for that
    permitted = request.actor.municipalities(Permission.IMPORT)
    return Rules(crs, request.extent, names, borders, code, request.profile, permitted)


def _no_crs(request: Request, source: Source, borders: Borders) -> Invalid:
    """The refusal, with the systems that would put the first rows into known places."""
    hint = "Give it with --crs, as EPSG:3006 or EPSG:3007; the sender of the file knows it."
    first = next(source.batches(), None)
    if first is not None:
        shapes = read_shapes(first.wkb.to_numpy(zero_copy_only=False)[:1_000])
        shapes.geometry = shapes.geometry[~shapely.is_missing(shapes.geometry)]
        guesses = likely_systems(shapes.geometry, Extent(*request.extent), borders.names)
        if guesses:
            hint += f" The first rows would lie {'; or '.join(guesses)}."
    return Invalid(
        f"{request.file_name} does not state its coordinate reference system.", hint=hint, where="crs"
    )


def _overlap_findings(checker: Checker, stage: Stage) -> Iterator[Finding]:
    for pair in checker.overlaps():
        text = f"Shares {pair.area_m2:,.1f} m² with row {pair.other_row} ('{pair.other_name}')."
        yield Finding("overlap_in_file", text, pair.row, other_row=pair.other_row)
    for one in stage.overlaps():
        text = f"Shares {one.area_m2:,.1f} m² with the plot '{one.reference}' in {one.municipality_code}."
        yield Finding("overlap_with_plot", text, one.row)


def _contradiction_findings(contradictions: Sequence[Any]) -> Iterator[Finding]:
    for one in contradictions:
        text = f"Rows say different things of {one.table} '{one.name}': {one.column} '{one.taken}' and '{one.other}'."
        yield Finding("linked_contradicts", text, value=str(one.other))


def _missing_findings(missing: Sequence[Missing], rules: Rules, request: Request) -> Iterator[Finding]:
    for one in missing:
        name = rules.municipality_names.get(one.municipality_code, one.municipality_code)
        text = f"The plot '{one.reference}' in {name} belongs to the same dataset and is not in the file."
        code = "missing_from_file"
        if request.ends_missing:
            code = "held_not_ended" if one.is_held else "ended_by_import"
        yield Finding(code, text, value=one.reference)


def _change(difference: Any) -> dict[str, Any]:
    return {
        "row": difference.row,
        "municipality_code": difference.municipality_code,
        "reference": difference.reference,
        "changes": difference.changes,
    }


def _report(
    request: Request, source: Source, stage: Stage, total: _Total, *, columns: Columns, missing: int, ended: int,
    log: FindingLog, changes: Spool, linked: list[dict[str, Any]], diff_hash: str,
) -> Report:  # fmt: skip
    outcome = stage.outcome()
    accepted = outcome.new + outcome.changed + outcome.unchanged
    if accepted + total.refused != total.rows:
        raise RuntimeError(
            f"{total.rows} rows, {total.refused} refused and {accepted} accepted: they don't add up"
        )
    return Report(
        file=request.file_name,
        layer=source.layer.name,
        driver=source.driver,
        crs=source.layer.crs,
        crs_from=source.crs_from,
        dataset=request.dataset_name,
        profile=request.profile_name,
        applied=request.is_applied,
        revision=0,
        rows=total.rows,
        landed=outcome.new + outcome.changed - outcome.repaired,
        repaired=outcome.repaired,
        refused=total.refused,
        unchanged=outcome.unchanged,
        new=outcome.new,
        changed=outcome.changed,
        missing=missing,
        ended=ended,
        standing=stage.standing(),
        diff_hash=diff_hash,
        municipalities=stage.municipalities,
        area_m2_computed=total.area_m2_computed,
        area_m2_declared=total.area_m2_declared,
        columns=columns,
        findings=log,
        changes=changes,
        linked=linked,
    )
