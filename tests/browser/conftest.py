"""A real browser against a real server over the demo inventory; every page that a test opens must stay clean.

Clean means: no host but the server is asked, and nothing stands in the console: no error, no warning, no word of
the security policy. A test that provokes one says so with `page.expected`.
"""

from __future__ import annotations

import shutil
import socket
import threading
import time
import uuid
from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from datetime import date
from pathlib import Path
from urllib.parse import urlsplit

import psycopg
import pytest
import uvicorn
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright
from psycopg import sql
from sqlalchemy import make_url, text

from landbank.api.app import create_app
from landbank.domain.people import ANONYMOUS, Actor, Grant, Role
from landbank.jobs import open_workplace, stop_tokens, work
from landbank.services.load_demo import load_demo
from landbank.settings import Settings
from landbank.wiring import open_landbank

QUIET = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
AXE = Path(__file__).parents[2] / "web/node_modules/axe-core/axe.min.js"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Mark everything in this folder."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    """The system's chromium, kept from talking to its maker.

    Closed after each module: while Playwright is open its event loop runs in this thread, and no other test of the
    same process could run one of its own.
    """
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    assert found, "no chromium on the PATH: `make test` installs it"
    with sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=found, args=QUIET)
        yield opened
        opened.close()


@pytest.fixture
def context(browser: Browser) -> Iterator[BrowserContext]:
    """A visitor in a wide window, without gliding that a test would have to wait for."""
    opened = browser.new_context(viewport={"width": 1400, "height": 900}, reduced_motion="reduce")
    opened.set_default_timeout(15_000)
    yield opened
    opened.close()


def clone(server: str, template: str) -> Iterator[str]:
    """The address of a copy of a database that lives as long as the fixture."""
    name = f"landbank_browser_{uuid.uuid4().hex[:10]}"
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(
            sql.SQL("CREATE DATABASE {} TEMPLATE {}").format(sql.Identifier(name), sql.Identifier(template))
        )
    yield make_url(server).set(database=name).render_as_string(hide_password=False)
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(sql.SQL("DROP DATABASE IF EXISTS {} WITH (FORCE)").format(sql.Identifier(name)))


@contextmanager
def serving(url: str, settings: Settings, actor: Actor = ANONYMOUS) -> Iterator[str]:
    """The address of the application over a database, served on a free port of the loopback to one actor."""
    landbank = open_landbank(settings, url)
    with socket.create_server(("127.0.0.1", 0)) as listening:
        app = create_app(landbank)
        app.state.identify = lambda _request: actor
        config = uvicorn.Config(app, log_config=None, timeout_graceful_shutdown=1)
        server = uvicorn.Server(config)
        thread = threading.Thread(target=server.run, kwargs={"sockets": [listening]}, daemon=True)
        thread.start()
        end = time.monotonic() + 20
        while not server.started and thread.is_alive() and time.monotonic() < end:
            time.sleep(0.02)
        assert server.started, "the application did not start"
        yield f"http://127.0.0.1:{listening.getsockname()[1]}"
        server.should_exit = True
        thread.join(20)
    landbank.close()


@pytest.fixture(scope="session")
def serving_site() -> Callable[..., AbstractContextManager[str]]:
    """`with serving_site(url, settings) as address` serves the application over a database."""
    return serving


@pytest.fixture(scope="session")
def demo_database(server: str, template: str) -> Iterator[str]:
    """Address of a database with the demo inventory: 250 plots, seed 1, as of 2026-11-23."""
    for url in clone(server, template):
        landbank = open_landbank(Settings(), url)
        with landbank.changing(actor="test", timeout_ms=0) as store:
            load_demo(store, on=date(2026, 11, 23), plots=250, seed=1)
        landbank.close()
        yield url


@pytest.fixture(scope="session")
def site(demo_database: str) -> Iterator[str]:
    """Address of the site over the demo inventory, all settings as they come."""
    with serving(demo_database, Settings()) as address:
        yield address


@pytest.fixture(scope="session")
def kept_site(server: str, template: str, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of the site as a planner meets it, over a small demo inventory that was checked and counted.

    One office gets real letters, which wait. The address is followed by the token of that office's stop link.
    """
    home = tmp_path_factory.mktemp("home")
    for url in clone(server, template):
        landbank = open_landbank(Settings(home=home), url)
        with landbank.changing(actor="test", timeout_ms=0) as store:
            load_demo(store, on=date(2026, 11, 23), plots=60, seed=3)
            store.connection.execute(text("UPDATE landbank.contact SET is_synthetic = false WHERE id = 2"))
        with open_workplace(landbank) as place:
            work.check_everything(place)
            work.announce_endings(place)
            work.write_weekly_lists(place)
        landbank.close()
        actor = Actor("user:1", frozenset({Grant(Role.PLANNER, "1480")}))
        with serving(url, Settings(home=home), actor) as address:
            yield f"{address} {stop_tokens(Settings(home=home)).token(2)}"


