"""The full answer over HTTP: its form, its parts, its languages, and what is refused."""

from __future__ import annotations

import json
from collections.abc import Iterator
from datetime import date
from typing import Any

import httpx
import jsonschema
import pytest

from landbank.api.advice_schema import owner_schema
from landbank.api.answer_schema import answer_schema
from landbank.api.app import create_app
from landbank.domain.templates import TEMPLATES
from landbank.services.load_demo import load_demo
from landbank.wiring import Landbank

pytestmark = pytest.mark.postgis

IMPOSSIBLE = {
    "date": "2028-01-01",
    "musts": [
        {"criterion": "power_mw", "op": ">=", "threshold": 10},
        {"criterion": "port_m", "op": "<=", "threshold": 8000},
        {"criterion": "area_m2", "op": ">=", "threshold": 60000},
    ],
    "wishes": [{"criterion": "price_sek_per_m2", "weight": "important"}, {"criterion": "motorway_m"}],
    "limit": 8,
}


@pytest.fixture(scope="module")
def demo(databases: Any, serving: Any) -> Iterator[httpx.Client]:
    """A client of the application over 300 synthetic plots."""
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    landbank: Landbank = open_landbank(Settings(), databases())
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=300, seed=7)
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=30) as client:
        yield client
    landbank.close()


def post(client: httpx.Client, need: Any, **asking: Any) -> httpx.Response:
    """The answer to a need."""
    return client.post("/api/match", content=json.dumps(need), params=asking)


@pytest.mark.parametrize("kind", TEMPLATES)
def test_full_and_plain_answers_have_the_published_form(demo: httpx.Client, kind: str) -> None:
    validator = jsonschema.Draft202012Validator(answer_schema())
    full = post(demo, {"template": kind, "limit": 30}, against=1).json()
    plain = post(demo, {"template": kind, "limit": 30}, detail="plain").json()
    validator.validate(full)
    validator.validate(plain)
    assert {"relaxations", "conflicts", "robustness", "ask_first", "differences"} <= set(full)
    assert "relaxations" not in plain
    for one, other in zip(plain["matches"], full["matches"], strict=True):
        assert other.items() >= one.items()
        assert set(other) - set(one) == {"rank_range", "dominated_by", "near_miss", "counterfactuals"}


def test_form_of_the_answer_is_published_beside_that_of_the_need(demo: httpx.Client) -> None:
    published = demo.get("/api/match/answer-schema")
    assert published.headers["content-type"].startswith("application/schema+json")
    jsonschema.Draft202012Validator.check_schema(published.json())
    assert published.json() == answer_schema()


@pytest.mark.parametrize("lang", ["sv", "en"])
def test_same_need_has_the_same_bytes_in_each_language(demo: httpx.Client, lang: str) -> None:
    answers = {post(demo, {"template": "workshop"}, lang=lang).content for _ in range(3)}
    assert len(answers) == 1


def test_showing_more_plots_makes_the_order_no_more_and_no_less_sure(demo: httpx.Client) -> None:
    few, many = (
        post(demo, {"template": "workshop", "title": t, "limit": n}).json() for n, t in ((20, "a"), (40, "b"))
    )
    assert few["robustness"] == many["robustness"]


def test_languages_differ_in_their_sentences_alone(demo: httpx.Client) -> None:
    def without_texts(value: Any) -> Any:
        if isinstance(value, dict):
            return {name: without_texts(part) for name, part in value.items() if name != "text"}
        return [without_texts(part) for part in value] if isinstance(value, list) else value

    swedish, english = (post(demo, IMPOSSIBLE, lang=lang).json() for lang in ("sv", "en"))
    assert swedish != english
    assert without_texts(swedish) == without_texts(english)


def test_need_that_no_plot_meets_is_answered_with_conflicts_and_relaxations_in_words(
    demo: httpx.Client,
) -> None:
    answer = post(demo, IMPOSSIBLE).json()
    assert answer["counts"]["A"] == 0
    assert [one["text"].replace("\u00a0", " ") for one in answer["conflicts"]["sets"]] == [
        "No plot is known to have at least 10 MW of electric power by 2028-01-01 and at most 8 km to port, though some may."
    ]
    steps = answer["relaxations"]["sets"][0]["steps"]
    assert all(
        step["relaxed"] is None or step["must"]["criterion"] == step["relaxed"]["criterion"] for step in steps
    )
    assert "more plot" in answer["relaxations"]["sets"][0]["text"]


def test_relaxation_that_is_sent_back_finds_what_was_told(demo: httpx.Client) -> None:
    told = post(demo, IMPOSSIBLE).json()["relaxations"]["sets"][0]
    changed = {json.dumps(step["must"]): step["relaxed"] for step in told["steps"]}
    musts = [changed.get(json.dumps(must), must) for must in IMPOSSIBLE["musts"]]  # type: ignore[union-attr]
    counts = post(demo, {**IMPOSSIBLE, "musts": [must for must in musts if must]}).json()["counts"]
    assert (counts["A"], counts["B"]) == (told["then"]["A"], told["then"]["B"])


