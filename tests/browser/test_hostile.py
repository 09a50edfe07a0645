"""Names that are attacks stay text: in the list, on the plot page, in the map."""

from __future__ import annotations

import re

import pytest
from playwright.sync_api import Page, expect

ATTACK = "<img src=x onerror=alert(1)>"


def assert_only_text(page: Page) -> None:
    """Nothing was made of the attacks: no picture, no added script, no product."""
    assert page.locator("img[src='x']").count() == 0
    assert page.locator("script:not([src]):not([type='application/json'])").count() == 0
    assert "829921" not in {words.strip() for words in page.locator("body").inner_text().split()}


@pytest.mark.parametrize("path", ["/", "/en", "/?yta_min=1", "/karta.js?lang=sv"])
def test_lists_show_attacks_as_they_were_written(page: Page, hostile_site: str, path: str) -> None:
    page.goto(hostile_site + path)

    assert_only_text(page)
    if "karta" not in path:
        expect(page.get_by_role("heading", name=ATTACK).first).to_be_visible()
        expect(page.get_by_role("heading", name="{{911*911}}").first).to_be_visible()


def test_selected_plot_and_names_in_the_map_are_text(page: Page, hostile_site: str) -> None:
    page.goto(f"{hostile_site}/?yta_min=0")
    for place in range(8):
        page.locator("[data-plot]").nth(place).get_by_role("button", name="Visa i kartan").click()
        name = page.locator("[data-plot]").nth(place).get_by_role("heading").inner_text()
        expect(page.get_by_role("group", name="Vald tomt").get_by_role("link")).to_have_text(name)
    expect(
        page.locator(".map-name").filter(has_text=re.compile(r"img|911\*911|script|alert")).first
    ).to_be_attached()

    assert_only_text(page)


def test_search_that_is_an_attack_is_told_back_as_text(page: Page, hostile_site: str, watch) -> None:  # type: ignore[no-untyped-def]
    watch.expected = lambda said: "status of 400" in said
    page.goto(f"{hostile_site}/?yta_min=<img src=x onerror=alert(1)>&mall={{{{911*911}}}}&kommun=<script>")

    assert_only_text(page)


def test_plot_page_shows_attacks_as_text(page: Page, hostile_site: str) -> None:
    page.goto(hostile_site)
    addresses = page.locator("[data-plot] h4 a").evaluate_all("links => links.map((link) => link.href)")

    for address in addresses[:4]:
        page.goto(address)
        expect(page.get_by_role("heading", level=1)).to_be_visible()
        assert_only_text(page)
