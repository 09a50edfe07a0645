"""The abstract tests of OGC API - Features - Part 1: Core (OGC 17-069r4, annex A), classes core, geojson, html, oas30.

Each names the tests that it ports by their number in the annex and their path. They ask a real server.
"""

from __future__ import annotations

import re
from datetime import datetime
from typing import Any

import jsonschema
import pytest
import shapely
from lxml import html

CORE = "ogcapi-features-1/1.0/core"
GEOJSON = "ogcapi-features-1/1.0/geojson"
HTML = "ogcapi-features-1/1.0/html"
OAS = "ogcapi-features-1/1.0/oas30"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
DOCUMENTS = ["", "/api", "/conformance", "/functions", "/collections"]


def rels(document: Any) -> list[str]:
    """The relations of a document's links."""
    return [link["rel"] for link in document["links"]]


def ids(open_data: Any) -> list[str]:
    """The ids of all collections."""
    return [one["id"] for one in open_data.get("/collections")["collections"]]


def has_link_parameters(document: Any) -> bool:
    """Whether each link tells its relation and its type."""
    return all(link.get("rel") and link.get("type") for link in document["links"])


@pytest.mark.proves(CORE, "A.1 /conf/core/http")
def test_answers_are_http_1_1(open_data: Any) -> None:
    assert open_data.ask("").http_version == "HTTP/1.1"


@pytest.mark.proves(CORE, "A.3 /conf/core/root-op", "A.4 /conf/core/root-success")
def test_landing_page_leads_on(open_data: Any) -> None:
    landing = open_data.get("")
    assert {"self", "service-desc", "service-doc", "conformance", "data"} <= set(rels(landing))


@pytest.mark.proves(CORE, "A.5 /conf/core/api-definition-op", "A.6 /conf/core/api-definition-success")
def test_each_definition_of_the_interface_is_of_its_links_type(open_data: Any) -> None:
    for link in open_data.get("")["links"]:
        if link["rel"] in ("service-desc", "service-doc"):
            answer = open_data.client.get(link["href"], headers={"Accept": link["type"]})
            assert answer.status_code == 200
            assert answer.headers["content-type"].split("; charset")[0] == link["type"]


@pytest.mark.proves(CORE, "A.7 /conf/core/conformance-op", "A.8 /conf/core/conformance-success")
def test_conformance_lists_the_core(open_data: Any) -> None:
    assert (
        f"http://www.opengis.net/spec/{CORE.replace('/core', '')}/conf/core"
        in open_data.get("/conformance")["conformsTo"]
    )


@pytest.mark.proves(
    CORE,
    "A.9 /conf/core/fc-md-op",
    "A.10 /conf/core/fc-md-success",
    "A.11 /conf/core/fc-md-links",
    "A.12 /conf/core/fc-md-items",
    "A.13 /conf/core/fc-md-items-links",
)
def test_collections_are_all_there_with_links_to_their_items(open_data: Any) -> None:
    told = open_data.get("/collections")
    assert {"self", "alternate"} <= set(rels(told))
    assert has_link_parameters(told)
    assert told["crs"][0] == CRS84
    assert [one["id"] for one in told["collections"]] == [
        "plots", "plans", "restrictions", "municipalities", "parks", "infrastructure", "wells",
    ]  # fmt: skip
    for one in told["collections"]:
        assert has_link_parameters(one)
        kinds = {link["type"] for link in one["links"] if link["rel"] == "items"}
        assert {"application/geo+json", "text/html", "text/csv"} <= kinds


@pytest.mark.proves(CORE, "A.14 /conf/core/fc-md-extent", "A.15 /conf/core/fc-md-extent-multi")
def test_extents_hold_all_that_is_in_a_collection(open_data: Any) -> None:
    for one in open_data.get("/collections")["collections"]:
        (box,) = one["extent"]["spatial"]["bbox"]
        around = shapely.box(*box).buffer(1e-6)
        for feature in open_data.get(f"/collections/{one['id']}/items")["features"]:
            assert shapely.from_geojson(str(feature["geometry"]).replace("'", '"')).within(around), one["id"]
        if "temporal" in one["extent"]:
            assert one["extent"]["temporal"]["interval"] == [[None, None]]


@pytest.mark.proves(CORE, "A.16 /conf/core/sfc-md-op", "A.17 /conf/core/sfc-md-success")
def test_one_collection_says_what_the_list_says(open_data: Any) -> None:
    for listed in open_data.get("/collections")["collections"]:
        alone = open_data.get(f"/collections/{listed['id']}")
        for member in ("id", "title", "description", "extent", "itemType"):
            assert alone[member] == listed[member]
        assert [link for link in listed["links"] if link not in alone["links"]] == []


