"""The abstract tests of two drafts: sorting (OGC 24-030) and property selection (OGC 24-019), and those of JSON-FG."""

from __future__ import annotations

import json
from typing import Any

import jsonschema
import pytest
import shapely

SORTABLES, SORTING, FEATURES_SORTING = (
    f"ogcapi-features-8/1.0/{name}" for name in ("sortables", "sorting", "features-sorting")
)
PROPERTIES, PROPERTIES_FEATURES = (
    f"ogcapi-features-6/1.0/{name}" for name in ("properties", "properties-features")
)
FG_CORE, FG_TYPES, FG_PROFILES, FG_API = (
    f"json-fg-1/1.0/{name}" for name in ("core", "types-schemas", "profiles", "api")
)
RELATION = "http://www.opengis.net/def/rel/ogc/1.0/sortables"
EPSG_3006 = "http://www.opengis.net/def/crs/EPSG/0/3006"


@pytest.mark.proves(SORTABLES, "A.1 /conf/sortables/get-conformance")
@pytest.mark.proves(SORTING, "A.4 /conf/sorting/get-conformance")
@pytest.mark.proves(FEATURES_SORTING, "A.8 /conf/features-sorting/get-conformance")
def test_classes_of_the_drafts_are_declared(open_data: Any) -> None:
    declared = open_data.get("/conformance")["conformsTo"]
    for name in (SORTABLES, SORTING, FEATURES_SORTING, PROPERTIES, PROPERTIES_FEATURES, FG_CORE, FG_API):
        prefix, _, last = name.rpartition("/")
        assert f"http://www.opengis.net/spec/{prefix}/conf/{last}" in declared


@pytest.mark.proves(SORTABLES, "A.2 /conf/sortables/get-sortables-uris", "A.3 /conf/sortables/get-sortables")
@pytest.mark.proves(
    FEATURES_SORTING,
    "A.9 /conf/features-sorting/get-collections",
    "A.10 /conf/features-sorting/get-collection",
)
def test_sortables_are_linked_and_json_schema(open_data: Any) -> None:
    for one in open_data.get("/collections")["collections"]:
        address = f"{open_data.address}/ogc/collections/{one['id']}/sortables"
        assert [link["href"] for link in one["links"] if link["rel"] == RELATION] == [address]
        items = open_data.client.head(f"/ogc/collections/{one['id']}/items")
        assert f'<{address}>; rel="{RELATION}"' in items.headers["link"]
        answer = open_data.client.get(address)
        told = answer.json()
        assert answer.headers["content-type"] == "application/schema+json"
        assert (told["$id"], told["type"], told["additionalProperties"]) == (address, "object", False)
        jsonschema.Draft202012Validator.check_schema(told)
        assert all("type" in sortable for sortable in told["properties"].values())
        assert set(one["defaultSortOrder"]) <= set(told["properties"])


@pytest.mark.proves(SORTING, "A.5 /conf/sorting/sortby-param", "A.6 /conf/sorting/sortby-order-default")
@pytest.mark.proves(FEATURES_SORTING, "A.11 /conf/features-sorting/filter-sorting")
def test_items_come_in_the_order_that_is_asked_for(open_data: Any) -> None:
    def names(**query: str) -> list[Any]:
        return [
            one["properties"]["Namn"]
            for one in open_data.get("/collections/wells/items", **query)["features"]
        ]

    # By code point: capitals before small letters, å, ä and ø behind z; without a name last, in either direction.
    upwards = ["Bjørn", "alvdal", "straße", "Älvdal", "Åby", None]
    assert names(sortby="Namn") == names(sortby="+Namn") == upwards
    assert names(sortby="-Namn") == [*upwards[-2::-1], None]
    counts = [
        (one["properties"]["dug"], one["properties"]["count"])
        for one in open_data.get("/collections/wells/items", sortby="-dug,count")["features"]
    ]
    assert counts == [
        ("2022-02-02", 5), ("2021-01-01", 3), ("2020-06-30", 2), ("2020-01-01", 1),
        ("2020-01-01", 9_007_199_254_740_993), (None, 4),
    ]  # fmt: skip


@pytest.mark.proves(SORTING, "A.7 /conf/sorting/expression-construction")
@pytest.mark.parametrize(
    "text", ["this_is_not_a_sortable", "", "-", "Namn,Namn", "Namn,-Namn", "geom", "Namn desc"]
)
def test_name_that_is_no_sortable_is_400(open_data: Any, text: str) -> None:
    answer = open_data.ask("/collections/wells/items", sortby=text)
    assert (answer.status_code, answer.json()["where"]) == (400, "sortby")


@pytest.mark.proves(PROPERTIES, "/req/properties/parameter", "/req/properties/response")
@pytest.mark.proves(PROPERTIES_FEATURES, "/req/properties-features/request")
@pytest.mark.parametrize("tail", ["/items", "/items/1"])
def test_only_chosen_properties_come(open_data: Any, tail: str) -> None:
    def first(**query: str) -> Any:
        told = open_data.get(f"/collections/wells{tail}", **query)
        return told["features"][0] if "features" in told else told

    whole = first()
    assert set(whole["properties"]) == {"fid", "Namn", "depth m", "count", "open", "dug", "seen"}
    chosen = first(properties="Namn,geom")
    assert (chosen["properties"], chosen["geometry"]) == ({"Namn": "Älvdal"}, whole["geometry"])
    bare = first(properties="count")
    assert (bare["properties"], bare["geometry"]) == ({"count": 1}, None)
    rest = first(exclude_properties="Namn,geom,seen")
    assert (set(rest["properties"]), rest["geometry"]) == ({"fid", "depth m", "count", "open", "dug"}, None)
    assert first(properties="")["properties"] == {}
    for query in ({"properties": "nope"}, {"properties": "Namn", "exclude_properties": "dug"}):
        assert open_data.ask(f"/collections/wells{tail}", **query).status_code == 400


