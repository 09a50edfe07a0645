"""What an import has to say about rows and files: one catalogue of codes, and a log that holds any number of them.

A finding never stops a program; it says what is the matter with which row and what to do about it. Findings are
kept on disk as they come, so that a million of them cost no memory and none is left out.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from landbank.exchange.spool import Spool

EXAMPLES_KEPT = 3
"""Findings of each code that are held in memory for the terminal; all of them are in the log."""


class Severity(StrEnum):
    """`error`: the row is refused. `warning`: it lands, but somebody should look. `info`: worth knowing."""

    INFO = "info"
    WARNING = "warning"
    ERROR = "error"


@dataclass(frozen=True, slots=True)
class Code:
    """What a code of the catalogue means and what to do about it."""

    severity: Severity
    what_to_do: str


@dataclass(frozen=True, slots=True)
class Finding:
    """One thing that somebody should know about a row, or about the file where `row` is None."""

    code: str
    text: str
    row: int | None = None
    field: str | None = None
    value: str | None = None
    cause: str | None = None
    other_row: int | None = None
    """A second row of the file that the finding speaks of."""

    @property
    def severity(self) -> Severity:
        """The severity of its code."""
        return CATALOGUE[self.code].severity

    def as_dict(self, file: str) -> dict[str, Any]:
        """The finding as the report shows it; keys without a value are left out."""
        entry = CATALOGUE[self.code]
        told = {
            "file": file,
            "row": self.row,
            "field": self.field,
            "value": self.value,
            "code": self.code,
            "severity": str(entry.severity),
            "text": self.text,
            "cause": self.cause,
            "other_row": self.other_row,
            "what_to_do": entry.what_to_do,
        }
        return {key: value for key, value in told.items() if value is not None}


def _codes(severity: Severity, **what_to_do: str) -> dict[str, Code]:
    return {code: Code(severity, text) for code, text in what_to_do.items()}


CATALOGUE: dict[str, Code] = {
    # the row is refused
    **_codes(
        Severity.ERROR,
        no_geometry="Draw the plot, or give its coordinates, and import the file again.",
        empty_geometry="Draw the plot, or leave the row out.",
        unreadable_geometry="Open the layer in a GIS, save this shape anew and import again.",
        not_finite="Give the coordinates that are NaN or infinite.",
        not_an_area="Give the plot as a polygon, a closed line or one point.",
        open_line="Close the line: its last point must be its first.",
        no_area="Check the drawing: what is left of the shape has no area.",
        too_many_vertices="Simplify the outline; a plot seldom needs more than some hundred vertices.",
        outside_extent="State the right system with --crs or correct the coordinates; --help names the setting for"
        " the extent.",
        swapped_axes="Change the order of the coordinates in the file (for tables: --axis-order yx).",
        other_crs="Give the right system with --crs together with --crs-override, or correct the file.",
        missing_position="Give the coordinates; 0, 0 stands for none.",
        no_municipality="Give --municipality CODE, or a column with the code or the name.",
        unknown_municipality="Correct the code or name, or add the municipality to the inventory first.",
        foreign_municipality="Leave it to the planners of that municipality, or have its administrator add you.",
        duplicate_geometry="Remove one of the two rows; two plots can't be the same ground.",
        duplicate_reference="Give each plot its own reference, or map another column to `reference`.",
    ),
    # the row lands and counts as repaired
    **_codes(
        Severity.WARNING,
        repaired_geometry="Compare the two areas and correct the drawing at its source.",
        unclosed_ring="Close the ring at its source.",
        closed_line="Check that the closed line is the plot's outline.",
        parts_dropped="Check that the points and lines beside the polygon are not needed.",
    ),
    # the row lands as it stands
    **_codes(
        Severity.WARNING,
        held_not_ended="Somebody holds the plot: release it first, by a change of state with its reason.",
        sliver="Check the drawing: a strip this thin is mostly an error where two outlines meet.",
        overlap_in_file="Correct one of the outlines, so that no ground is offered twice.",
        overlap_with_plot="Correct one of the outlines, or end the older plot.",
        same_position="Check that these are two plots and not one listed twice.",
        area_differs="Check the unit and the outline; the computed area is the one that counts.",
        area_implausible="Check the unit, the coordinate system and the outline.",
        outside_municipality="Check the coordinates or the municipality.",
        unit_unknown="Put the unit into the column's name (`areal_ha`) or into the profile.",
        value_not_understood="Correct the value; the text is kept beside the plot and the field stays as it is.",
        unknown_word="Add the word to the profile under `values`, or correct it; the field stays as it is.",
        text_kept="Give one number with its unit; the text is kept beside the plot and the field stays as it is.",
        record_not_understood="Write it as the data dictionary says; the text is kept beside the plot and the field"
        " stays as it is.",
        degree_without_use="Add the use to the row's uses, or take the degree away; it was left out.",
        linked_contradicts="Say the same in all rows; the first was taken.",
        out_of_range="Correct the value; the text is kept beside the plot and the field stays as it is.",
        control_characters="Remove the invisible characters at the source; they were left out.",
        reader_warning="See the text.",
        disjoint_outline="Check the drawing: a plot is mostly one connected piece of ground.",
        distance_of_old_outline="Measure or ask again: the distance was stated for the outline before.",
        party_without_number="Give the organisation number when it is known; it tells parties of one name apart.",
    ),
    **_codes(
        Severity.INFO,
        height_dropped="Nothing; the inventory is kept in the plane.",
        point_only="Give an outline when there is one; area and overlap can't be checked until then.",
        repeated_points="Nothing; points that follow themselves were taken once.",
        municipality_by_place="Nothing, or give a municipality column to say it yourself.",
        reference_is_designation="Nothing, or map a column to `reference`.",
        reference_is_digest="Give each plot a reference that lasts: when the outline moves, this one changes.",
        column_not_imported="Map the column in a profile if it should be kept.",
        unit_from_geometry="Put the unit into the column's name or into the profile.",
        missing_from_file="Nothing if it is to stay; --end-missing ends the plots that a file lacks.",
        ended_by_import="Nothing; the plot ends with this import.",
        reader_note="See the text.",
        value_not_carried="State it for the new plots when it is known.",
    ),
}  # fmt: skip

REPAIRS = frozenset({"repaired_geometry", "unclosed_ring", "closed_line", "parts_dropped"})
"""Codes that make a landed row a repaired one."""


@dataclass(frozen=True, slots=True)
class CodeSummary:
    """How often a code was found, and its first findings."""

    code: str
    count: int
    examples: tuple[Finding, ...]

    @property
    def severity(self) -> Severity:
        """The severity of the code."""
        return CATALOGUE[self.code].severity


class FindingLog:
    """All findings of an import, in the order in which they came. A context manager; leaving it removes its file."""

    def __init__(self, file: str) -> None:
        """An empty log about the file of this name."""
        self.file = file
        self._counts: dict[str, int] = {}
        self._examples: dict[str, list[Finding]] = {}
        self._spool = Spool()

    def extend(self, findings: Iterable[Finding]) -> None:
        """Keep the findings."""
        told = list(findings)
        for finding in told:
            self._counts[finding.code] = self._counts.get(finding.code, 0) + 1
            examples = self._examples.setdefault(finding.code, [])
            if len(examples) < EXAMPLES_KEPT:
                examples.append(finding)
        self._spool.extend(finding.as_dict(self.file) for finding in told)

    def __len__(self) -> int:
        return len(self._spool)

    def lines(self) -> Iterator[str]:
        """Each finding as one line of JSON."""
        return self._spool.lines()

    def dicts(self) -> Iterator[dict[str, Any]]:
        """Each finding as the report shows it."""
        yield from (json.loads(line) for line in self.lines())

    def count(self, code: str) -> int:
        """How many findings have the code."""
        return self._counts.get(code, 0)

    def summary(self) -> tuple[CodeSummary, ...]:
        """The codes found, the gravest first, then the most frequent."""
        grave: Sequence[Severity] = (Severity.ERROR, Severity.WARNING, Severity.INFO)
        found = [
            CodeSummary(code, count, tuple(self._examples[code])) for code, count in self._counts.items()
        ]
        return tuple(sorted(found, key=lambda one: (grave.index(one.severity), -one.count, one.code)))

    def close(self) -> None:
        """Remove the file behind the log; harmless to repeat."""
        self._spool.close()

    def __enter__(self) -> FindingLog:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
