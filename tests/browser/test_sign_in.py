"""Signing in with a real browser: its cookies on the loopback, keyboard, narrow windows, and WCAG 2.2 AA by axe."""

from __future__ import annotations

import itertools
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pyotp
import pytest
from playwright.sync_api import Browser, Page, expect

from landbank.domain.people import SYSTEM, Grant, Role
from landbank.services.door import Door
from landbank.services.manage_people import give_role, invite
from landbank.settings import Settings
from landbank.wiring import open_door, open_landbank

PASSWORD = "fyra kor gnager räls"
Violations = Callable[[Page], list[str]]
NUMBERS = itertools.count(1)


@pytest.fixture(scope="module")
def settings(tmp_path_factory: pytest.TempPathFactory) -> Settings:
    """As they come, with cheap passwords and a key file of the test's own."""
    return Settings(password_memory_mb=1, secret_file=tmp_path_factory.mktemp("key") / "secret.key")


@pytest.fixture(scope="module")
def door(region_url: str, settings: Settings) -> Iterator[Door]:
    """The door of the site."""
    landbank = open_landbank(settings, region_url)
    yield open_door(landbank)
    landbank.close()


@pytest.fixture(scope="module")
def address(region_url: str, settings: Settings, serving_site: Any) -> Iterator[str]:
    """The address of a site with the municipalities and no plot."""
    with serving_site(region_url, settings) as served:
        yield served


@pytest.fixture
def link(door: Door, address: str) -> Callable[..., str]:
    """`link(grant)` is the one-time link of a new person with that role."""

    def make(*grants: Grant) -> str:
        login = f"anna{next(NUMBERS)}"
        invited = invite(door, SYSTEM, login=login, display_name="Anna Ask", email=None, grant=None)
        for grant in grants:
            give_role(door, SYSTEM, invited.person_id, grant)
        return f"{address}/valkommen?kod={invited.secret}"

    return make


def choose_password(page: Page) -> None:
    """Fill in the page of a one-time link."""
    page.get_by_label("Nytt lösenord").fill(PASSWORD)
    page.get_by_label("Samma lösenord igen").fill(PASSWORD)
    page.get_by_role("button", name="Spara lösenordet").click()


def enrol(page: Page) -> None:
    """Set up the app that the page asks for."""
    secret = page.locator(".secret code").inner_text().replace(" ", "")
    page.get_by_label("Kod", exact=True).fill(pyotp.TOTP(secret).now())
    page.get_by_role("button", name="Fortsätt").click()


def enter(page: Page, link: str) -> None:
    """From a one-time link to the account's page."""
    page.goto(link)
    choose_password(page)
    enrol(page)
    page.get_by_role("link", name="Jag har sparat koderna").click()
    expect(page.get_by_role("heading", level=1)).to_have_text("Ditt konto")


@pytest.mark.parametrize("look_of", ["wide and light", "narrow and dark"])
def test_axe_finds_nothing_on_the_whole_way_in_and_beyond(
    page: Page, link: Any, address: str, violations: Violations, look_of: str
) -> None:
    if look_of == "narrow and dark":
        page.set_viewport_size({"width": 390, "height": 844})
        page.emulate_media(color_scheme="dark")

    def look(heading: str) -> None:
        expect(page.get_by_role("heading", level=1)).to_have_text(heading)
        assert violations(page) == [], heading

    page.goto(f"{address}/logga-in")
    look("Logga in")
    page.goto(link(Grant(Role.ADMINISTRATOR, "1441")))
    look("Välj lösenord")
    choose_password(page)
    look("Ställ in den andra faktorn")
    enrol(page)
    look("Dina reservkoder")
    code = page.locator(".codes code").first.inner_text()
    page.get_by_role("link", name="Jag har sparat koderna").click()
    look("Ditt konto")
    login = page.locator("dd").first.inner_text()
    page.goto(f"{address}/personer")
    look("Personer")
    page.get_by_label("Namn som visas").fill("Bo Berg")
    page.get_by_label("Inloggningsnamn").fill(f"bo.{login}")
    page.get_by_role("button", name="Lägg till och visa länken").click()
    expect(page.get_by_role("heading", name="Länken att lämna över")).to_be_visible()
    look("Personer")
    page.get_by_role("button", name="Logga ut").click()
    expect(page.get_by_role("status")).to_have_text("Du är utloggad.")
    look("Logga in")
    page.get_by_label("Inloggningsnamn").fill(login)
    page.get_by_label("Lösenord", exact=True).fill(PASSWORD)
    page.get_by_role("button", name="Logga in").click()
    look("Andra faktorn")
    page.get_by_label("Kod", exact=True).fill(code)
    page.get_by_role("button", name="Fortsätt").click()
    look("Ditt konto")


