"""An outline as a list of corners that people can read, write, send by mail and edit with a keyboard.

A corner a line, north before east as on Swedish maps or the other way round; an empty line or `del` begins a further
part, `hål` a hole in the part before it. The same form is read and written by web/static/js/outline.js.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Final, Literal, TypeAlias

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
        raise Invalid(
            "The outline has no corner.",
            hint="Write north and east in metres, a corner a line.",
            where="outline",
        )
    polygons = [Polygon(outer, holes) for outer, *holes in parts]
    outline = MultiPolygon(polygons)
    if not outline.is_valid:
        raise Invalid(
            f"The outline can't be used: {explain_validity(outline)}.",
            hint="Follow the boundary in one direction; parts may touch in corners, never overlap.",
            where="outline",
        )
    return MultiPolygon([shapely.orient_polygons(polygon) for polygon in polygons])


def read_parts(text: str) -> list[list[Ring]]:
    """The rings of each part: the outer one, then its holes."""
    parts: list[list[Ring]] = []
    ring: Ring | None = None
    lines = text.splitlines()
    if len(lines) > MOST_CORNERS:
        raise Invalid(
            f"The outline has {len(lines)} lines.", hint=f"At most {MOST_CORNERS} are read.", where="outline"
        )
    for number, written in enumerate(lines, start=1):
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
            ring.append(read_corner(written, number))
    for part in parts:
        for corners in part:
            refuse_thin(corners)
    return parts


def read_corner(written: str, number: int) -> Corner:
    """East and north of a line."""
    try:
        place = parse_coordinates(written, crs="EPSG:3006")
    except Invalid as fault:
        raise at_line(number, fault.message) from fault
    return place.x, place.y


def refuse_thin(corners: Ring) -> None:
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
