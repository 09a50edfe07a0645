"""Signing in at a real OpenID Connect provider: what is right is let in, and each way to be wrong is refused.

The provider is oidc-provider from npm, on the loopback; see tests/provider/server.mjs for how it is made to forge.
"""

from __future__ import annotations

import json
import socket
import subprocess
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import lxml.html
import pytest
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.api.sign_in_services import read_services
from landbank.domain.people import SYSTEM, Grant, Role
from landbank.errors import Invalid
from landbank.services.door import Door
from landbank.services.manage_people import disable, give_role
from landbank.settings import Settings
from landbank.wiring import Landbank

PROVIDER = Path(__file__).parents[1] / "provider"
MISSING = "the sign-in service of the tests is not installed: run `make provider` (part of `make test`)"


def node() -> str:
    """The Node.js that the build finds too."""
    import importlib.util

    spec = importlib.util.spec_from_file_location("hatch_build", PROVIDER.parents[1] / "hatch_build.py")
    assert spec
    assert spec.loader
    hook = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(hook)
    return str(hook.node_program())


@dataclass(slots=True)
class Provider:
    """The provider that runs, and what the test asks of it."""

    issuer: str

    def control(self, **asked: Any) -> None:
        """Ask for something: `redirectUris`, `rotate`, `tamper`."""
        httpx.post(f"{self.issuer}/_control", content=json.dumps(asked), timeout=20).raise_for_status()


@pytest.fixture(scope="module")
def running() -> Iterator[Provider]:
    """The provider; the module's tests share it."""
    if not (PROVIDER / "node_modules" / "oidc-provider").is_dir():
        pytest.fail(MISSING)
    with socket.create_server(("127.0.0.1", 0)) as free:
        port = free.getsockname()[1]
    process = subprocess.Popen(
        [node(), str(PROVIDER / "server.mjs"), str(port)],
        stdout=subprocess.PIPE,
        stderr=subprocess.DEVNULL,
        text=True,
    )
    assert process.stdout
    try:
        told = next((line for line in process.stdout if line.startswith("{")), "")
        assert told, "the provider did not start"
        yield Provider(json.loads(told)["issuer"])
    finally:
        process.terminate()
        process.wait(10)
        process.stdout.close()


def services_file(folder: Path, issuer: str, more: str = "") -> Path:
    """The operator's list with the provider in it."""
    (folder / "secret").write_text("a secret of the tests\n")
    path = folder / "services.toml"
    path.write_text(
        f"""
        [[service]]
        name = "stad"
        label_sv = "Stadens inloggning"
        label_en = "The city's sign-in"
        issuer = "{issuer}"
        client_id = "landbank"
        client_secret_file = "secret"
        scopes = ["openid", "profile", "email"]
        {more}
        """
    )
    return path


@pytest.fixture(scope="module")
def shared_site(
    shared: tuple[Landbank, Door, Any],
    running: Provider,
    tmp_path_factory: pytest.TempPathFactory,
    serving: Any,
) -> Iterator[str]:
    """The address of an application whose operator lists the provider."""
    landbank, door, _ = shared
    path = services_file(tmp_path_factory.mktemp("services"), running.issuer)
    opened = Landbank(Settings(sign_in_services=path), landbank.engine)
    with serving(create_app(opened, door=door)) as address:
        running.control(redirectUris=[f"{address}/logga-in/svar/stad"])
        yield address


@pytest.fixture
def provider(running: Provider, peopled: Landbank, clock: Any) -> Iterator[Provider]:
    """The provider, honest again after the test; landbank's clock is the provider's."""
    clock.now = datetime.now(UTC)
    yield running
    running.control(tamper=None)


class Traveller:
    """A browser on its way from landbank to the provider and back."""

    def __init__(self, agent: Any) -> None:
        self.agent = agent

    def back_address(self, who: str, path: str = "/logga-in/tjanst/stad?vidare=/om") -> str:
        """The address that the provider sends the browser back to, which it has not followed yet."""
        answer = self.agent.send_once("GET", self.agent.address + path)
        for _ in range(20):
            if answer.has_redirect_location:
                if "/logga-in/svar/" in answer.headers["location"]:
                    return str(answer.headers["location"])
                answer = self.agent.send_once("GET", answer.headers["location"])
                continue
            (form,) = lxml.html.fromstring(answer.text).forms
            told = {name: value for name, value in form.fields.items() if value is not None}
            told |= {"login": who, "password": "x"} if "login" in form.fields else {}
            answer = self.agent.send_once("POST", form.action, data=told)
        raise AssertionError("the provider never sent the browser back")

    def sign_in(self, who: str) -> httpx.Response:
        """The page after a whole sign-in."""
        page: httpx.Response = self.agent.get(self.back_address(who))
        return page