def test_wrong_password_is_told_and_axe_finds_nothing(
    page: Page, watch: Any, address: str, violations: Violations
) -> None:
    watch.expected = lambda told: "401" in told
    page.goto(f"{address}/en/sign-in")
    page.get_by_label("Sign-in name").fill("nobody")
    page.get_by_label("Password", exact=True).fill("not the password")
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", name="That did not work")).to_be_visible()
    expect(page.get_by_label("Sign-in name")).to_have_value("nobody")
    expect(page.get_by_label("Password", exact=True)).to_have_attribute("aria-invalid", "true")
    assert violations(page) == []
    page.get_by_role("link", name="The name or the password is wrong.").click()
    expect(page.get_by_label("Sign-in name")).to_be_focused()


def test_browser_keeps_the_cookie_on_the_loopback_away_from_scripts_and_sends_it_back(
    page: Page, link: Any, address: str
) -> None:
    enter(page, link(Grant(Role.PLANNER, "1441")))
    (cookie,) = page.context.cookies(address)
    assert cookie["name"] == "__Host-landbank"
    assert (cookie["secure"], cookie["httpOnly"], cookie["sameSite"], cookie["expires"]) == (
        True, True, "Lax", -1,
    )  # fmt: skip
    assert page.evaluate("document.cookie") == ""
    page.goto(address)
    expect(page.get_by_role("link", name="Inloggad som Anna Ask")).to_be_visible()
    page.go_back()
    page.get_by_role("button", name="Logga ut").click()
    page.goto(address)
    expect(page.get_by_role("link", name="Logga in")).to_be_visible()
    page.go_back()
    page.go_back()
    expect(page.get_by_role("heading", name="Ditt konto")).to_have_count(0)


def test_whole_way_in_works_without_javascript(browser: Browser, link: Any) -> None:
    context = browser.new_context(java_script_enabled=False)
    page = context.new_page()
    enter(page, link(Grant(Role.PLANNER, "1441")))
    context.close()


def test_way_in_works_with_the_keyboard_alone(page: Page, link: Any) -> None:
    page.goto(link())
    page.get_by_label("Nytt lösenord").focus()
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Tab")
    page.keyboard.type(PASSWORD)
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1)).to_have_text("Ställ in den andra faktorn")
    page.keyboard.press("Tab")
    expect(page.get_by_role("link", name="Hoppa till innehållet")).to_be_focused()


def test_nothing_scrolls_sideways_at_320_pixels(page: Page, link: Any, address: str) -> None:
    page.set_viewport_size({"width": 320, "height": 640})

    def is_narrow() -> bool:
        return bool(page.evaluate("() => document.documentElement.scrollWidth <= 320"))

    page.goto(f"{address}/logga-in")
    assert is_narrow()
    page.goto(link(Grant(Role.ADMINISTRATOR, "1462")))
    assert is_narrow()
    choose_password(page)
    assert is_narrow()
    enrol(page)
    assert is_narrow()
    page.get_by_role("link", name="Jag har sparat koderna").click()
    page.get_by_label("Vad nyckeln är till för").fill("nattimport")
    page.get_by_label("importera tomter").check()
    page.get_by_role("button", name="Gör en nyckel").click()
    expect(page.get_by_role("heading", name="Den nya nyckeln")).to_be_visible()
    assert is_narrow()
    page.goto(f"{address}/personer")
    assert is_narrow()


def test_name_that_is_an_attack_stays_a_text(page: Page, door: Door, address: str, tmp_path: Path) -> None:
    attack = "<img src=x onerror=alert(1)>{{7*7}}"
    invited = invite(door, SYSTEM, login=f"eva{next(NUMBERS)}", display_name=attack, email=None, grant=None)
    give_role(door, SYSTEM, invited.person_id, Grant(Role.OPERATOR))
    enter(page, f"{address}/valkommen?kod={invited.secret}")
    for path in ("/", "/personer", "/konto", "/om"):
        page.goto(address + path)
        assert attack in page.get_by_role("navigation", name="Huvudmeny").inner_text()
