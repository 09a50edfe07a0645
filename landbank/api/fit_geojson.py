"""Answers of fitting and dividing as GeoJSON: the drawing in longitude and latitude, the answer beside it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import numpy as np
import orjson
import shapely

from landbank.geo.crs import LONLAT, STORAGE, reproject
from landbank.services.fit_document import Document, Drawn

DECIMALS = 8
"""Of a degree: about a millimetre, so that a drawn side still has the length that the answer says."""


def drawing(name: str, answer: Document, drawn: Sequence[Drawn]) -> bytes:
    """A FeatureCollection of what is drawn, in order, with the answer as its member `name`.

    Source: RFC 7946, 3.3 and 6.1 (foreign members); outer rings counter-clockwise (3.1.6).
    """
    shapes = np.array([one.shape for one in drawn], dtype=object)
    placed = reproject(shapes, STORAGE, LONLAT) if len(drawn) else shapes
    features = [
        {"type": "Feature", "geometry": as_geometry(shape), "properties": {"role": one.role, **one.told}}
        for one, shape in zip(drawn, placed, strict=True)
    ]
    return orjson.dumps({"type": "FeatureCollection", name: answer, "features": features})


def as_geometry(shape: Any) -> Any:
    """A shape in degrees as the text of a GeoJSON geometry."""
    fine = shapely.transform(shapely.orient_polygons(shape), lambda points: points.round(DECIMALS))
    return orjson.Fragment(shapely.to_geojson(fine))
