"""Plots' ground and imports in a real browser: drawn by keyboard and pointer, at both widths, with axe and without script."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect
from sqlalchemy import text

from landbank.domain.people import Actor, Grant, Role
from landbank.settings import Settings
from landbank.wiring import open_landbank

Violations = Callable[[Page], list[str]]
GROUND = """
INSERT INTO landbank.municipality (code, name, geometry)
VALUES ('1480', 'Göteborg', ST_Multi(ST_MakeEnvelope(300000, 6390000, 330000, 6420000, 3006)))
"""
PLOTS = """
INSERT INTO landbank.plot (municipality_code, reference, name, dataset, readiness, availability, area_m2, area_method,
    geometry, location, valid_from)
SELECT '1480', 'H' || n, 'Tomt ' || n, 'test', 'byggklar', 'ledig', 10000, 'computed',
  ST_Multi(ST_MakeEnvelope(310000 + 100 * n, 6400000, 310100 + 100 * n, 6400100, 3006)),
  ST_Point(310050 + 100 * n, 6400050, 3006), '2026-01-01'
FROM generate_series(0, 1) n
"""
PLANNER = Actor("user:1", frozenset({Grant(Role.PLANNER, "1480")}))


@pytest.fixture(scope="module")
def address(
    databases: Callable[[], str], serving_site: Any, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[str]:
    """A site with two plots of a hundred metres square beside each other, at its planner's desk."""
    url, home = databases(), tmp_path_factory.mktemp("home")
    landbank = open_landbank(Settings(home=home), url)
    with landbank.changing(actor="test") as store:
        store.connection.execute(text(GROUND))
        store.connection.execute(text(PLOTS))
    landbank.close()
    with serving_site(url, Settings(home=home), PLANNER) as served:
        yield served


def drawn(page: Page) -> None:
    """Return when the map shows the outline's corners."""
    expect(page.locator(".outline-corner").first).to_be_visible()


def corners(page: Page) -> list[tuple[float, float]]:
    """East and north of each corner in the list."""
    lines = page.get_by_label("Gränsens hörn").input_value().split("\n")
    return [(float(line.split()[1]), float(line.split()[0])) for line in lines if line]


def look(page: Page, violations: Violations, where: str) -> None:
    """Axe finds nothing, and nothing scrolls sideways."""
    assert violations(page) == [], where
    wide = page.evaluate("() => document.documentElement.scrollWidth - document.documentElement.clientWidth")
    assert wide <= 0, where


@pytest.mark.parametrize("look_of", ["wide and light", "narrow and dark"])
def test_axe_finds_nothing_on_any_page_of_the_ground_or_of_imports(
    page: Page, address: str, violations: Violations, look_of: str, tmp_path: Path
) -> None:
    if look_of == "narrow and dark":
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")
    page.goto(f"{address}/tomt/1/grans")
    drawn(page)
    page.get_by_role("button", name="Granska").click()
    expect(page.get_by_role("heading", name="Så blir tomten")).to_be_visible()
    drawn(page)
    look(page, violations, "outline")
    page.goto(f"{address}/tomt/1/dela")
    page.get_by_label("Delningslinje").fill("6399990 310040\n6400110 310040")
    page.get_by_role("button", name="Granska").click()
    expect(page.get_by_text("Areorna går ihop.")).to_be_visible()
    drawn(page)
    look(page, violations, "split")
    page.goto(f"{address}/tomt/1/sla-ihop")
    page.get_by_role("checkbox", name=re.compile("Tomt 1")).check()
    page.get_by_role("button", name="Granska").click()
    expect(page.get_by_role("heading", name="Att välja")).to_be_visible()
    look(page, violations, "merge")
    page.goto(f"{address}/tomt/1/rita-om")
    drawn(page)
    look(page, violations, "redraw")
    page.goto(f"{address}/importer")
    look(page, violations, "imports")
    path = tmp_path / "tomter.geojson"
    ring = [[310000, 6400000], [310090, 6400000], [310090, 6400100], [310000, 6400100], [310000, 6400000]]
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    shape = {"type": "Polygon", "coordinates": [ring]}
    features = [{"type": "Feature", "properties": {"referens": "H0", "namn": "Ny"}, "geometry": shape}]
    path.write_text(
        json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}), encoding="utf-8"
    )
    page.get_by_label("Fil", exact=True).set_input_files(path)
    page.get_by_role("button", name="Granska filen").click()
    expect(page.get_by_role("heading", name="Vad som ändras")).to_be_visible()
    look(page, violations, "import")


