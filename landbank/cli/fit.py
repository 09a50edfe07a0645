"""`landbank fit`: whether buildings fit on a plot, in the terminal and as a drawing."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landbank.services.fit_plots import FittedPlot


def fit(
    plot_id: Annotated[int, typer.Argument(metavar="PLOT_ID", help="Id of the plot.")],
    footprints: Annotated[
        list[str],
        typer.Argument(
            metavar="WxD ...", help="Width x depth in metres, such as 120x80; several to place at once."
        ),
    ],
    set_back: Annotated[
        float, typer.Option(min=0, help="Least distance to the plot's border, metres.")
    ] = 0.0,
    gap: Annotated[float, typer.Option(min=0, help="Least distance between buildings, metres.")] = 0.0,
    geojson: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Write the drawing as GeoJSON; - prints it.")
    ] = None,
) -> None:
    """Say whether buildings fit on a plot, at any angle: yes with their place, no with the proof, or how near it is.

    Set-backs count from the outline; ground with restrictions has no shape in the inventory and is not taken out.

    Example: landbank fit 17 120x80 --set-back 6 --geojson fit.geojson
    """
    from landbank.api.fit import read_size
    from landbank.api.fit_geojson import drawing
    from landbank.cli.common import open_from_environment
    from landbank.services.fit_document import fit_document, fit_drawing
    from landbank.services.fit_plots import find_shape, fit_on

    sizes = [read_size(one) for one in footprints]
    with open_from_environment() as landbank, landbank.reading() as store:
        plot = find_shape(store.plot_shapes, plot_id)
    found = fit_on(plot, sizes, set_back_m=set_back, gap_m=gap)
    body = drawing("fit", fit_document(found), fit_drawing(found)) if geojson else b""
    if str(geojson) == "-":
        typer.echo(body)
        return
    if geojson is not None:
        write_drawing(geojson, body)
    for line in told(found):
        typer.echo(line)


def write_drawing(path: Path, body: bytes) -> None:
    """Write the drawing into a file.

    Raises
    ------
    Invalid
        The file can't be written.
    """
    from landbank.errors import Invalid

    try:
        path.write_bytes(body)
    except OSError as error:
        raise Invalid(
            f"{path} can't be written: {error.strerror}.", hint="Name a file in a folder that is there."
        ) from error


def told(found: FittedPlot) -> list[str]:
    """The answer in words, a line each."""
    from landbank.domain.fit.footprint import TOLERANCE_M, FitAnswer

    name = found.plot.name or found.plot.reference
    sizes = " and ".join(f"{one.width_m:g} x {one.depth_m:g} m" for one in found.footprints)
    if found.together is None or found.zone is None:
        reason = {
            "no_outline": "its outline is not known",
            "too_many_corners": "its outline has too many corners to work with",
        }[found.because or "no_outline"]
        return [f"Unknown whether {sizes} fits on plot {found.plot.plot_id} ({name}): {reason}."]
    answer = found.together.answer
    verdict = {
        FitAnswer.FITS: f"{sizes} FITS",
        FitAnswer.BORDERLINE: f"{sizes} is BORDERLINE: {TOLERANCE_M * 100:g} cm less each way fits",
        FitAnswer.DOES_NOT_FIT: f"{sizes} DOES NOT FIT",
        FitAnswer.UNDECIDED: f"{sizes} is UNDECIDED: no place was found, and none was proved impossible,",
    }[answer]
    zone = found.zone
    lines = [
        f"{verdict} on plot {found.plot.plot_id} ({name}).",
        f"Ground to build on: {zone.area_m2:,.0f} of {zone.plot_m2:,.0f} m² with a set-back of {zone.set_back_m:g} m.",
    ]
    places = found.together.rectangles or tuple(
        one.rectangle for one in found.together.alone if one.rectangle
    )
    if answer in (FitAnswer.FITS, FitAnswer.BORDERLINE):
        lines.extend(
            f"Placed: {one.long_m:.2f} x {one.short_m:.2f} m, long side {one.degrees:.1f}° from east."
            for one in places
        )
    lines.extend(f"Why: {reason}" for reason in reasons(found))
    if found.plot.is_synthetic:
        lines.append("The plot is synthetic.")
    return lines


def reasons(found: FittedPlot) -> list[str]:
    """Why the footprints have no place, for an answer of no."""
    from landbank.domain.fit.footprint import FitAnswer, Reason

    together = found.together
    if together is None or together.answer is not FitAnswer.DOES_NOT_FIT:
        return []
    words = {
        Reason.NO_GROUND: "nothing is left to build on.",
        Reason.AREA: "the largest part of the ground has less area.",
        Reason.DIAGONAL: "the ground is shorter than its diagonal.",
        Reason.CIRCLE: "no circle as wide as its short side has room.",
        Reason.EVERY_ANGLE: "at every angle some border is in the way (shown for each range of angles).",
    }
    lines = [
        f"{one.footprint.width_m:g} x {one.footprint.depth_m:g} m: {words[one.proof.reason]}"
        for one in together.alone
        if one.proof is not None
    ]
    if not lines:
        lines.append(
            f"together they take {together.needed_m2:,.0f} m² with their gaps, "
            f"and there are {together.found_m2:,.0f} m²."
        )
    return lines
