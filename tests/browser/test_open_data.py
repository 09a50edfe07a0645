"""The pages of open data: fit for everybody, with and without script, with the items on a map."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import BrowserContext, Page, expect

Violations = Callable[[Page], list[str]]

PATHS = [
    "/ogc",
    "/ogc/api",
    "/ogc/conformance",
    "/ogc/functions",
    "/ogc/collections",
    "/ogc/collections/plots",
    "/ogc/collections/plots/queryables",
    "/ogc/collections/plots/items?filter=area_m2%20%3E%2010000&sortby=-area_m2",
    "/ogc/collections/plots/items?filter=false",
    "/ogc/collections/municipalities/items/1480",
]
SIZES = {"wide": (1400, 900), "phone": (390, 844)}


@pytest.mark.parametrize("size", SIZES)
def test_axe_finds_nothing_on_pages_of_open_data(
    page: Page, site: str, violations: Violations, size: str
) -> None:
    page.set_viewport_size(dict(zip(("width", "height"), SIZES[size], strict=True)))  # type: ignore[arg-type]
    for number, path in enumerate(PATHS):
        language = "sv" if number % 2 else "en"
        page.goto(f"{site}{path}{'&' if '?' in path else '?'}lang={language}")
        page.wait_for_load_state("networkidle")
        assert (path, violations(page)) == (path, [])
        assert page.locator("html").get_attribute("lang") == language


def test_nothing_scrolls_sideways_on_a_narrow_screen(page: Page, site: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})
    for path in PATHS:
        page.goto(site + path)
        assert (path, page.evaluate("() => document.documentElement.scrollWidth") <= 320) == (path, True)


def test_filter_is_written_answered_and_shown_on_the_map(page: Page, site: str) -> None:
    page.goto(f"{site}/ogc/collections/plots/items?lang=sv")
    page.get_by_label("Filter (CQL2)").fill("area_m2 > 20000")
    page.get_by_label("Sortera efter").fill("-area_m2")
    page.get_by_label("Rader per sida").fill("5")
    page.get_by_role("button", name="Visa").click()

    expect(page.get_by_role("row")).to_have_count(6)
    expect(page.get_by_label("Filter (CQL2)")).to_have_value("area_m2 > 20000")
    expect(page.locator("path.ogc-shape")).to_have_count(5)
    first = page.get_by_role("rowheader").first.inner_text()
    page.get_by_role("link", name="Nästa sida").click()
    expect(page.get_by_role("rowheader").first).not_to_have_text(first)
    page.get_by_role("rowheader").first.get_by_role("link").click()
    expect(page.get_by_role("link", name="Tomtens egen sida")).to_be_visible()
    expect(page.locator("path.ogc-shape")).to_have_count(1)


def test_wrong_filter_is_told_on_a_page(page: Page, site: str, watch: object) -> None:
    watch.expected = lambda text: "400" in text  # type: ignore[attr-defined] # the browser logs the status
    page.goto(f"{site}/ogc/collections/plots/items?lang=en&filter=colour%20%3D%201")

    expect(page.get_by_role("heading", level=1)).to_be_visible()
    expect(page.get_by_text("there is no property 'colour'")).to_be_visible()


def test_pages_of_open_data_need_no_script(browser: object, site: str) -> None:
    context: BrowserContext = browser.new_context(java_script_enabled=False)  # type: ignore[attr-defined]
    page = context.new_page()
    page.goto(f"{site}/ogc/collections/plots/items?limit=3&lang=sv")
    expect(page.get_by_role("row")).to_have_count(4)
    expect(page.get_by_text("Kartan ritas med JavaScript")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_role("button", name="Show")).to_be_visible()
    context.close()
