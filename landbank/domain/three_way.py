"""Two people changed the same plot: what each did, field by field, and one document of both.

Three documents of a plot (landbank/services/plot_document.py): the one that both opened, the one that was saved first,
and the one that comes second. What only one of them touched is taken from that one; where both did otherwise, somebody
chooses. A fact (a use, a restriction, ...) is taken whole: halves of two facts can contradict each other.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, Final, TypeAlias

from landbank.domain.plot_fields import NOUNS, PLOT_FIELDS

Document: TypeAlias = dict[str, Any]
Fact: TypeAlias = dict[str, Any]
Place: TypeAlias = tuple[str, ...]
"""Where something stands: ('name',), ('sources', 'height_max_m'), ('uses', '7') by the id in the opened document,
('uses', '+9') by the id of a fact that they added, ('uses', 'new-0') by the order of those that I added."""

SINGLE: Final = tuple(field.name for field in PLOT_FIELDS)
IDENTITY: Final[Mapping[str, tuple[str, ...]]] = {
    "uses": ("code", "is_excluded"),
    "restrictions": ("kind",),
    "utilities": ("kind",),
    "accesses": ("kind", "infrastructure_id"),
    "prices": ("tenure",),
}
"""What makes two facts speak of the same thing; a changed fact has another id than the one it replaces."""


class Side(StrEnum):
    """Whose value is taken."""

    THEIRS = "theirs"
    MINE = "mine"


@dataclass(frozen=True, slots=True)
class Difference:
    """What one or both changed: as opened, as they saved it, as I wrote it; None for a fact that is not there."""

    place: Place
    base: Any
    theirs: Any
    mine: Any

    @property
    def side(self) -> Side | None:
        """Who alone touched it, or whoever where both did the same; None where both did otherwise."""
        if said(self.mine) == said(self.base) or said(self.theirs) == said(self.mine):
            return Side.THEIRS
        return Side.MINE if said(self.theirs) == said(self.base) else None


@dataclass(frozen=True, slots=True)
class Merged:
    """One document of both, all that differs, and the places where nobody has chosen yet (mine stands there)."""

    document: Document
    differences: tuple[Difference, ...]
    open: tuple[Place, ...]


def merge(
    base: Document, theirs: Document, mine: Document, choices: Mapping[Place, Side] | None = None
) -> Merged:
    """One document of both, against theirs: a fact that goes on has the id that it has there.

    `choices` says by place whose value is taken; without one it is who alone touched it.
    """
    chosen = choices or {}
    found: list[Difference] = []
    document = dict(theirs)
    for name in SINGLE:
        one = Difference((name,), base.get(name), theirs.get(name), mine.get(name))
        document[name] = taken(one, chosen)
        found.append(one)
    sources = [
        Difference(("sources", name), *(told.get("sources", {}).get(name) for told in (base, theirs, mine)))
        for name in sorted({name for told in (base, theirs, mine) for name in told.get("sources", {})})
    ]
    found += sources
    document["sources"] = {one.place[1]: value for one in sources if (value := taken(one, chosen))}
    for noun in NOUNS:
        pairs = list(facts(noun, base, theirs, mine))
        document[noun] = [
            fact for one in pairs if (fact := with_id(taken(one, chosen), one.theirs)) is not None
        ]
        found += pairs
    differing = tuple(one for one in found if not said(one.base) == said(one.theirs) == said(one.mine))
    waiting = tuple(one.place for one in differing if one.side is None and one.place not in chosen)
    return Merged(document, differing, waiting)


def taken(one: Difference, choices: Mapping[Place, Side]) -> Any:
    """The value that is taken."""
    return one.theirs if choices.get(one.place, one.side) is Side.THEIRS else one.mine


def with_id(fact: Fact | None, theirs: Fact | None) -> Fact | None:
    """A fact under the id that it has in their document; without one where they have none."""
    if fact is None:
        return None
    told = {name: value for name, value in fact.items() if name != "id"}
    return told if theirs is None else {"id": theirs["id"], **told}


def facts(noun: str, base: Document, theirs: Document, mine: Document) -> Iterator[Difference]:
    """The facts of a kind: those that were opened, then those that they added, then mine."""
    opened: Sequence[Fact] = base.get(noun) or []
    standing: dict[int, Fact] = {one["id"]: one for one in theirs.get(noun) or []}
    written: Sequence[Fact] = mine.get(noun) or []
    own = {one["id"]: one for one in written if one.get("id") is not None}
    pairs = successors(noun, opened, standing)
    for one in opened:
        after = standing.get(pairs[one["id"]]) if one["id"] in pairs else None
        yield Difference((noun, str(one["id"])), one, after, own.get(one["id"]))
    added = {key: fact for key, fact in standing.items() if key not in pairs.values()}
    for place, fact in enumerate(one for one in written if one.get("id") is None):
        same = next((key for key, one in added.items() if said(one) == said(fact)), None)
        if same is None:
            yield Difference((noun, f"new-{place}"), None, None, fact)
        else:
            yield Difference((noun, f"+{same}"), None, added.pop(same), fact)
    for key, fact in added.items():
        yield Difference((noun, f"+{key}"), None, fact, None)


def successors(noun: str, opened: Sequence[Fact], standing: Mapping[int, Fact]) -> dict[int, int]:
    """By the id of each opened fact that they kept or changed, the id that it has now."""
    pairs = {one["id"]: one["id"] for one in opened if one["id"] in standing}
    known = {one["id"] for one in opened}
    fresh = [key for key in standing if key not in known]
    for one in opened:
        if one["id"] not in pairs:
            found = next((key for key in fresh if identity(noun, standing[key]) == identity(noun, one)), None)
            if found is not None:
                fresh.remove(found)
                pairs[one["id"]] = found
    return pairs


def identity(noun: str, fact: Fact) -> tuple[Any, ...]:
    """What a fact speaks of."""
    return tuple(fact.get(name) for name in IDENTITY[noun])


def said(value: Any) -> Any:
    """What a value says: an object without its id and what says nothing, an object that says nothing as None."""
    if isinstance(value, dict):
        return {name: one for name, one in value.items() if name != "id" and one is not None} or None
    return value