@pytest.mark.proves(
    CORE,
    "A.18 /conf/core/fc-op",
    "A.27 /conf/core/fc-response",
    "A.28 /conf/core/fc-links",
    "A.29 /conf/core/fc-timeStamp",
    "A.30 /conf/core/fc-numberMatched",
    "A.31 /conf/core/fc-numberReturned",
)
def test_items_are_a_whole_feature_collection(open_data: Any, feature_collection: Any) -> None:
    for name in ids(open_data):
        page = open_data.get(f"/collections/{name}/items", limit=2)
        feature_collection.validate(page)
        assert {"self", "alternate", "collection"} <= set(rels(page))
        assert has_link_parameters(page)
        datetime.fromisoformat(page["timeStamp"])
        assert page["numberReturned"] == len(page["features"])
        everything = open_data.get(f"/collections/{name}/items", limit=1000)
        assert page["numberMatched"] == everything["numberMatched"] == len(everything["features"])


@pytest.mark.proves(
    CORE,
    "A.19 /conf/core/fc-bbox-definition",
    "A.22 /conf/core/fc-limit-definition",
    "A.24 /conf/core/fc-time-definition",
)
def test_parameters_are_defined_as_the_standard_has_them(open_data: Any) -> None:
    told = open_data.get("/api")
    shared = told["components"]["parameters"]
    given = [
        one["$ref"].split("/")[-1]
        for one in told["paths"]["/collections/plots/items"]["get"]["parameters"]
        if "$ref" in one
    ]
    assert {"bbox", "limit", "datetime"} <= set(given)
    assert (shared["bbox"]["in"], shared["bbox"]["required"], shared["bbox"]["style"], shared["bbox"]["explode"]) == (
        "query", False, "form", False,
    )  # fmt: skip
    assert [(one["minItems"], one["items"]["type"]) for one in shared["bbox"]["schema"]["oneOf"]] == [
        (4, "number"),
        (6, "number"),
    ]
    assert shared["limit"]["schema"] == {"type": "integer", "minimum": 1, "maximum": 1000, "default": 100}
    assert (shared["datetime"]["in"], shared["datetime"]["schema"]) == ("query", {"type": "string"})


@pytest.mark.proves(CORE, "A.2 /conf/core/crs84", "A.20 /conf/core/fc-bbox-response")
def test_box_gives_what_meets_it_and_coordinates_are_longitude_and_latitude(open_data: Any) -> None:
    for name in ids(open_data):
        everything = open_data.get(f"/collections/{name}/items")["features"]
        for feature in everything[:3]:
            shape = shapely.from_geojson(str(feature["geometry"]).replace("'", '"'))
            assert (10 < shape.bounds[0] < 25, 54 < shape.bounds[1] < 70) == (True, True)
            west, south, east, north = shape.bounds
            box = f"{west},{south},{east},{north}"
            found = open_data.get(f"/collections/{name}/items", bbox=box)["features"]
            assert feature["id"] in [one["id"] for one in found]
            for one in found:
                met = shapely.from_geojson(str(one["geometry"]).replace("'", '"'))
                assert met.distance(shapely.box(*shape.bounds)) < 2e-7


@pytest.mark.proves(CORE, "A.21 /conf/core/fc-limit-response")
def test_page_is_never_longer_than_asked(open_data: Any) -> None:
    assert len(open_data.get("/collections/plots/items", limit=3)["features"]) == 3
    assert len(open_data.get("/collections/plots/items", limit=100_000)["features"]) == 7


@pytest.mark.proves(CORE, "A.25 /conf/core/fc-time-response")
def test_time_gives_what_holds_then_and_what_has_no_time(open_data: Any) -> None:
    with open_data.landbank.reading() as store:
        today = str(store.catalogue.stamp().day)
    for time in (
        today,
        f"{today}T12:00:00Z",
        f"2000-01-01/{today}",
        f"{today}/..",
        f"{today}/",
        f"../{today}",
        f"/{today}",
    ):
        assert open_data.get("/collections/plots/items", datetime=time)["numberMatched"] == 7, time
    for time in ("../1999-12-31", "/1999-12-31", "1900-01-01"):
        assert open_data.get("/collections/plots/items", datetime=time)["numberMatched"] == 0, time
        assert open_data.get("/collections/parks/items", datetime=time)["numberMatched"] == 1, time


@pytest.mark.proves(CORE, "A.26 /conf/core/query-param-unknown")
def test_unknown_parameter_is_400_everywhere(open_data: Any) -> None:
    paths = [*DOCUMENTS, "/collections/plots", "/collections/plots/items", "/collections/plots/items/1",
             "/collections/plots/queryables", "/collections/plots/sortables", "/collections/plots/schema"]  # fmt: skip
    for path in paths:
        answer = open_data.ask(path, unknown="1")
        assert (answer.status_code, answer.json()["where"]) == (400, "unknown"), path


@pytest.mark.proves(CORE, "A.23 /conf/core/query-param-invalid")
def test_invalid_value_is_400(open_data: Any) -> None:
    wrong = {
        "limit": "0",
        "bbox": "1,2,3",
        "datetime": "then",
        "f": "gml",
        "crs": "x",
        "lang": "no",
        "profile": "x",
    }
    for name, value in wrong.items():
        answer = open_data.ask("/collections/plots/items", **{name: value})
        assert (answer.status_code, answer.json()["where"]) == (400, name)


