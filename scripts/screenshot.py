#!/usr/bin/env python3
"""Makes docs/images/search.png: the search page over the demo inventory, a plot selected.

Needs a running site with the demo inventory (`make up`) and a chromium on the PATH:
`.venv/bin/python scripts/screenshot.py [address] [file]`
"""

from __future__ import annotations

import shutil
import sys
from pathlib import Path

from playwright.sync_api import expect, sync_playwright

FILE = Path(__file__).parents[1] / "docs/images/search.png"
NEED = (
    "/?yta_min=1&yta_krav=krav&anv=J&anv=Z&anv_krav=krav&el=1&motorvag=5"
    "&status=ledig_nu&status=ledig_senare&status_krav=krav#10/57.76/12.05"
)


def main(address: str = "http://127.0.0.1:8000", file: str = str(FILE)) -> None:
    """Open the site, search, select the first match, and take the picture."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        sys.exit("No chromium on the PATH; `make browser` installs it.")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=["--no-sandbox", "--disable-gpu"])
        page = browser.new_page(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
        page.goto(address + NEED)
        expect(page.locator(".map-loading")).to_be_hidden()
        page.locator(".map-number").first.dispatch_event("click")
        expect(page.get_by_role("group", name="Vald tomt")).to_be_visible()
        page.wait_for_load_state("networkidle")
        page.evaluate("() => window.scrollTo(0, 0)")
        page.screenshot(path=file)
        browser.close()
    print(f"{file} written")


if __name__ == "__main__":
    main(*sys.argv[1:3])
