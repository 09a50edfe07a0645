"""The map as a page needs it: a fragment, the files beside it, and the text of its module."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from landbank.maps.figure import LbMap, LocalFigure
from landbank.maps.layers import BaseTiles, PlotTiles

Lang = Literal["sv", "en"]

LAND = [[57.3, 11.5], [58.15, 12.8]]
"""South-west and north-east corner, latitude before longitude, of the thirteen municipalities' land: what is
seen when the address names no view."""

REGION_BOUNDS = [[56.7, 10.4], [58.8, 13.6]]
"""South-west and north-east corner that the map can't be moved out of; the region and its surroundings."""

WORDS: dict[Lang, dict[str, str]] = {
    "sv": {
        "label": "Kartbild",
        "help_text": "Piltangenterna flyttar, plus och minus zoomar, N och P stegar mellan träffarna, Enter öppnar "
        "den valda tomten, frågetecken visar alla tangenter. Listan innehåller allt som kartan visar.",
        "zoom_in": "Zooma in",
        "zoom_out": "Zooma ut",
        "borders": "Kommungränser: SCB",
    },
    "en": {
        "label": "Map view",
        "help_text": "Arrow keys move, plus and minus zoom, N and P step through the matches, Enter opens the "
        "selected plot, question mark shows all keys. The list holds all that the map shows.",
        "zoom_in": "Zoom in",
        "zoom_out": "Zoom out",
        "borders": "Municipal borders: Statistics Sweden",
    },
}


@dataclass(frozen=True, slots=True)
class MapParts:
    """A map for one language.

    `html` goes where the map stands; `stylesheets` and `scripts` are addresses for the page's head, the
    scripts in their order and before any module; `module` is the text of the JavaScript module that makes
    the map.
    """

    html: str
    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    module: str


def map_parts(
    lang: Lang,
    *,
    static: Callable[[str], str],
    plots_url: str = "/tiles/plots/{z}/{x}/{y}",
    base_url: str = "/tiles/base/{z}/{x}/{y}",
) -> MapParts:
    """The map in one language; the same for every visitor, so render it once a process and keep it.

    The module exports `map`, `plots` and `base`: Folium's map, and the layers of plots and background; and
    `land`, the corners of the view to begin with.
    `static` gives the address of a static file by its name, for example `js/plot-tiles.js`.
    """
    words = WORDS[lang]
    figure = LocalFigure(static)
    region = LbMap(
        label=words["label"],
        help_text=words["help_text"],
        zoom_in=words["zoom_in"],
        zoom_out=words["zoom_out"],
        minZoom=7,
        maxZoom=18,
        maxBounds=REGION_BOUNDS,
        maxBoundsViscosity=0.8,
    )
    figure.add_child(region)
    base = BaseTiles(base_url, key="region", attribution=words["borders"], minZoom=7, maxZoom=18)
    plots = PlotTiles(plots_url, key="plots", minZoom=7, maxZoom=18)
    region.add_child(base)
    region.add_child(plots)
    parts = figure.parts()
    return MapParts(
        html=parts.html,
        stylesheets=parts.stylesheets,
        scripts=parts.scripts,
        module=module_text(
            parts.modules,
            parts.script,
            {"map": region.get_name(), "plots": plots.get_name(), "base": base.get_name()},
        ),
    )


def module_text(imports: tuple[str, ...], script: str, exports: dict[str, str]) -> str:
    """A JavaScript module: what it needs first, Folium's script, and its objects under stable names."""
    lines = [f'import "{address}";' for address in imports]
    names = ", ".join(f"{own} as {name}" for name, own in exports.items())
    return "\n".join([*lines, script, f"export {{ {names} }};", f"export const land = {LAND};", ""])
