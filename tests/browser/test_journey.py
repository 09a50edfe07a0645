"""From a sentence to a shortlist: own words fill the form in, the answer explains itself, and each change is one tap."""

from __future__ import annotations

import re
from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

Violations = Callable[[Page], list[str]]

SIZES = {"wide": (1400, 900), "phone": (390, 844)}
TEXT = "5 000 kvm lager nära E20, minst 2 MW el, gärna fiber, egen kantin"
RICH = "/?yta_min=5&kommun=1441&byggnad=100x60&motorvag=3&pris=600&beskrivning=5+ha+i+Lerum"
SIDEWAYS = "() => document.documentElement.scrollWidth - document.documentElement.clientWidth"


def open_all(page: Page) -> None:
    """Unfold everything that is folded."""
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => (one.open = true))")


@pytest.mark.parametrize(("size", "scheme"), [("wide", "light"), ("phone", "dark")])
def test_axe_finds_nothing_on_a_full_answer_with_everything_unfolded(
    page: Page, site: str, violations: Violations, size: str, scheme: str
) -> None:
    width, height = SIZES[size]
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    page.set_viewport_size({"width": width, "height": height})
    page.goto(site + RICH)
    page.wait_for_load_state("networkidle")
    expect(page.locator(".assembly").first).to_be_attached()
    open_all(page)

    assert violations(page) == []
    assert page.evaluate(SIDEWAYS) <= 0


def test_sentence_fills_the_form_in_by_keyboard_and_the_search_goes_on_live(page: Page, site: str) -> None:
    page.goto(site)
    box = page.get_by_label("Beskriv vad ni söker")
    box.focus()
    page.keyboard.type(TEXT)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")

    expect(page.get_by_role("heading", name="Så lästes texten")).to_be_visible()
    expect(page.get_by_label(re.compile("^Eleffekt, minst"))).to_have_value("2")
    expect(page.locator(".not-understood")).to_contain_text("egen kantin")
    page.get_by_role("link", name="Tomtens yta").click()
    expect(page.locator("#f-yta-min-in")).to_have_value("0,45")
    expect(page).to_have_url(re.compile("beskrivning="))

    power = page.get_by_label(re.compile("^Eleffekt, minst"))
    power.fill("3")
    expect(page.locator("[data-note=el]")).to_contain_text("Stänger ute")
    expect(page).to_have_url(re.compile("beskrivning=.*el=3"))
    page.reload()
    expect(page.get_by_label("Beskriv vad ni söker")).to_have_value(TEXT)
    expect(power).to_have_value("3")


def test_relaxation_is_one_tap_and_the_back_button_undoes_it(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=8&el=10&hamn=10&hamn_krav=krav&anv=J")
    expect(page.get_by_role("heading", name="Ingen tomt uppfyller alla krav")).to_be_visible()
    page.locator(".relax").get_by_role("link", name=re.compile("^Sök med")).first.click()

    expect(page.locator("#results-heading")).to_be_focused()
    expect(page.locator("#results-heading")).to_contain_text(re.compile("1 tomt"))
    page.go_back()
    expect(page.get_by_role("heading", name="Ingen tomt uppfyller alla krav")).to_be_visible()


def test_building_is_drawn_in_the_list_and_on_the_map(page: Page, site: str) -> None:
    page.goto(f"{site}/?byggnad=100x60&byggnad_avstand=6&status=ledig_nu")
    card = page.locator(".tier-a li.card").first
    card.get_by_text("Visa byggnaden på tomten").click()
    expect(card.locator(".ground-footprint")).to_be_visible()
    card.get_by_role("button", name="Visa i kartan").click()

    expect(page.locator("path.fit-footprint")).to_be_visible()
    page.get_by_role("button", name="Stäng").click()
    expect(page.locator("path.fit-footprint")).to_have_count(0)


def test_curve_stands_beside_its_field_and_follows_it(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_text("Läge och transporter").click()
    page.get_by_label(re.compile("^Till motorvägsmot")).fill("4")
    note = page.locator("[data-note=motorvag]")

    expect(note).to_contain_text("100 % vid 4 km, 0 % vid 8 km")
    expect(note.locator("svg")).to_be_visible()
    page.get_by_label(re.compile("Hur viktigt är detta: Till motorvägsmot")).select_option("krav")
    expect(note).to_contain_text("Stänger ute")
