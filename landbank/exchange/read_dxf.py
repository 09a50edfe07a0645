"""DXF drawings: closed lines become polygons, labels inside them a column, drawing layers can be chosen."""

from __future__ import annotations

import functools
import re
from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio
import shapely
from numpy.typing import NDArray
from pyogrio.errors import DataLayerError, DataSourceError
from shapely.geometry.base import BaseGeometry

from landbank.errors import Invalid
from landbank.exchange.read import Batch, Layer, Note
from landbank.exchange.read_batches import Normaliser
from landbank.exchange.read_gdal import damaged
from landbank.exchange.read_layers import choose_layer
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import BATCH_ROWS, Opened, Request, Staged

WHOLE = "entities"
"""The layer that is the whole drawing; the drawing's own layers stand beside it."""
_GEOMETRY = "wkb_geometry"
_LABEL_KINDS = (shapely.GeometryType.POINT, shapely.GeometryType.MULTIPOINT)
_AREA_KINDS = (shapely.GeometryType.POLYGON, shapely.GeometryType.MULTIPOLYGON)
_END = re.compile(rb"(?:^|\n)\s*0\s*\r?\n\s*EOF\s*\x1a?\s*$")
_END_WITHIN = 4096
_HIDDEN = ("PaperSpace", "Linetype")


@dataclass(frozen=True, slots=True)
class _Drawing:
    """A drawing's entities that can be shapes, with what was left out."""

    table: pa.Table
    notes: tuple[Note, ...]


def open_dxf(request: Request, staged: Staged) -> Opened:
    """A staged drawing, opened.

    Raises
    ------
    Invalid
        Damaged, or the layer is not in it.
    """
    drawing = _drawing(request, staged)
    counts = Counter(str(name) for name in drawing.table["Layer"].to_pylist())
    whole = Layer(WHOLE, drawing.table.num_rows, "Unknown", None)
    own = [Layer(name, rows, "Unknown", None) for name, rows in sorted(counts.items()) if name != WHOLE]
    layers = (whole, *own)
    layer = whole if request.layer is None else choose_layer(layers, request.layer, request.name)[0]
    notes = list(drawing.notes)
    if request.layer is None and len(own) > 1:
        text = f"All {len(own)} drawing layers were taken; name one with --layer to take only that."
        notes.append(note("layer_chosen", text, value=", ".join(one.name for one in own)))
    return Opened(
        layers=layers,
        layer=layer,
        driver=str(staged.kind),
        crs_from=None,
        notes=(*staged.notes, *notes),
        batches=functools.partial(_batches, drawing.table, layer.name),
    )


def _batches(table: pa.Table, layer: str) -> Iterator[Batch]:
    chosen = table if layer == WHOLE else table.filter(pc.equal(table["Layer"], layer))
    return Normaliser(_GEOMETRY).batches(chosen.to_batches(max_chunksize=BATCH_ROWS))


def _drawing(request: Request, staged: Staged) -> _Drawing:
    _check_end(request, staged)
    try:
        _, table = pyogrio.read_arrow(staged.file, layer=WHOLE)
    except (DataSourceError, DataLayerError, OSError, RuntimeError) as error:
        raise damaged(request, staged.kind, error) from error
    shapes = shapely.from_wkb(table[_GEOMETRY].to_numpy(), on_invalid="ignore")
    kinds = shapely.get_type_id(shapes)
    labels = np.isin(kinds, _LABEL_KINDS)
    made, closed = _closed(shapes[~labels])
    texts = table["Text"].to_pylist()
    notes = []
    if closed:
        notes.append(note("dxf_closed", f"{closed} closed lines became polygons.", value=str(closed)))
    if labels.any():
        text = f"{int(labels.sum())} texts and points were left out; a text inside one polygon is its Text."
        notes.append(note("dxf_text_left_out", text, value=str(int(labels.sum()))))
    kept = table.filter(pa.array(~labels)).drop_columns(
        [_GEOMETRY, *(n for n in _HIDDEN if n in table.column_names)]
    )
    named = _labelled(made, shapes[labels], [texts[place] for place in np.flatnonzero(labels)])
    kept = kept.set_column(kept.column_names.index("Text"), "Text", pa.array(named, pa.string()))
    wkb = pa.array(shapely.to_wkb(made, byte_order=1, flavor="iso"), pa.binary())
    return _Drawing(kept.append_column(_GEOMETRY, wkb), tuple(notes))


def _check_end(request: Request, staged: Staged) -> None:
    """Nothing, when the drawing ends as drawings do: GDAL takes one that was cut off for a shorter one."""
    with staged.file.open("rb") as file:
        file.seek(max(0, staged.file.stat().st_size - _END_WITHIN))
        tail = file.read()
    if not _END.search(tail):
        raise Invalid(
            f"{request.name} is no whole DXF drawing: it does not end with EOF, so it was cut off.",
            hint="Save or copy it again.",
            where=request.name,
        )


def _closed(shapes: NDArray[np.object_]) -> tuple[NDArray[np.object_], int]:
    """The shapes with closed lines as polygons, also those in blocks, and how many lines that were."""
    made = np.empty(len(shapes), dtype=object)
    count = 0
    for place, shape in enumerate(shapes):
        made[place], closed = _area(shape)
        count += closed
    return made, count


def _area(shape: BaseGeometry | None) -> tuple[BaseGeometry | None, int]:
    if isinstance(shape, shapely.LineString) and _is_ring(shape):
        return shapely.Polygon(shape), 1
    if not isinstance(shape, shapely.MultiLineString | shapely.GeometryCollection) or shape.is_empty:
        return shape, 0
    parts = [_area(part) for part in shape.geoms]
    areas = [part for part, _ in parts if isinstance(part, shapely.Polygon)]
    if len(areas) == len(parts):
        return shapely.MultiPolygon(areas), sum(closed for _, closed in parts)
    return shape, 0


def _is_ring(line: BaseGeometry) -> bool:
    points = shapely.get_coordinates(line)
    return len(points) >= 4 and bool((points[0] == points[-1]).all())


def _labelled(
    shapes: NDArray[np.object_], points: NDArray[np.object_], texts: list[str | None]
) -> list[str | None]:
    """For each shape the text inside it: texts that lie in exactly one polygon, joined when there are several."""
    found: dict[int, list[str]] = {}
    areas = shapes.copy()
    areas[~np.isin(shapely.get_type_id(shapes), _AREA_KINDS)] = None
    tree = shapely.STRtree(areas)
    inside: dict[int, list[int]] = {}
    for point, area in zip(*tree.query(points, predicate="within"), strict=True):
        inside.setdefault(int(point), []).append(int(area))
    for point, within in inside.items():
        told = texts[point]
        if len(within) == 1 and told:
            found.setdefault(within[0], []).append(told)
    return [" / ".join(found[place]) if place in found else None for place in range(len(shapes))]