@pytest.mark.proves(CORE, "A.32 /conf/core/f-op", "A.33 /conf/core/f-success", "A.34 /conf/core/f-links")
def test_each_item_stands_at_its_own_address(open_data: Any) -> None:
    for name in ids(open_data):
        for feature in open_data.get(f"/collections/{name}/items", limit=3)["features"]:
            alone = open_data.get(f"/collections/{name}/items/{feature['id']}")
            assert {"self", "alternate", "collection"} <= set(rels(alone))
            assert has_link_parameters(alone)
            assert {key: alone[key] for key in feature} == feature


@pytest.mark.proves(GEOJSON, "A.35 /conf/geojson/definition", "A.36 /conf/geojson/content")
def test_features_are_geojson_and_the_rest_is_json(open_data: Any, feature_collection: Any) -> None:
    accept = {"Accept": "application/geo+json"}
    items = open_data.client.get("/ogc/collections/plots/items", headers=accept)
    assert items.headers["content-type"] == "application/geo+json"
    feature_collection.validate(items.json())
    key = items.json()["features"][0]["id"]
    item = open_data.client.get(f"/ogc/collections/plots/items/{key}", headers=accept)
    assert (item.headers["content-type"], item.json()["id"]) == ("application/geo+json", key)
    for path in ("", "/conformance", "/collections", "/collections/plots"):
        answer = open_data.client.get(f"/ogc{path}", headers={"Accept": "application/json"})
        assert answer.headers["content-type"] == "application/json"


@pytest.mark.proves(HTML, "A.37 /conf/html/definition", "A.38 /conf/html/content")
def test_every_resource_is_a_page_that_holds_what_the_json_holds(open_data: Any) -> None:
    paths = [*DOCUMENTS, "/collections/plots", "/collections/plots/items", "/collections/municipalities/items/1480",
             "/collections/plots/queryables", "/collections/plots/sortables", "/collections/plots/schema",
             "/collections/wells/items"]  # fmt: skip
    for path in paths:
        answer = open_data.client.get(f"/ogc{path}", headers={"Accept": "text/html"})
        assert answer.status_code == 200, path
        assert answer.headers["content-type"] == "text/html; charset=utf-8"
        assert answer.text.startswith("<!doctype html>")
        page = html.document_fromstring(answer.text)
        assert page.findtext(".//h1")
    table = open_data.client.get("/ogc/collections/wells/items", headers={"Accept": "text/html"}).text
    assert all(name in table for name in ("Älvdal", "Bjørn", "straße"))


OPENAPI_3_0 = jsonschema.Draft4Validator


@pytest.mark.proves(OAS, "A.41 /conf/oas30/oas-definition-1")
def test_description_is_there_for_programs_and_for_people(open_data: Any) -> None:
    told = {link["rel"]: link for link in open_data.get("")["links"]}
    assert told["service-desc"]["type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert told["service-doc"]["type"] == "text/html"


@pytest.mark.proves(OAS, "A.42 /conf/oas30/oas-definition-2")
def test_description_is_valid_openapi_3_0(open_data: Any) -> None:
    from schemathesis.specs.openapi.definitions import OPENAPI_30

    told = open_data.get("/api")
    assert told["openapi"] == "3.0.3"
    OPENAPI_3_0(OPENAPI_30).validate(told)
    operations = [operation["get"]["operationId"] for operation in told["paths"].values()]
    assert len(set(operations)) == len(operations)


@pytest.mark.proves(OAS, "A.43 /conf/oas30/oas-impl")
def test_every_described_address_answers(open_data: Any) -> None:
    told = open_data.get("/api")
    for path in told["paths"]:
        address = path
        name = path.split("/")[2] if path.count("/") > 1 else ""
        if path.endswith("{featureId}"):
            first = open_data.get(f"/collections/{name}/items", limit=1)["features"][0]["id"]
            address = path.replace("{featureId}", str(first))
        answer = open_data.client.get(told["servers"][0]["url"] + address)
        assert answer.status_code == 200, path


@pytest.mark.proves(OAS, "A.39 /conf/oas30/completeness", "A.40 /conf/oas30/exceptions-codes")
def test_every_operation_tells_its_answers_and_refusals(open_data: Any) -> None:
    told = open_data.get("/api")
    for path, operations in told["paths"].items():
        statuses = set(operations["get"]["responses"])
        assert {"200", "400", "404", "406", "500", "503"} <= statuses, path
    item = told["paths"]["/collections/plots/items/{featureId}"]["get"]["responses"]
    assert {"301", "304", "410"} <= set(item)
    queryables = set(open_data.get("/collections/wells/queryables")["properties"]) - {"geom"}
    own = {
        one["name"] for one in told["paths"]["/collections/wells/items"]["get"]["parameters"] if "name" in one
    }
    assert queryables <= own


@pytest.mark.proves(OAS, "A.44 /conf/oas30/security")
def test_what_is_described_needs_no_sign_in(open_data: Any) -> None:
    told = open_data.get("/api")
    assert "security" not in told
    assert not re.search(r"secret", str(told["paths"].keys()))
