"""The conformance classes of standards that landbank meets; tests/api/conformance prove each of them and no other.

A class stands here once its abstract tests, ported with their numbers, pass; a test compares this list with theirs.
"""

from __future__ import annotations

from dataclasses import dataclass

SPEC = "http://www.opengis.net/spec"


@dataclass(frozen=True, slots=True)
class Standard:
    """A standard and those of its conformance classes that are met."""

    title: str
    number: str
    prefix: str
    classes: tuple[str, ...]

    @property
    def uris(self) -> tuple[str, ...]:
        """The addresses of the classes."""
        return tuple(f"{SPEC}/{self.prefix}/conf/{name}" for name in self.classes)


STANDARDS = (
    Standard(
        "OGC API - Features - Part 1: Core",
        "OGC 17-069r4",
        "ogcapi-features-1/1.0",
        ("core", "oas30", "html", "geojson"),
    ),
    Standard(
        "OGC API - Features - Part 2: Coordinate Reference Systems by Reference",
        "OGC 18-058r1",
        "ogcapi-features-2/1.0",
        ("crs",),
    ),
    Standard(
        "OGC API - Features - Part 3: Filtering",
        "OGC 19-079r2",
        "ogcapi-features-3/1.0",
        ("queryables", "queryables-query-parameters", "filter", "features-filter"),
    ),
    Standard(
        "Common Query Language (CQL2)",
        "OGC 21-065r2",
        "cql2/1.0",
        (
            "cql2-text",
            "cql2-json",
            "basic-cql2",
            "advanced-comparison-operators",
            "case-insensitive-comparison",
            "accent-insensitive-comparison",
            "basic-spatial-functions",
            "basic-spatial-functions-plus",
            "spatial-functions",
            "temporal-functions",
            "array-functions",
            "property-property",
            "functions",
            "arithmetic",
        ),
    ),
    Standard(
        "OGC Features and Geometries JSON - Part 1: Core (JSON-FG)",
        "OGC 21-045r1",
        "json-fg-1/1.0",
        ("core", "types-schemas", "profiles", "api"),
    ),
    Standard(
        "OGC API - Features - Part 8: Sorting (draft)",
        "OGC 24-030",
        "ogcapi-features-8/1.0",
        ("sortables", "sorting", "features-sorting"),
    ),
    Standard(
        "OGC API - Features - Part 6: Property Selection (draft)",
        "OGC 24-019",
        "ogcapi-features-6/1.0",
        ("properties", "properties-features"),
    ),
)


def conformance() -> list[str]:
    """The addresses of all classes that are met."""
    return [uri for standard in STANDARDS for uri in standard.uris]
