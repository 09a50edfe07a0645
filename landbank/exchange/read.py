"""Opens a file that somebody sent and gives its rows batch by batch, as they stand.

Nothing here repairs, converts units or decides what a plot is: the importer does. The file itself is only
touched by a child process without network, with limits on memory, time and size (`read_child`).
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

import pyarrow as pa

ROW_ID = "ogc:fid"
"""Column of the ids that a file's own format gives its rows, where a verbatim copy is read."""

CrsFrom = Literal["file", "format", "flag"]
"""Who states the CRS: the file itself; its format (GeoJSON without a `crs` member, KML and GeoParquet
without a `crs` key are degrees by their standards); or the caller's flag."""


@dataclass(frozen=True, slots=True)
class ReadLimits:
    """What reading one file may cost."""

    max_mb: int = 2_000
    """Largest file, and largest unpacked archive, in megabytes (10^6 bytes)."""
    memory_mb: int = 4_000
    """Memory of the reading process, in megabytes, on top of what its libraries take."""
    timeout_s: int = 900
    """Longest time that the reading process works; the time its reader takes between batches is free."""


@dataclass(frozen=True, slots=True)
class TableOptions:
    """What a person may say about a CSV file or a spreadsheet; None leaves it to the reader."""

    sheet: str | None = None
    """Name of the sheet (XLSX)."""
    header_row: int | None = None
    """Row with the column names, counted from 1 as a spreadsheet shows it."""
    x: str | None = None
    """Column of eastings or longitudes."""
    y: str | None = None
    """Column of northings or latitudes."""
    geometry: str | None = None
    """Column of WKT or hexadecimal WKB."""
    separator: str | None = None
    """One of `;` `,` `|` and tab."""
    decimal: Literal[",", "."] | None = None
    """The decimal sign."""
    axis_order: Literal["xy", "yx"] | None = None
    """`yx` when the columns named X hold northings, as in Swedish surveying."""
    encoding: str | None = None
    """Encoding of the text, e.g. cp1252."""


@dataclass(frozen=True, slots=True)
class Note:
    """What the reader had to do or could not do, for the importer's findings."""

    row: int | None
    """Row as in `Batch.first_row`; None when it holds for the whole file."""
    code: str
    """Stable word, one of `landbank.exchange.read_notes.NOTE_CODES`."""
    text: str
    """What, why and, where somebody can do something, what to do."""
    field: str | None = None
    value: str | None = None


@dataclass(frozen=True, slots=True)
class Layer:
    """One table of a file."""

    name: str
    rows: int | None
    """None when counting would mean reading everything."""
    geometry_kind: str | None
    """`Polygon`, `MultiPolygon Z`, `Point`, `Unknown` (mixed) ..., None for a table without geometry."""
    crs: str | None
    """`EPSG:3007`, another authority's code or WKT; None when nothing states one."""


@dataclass(frozen=True, slots=True)
class Batch:
    """Up to 16 384 rows that follow one another."""

    first_row: int
    """Number of the first row, counted from 1 over the rows of the layer."""
    columns: dict[str, pa.Array]
    """Attributes, typed (string, int64, float64, bool, date32, timestamp), names as in the file."""
    wkb: pa.Array
    """Binary, x before y, in the layer's CRS; null where a row has no geometry. Curves are lines already;
    Z and M may remain."""
    sheet_rows: pa.Array | None = None
    """Tables only: the row as the spreadsheet shows it (title and header rows counted), int64."""
    notes: tuple[Note, ...] = ()

    @property
    def rows(self) -> int:
        """How many rows the batch has."""
        return len(self.wkb)


@dataclass(slots=True)
class Source:
    """An opened file: what it says of itself, and its rows once.

    A context manager; leaving it, or `close()`, ends the reading process and removes its scratch folder.
    """

    layers: tuple[Layer, ...]
    """All layers of the file in its order."""
    layer: Layer
    """The one that is read; its `crs` is the one that holds after the flag."""
    driver: str
    crs_from: CrsFrom | None
    notes: tuple[Note, ...]
    """What holds for the whole file and is known before the first row."""
    _batches: Callable[[], Iterator[Batch]] = field(repr=False)
    _close: Callable[[], None] = field(repr=False)

    def batches(self) -> Iterator[Batch]:
        """The rows in the file's order, once.

        Raises
        ------
        Invalid
            The file is damaged further in, or reading it broke a limit.
        """
        return self._batches()

    def close(self) -> None:
        """End the reading process and remove its scratch folder; harmless to repeat."""
        self._close()

    def __enter__(self) -> Source:
        return self

    def __exit__(self, *_: object) -> None:
        self.close()


def open_source(
    path: Path,
    *,
    layer: str | None = None,
    crs: str | None = None,
    crs_override: bool = False,
    limits: ReadLimits | None = None,
    table: TableOptions | None = None,
    of_roads: bool = False,
    verbatim: bool = False,
    meanwhile: Callable[[], None] = lambda: None,
) -> Source:
    """The file at `path`, opened: its layers, the chosen one, and its rows to come.

    Parameters
    ----------
    layer
        Name of the layer, or of the drawing layer (DXF) or sheet (XLSX). Without it the only layer is taken,
        or the only one with areas, or the only one whose name says plots.
    crs
        CRS of the coordinates, as `EPSG:3007`. Needed when the file states none.
    crs_override
        Let `crs` win over what the file itself states. Without it a contradiction is refused.
    of_roads
        Read extracts of OpenStreetMap (PBF) too, which hold roads and no plots.
    verbatim
        The file is to be copied as it is, whatever its layers are about: where several could be meant the first with
        shapes is taken, and the rows bring the ids of their format in the column `ROW_ID`, where it has such.
    meanwhile
        Called once while the reading process starts.

    Raises
    ------
    Invalid
        There is no such file or layer, its format is not one of those read, it is damaged, it breaks a
        limit, several layers could be meant, or the file and `crs` state different systems.
    """
    from landbank.exchange.read_process import start

    return start(
        path,
        layer=layer,
        crs=crs,
        crs_override=crs_override,
        limits=limits or ReadLimits(),
        table=table or TableOptions(),
        meanwhile=meanwhile,
        of_roads=of_roads,
        verbatim=verbatim,
    )