@pytest.fixture
def traveller(provider: Provider, agent: Any) -> Traveller:
    """A browser in which nobody is signed in, anywhere."""
    return Traveller(agent)


def title_of(answer: httpx.Response) -> str:
    """The first heading of a page."""
    return str(lxml.html.fromstring(answer.text).cssselect("h1")[0].text_content())


def persons(landbank: Landbank) -> list[Any]:
    """Everybody with an account."""
    with landbank.people(SYSTEM) as people:
        return people.persons.all()


def refusals(landbank: Landbank) -> int:
    """How often the security log tells of a refused answer."""
    with landbank.people(SYSTEM) as people:
        count = text("SELECT count(*) FROM landbank.security_event WHERE kind = 'openid_refused'")
        return int(people.connection.execute(count).scalar_one())


def test_first_sign_in_leads_back_with_an_account_and_no_role(
    traveller: Traveller, peopled: Landbank
) -> None:
    asked = traveller.agent.get("/logga-in")
    assert "Stadens inloggning" in asked.text
    page = traveller.sign_in("eva")
    assert urlsplit(traveller.agent.url).path == "/om"
    assert "eva of the provider" in page.text
    assert "__Host-landbank-flow" not in traveller.agent.cookies
    (eva,) = persons(peopled)
    assert (eva.login, eva.display_name, eva.email, eva.grants) == (
        None, "eva of the provider", "same@example.org", frozenset(),
    )  # fmt: skip
    account = traveller.agent.get("/konto")
    assert "Inga än." in account.text
    assert "Byt lösenord" not in account.text
    assert traveller.agent.get("/personer").status_code == 403


def test_role_comes_from_landbank_alone_and_person_is_known_by_subject_not_mail(
    traveller: Traveller, peopled: Landbank, door: Door, browsing: Callable[[str], Any], site: str
) -> None:
    traveller.sign_in("eva")
    (eva,) = persons(peopled)
    give_role(door, SYSTEM, eva.id, Grant(Role.ADMINISTRATOR, "1441"))
    again = Traveller(browsing(site))
    again.sign_in("eva")
    assert title_of(again.agent.get("/personer")) == "Personer"
    other = Traveller(browsing(site))
    other.sign_in("fredrik")  # with the same e-mail address
    assert other.agent.get("/personer").status_code == 403
    assert len(persons(peopled)) == 2


def test_code_and_state_can_not_be_used_again(traveller: Traveller) -> None:
    address = traveller.back_address("eva")
    flow = traveller.agent.cookies["__Host-landbank-flow"]
    assert traveller.agent.get(address).status_code == 200
    for cookies in ({}, {"__Host-landbank-flow": flow}):
        traveller.agent.cookies = dict(cookies)
        assert traveller.agent.get(address).status_code == 403
        assert title_of(traveller.agent.get("/konto")) == "Logga in"


@pytest.mark.parametrize("state", ["forged", ""])
def test_forged_state_is_refused(traveller: Traveller, peopled: Landbank, state: str) -> None:
    address = traveller.back_address("eva")
    right = parse_qs(urlsplit(address).query)["state"][0]
    page = traveller.agent.get(address.replace(f"state={right}", f"state={state}"))
    assert page.status_code == 403
    assert "gick inte att lita på" in page.text
    assert persons(peopled) == []
    assert refusals(peopled) == 1


def test_answer_in_a_browser_that_asked_for_nothing_is_refused(
    traveller: Traveller, browsing: Callable[[str], Any], site: str
) -> None:
    address = traveller.back_address("eva")
    assert browsing(site).get(address).status_code == 403


FORGED = {
    "nonce": "the nonce is not the one that was sent",
    "audience": "the token is for another program",
    "issuer": "the token is another service's",
    "expired": "the token has expired",
    "party": "the token was given to another program",
    "nobody": "the token names nobody",
    "none": "the token's signature does not hold",
    "key": "the token is signed with a key that the service does not publish",
}
"""What the provider is made to forge, and why it is refused."""


@pytest.mark.parametrize("tamper", FORGED)
def test_token_that_is_wrong_in_any_way_is_refused_for_that(
    traveller: Traveller, provider: Provider, caplog: pytest.LogCaptureFixture, tamper: str
) -> None:
    provider.control(tamper=tamper)
    page = traveller.sign_in("eva")
    assert page.status_code == 403
    assert FORGED[tamper] in caplog.text
    assert title_of(page) == "Logga in"
    assert "__Host-landbank" not in traveller.agent.cookies
    assert title_of(traveller.agent.get("/konto")) == "Logga in"


