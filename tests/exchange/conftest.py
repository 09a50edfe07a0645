"""Reads a file whole, so that a test can look at it; finds the folder of real data."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from landbank.exchange.read import Note, Source, open_source


@dataclass(frozen=True, slots=True)
class Read:
    """A file that has been read to its end."""

    source: Source
    columns: dict[str, list[Any]]
    types: dict[str, str]
    shapes: list[Any]
    sheet_rows: list[int]
    notes: tuple[Note, ...]

    @property
    def rows(self) -> int:
        """Rows in all batches."""
        return len(self.shapes)

    def noted(self, code: str) -> list[Note]:
        """The notes of one code."""
        return [one for one in self.notes if one.code == code]


def read_whole(path: Path, **options: Any) -> Read:
    """The file, read to its end."""
    columns: dict[str, list[Any]] = {}
    types: dict[str, str] = {}
    shapes: list[Any] = []
    sheet_rows: list[int] = []
    with open_source(path, **options) as source:
        notes = list(source.notes)
        for batch in source.batches():
            assert batch.first_row == len(shapes) + 1
            notes += batch.notes
            for name, array in batch.columns.items():
                columns.setdefault(name, []).extend(array.to_pylist())
                types[name] = str(array.type)
            shapes += list(shapely.from_wkb(batch.wkb.to_numpy(zero_copy_only=False)))
            sheet_rows += batch.sheet_rows.to_pylist() if batch.sheet_rows is not None else []
    return Read(source, columns, types, shapes, sheet_rows, tuple(notes))


@pytest.fixture
def read_file() -> Callable[..., Read]:
    """A function that reads a file whole."""
    return read_whole


@pytest.fixture(scope="session")
def real_data() -> Path:
    """The folder of public data by others; the test is skipped where it is absent."""
    folder = Path(__file__).resolve().parents[3] / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the folder ../shared/data with public data is not here")
    return folder
