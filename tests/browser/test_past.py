"""An earlier moment in the browser: list, map and plot stay in it until the visitor goes back to now."""

from __future__ import annotations

import re
from collections.abc import Callable
from urllib.parse import parse_qs, quote, urlsplit

from playwright.sync_api import Page, expect

Site = tuple[str, str]


def as_of(url: str) -> list[str]:
    """The moment that an address asks for."""
    return parse_qs(urlsplit(url).query).get("as_of", [])


def test_search_map_and_plot_stay_at_the_moment_until_the_way_back_is_taken(
    page: Page, changed_site: Site
) -> None:
    address, before = changed_site
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))

    with page.expect_response(re.compile("/tiles/plots/")):
        page.goto(f"{address}/?as_of={quote(before)}")
    banner = page.get_by_role("complementary", name="Tidigare läge")
    expect(banner).to_contain_text("Så här såg det ut")
    page.get_by_label("från i hektar").fill("0,1")
    expect(page).to_have_url(re.compile("yta_min"))
    assert as_of(page.url) == [before]

    page.locator(".card a").first.click()
    expect(page.get_by_role("heading", level=1)).not_to_contain_text("Ny ")
    expect(banner).to_be_visible()
    expect(page.locator(".leaflet-container")).to_be_visible()
    tiles = [url for url in asked if "/tiles/" in url or "/ogc/" in url]
    assert tiles
    assert all(as_of(url) == [before] for url in tiles)

    banner.get_by_role("link", name="Visa hur det är nu").click()
    expect(banner).to_have_count(0)
    assert as_of(page.url) == []


def test_day_is_chosen_by_keyboard_below_the_list(page: Page, changed_site: Site) -> None:
    page.goto(f"{changed_site[0]}/?kommun=1480")
    day = page.get_by_label("Visa hur det såg ut")
    day.fill(changed_site[1][:10])
    day.press("Enter")
    expect(page.get_by_role("complementary", name="Tidigare läge")).to_be_visible()
    assert parse_qs(urlsplit(page.url).query) == {"kommun": ["1480"], "as_of": [changed_site[1][:10]]}


def test_pages_of_the_past_and_of_what_happened_are_accessible(
    page: Page, changed_site: Site, violations: Callable[[Page], list[str]]
) -> None:
    address, before = changed_site
    for path in (f"/?as_of={quote(before)}", f"/tomt/1?as_of={quote(before)}", "/tomt/1/historik"):
        page.goto(f"{address}{path}")
        assert violations(page) == [], path
    page.set_viewport_size({"width": 320, "height": 700})
    page.goto(f"{address}/tomt/1/historik")
    assert page.evaluate("document.documentElement.scrollWidth") <= 320
