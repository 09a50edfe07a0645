"""The Folium map as a page gets it: local files only, stable names, constants only."""

from __future__ import annotations

import folium
import pytest
from folium.plugins import Fullscreen

from landbank.maps import map_parts
from landbank.maps.constants import refuse_markup
from landbank.maps.figure import LbMap, LocalFigure
from landbank.maps.layers import BaseTiles, PlotTiles

ATTACKS = ["{{7*7}}", "{% set x = 1 %}", "{# note #}", "<img src=x onerror=alert(1)>", "${alert(1)}", "`x`"]


def static(name: str) -> str:
    return f"/static/0123456789ab/{name}"


def region(**texts: str) -> LbMap:
    words = {"label": "Karta", "help_text": "Hjälp", "zoom_in": "In", "zoom_out": "Ut", **texts}
    return LbMap(**words)


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_no_foreign_host_is_named_anywhere(lang: str) -> None:
    parts = map_parts(lang, static=static)  # type: ignore[arg-type]

    whole = "\n".join([parts.html, *parts.stylesheets, *parts.scripts, parts.module])
    assert "//" not in whole
    assert "http" not in whole


def test_parts_hold_the_files_in_the_order_in_which_they_must_run() -> None:
    parts = map_parts("sv", static=static)

    assert parts.stylesheets == (static("vendor/leaflet/leaflet.css"), static("css/map.css"))
    assert parts.scripts == (static("vendor/leaflet/leaflet.js"), static("vendor/decode-tile.js"))
    assert parts.module.index(static("js/plot-tiles.js")) < parts.module.index("L.map(")


def test_names_are_stable_from_one_rendering_to_the_next() -> None:
    first, second = map_parts("sv", static=static), map_parts("sv", static=static)

    assert first == second
    assert 'id="map_main"' in first.html
    assert "const map_main = L.map(" in first.module
    assert "const plot_tiles_plots = L.plotTiles(" in first.module
    assert "const base_tiles_region = L.baseTiles(" in first.module
    assert "export { map_main as map, plot_tiles_plots as plots, base_tiles_region as base };" in first.module


def test_map_speaks_the_language_of_its_page() -> None:
    swedish, english = map_parts("sv", static=static), map_parts("en", static=static)

    assert 'aria-label="Kartbild"' in swedish.html
    assert '"Zooma in"' in swedish.module
    assert 'aria-label="Map view"' in english.html
    assert '"Zoom in"' in english.module


def test_map_brings_no_inline_style_script_or_viewport() -> None:
    parts = map_parts("sv", static=static)

    for tag in ("<style", "<script", "<meta", " style="):
        assert tag not in parts.html


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("field", ["label", "help_text", "zoom_in", "zoom_out"])
def test_text_with_marks_is_refused_by_the_map(field: str, attack: str) -> None:
    with pytest.raises(ValueError, match="only constants"):
        region(**{field: attack})


@pytest.mark.parametrize("attack", ATTACKS)
@pytest.mark.parametrize("layer", [PlotTiles, BaseTiles])
def test_text_with_marks_is_refused_by_the_layers(layer: type[PlotTiles | BaseTiles], attack: str) -> None:
    with pytest.raises(ValueError, match="only constants"):
        layer("/tiles/{z}/{x}/{y}", key="plots", attribution=attack)
    with pytest.raises(ValueError, match="only constants"):
        layer("/tiles/{z}/{x}/{y}", key="plots", nested={"deep": [attack]})
    with pytest.raises(ValueError, match="only constants"):
        layer(f"/tiles/{attack}", key="plots")


def test_arithmetic_in_a_text_is_never_worked_out() -> None:
    refuse_markup({"sum": "7*7"}, where="test")
    figure, chart = LocalFigure(static), region(label="7*7")
    figure.add_child(chart)

    assert "49" not in figure.parts().html


def test_objects_other_than_plain_values_are_refused() -> None:
    with pytest.raises(TypeError, match="is a Element"):
        refuse_markup([folium.Element("x")], where="test")


@pytest.mark.parametrize(
    "url", ["https://tiles.example.org/{z}/{x}/{y}", "//tiles.example.org/{z}", "tiles/{z}"]
)
def test_tiles_come_from_this_host(url: str) -> None:
    with pytest.raises(ValueError, match="come from this host"):
        PlotTiles(url, key="plots")


def test_file_of_a_foreign_host_without_own_copy_is_an_error() -> None:
    figure, chart = LocalFigure(static), region()
    figure.add_child(chart)
    chart.add_child(Fullscreen())

    with pytest.raises(ValueError, match="there is no copy of our own"):
        figure.parts()


def test_layer_that_names_a_foreign_host_in_its_script_is_an_error() -> None:
    figure, chart = LocalFigure(static), region()
    figure.add_child(chart)
    chart.add_child(folium.TileLayer("OpenStreetMap"))

    with pytest.raises(ValueError, match="names a foreign host"):
        figure.parts()
