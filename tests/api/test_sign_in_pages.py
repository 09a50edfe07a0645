"""Signing in over HTTP: the way in and out, what is kept by nobody, and what another site can't do."""

from __future__ import annotations

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from typing import Any
from urllib.parse import parse_qs, urlsplit

import httpx
import lxml.html
import pytest
from sqlalchemy import event

from landbank.domain.people import SYSTEM, Grant, Permission, Role
from landbank.services.door import Door
from landbank.services.manage_keys import make_key
from landbank.services.manage_people import disable
from landbank.wiring import Landbank

PLANNER = Grant(Role.PLANNER, "1441")
ADMINISTRATOR = Grant(Role.ADMINISTRATOR, "1441")
PASSWORD = "fyra kor gnager räls"
Make = Callable[..., Any]


def text_of(answer: httpx.Response, selector: str) -> str:
    """The text of the first thing on a page that the selector finds."""
    found = lxml.html.fromstring(answer.text).cssselect(selector)
    return " ".join(found[0].text_content().split()) if found else ""


def test_link_password_app_and_codes_lead_to_the_account(somebody: Make) -> None:
    anna = somebody("anna", PLANNER)
    assert len(set(anna.codes)) == 10
    page = anna.agent.get("/konto")
    assert page.status_code == 200
    assert text_of(page, "h1") == "Ditt konto"
    assert "planerare i Lerum" in page.text
    assert text_of(anna.agent.get("/en/account"), "h1") == "Your account"


def test_whoever_is_signed_in_stands_in_the_menu_of_every_page_and_can_sign_out(somebody: Make) -> None:
    anna = somebody("anna", ADMINISTRATOR)
    for path in ("/", "/en", "/om", "/datakatalog", "/personer", "/nowhere"):
        page = anna.agent.get(path)
        assert "Anna" in text_of(page, ".top-nav"), path
        assert page.headers["cache-control"] == "no-store"
        assert "etag" not in page.headers
    out = anna.agent.submit(anna.agent.get("/"), "/logga-ut")
    assert text_of(out, ".told") == "Du är utloggad."
    assert "Anna" not in anna.agent.get("/").text
    assert "__Host-landbank" not in anna.agent.cookies


def test_cookie_says_what_it_must(site: str, somebody: Make) -> None:
    anna = somebody("anna", PLANNER)
    anna.agent.get("/logga-in")
    answer = anna.agent.send_once(
        "POST", "/logga-in", data={"namn": "anna", "losenord": PASSWORD}, headers={"origin": site}
    )
    (line,) = answer.headers.get_list("set-cookie")
    name, *rest = [part.strip() for part in line.split(";")]
    assert name.startswith("__Host-landbank=")
    assert {part.lower() for part in rest} == {"path=/", "secure", "httponly", "samesite=lax"}


def test_anonymous_pages_stay_cacheable_and_look_for_no_session(peopled: Landbank, agent: Any) -> None:
    statements: list[str] = []

    def note(*told: Any) -> None:
        statements.append(told[2])

    event.listen(peopled.engine, "before_cursor_execute", note)
    page = agent.get("/")
    assert page.headers["cache-control"] == "no-cache"
    assert page.headers["etag"]
    assert "cookie" in page.headers["vary"].lower()
    assert "set-cookie" not in page.headers
    assert agent.get("/", **{"if-none-match": page.headers["etag"]}).status_code == 304
    event.remove(peopled.engine, "before_cursor_execute", note)
    assert statements
    assert [one for one in statements if "session" in one or "person" in one] == []


def test_page_that_was_kept_before_signing_in_is_not_shown_after(somebody: Make, agent: Any) -> None:
    tag = agent.get("/").headers["etag"]
    anna = somebody("anna", PLANNER)
    page = anna.agent.get("/", **{"if-none-match": tag})
    assert page.status_code == 200
    assert "Anna" in page.text


def test_tiles_and_open_data_stay_public_to_who_is_signed_in(somebody: Make) -> None:
    anna = somebody("anna", PLANNER)
    for path in ("/tiles/plots/8/136/77", "/ogc/collections/plots/items", "/api/match/schema"):
        assert "no-store" not in anna.agent.get(path, accept="*/*").headers.get("cache-control", ""), path


