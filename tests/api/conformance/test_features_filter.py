"""The abstract tests of OGC API - Features - Part 3: Filtering (OGC 19-079r2, annex A)."""

from __future__ import annotations

from typing import Any

import jsonschema
import pytest
from pyproj import Transformer

PART = "ogcapi-features-3/1.0"
QUERYABLES, PARAMETERS, FILTER, FEATURES = (
    f"{PART}/{name}" for name in ("queryables", "queryables-query-parameters", "filter", "features-filter")
)
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/queryables"
SAMPLE = {
    "plots": ("reference", "H0"),
    "plans": ("reference", "1480K-P2024/1"),
    "restrictions": ("kind", "buller"),
    "municipalities": ("name", "Lerum"),
    "parks": ("name", "Hamnporten"),
    "infrastructure": ("kind", "port"),
    "wells": ("Namn", "Bjørn"),
}
"""A queryable of each collection and a value that some of its items have."""


def geometry_of(name: str) -> str:
    """The name of a collection's spatial queryable."""
    return "geom" if name == "wells" else "geometry"


@pytest.mark.proves(QUERYABLES, "A.1 /conf/queryables/get-conformance")
@pytest.mark.proves(PARAMETERS, "A.4 /conf/queryables-query-parameters/get-conformance")
@pytest.mark.proves(FILTER, "A.6 /conf/filter/get-conformance")
@pytest.mark.proves(FEATURES, "A.13 /conf/features-filter/get-conformance")
def test_classes_of_part_3_are_declared(open_data: Any) -> None:
    declared = open_data.get("/conformance")["conformsTo"]
    for name in (QUERYABLES, PARAMETERS, FILTER, FEATURES):
        prefix, _, last = name.rpartition("/")
        assert f"http://www.opengis.net/spec/{prefix}/conf/{last}" in declared


@pytest.mark.proves(QUERYABLES, "A.2 /conf/queryables/get-queryables-uris")
@pytest.mark.proves(
    FEATURES, "A.14 /conf/features-filter/get-collections", "A.15 /conf/features-filter/get-collection"
)
def test_every_filterable_resource_links_to_its_queryables(open_data: Any) -> None:
    for one in open_data.get("/collections")["collections"]:
        address = f"{open_data.address}/ogc/collections/{one['id']}/queryables"
        assert [link["href"] for link in one["links"] if link["rel"] == RELATION] == [address]
        for path in (f"/collections/{one['id']}", f"/collections/{one['id']}/items"):
            answer = open_data.client.head(f"/ogc{path}", headers={"Accept": "application/json"})
            assert answer.status_code == 200
            assert f'<{address}>; rel="{RELATION}"' in answer.headers["link"]


@pytest.mark.proves(QUERYABLES, "A.3 /conf/queryables/get-queryables")
def test_queryables_are_json_schema(open_data: Any) -> None:
    for name in SAMPLE:
        address = f"{open_data.address}/ogc/collections/{name}/queryables"
        answer = open_data.client.get(address, headers={"Accept": "application/schema+json"})
        assert answer.headers["content-type"] == "application/schema+json"
        told = answer.json()
        assert (told["$schema"], told["$id"]) == ("https://json-schema.org/draft/2020-12/schema", address)
        assert (told["type"], told["additionalProperties"]) == ("object", False)
        jsonschema.Draft202012Validator.check_schema(told)
        for one in told["properties"].values():
            assert "type" in one or one["format"].startswith("geometry-")
            assert not ("type" in one and str(one.get("format")).startswith("geometry-"))


@pytest.mark.proves(PARAMETERS, "A.5 /conf/queryables-query-parameters/query-param")
def test_queryable_is_a_query_parameter(open_data: Any) -> None:
    for name, (queryable, value) in SAMPLE.items():
        found = open_data.get(f"/collections/{name}/items", **{queryable: value})["features"]
        assert found
        assert {one["properties"][queryable] for one in found} == {value}
    everything = open_data.get("/collections/wells/items")["features"]
    for queryable, kind in (("count", int), ("open", bool), ("dug", str), ("depth m", float)):
        value = everything[0]["properties"][queryable]
        text = str(value).lower() if kind is bool else str(value)
        found = open_data.get("/collections/wells/items", **{queryable: text})["features"]
        assert [one["id"] for one in found] == [
            one["id"] for one in everything if one["properties"][queryable] == value
        ]


@pytest.mark.proves(PARAMETERS, "A.5 /conf/queryables-query-parameters/query-param (invalid)")
@pytest.mark.parametrize(
    ("name", "queryable", "value"),
    [
        ("wells", "count", "many"),
        ("wells", "count", "1.5"),
        ("wells", "open", "yes"),
        ("wells", "dug", "yesterday"),
        ("wells", "seen", "2024-01-01"),
        ("wells", "depth m", "nan"),
        ("plots", "readiness", "klar"),
        ("plots", "is_synthetic", "1"),
        ("plans", "ngp_id", "x"),
        ("plots", "use_codes", "J"),
    ],
)
def test_value_that_a_queryable_can_not_have_is_400(
    open_data: Any, name: str, queryable: str, value: str
) -> None:
    answer = open_data.ask(f"/collections/{name}/items", **{queryable: value})
    assert (answer.status_code, answer.json()["where"]) == (400, queryable)


