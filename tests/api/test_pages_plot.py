"""The plot page, the pages of text and the error pages, as the server renders them."""

from __future__ import annotations

import httpx
import pytest
from lxml import html as parser
from sqlalchemy import text

from landbank.api.i18n import read_words
from landbank.api.page_plot import is_plain_mail, is_web_address
from landbank.api.static import find_web
from landbank.wiring import Landbank


def page_at(client: httpx.Client, address: str, status: int = 200) -> parser.HtmlElement:
    """The parsed page at an address."""
    reply = client.get(address, headers={"accept": "text/html"})
    assert reply.status_code == status, reply.text[:500]
    return parser.document_fromstring(reply.text)


def words(element: parser.HtmlElement) -> str:
    """An element's text with single spaces."""
    return " ".join(element.text_content().split())


def plot_id(landbank: Landbank, reference: str) -> int:
    """The id of the plot with this reference."""
    with landbank.reading() as store:
        found = store.connection.execute(
            text("SELECT id FROM landbank.plot WHERE reference = :reference ORDER BY id DESC"),
            {"reference": reference},
        )
        return int(found.scalar_one())


def change(landbank: Landbank, statement: str, **values: object) -> None:
    """One change of the inventory."""
    with landbank.changing(actor="test") as store:
        store.connection.execute(text(statement), values)


def section(page: parser.HtmlElement, heading: str) -> str:
    """The text of the section under a heading."""
    (found,) = [
        one
        for one in page.cssselect("section")
        if one.cssselect("h2") and words(one.cssselect("h2")[0]) == heading
    ]
    return words(found)


def test_plot_page_says_how_far_the_plot_has_come_and_what_that_means(
    client: httpx.Client, inventory: Landbank
) -> None:
    page = page_at(client, f"/tomt/{plot_id(inventory, 'H0')}")

    assert words(page.cssselect("h1")[0]) == "Tomt 0"
    assert words(page.cssselect(".plot-head .label")[0]) == "Ledig nu"
    axes = section(page, "Hur långt tomten har kommit")
    assert "Planläge Laga kraft" in axes
    assert "Marken Byggklar" in axes
    assert "Försäljning Ledig" in axes
    assert "Begränsningar Inga kända" in axes


def test_blocked_plot_names_what_blocks_it(client: httpx.Client, inventory: Landbank) -> None:
    change(
        inventory,
        """INSERT INTO landbank.restriction (plot_id, kind, description, is_blocking, owner, due_on)
        SELECT id, 'fororening', 'Oljecistern', true, 'Exploateringsenheten', '2027-03-01' FROM landbank.plot
        WHERE reference = 'H0'""",
    )
    page = page_at(client, f"/tomt/{plot_id(inventory, 'H0')}")

    assert words(page.cssselect(".plot-head .label")[0]).startswith("Begränsad: markförorening")
    told = section(page, "Begränsningar")
    assert all(
        part in told for part in ("hindrar byggande", "Oljecistern", "Exploateringsenheten", "2027-03-01")
    )


def test_power_is_told_with_date_certainty_and_operator(client: httpx.Client, inventory: Landbank) -> None:
    change(
        inventory,
        """INSERT INTO landbank.utility (plot_id, kind, is_at_boundary, capacity, capacity_unit, available_on, is_firm,
             operator, source, confirmed_on)
        SELECT id, 'el', true, 2.5, 'MW', '2028-01-01', false, 'Elnätsägaren', 'Mejl', '2026-09-12' FROM landbank.plot
        WHERE reference = 'H0'""",
    )
    told = section(page_at(client, f"/tomt/{plot_id(inventory, 'H0')}"), "El, vatten och andra ledningar")

    assert all(
        part in told for part in ("2,5 MW", "2028-01-01", "villkorad", "Elnätsägaren", "Mejl", "2026-09-12")
    )