def test_dead_session_is_told_to_the_browser_and_the_page_is_everybodys(
    somebody: Make, door: Door, clock: Any
) -> None:
    anna = somebody("anna", PLANNER)
    clock.advance(minutes=31)
    page = anna.agent.get("/")
    assert page.status_code == 200
    assert "Anna" not in page.text
    assert "__Host-landbank" not in anna.agent.cookies


@pytest.mark.parametrize("path", ["/konto", "/personer", "/en/people"])
def test_page_for_the_signed_in_leads_through_the_sign_in_and_back(
    somebody: Make, agent: Any, path: str
) -> None:
    anna = somebody("anna", ADMINISTRATOR)
    asked = agent.get(f"{path}?nu=x")
    assert text_of(asked, "h1") in ("Logga in", "Sign in")
    sign_in, code = (
        ("/en/sign-in", "/en/sign-in/code") if path.startswith("/en") else ("/logga-in", "/logga-in/kod")
    )
    asked = agent.submit(asked, sign_in, namn="anna", losenord=PASSWORD)
    agent.submit(asked, code, kod=anna.code())
    assert agent.url.endswith(f"{path}?nu=x")


@pytest.mark.parametrize(
    "target", ["https://evil.example/", "//evil.example", "/\\evil.example", "javascript:alert(1)", "/\n/evil", "konto"]
)  # fmt: skip
def test_sign_in_leads_to_no_other_site(somebody: Make, agent: Any, target: str) -> None:
    anna = somebody("anna", PLANNER)
    asked = agent.submit(agent.get("/logga-in"), "/logga-in", namn="anna", losenord=PASSWORD, vidare=target)
    agent.submit(asked, "/logga-in/kod", kod=anna.code(), vidare=target)
    assert agent.url.endswith("/konto")


def test_open_data_knows_who_is_signed_in_and_leads_back_there(somebody: Any, agent: Any) -> None:
    out = lxml.html.fromstring(agent.get("/ogc/collections?f=html&lang=en").text)
    (way_in,) = [one.get("href") for one in out.cssselect("header a") if "sign-in" in one.get("href", "")]
    assert parse_qs(urlsplit(way_in).query)["vidare"] == ["/ogc/collections?f=html&lang=en"]
    anna = somebody("anna", Grant(Role.PLANNER, "1441"))
    page = anna.agent.get("/ogc/collections/plots/items?f=html")
    assert page.headers["cache-control"] == "no-store"
    assert "Anna" in lxml.html.fromstring(page.text).cssselect("header")[0].text_content()


def test_wrong_password_is_told_beside_the_form_which_keeps_the_name_and_not_the_password(agent: Any) -> None:
    page = agent.submit(agent.get("/logga-in"), "/logga-in", namn='an"na<b>', losenord="fel lösenord")
    assert page.status_code == 401
    assert page.headers["cache-control"] == "no-store"
    fields = {
        field.get("name"): field.get("value") for field in lxml.html.fromstring(page.text).cssselect("input")
    }
    assert (fields["namn"], fields["losenord"]) == ('an"na<b>', None)
    assert "Namnet eller lösenordet är fel." in text_of(page, "#fel")
    assert text_of(page, "title") == "Fel: Logga in – landbank"
    assert "fel lösenord" not in page.text


def test_too_many_attempts_are_429_and_say_when_to_come_back(agent: Any) -> None:
    for _ in range(10):
        page = agent.submit(agent.get("/logga-in"), "/logga-in", namn="anna", losenord="fel lösenord")
        assert page.status_code == 401
    page = agent.submit(agent.get("/logga-in"), "/logga-in", namn="anna", losenord="fel lösenord")
    assert (page.status_code, page.headers["retry-after"]) == (429, "300")


def test_wrong_code_is_told_and_the_sign_in_goes_on(somebody: Make, agent: Any) -> None:
    anna = somebody("anna", PLANNER)
    asked = agent.submit(agent.get("/logga-in"), "/logga-in", namn="anna", losenord=PASSWORD)
    wrong = agent.submit(asked, "/logga-in/kod", kod="000000")
    assert wrong.status_code == 401
    agent.submit(wrong, "/logga-in/kod", kod=anna.codes[3])
    assert agent.url.endswith("/konto")


