"""Lets one side of a pipe work ahead of the other, a few pieces at most."""

from __future__ import annotations

import queue
import threading
from collections.abc import Iterable, Iterator
from typing import TypeVar

Piece = TypeVar("Piece")


class _Failed:
    def __init__(self, error: BaseException) -> None:
        self.error = error


_END = object()


def ahead(pieces: Iterable[Piece], depth: int = 2) -> Iterator[Piece]:
    """The same pieces in the same order, made in a thread while the caller works on earlier ones.

    At most `depth` finished pieces wait. A fault of the maker is raised here; leaving early stops the maker.
    """
    waiting: queue.Queue[object] = queue.Queue(maxsize=depth)
    stopped = threading.Event()

    def make() -> None:
        last: object = _END
        try:
            for piece in pieces:
                if not _hand_over(waiting, piece, stopped):
                    return
        except BaseException as error:  # raised on the caller's side
            last = _Failed(error)
        _hand_over(waiting, last, stopped)

    maker = threading.Thread(target=make, name="ahead", daemon=True)
    maker.start()
    try:
        while (piece := waiting.get()) is not _END:
            if isinstance(piece, _Failed):
                raise piece.error
            yield piece  # type: ignore[misc]
    finally:
        stopped.set()
        maker.join()


def _hand_over(waiting: queue.Queue[object], piece: object, stopped: threading.Event) -> bool:
    while not stopped.is_set():
        try:
            waiting.put(piece, timeout=0.1)
        except queue.Full:
            continue
        return True
    return False
