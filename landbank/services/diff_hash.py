"""One number for what an import would do: what it brings, what stands against that, and what it would change.

The same file on the same options gives the same number as long as nothing that matters to it has changed: whoever
looked at a difference and applies it by its number gets exactly that, or nothing.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable, Iterable, Iterator
from typing import Any, TypeVar

FORM = "landbank-import-1"
"""Changes when the same difference would be told in other bytes."""

SHORTEST = 12
"""Hexadecimal digits of the number that may stand for the whole."""

Told = TypeVar("Told")


class DiffHash:
    """Takes in all that a difference consists of, in order."""

    def __init__(self) -> None:
        self._sha = hashlib.sha256(FORM.encode())

    def add(self, name: str, told: Any) -> None:
        """Take in a part by its name; as JSON where it is not bytes."""
        raw = told if isinstance(told, bytes) else json.dumps(told, sort_keys=True, default=str).encode()
        self._sha.update(f"\n{name} {len(raw)}\n".encode())
        self._sha.update(raw)

    def passing(self, name: str, parts: Iterable[Told], seen_as: Callable[[Told], Any]) -> Iterator[Told]:
        """The same parts, each taken in on its way."""
        for part in parts:
            self.add(name, seen_as(part))
            yield part

    def hexdigest(self) -> str:
        """The number of what was taken in, 64 hexadecimal digits."""
        return self._sha.hexdigest()


def is_meant(given: str, found: str) -> bool:
    """Whether a number that somebody gives, or its beginning, is the one found."""
    return len(given) >= SHORTEST and found.startswith(given.lower())