def test_corner_is_moved_by_the_keyboard_and_undone(page: Page, address: str) -> None:
    page.goto(f"{address}/tomt/1/grans")
    drawn(page)
    before = corners(page)
    page.get_by_role("button", name="Hörn 1", exact=True).focus()
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Shift+ArrowUp")
    page.keyboard.press("Alt+ArrowRight")
    (east, north), *_rest = before

    assert corners(page)[0] == pytest.approx((east + 1.1, north + 10))
    expect(page.locator("[data-tell='numbers']")).to_contain_text("omkrets")
    page.keyboard.press("+")
    assert len(corners(page)) == 5
    for _ in range(4):
        page.keyboard.press("Control+z")
    assert corners(page) == before
    expect(page.get_by_role("button", name="Ångra")).to_be_disabled()


def test_outline_is_drawn_anew_by_the_keyboard_alone(page: Page, address: str) -> None:
    page.goto(f"{address}/tomt/1/grans")
    drawn(page)
    page.get_by_role("button", name="Töm").press("Enter")
    page.get_by_role("button", name="Rita", exact=True).press("Enter")
    for keys in (["Enter"], ["ArrowRight", "Enter"], ["ArrowDown", "Enter"]):
        for key in keys:
            page.keyboard.press(key)
            page.wait_for_timeout(350)  # Leaflet glides for a quarter of a second
    page.keyboard.press("Escape")

    assert len(corners(page)) == 3
    page.get_by_role("button", name="Granska").press("Enter")
    expect(page.get_by_role("heading", name="Så blir tomten")).to_be_visible()


def test_dragged_corner_snaps_to_the_neighbours(page: Page, address: str) -> None:
    page.goto(f"{address}/tomt/1/grans")
    drawn(page)
    ring = corners(page)
    place = next(n for n, corner in enumerate(ring) if corner == (310_100.0, 6_400_100.0))
    page.get_by_role("button", name=f"Hörn {place + 1}", exact=True).focus()
    page.keyboard.press("Shift+ArrowLeft")
    page.keyboard.press("Shift+ArrowDown")
    assert corners(page)[place] == (310_090.0, 6_400_090.0)
    box = page.get_by_role("button", name=f"Hörn {place + 1}", exact=True).bounding_box()
    assert box is not None
    x, y = box["x"] + box["width"] / 2, box["y"] + box["height"] / 2
    other = page.get_by_role("button", name=f"Hörn {(place + 2) % 4 + 1}", exact=True).bounding_box()
    assert other is not None
    ten = abs(other["x"] - box["x"]) / 9  # pixels of ten metres: the corner across lies 90 m away
    page.mouse.move(x, y)
    page.mouse.down()
    page.mouse.move(x + ten / 2, y - ten / 2, steps=3)
    page.mouse.move(x + ten - 3, y - ten + 3, steps=3)
    page.mouse.up()

    assert corners(page)[place] == (310_100.0, 6_400_100.0)


def test_everything_works_without_a_script(browser: Browser, address: str) -> None:
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1400, "height": 900})
    page = context.new_page()
    page.goto(f"{address}/tomt/2/grans")
    assert page.get_by_role("button", name="Rita", exact=True).count() == 0
    page.get_by_label("Gränsens hörn").fill("6400000 310100\n6400000 310180\n6400100 310180\n6400100 310100")
    page.get_by_role("button", name="Granska").click()
    expect(page.get_by_role("heading", name="Så blir tomten")).to_be_visible()
    page.get_by_label("Skäl").fill("ny mätning")
    page.get_by_role("button", name="Spara gränsen").click()
    expect(page.get_by_text("Gränsen är sparad.")).to_be_visible()
    page.get_by_role("link", name="Dela tomten").click()
    page.get_by_label("Delningslinje").fill("6399990 310140\n6400110 310140")
    page.get_by_role("button", name="Granska").click()
    page.get_by_label("Skäl").fill("två köpare")
    page.get_by_role("button", name="Dela tomten").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("finns inte längre")
    context.close()
