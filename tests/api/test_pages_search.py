"""The search page as the server renders it: no script is needed, and nothing in the data becomes markup."""

from __future__ import annotations

import json
from collections.abc import Iterator

import httpx
import pytest
from lxml import html as parser
from sqlalchemy import text

from landbank.wiring import Landbank

HOSTILE = ("<img src=x onerror=alert(1)>", "{{7*7}}", "</script><script>alert(1)</script>", "{% raise %}")


def page_at(client: httpx.Client, address: str, status: int = 200) -> parser.HtmlElement:
    """The parsed page at an address."""
    reply = client.get(address, headers={"accept": "text/html"})
    assert reply.status_code == status, reply.text[:500]
    return parser.document_fromstring(reply.text)


def words(element: parser.HtmlElement) -> str:
    """An element's text with single spaces."""
    return " ".join(element.text_content().split())


def cards(page: parser.HtmlElement) -> dict[str, str]:
    """Text of each card by the plot's name, in the order shown."""
    return {words(card.cssselect("h4")[0]): words(card) for card in page.cssselect("li.card")}


@pytest.mark.parametrize(("address", "lang"), [("/", "sv"), ("/en", "en")])
def test_first_visit_shows_all_plots_and_what_can_be_had(
    client: httpx.Client, address: str, lang: str
) -> None:
    page = page_at(client, address)

    assert page.get("lang") == lang
    assert len(cards(page)) == 7
    steps = [words(step) for step in page.cssselect(".waterfall li strong")]
    assert steps == (
        ["11,5 ha", "11,5 ha", "6,5 ha", "4 ha"] if lang == "sv" else ["11.5 ha", "11.5 ha", "6.5 ha", "4 ha"]
    )
    assert not page.cssselect(".score"), "a score without a need would mean nothing"


def test_first_visit_orders_by_what_can_be_had_soonest(client: httpx.Client) -> None:
    found = list(cards(page_at(client, "/")))

    assert found[:4] == ["Tomt 0", "Tomt 1", "Tomt 2", "Tomt 3"]
    assert found[-1] in {"Såld tomt", "Tomt 4"}


