"""The free text at the top of the search page: it fills the form in by an address, shows its reading, asks."""

from __future__ import annotations

from urllib.parse import parse_qs, parse_qsl, quote, urlsplit

import httpx
import pytest
from lxml import html as parser

from landbank.api.form_fields import BY_CRITERION
from landbank.domain.criteria import CRITERIA

HTML = {"accept": "text/html"}
TEXT = "5 000 kvm lager nära E20, minst 2 MW el, senast mars 2028, egen kantin"


def read(client: httpx.Client, text: str, more: str = "", start: str = "/") -> httpx.Response:
    """The page that a text leads to."""
    reply = client.get(f"{start}?beskrivning={quote(text)}&las=1{more}", headers=HTML, follow_redirects=False)
    assert reply.status_code == 303, reply.text[:300]
    return client.get(reply.headers["location"], headers=HTML)


def asked(reply: httpx.Response) -> dict[str, list[str]]:
    """The need in a reply's address, without the text."""
    found = parse_qs(urlsplit(str(reply.url)).query)
    return {name: values for name, values in found.items() if name != "beskrivning"}


def words(element: parser.HtmlElement) -> str:
    """An element's text with single spaces."""
    return " ".join(element.text_content().split())


def test_every_criterion_of_the_catalogue_has_a_field_but_the_distance_to_a_place_of_ones_own() -> None:
    assert set(BY_CRITERION) == set(CRITERIA) - {"place_km"}


def test_text_becomes_the_address_of_a_whole_need(client: httpx.Client) -> None:
    reply = read(client, TEXT)

    assert asked(reply) == {
        "anv": ["J", "Z"],
        "anv_krav": ["viktigt"],
        "el": ["2"],
        "datum": ["2028-03-31"],
        "motorvag": ["3"],
    }
    page = parser.document_fromstring(reply.text)
    assert page.cssselect("#beskrivning")[0].text == TEXT
    assert page.cssselect("[name=el]")[0].get("value") == "2"


def test_page_shows_the_words_behind_each_field_and_those_not_understood(client: httpx.Client) -> None:
    page = parser.document_fromstring(read(client, TEXT).text)
    lines = [words(line) for line in page.cssselect(".understood li")]

    assert "minst 2 MW → el minst 2 MW krav" in [line.replace("\u00a0", " ") for line in lines]
    assert any("nära E20 → motorväg högst 3 km önskemål: viktigt" in line for line in lines)
    assert any("landbanks förslag" in line for line in lines), "the amount is landbank's, and says so"
    assert "egen kantin" in words(page.cssselect(".not-understood")[0])


def test_nothing_becomes_a_must_that_the_text_does_not_demand(client: httpx.Client) -> None:
    need = asked(read(client, "ca 2 ha industri nära hamnen, gärna fiber, 3 MW"))

    assert need["yta_krav"] == need["anv_krav"] == need["el_krav"] == ["viktigt"]
    assert need["fiber_krav"] == ["viktigt"]
    assert "hamn_krav" not in need, "a wish already"


def test_demand_for_nearness_without_an_amount_stays_a_wish(client: httpx.Client) -> None:
    need = asked(read(client, "måste ligga nära hamnen"))

    assert need == {"hamn": ["25"], "hamn_krav": ["avgorande"]}


def test_open_area_is_asked_and_each_answer_is_one_link(client: httpx.Client) -> None:
    page = parser.document_fromstring(read(client, TEXT).text)
    links = {words(link): link.get("href") for link in page.cssselect(".answers a")}

    plot, floor = (
        dict(parse_qsl(urlsplit(links[name]).query)) for name in ("Tomtens yta", "Golvyta i byggnaden")
    )
    assert (plot["yta_min"], plot["yta_max"], plot["yta_krav"]) == ("0,45", "0,75", "viktigt")
    assert (floor["byggratt_min"], floor["byggratt_max"]) == ("4500", "7500")
    again = parser.document_fromstring(client.get(links["Tomtens yta"], headers=HTML).text)
    other = next(link.get("href") for link in again.cssselect(".answers a") if "Golv" in link.text)
    assert "yta_min" not in dict(parse_qsl(urlsplit(other).query)), "the first answer is taken back"


def test_kind_of_business_is_offered_and_fills_only_what_is_empty(client: httpx.Client) -> None:
    page = parser.document_fromstring(read(client, TEXT).text)
    (offer,) = page.cssselect(".reading-foot a")
    need = parse_qs(urlsplit(offer.get("href")).query)

    assert need["mall"] == ["logistics"]
    assert need["motorvag"] == ["3"]
    assert need["el"] == ["2"]
    assert need["yta_min"] == ["2"]


@pytest.mark.parametrize(
    "text", ["<img src=x onerror=alert(1)> {{7*7}}", "'\"><script>alert(1)</script>", "%00%0a"]
)
def test_hostile_text_is_shown_as_text(client: httpx.Client, text: str) -> None:
    page = read(client, text).text

    assert "<img src=x" not in page
    assert "<script>alert" not in page
    assert "49" not in parser.document_fromstring(page).cssselect(".say")[0].text_content()


def test_too_long_text_is_an_error_beside_its_box_and_nothing_is_lost(client: httpx.Client) -> None:
    reply = client.get("/", params={"beskrivning": "x" * 1001, "las": "1"}, headers=HTML)
    page = parser.document_fromstring(reply.text)

    assert reply.status_code == 400
    assert page.cssselect("#beskrivning")[0].text == "x" * 1001
    assert "1 000" in words(page.cssselect("#beskrivning-fel")[0])


def test_text_in_english_is_read_on_the_english_page(client: httpx.Client) -> None:
    reply = read(client, "2 ha plot in Lerum, at least 5 MW by 2028", start="/en")

    assert asked(reply)["kommun"] == ["1441"]
    assert asked(reply)["el"] == ["5"]
    assert "How the text was read" in reply.text
