"""The planners' pages in a real browser: WCAG 2.2 AA by axe, narrow windows, the keyboard, and no script at all."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, expect

Violations = Callable[[Page], list[str]]
SIZES = {"wide": (1400, 900), "phone": (390, 844)}
TABLE = "/kommun/1480/tomter"


@pytest.fixture
def desk(kept_site: str) -> str:
    """The address of the site, as a planner of Göteborg meets it."""
    return kept_site.split(maxsplit=1)[0]


def first_plot(page: Page, desk: str) -> str:
    """The number of the first plot of the table."""
    page.goto(desk + TABLE)
    return str(page.locator("tbody").first.get_attribute("id")).removeprefix("tomt-")


def look(page: Page, violations: Violations) -> None:
    """Axe finds nothing, wide and light or on a phone and dark, and nothing scrolls sideways at 320 pixels."""
    for name, (width, height) in SIZES.items():
        page.set_viewport_size({"width": width, "height": height})
        page.emulate_media(color_scheme="dark" if name == "phone" else "light")
        assert violations(page) == [], name
    page.set_viewport_size({"width": 320, "height": 640})
    assert page.evaluate("() => document.documentElement.scrollWidth") <= 320
    page.set_viewport_size({"width": 1400, "height": 900})


@pytest.mark.parametrize("path", ["/kommun/1480", "/en/municipality/1480/plots", "/kommun/1480/ny-tomt"])
def test_axe_finds_nothing(page: Page, desk: str, violations: Violations, path: str) -> None:
    page.goto(desk + path)
    look(page, violations)


def test_form_of_a_plot_is_for_everyone_with_all_its_parts_open(
    page: Page, desk: str, violations: Violations
) -> None:
    page.goto(f"{desk}/tomt/{first_plot(page, desk)}/andra")
    page.evaluate("() => document.querySelectorAll('details').forEach((one) => { one.open = true; })")
    look(page, violations)


def test_fault_is_reached_from_the_summary_and_put_right_in_place(
    page: Page, desk: str, watch: Any, violations: Violations
) -> None:
    watch.expected = lambda told: "400" in told
    number = first_plot(page, desk)
    row = page.locator(f"#tomt-{number}")
    row.locator("summary").click()
    row.get_by_label("Nytt läge").select_option(index=1)
    row.get_by_label("Marken klar den").fill("2027-01-01")
    row.get_by_role("button", name="Spara läget").click()
    look(page, violations)
    page.get_by_role("link", name="En dag då marken är klar hör till markens skick.").click()
    expect(row.get_by_label("Marken klar den")).to_be_focused()
    expect(row.get_by_label("Marken klar den")).to_have_value("2027-01-01")


def test_plot_is_added_and_its_state_changes_in_place_without_javascript(browser: Browser, desk: str) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    page.goto(f"{desk}/kommun/1480/ny-tomt")
    page.get_by_label("Beteckning i landbank").fill("UTAN-SKRIPT")
    page.get_by_label("Hörn i gränsen").fill("318000,5 6400120")
    page.locator("#f-availability").select_option("ledig")
    page.get_by_role("button", name="Lägg till tomten").click()
    expect(page.get_by_role("status")).to_contain_text("Sparat.")
    number = page.url.split("/")[-2]

    page.goto(f"{desk}{TABLE}?q=utan-skript")
    row = page.locator("tbody")
    row.locator("summary").click()
    row.get_by_label("Nytt läge").select_option("steg:availability:reserverad")
    row.get_by_label("Till vem").fill("<b>Bolaget</b> AB")
    row.get_by_label("Sista dag").fill("2099-05-01")
    row.get_by_role("button", name="Spara läget").click()

    expect(page.get_by_role("status")).to_contain_text("UTAN-SKRIPT är nu reserverad")
    assert page.url.endswith(f"?q=utan-skript&klart={number}#tomt-{number}")
    here = page.locator(f"#tomt-{number}")
    expect(here).to_contain_text("<b>Bolaget</b> AB")
    here.get_by_role("button", name="Bekräfta oförändrad").click()
    expect(page.get_by_role("status")).to_contain_text("UTAN-SKRIPT")
    context.close()


def test_many_plots_are_chosen_previewed_and_changed(page: Page, desk: str, violations: Violations) -> None:
    page.goto(desk + TABLE)
    for place in range(3):
        page.locator("tbody .pick input").nth(place).check()
    page.get_by_role("button", name="Ändra valda tomter").click()
    look(page, violations)
    page.get_by_role("radio", name="Bekräfta oförändrade").check()
    page.get_by_role("button", name="Förhandsgranska").click()
    expect(page.get_by_role("heading", name="Så blir det")).to_be_visible()
    look(page, violations)
    page.get_by_role("button", name="Ändra 3 tomter").or_(
        page.get_by_role("button", name="Ändra 2 tomter")
    ).click()
    expect(page.get_by_role("status")).to_contain_text("tomter ändrades.")


def test_second_of_two_chooses_field_by_field(
    page: Page, desk: str, watch: Any, violations: Violations
) -> None:
    watch.expected = lambda told: "409" in told
    address = f"{desk}/tomt/{first_plot(page, desk)}/andra"
    page.goto(address)
    other = page.context.new_page()
    other.goto(address)
    other.get_by_label("Namn", exact=True).fill("Den andra var först")
    other.keyboard.press("Enter")
    expect(other.get_by_role("status")).to_contain_text("Sparat.")

    page.get_by_label("Namn", exact=True).fill("Jag kom sedan")
    page.locator("#f-height_max_m").fill("17,5")
    page.get_by_role("button", name="Spara ändringarna").click()
    expect(page.get_by_role("group", name="Namn")).to_contain_text("Den andra var först")
    look(page, violations)
    page.get_by_role("button", name="Spara så").click()
    page.get_by_role("link", name="Namn").click()
    expect(page.get_by_role("group", name="Namn")).to_be_focused()
    page.keyboard.press("Tab")
    page.keyboard.press("ArrowRight")
    page.get_by_role("button", name="Spara så").click()
    expect(page.get_by_label("Namn", exact=True)).to_have_value("Jag kom sedan")
    expect(page.locator("#f-height_max_m")).to_have_value("17,5")
