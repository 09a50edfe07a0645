"""What is handed over when plots take others' places: who hands on, who takes over, and what has to be chosen."""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from landbank.domain.codes import Availability
from landbank.domain.commitment import Commitment
from landbank.domain.plot_content import Content, Values
from landbank.errors import Invalid

UNALIKE: Final = ("id", "source", "confirmed_on")
"""What two facts may differ in and still say the same."""


@dataclass(frozen=True, slots=True)
class Predecessor:
    """A plot that is replaced, with its standing commitments."""

    id: int
    content: Content
    commitments: tuple[Commitment, ...] = ()

    @property
    def availability(self) -> Availability | None:
        """Its state of sale."""
        told = self.content.values["availability"]
        return None if told is None else Availability(told)


@dataclass(frozen=True, slots=True)
class Part:
    """A plot that takes the place: its reference, the single values stated for it, and the plots it inherits from."""

    reference: str
    values: Values
    sources: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Choices:
    """Where facts and commitments go: by noun and id the references of the parts, each with its amount or None."""

    facts: Mapping[str, Mapping[int, Mapping[str, float | None]]] = field(default_factory=dict)
    commitments: Mapping[int, tuple[str, ...]] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Needed:
    """A choice that is missing: where it is stated (JSON pointer), what it is about, and what can be chosen."""

    pointer: str
    text: str
    options: tuple[Any, ...]


class ChoicesNeeded(Invalid):
    """A request that leaves open what is not obvious."""

    def __init__(self, needed: Sequence[Needed]) -> None:
        more = f" ({len(needed) - 1} more)" if len(needed) > 1 else ""
        super().__init__(
            f"A choice is needed: {needed[0].text}{more}",
            hint="; ".join(f"{one.pointer}: {', '.join(map(str, one.options))}" for one in needed),
            where=needed[0].pointer,
        )
        self.needed = tuple(needed)

    def members(self) -> dict[str, Any]:
        """All choices that are missing."""
        return {
            "choices": [
                {
                    "pointer": one.pointer,
                    "detail": one.text,
                    "options": [shown(value) for value in one.options],
                }
                for one in self.needed
            ]
        }


@dataclass(frozen=True, slots=True)
class Successor:
    """What a part begins with: values, facts without ids, sources of values, and what it takes over of commitments."""

    reference: str
    values: Values
    facts: Mapping[str, tuple[Values, ...]]
    sources: Mapping[str, Values]
    hold: Commitment | None
    interests: tuple[Commitment, ...]


def distinct(values: Sequence[Any]) -> list[Any]:
    """The values, each once, in their order."""
    return [value for place, value in enumerate(values) if value not in values[:place]]


def likeness(fact: Values) -> str:
    """What two facts that say the same have in common."""
    return repr(sorted((name, value) for name, value in fact.items() if name not in UNALIKE))


def summary(fact: Values) -> str:
    """A fact in a few words, for whoever has to choose."""
    told = (
        f"{name} {shown(value)}" for name, value in fact.items() if value is not None and name not in UNALIKE
    )
    return ", ".join(told)


def shown(value: Any) -> Any:
    """A value as JSON has it."""
    return value.isoformat() if isinstance(value, date) else value


def joined(texts: Iterable[str | None]) -> str | None:
    """The texts, each once, in one; None for none."""
    return "; ".join(dict.fromkeys(text for text in texts if text)) or None


def oldest(days: Iterable[date | None]) -> date | None:
    """The earliest day; None where one is not known."""
    known = list(days)
    return None if None in known or not known else min(day for day in known if day is not None)
