"""Requests that mean harm or make no sense: each is answered with 4xx and a problem, none with 5xx, none runs as SQL."""

from __future__ import annotations

import time
from typing import Any
from urllib.parse import quote

import pytest
import schemathesis
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis.checks import CHECKS
from sqlalchemy import text

ITEMS = "/ogc/collections/wells/items"
INJECTIONS = [
    "' OR '1'='1",
    "'; DROP TABLE landbank.plot; --",
    "' UNION SELECT key FROM landbank.signing_key --",
    "') OR pg_sleep(5) IS NULL --",
    "1; SELECT pg_sleep(5)",
    "${jndi:ldap://x}",
    "{{7*7}}",
    "%27%20OR%201=1",
    "\\'; --",
    "$1",
    "%(param)s",
    ":param",
    "\x00",
    "\ud800",
    "NaN",
    "Infinity",
    "9" * 400,
    "1e400",
    "-0",
    "\u202e",
    "a" * 7_000,
]
PARAMETERS = ["filter", "filter-lang", "filter-crs", "bbox", "bbox-crs", "crs", "datetime", "limit", "next", "sortby",
              "properties", "exclude-properties", "profile", "f", "lang", "Namn", "count", "open", "dug", "seen"]  # fmt: skip


def sent(value: str) -> str:
    """The value as it stands in an address; what is no text stands as its bytes."""
    return quote(value.encode("utf-8", "surrogatepass"))


@pytest.mark.parametrize("value", INJECTIONS, ids=lambda value: ascii(value[:18]))
def test_no_value_of_any_parameter_breaks_the_server(open_data: Any, value: str) -> None:
    for name in PARAMETERS:
        answer = open_data.client.get(f"{ITEMS}?{sent(name)}={sent(value)}")
        assert answer.status_code in (200, 400), (name, answer.text)
        if answer.status_code == 400:
            assert answer.headers["content-type"] == "application/problem+json"
            assert "psycopg" not in answer.text
            assert "SELECT t." not in answer.text
    for path in ("/ogc/collections/{}", "/ogc/collections/{}/items", "/ogc/collections/wells/items/{}"):
        answer = open_data.client.get(path.format(sent(value).replace("/", "%2F")))
        assert answer.status_code in (404, 400), (path, answer.text)


@pytest.mark.parametrize("value", INJECTIONS[:-1], ids=lambda value: ascii(value[:18]))
def test_value_inside_a_filter_is_only_ever_a_value(open_data: Any, value: str) -> None:
    written = value.replace("'", "''")
    for condition in (
        f"Namn = '{written}'",
        f"Namn LIKE '{written}'",
        f"Namn IN ('{written}', 'x')",
        f"CASEI(Namn) = casei('{written}')",
    ):
        answer = open_data.client.get(f"{ITEMS}?filter={sent(condition)}")
        assert answer.status_code in (200, 400), answer.text
        if answer.status_code == 200:
            assert answer.json()["numberMatched"] == 0


@pytest.mark.parametrize(
    "condition",
    [
        "pg_sleep(5) IS NULL",
        "version() = 'x'",
        "current_user() = 'x'",
        "pg_read_file('/etc/passwd') = 'x'",
        "landbank.fold_case(Namn) = 'x'",
        '"Namn" = \'x\' AND "pg_sleep(5)" = 1',
        '"fid; DROP TABLE landbank.plot" = 1',
        "fid = (SELECT 1)",
        "1/0 = 1 OR 2 ^ 99999 = 1",
    ],
)
def test_nothing_but_queryables_and_listed_functions_reaches_the_database(
    open_data: Any, condition: str
) -> None:
    began = time.monotonic()
    answer = open_data.client.get(ITEMS, params={"filter": condition})
    assert answer.status_code == 400, answer.text
    assert time.monotonic() - began < 3


def test_deep_filters_are_refused_and_the_server_answers_on(open_data: Any) -> None:
    for hostile in (
        "(" * 4_000,
        "NOT " * 2_000 + "open",
        "open AND " * 900 + "open",
        "(" * 1_700 + "open" + ")" * 1_700,
    ):
        assert open_data.client.get(ITEMS, params={"filter": hostile}).status_code == 400
        assert (
            open_data.client.get(ITEMS, params={"filter": hostile, "filter-lang": "cql2-json"}).status_code
            == 400
        )
    nested = '{"op":"not","args":[' * 400 + "true" + "]}" * 400
    assert (
        open_data.client.get(ITEMS, params={"filter": nested, "filter-lang": "cql2-json"}).status_code == 400
    )
    assert open_data.get("/collections/wells/items")["numberMatched"] == 6


def test_inventory_is_whole_after_all_that(open_data: Any) -> None:
    with open_data.landbank.reading() as store:
        assert store.connection.scalar(text("SELECT count(*) FROM landbank.plot")) == 7


PROMISED = (
    "/",
    "/collections",
    "/collections/wells",
    "/collections/wells/items",
    "/collections/wells/items/{featureId}",
)


@pytest.mark.parametrize("path", PROMISED)
def test_described_address_holds_what_it_promises(open_data: Any, path: str) -> None:
    """Schemathesis makes requests from the description, good and bad, and checks each answer against it.

    That every request of the right form is accepted is left out: a filter is a text, but not every text is a filter.
    """
    told = open_data.get("/api")
    told["paths"] = {path: told["paths"][path]}
    schema = schemathesis.openapi.from_dict(told)
    schema.config.update(base_url=f"{open_data.address}/ogc")
    left_out = [CHECKS.get_one(name) for name in ("positive_data_acceptance", "unsupported_method")]

    @given(schema[path]["GET"].as_strategy())
    @settings(
        max_examples=12, deadline=None, phases=(Phase.generate,), suppress_health_check=list(HealthCheck)
    )
    def promised(case: schemathesis.Case) -> None:
        case.call_and_validate(excluded_checks=left_out)

    promised()