def test_stale_plot_is_marked_and_never_confirmed_one_says_so(
    client: httpx.Client, inventory: Landbank
) -> None:
    change(inventory, "UPDATE landbank.plot SET confirmed_on = current_date - 91 WHERE reference = 'H0'")

    stale = page_at(client, f"/tomt/{plot_id(inventory, 'H0')}").cssselect(".fresh")[0]
    never = page_at(client, f"/en/plot/{plot_id(inventory, 'H1')}").cssselect(".fresh")[0]

    assert "för 91 dagar sedan: fråga om det stämmer" in words(stale)
    assert words(never) == "Never confirmed. Ask before you rely on these facts."


def test_plot_known_as_a_point_says_that_its_outline_is_missing(
    client: httpx.Client, inventory: Landbank
) -> None:
    page = page_at(client, f"/tomt/{plot_id(inventory, 'L1')}")

    assert "bara en punkt är känd" in words(page.cssselect(".position")[0])
    assert words(page.cssselect(".plot-head .label")[0]) == "Kommande (samråd)"


def test_contact_is_an_office_with_a_mail_link(client: httpx.Client, inventory: Landbank) -> None:
    page = page_at(client, f"/tomt/{plot_id(inventory, 'H0')}")

    assert "Näringslivsenheten, Göteborg" in section(page, "Kontakt")
    assert page.cssselect(".contact a")[0].get("href") == "mailto:mark@example.org"


def test_way_back_and_language_switch_keep_the_search(client: httpx.Client, inventory: Landbank) -> None:
    number = plot_id(inventory, "H0")
    page = page_at(client, f"/tomt/{number}?yta_min=2&anv=J")

    assert page.cssselect(".crumbs a")[0].get("href") == "/?yta_min=2&anv=J"
    assert page.cssselect("[data-language-link]")[0].get("href") == f"/en/plot/{number}?yta_min=2&anv=J"


def test_ended_plot_is_gone_and_says_when(client: httpx.Client, inventory: Landbank) -> None:
    number = plot_id(inventory, "H0")
    change(inventory, "UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'H0'")

    assert "Ingen annan tomt har ersatt den." in words(page_at(client, f"/tomt/{number}", 410))


def test_plot_with_one_successor_leads_there_and_with_several_names_them(
    client: httpx.Client, inventory: Landbank
) -> None:
    old, first, second = (plot_id(inventory, reference) for reference in ("H0", "H1", "H2"))
    change(inventory, "UPDATE landbank.plot SET valid_to = current_date WHERE reference = 'H0'")
    lineage = "INSERT INTO landbank.plot_lineage VALUES (:old, :new, 'split', current_date)"
    change(inventory, lineage, old=old, new=first)

    moved = client.get(f"/en/plot/{old}", headers={"accept": "text/html"})
    change(inventory, lineage, old=old, new=second)
    page = page_at(client, f"/tomt/{old}", 410)

    assert (moved.status_code, moved.headers["location"]) == (301, f"/en/plot/{first}")
    assert [link.get("href") for link in page.cssselect("main .successors a")] == [
        f"/tomt/{first}",
        f"/tomt/{second}",
    ]


@pytest.mark.parametrize("number", ["0", "999999", str(2**63), "-1"])
def test_plot_that_never_was_is_not_found(client: httpx.Client, number: str) -> None:
    page = page_at(client, f"/tomt/{number}", 404)

    assert words(page.cssselect("h1")[0]) == "Sidan finns inte"


@pytest.mark.parametrize(
    ("address", "heading"),
    [("/finns-inte", "Sidan finns inte"), ("/en/nothing", "There is no such page")],
)
def test_error_pages_speak_the_language_of_the_address(
    client: httpx.Client, address: str, heading: str
) -> None:
    assert words(page_at(client, address, 404).cssselect("h1")[0]) == heading


@pytest.mark.parametrize(
    ("address", "heading"),
    [
        ("/om", "Om landbank"),
        ("/en/about", "About landbank"),
        ("/tillganglighet", "Tillgänglighetsredogörelse"),
        ("/en/accessibility", "Accessibility statement"),
    ],
)
def test_pages_of_text_exist_in_both_languages(client: httpx.Client, address: str, heading: str) -> None:
    page = page_at(client, address)
    other = page_at(client, page.cssselect("[data-language-link]")[0].get("href"))

    assert words(page.cssselect("h1")[0]) == heading
    assert other.get("lang") != page.get("lang")


