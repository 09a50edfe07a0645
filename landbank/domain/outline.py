"""An outline as a list of corners that people can read, write, send by mail and edit with a keyboard.

A corner a line, north before east as on Swedish maps or the other way round; an empty line or `del` begins a further
part, `hål` a hole in the part before it. What people write may be in SWEREF 99 TM or in degrees, the whole of it in one
of them. The same form is read and written by web/static/js/outline.js.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any, Final, Literal, TypeAlias

import shapely
from shapely.geometry import MultiPolygon, Polygon
from shapely.validation import explain_validity

from landbank.domain.coordinates import parse_coordinates
from landbank.errors import Invalid

Corner: TypeAlias = tuple[float, float]
Ring: TypeAlias = list[Corner]

HOLE_WORDS: Final = {"sv": "hål", "en": "hole"}
PART_WORDS: Final = ("del", "part")
MOST_CORNERS: Final = 20_000
SYSTEMS: Final = ("EPSG:3006", "EPSG:4326")
"""What a list of corners may be in: metres of SWEREF 99 TM, or degrees."""


@dataclass(frozen=True, slots=True)
class Drawn:
    """An outline as it was written: the rings of its parts, x before y, in `crs`; it may cross itself."""

    parts: tuple[tuple[tuple[Corner, ...], ...], ...]
    crs: str

    @property
    def geometry(self) -> dict[str, Any]:
        """The same as a GeoJSON MultiPolygon in `crs`."""
        told = [[[list(corner) for corner in (*ring, ring[0])] for ring in part] for part in self.parts]
        return {"type": "MultiPolygon", "coordinates": told}

    @property
    def fault(self) -> str | None:
        """Why it bounds no area, and where, in English; None for an outline that does."""
        outline = MultiPolygon([Polygon(outer, holes) for outer, *holes in self.parts])
        return None if outline.is_valid else str(explain_validity(outline))


def read_drawn(text: str) -> Drawn:
    """What a text writes, in metres or in degrees, whether or not it crosses itself.

    Raises
    ------
    Invalid
        As `read_outline`, but for an outline that crosses itself.
    """
    crs = system_of(text)
    parts = read_parts(text, crs)
    if not parts:
        raise nothing_drawn()
    return Drawn(tuple(tuple(tuple(ring) for ring in part) for part in parts), crs)


def read_lines(text: str) -> tuple[list[Ring], str]:
    """The lines that a text writes, of two points or more each, and what they are in; an empty line begins another.

    Raises
    ------
    Invalid
        A line of the text is no place in Sweden, or there are too few or too many.
    """
    crs = system_of(text)
    lines: list[Ring] = [[]]
    refuse_long(text)
    for number, written in enumerate(text.splitlines(), start=1):
        if written.strip():
            lines[-1].append(read_corner(written, number, crs))
        elif lines[-1]:
            lines.append([])
    told = [line for line in lines if line]
    if not told or min(len(line) for line in told) < 2:
        raise Invalid("A line needs at least two points.", hint="Write a point a line.", where="outline")
    return told, crs


def system_of(text: str) -> str:
    """What the first corner of a text is in; metres where it is neither."""
    for written in text.splitlines():
        if not written.strip() or written.strip().lower() in (*PART_WORDS, *HOLE_WORDS.values()):
            continue
        for crs in SYSTEMS:
            try:
                parse_coordinates(written, crs=crs)
            except Invalid:
                continue
            return crs
        break
    return SYSTEMS[0]


def nothing_drawn() -> Invalid:
    """The fault of a text without a corner."""
    return Invalid(
        "The outline has no corner.",
        hint="Write north and east in metres, a corner a line.",
        where="outline",
    )


def read_outline(text: str) -> MultiPolygon:
    """The outline that a text writes, in EPSG:3006 metres, valid; holes belong to the part before them.

    Raises
    ------
    Invalid
        A line is no corner in SWEREF 99 TM, a ring has fewer than three, a hole stands first, the outline crosses
        itself, or there are more than 20 000 corners; `where` is `outline:LINE` where a line is at fault.
    """
    parts = read_parts(text)
    if not parts:
        raise nothing_drawn()
    polygons = [Polygon(outer, holes) for outer, *holes in parts]
    outline = MultiPolygon(polygons)
    if not outline.is_valid:
        raise Invalid(
            f"The outline can't be used: {explain_validity(outline)}.",
            hint="Follow the boundary in one direction; parts may touch in corners, never overlap.",
            where="outline",
        )
    return MultiPolygon([shapely.orient_polygons(polygon) for polygon in polygons])


def read_parts(text: str, crs: str = SYSTEMS[0]) -> list[list[Ring]]:
    """The rings of each part in `crs`: the outer one, then its holes."""
    parts: list[list[Ring]] = []
    ring: Ring | None = None
    refuse_long(text)
    for number, written in enumerate(text.splitlines(), start=1):
        line = written.strip().lower()
        if not line or line in PART_WORDS:
            ring = None
        elif line in HOLE_WORDS.values():
            if not parts:
                raise at_line(number, "A hole must stand after the area that it lies in.")
            ring = []
            parts[-1].append(ring)
        else:
            if ring is None:
                ring = []
                parts.append([ring])
            ring.append(read_corner(written, number, crs))
    for part in parts:
        for place, corners in enumerate(part):
            part[place] = unclosed(corners)
            refuse_thin(part[place])
    return parts


def refuse_long(text: str) -> None:
    """Raise `Invalid` for a text of more lines than are read."""
    lines = text.count("\n") + 1
    if lines > MOST_CORNERS:
        raise Invalid(
            f"The outline has {lines} lines.", hint=f"At most {MOST_CORNERS} are read.", where="outline"
        )


def unclosed(ring: Ring) -> Ring:
    """The ring without a last corner that repeats the first."""
    return ring[:-1] if len(ring) > 1 and ring[0] == ring[-1] else ring


def read_corner(written: str, number: int, crs: str = SYSTEMS[0]) -> Corner:
    """East and north of a line, in `crs`."""
    try:
        place = parse_coordinates(written, crs=crs)
    except Invalid as fault:
        raise at_line(number, fault.message) from fault
    return place.x, place.y


def refuse_thin(corners: Sequence[Corner]) -> None:
    """Raise `Invalid` for a ring that bounds nothing."""
    if len(set(corners)) < 3:
        raise Invalid(
            f"A ring of the outline has {len(set(corners))} corners.",
            hint="An area needs at least three.",
            where="outline",
        )


def at_line(number: int, told: str) -> Invalid:
    """The fault of one line."""
    return Invalid(
        f"Line {number}: {told}",
        hint="Write north and east in metres of SWEREF 99 TM, as 6398667 319000.",
        where=f"outline:{number}",
    )


def write_outline(outline: MultiPolygon, language: Literal["sv", "en"] = "sv") -> str:
    """The text of an outline in EPSG:3006, north before east, to the centimetre."""
    hole = HOLE_WORDS[language]
    return "\n\n".join(
        f"\n{hole}\n".join(write_ring(ring.coords) for ring in (polygon.exterior, *polygon.interiors))
        for polygon in outline.geoms
    )


def write_ring(corners: Sequence[Sequence[float]]) -> str:
    """A ring's corners, the first not repeated."""
    return "\n".join(f"{y:.2f} {x:.2f}" for x, y, *_ in list(corners)[:-1])
