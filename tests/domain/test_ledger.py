"""The chain: hashes written down by hand, seals that unpack to what was sealed, heads as text."""

from __future__ import annotations

import hashlib
from datetime import date

import pytest

from landbank.domain.ledger import (
    START,
    Head,
    Line,
    chain,
    hashes_at,
    link,
    make_seal,
    read_heads,
    read_line,
    read_seal,
)

LINES = [
    Line(1, "plot", "7", '{"kind": "created"}', '{"name": "Å"}'),
    Line(2, "plot", "7", '{"kind": "changed"}'),
]


def test_hash_covers_the_hash_before_and_the_line_in_utf_8() -> None:
    first = hashlib.sha256(bytes(32) + '1\tplot\t7\t{"kind": "created"}\t{"name": "Å"}'.encode()).digest()
    second = hashlib.sha256(first + b'2\tplot\t7\t{"kind": "changed"}\t').digest()
    assert chain(START, [line.text for line in LINES]) == second
    assert list(hashes_at(START, [line.text for line in LINES], [1])) == [(1, first)]


def test_known_answer() -> None:
    # (head -c 32 /dev/zero; printf a) | sha256sum
    assert link(START, "a").hex() == "41a0370c3d9f42773a59e8e01651911cf43b1e3f66944cbb690029debc4eb647"


def test_seal_unpacks_to_its_lines() -> None:
    seal = make_seal(START, LINES)
    assert (seal.first_revision, seal.last_revision) == (1, 2)
    assert [read_line(text) for text in read_seal(seal)] == LINES


def test_head_as_text_is_read_again() -> None:
    head = Head(date(2026, 11, 24), 17, bytes(range(32)))
    assert read_heads(f"\n{head.text}\n\n") == [head]


@pytest.mark.parametrize(
    "text", ["2026-11-24 17", "2026-11-24 x 00", "i går 17 00", "2026-11-24 17 00", "a b c d"]
)
def test_text_that_is_no_head_is_refused(text: str) -> None:
    with pytest.raises(ValueError, match="'"):
        read_heads(text)
