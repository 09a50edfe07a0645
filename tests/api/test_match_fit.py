"""Footprints in a need: a must that is judged last, on the first plots, and told with drawings and proofs."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from lxml import html as parser

from landbank.wiring import Landbank

OPEN = {"criterion": "use", "op": "any_of", "threshold": ["J"]}


def answer(client: httpx.Client, *footprints: dict[str, float], **need: Any) -> dict[str, Any]:
    """The full answer to a need of industrial plots with these footprints."""
    reply = client.post("/api/match", json={"musts": [OPEN], "footprints": list(footprints), **need})
    assert reply.status_code == 200, reply.text
    jsonschema.validate(reply.json(), client.get("/api/match/answer-schema").json())
    return dict(reply.json())


def test_fitting_plots_are_tier_a_and_one_without_an_outline_is_asked_about(
    client: httpx.Client, inventory: Landbank
) -> None:
    found = answer(client, {"width_m": 90, "depth_m": 90})

    # The five plots of 100 x 100 m hold 90 x 90; the point's uses are unknown, its ground as well; the sold one's uses.
    assert found["counts"] == {"A": 5, "B": 2, "C": 0, "total": 7}
    assert {match["reference"]: match["fit"]["answer"] for match in found["matches"]} == {
        **{f"H{n}": "fits" for n in range(5)},
        "L1": "unknown",
        "L2": "fits",
    }
    assert found["fit"] == {
        "judged": 7,
        "not_judged": 0,
        "fits": 6,
        "borderline": 0,
        "undecided": 0,
        "unknown": 1,
        "does_not_fit": 0,
        "refused": [],
        "text": found["fit"]["text"],
    }


def test_plot_proved_too_small_is_a_near_miss_with_its_proof(client: httpx.Client) -> None:
    found = answer(client, {"width_m": 150, "depth_m": 20})
    first = next(match for match in found["matches"] if match["reference"] == "H0")

    assert (first["tier"], first["fit"]["answer"]) == ("C", "does_not_fit")
    assert first["fit"]["proofs"][0]["reason"] == "diagonal"
    assert first["near_miss"] is None, "no must of the plot's facts is missed"
    assert [match["reference"] for match in found["matches"][:2]] == ["L1", "L2"]
    assert {plot["reference"] for plot in found["fit"]["refused"]} == {f"H{n}" for n in range(5)}


def test_several_footprints_are_placed_together(client: httpx.Client) -> None:
    two = {"width_m": 90, "depth_m": 45, "count": 2}

    assert answer(client, two)["fit"]["fits"] == 6
    assert answer(client, {**two, "count": 3})["fit"]["does_not_fit"] == 5


def test_set_back_counts_and_differing_ones_claim_only_what_both_ends_prove(client: httpx.Client) -> None:
    assert answer(client, {"width_m": 90, "depth_m": 90, "set_back_m": 6})["fit"]["does_not_fit"] == 5
    mixed = answer(
        client,
        {"width_m": 90, "depth_m": 45, "set_back_m": 8},
        {"width_m": 90, "depth_m": 45, "set_back_m": 0},
    )
    assert mixed["fit"]["undecided"] == 5


def test_only_the_first_plots_are_judged_and_the_answer_says_how_many(client: httpx.Client) -> None:
    found = answer(client, {"width_m": 90, "depth_m": 90}, limit=2)

    assert (found["fit"]["judged"], found["fit"]["not_judged"]) == (2, 5)
    assert found["counts"] == {"A": 2, "B": 5, "C": 0, "total": 7}
    assert [match["rank"] for match in found["matches"]] == [1, 1]


def test_same_need_and_revision_give_the_same_bytes(client: httpx.Client) -> None:
    need = {"musts": [OPEN], "footprints": [{"width_m": 80, "depth_m": 60}]}

    assert len({client.post("/api/match", json=need).content for _ in range(3)}) == 1


def test_plain_answer_judges_fit_as_well(client: httpx.Client) -> None:
    need = {"musts": [OPEN], "footprints": [{"width_m": 150, "depth_m": 20}]}
    plain = client.post("/api/match?detail=plain", json=need).json()

    assert plain["fit"]["does_not_fit"] == 5
    assert "text" not in plain["fit"]


@pytest.mark.parametrize(
    ("footprint", "where"),
    [
        ({"width_m": 0, "depth_m": 10}, "/footprints/0/width_m"),
        ({"width_m": 10, "depth_m": 10, "set_back_m": -1}, "/footprints/0/set_back_m"),
        ({"width_m": 10, "depth_m": 10, "count": 11}, "/footprints/0/count"),
        ({"width_m": 10, "depth_m": 10, "height_m": 3}, "/footprints/0/height_m"),
        ({"width_m": 10}, "/footprints/0/depth_m"),
    ],
)
def test_footprint_that_cannot_be_is_refused_with_its_field(
    client: httpx.Client, footprint: dict[str, float], where: str
) -> None:
    reply = client.post("/api/match", json={"footprints": [footprint]})

    assert (reply.status_code, reply.json()["where"]) == (400, where)


def test_page_says_whether_buildings_fit_and_draws_them(client: httpx.Client) -> None:
    reply = client.get("/?anv=J&byggnad=80x45, 40 x 40&byggnad_avstand=5", headers={"accept": "text/html"})
    page = parser.document_fromstring(reply.text)
    card = page.cssselect("li.card")[0]

    assert "Får plats: 80 × 45\u00a0m och 40 × 40\u00a0m, minst 5 m från gränsen." in card.text_content()
    assert len(card.cssselect(".ground-footprint")) == 2
    assert card.get("data-fit") == "width_m=80&depth_m=45&set_back_m=5&also=40x40"
    drawn = client.get(f"/api/plots/{card.get('data-plot')}/fit?{card.get('data-fit')}").json()
    assert drawn["fit"]["answer"] == "fits", "the map draws what the list says"


def test_size_that_is_none_is_an_error_beside_its_field(client: httpx.Client) -> None:
    reply = client.get("/?byggnad=stor&byggnad_avstand=-3", headers={"accept": "text/html"})

    assert reply.status_code == 400
    assert "Skriv bredd x djup i meter" in reply.text
    assert "Skriv ett avstånd i meter" in reply.text
