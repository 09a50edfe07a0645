"""Whether a building fits on a plot, and how a plot could be divided: both with their drawing, as GeoJSON."""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Annotated, Final

import numpy as np
import shapely
from fastapi import APIRouter, Depends, Query, Request, Response

from landbank.api import conditional
from landbank.api.fit_geojson import drawing
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.domain.fit.buildable import LARGEST_SET_BACK_M
from landbank.domain.fit.footprint import LARGEST_SIDE_M, SMALLEST_SIDE_M, Footprint
from landbank.domain.fit.several import LARGEST_GAP_M
from landbank.domain.people import Permission
from landbank.errors import Invalid
from landbank.geo.crs import LONLAT, STORAGE, reproject
from landbank.services.fit_document import (
    fit_document,
    fit_drawing,
    subdivision_document,
    subdivision_drawing,
)
from landbank.services.fit_plots import ShapeOfPlot, divide, find_shape, fit_on
from landbank.wiring import Landbank

GEOJSON: Final = "application/geo+json"
MOST_ALSO: Final = 4
SIZE: Final = re.compile(r"(\d{1,5}(?:[.,]\d{1,3})?)\s*[xX×]\s*(\d{1,5}(?:[.,]\d{1,3})?)")

Side = Annotated[float, Query(ge=SMALLEST_SIDE_M, le=LARGEST_SIDE_M, description="A side in metres.")]
SetBack = Annotated[
    float,
    Query(ge=0, le=LARGEST_SET_BACK_M, description="Least distance to the plot's border in metres."),
]


@dataclass(frozen=True, slots=True)
class FitQuery:
    """The query of a fit."""

    width_m: Side
    depth_m: Side
    set_back_m: SetBack = 0.0
    also: Annotated[
        str | None, Query(description=f"Up to {MOST_ALSO} more footprints to place beside it: `60x40,30x30`.")
    ] = None
    gap_m: Annotated[
        float, Query(ge=0, le=LARGEST_GAP_M, description="Least distance between footprints.")
    ] = 0.0

    @property
    def footprints(self) -> list[Footprint]:
        """All footprints, the first one first."""
        return [Footprint(self.width_m, self.depth_m), *read_sizes(self.also or "")]


@dataclass(frozen=True, slots=True)
class SubdivisionQuery:
    """The query of a subdivision; an area, or a width and a depth, or both."""

    area_m2: Annotated[float | None, Query(gt=0, le=1e8, description="Least area of the piece.")] = None
    width_m: Side | None = None
    depth_m: Side | None = None
    set_back_m: SetBack = 0.0
    minimum_lot_m2: Annotated[
        float | None,
        Query(gt=0, le=1e8, description="Least area of either part, where the plot's is unknown."),
    ] = None
    least_front_m: Annotated[
        float | None, Query(gt=0, le=1000, description="Least road front of either part; 6 m if not given.")
    ] = None
    road: Annotated[
        str | None, Query(description="longitude,latitude of the road access; the longest side if not given.")
    ] = None

    @property
    def footprint(self) -> Footprint | None:
        """The footprint, where one is asked for."""
        if (self.width_m is None) != (self.depth_m is None):
            raise Invalid("A footprint has two sides.", hint="Give width_m and depth_m.", where="depth_m")
        return Footprint(self.width_m, self.depth_m) if self.width_m and self.depth_m else None


def router() -> APIRouter:
    """The routes below a plot that work on its outline."""
    routes = APIRouter(prefix="/api/plots", tags=["plots"], dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.get(
        "/{plot_id}/fit",
        summary="Does a building fit?",
        dependencies=[known_parameters("width_m", "depth_m", "set_back_m", "also", "gap_m")],
        response_class=GeoJson,
    )
    def get_fit(request: Request, plot_id: int, query: Annotated[FitQuery, Depends()]) -> Response:
        """Whether footprints fit at any angle: fits, borderline, does_not_fit (with its proof), undecided, unknown.

        Restrictions have no shapes in the inventory: ground that may not be built on is not taken out.
        """
        footprints = query.footprints
        plot = read_plot(request, plot_id)
        found = fit_on(plot, footprints, set_back_m=query.set_back_m, gap_m=query.gap_m)
        body = drawing("fit", fit_document(found), fit_drawing(found))
        return answered(request, body, plot.row_version)

    @routes.get(
        "/{plot_id}/subdivision",
        summary="How could the plot be divided?",
        dependencies=[
            known_parameters(
                "area_m2",
                "width_m",
                "depth_m",
                "set_back_m",
                "minimum_lot_m2",
                "least_front_m",
                "road",
            )
        ],
        response_class=GeoJson,
    )
    def get_subdivision(
        request: Request, plot_id: int, query: Annotated[SubdivisionQuery, Depends()]
    ) -> Response:
        """Pieces that one cut at a right angle to the road front gives, best first, or why there are none."""
        footprint, road = query.footprint, read_place(query.road)
        plot = read_plot(request, plot_id)
        divided = divide(
            plot,
            area_m2=query.area_m2,
            footprint=footprint,
            set_back_m=query.set_back_m,
            minimum_lot_m2=query.minimum_lot_m2,
            least_front_m=query.least_front_m,
            road=road,
        )
        body = drawing("subdivision", subdivision_document(divided), subdivision_drawing(divided))
        return answered(request, body, plot.row_version)

    return routes


class GeoJson(Response):
    """An answer in GeoJSON."""

    media_type = GEOJSON


def read_plot(request: Request, plot_id: int) -> ShapeOfPlot:
    """The current plot with its outline."""
    landbank: Landbank = request.app.state.landbank
    with landbank.reading() as store:
        return find_shape(store.plot_shapes, plot_id)


def answered(request: Request, body: bytes, version: int) -> Response:
    """The body under its tag, or 304."""
    return conditional.answer(request, body, tag=conditional.strong_tag(body, version), media_type=GEOJSON)


def read_size(text: str) -> Footprint:
    """The footprint that `120x80` or `45,5 x 30` says, in metres.

    Raises
    ------
    Invalid
        The text names no size, or one that can't be.
    """
    found = SIZE.fullmatch(text.strip())
    if found is None:
        raise Invalid(
            f"'{text[:40]}' is no size.", hint="Write width x depth in metres: 120x80.", where="footprint"
        )
    width, depth = (float(side.replace(",", ".")) for side in found.groups())
    return Footprint(width, depth)


def read_sizes(text: str) -> list[Footprint]:
    """The footprints of a list like `60x40,30x30`; none for an empty text."""
    parts = [part for part in text.split(",") if part.strip()]
    if len(parts) > MOST_ALSO:
        raise Invalid(
            f"{len(parts)} more footprints are too many.", hint=f"At most {MOST_ALSO}.", where="also"
        )
    return [read_size(part) for part in parts]


def read_place(text: str | None) -> shapely.Point | None:
    """The place that `longitude,latitude` names, in the storage CRS."""
    if text is None:
        return None
    try:
        longitude, latitude = (float(part) for part in text.split(","))
    except ValueError:
        longitude = latitude = np.nan
    if not (-180 <= longitude <= 180 and -90 <= latitude <= 90):
        raise Invalid(
            f"'{text[:40]}' is no place.", hint="Write longitude,latitude: 11.97,57.71.", where="road"
        )
    x, y = shapely.get_coordinates(reproject(shapely.points([[longitude, latitude]]), LONLAT, STORAGE))[0]
    if not (np.isfinite(x) and np.isfinite(y)):
        raise Invalid(
            f"'{text[:40]}' lies outside the map.", hint="Give a place near the plot.", where="road"
        )
    return shapely.Point(x, y)
