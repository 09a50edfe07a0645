"""The lifecycle's tables: landbank's own, with variants of municipalities, and an operator's file over them."""

from __future__ import annotations

import tomllib
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import StrEnum
from itertools import product
from pathlib import Path
from typing import Any, TypeVar

from landbank.codelists.files import read_list
from landbank.domain.codes import Availability, Readiness
from landbank.domain.lifecycle import (
    STATES,
    Axis,
    Correction,
    Lifecycle,
    Lifecycles,
    Note,
    State,
    Statement,
    Track,
    Transition,
)
from landbank.domain.lifecycle_check import RENEWED, faults
from landbank.domain.people import Permission, Role
from landbank.errors import Invalid

UNKNOWN = "unknown"
"""What an arrow begins with that leads from an axis of which nothing is known."""

TABLES = ("source", "common", "municipality")
COMMON_KEYS = ("interest_in", "notice_days", "personal_days", "availability", "readiness")
TRACK_KEYS = ("states", "initial", "transition", "correction")
ARROW_KEYS = ("axis", "from", "to", "needs", "roles", "permission", "longest_months")
VARIANT_KEYS = ("unused", "transition", "note", "notice_days", "personal_days")
NOTE_KEYS = ("sv", "en", "source")

Code = TypeVar("Code", bound=StrEnum)


def read_lifecycles(own: Path | None = None) -> Lifecycles:
    """The tables of all municipalities; `own` is an operator's file, whose entries stand over landbank's.

    Raises
    ------
    Invalid
        The file is not there or no TOML, names something unknown, or its tables don't hold together.
    """
    told = dict(read_list("lifecycle"))
    if own is None:
        return Reader("data/lifecycle.toml").lifecycles(told, {})
    return Reader(own.name).lifecycles(told, read_own(own))


def read_own(path: Path) -> Mapping[str, Any]:
    """The tables of an operator's file."""
    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(
            f"The lifecycle file '{path.name}' can't be read: {error.strerror}.",
            hint="LANDBANK_LIFECYCLE names a TOML file.",
            where="LANDBANK_LIFECYCLE",
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            f"The lifecycle file '{path.name}' is no TOML: {error}.", where="LANDBANK_LIFECYCLE"
        ) from error


