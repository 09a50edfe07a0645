"""The pieces into which a written line cuts a plot, as the parts of a split take them."""

from __future__ import annotations

import json
from typing import Any

import numpy as np
import shapely

from landbank.domain.cutting import cut
from landbank.domain.outline import read_lines
from landbank.errors import Conflict
from landbank.geo.crs import STORAGE, parse_crs, reproject
from landbank.services.plot_document import StoredPlot


def written_lines(text: str) -> list[list[tuple[float, float]]]:
    """The lines of a text in EPSG:3006; raises `Invalid` as `read_lines` does."""
    lines, crs = read_lines(text)
    drawn = np.array([shapely.LineString(line) for line in lines], dtype=object)
    moved = reproject(drawn, parse_crs(crs), STORAGE)
    return [[(float(x), float(y)) for x, y, *_ in line.coords] for line in moved]


def cut_plot(plot: StoredPlot, text: str) -> list[dict[str, Any]]:
    """The pieces as GeoJSON in EPSG:3006, from west to east.

    Raises
    ------
    Invalid
        The text is no line, or the line does not part the plot.
    Conflict
        The plot has no outline.
    """
    if plot.outline is None:
        raise Conflict("The plot is known as a point only.", hint="Give it an outline first.", where="line")
    pieces = cut(shapely.from_wkb(plot.outline), written_lines(text))
    return [json.loads(shapely.to_geojson(piece)) for piece in pieces]
