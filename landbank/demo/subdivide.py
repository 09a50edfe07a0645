"""Division of a park into plots: recursive, in a plane of its own, with streets and shared edges.

The park is a rectangle from (0, 0). It is halved again and again, across its longer side, in proportion to the plots
that each half must hold. A cut between many plots is a street; between few it is one line, which both sides share,
corner for corner: where a plot's corner lies on a neighbour's edge, the neighbour has a vertex there too.
"""

from __future__ import annotations

import math
from bisect import bisect_left, bisect_right
from collections.abc import Iterable, Sequence
from dataclasses import dataclass

STREET_M = 13.0
STREET_FROM = 5
ROUNDS = 3
LATTICE_M = 90.0
APART_M = 12.0

Rectangle = tuple[float, float, float, float]
Point = tuple[float, float]


@dataclass(frozen=True, slots=True)
class Layout:
    """Rings over shared vertices: `rings[i]` and `outline` are indices into `vertices`, counter-clockwise, open."""

    vertices: list[Point]
    rings: list[list[int]]
    outline: list[int]


def park_rectangle(sizes_m2: Sequence[float], aspect: float) -> tuple[float, float]:
    """Width and height in metres of a park that holds plots of these sizes; `aspect` is width by height."""
    streets = 1.0 + 0.012 * max(len(sizes_m2) - STREET_FROM, 0) ** 0.7
    area = sum(sizes_m2) * streets
    return math.sqrt(area * aspect), math.sqrt(area / aspect)


def divide(sizes_m2: Sequence[float], width: float, height: float) -> list[Rectangle]:
    """One rectangle for each size, in the order given; areas come close to the sizes asked for."""
    asked = list(sizes_m2)
    scale = 1.0
    wanted = list(asked)
    for left in range(ROUNDS, 0, -1):
        found: list[Rectangle] = [(0.0, 0.0, 0.0, 0.0)] * len(asked)
        order = sorted(range(len(asked)), key=lambda i: (-wanted[i], i))
        halve(order, wanted, (0.0, 0.0, width, height), found)
        if left > 1:
            scale = sum((x1 - x0) * (y1 - y0) for x0, y0, x1, y1 in found) / sum(asked)
            wanted = [
                want * asked[i] * scale / ((found[i][2] - found[i][0]) * (found[i][3] - found[i][1]))
                for i, want in enumerate(wanted)
            ]
    return found


def halve(members: list[int], sizes: Sequence[float], box: Rectangle, found: list[Rectangle]) -> None:
    """Cut the box until each member has its own part of it, and note the parts in `found`."""
    todo = [(members, box)]
    while todo:
        these, (x0, y0, x1, y1) = todo.pop()
        if len(these) == 1:
            found[these[0]] = (x0, y0, x1, y1)
            continue
        at, part = balance(these, sizes)
        longer = max(x1 - x0, y1 - y0)
        street = STREET_M if len(these) >= STREET_FROM and longer > 8 * STREET_M else 0.0
        before = (longer - street) * part
        if x1 - x0 >= y1 - y0:
            first, second = (x0, y0, x0 + before, y1), (x0 + before + street, y0, x1, y1)
        else:
            first, second = (x0, y0, x1, y0 + before), (x0, y0 + before + street, x1, y1)
        todo.append((these[:at], first))
        todo.append((these[at:], second))


def balance(members: Sequence[int], sizes: Sequence[float]) -> tuple[int, float]:
    """Where to part the members so that both parts are nearly equal, and the first part's share of the whole."""
    total = sum(sizes[i] for i in members)
    running = 0.0
    best, at, part = math.inf, 1, 0.5
    for place, i in enumerate(members[:-1], start=1):
        running += sizes[i]
        if abs(2 * running - total) < best:
            best, at, part = abs(2 * running - total), place, running / total
    return at, part


def lay_out(rectangles: Sequence[Rectangle], width: float, height: float) -> Layout:
    """The rectangles as rings over shared vertices, and the park's outline through all that lie on it."""
    whole: Rectangle = (0.0, 0.0, width, height)
    along_y, along_x = corner_lines([*rectangles, whole])
    index: dict[Point, int] = {}
    rings = [[index.setdefault(p, len(index)) for p in ring(box, along_y, along_x)] for box in rectangles]
    outline = [index.setdefault(p, len(index)) for p in ring(whole, along_y, along_x)]
    return Layout(list(index), rings, outline)


def corner_lines(boxes: Iterable[Rectangle]) -> tuple[dict[float, list[float]], dict[float, list[float]]]:
    """The corners' x by their y, and the corners' y by their x, sorted."""
    by_y: dict[float, set[float]] = {}
    by_x: dict[float, set[float]] = {}
    for x0, y0, x1, y1 in boxes:
        for x, y in ((x0, y0), (x1, y0), (x1, y1), (x0, y1)):
            by_y.setdefault(y, set()).add(x)
            by_x.setdefault(x, set()).add(y)
    return {y: with_lattice(xs) for y, xs in by_y.items()}, {x: with_lattice(ys) for x, ys in by_x.items()}


def with_lattice(corners: Iterable[float]) -> list[float]:
    """The corners on a line and, every `LATTICE_M`, a point that is not near one; sorted.

    The points keep long edges close to the curve that the park is bent to, on both sides of a line or street alike.
    """
    found = sorted(corners)
    places = [
        k * LATTICE_M for k in range(math.ceil(found[0] / LATTICE_M), math.floor(found[-1] / LATTICE_M) + 1)
    ]
    for place in places:
        at = bisect_left(found, place)
        if all(abs(place - other) > APART_M for other in found[max(at - 1, 0) : at + 1]):
            found.insert(at, place)
    return found


def ring(box: Rectangle, along_y: dict[float, list[float]], along_x: dict[float, list[float]]) -> list[Point]:
    """The box counter-clockwise, with a vertex wherever a corner of another lies on its edges."""
    x0, y0, x1, y1 = box
    south = [(x, y0) for x in within(along_y[y0], x0, x1)]
    east = [(x1, y) for y in within(along_x[x1], y0, y1)]
    north = [(x, y1) for x in within(along_y[y1], x0, x1)]
    west = [(x0, y) for y in within(along_x[x0], y0, y1)]
    return [(x0, y0), *south, (x1, y0), *east, (x1, y1), *north[::-1], (x0, y1), *west[::-1]]


def within(ordered: list[float], low: float, high: float) -> list[float]:
    """The numbers strictly between two bounds."""
    return ordered[bisect_right(ordered, low) : bisect_left(ordered, high)]
