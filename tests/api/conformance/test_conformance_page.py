"""What landbank declares is what these tests prove: each class with all of its abstract tests, and no class besides."""

from __future__ import annotations

import importlib.util
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from landbank.api.conformance import STANDARDS, conformance

HERE = Path(__file__).parent

REQUIRED = {
    "ogcapi-features-1/1.0/core": [
        "http", "crs84", "root-op", "root-success", "api-definition-op", "api-definition-success", "conformance-op",
        "conformance-success", "fc-md-op", "fc-md-success", "fc-md-links", "fc-md-items", "fc-md-items-links",
        "fc-md-extent", "fc-md-extent-multi", "sfc-md-op", "sfc-md-success", "fc-op", "fc-bbox-definition",
        "fc-bbox-response", "fc-limit-definition", "fc-limit-response", "fc-time-definition", "fc-time-response",
        "query-param-invalid", "query-param-unknown", "fc-response", "fc-links", "fc-timeStamp", "fc-numberMatched",
        "fc-numberReturned", "f-op", "f-success", "f-links",
    ],
    "ogcapi-features-1/1.0/geojson": ["definition", "content"],
    "ogcapi-features-1/1.0/html": ["definition", "content"],
    "ogcapi-features-1/1.0/oas30": [
        "completeness", "exceptions-codes", "oas-definition-1", "oas-definition-2", "oas-impl", "security",
    ],
    "ogcapi-features-2/1.0/crs": [
        "crs-uri", "default-crs", "storageCrs", "crs-parameter", "crs-parameter-invalid", "crs-parameter-default",
        "crs-parameter-transform", "bbox-crs-parameter", "bbox-crs-parameter-invalid", "bbox-crs-parameter-default",
    ],
    "ogcapi-features-3/1.0/queryables": ["get-conformance", "get-queryables-uris", "get-queryables"],
    "ogcapi-features-3/1.0/queryables-query-parameters": ["get-conformance", "query-param"],
    "ogcapi-features-3/1.0/filter": [
        "get-conformance", "filter-param", "filter-lang-default", "expression-construction", "filter-crs-wgs84",
        "filter-crs-param", "get-functions",
    ],
    "ogcapi-features-3/1.0/features-filter": [
        "get-conformance", "get-collections", "get-collection", "filter-on-items", "mixing-expression",
    ],
    "cql2/1.0/cql2-text": ["validate", "escaping"],
    "cql2/1.0/cql2-json": ["validate"],
    "cql2/1.0/basic-cql2": ["basic-test", "comparison", "is-null", "boolean", "logical", "test-data"],
    "cql2/1.0/advanced-comparison-operators": ["like", "between", "in", "logical", "test-data"],
    "cql2/1.0/case-insensitive-comparison": ["casei", "casei-like", "logical", "test-data"],
    "cql2/1.0/accent-insensitive-comparison": [
        "accenti", "accenti-like", "accenti-casei", "accenti-casei-like", "logical", "test-data",
    ],
    "cql2/1.0/basic-spatial-functions": ["s_intersects", "logical", "test-data"],
    "cql2/1.0/basic-spatial-functions-plus": ["s_intersects", "test-data"],
    "cql2/1.0/spatial-functions": [
        "s_intersects", "s_disjoint", "s_equals", "s_touches", "s_crosses", "s_within", "s_contains", "s_overlaps",
        "logical", "test-data",
    ],
    "cql2/1.0/temporal-functions": ["temporal-functions-1", "temporal-functions-2", "logical", "test-data"],
    "cql2/1.0/array-functions": ["array-predicates", "logical"],
    "cql2/1.0/property-property": [
        "comparison-value-property", "comparison-property-property", "comparison-value-value", "logical", "test-data",
    ],
    "cql2/1.0/functions": ["functions"],
    "cql2/1.0/arithmetic": ["arithmetic", "logical", "test-data"],
    "json-fg-1/1.0/core": [
        "schema-valid", "metadata-types-schemas", "interval-start-end", "coordinate-dimension-geometry",
        "geometry-wgs84", "valid-geometry", "place-geometries", "axis-order",
    ],
    "json-fg-1/1.0/types-schemas": ["feature-type-1", "geometry-dimension", "single-feature-schema"],
    "json-fg-1/1.0/profiles": ["rfc7946", "json-fg", "jsonfg-plus"],
    "json-fg-1/1.0/api": ["profile-parameter-rfc7946", "profile-parameter-jsonfg"],
    "ogcapi-features-8/1.0/sortables": ["get-conformance", "get-sortables-uris", "get-sortables"],
    "ogcapi-features-8/1.0/sorting": [
        "get-conformance", "sortby-param", "sortby-order-default", "expression-construction",
    ],
    "ogcapi-features-8/1.0/features-sorting": [
        "get-conformance", "get-collections", "get-collection", "filter-sorting",
    ],
    "ogcapi-features-6/1.0/properties": ["parameter", "response"],
    "ogcapi-features-6/1.0/properties-features": ["request"],
}  # fmt: skip
"""The abstract tests of each class, from the standards' annexes; those about geometries that landbank has not are left
out of JSON-FG, and the draft on property selection has requirements and no abstract tests yet."""


def claims() -> Iterator[tuple[str, str]]:
    """Class and last word of the path of each abstract test that a test here says it proves."""
    for path in (*sorted(HERE.glob("test_*.py")), HERE.parent / "test_cql2_rows.py"):
        found = importlib.util.spec_from_file_location(f"looked_at_{path.stem}", path)
        assert found is not None
        assert found.loader is not None
        module = importlib.util.module_from_spec(found)
        found.loader.exec_module(module)
        for name, function in vars(module).items():
            for mark in getattr(function, "pytestmark", []) if name.startswith("test_") else []:
                if mark.name == "proves":
                    conformance_class, *tests = mark.args
                    yield from ((conformance_class, test.split(" (")[0].rpartition("/")[2]) for test in tests)


def test_declared_classes_are_those_whose_abstract_tests_are_ported() -> None:
    declared = [f"{standard.prefix}/{name}" for standard in STANDARDS for name in standard.classes]
    assert sorted(declared) == sorted(REQUIRED)


def test_every_abstract_test_of_a_declared_class_is_ported() -> None:
    ported = set(claims())
    missing = [
        (name, test) for name, tests in REQUIRED.items() for test in tests if (name, test) not in ported
    ]
    assert missing == []
    assert sorted({name for name, _ in ported} - set(REQUIRED)) == []


def test_the_conformance_document_and_its_page_are_this_list(open_data: Any) -> None:
    assert open_data.get("/conformance") == {"conformsTo": conformance()}
    page = open_data.client.get("/ogc/conformance", headers={"Accept": "text/html"}).text
    assert [uri for uri in conformance() if f"<code>{uri}</code>" not in page] == []
