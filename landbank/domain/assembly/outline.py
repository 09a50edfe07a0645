"""The ground of an assembly as one shape: its plots, and the strips between those that face across a gap.

A strip is what lies straight out between two facing pieces of border; nothing round a corner is added. The strips
belong to somebody else: their area is told apart and never counted as the assembly's.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import shapely

from landbank.domain.assembly.adjacency import LEAST_BORDER_M, pairs_of
from landbank.domain.assembly.facing import Shape, facing_pieces, widened
from landbank.domain.fit.centres import areas_of


@dataclass(frozen=True, slots=True, eq=False)
class Outline:
    """Plots and strips as one shape; the strips alone (empty where all plots touch) and their area."""

    shape: Shape
    strips: Shape
    strips_m2: float

    @property
    def is_whole(self) -> bool:
        """Whether the ground hangs together."""
        return self.shape.geom_type == "Polygon"


def outline_of(
    shapes: Sequence[Shape],
    *,
    most_gap_m: float = 0.0,
    least_border_m: float = LEAST_BORDER_M,
    barriers: Sequence[Shape] = (),
    between: Sequence[Shape] = (),
    across_barriers: bool = False,
) -> Outline:
    """The ground of the plots, joined where they are neighbours by the rules of `adjacency`.

    Where a barrier lies between, no strip is added unless `across_barriers`.
    """
    pieces = facing_pieces(shapes, most_gap_m=most_gap_m, barriers=barriers, between=between)
    pairs = pairs_of(pieces, len(shapes), least_border_m)
    low, high = np.minimum(pieces.of, pieces.to), np.maximum(pieces.of, pieces.to)
    is_joined = np.isin(low * len(shapes) + high, pairs.first * len(shapes) + pairs.second)
    if not across_barriers:
        is_joined &= ~pieces.is_across_barrier
    plots = shapely.union_all(list(shapes))
    # Ten centimetres of each plot are in its strip, so that no hairline stays between them.
    strips = shapely.union_all(shapely.polygons(widened(pieces.taken(is_joined))))
    outside = areas_of(shapely.difference(strips, plots))
    return Outline(areas_of(shapely.union(plots, strips)), outside, float(outside.area))
