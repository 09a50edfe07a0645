"""Lets Python look for unused cycles of objects only seldom while very many objects come and go."""

from __future__ import annotations

import gc
import threading
from collections.abc import Iterator
from contextlib import contextmanager

OBJECTS = 2_000_000
"""New objects between two searches, instead of the usual 700: shapes hold no cycles, and a search visits them all."""

_lock = threading.Lock()
_depth = 0
_usual = gc.get_threshold()


@contextmanager
def seldom_collecting() -> Iterator[None]:
    """Search for cycles once in two million objects until the last of those who asked for it is done.

    Objects without cycles are freed at once as ever. Measured on 200 000 outlines: a quarter of the checks' time.
    """
    global _depth, _usual  # noqa: PLW0603 - the collector is one for the whole process, and so is its threshold
    with _lock:
        if _depth == 0:
            _usual = gc.get_threshold()
            gc.set_threshold(OBJECTS, *_usual[1:])
        _depth += 1
    try:
        yield
    finally:
        with _lock:
            _depth -= 1
            if _depth == 0:
                gc.set_threshold(*_usual)
