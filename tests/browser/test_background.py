"""The choice of OpenStreetMap: off at the start, asked for only after the click, gone where it is not offered."""

from __future__ import annotations

import base64
from urllib.parse import urlsplit

from playwright.sync_api import Page, Route, expect

# One white pixel; the tests never reach the real host.
PIXEL = base64.b64decode(
    "iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAQAAAC1HAwCAAAAC0lEQVR42mP8/x8AAwMB/6X9nIkAAAAASUVORK5CYII="
)
OSM = "tile.openstreetmap.org"


def catch(page: Page) -> list[Route]:
    """Answer requests to openstreetmap.org here, and note them."""
    caught: list[Route] = []

    def answer(route: Route) -> None:
        caught.append(route)
        route.fulfill(body=PIXEL, content_type="image/png")

    page.route(lambda url: urlsplit(url).hostname == OSM, answer)
    return caught


def test_openstreetmap_is_asked_only_after_the_visitor_chose_it(page: Page, site: str, watch) -> None:  # type: ignore[no-untyped-def]
    caught = catch(page)
    page.goto(site)
    expect(page.locator(".map-loading")).to_be_hidden()
    box = page.get_by_role("checkbox", name=f"OpenStreetMap (bilderna hämtas då från {OSM})")
    expect(box).not_to_be_checked()
    assert OSM not in watch.hosts

    box.check()

    expect(page.locator(".raster-background img").first).to_be_visible()
    expect(page.get_by_role("link", name="© OpenStreetMap contributors")).to_be_visible()
    assert caught
    assert {urlsplit(route.request.header_value("referer") or "").path for route in caught} == {"/"}

    box.uncheck()

    expect(page.locator(".raster-background")).to_have_count(0)
    watch.hosts.discard(OSM)


def test_choice_lasts_for_the_visit_and_not_longer(page: Page, site: str, watch) -> None:  # type: ignore[no-untyped-def]
    catch(page)
    page.goto(site)
    box = page.get_by_role("checkbox", name="OpenStreetMap")
    box.check()
    assert "openstreetmap" not in page.url

    page.reload()
    expect(box).to_be_checked()

    other = page.context.new_page()
    other.goto(site)
    expect(other.get_by_role("checkbox", name="OpenStreetMap")).not_to_be_checked()
    watch.hosts.discard(OSM)


def test_operator_who_offers_none_has_no_box_and_a_policy_without_the_host(
    page: Page, site_without_offer: str
) -> None:
    reply = page.goto(site_without_offer)
    expect(page.locator(".map-loading")).to_be_hidden()

    expect(page.get_by_role("checkbox", name="OpenStreetMap")).to_have_count(0)
    assert reply
    assert "openstreetmap" not in reply.headers["content-security-policy"]
