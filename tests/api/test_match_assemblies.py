"""Neighbouring plots that are together enough, offered where single plots are too few or too small."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from lxml import html as parser
from sqlalchemy import text

from landbank.wiring import Landbank

BIG = {"criterion": "area_m2", "op": ">=", "threshold": 15_000}
HERE = {"criterion": "municipality", "op": "any_of", "threshold": ["1480"]}


@pytest.fixture
def neighbours(inventory: Landbank) -> Landbank:
    """H1 moved to H0's side: 200 x 100 m together; the others lie apart."""
    with inventory.changing(actor="test") as store:
        store.connection.execute(
            text(
                "UPDATE landbank.plot SET owner_kind = 'kommun',"
                " geometry = ST_Multi(ST_MakeEnvelope(310100, 6400000, 310200, 6400100, 3006)),"
                " location = ST_Point(310150, 6400050, 3006) WHERE reference = 'H1'"
            )
        )
    return inventory


def assemblies(client: httpx.Client, **need: Any) -> dict[str, Any] | None:
    """What is offered for a need of 1.5 ha in Göteborg."""
    reply = client.post("/api/match", json={"musts": [BIG, HERE], **need})
    jsonschema.validate(reply.json(), client.get("/api/match/answer-schema").json())
    found: dict[str, Any] | None = reply.json().get("assemblies")
    return found


def test_two_neighbours_are_offered_with_their_facts(client: httpx.Client, neighbours: Landbank) -> None:
    found = assemblies(client)

    assert found is not None
    assert (found["found"], found["refused"], found["more_exist"]) == (1, 0, False)
    (one,) = found["sets"]
    assert [plot["reference"] for plot in one["plots"]] == ["H0", "H1"]
    assert (one["area_m2"], one["price_sek"], one["tier"]) == (20_000, None, "A")
    assert (one["owner_kinds"], one["owners_unknown"]) == (["kommun"], 1)
    assert one["plans"] == ["1480K-P2024/1"]
    assert one["text"].startswith("Tomt 0 and Tomt 1 are together 2\u00a0ha. Owner")


def test_buildings_are_fitted_on_the_whole(client: httpx.Client, neighbours: Landbank) -> None:
    fits = assemblies(client, footprints=[{"width_m": 180, "depth_m": 80, "set_back_m": 5}])
    assert fits is not None
    assert [one["fit"]["answer"] for one in fits["sets"]] == ["fits"]

    refused = assemblies(client, footprints=[{"width_m": 230, "depth_m": 10}])
    assert refused is not None
    assert (refused["sets"], refused["refused"]) == ([], 1)


def test_building_alone_asks_for_its_ground(client: httpx.Client, neighbours: Landbank) -> None:
    reply = client.post(
        "/api/match", json={"musts": [HERE], "footprints": [{"width_m": 180, "depth_m": 90}]}
    ).json()

    assert reply["counts"]["A"] == 0
    assert len(reply["assemblies"]["sets"]) == 1


def test_nothing_is_offered_where_single_plots_are_enough_or_no_ground_is_asked_for(
    client: httpx.Client, neighbours: Landbank
) -> None:
    small = {**BIG, "threshold": 9_000}

    assert "assemblies" not in client.post("/api/match", json={"musts": [small, HERE]}).json()
    no_ground = {"criterion": "price_sek_per_m2", "op": "<=", "threshold": 1}
    assert "assemblies" not in client.post("/api/match", json={"musts": [no_ground]}).json()


def test_page_shows_the_group_with_its_facts_and_its_ground(
    client: httpx.Client, neighbours: Landbank
) -> None:
    reply = client.get("/?yta_min=1,5&kommun=1480&byggnad=180x80", headers={"accept": "text/html"})
    (card,) = parser.document_fromstring(reply.text).cssselect(".assembly")
    told = " ".join(card.text_content().split())

    assert [link.text for link in card.cssselect("h4 a")] == ["Tomt 0", "Tomt 1"]
    assert "2 ha · Uppfyller alla krav" in told.replace("\u00a0", " ")
    assert "okänt för 1 tomt" in told
    assert len(card.cssselect(".ground-plot")) == 2
    assert len(card.cssselect(".ground-footprint")) == 1
