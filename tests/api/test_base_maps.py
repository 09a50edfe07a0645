"""Backgrounds on offer, and the security policy that follows from them."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbank.api.base_maps import OPENSTREETMAP, offered_base_maps
from landbank.api.csp import policy
from landbank.errors import Invalid

ENTRY = """
[[base_map]]
id = "topo"
name_sv = "Topografisk karta"
name_en = "Topographic map"
kind = "{kind}"
url = "{url}"
attribution = "Example mapping agency"
"""


def listed(tmp_path: Path, text: str) -> Path:
    path = tmp_path / "base-maps.toml"
    path.write_text(text, encoding="utf-8")
    return path


def test_nothing_is_offered_but_what_is_listed() -> None:
    assert offered_base_maps(None, openstreetmap=False) == ()
    assert offered_base_maps(None, openstreetmap=True) == (OPENSTREETMAP,)


def test_policy_allows_pictures_of_openstreetmap_only_where_it_is_offered() -> None:
    assert "img-src 'self' data:;" in policy(())
    assert "img-src 'self' data: https://tile.openstreetmap.org;" in policy((OPENSTREETMAP,))


def test_policy_allows_no_inline_script_or_style() -> None:
    text = policy((OPENSTREETMAP,))

    assert "script-src 'self';" in text
    assert "style-src 'self';" in text
    assert "default-src 'none'" in text
    assert "unsafe" not in text
    assert "*" not in text


def test_listed_xyz_map_is_offered_before_openstreetmap(tmp_path: Path) -> None:
    path = listed(tmp_path, ENTRY.format(kind="xyz", url="https://maps.example.org:8443/t/{z}/{x}/{y}.png"))

    topo, osm = offered_base_maps(path, openstreetmap=True)

    assert topo.origin == "https://maps.example.org:8443"
    assert topo.as_json("sv")["name"] == "Topografisk karta"
    assert topo.as_json("en")["name"] == "Topographic map"
    assert osm is OPENSTREETMAP
    assert "https://maps.example.org:8443" in policy((topo,))


def test_wmts_becomes_an_address_of_tiles(tmp_path: Path) -> None:
    text = ENTRY.format(kind="wmts-kvp", url="https://maps.example.org/wmts") + 'layer = "topowebb"\n'

    (topo,) = offered_base_maps(listed(tmp_path, text), openstreetmap=False)

    assert topo.url == (
        "https://maps.example.org/wmts?SERVICE=WMTS&REQUEST=GetTile&VERSION=1.0.0&LAYER=topowebb&STYLE=default"
        "&TILEMATRIXSET=3857&FORMAT=image%2Fpng&TILEMATRIX={z}&TILEROW={y}&TILECOL={x}"
    )


@pytest.mark.parametrize(
    ("kind", "url", "reason"),
    [
        ("xyz", "http://maps.example.org/{z}/{x}/{y}.png", "url must begin with https"),
        ("xyz", "https://maps.example.org/{z}/{x}/{y}.png; script-src *", "url must begin with https"),
        (
            "xyz",
            "https://maps.example.org,https://other.example.org/{z}/{x}/{y}",
            "url must begin with https",
        ),
        ("xyz", "https://*/{z}/{x}/{y}", "url must begin with https"),
        ("xyz", "https://user@maps.example.org/{z}/{x}/{y}", "url must begin with https"),
        ("xyz", "https://maps.example.org/{z}/{x}.png", "needs the placeholders"),
        ("wms", "https://maps.example.org/wms", "needs a layer"),
        ("wmts", "https://maps.example.org/wmts", "kind"),
    ],
)
def test_entry_that_can_not_work_is_refused(tmp_path: Path, kind: str, url: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        offered_base_maps(listed(tmp_path, ENTRY.format(kind=kind, url=url)), openstreetmap=False)


@pytest.mark.parametrize(
    ("text", "reason"),
    [
        ("[[base_map", "no valid TOML"),
        ("other = 1", "something else"),
        (ENTRY.format(kind="xyz", url="https://a.example.org/{z}/{x}/{y}") + "speed = 1", "speed"),
        (ENTRY.format(kind="xyz", url="https://a.example.org/{z}/{x}/{y}") * 2, "names an id twice"),
    ],
)
def test_list_with_a_fault_is_refused_and_says_which(tmp_path: Path, text: str, reason: str) -> None:
    with pytest.raises(Invalid, match=reason):
        offered_base_maps(listed(tmp_path, text), openstreetmap=False)


def test_missing_list_is_refused(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="can't be read"):
        offered_base_maps(tmp_path / "nowhere.toml", openstreetmap=True)


def test_example_of_the_documentation_is_accepted() -> None:
    example = Path(__file__).parents[2] / "web/examples/base-maps.toml"

    municipal, topographic, aerial = offered_base_maps(example, openstreetmap=False)

    assert municipal.as_json("sv")["layers"] == "grundkarta"
    assert topographic.as_json("sv")["attributionUrl"] == "https://www.example.org/villkor"
    assert aerial.max_zoom == 19
