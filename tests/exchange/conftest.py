"""Reads a file whole, so that a test can look at it; finds the folder of real data."""

from __future__ import annotations

import tempfile
import warnings
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest
import shapely

from landbank.exchange.read import Batch, Note, ReadLimits, Source, TableOptions, open_source
from landbank.exchange.read_formats import open_request
from landbank.exchange.read_request import Opened, Request


@dataclass(frozen=True, slots=True)
class Read:
    """A file that has been read to its end."""

    source: Source | Opened
    columns: dict[str, list[Any]]
    types: dict[str, str]
    shapes: list[Any]
    sheet_rows: list[int]
    notes: list[Note]

    @property
    def rows(self) -> int:
        """Rows in all batches."""
        return len(self.shapes)

    def noted(self, code: str) -> list[Note]:
        """The notes of one code."""
        return [one for one in self.notes if one.code == code]


def read_whole(path: Path, **options: Any) -> Read:
    """The file, read to its end by the reading process."""
    with open_source(path, **options) as source:
        return _taken(source, source.batches())


def read_inside(path: Path, **options: Any) -> Read:
    """The file, read to its end in this process: what the walls cost in time is spared."""
    plain = {"layer": None, "crs": None, "crs_override": False}
    given = {**plain, "limits": ReadLimits(), "table": TableOptions(), **options}
    with tempfile.TemporaryDirectory() as scratch, warnings.catch_warnings(action="ignore"):
        opened = open_request(Request(path=path, scratch=Path(scratch), **given))
        return _taken(opened, opened.batches())


def _taken(source: Source | Opened, batches: Iterator[Batch]) -> Read:
    read = Read(source, {}, {}, [], [], list(source.notes))
    for batch in batches:
        assert batch.first_row == read.rows + 1
        read.notes.extend(batch.notes)
        for name, array in batch.columns.items():
            read.columns.setdefault(name, []).extend(array.to_pylist())
            read.types[name] = str(array.type)
        read.shapes.extend(shapely.from_wkb(batch.wkb.to_numpy(zero_copy_only=False)))
        read.sheet_rows.extend(batch.sheet_rows.to_pylist() if batch.sheet_rows is not None else [])
    return read


@pytest.fixture
def read_here() -> Callable[..., Read]:
    """A function that reads a file whole in this process."""
    return read_inside


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