def test_half_signed_in_gives_no_right(somebody: Make, agent: Any) -> None:
    somebody("anna", ADMINISTRATOR)
    agent.submit(agent.get("/logga-in"), "/logga-in", namn="anna", losenord=PASSWORD)
    assert agent.cookies
    assert text_of(agent.get("/personer"), "h1") == "Logga in"


def test_signing_in_again_ends_the_session_before(somebody: Make, door: Door, site: str) -> None:
    anna = somebody("anna", PLANNER)
    before = dict(anna.agent.cookies)
    anna.agent.send(
        "POST", "/logga-in", data={"namn": "anna", "losenord": PASSWORD}, headers={"origin": site}
    )
    assert anna.agent.cookies["__Host-landbank"] != before["__Host-landbank"]
    anna.agent.cookies = before
    assert text_of(anna.agent.get("/konto"), "h1") == "Logga in"


def test_disabled_person_is_out_at_the_next_request(somebody: Make, door: Door) -> None:
    anna = somebody("anna", PLANNER)
    disable(door, SYSTEM, anna.id)
    assert text_of(anna.agent.get("/konto"), "h1") == "Logga in"


def test_qr_code_is_a_picture_without_style_and_its_secret_stands_as_text(agent: Any, somebody: Make) -> None:
    anna = somebody("anna", PLANNER)
    page = anna.agent.submit(anna.agent.get("/konto"), "/konto/andra-faktor", nuvarande=PASSWORD)
    assert anna.agent.url.endswith("/logga-in/andra-faktor")
    (drawn,) = lxml.html.fromstring(page.text).cssselect("[role=img] svg")
    assert not drawn.xpath(".//@style")
    assert text_of(page, ".secret code").replace(" ", "") != anna.app.secret
    assert page.headers["cache-control"] == "no-store"


def test_password_is_changed_on_the_account_page(somebody: Make) -> None:
    anna = somebody("anna", PLANNER)
    new = "tolv blå spadar sover"
    for fields, status in (
        ({"nuvarande": "fel", "losenord": new, "igen": new}, 400),
        ({"nuvarande": PASSWORD, "losenord": new, "igen": "annat"}, 400),
        ({"nuvarande": PASSWORD, "losenord": "kort", "igen": "kort"}, 400),
        ({"nuvarande": PASSWORD, "losenord": new, "igen": new}, 200),
    ):
        page = anna.agent.submit(anna.agent.get("/konto"), "/konto/losenord", **fields)
        assert page.status_code == status, fields
    assert "Lösenordet är bytt" in text_of(page, ".told")


def test_key_is_shown_once_and_opens_what_it_may(somebody: Make, site: str, serving: Any) -> None:
    anna = somebody("anna", PLANNER)
    page = anna.agent.submit(
        anna.agent.get("/konto"), "/konto/nyckel", namn="nattimport", far="import", kommun="1441", dagar="30"
    )
    key = text_of(page, ".once code")
    assert key.startswith("lb_")
    again = anna.agent.get("/konto")
    assert key not in again.text
    assert "nattimport" in again.text
    # a program with a key has no account of its own, and is told so as programs are
    refused = httpx.get(f"{site}/konto", headers={"authorization": f"Bearer {key}"})
    assert (refused.status_code, refused.json()["type"]) == (403, "/problems/forbidden")
    page = anna.agent.submit(again, "/konto/nyckel/slut", vilken=key.split("_")[1])
    assert "nattimport" not in page.text
    gone = httpx.get(f"{site}/konto", headers={"authorization": f"Bearer {key}"})
    assert (gone.status_code, gone.headers["www-authenticate"]) == (401, 'Bearer realm="landbank"')