def test_keys_that_were_changed_are_fetched_once_and_strange_ones_not_again_at_once(
    traveller: Traveller, provider: Provider, browsing: Callable[[str], Any], site: str, clock: Any
) -> None:
    traveller.sign_in("eva")
    provider.control(rotate=True)
    clock.advance(seconds=61)
    assert Traveller(browsing(site)).sign_in("eva").status_code == 200
    provider.control(rotate=True)
    assert Traveller(browsing(site)).sign_in("eva").status_code == 403
    clock.advance(seconds=61)
    assert Traveller(browsing(site)).sign_in("eva").status_code == 200


def test_sign_in_that_took_longer_than_ten_minutes_is_refused(traveller: Traveller, clock: Any) -> None:
    address = traveller.back_address("eva")
    clock.advance(minutes=10, seconds=1)
    assert traveller.agent.get(address).status_code == 403


def test_who_gives_up_at_the_provider_is_told_so(traveller: Traveller) -> None:
    address = traveller.back_address("eva")
    state = parse_qs(urlsplit(address).query)["state"][0]
    page = traveller.agent.get(f"/logga-in/svar/stad?error=access_denied&state={state}")
    assert page.status_code == 401
    assert "släppte inte in dig" in page.text


def test_answer_of_another_service_is_refused(traveller: Traveller) -> None:
    address = traveller.back_address("eva")
    query = parse_qs(urlsplit(address).query)
    issuer = query["iss"][0]
    assert issuer.startswith("http://127.0.0.1:")
    state, code = query["state"][0], query["code"][0]
    told = f"/logga-in/svar/stad?state={state}&code={code}&iss=https://other.example.org"
    assert traveller.agent.get(told).status_code == 403


def test_disabled_person_is_refused(traveller: Traveller, peopled: Landbank, door: Door) -> None:
    traveller.sign_in("eva")
    (eva,) = persons(peopled)
    disable(door, SYSTEM, eva.id)
    traveller.agent.cookies.clear()
    assert traveller.sign_in("eva").status_code == 403


def test_service_that_is_not_configured_is_not_found(agent: Any) -> None:
    assert agent.get("/logga-in/tjanst/annan").status_code == 404
    assert agent.get("/logga-in/svar/annan").status_code == 404


@pytest.fixture
def listing(
    peopled: Landbank, door: Door, tmp_path: Path, serving: Any, browsing: Callable[[str], Any]
) -> Callable[..., Any]:
    """`with listing(issuer, more) as agent`: a browser on an application whose operator lists that service."""

    @contextmanager
    def listed(issuer: str, more: str = "") -> Iterator[Any]:
        settings = Settings(sign_in_services=services_file(tmp_path, issuer, more))
        with serving(create_app(Landbank(settings, peopled.engine), door=door)) as address:
            yield browsing(address)

    return listed


def test_service_that_calls_itself_something_else_or_is_silent_is_told(
    running: Provider, listing: Callable[..., Any]
) -> None:
    for issuer in (f"{running.issuer}/", "http://127.0.0.1:9"):
        with listing(issuer) as agent:
            page = agent.get("/logga-in/tjanst/stad")
        assert page.status_code == 503
        assert "svarar inte just nu" in page.text


def test_weaker_sign_in_than_the_operator_asks_for_is_refused(
    provider: Provider, shared_site: str, listing: Callable[..., Any]
) -> None:
    with listing(provider.issuer, 'amr = ["mfa"]') as agent:
        provider.control(redirectUris=[f"{one}/logga-in/svar/stad" for one in (agent.address, shared_site)])
        assert Traveller(agent).sign_in("eva").status_code == 403


@pytest.mark.parametrize(
    "more",
    [
        'algorithms = ["none"]',
        'algorithms = ["HS256"]',
        "algorithms = []",
        'client_auth = "none"',
        "unknown = 1",
        'issuer = "http://login.example.org"',
    ],
)
def test_configuration_that_would_let_in_anybody_is_refused(tmp_path: Path, more: str) -> None:
    path = services_file(tmp_path, "https://login.example.org", more)
    if more.startswith("issuer"):
        path.write_text(path.read_text().replace('issuer = "https://login.example.org"', ""))
    with pytest.raises(Invalid, match=r"service 1|no valid TOML"):
        read_services(path)


def test_same_issuer_twice_is_refused(tmp_path: Path) -> None:
    path = services_file(tmp_path, "https://login.example.org")
    path.write_text(path.read_text() + path.read_text().replace('"stad"', '"by"'))
    with pytest.raises(Invalid, match="twice"):
        read_services(path)
