"""WKT with arcs (CIRCULARSTRING, COMPOUNDCURVE, CURVEPOLYGON, MULTICURVE, MULTISURFACE), which shapely lacks."""

from __future__ import annotations

import re
from collections.abc import Iterator

import numpy as np
import shapely
from shapely.geometry.base import BaseGeometry

from landbank.exchange.read_curves import Points, UnknownShape, polygon, stroked

_TOKEN = re.compile(r"[A-Za-z]+|[(),]|[-+]?[\d.][\d.eE+-]*")
_DIMENSIONS = ("Z", "M", "ZM")


def curve_from_wkt(text: str) -> BaseGeometry:
    """The geometry with its arcs as chords of at most one degree, two-dimensional.

    Raises
    ------
    UnknownShape
        The text holds another geometry, or breaks off.
    """
    try:
        return _Reader(_TOKEN.findall(text)[::-1]).shape()
    except (IndexError, ValueError, shapely.errors.ShapelyError) as error:
        raise UnknownShape(str(error) if str(error) else "the text breaks off") from error


class _Reader:
    """Takes tokens from the end of a reversed list."""

    def __init__(self, tokens: list[str]) -> None:
        self._tokens = tokens

    def shape(self) -> BaseGeometry:
        """The next geometry, which says its type."""
        kind = self._kind("")
        if kind in ("LINESTRING", "CIRCULARSTRING", "COMPOUNDCURVE"):
            return shapely.LineString(self._path(kind))
        if kind in ("POLYGON", "CURVEPOLYGON"):
            return self._surface()
        if kind == "MULTICURVE":
            return shapely.MultiLineString([self._path(self._kind("LINESTRING")) for _ in self._list()])
        if kind == "MULTISURFACE":
            return shapely.MultiPolygon([self._member() for _ in self._list()])
        raise UnknownShape(f"geometry type {kind or 'unnamed'}")

    def _kind(self, untagged: str) -> str:
        """The next type without Z and M, or `untagged` where a bracket stands."""
        if self._tokens[-1] == "(":
            return untagged
        kind = self._tokens.pop().upper()
        while self._tokens[-1].upper() in _DIMENSIONS:
            self._tokens.pop()
        return kind

    def _list(self) -> Iterator[None]:
        """Once for each member of a bracketed list; none for EMPTY."""
        opening = self._tokens.pop()
        if opening.upper() == "EMPTY":
            return
        if opening != "(":
            raise UnknownShape(f"'{opening}' where a bracket should open")
        while True:
            yield
            if self._tokens.pop() == ")":
                return

    def _member(self) -> shapely.Polygon:
        self._kind("POLYGON")
        return self._surface()

    def _surface(self) -> shapely.Polygon:
        return polygon([self._path(self._kind("LINESTRING")) for _ in self._list()])

    def _path(self, kind: str) -> Points:
        if kind == "COMPOUNDCURVE":
            parts = [self._path(self._kind("LINESTRING")) for _ in self._list()]
            return np.vstack([parts[0], *(part[1:] for part in parts[1:])])
        if kind not in ("LINESTRING", "CIRCULARSTRING"):
            raise UnknownShape(f"geometry type {kind} in a curve")
        points = np.array([self._point() for _ in self._list()]).reshape(-1, 2)
        return stroked(points) if kind == "CIRCULARSTRING" else points

    def _point(self) -> tuple[float, float]:
        numbers = []
        while self._tokens[-1] not in (",", ")"):
            numbers.append(float(self._tokens.pop()))
        return numbers[0], numbers[1]