@dataclass(frozen=True, slots=True)
class Reader:
    """Turns tables into lifecycles; `file` is named where something is wrong."""

    file: str

    def lifecycles(self, told: Mapping[str, Any], own: Mapping[str, Any]) -> Lifecycles:
        """The checked lifecycles of both files."""
        self.know(own, TABLES, "the file")
        common = self.common(told["common"] | dict(self.table(own.get("common", {}), "common")))
        variants: dict[str, list[Mapping[str, Any]]] = {}
        for source in (told, own):
            for code, variant in self.table(source.get("municipality", {}), "municipality").items():
                variants.setdefault(code, []).append(self.table(variant, f"municipality.{code}"))
        lifecycles = {code: self.variant(common, code, parts) for code, parts in variants.items()}
        for lifecycle in (common, *lifecycles.values()):
            self.refuse_faults(lifecycle)
        return Lifecycles(common, lifecycles)

    def common(self, told: Mapping[str, Any]) -> Lifecycle:
        """The tables that hold where no variant says otherwise."""
        self.know(told, COMMON_KEYS, "common")
        return Lifecycle(
            None,
            self.track(Axis.AVAILABILITY, told["availability"]),
            self.track(Axis.READINESS, told["readiness"]),
            self.codes(Availability, told["interest_in"], "interest_in"),
            self.number(told["notice_days"], "notice_days"),
            self.number(told["personal_days"], "personal_days"),
        )

    def track(self, axis: Axis, told: Mapping[str, Any]) -> Track:
        """The table of one axis."""
        self.know(told, TRACK_KEYS, axis)
        arrows = [arrow for entry in told["transition"] for arrow in self.arrows(axis, entry)]
        correction = self.table(told.get("correction", {}), f"{axis}.correction")
        self.know(correction, ("roles", "needs"), f"{axis}.correction")
        states = STATES[axis]
        return Track(
            axis,
            tuple(self.code(states, code, "states") for code in told["states"]),
            frozenset(self.code(states, code, "initial") for code in told["initial"]),
            {(arrow.before, arrow.after): arrow for arrow in arrows},
            Correction(
                roles=self.codes(Role, correction.get("roles", ()), "roles"),
                needs=self.codes(Statement, correction.get("needs", ("reason",)), "needs"),
            ),
        )

    def arrows(self, axis: Axis, told: Mapping[str, Any]) -> list[Transition]:
        """The arrows of one entry: from each of its states to each other."""
        self.know(told, ARROW_KEYS, f"{axis}.transition")
        for name in ("from", "to"):
            if not told.get(name):
                raise self.wrong(f"an entry of {axis}.transition has no `{name}`")
        longest = told.get("longest_months")
        given = Transition(
            None,
            Readiness.RAMARK,
            Permission.CHANGE_STATUS
            if "permission" not in told
            else self.code(Permission, told["permission"], "permission"),
            self.codes(Role, told.get("roles", ()), "roles"),
            self.codes(Statement, told.get("needs", ()), "needs"),
            None if longest is None else self.number(longest, "longest_months"),
        )
        made = []
        for before, after in product(told["from"], told["to"]):
            if before == after and len(told["from"]) * len(told["to"]) > 1 and before not in RENEWED:
                continue  # a block of several states is written without its diagonal
            start = None if before == UNKNOWN else self.code(STATES[axis], before, "from")
            made.append(replace(given, before=start, after=self.code(STATES[axis], after, "to")))
        return made

    def variant(self, common: Lifecycle, code: str, parts: Sequence[Mapping[str, Any]]) -> Lifecycle:
        """A municipality's tables: the common ones with what each part says over them."""
        made = replace(common, municipality_code=code)
        for part in parts:
            self.know(part, VARIANT_KEYS, f"municipality.{code}")
            unused = self.codes(Availability, part.get("unused", ()), "unused")
            made = replace(
                made,
                availability=self.varied(made.availability, unused, part.get("transition", ())),
                readiness=self.varied(made.readiness, frozenset(), part.get("transition", ())),
                interest_in=made.interest_in - unused,
                notice_days=self.number(part.get("notice_days", made.notice_days), "notice_days"),
                personal_days=self.number(part.get("personal_days", made.personal_days), "personal_days"),
                notes=(*made.notes, *(self.note(note) for note in part.get("note", ()))),
            )
        return made

    def varied(self, track: Track, unused: Collection[State], entries: Sequence[Mapping[str, Any]]) -> Track:
        """An axis without the states that are not used, its arrows replaced where an entry names the same pair."""
        kept = {pair: arrow for pair, arrow in track.transitions.items() if not set(unused) & set(pair)}
        for entry in entries:
            if self.code(Axis, entry.get("axis", Axis.AVAILABILITY), "axis") is track.axis:
                kept |= {(arrow.before, arrow.after): arrow for arrow in self.arrows(track.axis, entry)}
        states = tuple(state for state in track.states if state not in unused)
        return replace(track, states=states, initial=track.initial - set(unused), transitions=kept)

    def note(self, told: Mapping[str, Any]) -> Note:
        """A fact in both languages with its source."""
        self.know(told, NOTE_KEYS, "note")
        if not all(isinstance(told.get(key), str) and told[key] for key in NOTE_KEYS):
            raise self.wrong("a note lacks its text in Swedish or English, or its source")
        return Note(told["sv"], told["en"], told["source"])

    def code(self, codes: type[Code], told: object, where: str) -> Code:
        """A code of a list."""
        try:
            return codes(str(told))
        except ValueError:
            raise self.wrong(f"`{where}` names '{told}'; known: {', '.join(codes)}") from None

    def codes(self, codes: type[Code], told: Any, where: str) -> frozenset[Code]:
        """Several codes of a list."""
        if isinstance(told, str) or not isinstance(told, Sequence):
            raise self.wrong(f"`{where}` must be a list")
        return frozenset(self.code(codes, one, where) for one in told)

    def number(self, told: object, where: str) -> int:
        """A whole number."""
        if isinstance(told, bool) or not isinstance(told, int):
            raise self.wrong(f"`{where}` must be a whole number")
        return told

    def table(self, told: object, where: str) -> Mapping[str, Any]:
        """A table."""
        if not isinstance(told, Mapping):
            raise self.wrong(f"`{where}` must be a table")
        return told

    def know(self, told: Mapping[str, Any], keys: Collection[str], where: str) -> None:
        """Raise `Invalid` for a key that means nothing."""
        for key in told:
            if key not in keys:
                raise self.wrong(f"`{where}` has an unknown key '{key}'; known: {', '.join(keys)}")

    def refuse_faults(self, lifecycle: Lifecycle) -> None:
        """Raise `Invalid` where the tables don't hold together."""
        found = faults(lifecycle)
        if found:
            whose = lifecycle.municipality_code or "common"
            raise self.wrong(f"the table '{whose}' does not hold together: {' '.join(found)}")

    def wrong(self, what: str) -> Invalid:
        """The refusal of a file."""
        return Invalid(
            f"{self.file}: {what.rstrip('.')}.",
            hint="docs/operations/lifecycle.md describes the form.",
            where="LANDBANK_LIFECYCLE",
        )
