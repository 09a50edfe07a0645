"""The rows that OGC publishes for CQL2: each filter over HTTP, as text and as JSON, gives the number that is expected.

Source: OGC 21-065r2, annex A. Three rows carry an erratum: the published number disagrees with the published data, as
opengeospatial/ogcapi-features#1011 says; the corrected number is expected there, and the reason stands in the data.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import cql2
import httpx
import pytest

from landbank.api.app import create_app
from landbank.settings import Settings
from landbank.wiring import open_landbank

SHARED = Path(__file__).resolve().parents[3] / "shared" / "data" / "cql2"
NAME = "ne"


def rows() -> list[dict[str, Any]]:
    """The rows; none where the data is absent."""
    path = SHARED / "cql2_ats_cases.json"
    return list(json.loads(path.read_text(encoding="utf-8"))["cases"]) if path.is_file() else []


def by_class() -> dict[str, list[dict[str, Any]]]:
    """The rows by conformance class."""
    found: dict[str, list[dict[str, Any]]] = {}
    for row in rows():
        found.setdefault(row["conformance_class"], []).append(row)
    return found


pytestmark = pytest.mark.skipif(not rows(), reason="the conformance data of CQL2 is not there")


@pytest.fixture(scope="module")
def client(
    databases: Callable[[], str], load_layer: Callable[..., list[str]], serving: Any
) -> Iterator[httpx.Client]:
    """A client of a landbank with the three layers of the conformance data."""
    landbank = open_landbank(Settings(), databases())
    load_layer(landbank, SHARED / "ne110m4cql2.gpkg", NAME)
    with serving(create_app(landbank)) as address, httpx.Client(base_url=address, timeout=30) as opened:
        yield opened
    landbank.close()


def expected(row: dict[str, Any]) -> int:
    """The number of a row, corrected where it carries an erratum."""
    return int(row.get("erratum", {}).get("corrected_expected", row["expected"]))


def matched(client: httpx.Client, row: dict[str, Any], text: str, language: str) -> int | str:
    """How many items a filter selects, or why it can't be used."""
    answer = client.get(
        f"/ogc/collections/{NAME}_{row['collection']}/items",
        params={"filter": text, "filter-lang": language, "limit": 1, "properties": "fid"},
    )
    return int(answer.json()["numberMatched"]) if answer.status_code == 200 else answer.text


def test_all_rows_are_there() -> None:
    assert {name: len(found) for name, found in by_class().items()} == {
        "basic-cql2": 48 + 77,
        "advanced-comparison-operators": 14,
        "case-insensitive-comparison": 10,
        "accent-insensitive-comparison": 11,
        "basic-spatial-functions": 8,
        "basic-spatial-functions-plus": 7,
        "spatial-functions": 26,
        "temporal-functions": 36,
        "property-property": 101,
        "arithmetic": 13,
    }
    assert [row["id"] for row in rows() if "erratum" in row] == [
        f"accent-insensitive-comparison/test-data/{number:03}" for number in (8, 9, 10)
    ]


CLASSES = (
    "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
    "basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions", "temporal-functions",
    "property-property", "arithmetic",
)  # fmt: skip


@pytest.mark.proves("cql2/1.0/basic-cql2", "/conf/basic-cql2/test-data")
@pytest.mark.proves("cql2/1.0/advanced-comparison-operators", "/conf/advanced-comparison-operators/test-data")
@pytest.mark.proves("cql2/1.0/case-insensitive-comparison", "/conf/case-insensitive-comparison/test-data")
@pytest.mark.proves("cql2/1.0/accent-insensitive-comparison", "/conf/accent-insensitive-comparison/test-data")
@pytest.mark.proves("cql2/1.0/basic-spatial-functions", "/conf/basic-spatial-functions/test-data")
@pytest.mark.proves("cql2/1.0/basic-spatial-functions-plus", "/conf/basic-spatial-functions-plus/test-data")
@pytest.mark.proves("cql2/1.0/spatial-functions", "/conf/spatial-functions/test-data")
@pytest.mark.proves("cql2/1.0/temporal-functions", "/conf/temporal-functions/test-data")
@pytest.mark.proves("cql2/1.0/property-property", "/conf/property-property/test-data")
@pytest.mark.proves("cql2/1.0/arithmetic", "/conf/arithmetic/test-data")
@pytest.mark.parametrize("name", CLASSES)
def test_text_gives_the_expected_number(client: httpx.Client, name: str) -> None:
    wrong = {
        row["id"]: (row["filter"], found, expected(row))
        for row in by_class()[name]
        if (found := matched(client, row, row["filter"], "cql2-text")) != expected(row)
    }
    assert wrong == {}


@pytest.mark.parametrize("name", CLASSES)
def test_json_gives_the_expected_number(client: httpx.Client, name: str) -> None:
    # The JSON comes from another implementation's parser, not from ours.
    wrong = {
        row["id"]: (row["filter"], found, expected(row))
        for row in by_class()[name]
        if (found := matched(client, row, json.dumps(cql2.parse_text(row["filter"]).to_json()), "cql2-json"))
        != expected(row)
    }
    assert wrong == {}


def test_types_and_keys_of_the_file_are_kept(client: httpx.Client) -> None:
    told = client.get(f"/ogc/collections/{NAME}_ne_110m_populated_places_simple/queryables").json()[
        "properties"
    ]
    kinds = {
        name: (told[name]["type"], told[name].get("format"))
        for name in ("date", "start", "boolean", "pop_max")
    }
    assert kinds == {
        "date": ("string", "date"),
        "start": ("string", "date-time"),
        "boolean": ("boolean", None),
        "pop_max": ("integer", None),
    }
    assert told["geom"]["format"] == "geometry-point"
    item = client.get(f"/ogc/collections/{NAME}_ne_110m_populated_places_simple/items/1").json()
    assert item["properties"]["fid"] == item["id"] == 1
