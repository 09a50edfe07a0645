"""The page without JavaScript: form, list and plot page say and do all that matters."""

from __future__ import annotations

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect


@pytest.fixture
def plain(browser: Browser) -> Iterator[Page]:
    """A page of a browser whose JavaScript is off."""
    context = browser.new_context(java_script_enabled=False, viewport={"width": 1400, "height": 900})
    yield context.new_page()
    context.close()


def test_search_works_and_the_list_says_where_and_what(plain: Page, site: str) -> None:
    plain.goto(site)
    plain.get_by_label("från i hektar").fill("5")
    plain.get_by_role("button", name="Sök", exact=True).click()

    expect(plain).to_have_url(re.compile("yta_min=5"))
    card = plain.locator("[data-plot]").first
    expect(card.get_by_role("link")).to_be_visible()
    expect(card).to_contain_text("ha")
    expect(plain.get_by_text("Kartan ritas med JavaScript")).to_be_visible()


def test_what_needs_a_script_is_not_offered(plain: Page, site: str) -> None:
    plain.goto(f"{site}/?yta_min=5")

    for name in ("Visa i kartan", "Kopiera länk", "Visa karta"):
        expect(plain.get_by_role("button", name=name).first).to_be_hidden()


def test_plot_page_is_whole(plain: Page, site: str) -> None:
    plain.goto(f"{site}/?yta_min=5")
    plain.locator("[data-plot]").first.get_by_role("link").click()

    expect(plain).to_have_url(re.compile(r"/tomt/\d+"))
    expect(plain.get_by_role("heading", name="Kontakt")).to_be_visible()