def test_search_without_script_puts_the_count_in_heading_title_and_status(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=0,5&anv=J&status=ledig_nu")

    assert words(page.cssselect("#results-heading")[0]) == "4 tomter uppfyller alla krav"
    assert page.cssselect("title")[0].text == "4 tomter uppfyller alla krav – landbank"
    assert words(page.cssselect("[role=status]")[0]) == "4 tomter uppfyller alla krav"


def test_every_field_has_a_label_and_every_group_a_legend(client: httpx.Client) -> None:
    page = page_at(client, "/")
    named = {label.get("for") for label in page.cssselect("label[for]")}

    for control in page.cssselect("#need-form input:not([type=hidden]), #need-form select"):
        wrapped = any(parent.tag == "label" for parent in control.iterancestors())
        assert wrapped or control.get("id") in named, parser.tostring(control)
    assert all(group.cssselect("legend") for group in page.cssselect("fieldset"))


def test_ids_are_unique_and_references_lead_somewhere(client: httpx.Client) -> None:
    page = page_at(client, "/?el=abc&yta_min=9&yta_max=3&anv=Q", 400)
    ids = [element.get("id") for element in page.cssselect("[id]")]

    assert len(ids) == len(set(ids))
    for attribute in ("aria-describedby", "aria-labelledby", "for"):
        for element in page.cssselect(f"[{attribute}]"):
            missing = set(element.get(attribute).split()) - set(ids) - {"map_main_help"}
            assert not missing, (attribute, missing)
    for link in page.cssselect("a[href^='#']"):
        assert link.get("href")[1:] in ids


def test_landmarks_of_one_kind_have_different_names(client: httpx.Client) -> None:
    page = page_at(client, "/")
    names = [nav.get("aria-label") for nav in page.cssselect("nav")]

    assert None not in names
    assert len(names) == len(set(names))
    assert len(page.cssselect("main")) == 1


def test_what_was_asked_for_stands_in_the_form_again(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=2,5&anv=J&anv=Z&el=5&el_krav=bra&va=1&datum=2027-06-30&kommun=1480")

    assert page.cssselect("[name=yta_min]")[0].get("value") == "2,5"
    assert [box.get("value") for box in page.cssselect("[name=anv][checked]")] == ["J", "Z"]
    assert page.cssselect("[name=el_krav] [selected]")[0].get("value") == "bra"
    assert page.cssselect("[name=va]")[0].get("checked") is not None
    assert page.cssselect("[name=datum]")[0].get("value") == "2027-06-30"
    assert [box.get("value") for box in page.cssselect("[name=kommun][checked]")] == ["1480"]


def test_near_miss_says_what_is_missing_in_words_and_numbers(client: httpx.Client) -> None:
    found = cards(page_at(client, "/?yta_min=2"))

    assert "1\u00a0ha, ni ville ha minst 2\u00a0ha".replace("\u00a0", " ") in found["Tomt 0"]


def test_value_that_rounds_to_the_limit_is_told_apart_from_it(
    client: httpx.Client, inventory: Landbank
) -> None:
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET area_m2 = 19999 WHERE reference = 'H0'"))

    assert "1,9999 ha, ni ville ha minst 2 ha" in cards(page_at(client, "/?yta_min=2"))["Tomt 0"]


def test_unknown_is_a_question_and_never_a_refusal(client: httpx.Client) -> None:
    page = page_at(client, "/?el=2&kommun=1480")

    assert words(page.cssselect("#results-heading")[0]) == "5 tomter kan uppfylla alla krav"
    assert words(page.cssselect("#grad-B")[0]).startswith("B. Kan passa (5)")
    card = cards(page)["Tomt 0"]
    assert "Ingen uppgift om eleffekt, ni ville ha minst 2 MW" in card
    assert "Fråga om: eleffekt" in card


def test_shown_points_add_up_to_the_shown_score(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=1,3&yta_max=3&yta_krav=viktigt&pris=500&hamn=7&hamn_krav=garna")

    for card in page.cssselect("li.card"):
        points = [words(cell) for cell in card.cssselect("tbody td.figure")]
        won = sum(round(float(cell.replace(",", ".")) * 10) for cell in points[0::2])
        lost = sum(round(float(cell.replace(",", ".")) * 10) for cell in points[1::2])
        score = round(float(words(card.cssselect(".score strong")[0]).replace(",", ".")) * 10)
        assert won == score
        assert won + lost == 1000


def test_empty_result_says_which_must_excludes_most_and_what_letting_go_gives(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=3&anv=J&kommun=1480")

    assert words(page.cssselect("#results-heading")[0]) == "Ingen tomt uppfyller alla krav"
    first = page.cssselect(".by-must li")[0]
    assert (
        words(first.cssselect("p")[0]) == "Minst 3 ha: stänger ute 6 av 7 tomter. Utan det kravet: 5 tomter."
    )
    assert [link.get("href") for link in first.cssselect("a")] == [
        "/?yta_min=3&yta_krav=viktigt&anv=J&kommun=1480",
        "/?anv=J&kommun=1480",
    ]
    assert len(cards(page_at(client, "/?anv=J&kommun=1480"))) == 7


def test_what_plan_or_law_decides_is_told_apart_from_what_can_be_relaxed(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=30&kommun=1441&anv=K&status=ledig_nu")
    told = words(page.cssselect(".relax")[0])

    assert "Ingen tomt har minst 30 ha mark." in told
    assert "Avgörs av plan eller lag" in told


def test_smallest_step_is_one_link_away_and_gains_what_it_says(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=3&anv=J&kommun=1480")
    step = page.cssselect(".relax > ul > li")[0]
    (link,) = step.cssselect("a")

    assert words(step.cssselect("p")[0]) == "Minst 1 ha mark i stället för minst 3 ha mark: 5 tomter till."
    assert words(link) == "Sök med minst 1 ha mark"
    assert link.get("href") == "/?yta_min=1&anv=J&kommun=1480"
    then = page_at(client, link.get("href"))
    assert len(then.cssselect(".tier-a li.card, .tier-b li.card")) == 5


def test_conflict_is_told_in_words(client: httpx.Client) -> None:
    told = page_at(client, "/?yta_min=2&anv=J&status=ledig_nu").cssselect(".conflict")

    assert [words(one).replace("\u00a0", " ") for one in told] == [
        "Ingen tomt förenar minst 2 ha mark och status Ledig nu."
    ]


def test_near_miss_says_what_it_would_take_and_one_link_lets_it_in(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=2&kommun=1480")
    card = page.cssselect(".tier-c li.card")[0]
    near = card.cssselect(".near")[0]

    assert "Ni bad om minst 2 ha mark och kan nöja er med minst 1 ha mark" in words(near)
    then = page_at(client, near.cssselect("a")[0].get("href"))
    assert card.get("data-plot") in {one.get("data-plot") for one in then.cssselect(".tier-a li.card")}


def test_score_bar_is_built_of_its_parts_with_the_numbers_in_words(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=1,3&yta_max=3&yta_krav=viktigt&pris=500&hamn=7&hamn_krav=garna")
    card = page.cssselect("li.card")[0]
    rows = [words(row.cssselect("th")[0]).split()[0].lower() for row in card.cssselect(".points tbody tr")]
    told = card.cssselect(".parts desc")[0].text

    assert len(card.cssselect(".parts g")) == len(rows) == 4
    assert [part.split(":")[0].split()[0] for part in told.split("; ")] == rows
    assert told.count("av 40,0") == 2, "an important wish is worth 4 of 4 + 4 + 1 + 1"


def test_unknown_must_is_asked_with_who_knows_it(client: httpx.Client) -> None:
    page = page_at(client, "/?el=2&kommun=1480")

    assert "Fråga om: eleffekt (nätägaren)" in cards(page)["Tomt 0"]
    assert "Fråga nätägaren om Tomt 0: eleffekt." in words(page.cssselect(".ask-first")[0])


def test_label_says_how_sure_the_order_is_and_the_figures_stand_in_a_table(client: httpx.Client) -> None:
    page = page_at(client, "/?hamn=5&kommun=1480&status=ledig_nu")
    (label,) = page.cssselect(".sure-label")
    first = page.cssselect(".sure-more tbody tr")[0]

    assert words(label) == "Stabilt"
    assert [words(cell) for cell in first] == ["Tomt 0", "100 %", "100 %", "0 %"]
    assert page.cssselect(".sure-chart svg title")[0].text == "Hur ofta varje tomt är först"


def test_field_shows_its_curve_what_it_weighs_and_what_a_must_keeps_out(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=2&hamn=7&pris=500&status=ledig_nu")
    notes = {note.get("data-note"): note for note in page.cssselect("[data-note]")}

    assert words(notes["yta"]) == "Stänger ute 5 tomter, varav 4 bara för detta."
    assert "Poäng: 100 % vid 7 km, 0 % vid 14 km; rakt däremellan." in words(notes["hamn"])
    assert "Väger 50 % av poängen." in words(notes["hamn"])
    assert "Era vikter säger att" in words(notes["hamn"])
    assert len(notes["hamn"].cssselect("svg circle")) == 2
    assert words(notes["el"]) == ""


def test_script_gets_the_notes_beside_the_fields(client: httpx.Client) -> None:
    told = client.get("/?yta_min=2", headers={"accept": "application/json"}).json()

    assert "Stänger ute 5 tomter" in told["notes"]["yta"]
    assert told["notes"]["el"].strip() == ""


def test_errors_stand_beside_their_fields_and_in_a_summary(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=abc&el=5", 400)

    field = page.cssselect("[name=yta_min]")[0]
    assert (field.get("aria-invalid"), field.get("value")) == ("true", "abc")
    told = page.get_element_by_id(field.get("aria-describedby"))
    assert words(told).endswith("Skriv ett tal större än 0, till exempel 2,5.")
    (link,) = page.cssselect("#fel a")
    assert link.get("href") == f"#{field.get('id')}"
    assert page.cssselect("[name=el]")[0].get("value") == "5"
    assert page.cssselect("#need-box")[0].get("open") is not None


def test_counts_tell_how_many_each_tick_would_give_alone(client: httpx.Client) -> None:
    page = page_at(client, "/?kommun=1441")
    counts = {place.get("data-count"): words(place) for place in page.cssselect("[data-count]")}

    assert counts["municipality:1480"] == "5"
    assert counts["municipality:1441"] == "2"
    assert counts["status:sald"] == "1"
    assert counts["status:ledig_nu"] == "0"


def test_more_plots_and_downloads_are_links_of_the_same_search(
    client: httpx.Client, inventory: Landbank
) -> None:
    with inventory.changing(actor="test") as store:
        store.connection.execute(
            text(
                """INSERT INTO landbank.plot (municipality_code, reference, dataset, area_m2, location)
                SELECT '1480', 'M' || n, 'test', 5000, ST_Point(310000 + n, 6400000, 3006)
                FROM generate_series(1, 30) n"""
            )
        )
    page = page_at(client, "/?kommun=1480")

    assert len(cards(page)) == 20
    assert page.cssselect(".more a")[0].get("href") == "/?kommun=1480&visa=40"
    assert "/export.csv?kommun=1480" in [link.get("href") for link in page.cssselect(".downloads a")]
    assert len(cards(page_at(client, "/?kommun=1480&visa=40"))) == 37


def test_language_switch_keeps_the_search(client: httpx.Client) -> None:
    page = page_at(client, "/?yta_min=2&anv=J")

    assert page.cssselect("[data-language-link]")[0].get("href") == "/en?yta_min=2&anv=J"
    english = page_at(client, "/en?yta_min=2&anv=J")
    assert "you wanted at least 2 ha" in cards(english)["Tomt 0"]


def test_script_gets_the_answer_and_the_same_list_as_json(client: httpx.Client) -> None:
    reply = client.get("/?kommun=1480&pris=500", headers={"accept": "application/json"})
    told = reply.json()
    page = page_at(client, "/?kommun=1480&pris=500")

    assert told["counts"] == {"A": 5, "B": 0, "C": 2, "total": 7}
    assert words(parser.fromstring(f"<div>{told['list_html']}</div>")) == words(page.cssselect("#results")[0])
    assert len(told["ranks"]) == 5
    assert {tier for _, _, tier in told["ranks"]} == {"A"}
    assert told["live_counts"]["municipality:1441"] == "2"
    assert json.loads(page.cssselect("#page-answer")[0].text)["ranks"] == told["ranks"]


def test_script_hears_of_errors_as_a_problem(client: httpx.Client) -> None:
    reply = client.get("/?el=abc", headers={"accept": "application/json"})

    assert (reply.status_code, reply.headers["content-type"]) == (400, "application/problem+json")
    assert reply.json()["where"] == "el"


def test_page_is_not_sent_again_until_the_inventory_changes(
    client: httpx.Client, inventory: Landbank
) -> None:
    first = client.get("/?kommun=1480", headers={"accept": "text/html"})
    known = {"accept": "text/html", "if-none-match": first.headers["etag"]}

    assert client.get("/?kommun=1480", headers=known).status_code == 304
    assert client.get("/?kommun=1441", headers=known).status_code == 200
    assert client.get("/?kommun=1480", headers=known | {"accept": "application/json"}).status_code == 200
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET name = 'Nytt namn' WHERE reference = 'H0'"))
    assert client.get("/?kommun=1480", headers=known).status_code == 200


def test_sold_plot_does_not_share_the_first_place_with_a_free_one(
    client: httpx.Client, inventory: Landbank
) -> None:
    page = page_at(client, "/?hamn=100")
    ranks = {words(card.cssselect("h4")[0]): int(card.get("data-rank")) for card in page.cssselect("li.card")}

    if "Såld tomt" in ranks and "Tomt 0" in ranks:
        assert ranks["Tomt 0"] < ranks["Såld tomt"]


@pytest.fixture
def hostile(inventory: Landbank) -> Iterator[None]:
    """Plots, parks and municipalities named as attacks."""
    with inventory.changing(actor="test") as store:
        for place, name in enumerate(HOSTILE):
            store.connection.execute(
                text(
                    "UPDATE landbank.plot SET name = :name, description = :name WHERE reference = :reference"
                ),
                {"name": name, "reference": f"H{place}"},
            )
        store.connection.execute(text("UPDATE landbank.area SET name = :name"), {"name": HOSTILE[0]})
        store.connection.execute(
            text("UPDATE landbank.municipality SET name = :name WHERE code = '1480'"), {"name": HOSTILE[1]}
        )
        store.connection.execute(text("UPDATE landbank.contact SET title = :name"), {"name": HOSTILE[2]})
    return iter([None])


@pytest.mark.usefixtures("hostile")
@pytest.mark.parametrize("address", ["/", "/en", "/?anv=J&pris=500&el=3", "/?kommun=1480&yta_min=50"])
def test_names_that_are_attacks_are_shown_as_they_were_written(client: httpx.Client, address: str) -> None:
    page = page_at(client, address)

    assert set(HOSTILE) <= set(cards(page))
    assert not page.cssselect("img, li.card script")
    assert "49" not in words(page.cssselect("#results")[0]).split()


def test_attack_in_the_address_is_told_back_as_text(client: httpx.Client) -> None:
    page = page_at(
        client, '/?el=<img src=x onerror=alert(1)>&mall={{7*7}}&kommun="><script>alert(1)</script>', 400
    )

    assert page.cssselect("[name=el]")[0].get("value") == "<img src=x onerror=alert(1)>"
    assert not page.cssselect("img")
    assert all(
        script.get("src") or script.get("type") == "application/json" for script in page.cssselect("script")
    )


def test_no_page_has_inline_styles_scripts_or_handlers(client: httpx.Client) -> None:
    for address in ("/", "/en?anv=J&pris=5", "/om", "/en/accessibility"):
        page = page_at(client, address)
        assert not page.cssselect("[style], style")
        assert all(
            script.get("src") or script.get("type") == "application/json"
            for script in page.cssselect("script")
        )
        assert not [name for element in page.iter() for name in element.attrib if name.startswith("on")]
