"""What goes with baked tiles: the metadata inside the file, and the page that shows the map from that file alone."""

from __future__ import annotations

import shutil
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Any, Protocol

from landbank.api.health import own_version
from landbank.api.i18n import Language, Words, read_words
from landbank.api.page_frame import LANGUAGE_NAMES, environment
from landbank.api.page_labels import LABEL_ORDER
from landbank.api.static import WebFiles, find_web
from landbank.api.tile_json import LAYERS
from landbank.api.tiles import VARIANT, entity_tag
from landbank.codelists import terms
from landbank.errors import Unavailable
from landbank.store.tile_snapshot import ListedPlot
from landbank.store.tiles import State

MOST_LISTED = 5_000
"""Plots up to which the file carries a list of them: about 20 bytes each, and nobody reads a longer one."""

NUMBERS = frozenset(("pid", "aid", "restricted", "area", "count", "available"))
"""The fields that hold numbers: readers of such files take a field's type from the metadata (GDAL's PMTiles driver)."""

ATTRIBUTION = "Kommungränser: SCB"
SCRIPTS = (
    "baked-map", "baked-list", "pmtiles", "vector-tiles", "plot-tiles", "base-tiles", "clusters", "geometry",
    "symbols", "i18n",
)  # fmt: skip
FILES = (
    *(f"js/{name}.js" for name in SCRIPTS),
    "css/tokens.css",
    "css/site.css",
    "css/map.css",
    "css/baked.css",
    "vendor/decode-tile.js",
    "vendor/leaflet/leaflet.js",
    "vendor/leaflet/leaflet.css",
    "vendor/licences",
    "icon.svg",
)
"""What the page needs of the pages' own files."""


class Source(Protocol):
    """What is asked of the tiles' snapshot."""

    state: State

    def plots(self, most: int) -> list[ListedPlot] | None:
        """All current plots, or None where there are too many."""
        ...

    def is_synthetic(self) -> bool:
        """Whether any plot is invented."""
        ...


@dataclass(frozen=True, slots=True)
class Baked:
    """The state of the inventory that is baked; `plots` is None where there are too many to list."""

    state: State
    is_synthetic: bool
    plots: list[ListedPlot] | None
    extent: tuple[float, float, float, float]

    @property
    def names_state(self) -> dict[str, Any]:
        """All that the tiles' bytes depend on."""
        return {"tag": entity_tag(self.state).decode(), "variant": VARIANT, "version": own_version()}

    def metadata(self, zooms: tuple[int, int]) -> dict[str, Any]:
        """The JSON inside the file: TileJSON's `vector_layers`, where the data is from, and landbank's own facts."""
        label = "Synthetic example: plots, plans and contacts are invented. " if self.is_synthetic else ""
        return {
            "name": "landbank",
            "description": f"{label}Planned commercial land of the Göteborg region, {self.state.day}.",
            "attribution": ATTRIBUTION,
            "type": "overlay",
            "version": str(self.state.revision),
            "vector_layers": [
                {
                    **layer,
                    "fields": {name: "Number" if name in NUMBERS else "String" for name in layer["fields"]},
                    "minzoom": min(max(layer.get("minzoom", 0), zooms[0]), zooms[1]),
                    "maxzoom": zooms[1],
                }
                for layer in (*LAYERS["plots"], *LAYERS["base"])
            ],
            "landbank": {
                "revision": self.state.revision,
                "changed_at": self.state.changed_at.isoformat(),
                "day": self.state.day.isoformat(),
                "is_synthetic": self.is_synthetic,
                "plots": None if self.plots is None else [asdict(plot) for plot in self.plots],
            },
        }


def describe(source: Source, extent: tuple[float, float, float, float]) -> Baked:
    """What a snapshot holds beside its tiles."""
    return Baked(source.state, source.is_synthetic(), source.plots(MOST_LISTED), extent)


def write_page(destination: Path, baked: Baked, zooms: tuple[int, int], *, at: datetime) -> list[Path]:
    """Write the map page of a baked file beside it, in Swedish and English, with its scripts in a folder of their own.

    For karta.pmtiles: karta.html, karta.en.html and karta-files/. Returns the two pages.

    Raises
    ------
    Unavailable
        The pages' scripts were never built.
    """
    web = find_web()
    WebFiles(web)  # says what is missing
    folder = destination.with_name(f"{destination.stem}-files")
    copy_files(web / "static", folder)
    words = read_words(web / "locale")
    names = {Language.SV: f"{destination.stem}.html", Language.EN: f"{destination.stem}.en.html"}
    for language, name in names.items():
        made = environment(web / "templates", lambda file: f"{folder.name}/{file}", words[language])
        other = Language.EN if language is Language.SV else Language.SV
        text = made.get_template("baked.html").render(
            language=language.value,
            other={"code": other.value, "name": LANGUAGE_NAMES[other], "url": names[other]},
            file=destination.name,
            zooms=zooms,
            **shown(baked, words[language], at),
        )
        (destination.parent / name).write_text(text, encoding="utf-8")
    return [destination.parent / name for name in names.values()]


def shown(baked: Baked, words: Words, at: datetime) -> Mapping[str, Any]:
    """What the page says of the file."""
    return {
        "baked_at": f"{words.day(at.date())} {at:%H:%M} UTC",
        "day": words.day(baked.state.day),
        "revision": words.number(baked.state.revision, 0),
        "is_synthetic": baked.is_synthetic,
        "extent": baked.extent,
        "count": None if baked.plots is None else len(baked.plots),
        "most_listed": words.number(MOST_LISTED, 0),
        "legend": [
            (label.value, terms("public_label")[label].label(words.language)) for label in LABEL_ORDER
        ],
    }


def copy_files(static: Path, folder: Path) -> None:
    """Put the page's scripts, styles and their licences into the folder; older ones there are replaced."""
    for name in FILES:
        source, target = static / name, folder / name
        if not source.exists():
            raise Unavailable(f"The web assets lack {name}.", hint="Run `make setup`.")
        target.parent.mkdir(parents=True, exist_ok=True)
        if source.is_dir():
            shutil.copytree(source, target, dirs_exist_ok=True)
        else:
            shutil.copyfile(source, target)
