"""Brings the plots of a file into the inventory, or shows what would happen.

One transaction, opened by the caller: all of it holds or nothing. Reading and checking run ahead of the database, in
batches, so that neither waits for the other and a file of any length fits into memory.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

import shapely

from landbank.errors import Invalid
from landbank.exchange.accepted import AcceptedRows
from landbank.exchange.check import CheckedBatch, Checker, Rules, note_finding, portions
from landbank.exchange.columns import Columns
from landbank.exchange.findings import Finding, FindingLog
from landbank.exchange.profile import Profile
from landbank.exchange.read import Source
from landbank.exchange.report import Report
from landbank.exchange.spool import Spool
from landbank.geo.places import Borders
from landbank.geo.plausible import Extent, likely_systems
from landbank.geo.shape import read_shapes
from landbank.services.ahead import ahead
from landbank.services.seldom import seldom_collecting

OnRows = Callable[[int], None]


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


class Stage(Protocol):
    """The inventory's side of an import; see landbank/store/staging.py."""

    def put(self, rows: AcceptedRows) -> None: ...
    def finish(self) -> None: ...
    def outcome(self) -> Outcome: ...
    def differences(self) -> Iterator[Any]: ...
    def missing(self) -> Sequence[tuple[str, str]]: ...
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
    municipality: str | None = None
    profile: Profile | None = None
    profile_name: str | None = None
    dataset: str | None = None
    is_applied: bool = False

    @property
    def dataset_name(self) -> str:
        """The dataset that new plots belong to: as asked, as the profile says, or the file's name."""
        return self.dataset or (self.profile and self.profile.dataset) or self.path.name.split(".")[0]


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
    """
    rules = _rules(request, source, municipalities)
    log, changes = FindingLog(request.path.name), Spool()
    try:
        log.extend(note_finding(note) for note in source.notes)
        with seldom_collecting(), Checker(rules) as checker:
            total = _Total()
            for checked in ahead(_checked(checker, source)):
                stage.put(checked.accepted)
                log.extend(checked.findings)
                total.add(checked)
                on_rows(checked.rows)
            stage.finish()
            log.extend(_overlap_findings(checker, stage))
            columns = checker.columns or Columns((), {})
        missing = stage.missing()
        log.extend(_missing_findings(missing, rules, request.dataset_name))
        changes.extend(_change(difference) for difference in stage.differences())
        return _report(
            request, source, stage, total, columns=columns, missing=len(missing), log=log, changes=changes
        )
    except BaseException:
        log.close()
        changes.close()
        raise


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
    if code is not None and code not in names:
        known = ", ".join(f"{known} {name}" for known, name in names.items())
        raise Invalid(
            f"The inventory knows no municipality '{code}'.",
            hint=f"Known: {known}." if known else "It knows none yet: `landbank migrate` loads them.",
            where="municipality",
        )
    crs = source.layer.crs
    if crs is None:
        if source.layer.geometry_kind is not None:
            raise _no_crs(request, source, Borders(names, borders))
        crs = "EPSG:3006"  # a table without geometry: every row is refused for that
    return Rules(crs, request.extent, names, borders, code, request.profile)


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
        f"{request.path.name} does not state its coordinate reference system.", hint=hint, where="crs"
    )


def _overlap_findings(checker: Checker, stage: Stage) -> Iterator[Finding]:
    for pair in checker.overlaps():
        text = f"Shares {pair.area_m2:,.1f} m² with row {pair.other_row} ('{pair.other_name}')."
        yield Finding("overlap_in_file", text, pair.row, other_row=pair.other_row)
    for one in stage.overlaps():
        text = f"Shares {one.area_m2:,.1f} m² with the plot '{one.reference}' in {one.municipality_code}."
        yield Finding("overlap_with_plot", text, one.row)


def _missing_findings(missing: Sequence[tuple[str, str]], rules: Rules, dataset: str) -> Iterator[Finding]:
    for code, reference in missing:
        name = rules.municipality_names.get(code, code)
        text = f"The plot '{reference}' in {name} belongs to the dataset '{dataset}' and is not in the file."
        yield Finding("missing_from_file", text, value=reference)


def _change(difference: Any) -> dict[str, Any]:
    return {
        "row": difference.row,
        "municipality_code": difference.municipality_code,
        "reference": difference.reference,
        "changes": difference.changes,
    }


def _report(
    request: Request, source: Source, stage: Stage, total: _Total, *, columns: Columns, missing: int,
    log: FindingLog, changes: Spool,
) -> Report:  # fmt: skip
    outcome = stage.outcome()
    accepted = outcome.new + outcome.changed + outcome.unchanged
    if accepted + total.refused != total.rows:
        raise RuntimeError(
            f"{total.rows} rows, {total.refused} refused and {accepted} accepted: they don't add up"
        )
    return Report(
        file=request.path.name,
        layer=source.layer.name,
        driver=source.driver,
        crs=source.layer.crs,
        crs_from=source.crs_from,
        dataset=request.dataset_name,
        profile=request.profile_name,
        applied=request.is_applied,
        revision=stage.revision(),
        rows=total.rows,
        landed=outcome.new + outcome.changed - outcome.repaired,
        repaired=outcome.repaired,
        refused=total.refused,
        unchanged=outcome.unchanged,
        new=outcome.new,
        changed=outcome.changed,
        missing=missing,
        area_m2_computed=total.area_m2_computed,
        area_m2_declared=total.area_m2_declared,
        columns=columns,
        findings=log,
        changes=changes,
    )
