"""Check the history: every invariant, the chain of seals, and the replay of all events held against the tables."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from typing import Protocol

from landbank.domain.ledger import START, Head, Line, Seal, chain, hashes_at, read_line, read_seal
from landbank.domain.replay import Replay, compare, shown

THINGS_AT_ONCE = 100_000
"""States that a replay holds in memory; more things are replayed in several parts."""
LINES_AT_ONCE = 2_000

Progress = Callable[[int], None]


class HistoryStore(Protocol):
    """What the check reads of the chain, in one transaction."""

    fact_tables: tuple[str, ...]
    nouns: tuple[str, ...]

    def end(self) -> tuple[int, bytes]:
        """The last sealed revision and the hash after it."""

    def revision(self) -> int:
        """The inventory's revision."""

    def seals(self) -> Iterator[Seal]:
        """The seals in order."""

    def heads(self) -> list[Head]:
        """The daily heads."""

    def events(self, first: int, last: int) -> list[Line]:
        """Events as they stand in the table, without states."""

    def lines(self, first: int, last: int) -> list[Line]:
        """Events with the first states of new things, from the tables."""

    def standing(self, noun: str, part: int, parts: int) -> Iterator[tuple[str, str]]:
        """The states of a part of the things of a noun as they stand."""

    def count(self, noun: str) -> int:
        """How many things of a noun there are."""


class AuditStore(Protocol):
    """The invariants that the database is asked for."""

    names: tuple[str, ...]

    def ask(self, name: str) -> Iterator[tuple[str, str]]:
        """The things that an invariant does not hold for, and how."""


@dataclass(frozen=True, slots=True)
class Discrepancy:
    """Something that is not as the history says. `check` names what was looked at, `which` the thing."""

    check: str
    which: str
    told: str


def check_history(
    audit: AuditStore,
    history: HistoryStore,
    *,
    outside: Sequence[Head] = (),
    progress: Progress | None = None,
) -> Iterator[Discrepancy]:
    """Everything that differs, check by check. `outside` are heads that were kept elsewhere.

    `progress` is told how many steps were done, of the number that `steps_of` gives.
    """
    advance = progress or (lambda _steps: None)
    for name in audit.names:
        for which, told in audit.ask(name):
            yield Discrepancy(name, which, told)
        advance(1)
    yield from check_chain(history, outside, advance)
    yield from check_replay(history, advance)


def steps_of(audit: AuditStore, history: HistoryStore) -> int:
    """How many steps a check takes: a question, or a run of events read."""
    runs = -(-history.revision() // LINES_AT_ONCE)
    return len(audit.names) + runs * (1 + parts_of(history))


def parts_of(history: HistoryStore) -> int:
    """In how many parts the replay is done."""
    return max(1, -(-max(history.count(noun) for noun in history.nouns) // THINGS_AT_ONCE))


def check_chain(history: HistoryStore, outside: Sequence[Head], advance: Progress) -> Iterator[Discrepancy]:
    """Seals that are broken, events that differ from what was sealed, heads that the chain does not have."""
    heads = [*history.heads(), *outside]
    wanted = {head.revision for head in heads}
    known = {0: START}
    last, previous = 0, START
    for seal in history.seals():
        which = f"seal {seal.first_revision}-{seal.last_revision}"
        if seal.first_revision != last + 1:
            yield Discrepancy("seals", which, f"the seal before it ends at {last}")
        try:
            texts = read_seal(seal)
        except ValueError as error:
            yield Discrepancy("seals", which, str(error))
            last, previous = seal.last_revision, seal.hash
            continue
        known |= dict(hashes_at(previous, texts, wanted))
        if chain(previous, texts) != seal.hash:
            yield Discrepancy("seals", which, "its lines don't give its hash: what was sealed was rewritten")
        yield from compare_events(history, seal, texts)
        last, previous = seal.last_revision, seal.hash
        advance(-(-len(texts) // LINES_AT_ONCE))
    yield from check_heads(heads, known, last)


def compare_events(history: HistoryStore, seal: Seal, texts: Sequence[str]) -> Iterator[Discrepancy]:
    """Events of the table that are not what was sealed, or are missing, or were put in."""
    standing = {line.revision: line for line in history.events(seal.first_revision, seal.last_revision)}
    for text in texts:
        line = read_line(text)
        found = standing.pop(line.revision, None)
        which = f"event {line.revision}"
        if found is None:
            yield Discrepancy("events", which, f"it was sealed ({line.noun} {line.noun_id}) and is gone")
        elif (found.noun, found.noun_id, found.event) != (line.noun, line.noun_id, line.event):
            yield Discrepancy(
                "events", which, f"sealed: {shown(line.event, 200)} stands: {shown(found.event, 200)}"
            )
    for revision in standing:
        yield Discrepancy("events", f"event {revision}", "it was put in after the seal")


def check_heads(heads: Sequence[Head], known: dict[int, bytes], last: int) -> Iterator[Discrepancy]:
    """Heads whose hash the chain does not have at their revision."""
    for head in heads:
        if head.revision > last:
            yield Discrepancy(
                "heads", f"head of {head.day}", f"it covers revision {head.revision}, sealed is {last}"
            )
        elif known.get(head.revision) != head.hash:
            yield Discrepancy(
                "heads", f"head of {head.day}", "the chain has another hash there: history was rewritten"
            )


def check_replay(history: HistoryStore, advance: Progress) -> Iterator[Discrepancy]:
    """Things that are not what the events, applied to nothing, make of them.

    Events of other nouns than those whose whole rows are history are sealed, and not replayed.
    """
    parts = parts_of(history)
    for part in range(parts):
        replay = Replay(history.fact_tables)
        for line in lines_of(history, advance):
            if line.noun not in history.nouns or int(line.noun_id) % parts != part:
                continue
            for told in replay.apply(line):
                yield Discrepancy("replay", f"event {line.revision}", f"{line.noun} {line.noun_id}: {told}")
        for noun in history.nouns:
            yield from compare_standing(history, replay, noun, part, parts)
        for noun, noun_id in replay.left():
            yield Discrepancy("replay", f"{noun} {noun_id}", "the events make it, and it does not stand")


def lines_of(history: HistoryStore, advance: Progress) -> Iterator[Line]:
    """All events in order: the sealed ones as they were sealed, the rest from the tables."""
    last = 0
    for seal in history.seals():
        try:
            yield from map(read_line, read_seal(seal))
        except ValueError:  # told by check_chain; the tables are the next best witness
            yield from history.lines(seal.first_revision, seal.last_revision)
        last = seal.last_revision
        advance(1)
    revision = history.revision()
    while last < revision:
        yield from history.lines(last + 1, min(last + LINES_AT_ONCE, revision))
        last = min(last + LINES_AT_ONCE, revision)
        advance(1)


def compare_standing(
    history: HistoryStore, replay: Replay, noun: str, part: int, parts: int
) -> Iterator[Discrepancy]:
    """Things of a noun that differ from their replay."""
    for noun_id, standing in history.standing(noun, part, parts):
        replayed = replay.take(noun, noun_id)
        if replayed is None:
            yield Discrepancy("replay", f"{noun} {noun_id}", "it stands, and no event makes it")
            continue
        for field, told, stands in compare(replayed, standing, history.fact_tables):
            yield Discrepancy(
                "replay",
                f"{noun} {noun_id}",
                f"{field}: the events say {shown(told)}, the table {shown(stands)}",
            )
