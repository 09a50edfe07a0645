"""Suggests which column of a file fills which field, from the headers and from what the values look like."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from types import MappingProxyType

import pyarrow as pa

from landbank.exchange.targets import DERIVED, TARGETS, Target, plain
from landbank.exchange.units import UNITS, unit_in_header
from landbank.exchange.values import as_text, convert

MOST_CODES = 30
"""A column with more distinct words than this holds no codes."""

SAMPLE = 2_000
"""Rows of the first batch that the suggestion looks at."""
LOOKED_AT = 200
"""Distinct values of a column that are compared with a pattern."""
DESIGNATION = re.compile(r"^\S.*\s\S.*?\s(?:\d+:)?\d+$")
"""A property designation with its municipality, with or without a block number (domain.designation reads it)."""


@dataclass(frozen=True, slots=True)
class Choice:
    """A field, the column that fills it, its unit where it has one, and why it was chosen."""

    target: str
    column: str
    unit: str | None = None
    why: str = "profile"
    words: Mapping[str, str] = field(default_factory=lambda: MappingProxyType({}))
    """Words of this column with the codes that they mean; plain form."""


@dataclass(frozen=True, slots=True)
class Columns:
    """Which column fills which field, and the columns that fill none, each with the reason."""

    choices: tuple[Choice, ...]
    unmapped: Mapping[str, str]

    def of(self, target: str) -> Choice | None:
        """The choice for a field, or None."""
        return next((choice for choice in self.choices if choice.target == target), None)

    def with_unit(self, target: str, unit: str, why: str) -> Columns:
        """The same with a field's unit known."""
        changed = tuple(replace(c, unit=unit, why=why) if c.target == target else c for c in self.choices)
        return Columns(changed, self.unmapped)

    def without(self, target: str, why: str) -> Columns:
        """The same with a field not filled."""
        lost = self.of(target)
        left = tuple(choice for choice in self.choices if choice.target != target)
        return Columns(left, {**self.unmapped, **({lost.column: why} if lost else {})})


@dataclass(frozen=True, slots=True)
class _Candidate:
    score: float
    column: str
    target: str
    unit: str | None
    why: str


def suggest(columns: Mapping[str, pa.Array], municipality_names: Mapping[str, str]) -> Columns:
    """A mapping for the columns, from headers first, confirmed or refused by a sample of the values.

    `municipality_names` maps names and codes in plain form to codes. A target takes one column, a column fills one
    target; among equals the first column of the file wins.
    """
    samples = {name: array.slice(0, SAMPLE) for name, array in columns.items()}
    order = {name: place for place, name in enumerate(columns)}
    candidates = [
        candidate
        for name, sample in samples.items()
        for target in TARGETS.values()
        for candidate in _candidates(name, sample, target, municipality_names)
    ]
    chosen: dict[str, Choice] = {}
    taken: set[str] = set()
    for one in sorted(candidates, key=lambda one: (-one.score, order[one.column], one.target)):
        if one.column not in taken and one.target not in chosen:
            chosen[one.target] = Choice(one.target, one.column, one.unit, one.why)
            taken.add(one.column)
    choices = tuple(chosen[name] for name in TARGETS if name in chosen)
    return Columns(
        choices, {name: _why_unmapped(name, samples[name]) for name in columns if name not in taken}
    )


def _why_unmapped(name: str, sample: pa.Array) -> str:
    derived = DERIVED.get(plain(name))
    if derived:
        return derived
    seen = [text for text in (as_text(value) for value in sample.unique().to_pylist()[:4]) if text]
    if not seen:
        return "it is empty"
    return f"no field of that name; values such as {', '.join(repr(text[:40]) for text in seen[:3])}"


USUAL_UNITS: Mapping[str, str] = {"length": "m", "time": "min", "share": "procent"}
"""Units of columns that state none."""


def _candidates(
    name: str, sample: pa.Array, target: Target, municipality_names: Mapping[str, str]
) -> Iterable[_Candidate]:
    header = plain(name)
    unit, rest = unit_in_header(name, target.kind) if target.kind in UNITS else (None, name)
    if unit is None:
        unit = USUAL_UNITS.get(target.kind)
    score = _header_score(header, plain(rest), target)
    if score == 0:
        yield from _by_values(name, sample, target)
        return
    if DERIVED.get(header) or not _fits(sample, target, unit, municipality_names):
        return
    if target.kind == "price" and unit is None:
        unit = "kr"
    yield _Candidate(score, name, target.name, unit, f"header '{name}'")


def _header_score(header: str, rest: str, target: Target) -> float:
    if header == target.headers[0]:
        return 100
    if header in target.headers:
        return 90 - 0.1 * target.headers.index(header)
    if target.kind in UNITS and rest in target.headers:
        return 80 - 0.1 * target.headers.index(rest)
    return 0


def _by_values(name: str, sample: pa.Array, target: Target) -> Iterable[_Candidate]:
    """Columns whose words are nearly all of one code list, or property designations, whatever their header."""
    is_told_by_values = target.kind == "code" or target.name == "property_designations"
    if not is_told_by_values or not pa.types.is_string(sample.type):
        return
    values = sample.unique()
    if target.kind == "code" and len(values) > MOST_CODES + 5:
        return  # a few of them may say nothing
    distinct = [text for text in (as_text(value) for value in values.slice(0, LOOKED_AT).to_pylist()) if text]
    if not distinct:
        return
    if target.name == "property_designations":
        share = sum(bool(DESIGNATION.match(text)) for text in distinct) / len(distinct)
        if share >= 0.8 and len(distinct) > 1:
            yield _Candidate(20 + share, name, target.name, None, f"values such as '{distinct[0]}'")
    elif target.kind == "code" and 1 < len(distinct) <= MOST_CODES and _understood(sample, target, None) == 1:
        yield _Candidate(10, name, target.name, None, f"values such as '{distinct[0]}'")


def _fits(sample: pa.Array, target: Target, unit: str | None, municipality_names: Mapping[str, str]) -> bool:
    """Whether the values of a column with a fitting header can be read at all."""
    if sample.null_count == len(sample):
        return False
    if target.kind == "municipality":
        told = [as_text(value) for value in sample.unique().to_pylist()]
        return (
            any(plain(text) in municipality_names for text in told if text) or plain_code_share(told) >= 0.8
        )
    if target.name == "reference":
        return bool(len(sample.unique()) >= 0.5 * (len(sample) - sample.null_count))
    if target.kind == "text":
        return True
    if target.kind in UNITS and unit is None and target.kind != "price":
        is_number = pa.types.is_integer(sample.type) or pa.types.is_floating(sample.type)
        return bool(is_number) or _understood(sample, target, None) > 0
    return _understood(sample, target, unit) >= (0.01 if target.kind in ("code", "codes") else 0.5)


def plain_code_share(texts: list[str | None]) -> float:
    """Share of the texts that look like municipality codes: four digits."""
    told = [text for text in texts if text]
    return sum(bool(re.fullmatch(r"\d{4}", text)) for text in told) / len(told) if told else 0.0


def _understood(sample: pa.Array, target: Target, unit: str | None) -> float:
    """Share of the rows with a value that could be read."""
    converted = convert(sample, target, unit=unit, own_words={})
    said = len(sample) - sample.null_count
    return (len(sample) - converted.values.null_count) / said if said else 0.0
