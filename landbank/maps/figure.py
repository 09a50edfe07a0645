"""Folium's figure and map, made fit for a page of our own: no foreign host, no inline style, stable names."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import folium
from branca.element import Figure, Link
from folium.template import Template

from landbank.maps.constants import refuse_markup

LOCAL_FILES = {
    "leaflet": "vendor/leaflet/leaflet.js",
    "leaflet_css": "vendor/leaflet/leaflet.css",
}
"""Our own copy of what Folium asks foreign hosts for, by the name that Folium gives it."""


@dataclass(frozen=True, slots=True)
class FigureParts:
    """A rendered figure, apart: addresses of stylesheets, classic scripts and modules, and two fragments."""

    stylesheets: tuple[str, ...]
    scripts: tuple[str, ...]
    modules: tuple[str, ...]
    html: str
    script: str


class LocalFigure(Figure):
    """A figure that gives its parts to a page instead of being one, and that contacts no foreign host."""

    def __init__(self, static: Callable[[str], str]) -> None:
        super().__init__()
        self.static = static
        del self.header._children["meta_http"]

    def parts(self) -> FigureParts:
        """The figure's fragments and the local addresses of the files that they need.

        Raises
        ------
        ValueError
            An element asks for a file of a foreign host that we have no copy of, brings a style or script of
            its own into the page's head, or names a foreign host in its fragment.
        """
        for child in self._children.values():
            child.render()
        names = [self.local_name(name, element) for name, element in self.header._children.items()]
        html = "".join(child.render() for child in self.html._children.values())
        script = "\n".join(child.render().strip() for child in self.script._children.values())
        for fragment in (html, script):
            if "//" in fragment:
                raise ValueError(f"a map's fragment names a foreign host: {fragment!r}")
        return FigureParts(
            stylesheets=tuple(self.static(name) for name in names if name.endswith(".css")),
            scripts=tuple(
                self.static(name) for name in names if name.startswith("vendor/") and name.endswith(".js")
            ),
            modules=tuple(self.static(name) for name in names if name.startswith("js/")),
            html=html.strip(),
            script=script,
        )

    def local_name(self, name: str, element: object) -> str:
        """The name of the static file that stands for a header element of Folium."""
        if not isinstance(element, Link):
            raise ValueError(f"{name} brings markup of its own into the page's head")
        url: str = element.url
        if "//" not in url:
            return url
        if name not in LOCAL_FILES:
            raise ValueError(f"{name} asks for {url}: there is no copy of our own of it")
        return LOCAL_FILES[name]


class LbMap(folium.Map):
    """A map without background and view of its own, that a page can place, name and style.

    Parameters
    ----------
    key
        Ending of its JavaScript name and HTML id: `map_<key>`.
    label, help_text
        Accessible name of the region, and what is read to those who come to it with the keyboard.
    zoom_in, zoom_out
        Names of the two zoom buttons.
    """

    default_js = [("leaflet", LOCAL_FILES["leaflet"])]  # noqa: RUF012 - Folium's own shape, replaced and not edited
    default_css = [("leaflet_css", LOCAL_FILES["leaflet_css"]), ("map_css", "css/map.css")]  # noqa: RUF012

    # Against Folium's own: no <style> and no viewport tag in the head (the policy forbids the one, the other
    # would stop people from zooming the page), a region with a name, and the buttons in the page's language.
    _template = Template(
        """
        {% macro html(this, kwargs) %}
        <div class="folium-map" id="{{ this.get_name() }}" role="region" tabindex="0"
          aria-label="{{ this.label|e }}" aria-describedby="{{ this.get_name() }}_help"></div>
        <p class="visually-hidden" id="{{ this.get_name() }}_help">{{ this.help_text|e }}</p>
        {% endmacro %}
        {% macro script(this, kwargs) %}
        const {{ this.get_name() }} = L.map({{ this.get_name()|tojavascript }}, {
          ...{{ this.options|tojavascript }}
        });
        L.control.zoom({
          zoomInTitle: {{ this.zoom_in|tojavascript }}, zoomOutTitle: {{ this.zoom_out|tojavascript }}
        }).addTo({{ this.get_name() }});
        L.control.attribution({ prefix: false }).addTo({{ this.get_name() }});
        L.control.scale({ imperial: false, position: "bottomright" }).addTo({{ this.get_name() }});
        {% endmacro %}
        """
    )

    def __init__(
        self,
        *,
        key: str = "main",
        label: str,
        help_text: str,
        zoom_in: str,
        zoom_out: str,
        **options: Any,
    ) -> None:
        texts = {"key": key, "label": label, "help_text": help_text, "zoom": [zoom_in, zoom_out]}
        refuse_markup({**texts, **options}, where="LbMap")
        super().__init__(
            tiles=None,
            zoom_control=False,
            attributionControl=False,
            **options,
        )
        # Without a view the layers wait: the page's script knows better where to look, and no tile is asked
        # for in vain.
        del self.options["zoom"]
        self._id = key
        self.label, self.help_text = label, help_text
        self.zoom_in, self.zoom_out = zoom_in, zoom_out
