"""The pages of figures and of mail: for everyone, on a phone, in the dark, by keyboard and on paper."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Violations = Callable[[Page], list[str]]
SIZES = {"wide": (1400, 900), "phone": (390, 844)}
PATHS = ["/laget", "/en/supply?kommun=1480", "/kvalitet", "/en/quality", "/drift", "/utskick?t=TOKEN"]


def address(kept_site: str, path: str) -> str:
    """The whole address of a path; TOKEN stands for an office's token."""
    base, token = kept_site.split()
    return base + path.replace("TOKEN", token)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("path", PATHS)
def test_axe_finds_nothing_and_nothing_scrolls_sideways(
    page: Page, kept_site: str, violations: Violations, path: str, size: str
) -> None:
    width, height = SIZES[size]
    page.set_viewport_size({"width": width, "height": height})
    page.emulate_media(color_scheme="dark" if size == "phone" else "light")
    page.goto(address(kept_site, path))

    assert violations(page) == []
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320


def test_picture_has_a_name_and_its_numbers_stand_in_a_table(page: Page, kept_site: str) -> None:
    page.goto(address(kept_site, "/laget"))

    expect(page.get_by_role("img", name="Från brutto till ledigt nu")).to_be_visible()
    expect(page.get_by_role("table", name="Från brutto till ledigt nu, hektar")).to_be_visible()
    expect(page.get_by_role("table", name="Stegen per kommun, hektar")).to_be_visible()


def test_municipality_is_chosen_by_keyboard_and_kept_in_the_other_language(
    page: Page, kept_site: str
) -> None:
    page.goto(address(kept_site, "/laget"))
    page.get_by_label("Kommun", exact=True).focus()
    page.keyboard.type("Göteborg")
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_text("Gäller Göteborg.")).to_be_visible()
    page.get_by_role("link", name="English").click()
    expect(page.get_by_text("This is Göteborg.")).to_be_visible()


def test_text_of_a_picture_is_legible_on_a_phone(page: Page, kept_site: str) -> None:
    page.set_viewport_size({"width": 390, "height": 844})
    page.goto(address(kept_site, "/laget"))

    heights = page.locator("svg.chart text").evaluate_all(
        "all => all.map((one) => one.getBoundingClientRect().height)"
    )

    assert min(heights) >= 13


def test_office_stops_its_list_by_its_link_alone(page: Page, kept_site: str) -> None:
    page.goto(address(kept_site, "/utskick?t=TOKEN"))
    page.get_by_label("Sluta skicka den").check()
    page.get_by_role("button", name="Spara").click()

    expect(page.get_by_role("status")).to_have_text("Sparat.")
    expect(page.get_by_text("Veckolistan är uppsagd sedan")).to_be_visible()
