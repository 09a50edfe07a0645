"""A baked map in the browser, from a server that knows nothing but files and ranges of them."""

from __future__ import annotations

import re
import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest
from playwright.sync_api import Page, expect
from typer.testing import CliRunner

from landbank.cli.main import app


class Ranged(SimpleHTTPRequestHandler):
    """Files of a folder, and ranges of them where they are asked for."""

    asked: list[str]

    def do_GET(self) -> None:
        """A whole file, or one range of it."""
        wanted = re.fullmatch(r"bytes=(\d+)-(\d+)", self.headers.get("Range") or "")
        path = Path(self.translate_path(self.path))
        if not wanted or not path.is_file() or not self.server.ranges:  # type: ignore[attr-defined]
            super().do_GET()
            return
        whole = path.read_bytes()
        piece = whole[int(wanted[1]) : int(wanted[2]) + 1]
        self.send_response(206)
        self.send_header("Content-Range", f"bytes {wanted[1]}-{int(wanted[1]) + len(piece) - 1}/{len(whole)}")
        self.send_header("Content-Length", str(len(piece)))
        self.end_headers()
        self.wfile.write(piece)

    def log_message(self, *_told: object) -> None:
        """Say nothing."""


@contextmanager
def files_of(folder: Path, *, ranges: bool = True) -> Iterator[str]:
    """The address of a server of a folder's files."""
    server = ThreadingHTTPServer(("127.0.0.1", 0), lambda *told: Ranged(*told, directory=str(folder)))
    server.ranges = ranges  # type: ignore[attr-defined]
    thread = threading.Thread(target=server.serve_forever, daemon=True)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}"
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.fixture(scope="module")
def folder(demo_database: str, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with a baked file of the demo inventory and its page."""
    made = tmp_path_factory.mktemp("baked")
    with pytest.MonkeyPatch.context() as patch:
        patch.setenv("LANDBANK_DATABASE_URL", demo_database)
        told = CliRunner().invoke(app, ["bake", str(made / "karta.pmtiles"), "--zooms", "0-11", "--page"])
    assert told.exit_code == 0, told.output
    return made


def test_map_and_list_work_from_the_file_alone(page: Page, folder: Path) -> None:
    asked: list[str] = []
    page.on("request", lambda request: asked.append(request.url))
    with files_of(folder) as address:
        page.goto(f"{address}/karta.html")
        expect(page.get_by_role("complementary", name="Om uppgifterna")).to_contain_text("Påhittade tomter")
        expect(page.get_by_text("En ögonblicksbild")).to_contain_text(f"{datetime.now(UTC):%Y-%m-%d}")
        expect(page.get_by_role("status").first).to_contain_text("100 av 250 tomter")
        expect(page.locator(".map-name-municipalitynames span").first).to_be_visible()

        page.get_by_label("Kommun").select_option("Alingsås")
        first = page.locator("#baked-list button").first
        name = first.inner_text()
        first.press("Enter")
        card = page.locator("#baked-card")
        expect(card).to_contain_text(name)
        expect(card).to_contain_text("Alingsås")
        expect(page.locator(".plot-tiles canvas.leaflet-tile-loaded").nth(3)).to_be_attached()
        assert {url.split("/", 3)[3].split("/")[0].split("?")[0] for url in asked} == {
            "karta.html", "karta-files", "karta.pmtiles",
        }  # fmt: skip


def test_plot_is_found_by_pointing_at_it(page: Page, folder: Path) -> None:
    with files_of(folder) as address:
        page.goto(f"{address}/karta.en.html")
        entry = page.locator("#baked-list button").first
        name = entry.inner_text()
        entry.click()
        card = page.locator("#baked-card")
        expect(card).to_contain_text(name)
        card.get_by_role("button", name="Close").click()
        expect(card).to_be_hidden()
        # The map went there, so the plot lies in its middle.
        box = page.locator("#baked-map").bounding_box()
        assert box
        expect(page.locator(".plot-tiles canvas.leaflet-tile-loaded").nth(3)).to_be_attached()
        page.mouse.click(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
        expect(card).to_contain_text("ha")


def test_server_without_ranges_is_told_of_instead_of_an_empty_map(page: Page, folder: Path) -> None:
    with files_of(folder, ranges=False) as address:
        page.goto(f"{address}/karta.html")
        expect(page.get_by_role("alert")).to_contain_text("no range requests")


def test_baked_page_is_accessible_in_both_languages_and_fits_a_phone(
    page: Page, folder: Path, violations: Callable[[Page], list[str]]
) -> None:
    with files_of(folder) as address:
        for name in ("karta.html", "karta.en.html"):
            page.goto(f"{address}/{name}")
            expect(page.locator("#baked-list li")).to_have_count(100)
            assert violations(page) == []
        page.set_viewport_size({"width": 320, "height": 640})
        assert page.evaluate("document.documentElement.scrollWidth") <= 320
