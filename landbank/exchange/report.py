"""What an import answers: counts that add up, areas, the mapping in use, all findings and all changes."""

from __future__ import annotations

import gzip
import json
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landbank.exchange.columns import Columns
from landbank.exchange.findings import FindingLog
from landbank.exchange.spool import Spool

ALL_LANDED, SOME_REFUSED, NOTHING_LANDED = 0, 1, 3


@dataclass(frozen=True, slots=True)
class Report:
    """The outcome of one import, or of one that was only tried (`applied` false: what would happen).

    Every row of the file has exactly one outcome: rows = landed + repaired + refused + unchanged. `landed` went in as
    it stood, `repaired` after its shape was repaired, `refused` not at all; `unchanged` says what the inventory holds
    already, repaired or not. The rows that went in are new or changed: landed + repaired = new + changed. `missing`
    counts plots of the dataset that the file lacks; they stay, unless it was asked to end them: then `ended` do.
    """

    file: str
    layer: str
    driver: str
    crs: str | None
    crs_from: str | None
    dataset: str
    profile: str | None
    applied: bool
    revision: int
    """Of the inventory after the import, or as it was when the import was tried."""
    rows: int
    landed: int
    repaired: int
    refused: int
    unchanged: int
    new: int
    changed: int
    missing: int
    ended: int
    standing: int
    """Plots of the dataset in the file's municipalities before the import."""
    diff_hash: str
    """SHA-256 of what the import does, or would do; see landbank/services/diff_hash.py."""
    municipalities: tuple[str, ...]
    """Codes of the municipalities of the accepted rows."""
    area_m2_computed: float
    """Geodesic, of all rows that are not refused and have an outline."""
    area_m2_declared: float
    """Of all rows that are not refused and declare an area."""
    columns: Columns
    findings: FindingLog
    changes: Spool
    """Objects {row, municipality_code, reference, changes: {field: [before, after]}}, one for each changed row."""
    import_id: int | None = None
    """The import's number in the list of imports, once it is noted there."""
    linked: list[dict[str, Any]] = field(default_factory=list)
    """What plots share and the file makes or changes: {field, table, municipality_code, name, is_new, changes}."""

    @property
    def ended_share(self) -> float:
        """The share of the dataset's plots, in the file's municipalities, that end."""
        return self.ended / self.standing if self.standing else 0.0

    @property
    def exit_code(self) -> int:
        """0 all landed, 1 some refused, 3 nothing landed (a file without rows included)."""
        if self.landed + self.repaired + self.unchanged + self.ended == 0:
            return NOTHING_LANDED
        return SOME_REFUSED if self.refused else ALL_LANDED

    def head(self) -> dict[str, Any]:
        """Everything but findings and changes, as the JSON report shows it."""
        return {
            "file": self.file,
            "layer": self.layer,
            "driver": self.driver,
            "crs": self.crs,
            "crs_from": self.crs_from,
            "dataset": self.dataset,
            "profile": self.profile,
            "applied": self.applied,
            "import": self.import_id,
            "revision": self.revision,
            "rows": self.rows,
            "landed": self.landed,
            "repaired": self.repaired,
            "refused": self.refused,
            "unchanged": self.unchanged,
            "new": self.new,
            "changed": self.changed,
            "missing": self.missing,
            "ended": self.ended,
            "standing": self.standing,
            "municipalities": list(self.municipalities),
            "hash": self.diff_hash,
            "area_m2_computed": round(self.area_m2_computed, 1),
            "area_m2_declared": round(self.area_m2_declared, 1),
            "columns": [
                _choice(choice.target, choice.column, choice.unit, choice.why)
                for choice in self.columns.choices
            ],
            "columns_not_imported": dict(self.columns.unmapped),
            "linked": self.linked,
            "findings_by_code": {one.code: one.count for one in self.findings.summary()},
        }

    def write_json(self, path: Path) -> None:
        """Write the whole report, however many findings it has."""
        with path.open("w", encoding="utf-8") as out:
            head = json.dumps(self.head(), ensure_ascii=False, indent=1)
            out.write(head[:-2])
            for name, lines in (("changes", self.changes.lines()), ("findings", self.findings.lines())):
                out.write(f',\n "{name}": [')
                for place, line in enumerate(lines):
                    out.write(("," if place else "") + "\n  " + line)
                out.write("]")
            out.write("\n}\n")

    def packed(self) -> bytes:
        """The whole report as JSON, packed with gzip."""
        with tempfile.TemporaryDirectory(prefix="landbank-report-") as folder:
            path = Path(folder) / "report.json"
            self.write_json(path)
            return gzip.compress(path.read_bytes(), compresslevel=6)

    def counts(self) -> dict[str, int]:
        """How many rows, and plots, had which outcome."""
        names = ("rows", "landed", "repaired", "refused", "unchanged", "new", "changed", "missing", "ended")
        return {name: getattr(self, name) for name in names}

    def close(self) -> None:
        """Remove the files behind findings and changes; harmless to repeat."""
        self.findings.close()
        self.changes.close()

    def __enter__(self) -> Report:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def _choice(field: str, column: str, unit: str | None, why: str) -> Mapping[str, Any]:
    told = {"field": field, "column": column, "unit": unit, "why": why}
    return {key: value for key, value in told.items() if value is not None}
