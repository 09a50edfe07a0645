"""Everything by keyboard alone."""

from __future__ import annotations

import re

from playwright.sync_api import Page, expect


def focus_map(page: Page) -> None:
    """Reach the map as a keyboard user does: by the skip link, and one step in."""
    page.keyboard.press("Tab")
    skip = page.get_by_role("link", name="Hoppa till kartan")
    for _ in range(5):
        if skip.evaluate("link => link === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(skip).to_be_focused()
    page.keyboard.press("Enter")
    region = page.get_by_role("region", name="Kartbild")
    for _ in range(6):
        if region.evaluate("map => map === document.activeElement"):
            break
        page.keyboard.press("Tab")
    expect(region).to_be_focused()


def test_map_is_reached_and_steps_through_the_matches(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    expect(page.locator(".map-number").first).to_be_visible()
    focus_map(page)
    cards = page.locator("[data-rank]")
    names = [cards.nth(place).get_by_role("heading").inner_text() for place in range(2)]
    said = page.locator(".map-frame").get_by_role("status")

    page.keyboard.press("n")
    expect(said).to_contain_text("Plats 1 av")
    expect(said).to_contain_text(names[0])
    page.keyboard.press("n")
    expect(said).to_contain_text("Plats 2 av")
    page.keyboard.press("p")
    expect(said).to_contain_text("Plats 1 av")

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/tomt/\d+"))
    expect(page.get_by_role("heading", level=1)).to_have_text(names[0])


def test_arrow_keys_move_the_map_and_plus_zooms(page: Page, site: str) -> None:
    page.goto(f"{site}/#10/57.7000/12.0000")
    focus_map(page)

    page.keyboard.press("ArrowRight")
    expect(page).not_to_have_url(re.compile("/12.0000$"))
    page.keyboard.press("+")
    expect(page).to_have_url(re.compile("#11/"))


def test_help_opens_closes_and_gives_the_focus_back(page: Page, site: str) -> None:
    page.goto(site)
    expect(page.locator(".map-loading")).to_be_hidden()
    focus_map(page)

    page.keyboard.press("?")
    dialog = page.get_by_role("dialog", name="Tangenter i kartan")
    expect(dialog).to_be_visible()
    page.keyboard.press("Escape")

    expect(dialog).to_be_hidden()
    expect(page.get_by_role("region", name="Kartbild")).to_be_focused()


def test_letters_typed_elsewhere_are_only_letters(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    expect(page.locator(".map-number").first).to_be_visible()

    page.get_by_role("textbox", name="till i hektar").focus()
    page.keyboard.press("n")

    expect(page.get_by_role("group", name="Vald tomt")).to_be_hidden()


def test_selected_plot_is_let_go_with_escape(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    expect(page.locator(".map-number").first).to_be_visible()
    focus_map(page)
    page.keyboard.press("n")
    expect(page.get_by_role("group", name="Vald tomt")).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.get_by_role("group", name="Vald tomt")).to_be_hidden()
