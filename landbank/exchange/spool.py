"""Any number of JSON objects, kept on disk in the order in which they came."""

from __future__ import annotations

import json
import tempfile
from collections.abc import Iterable, Iterator
from typing import IO, Any

IN_MEMORY = 4_000_000
"""Bytes held before a file is used."""


class Spool:
    """A list of JSON objects that costs no memory. A context manager; leaving it removes its file."""

    def __init__(self) -> None:
        """An empty one; no file is made before the first object."""
        self._file: IO[str] | None = None
        self._count = 0

    def extend(self, told: Iterable[dict[str, Any]]) -> None:
        """Keep the objects."""
        lines = [json.dumps(one, ensure_ascii=False, default=str) for one in told]
        if not lines:
            return
        if self._file is None:
            self._file = tempfile.SpooledTemporaryFile(IN_MEMORY, "w+", encoding="utf-8")  # noqa: SIM115
        self._file.write("\n".join(lines) + "\n")
        self._count += len(lines)

    def __len__(self) -> int:
        return self._count

    def lines(self) -> Iterator[str]:
        """Each object as one line of JSON."""
        if self._file is None:
            return
        self._file.flush()
        self._file.seek(0)
        yield from (line.rstrip("\n") for line in self._file)
        self._file.seek(0, 2)

    def close(self) -> None:
        """Remove the file; harmless to repeat."""
        if self._file is not None:
            self._file.close()
            self._file = None

    def __enter__(self) -> Spool:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()
