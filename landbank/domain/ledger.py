"""The history as a chain: each event is a line, and each line's hash covers the hash before it.

Who keeps one hash outside can tell whether anything before it was changed since: no line can be altered, left out, put
in or moved without every hash after it being another.
"""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from typing import Final

START: Final = bytes(32)
"""What the first line is chained to."""

LINES_IN_A_SEAL: Final = 2_000


@dataclass(frozen=True, slots=True)
class Line:
    """One event as it is sealed.

    `event` is JSON: kind, actor, role, municipality_code, request_id, reason, occurred_at and changes. `state` is
    JSON too: how a new thing looked at the end of the change that created it; empty for any other event.
    """

    revision: int
    noun: str
    noun_id: str
    event: str
    state: str = ""

    @property
    def text(self) -> str:
        """The line as it is hashed: its five parts apart by tabs, which JSON holds only escaped."""
        return f"{self.revision}\t{self.noun}\t{self.noun_id}\t{self.event}\t{self.state}"


@dataclass(frozen=True, slots=True)
class Seal:
    """A run of lines, packed, and the chain's hash after the last of them."""

    first_revision: int
    last_revision: int
    hash: bytes
    content: bytes


@dataclass(frozen=True, slots=True)
class Head:
    """The chain's hash on a day: it covers all revisions up to this one."""

    day: date
    revision: int
    hash: bytes
    taken_at: datetime | None = None

    @property
    def text(self) -> str:
        """Day, revision and hash, as one line to keep outside."""
        return f"{self.day.isoformat()} {self.revision} {self.hash.hex()}"


def link(previous: bytes, line: str) -> bytes:
    """The hash of a line and of everything before it: SHA-256 of the previous hash and the line in UTF-8."""
    return hashlib.sha256(previous + line.encode()).digest()


def chain(previous: bytes, lines: Iterable[str]) -> bytes:
    """The hash after the last of the lines."""
    for line in lines:
        previous = link(previous, line)
    return previous


def make_seal(previous: bytes, lines: Sequence[Line]) -> Seal:
    """The seal of some lines, at least one, that follow what `previous` covers."""
    texts = [line.text for line in lines]
    content = zlib.compress("\n".join(texts).encode(), 6)
    return Seal(lines[0].revision, lines[-1].revision, chain(previous, texts), content)


def read_seal(seal: Seal) -> list[str]:
    """The texts of the lines of a seal.

    Raises
    ------
    ValueError
        The content is not what a seal holds.
    """
    try:
        return zlib.decompress(seal.content).decode().split("\n")
    except (zlib.error, UnicodeDecodeError) as error:
        raise ValueError(f"the content can't be unpacked: {error}") from error


def read_line(text: str) -> Line:
    """The line of a text.

    Raises
    ------
    ValueError
        The text is no line.
    """
    revision, noun, noun_id, event, state = text.split("\t")
    return Line(int(revision), noun, noun_id, event, state)


def read_heads(text: str) -> list[Head]:
    """The heads in a text of lines as `Head.text` writes them; empty lines count for nothing.

    Raises
    ------
    ValueError
        A line is no head.
    """
    return [_head(line) for line in text.splitlines() if line.strip()]


def _head(line: str) -> Head:
    try:
        day, revision, told = line.split()
        head = Head(date.fromisoformat(day), int(revision), bytes.fromhex(told))
    except ValueError as error:
        raise ValueError(f"'{line[:80]}' is no day, revision and hash") from error
    if len(head.hash) != len(START):
        raise ValueError(f"'{line[:80]}' has a hash of {len(head.hash)} bytes, not {len(START)}")
    return head


def hashes_at(previous: bytes, lines: Iterable[str], revisions: Iterable[int]) -> Iterator[tuple[int, bytes]]:
    """The chain's hash after each of the revisions that is among the lines, in their order."""
    wanted = set(revisions)
    for line in lines:
        previous = link(previous, line)
        revision = int(line.split("\t", 1)[0])
        if revision in wanted:
            yield revision, previous