@pytest.fixture(scope="session")
def site_without_offer(demo_database: str) -> Iterator[str]:
    """The same, by an operator who does not offer OpenStreetMap."""
    with serving(demo_database, Settings(offer_openstreetmap=False)) as address:
        yield address


@pytest.fixture(scope="session")
def changed_site(server: str, template: str) -> Iterator[tuple[str, str]]:
    """The site over forty plots of which thirty were sold since, and the moment before that."""
    for url in clone(server, template):
        landbank = open_landbank(Settings(), url)
        with landbank.changing(actor="test", timeout_ms=0) as store:
            load_demo(store, on=date(2026, 11, 23), plots=40, seed=3)
        with landbank.reading() as store:
            before = store.connection.execute(text("SELECT now()")).scalar_one().isoformat()
        with landbank.changing(actor="test", role="planner") as store:
            store.connection.execute(
                text("UPDATE landbank.plot SET availability = 'sald', name = 'Ny ' || id WHERE id <= 30")
            )
        landbank.close()
        with serving(url, Settings()) as address:
            yield address, before


ATTACKS = ("<img src=x onerror=alert(1)>", "{{911*911}}", '"><script>alert(1)</script>', "${alert(1)}")


@pytest.fixture(scope="session")
def hostile_site(server: str, template: str) -> Iterator[str]:
    """The site over an inventory in which every text that people write is an attack."""
    for url in clone(server, template):
        landbank = open_landbank(Settings(), url)
        with landbank.changing(actor="test", timeout_ms=0) as store:
            load_demo(store, on=date(2026, 11, 23), plots=40, seed=2)
            for number, attack in enumerate(ATTACKS):
                for statement in (
                    "UPDATE landbank.plot SET name = :attack, description = :attack WHERE id % 4 = :number",
                    "UPDATE landbank.area SET name = :attack || id WHERE id % 4 = :number",
                    "UPDATE landbank.plan SET name = :attack WHERE id % 4 = :number",
                    "UPDATE landbank.contact SET title = :attack WHERE id % 4 = :number",
                    "UPDATE landbank.infrastructure SET name = :attack || id WHERE id % 4 = :number",
                ):
                    store.connection.execute(text(statement), {"attack": attack, "number": number})
        landbank.close()
        with serving(url, Settings()) as address:
            yield address


class Watch:
    """Notes what a page says and whom it asks."""

    def __init__(self, context: BrowserContext) -> None:
        self.said: list[str] = []
        self.hosts: set[str] = set()
        self.expected: Callable[[str], bool] = lambda _text: False
        context.on("console", lambda message: self.note(f"{message.type}: {message.text}"))
        context.on("weberror", lambda error: self.note(f"uncaught: {error.error}"))
        context.on("dialog", lambda dialog: (self.note(f"dialog: {dialog.message}"), dialog.dismiss()))
        context.on("request", lambda request: self.hosts.add(urlsplit(request.url).hostname or "data"))

    def note(self, text: str) -> None:
        """Keep what was said."""
        self.said.append(text)

    def check(self) -> None:
        """Nothing was said that was not expected, and no one was asked but the server."""
        assert [text for text in self.said if not self.expected(text)] == []
        assert self.hosts <= {"127.0.0.1", "data"}


@pytest.fixture
def watch(context: BrowserContext) -> Iterator[Watch]:
    """What the test's pages say; checked at its end."""
    noted = Watch(context)
    yield noted
    noted.check()


@pytest.fixture
def page(watch: Watch, context: BrowserContext) -> Page:
    """A page that is watched."""
    return context.new_page()


@pytest.fixture
def violations() -> Callable[[Page], list[str]]:
    """Runs axe-core over a page: WCAG 2.0 to 2.2, A and AA, and its best practices; one line a violation."""
    script = AXE.read_text(encoding="utf-8")

    def run(page: Page) -> list[str]:
        page.evaluate(script)
        found = page.evaluate(
            """async () => {
              const values = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"];
              const result = await axe.run(document, { runOnly: { type: "tag", values } });
              return result.violations.map((v) => `${v.id}: ${v.nodes.map((n) => n.target).join(", ")}`);
            }"""
        )
        return list(found)

    return run
