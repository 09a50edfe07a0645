"""Matching over HTTP, on the seven plots of the test inventory."""

from __future__ import annotations

import json
from typing import Any

import httpx
import jsonschema
import pytest

from landbank.api.need_schema import EXAMPLES, need_schema

NEED = {
    "date": "2026-11-23",
    "musts": [
        {"criterion": "area_m2", "op": ">=", "threshold": 10000},
        {"criterion": "label", "op": "any_of", "threshold": ["ledig_nu"]},
    ],
    "wishes": [{"criterion": "area_m2", "points": [[0, 0], [20000, 1]]}],
}


def post(client: httpx.Client, need: Any) -> httpx.Response:
    """The answer to a need."""
    return client.post("/api/match", content=need if isinstance(need, bytes) else json.dumps(need))


def test_free_plots_are_ranked_with_points_and_the_others_with_what_they_miss(client: httpx.Client) -> None:
    answer = post(client, NEED).json()
    assert answer["counts"] == {"A": 4, "B": 0, "C": 3, "total": 7}
    first, last = answer["matches"][0], answer["matches"][-1]
    assert (first["reference"], first["municipality"], first["rank"], first["tier"]) == (
        "H0",
        "Göteborg",
        1,
        "A",
    )
    assert first["contributions"] == [
        {
            "criterion": "area_m2",
            "points": 50.0,
            "lost": 50.0,
            "value": 10000,
            "unit": "m²",
            "weight": 1,
            "known": True,
        }
    ]
    assert (first["score"], first["score_low"], first["score_high"], first["coverage"]) == (50, 50, 50, 1)
    assert last["tier"] == "C"
    assert {must["verdict"] for must in last["musts"]} == {"pass", "fail"}


def test_effects_say_which_must_excludes_most(client: httpx.Client) -> None:
    answer = post(client, NEED).json()
    assert [(e["criterion"], e["fails"], e["only_this_excludes"]) for e in answer["must_effects"]] == [
        ("area_m2", 0, 0),
        ("label", 3, 3),
    ]
    assert answer["excludes_most"]["criterion"] == "label"


def test_same_need_has_the_same_bytes(client: httpx.Client) -> None:
    assert post(client, NEED).content == post(client, NEED).content


def test_echoed_need_is_the_normal_form_and_answers_alike(client: httpx.Client) -> None:
    answer = post(client, NEED).json()
    jsonschema.Draft202012Validator(need_schema()).validate(answer["need"])
    assert post(client, answer["need"]).json() == answer


@pytest.mark.parametrize("example", EXAMPLES)
def test_every_published_example_is_answered(client: httpx.Client, example: Any) -> None:
    answer = post(client, example)
    assert answer.status_code == 200
    assert answer.json()["counts"]["total"] == 7


@pytest.mark.parametrize(
    ("need", "where"),
    [
        ({"musts": [{"criterion": "area_m2", "op": ">=", "treshold": 1}]}, "/musts/0/treshold"),
        ({"wishes": [{"criterion": "colour"}]}, "/wishes/0/criterion"),
        ({"surprise": 1}, "/surprise"),
    ],
)
def test_fault_is_a_problem_with_the_pointer_of_its_field(
    client: httpx.Client, need: Any, where: str
) -> None:
    answer = post(client, need)
    assert answer.status_code == 400
    assert answer.headers["content-type"].startswith("application/problem+json")
    problem = answer.json()
    assert problem["where"].startswith(where.rsplit("/", 1)[0])
    assert problem["hint"]


@pytest.mark.parametrize("body", [b"", b"{", b"\xff", b"[]", b" " * 300_000])
def test_body_that_is_no_need_is_refused(client: httpx.Client, body: bytes) -> None:
    assert post(client, body).status_code == 400


def test_schema_and_catalogue_are_published(client: httpx.Client) -> None:
    schema = client.get("/api/match/schema")
    assert schema.headers["content-type"].startswith("application/schema+json")
    assert schema.json()["$schema"] == "https://json-schema.org/draft/2020-12/schema"
    criteria = client.get("/api/match/criteria").json()["criteria"]
    assert criteria[0]["label"] == {"sv": "Tomtarea", "en": "Plot area"}


def test_answer_is_kept_by_nobody(client: httpx.Client) -> None:
    assert post(client, NEED).headers["cache-control"] == "no-store"


def test_held_columns_leave_two_statements_and_the_settings_of_the_transaction(
    client: httpx.Client, statements: list[str]
) -> None:
    post(client, NEED)
    statements.clear()
    post(client, NEED)
    assert [statement.split()[0] for statement in statements] == ["SET", "SELECT", "SELECT"]
