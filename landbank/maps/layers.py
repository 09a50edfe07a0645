"""Folium's side of the two tile layers; what they draw is in web/static/js."""

from __future__ import annotations

from typing import Any, ClassVar

from folium.elements import JSCSSMixin
from folium.map import Layer
from folium.template import Template

from landbank.maps.constants import refuse_markup


class TileLayer(JSCSSMixin, Layer):
    """A layer of our own vector tiles.

    Parameters
    ----------
    url
        Path of the tiles on this host, with {z}, {x} and {y}.
    key
        Ending of its JavaScript name.
    options
        Options of the Leaflet layer, in JavaScript's own spelling.
    """

    factory: ClassVar[str]
    _template = Template(
        """
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.{{ this.factory }}(
          {{ this.url|tojavascript }}, {{ this.options|tojavascript }}
        );
        {% endmacro %}
        """
    )

    def __init__(self, url: str, *, key: str, **options: Any) -> None:
        refuse_markup({"url": url, "key": key, **options}, where=type(self).__name__)
        if not url.startswith("/") or "//" in url:
            raise ValueError(f"{url}: tiles come from this host, so their address is a path")
        super().__init__(name=key, overlay=True, control=False)
        self._name = type(self).__name__
        self._id = key
        self.url = url
        self.options = options


class PlotTiles(TileLayer):
    """The plots: `const plot_tiles_<key> = L.plotTiles(url, options)`."""

    factory = "plotTiles"
    default_js = [  # noqa: RUF012 - Folium's own shape, replaced and not edited
        ("decode_tile", "vendor/decode-tile.js"),
        ("plot_tiles", "js/plot-tiles.js"),
    ]


class BaseTiles(TileLayer):
    """The schematic background: `const base_tiles_<key> = L.baseTiles(url, options)`."""

    factory = "baseTiles"
    default_js = [  # noqa: RUF012 - Folium's own shape, replaced and not edited
        ("decode_tile", "vendor/decode-tile.js"),
        ("base_tiles", "js/base-tiles.js"),
    ]
