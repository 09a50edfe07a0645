"""The answers of fitting and dividing as plain JSON values, and the shapes to draw beside them.

Shapes stay in the storage CRS here; whoever sends them out brings them to theirs. Lengths are in metres with two
decimals, areas in m² with one, angles in degrees counter-clockwise from east.
"""

from __future__ import annotations

import math
from dataclasses import dataclass, field
from typing import Any, Final

from shapely.geometry.base import BaseGeometry

from landbank.domain.fit.footprint import TOLERANCE_M, Fit, FitAnswer, Footprint, Proof, Rectangle
from landbank.domain.subdivision.propose import Proposal, Refusal
from landbank.services.fit_plots import DividedPlot, FittedPlot, ShapeOfPlot

Document = dict[str, Any]

UNKNOWN: Final = "unknown"
RANKED_BY: Final = ("least_land_taken", "longest_road_front_left", "place_of_the_side")


@dataclass(frozen=True, slots=True, eq=False)
class Drawn:
    """A shape to draw: what it is, where (storage CRS), and what is told of it."""

    role: str
    shape: BaseGeometry
    told: Document = field(default_factory=dict)


def fit_document(fitted: FittedPlot) -> Document:
    """The answer for footprints on a plot."""
    together = fitted.together
    told = {
        **plot_document(fitted.plot),
        "answer": str(together.answer) if together else UNKNOWN,
        "because": fitted.because,
        "footprints": [footprint_document(one) for one in fitted.footprints],
        "gap_m": length(fitted.gap_m),
        "tolerance_m": TOLERANCE_M,
        "key": fitted.key,
    }
    if fitted.zone is not None:
        told["set_back_m"] = length(fitted.zone.set_back_m)
        told["plot_m2"] = area(fitted.zone.plot_m2)
        told["zone_m2"] = area(fitted.zone.area_m2)
        told["taken_m2"] = {kind: area(taken) for kind, taken in fitted.zone.taken_m2.items()}
    if together is not None:
        told["alone"] = [one_document(one) for one in together.alone]
        told["ground_needed_m2"], told["ground_found_m2"] = area(together.needed_m2), area(together.found_m2)
        if together.answer is FitAnswer.DOES_NOT_FIT and len(together.footprints) > 1:
            told["because"] = "area" if together.needed_m2 > together.found_m2 else "one_does_not_fit_alone"
    return told


def plot_document(plot: ShapeOfPlot) -> Document:
    """Which plot, and in which version."""
    return {
        "plot_id": plot.plot_id,
        "reference": plot.reference,
        "name": plot.name,
        "row_version": plot.row_version,
        "is_synthetic": plot.is_synthetic,
    }


def footprint_document(footprint: Footprint) -> Document:
    """A footprint's sides as they were asked for."""
    return {"width_m": footprint.width_m, "depth_m": footprint.depth_m}


def one_document(found: Fit) -> Document:
    """The answer for one footprint by itself."""
    return {
        **footprint_document(found.footprint),
        "answer": str(found.answer),
        "rectangle": rectangle_document(found.rectangle) if found.rectangle else None,
        "proof": proof_document(found.proof) if found.proof else None,
    }


def rectangle_document(rectangle: Rectangle) -> Document:
    """A rectangle in its place: sides, angle and area."""
    return {
        "long_m": length(rectangle.long_m),
        "short_m": length(rectangle.short_m),
        "angle_deg": round(rectangle.degrees, 4),
        "area_m2": area(rectangle.area_m2),
    }


def proof_document(proof: Proof) -> Document:
    """What a refusal rests on; ranges of angles as [from, to] in degrees."""
    told: Document = {"reason": str(proof.reason)}
    if proof.needed is not None:
        told["needed"] = length(proof.needed)
    if proof.found is not None:
        told["found"] = length(proof.found)
    if proof.intervals:
        told["angles_deg"] = [
            [round(math.degrees(one.middle - one.half), 6), round(math.degrees(one.middle + one.half), 6)]
            for one in proof.intervals
        ]
    return told


