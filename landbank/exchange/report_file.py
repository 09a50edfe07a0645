"""Reads the kept report of an import page by page: of a hundred thousand changes only those that are shown are parsed.

The file is `Report.write_json`'s: the head, then `changes` and `findings`, one a line.
"""

from __future__ import annotations

import gzip
import io
import json
from dataclasses import dataclass, field
from typing import Any, Final

LISTS: Final = ("changes", "findings")


@dataclass(frozen=True, slots=True)
class Slice:
    """Which lines of a list are wanted: `count` from `start` on, of those that hold one text and not the other."""

    start: int = 0
    count: int = 0
    holding: str = ""
    lacking: str = ""


@dataclass(slots=True)
class ReportPage:
    """The head of a report, the wanted lines of its lists, and how many there are of those that were asked for."""

    head: dict[str, Any]
    lines: dict[str, list[dict[str, Any]]] = field(default_factory=lambda: {name: [] for name in LISTS})
    totals: dict[str, int] = field(default_factory=lambda: dict.fromkeys(LISTS, 0))


def read_page(packed: bytes, *, changes: Slice, findings: Slice) -> ReportPage:
    """A page of a report that was packed with gzip. One without lists (a rollback's) is all head."""
    wanted = {"changes": changes, "findings": findings}
    with gzip.open(io.BytesIO(packed), "rt", encoding="utf-8") as file:
        head, name, page = [], "", ReportPage({})
        for line in file:
            opened = next((one for one in LISTS if line.startswith(f' "{one}": [')), None)
            if opened is not None:
                name = opened
            elif not name:
                head.append(line)
            elif line.startswith("  {"):
                take(page, name, line, wanted[name])
    page.head = json.loads(closed("".join(head)) if name else "".join(head))
    return page


def take(page: ReportPage, name: str, line: str, wanted: Slice) -> None:
    """Keep a line of a list if it is wanted, and count it."""
    if wanted.holding not in line or (wanted.lacking and wanted.lacking in line):
        return
    place = page.totals[name]
    page.totals[name] += 1
    if wanted.start <= place < wanted.start + wanted.count:
        page.lines[name].append(json.loads(line.rstrip().removesuffix(",").removesuffix("]")))


def closed(head: str) -> str:
    """The head as a whole object: the comma before the first list is its last sign."""
    return head.rstrip().removesuffix(",") + "}"


def member_text(name: str, value: str) -> str:
    """What every line holds whose object has that member; no text inside a value looks like it."""
    return json.dumps({name: value})[1:-1]