@pytest.mark.proves(
    FG_CORE,
    "/conf/core/metadata-types-schemas",
    "/conf/core/interval-start-end",
    "/conf/core/geometry-wgs84",
    "/conf/core/place-geometries",
    "/conf/core/axis-order",
)
@pytest.mark.proves(
    FG_TYPES,
    "/conf/types-schemas/feature-type-1",
    "/conf/types-schemas/geometry-dimension",
    "/conf/types-schemas/single-feature-schema",
)
def test_json_fg_says_what_it_is_when_and_where(open_data: Any) -> None:
    plain = open_data.get("/collections/plots/items", limit=1)["features"][0]
    told = open_data.get("/collections/plots/items", limit=1, f="jsonfg")
    assert told["conformsTo"][0] == "http://www.opengis.net/spec/json-fg-1/1.0/conf/core"
    assert (told["featureType"], told["featureSchema"]) == (
        "plots", f"{open_data.address}/ogc/collections/plots/schema",
    )  # fmt: skip
    (feature,) = told["features"]
    assert feature["time"] == {"interval": [plain["properties"]["valid_from"], ".."]}
    assert (feature["place"], feature["geometry"]) == (None, plain["geometry"])
    assert "coordRefSys" not in told
    placed = open_data.get("/collections/plots/items", limit=1, f="jsonfg", crs=EPSG_3006)
    metres = open_data.get("/collections/plots/items", limit=1, crs=EPSG_3006)["features"][0]["geometry"]
    assert placed["coordRefSys"] == EPSG_3006
    assert (placed["features"][0]["place"], placed["features"][0]["geometry"]) == (metres, None)
    points = open_data.get("/collections/wells/items", f="jsonfg")
    assert points["geometryDimension"] == 0
    assert {one["time"] for one in points["features"]} == {None}


@pytest.mark.proves(
    FG_PROFILES, "/conf/profiles/rfc7946", "/conf/profiles/json-fg", "/conf/profiles/jsonfg-plus"
)
@pytest.mark.proves(FG_API, "/conf/api/profile-parameter-rfc7946", "/conf/api/profile-parameter-jsonfg")
def test_profile_is_chosen_by_its_parameter_and_told_by_a_link(open_data: Any) -> None:
    for tail in ("/items", "/items/1"):
        for profile in ("rfc7946", "jsonfg", "jsonfg-plus"):
            answer = open_data.ask(f"/collections/wells{tail}", profile=profile, crs=EPSG_3006)
            assert (
                f'<http://www.opengis.net/def/profile/OGC/0/{profile}>; rel="profile"'
                in answer.headers["link"]
            )
            assert answer.headers["content-type"] == "application/geo+json"
            told = answer.json()
            feature = told["features"][0] if "features" in told else told
            assert ("conformsTo" in told, "place" in feature) == ((profile != "rfc7946"),) * 2
            if profile == "jsonfg-plus":
                lonlat = open_data.get("/collections/wells/items/1")["geometry"]
                assert feature["geometry"] == lonlat
                assert feature["place"] != lonlat
    assert open_data.ask("/collections/wells/items", profile="x").status_code == 400


FG_ROOT = {
    "type": "object",
    "required": ["conformsTo", "type", "features", "featureType", "featureSchema"],
    "properties": {
        "conformsTo": {"type": "array", "items": {"type": "string", "format": "uri"}, "minItems": 1},
        "coordRefSys": {"type": "string", "format": "uri"},
        "featureType": {"type": "string"},
        "geometryDimension": {"enum": [0, 1, 2, 3]},
        "features": {
            "type": "array",
            "items": {
                "type": "object",
                "required": ["type", "time", "place", "geometry", "properties"],
                "properties": {
                    "type": {"const": "Feature"},
                    "time": {
                        "anyOf": [
                            {"type": "null"},
                            {
                                "type": "object",
                                "properties": {
                                    "interval": {
                                        "type": "array",
                                        "minItems": 2,
                                        "maxItems": 2,
                                        "items": {"type": "string", "pattern": r"^(\d{4}-\d\d-\d\d|\.\.)$"},
                                    }
                                },
                            },
                        ]
                    },
                    "place": {"type": ["object", "null"]},
                    "geometry": {"type": ["object", "null"]},
                },
            },
        },
    },
}
"""What the standard's own schema asks of a root object of these classes, in our words."""


@pytest.mark.proves(
    FG_CORE,
    "/conf/core/schema-valid",
    "/conf/core/valid-geometry",
    "/conf/core/coordinate-dimension-geometry",
)
def test_json_fg_has_the_members_of_its_standard(open_data: Any) -> None:
    for one in open_data.get("/collections")["collections"]:
        told = open_data.get(f"/collections/{one['id']}/items", profile="jsonfg-plus", crs=EPSG_3006)
        jsonschema.Draft202012Validator(FG_ROOT).validate(told)
        for feature in told["features"]:
            for member in ("place", "geometry"):
                shape = shapely.from_geojson(json.dumps(feature[member]))
                assert (shape.is_valid, shape.has_z) == (True, False)
