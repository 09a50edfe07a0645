"""WCAG 2.2 AA as far as a machine can tell, reflow, and symbols that need no colour."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Violations = Callable[[Page], list[str]]

PAGES = {
    "sv": ["/", "/?yta_min=5&el=5", "/?yta_min=90&el=400", "/om", "/tillganglighet"],
    "en": ["/en", "/en?yta_min=5&el=5", "/en?yta_min=90&el=400", "/en/about", "/en/accessibility"],
}
LAND = """() => {
  const tile = document.querySelector(".base-tiles canvas.leaflet-tile-loaded");
  const copy = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  copy.drawImage(tile, 128, 128, 1, 1, 0, 0, 1, 1);
  return copy.getImageData(0, 0, 1, 1).data.join();
}"""
"""The colour in the middle of a tile of the background."""
SIZES = {"wide": (1400, 900), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", [*PAGES["sv"], *PAGES["en"]])
def test_axe_finds_nothing(page: Page, site: str, violations: Violations, path: str, size: str) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site + path)
    page.wait_for_load_state("networkidle")

    assert violations(page) == []


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", ["/", "/en"])
def test_axe_finds_nothing_on_the_page_of_a_plot(
    page: Page, site: str, violations: Violations, path: str, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site + path)
    page.locator("[data-plot] h4 a").first.click()
    expect(page.locator("path.plot-outline").first).to_be_attached()

    assert violations(page) == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_nothing_with_a_plot_selected(
    page: Page, site: str, violations: Violations, scheme: str
) -> None:
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.goto(f"{site}/?yta_min=5")
    page.get_by_role("button", name="Visa i kartan").first.click()
    expect(page.get_by_role("group", name="Vald tomt")).to_be_visible()

    assert violations(page) == []


def test_axe_finds_nothing_with_the_map_shown_on_a_phone(
    page: Page, site: str, violations: Violations
) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(f"{site}/?yta_min=5")
    page.get_by_role("button", name="Visa karta").click()
    expect(page.get_by_role("region", name="Kartbild")).to_be_visible()
    expect(page.locator(".map-loading")).to_be_hidden()

    assert violations(page) == []

    page.get_by_role("button", name="Visa listan").click()
    expect(page.get_by_role("region", name="Kartbild")).to_be_hidden()


@pytest.mark.parametrize("path", ["/", "/?yta_min=5&el=5", "/om", "/en"])
def test_nothing_scrolls_sideways_at_320_pixels(page: Page, site: str, path: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site + path)
    page.wait_for_load_state("networkidle")

    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_plot_page_does_not_scroll_sideways_at_320_pixels(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    page.goto(site)
    page.locator("[data-plot] h4 a").first.click()
    expect(page.get_by_role("heading", level=1)).to_be_visible()

    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_legend_is_always_there_and_names_every_label(page: Page, site: str) -> None:
    page.goto(site)

    legend = page.get_by_role("list", name="Kartans tecken")
    expect(legend).to_be_visible()
    expect(legend.locator("[data-label]")).to_have_count(7)
    expect(legend.locator("canvas.swatch")).to_have_count(7)


def test_map_follows_when_the_visitor_turns_to_dark(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator(".map-loading")).to_be_hidden()
    bright = page.evaluate(LAND)

    page.emulate_media(color_scheme="dark")

    page.wait_for_function(f"(bright) => ({LAND})() !== bright", arg=bright)


def test_two_landmarks_never_share_a_name(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    expect(page.locator(".map-loading")).to_be_hidden()

    names = page.get_by_role("region").evaluate_all("all => all.map((one) => one.ariaLabel).filter(Boolean)")

    assert len(names) == len(set(names))
