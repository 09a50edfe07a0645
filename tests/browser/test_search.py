"""Searching: the list follows the form, the address holds the search, and the way back works."""

from __future__ import annotations

import re

from playwright.sync_api import Page, Route, expect

RESULTS = "#results"


def test_typing_a_need_searches_at_once_and_writes_it_into_the_address(page: Page, site: str) -> None:
    page.goto(site)
    heading = page.get_by_role("heading", level=2).and_(page.locator("#results-heading"))
    expect(heading).to_contain_text("250")

    page.get_by_label("från i hektar").fill("5")

    expect(page).to_have_url(re.compile(r"\?yta_min=5&yta_krav="))
    expect(heading).not_to_contain_text("250")
    expect(page).to_have_title(re.compile(r"tomt"))
    expect(page.locator("#result-status")).to_have_text(heading.inner_text())


def test_back_button_leads_to_the_search_before(page: Page, site: str) -> None:
    page.goto(site)
    first = page.locator("#results-heading").inner_text()
    page.get_by_label("från i hektar").fill("5")
    page.keyboard.press("Tab")
    expect(page).to_have_url(re.compile("yta_min=5"))
    expect(page.locator("#results-heading")).not_to_have_text(first)

    page.go_back()

    expect(page).not_to_have_url(re.compile("yta_min"))
    expect(page.locator("#results-heading")).to_have_text(first)
    expect(page.get_by_label("från i hektar")).to_have_value("")


def test_address_alone_gives_the_whole_search(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5&kommun=1480#12/57.70/11.90")

    expect(page.get_by_label("från i hektar")).to_have_value("5")
    expect(page.get_by_role("checkbox", name=re.compile("Göteborg"))).to_be_checked()
    expect(page).to_have_url(re.compile("#12/57.70/11.90$"))


def test_kind_of_business_fills_the_form_without_leaving_the_page(page: Page, site: str) -> None:
    page.goto(site)
    page.evaluate("() => { window.stayed = true; }")

    page.get_by_role("link", name="Logistik").click()

    expect(page).to_have_url(re.compile("mall="))
    expect(page.get_by_label("från i hektar")).not_to_have_value("")
    expect(page.locator("#results-heading")).to_be_focused()
    assert page.evaluate("() => window.stayed") is True


def test_slow_search_dims_the_old_list_and_says_so(page: Page, site: str) -> None:
    page.goto(site)

    def slowly(route: Route) -> None:
        if route.request.headers.get("accept") == "application/json":
            page.wait_for_timeout(1200)
        route.continue_()

    page.route(re.compile(r"\?yta_min=3"), slowly)
    page.get_by_label("från i hektar").fill("3")

    expect(page.locator(RESULTS)).to_have_attribute("aria-busy", "true")
    expect(page.locator("#result-status")).to_have_text("Söker…")
    expect(page.locator(RESULTS)).to_have_attribute("aria-busy", "false")


def test_number_that_can_not_be_read_is_told_beside_its_field(page: Page, site: str, watch) -> None:  # type: ignore[no-untyped-def]
    watch.expected = lambda said: "status of 400" in said
    page.goto(site)

    page.get_by_label("från i hektar").fill("fem hektar")
    page.keyboard.press("Enter")

    expect(page.get_by_label("från i hektar")).to_have_attribute("aria-invalid", "true")
    expect(page.get_by_role("region", name="Sökningen kan inte göras än")).to_be_focused()


def test_list_and_map_select_the_same_plot(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    card = page.locator("[data-plot]").first
    name = card.get_by_role("heading").inner_text()

    card.get_by_role("button", name="Visa i kartan").click()

    small = page.get_by_role("group", name="Vald tomt")
    expect(small.get_by_role("link")).to_have_text(name)
    expect(card).to_have_class(re.compile("is-selected"))
    expect(page.locator("path.plot-outline.is-selected").first).to_be_visible()

    small.get_by_role("button", name="Stäng").click()

    expect(small).to_be_hidden()
    expect(card).not_to_have_class(re.compile("is-selected"))


def test_plot_clicked_in_the_map_is_brought_up_in_the_list(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    number = page.locator(".map-number").filter(has_text=re.compile("^12$"))
    card = page.locator('[data-rank="12"]')
    expect(card).not_to_be_in_viewport()

    number.dispatch_event("click")

    expect(card).to_be_in_viewport()
    expect(card).to_have_class(re.compile("is-selected"))
    expect(page.get_by_role("group", name="Vald tomt").get_by_role("link")).to_have_text(
        card.get_by_role("heading").inner_text()
    )


def test_click_on_a_plot_that_is_drawn_selects_it(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    card = page.locator("[data-plot]").first
    card.get_by_role("button", name="Visa i kartan").click()
    page.get_by_role("group", name="Vald tomt").get_by_role("button", name="Stäng").click()
    box = page.get_by_role("region", name="Kartbild").bounding_box()
    assert box

    # Beside the number that stands in the middle, inside the plot that fills the view.
    page.mouse.click(box["x"] + box["width"] / 2 + 30, box["y"] + box["height"] / 2)

    expect(card).to_have_class(re.compile("is-selected"))


def test_pointing_at_a_card_outlines_its_plot(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    expect(page.locator(".map-number").first).to_be_visible()

    page.locator("[data-plot]").nth(1).hover()

    expect(page.locator("path.is-hovered").first).to_be_visible()
    expect(page.locator("[data-plot]").nth(1)).to_have_class(re.compile("is-hovered"))


def test_best_twenty_are_numbered_on_both_sides(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=2")

    expect(page.locator(".map-number")).to_have_count(20)
    assert page.locator(".map-number").all_inner_texts() == page.locator("[data-rank]").evaluate_all(
        "cards => cards.slice(0, 20).map((card) => card.dataset.rank)"
    )


def test_search_paints_the_map_anew_without_asking_for_a_tile(page: Page, site: str) -> None:
    page.goto(site)
    page.wait_for_load_state("networkidle")  # the first tiles are asked for only after the scripts have run
    expect(page.locator(".map-loading")).to_be_hidden()
    tiles: list[str] = []
    page.on("request", lambda request: tiles.append(request.url) if "/tiles/" in request.url else None)

    page.get_by_label("från i hektar").fill("5")
    expect(page).to_have_url(re.compile("yta_min=5"))

    assert tiles == []


def test_moving_the_map_writes_the_view_into_the_address_and_keeps_the_search(page: Page, site: str) -> None:
    page.goto(f"{site}/?yta_min=5")
    page.get_by_role("button", name="Zooma in").click()

    expect(page).to_have_url(re.compile(r"\?yta_min=5#\d+/57\.\d+/1\d\.\d+$"))


def test_change_of_language_keeps_the_search(page: Page, site: str) -> None:
    page.goto(site)
    page.get_by_label("från i hektar").fill("5")
    expect(page).to_have_url(re.compile("yta_min=5"))

    page.get_by_role("link", name="English").click()

    expect(page).to_have_url(re.compile(r"/en\?yta_min=5"))
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.get_by_role("button", name="Zoom in")).to_be_visible()


def test_link_to_the_search_is_copied_whole(page: Page, site: str) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto(f"{site}/?yta_min=5#11/57.70/11.90")

    page.get_by_role("button", name="Kopiera länk").click()

    expect(page.get_by_role("button", name="Länken är kopierad")).to_be_visible()
    assert page.evaluate("() => navigator.clipboard.readText()") == f"{site}/?yta_min=5#11/57.70/11.90"