def test_key_is_taken_from_the_header_alone(site: str, door: Door) -> None:
    key = make_key(door, SYSTEM, label="x", scopes=[Permission.READ_PLANNING], municipality_code="1441").text
    for told in (
        {"params": {"key": key, "access_token": key}},
        {"headers": {"cookie": f"__Host-landbank={key}"}},
        {"headers": {"authorization": f"Basic {key}"}},
        {"headers": {"x-api-key": key}},
    ):
        assert httpx.get(f"{site}/konto", **told).status_code == 401  # type: ignore[arg-type]


def test_administrator_invites_grants_and_disables(somebody: Make, agent: Any) -> None:
    chief = somebody("chief", ADMINISTRATOR)
    page = chief.agent.submit(
        chief.agent.get("/personer"), "/personer",
        namn="Bo <script>alert(1)</script>", inloggning="bo", epost="bo@example.org", roll="planner@1441",
    )  # fmt: skip
    link = text_of(page, ".once code")
    assert "<script>alert" not in page.text
    assert text_of(agent.get(link), "h1") == "Välj lösenord"
    assert chief.agent.get("/personer").text.count("planerare i Lerum") > 0
    number = next(
        form.fields["vem"]
        for form in lxml.html.fromstring(page.text).forms
        if form.action == "/personer/roll" and form.fields["vem"] != str(chief.id)
    )
    token = chief.token
    for action, fields, status in (
        ("roll", {"roll": "lots@1441"}, 200),
        ("roll", {"roll": "planner@1480"}, 403),
        ("roll", {"roll": "operator@"}, 403),
        ("roll", {"roll": "rubbish"}, 400),
        ("roll/slut", {"roll": "lots@1441"}, 200),
        ("av", {}, 200),
    ):
        told = {"_token": token, "vem": number, **fields}
        assert chief.agent.post(f"/personer/{action}", told).status_code == status, (action, fields)
    assert agent.get(link).status_code == 410
    assert chief.agent.post("/personer/av", {"_token": token, "vem": str(chief.id)}).status_code == 403
    assert chief.agent.post("/personer/av", {"_token": token, "vem": "999"}).status_code == 404


def test_planner_may_not_see_the_page_of_people(somebody: Make) -> None:
    page = somebody("anna", PLANNER).agent.get("/personer")
    assert page.status_code == 403
    assert text_of(page, "h1") == "Det får du inte göra"


def test_person_without_a_role_is_told_what_to_do(somebody: Make) -> None:
    anna = somebody("anna")
    page = anna.agent.get("/konto")
    assert "Inga än. Be din kommuns administratör om en roll" in page.text
    assert anna.agent.get("/personer").status_code == 403


def test_form_larger_than_any_of_ours_is_refused(agent: Any) -> None:
    assert agent.post("/logga-in", {"namn": "a" * 30_000}).status_code == 413


def test_site_without_local_accounts_offers_no_password(peopled: Landbank, door: Door, serving: Any) -> None:
    from landbank.api.app import create_app
    from landbank.settings import Settings
    from landbank.wiring import Landbank as Opened

    closed = Opened(Settings(local_accounts=False), peopled.engine)
    with serving(create_app(closed, door=door)) as address, httpx.Client(base_url=address) as client:
        assert "Logga in" not in client.get("/").text
        assert client.post("/logga-in", headers={"origin": address}).status_code == 405
        assert client.get("/valkommen").status_code == 404


def test_flood_of_sign_ins_is_turned_away_at_once_and_everybody_else_is_served(
    site: str, door: Door, until: Callable[..., None]
) -> None:
    told = {"data": {"namn": "anna", "losenord": "fel lösenord"}, "headers": {"origin": site}}

    def enter() -> int:
        return httpx.post(f"{site}/logga-in", timeout=30, **told).status_code  # type: ignore[arg-type]

    with ThreadPoolExecutor(6) as pool:
        with door.passwords._turn(), door.passwords._turn():  # two passwords are being checked
            waiting = [pool.submit(enter) for _ in range(6)]
            until(lambda: door.passwords._inside == 8)
            refused = httpx.post(f"{site}/en/sign-in", **told)  # type: ignore[arg-type]
            assert (refused.status_code, refused.headers["retry-after"]) == (503, "2")
            assert httpx.get(f"{site}/om").status_code == 200
        assert {one.result() for one in waiting} == {401}
    assert enter() == 401
