"""What a text was found to say: slots with the words they came from, questions, and words not understood."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from typing import TypeAlias

Value: TypeAlias = float | tuple[float, float] | date | bool | str | tuple[str, ...]


class Strength(StrEnum):
    """Whether the text demands a thing or wishes for it. Only words of demand make a must."""

    MUST = "must"
    WISH = "wish"


class Sense(StrEnum):
    """How a slot's value bounds what is asked for."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BETWEEN = "between"
    ABOUT = "about"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    IS = "is"
    NEAR = "near"


@dataclass(frozen=True, slots=True)
class Span:
    """A part of the text: characters `start` up to, not including, `end`."""

    start: int
    end: int

    def overlaps(self, other: Span) -> bool:
        """Whether the two share a character."""
        return self.start < other.end and other.start < self.end


@dataclass(frozen=True, slots=True)
class Slot:
    """One thing that the text asks for.

    `name` is a criterion of the catalogue, or one of `OTHER_NAMES` for what is understood and can't be searched
    by yet. Amounts are in the unit of the name. `near` has the value of no amount: the text says close, not how.
    """

    name: str
    sense: Sense
    value: Value
    strength: Strength
    span: Span
    words: str


@dataclass(frozen=True, slots=True)
class Question:
    """What the text leaves open, and must be asked rather than guessed. `suggested` is the likelier answer."""

    about: str
    span: Span
    words: str
    choices: tuple[str, ...]
    suggested: str | None = None


@dataclass(frozen=True, slots=True)
class Enquiry:
    """A text as it was understood."""

    text: str
    language: str
    slots: tuple[Slot, ...]
    questions: tuple[Question, ...]
    not_understood: tuple[Span, ...]


AREA_OPEN = "area_open_m2"
"""An area of which the text does not say whether it is floor or ground."""

OTHER_NAMES = (
    AREA_OPEN,
    "not_before",
    "budget_sek",
    "jobs",
    "environment",
    "business",
    "premises",
)