def test_near_miss_tells_both_sides_and_who(demo: httpx.Client) -> None:
    missed = next(one for one in post(demo, IMPOSSIBLE).json()["matches"] if one["tier"] == "C")
    failed = [must["criterion"] for must in missed["musts"] if must["verdict"] == "fail"]
    assert [change["must"]["criterion"] for change in missed["near_miss"]["changes"]] == failed
    assert missed["near_miss"]["text"].startswith("You asked for")


def test_differences_add_up_to_those_of_the_scores_as_displayed(demo: httpx.Client) -> None:
    answer = post(demo, {"template": "logistics"}, against=5).json()
    scores = {one["plot_id"]: one["score"] for one in answer["matches"]}
    against = answer["differences"]["against"]
    assert against["plot_id"] == 5
    for one in answer["differences"]["plots"]:
        assert sum(round(part["points"] * 10) for part in one["parts"]) == round(one["points"] * 10)
        assert round(one["points"] * 10) == round(scores[one["plot_id"]] * 10) - round(against["score"] * 10)


def test_costs_decide_over_the_cheapest_pair(demo: httpx.Client) -> None:
    def pairs(*cost: str) -> list[Any]:
        wishes = [
            {"criterion": "price_sek_per_m2", "points": [[200, 1], [900, 0]]},
            {"criterion": "power_mw"},
            {"criterion": "ready_by", "weight": "important"},
        ]
        matches = post(demo, {"wishes": wishes, "limit": 100}, cost=list(cost)).json()["matches"]
        return [one for match in matches for one in match["counterfactuals"] if len(one["moves"]) == 2]

    usual, dear = pairs(), pairs("power_mw:1000000")
    assert usual
    assert [one["cost"] for one in usual] != [one["cost"] for one in dear]


@pytest.mark.parametrize(
    ("asking", "where"),
    [
        ({"detail": "most"}, "detail"),
        ({"lang": "de"}, "lang"),
        ({"against": "first"}, "against"),
        ({"cost": "power_mw"}, "cost"),
        ({"cost": "power_mw:-1"}, "cost"),
        ({"cost": "power_mw:nan"}, "cost"),
        ({"cost": "port_m:1"}, "cost"),
        ({"detail": "plain", "against": 1}, "detail"),
    ],
)
def test_wrong_asking_is_a_problem_that_names_the_parameter(
    demo: httpx.Client, asking: Any, where: str
) -> None:
    answer = post(demo, {}, **asking)
    assert (answer.status_code, answer.json()["where"]) == (400, where)


def test_comparing_with_a_plot_that_is_not_there_is_not_found(demo: httpx.Client) -> None:
    assert post(demo, {}, against=999_999).status_code == 404


def test_owner_is_told_of_five_needs_and_not_of_four(demo: httpx.Client) -> None:
    needs = [{"musts": [{"criterion": "power_mw", "op": ">=", "threshold": 900 + n}]} for n in range(5)]
    told = demo.post("/api/match/owner", json={"plot_id": 1, "needs": needs}, params={"lang": "sv"})
    jsonschema.Draft202012Validator(owner_schema()).validate(told.json())
    (opening,) = told.json()["openings"]
    assert (opening["criterion"], opening["to"], opening["needs"]) == ("power_mw", 1_000, 5)
    assert opening["text"] == (
        "Med minst 1\u202f000\u00a0MW el skulle tomten uppfylla alla krav för 5 behov till."
    )
    refused = demo.post("/api/match/owner", json={"plot_id": 1, "needs": needs[:4]})
    assert (refused.status_code, refused.json()["where"]) == (400, "/needs")


@pytest.mark.parametrize(
    ("body", "where"),
    [
        ({"plot_id": 1, "needs": [{"musts": [{"criterion": "colour", "op": "is", "threshold": True}]}] * 5}, "/needs/0/musts/0/criterion"),
        ({"plot_id": 1, "needs": [{"surprise": 1}] * 5}, "/needs/0/surprise"),
        ({"plot_id": 1, "needs": [], "more": 1}, "/more"),
        ({"plot_id": "1", "needs": []}, "/plot_id"),
    ],
)  # fmt: skip
def test_fault_in_what_an_owner_asks_is_told_with_its_pointer(
    demo: httpx.Client, body: Any, where: str
) -> None:
    refused = demo.post("/api/match/owner", json=body)
    assert (refused.status_code, refused.json()["where"]) == (400, where)


def test_nothing_is_said_of_an_empty_inventory(databases: Any, serving: Any) -> None:
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    landbank = open_landbank(Settings(), databases())
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=30) as client:
        answer = post(client, IMPOSSIBLE).json()
    landbank.close()
    jsonschema.Draft202012Validator(answer_schema()).validate(answer)
    assert (answer["robustness"], answer["ask_first"], answer["conflicts"]["count"]) == (None, None, 0)