def fit_drawing(fitted: FittedPlot) -> list[Drawn]:
    """What is drawn: the plot, its zone, and the footprints where they fit, or nearly do."""
    drawn: list[Drawn] = []
    if fitted.plot.outline is not None:
        drawn.append(Drawn("plot", fitted.plot.outline))
    if fitted.zone is not None and not fitted.zone.shape.is_empty:
        drawn.append(Drawn("zone", fitted.zone.shape, {"area_m2": area(fitted.zone.area_m2)}))
    if fitted.together is not None:
        placed = fitted.together.rectangles or tuple(
            one.rectangle for one in fitted.together.alone if is_near(fitted, one) and one.rectangle
        )
        role = "footprint" if fitted.together.rectangles else "nearly"
        drawn.extend(Drawn(role, one.outline(), rectangle_document(one)) for one in placed)
    return drawn


def is_near(fitted: FittedPlot, found: Fit) -> bool:
    """Whether a single footprint is borderline, so that the slightly smaller one is drawn."""
    return len(fitted.footprints) == 1 and found.answer is FitAnswer.BORDERLINE


def subdivision_document(divided: DividedPlot) -> Document:
    """The proposals for dividing a plot, why others are not made, and what has to be asked."""
    wanted, found = divided.wanted, divided.subdivision
    return {
        **plot_document(divided.plot),
        "because": divided.because,
        "wanted": {
            "area_m2": wanted.area_m2,
            "footprint": footprint_document(wanted.footprint) if wanted.footprint else None,
            "set_back_m": wanted.set_back_m,
            "minimum_lot_m2": wanted.minimum_lot_m2,
            "least_front_m": wanted.least_front_m,
        },
        "proposals": [proposal_document(one) for one in found.proposals] if found else [],
        "refusals": [refusal_document(one) for one in found.refusals] if found else [],
        "ask": [str(one) for one in found.open] if found else [],
        "ranked_by": list(RANKED_BY),
    }


def proposal_document(proposal: Proposal) -> Document:
    """One proposal in numbers."""
    largest = proposal.largest
    return {
        "piece_m2": area(float(proposal.piece.area)),
        "remainder_m2": area(float(proposal.remainder.area)),
        "cut_m": length(float(proposal.cut.length)),
        "piece_front_m": length(proposal.piece_front_m),
        "remainder_front_m": length(proposal.remainder_front_m),
        "rectangle": rectangle_document(proposal.rectangle) if proposal.rectangle else None,
        "remainder_largest": rectangle_document(largest.rectangle) if largest.rectangle else None,
        "remainder_largest_at_most_m2": area(largest.at_most_m2),
    }


def refusal_document(refusal: Refusal) -> Document:
    """Why a cut is not proposed."""
    told = {"obstacle": str(refusal.obstacle), "needed": refusal.needed, "found": refusal.found}
    return {name: value for name, value in told.items() if value is not None}


def subdivision_drawing(divided: DividedPlot) -> list[Drawn]:
    """What is drawn: the parts, the cut and the rectangles of each proposal, numbered from 1."""
    drawn: list[Drawn] = []
    for number, one in enumerate(divided.subdivision.proposals if divided.subdivision else (), start=1):
        told = {"proposal": number}
        drawn.append(Drawn("piece", one.piece, {**told, "area_m2": area(float(one.piece.area))}))
        drawn.append(Drawn("remainder", one.remainder, {**told, "area_m2": area(float(one.remainder.area))}))
        drawn.append(Drawn("cut", one.cut, told))
        if one.rectangle:
            drawn.append(
                Drawn("footprint", one.rectangle.outline(), {**told, **rectangle_document(one.rectangle)})
            )
        if one.largest.rectangle:
            largest = one.largest.rectangle
            drawn.append(Drawn("largest", largest.outline(), {**told, **rectangle_document(largest)}))
    return drawn


def length(metres: float) -> float:
    """Metres to the centimetre."""
    return round(metres, 2)


def area(square_metres: float) -> float:
    """Square metres to one decimal."""
    return round(square_metres, 1)