@pytest.mark.proves(FILTER, "A.7 /conf/filter/filter-param", "A.8 /conf/filter/filter-lang-default")
@pytest.mark.proves(FEATURES, "A.16 /conf/features-filter/filter-on-items")
@pytest.mark.parametrize("language", [{}, {"filter_lang": "cql2-text"}])
def test_filter_selects(open_data: Any, language: dict[str, str]) -> None:
    for name, (queryable, value) in SAMPLE.items():
        everything = open_data.get(f"/collections/{name}/items")["features"]
        found = open_data.get(f"/collections/{name}/items", filter=f"{queryable} = '{value}'", **language)[
            "features"
        ]
        expected = [one["id"] for one in everything if one["properties"][queryable] == value]
        assert [one["id"] for one in found] == expected != []
        for wrong in (f"{queryable} === '{value}'", f"{queryable} = ", "1 +", queryable):
            assert open_data.ask(f"/collections/{name}/items", filter=wrong, **language).status_code == 400


@pytest.mark.proves(FILTER, "A.9 /conf/filter/expression-construction")
def test_name_that_is_no_queryable_is_400(open_data: Any) -> None:
    for name in SAMPLE:
        assert (
            open_data.ask(f"/collections/{name}/items", filter="this_is_not_a_queryable = 'a'").status_code
            == 400
        )


@pytest.mark.proves(FILTER, "A.10 /conf/filter/filter-crs-wgs84")
def test_shapes_of_a_filter_are_longitude_and_latitude_by_default(open_data: Any) -> None:
    for one in open_data.get("/collections")["collections"]:
        name, spatial = one["id"], geometry_of(one["id"])
        west, south, east, north = one["extent"]["spatial"]["bbox"][0]
        around = f"S_INTERSECTS({spatial},BBOX({west},{south},{east},{north}))"
        found = open_data.get(f"/collections/{name}/items", filter=around)
        assert found["numberMatched"] == open_data.get(f"/collections/{name}/items")["numberMatched"]
        beyond = f"S_INTERSECTS({spatial},BBOX(1000000,1000000,2000000,2000000))"
        assert open_data.ask(f"/collections/{name}/items", filter=beyond).status_code == 400


@pytest.mark.proves(FILTER, "A.11 /conf/filter/filter-crs-param")
def test_shapes_of_a_filter_are_read_in_the_system_that_is_named(open_data: Any) -> None:
    for uri in open_data.get("/collections")["crs"][1:]:
        change = Transformer.from_crs("OGC:CRS84", f"EPSG:{uri.rsplit('/', 1)[1]}", always_xy=False)
        (a, b), (c, d) = change.transform(11.3, 57.3), change.transform(13.6, 58.1)
        for name in ("plots", "wells"):
            around = f"S_INTERSECTS({geometry_of(name)},BBOX({a},{b},{c},{d}))"
            found = open_data.get(f"/collections/{name}/items", filter=around, filter_crs=uri)
            assert found["numberMatched"] == open_data.get(f"/collections/{name}/items")["numberMatched"], uri
    wrong = "http://www.opengis.net/def/crs/OGC/0/does_not_exist"
    answer = open_data.ask("/collections/plots/items", filter="true", filter_crs=wrong)
    assert (answer.status_code, answer.json()["where"]) == (400, "filter-crs")


@pytest.mark.proves(FILTER, "A.12 /conf/filter/get-functions")
def test_functions_are_listed_with_their_types(open_data: Any) -> None:
    types = {"enum": ["string", "number", "integer", "datetime", "geometry", "boolean"]}
    shape = {
        "type": "object",
        "required": ["functions"],
        "properties": {
            "functions": {
                "type": "array",
                "items": {
                    "type": "object",
                    "required": ["name", "returns"],
                    "properties": {
                        "args": {
                            "type": "array",
                            "items": {"properties": {"type": {"type": "array", "items": types}}},
                        },
                        "returns": {"type": "array", "items": types},
                    },
                },
            }
        },
    }
    told = open_data.get("/functions")
    jsonschema.Draft202012Validator(shape).validate(told)
    assert {"lower", "within_m", "area_m2"} <= {one["name"] for one in told["functions"]}


@pytest.mark.proves(FEATURES, "A.17 /conf/features-filter/mixing-expression")
def test_filter_and_other_parameters_must_all_hold(open_data: Any) -> None:
    names = [
        one["properties"]["reference"]
        for one in open_data.get(
            "/collections/plots/items",
            filter="reference <> 'H1'",
            bbox="11,57,12.5,58.5",
            municipality_code="1480",
            datetime="../2999-01-01",
        )["features"]
    ]
    assert names == ["H0", "H2", "H3", "H4"]
    assert (
        open_data.get("/collections/plots/items", filter="true", municipality_code="1441")["numberMatched"]
        == 2
    )
