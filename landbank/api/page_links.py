"""Where a page of items begins, as an opaque signed text in the link `next` of the page before.

It holds the values that the last item was sorted by, bound to the question that was asked; the signature keeps anybody
from making one up. The key lies in the database, so links hold across restarts and between processes.
"""

from __future__ import annotations

import base64
import binascii
import hmac
import json
from collections.abc import Sequence
from datetime import date, datetime
from hashlib import blake2b
from typing import Any
from uuid import UUID

from landbank.domain.filter import Kind
from landbank.errors import Invalid
from landbank.store.paging import After

SIGNATURE_BYTES = 16


class PageLinks:
    """Signs and reads with one key."""

    def __init__(self, key: bytes) -> None:
        self._key = key

    def write(self, question: str, after: After) -> str:
        """The text that goes on behind an item, for the same question alone."""
        told = json.dumps([mark_of(question), *map(_plain, after)], separators=(",", ":")).encode()
        return _text(self._signature(told) + told)

    def read(self, question: str, token: str, kinds: Sequence[Kind]) -> After:
        """The values to go on behind; `kinds` are those of the sort's columns, the id's last.

        Raises
        ------
        Invalid
            The text is none of ours, or belongs to another question.
        """
        try:
            whole = base64.urlsafe_b64decode(token + "=" * (-len(token) % 4))
        except (binascii.Error, ValueError) as error:
            raise _not_ours() from error
        signature, told = whole[:SIGNATURE_BYTES], whole[SIGNATURE_BYTES:]
        if not hmac.compare_digest(signature, self._signature(told)):
            raise _not_ours()
        mark, *values = json.loads(told)
        if mark != mark_of(question) or len(values) != len(kinds):
            raise _not_ours()
        return tuple(_typed(value, kind) for value, kind in zip(values, kinds, strict=True))

    def _signature(self, told: bytes) -> bytes:
        return hmac.digest(self._key, told, "sha256")[:SIGNATURE_BYTES]


def mark_of(question: str) -> str:
    """Some digits that stand for a question."""
    return blake2b(question.encode("utf-8", "surrogatepass"), digest_size=9).hexdigest()


def _text(whole: bytes) -> str:
    return base64.urlsafe_b64encode(whole).rstrip(b"=").decode()


def _plain(value: Any) -> Any:
    if isinstance(value, date | datetime):
        return value.isoformat()
    return str(value) if isinstance(value, UUID) else value


def _typed(value: Any, kind: Kind) -> Any:
    if value is None:
        return None
    if kind is Kind.DATE:
        return date.fromisoformat(value)
    return datetime.fromisoformat(value) if kind is Kind.DATETIME else value


def _not_ours() -> Invalid:
    return Invalid(
        "The parameter next does not belong to this question.",
        hint="Follow the link 'next' of a page as it stands, or begin again without it.",
        where="next",
    )
