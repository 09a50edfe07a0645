"""Replay: what things look like when the events of the history are applied, one after the other, to nothing.

A new thing's state comes with the event that created it; each later event says what stood before and what stands
after. A plot's many-valued facts and its successors are part of its state.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Iterator, Mapping, Sequence
from typing import Any, Final

from landbank.domain.ledger import Line

FACTS: Final = "facts"
SUCCESSORS: Final = "successors"

State = dict[str, Any]


class Replay:
    """The states so far, by noun and id. `fact_tables` names the fields of a plot's event that are facts."""

    def __init__(self, fact_tables: Collection[str]) -> None:
        self._fact_tables = frozenset(fact_tables)
        self._states: dict[tuple[str, str], str] = {}

    def __len__(self) -> int:
        return len(self._states)

    def apply(self, line: Line) -> list[str]:
        """Apply one event; what contradicts the states so far comes back, in words."""
        key, event = (line.noun, line.noun_id), json.loads(line.event)
        if event["kind"] == "created":
            if key in self._states:
                return ["it is created a second time"]
            self._states[key] = line.state
            return []
        if key not in self._states:
            return ["it changes what was never created"]
        state = json.loads(self._states[key])
        wrong = [
            f"{field} was {shown(held)} before, not {shown(before)}"
            for field, (before, after) in event["changes"].items()
            if differs(held := self._exchange(state, field, before, after), before)
        ]
        self._states[key] = json.dumps(state, ensure_ascii=False)
        return wrong

    def _exchange(self, state: State, field: str, before: Any, after: Any) -> Any:
        """Put a field's new value in place; the one before it comes back."""
        if field in self._fact_tables:
            held = state.setdefault(FACTS, {}).get(field, [])
            state[FACTS][field] = after
            return held
        held = state.get(field, before)  # a column that was added after the plot came is taken as it is told
        state[field] = after
        return held

    def take(self, noun: str, noun_id: str) -> str | None:
        """The state of a thing as JSON, which is then forgotten; None where no event created it."""
        return self._states.pop((noun, noun_id), None)

    def left(self) -> list[tuple[str, str]]:
        """Noun and id of the things that nobody took."""
        return list(self._states)


def compare(replayed: str, standing: str, fact_tables: Collection[str]) -> Iterator[tuple[str, Any, Any]]:
    """Field, replayed and standing value of what differs between two states in JSON.

    A field that only one of them has is a column that was added, or dropped, after the event; it is no difference.
    """
    if replayed == standing:
        return
    told, stands = (flat(json.loads(state), fact_tables) for state in (replayed, standing))
    for field in told:
        if field in stands and differs(told[field], stands[field]):
            yield field, told[field], stands[field]


def flat(state: Mapping[str, Any], fact_tables: Collection[str]) -> State:
    """A state with its facts and successors beside its fields; those of which there are none are empty lists."""
    facts = state.get(FACTS, {})
    fields = {name: value for name, value in state.items() if name != FACTS}
    return {SUCCESSORS: [], **fields, **{name: facts.get(name, []) for name in fact_tables}}


def differs(one: Any, other: Any) -> bool:
    """Whether two values differ; rows of facts only in fields that both have."""
    if isinstance(one, list) and isinstance(other, list) and (is_rows(one) or is_rows(other)):
        return len(one) != len(other) or any(
            any(a[name] != b[name] for name in a.keys() & b.keys()) for a, b in zip(one, other, strict=True)
        )
    return bool(one != other)


def is_rows(value: Sequence[Any]) -> bool:
    """Whether a list holds rows of facts."""
    return bool(value) and isinstance(value[0], dict)


def shown(value: Any, most: int = 80) -> str:
    """A value in words, cut where it is long."""
    told = "nothing" if value is None else json.dumps(value, ensure_ascii=False)
    return told if len(told) <= most else f"{told[:most]}…"