def test_accessibility_statement_does_not_claim_what_nobody_tested(client: httpx.Client) -> None:
    assert "har inte prövats av människor som använder skärmläsare" in words(
        page_at(client, "/tillganglighet")
    )


@pytest.mark.parametrize(
    "address", ["/", "/en", "/om", "/en/about", "/tillganglighet", "/tomt/{id}", "/datakatalog"]
)
def test_every_page_says_that_plots_are_invented_while_any_is(
    client: httpx.Client, inventory: Landbank, address: str
) -> None:
    address = address.format(id=plot_id(inventory, "H0"))
    before = page_at(client, address).cssselect(".notice")
    change(inventory, "UPDATE landbank.plot SET is_synthetic = true WHERE reference = 'H4'")
    after = page_at(client, address).cssselect(".notice")

    assert (len(before), len(after)) == (0, 1)


@pytest.mark.parametrize(
    "attack", ["<img src=x onerror=alert(1)>", "{{7*7}}", "{% for x in y %}", '"><script>alert(1)</script>']
)
def test_text_of_the_inventory_never_becomes_markup(
    client: httpx.Client, inventory: Landbank, attack: str
) -> None:
    number = plot_id(inventory, "H0")
    change(
        inventory,
        """UPDATE landbank.plot SET name = :attack, description = :attack, source = :attack, source_url = :attack,
           property_designations = ARRAY[:attack] WHERE reference = 'H0'""",
        attack=attack,
    )
    change(
        inventory,
        "UPDATE landbank.contact SET title = :attack, email = :attack, phone = :attack",
        attack=attack,
    )
    change(inventory, "UPDATE landbank.plan SET name = :attack, document_url = :attack", attack=attack)
    change(
        inventory,
        """INSERT INTO landbank.restriction (plot_id, kind, description, owner, source)
        SELECT id, 'risk', :attack, :attack, :attack FROM landbank.plot WHERE reference = 'H0'""",
        attack=attack,
    )
    for address in (f"/tomt/{number}", f"/en/plot/{number}"):
        page = page_at(client, address)
        assert words(page.cssselect("h1")[0]) == " ".join(attack.split())
        assert not page.cssselect("img, main script")
        assert "49" not in words(page.cssselect("main")[0]).split()


@pytest.mark.parametrize(
    ("address", "is_link"),
    [
        ("https://example.org/plan.pdf", True),
        ("http://example.org", True),
        ("javascript:alert(1)", False),
        ("data:text/html,x", False),
        ("//example.org", False),
        ("https://[", False),
        ("", False),
        (None, False),
    ],
)
def test_only_web_addresses_become_links(address: str | None, is_link: bool) -> None:
    assert is_web_address(address) is is_link


@pytest.mark.parametrize(
    ("mail", "is_link"),
    [("mark@example.org", True), ("a@b.se?bcc=c@d.se", False), ("a@b@c", False), ("a b@c.se", False)],
)
def test_only_plain_addresses_become_mail_links(mail: str, is_link: bool) -> None:
    assert is_plain_mail(mail) is is_link


def test_catalogue_is_found_with_the_templates() -> None:
    assert len(read_words(find_web() / "locale")) == 2


def test_plan_page_part_says_until_when_building_is_guaranteed(
    client: httpx.Client, inventory: Landbank
) -> None:
    change(
        inventory,
        """UPDATE landbank.plan SET legal_force_on = '2026-02-20', implementation_starts_on = '2026-02-20',
        implementation_ends_on = '2999-02-20'""",
    )
    told = section(page_at(client, f"/tomt/{plot_id(inventory, 'H0')}"), "Plan")
    assert "Genomförandetid från 2026-02-20 Genomförandetid till 2999-02-20" in told
    assert "Byggrätten är garanterad till 2999-02-20" in told

    change(inventory, "UPDATE landbank.plan SET implementation_ends_on = '2026-03-01'")
    told = section(page_at(client, f"/tomt/{plot_id(inventory, 'H0')}"), "Plan")
    assert "garanterad" not in told
