"""The abstract tests of CQL2 (OGC 21-065r2, annex A) that need no data of their own, over every queryable there is.

The tests with published data stand in tests/api/test_cql2_rows.py. "A.n" would change with each class left out of the
annex; the paths name the tests.
"""

from __future__ import annotations

import itertools
import random
from typing import Any

import pytest

CQL2 = "cql2/1.0"
BASIC, ADVANCED, CASEI, ACCENTI = (
    f"{CQL2}/{name}"
    for name in (
        "basic-cql2", "advanced-comparison-operators", "case-insensitive-comparison", "accent-insensitive-comparison",
    )
)  # fmt: skip
BASIC_SPATIAL, PLUS, SPATIAL = (
    f"{CQL2}/{name}"
    for name in ("basic-spatial-functions", "basic-spatial-functions-plus", "spatial-functions")
)
TEMPORAL, ARRAYS, PROPERTY, FUNCTIONS, ARITHMETIC, TEXT, JSON = (
    f"{CQL2}/{name}"
    for name in (
        "temporal-functions", "array-functions", "property-property", "functions", "arithmetic", "cql2-text", "cql2-json",
    )
)  # fmt: skip
VALUES = {
    "string": "'foo'",
    "boolean": "true",
    "number": "3.14",
    "integer": "1",
    "date-time": "TIMESTAMP('2022-04-14T14:48:46Z')",
    "date": "DATE('2022-04-14')",
}
NAMES = ("plots", "wells", "restrictions")
MOMENT, YEAR = "TIMESTAMP('2022-04-24T07:59:57Z')", "INTERVAL('2021-01-01T00:00:00Z','2021-12-31T23:59:59Z')"
WORLD = "POLYGON((-180 -90,180 -90,180 90,-180 90,-180 -90))"


def kinds(open_data: Any, name: str) -> dict[str, str]:
    """The kind of each queryable of a collection: a type, a format, or 'geometry'."""
    told = open_data.get(f"/collections/{name}/queryables")["properties"]
    return {
        key: "geometry" if "type" not in one else one.get("format") or one["type"]
        for key, one in told.items()
    }


def of_kind(open_data: Any, name: str, *wanted: str) -> list[str]:
    """The queryables of some kinds, quoted."""
    return [f'"{key}"' for key, kind in kinds(open_data, name).items() if kind in wanted]


def keys(open_data: Any, name: str, condition: str) -> set[Any]:
    """The ids of the items that a filter selects."""
    found = open_data.get(
        f"/collections/{name}/items",
        filter=condition,
        limit=1000,
        properties="fid" if name == "wells" else "",
    )
    return {one["id"] for one in found["features"]}


@pytest.mark.proves(BASIC, "/conf/basic-cql2/basic-test")
def test_every_queryable_has_a_type(open_data: Any) -> None:
    for name in NAMES:
        found = kinds(open_data, name)
        assert set(found.values()) <= {*VALUES, "array", "geometry", "uuid"}
        assert any(kind in VALUES for kind in found.values())


@pytest.mark.proves(BASIC, "/conf/basic-cql2/comparison")
@pytest.mark.proves(PROPERTY, "/conf/property-property/comparison-value-property")
@pytest.mark.parametrize("kind", VALUES)
def test_comparisons_part_the_items(open_data: Any, kind: str) -> None:
    value = VALUES[kind]
    for queryable in of_kind(open_data, "wells", kind):
        for form in ("{q} {op} {v}", "{v} {op} {q}"):
            found = {
                op: keys(open_data, "wells", form.format(q=queryable, op=op, v=value))
                for op in ("=", "<>", ">", "<", ">=", "<=")
            }
            assert not found["="] & found["<>"]
            assert not found[">"] & found["<="]
            assert not found["<"] & found[">="]


@pytest.mark.proves(BASIC, "/conf/basic-cql2/is-null")
def test_known_and_unknown_part_the_items(open_data: Any) -> None:
    everything = keys(open_data, "wells", "true")
    for queryable in kinds(open_data, "wells"):
        unknown, known = (
            keys(open_data, "wells", f'"{queryable}" {claim}') for claim in ("IS NULL", "is not null")
        )
        assert not unknown & known
        assert unknown | known == everything


@pytest.mark.proves(BASIC, "/conf/basic-cql2/boolean")
def test_true_selects_all_and_false_nothing(open_data: Any) -> None:
    assert len(keys(open_data, "wells", "true")) == 6
    assert keys(open_data, "wells", "false") == set()


@pytest.mark.proves(ADVANCED, "/conf/advanced-comparison-operators/like")
def test_patterns(open_data: Any) -> None:
    for name in NAMES:
        for queryable in of_kind(open_data, name, "string"):
            found = {
                p: keys(open_data, name, f"{queryable} LIKE '{p}'") for p in ("%", "_%", "", "%%", "\\%\\_")
            }
            assert not found["_%"] & found[""]
            assert found["%"] == found["%%"]


@pytest.mark.proves(
    ADVANCED, "/conf/advanced-comparison-operators/between", "/conf/advanced-comparison-operators/in"
)
def test_ranges_and_lists(open_data: Any) -> None:
    lists = {
        "integer": "(1, 2, 3)",
        "number": "(1, 2, 3)",
        "string": "('foo', 'bar')",
        "boolean": "(true)",
        "date-time": "('2022-04-14T14:52:56Z', '2022-04-14T15:52:56Z')",
        "date": "('2022-04-14', '2022-04-15')",
    }
    for name in NAMES:
        for queryable in of_kind(open_data, name, "integer", "number"):
            keys(open_data, name, f"{queryable} BETWEEN 0 AND 100")
            assert keys(open_data, name, f"{queryable} between 100.0 and 1.0") == set()
        for kind, values in lists.items():
            for queryable in of_kind(open_data, name, kind):
                keys(open_data, name, f"{queryable} IN {values}")
    assert keys(open_data, "wells", "count IN (1, 2, 3)") == {1, 2, 3}


@pytest.mark.proves(
    CASEI, "/conf/case-insensitive-comparison/casei", "/conf/case-insensitive-comparison/casei-like"
)
def test_case_does_not_count_where_it_is_folded(open_data: Any) -> None:
    for queryable in of_kind(open_data, "wells", "string"):
        same, other = (
            keys(open_data, "wells", f"CASEI({queryable}) {op} casei('FOO')") for op in ("=", "<>")
        )
        assert not same & other
    small, large = (keys(open_data, "wells", f"CASEI(Namn) LIKE casei('{p}')") for p in ("äl%", "ÄL%"))
    assert small == large == {1}
    assert keys(open_data, "wells", "CASEI(Namn) = casei('STRASSE')") == {5}


@pytest.mark.proves(
    ACCENTI,
    "/conf/accent-insensitive-comparison/accenti",
    "/conf/accent-insensitive-comparison/accenti-like",
    "/conf/accent-insensitive-comparison/accenti-casei",
    "/conf/accent-insensitive-comparison/accenti-casei-like",
)
def test_accents_do_not_count_where_they_are_folded(open_data: Any) -> None:
    same, other = (keys(open_data, "wells", f"ACCENTI(Namn) {op} accenti('Alvdal')") for op in ("=", "<>"))
    assert (same, same & other) == ({1}, set())
    assert keys(open_data, "wells", "ACCENTI(Namn) LIKE accenti('Å%')") == {1, 3}
    assert keys(open_data, "wells", "ACCENTI(Namn) LIKE accenti('A%')") == {1, 3}
    assert keys(open_data, "wells", "ACCENTI(CASEI(Namn)) = accenti(casei('ÄLVDÅL'))") == {1, 2}
    assert keys(open_data, "wells", "ACCENTI(CASEI(Namn)) LIKE accenti(casei('bjo%'))") == {4}


@pytest.mark.proves(BASIC_SPATIAL, "/conf/basic-spatial-functions/s_intersects")
@pytest.mark.proves(SPATIAL, "/conf/spatial-functions/s_intersects", "/conf/spatial-functions/s_disjoint")
def test_meeting_and_missing_part_the_items(open_data: Any) -> None:
    for name in NAMES:
        spatial = of_kind(open_data, name, "geometry")[0]
        everything = keys(open_data, name, "true")
        for shape in ("BBOX(-180,-90,180,90)", WORLD, "LINESTRING(7 50, 10 51)", "POINT(7.02 49.92)"):
            met = keys(open_data, name, f"S_INTERSECTS({spatial},{shape})")
            missed = keys(open_data, name, f"S_DISJOINT({spatial},{shape})")
            assert (met & missed, met | missed) == (set(), everything)
            if shape in ("BBOX(-180,-90,180,90)", WORLD):
                assert met == everything
        for op in ("S_INTERSECTS", "S_DISJOINT"):
            answer = open_data.ask(f"/collections/{name}/items", filter=f"{op}({spatial},POINT(90 180))")
            assert answer.status_code == 400


@pytest.mark.proves(PLUS, "/conf/basic-spatial-functions-plus/s_intersects")
def test_every_kind_of_shape_can_be_met(open_data: Any) -> None:
    hole = "(-120 -50, -100 -50, -100 -40, -120 -40, -120 -50)"
    band = f"((-180 -90, -90 -90, -90 90, -180 90, -180 -90), {hole})"
    for name in NAMES:
        spatial = of_kind(open_data, name, "geometry")[0]
        for shape in (
            "MULTIPOINT(7.02 49.92, 90 18)",
            "LINESTRING(-180 -45, 0 -45)",
            "MULTILINESTRING((-180 -45, 0 -45), (0 45, 180 45))",
            f"POLYGON{band}",
            f"MULTIPOLYGON({band},((0 0, 10 0, 10 10, 0 10, 0 0)))",
            "GEOMETRYCOLLECTION(POINT(7.02 49.92), POLYGON((0 0, 10 0, 10 10, 0 10, 0 0)))",
        ):
            assert keys(open_data, name, f"S_INTERSECTS({spatial},{shape})") == set()
        answer = open_data.ask(
            f"/collections/{name}/items", filter=f"S_INTERSECTS({spatial},MULTIPOINT(7.02 49.92, 90 180))"
        )
        assert answer.status_code == 400


@pytest.mark.proves(
    SPATIAL,
    *(
        f"/conf/spatial-functions/{name}"
        for name in ("s_equals", "s_touches", "s_crosses", "s_within", "s_contains", "s_overlaps")
    ),
)
def test_relations_of_shapes(open_data: Any) -> None:
    for name in NAMES:
        spatial = of_kind(open_data, name, "geometry")[0]
        everything = keys(open_data, name, "true")
        for op in ("EQUALS", "TOUCHES", "CROSSES", "CONTAINS", "OVERLAPS"):
            for shape in ("BBOX(-180,-90,180,90)", WORLD, "LINESTRING(7 50, 10 51)"):
                assert keys(open_data, name, f"S_{op}({spatial},{shape})") == set(), (name, op)
        assert keys(open_data, name, f"S_WITHIN({spatial},{WORLD})") == everything
        assert keys(open_data, name, f"S_WITHIN({spatial},MULTIPOINT(7 50,10 51))") == set()
    plot = open_data.get("/collections/plots/items", limit=1)["features"][0]
    rings = plot["geometry"]["coordinates"][0][0]
    drawn = "POLYGON((" + ", ".join(f"{x} {y}" for x, y in rings) + "))"
    assert keys(open_data, "plots", f"S_EQUALS(geometry,{drawn})") == {plot["id"]}
    lon, lat = (sum(one[axis] for one in rings[:4]) / 4 for axis in (0, 1))
    assert keys(open_data, "plots", f"S_CONTAINS(geometry,POINT({lon} {lat}))") == {plot["id"]}
    assert keys(open_data, "plots", f"S_OVERLAPS(geometry,BBOX({lon},{lat},{lon + 0.001},{lat + 0.01}))") == {
        plot["id"]
    }
    assert keys(
        open_data,
        "plots",
        f"S_CONTAINS(BBOX({lon - 0.01},{lat - 0.01},{lon + 0.0015},{lat + 0.01}),geometry)",
    ) == {plot["id"]}


@pytest.mark.proves(TEMPORAL, "/conf/temporal-functions/temporal-functions-1")
def test_times_and_intervals(open_data: Any) -> None:
    others = (MOMENT, YEAR, "DATE('2022-04-24')", "INTERVAL('2021-01-01','..')")
    for name in NAMES:
        for queryable in of_kind(open_data, name, "date", "date-time"):
            for right in others if name == "wells" else (YEAR,):
                found = {
                    op: keys(open_data, name, f"T_{op}({queryable},{right})")
                    for op in ("AFTER", "BEFORE", "DISJOINT", "EQUALS", "INTERSECTS")
                }
                assert found["DISJOINT"] == found["AFTER"] | found["BEFORE"]
                assert not found["DISJOINT"] & found["INTERSECTS"]
                assert found["EQUALS"] <= found["INTERSECTS"]
                answer = open_data.ask(f"/collections/{name}/items", filter=f"T_DURING({queryable},{right})")
                assert answer.status_code == 400


@pytest.mark.proves(TEMPORAL, "/conf/temporal-functions/temporal-functions-2")
def test_intervals_of_properties(open_data: Any) -> None:
    operators = ("AFTER", "BEFORE", "DISJOINT", "EQUALS", "INTERSECTS", "CONTAINS", "DURING", "FINISHEDBY", "FINISHES",
                 "MEETS", "METBY", "OVERLAPPEDBY", "OVERLAPS", "STARTEDBY", "STARTS")  # fmt: skip
    for left in ("INTERVAL(dug,seen)", "INTERVAL(dug,'..')", "INTERVAL('..',seen)"):
        for operator in operators:
            keys(open_data, "wells", f"T_{operator}({left},{YEAR})")
    # Wells 1 and 6 were dug on the first day of 2020; the date is its whole day in UTC.
    assert keys(
        open_data, "wells", "T_STARTEDBY(INTERVAL(dug,seen),INTERVAL('2020-01-01','2020-01-02'))"
    ) == {1, 6}
    assert keys(open_data, "wells", "T_DURING(INTERVAL(dug,dug),INTERVAL('2020-06-29','2020-07-01'))") == {2}


@pytest.mark.proves(ARRAYS, "/conf/array-functions/array-predicates")
def test_arrays_are_sets(open_data: Any) -> None:
    for queryable in of_kind(open_data, "plots", "array"):
        for operator in ("CONTAINS", "CONTAINEDBY", "EQUALS", "OVERLAPS"):
            keys(open_data, "plots", f"A_{operator}({queryable},('foo','bar'))")

    def references(condition: str) -> list[str]:
        found = open_data.get("/collections/plots/items", filter=condition, properties="reference")
        return [one["properties"]["reference"] for one in found["features"]]

    assert references("A_CONTAINS(restriction_kinds, ('buller'))") == ["H3", "H4"]
    assert references("A_EQUALS(restriction_kinds, ('buller', 'arkeologi'))") == ["H4"]
    assert references("A_CONTAINEDBY(restriction_kinds, ('buller'))") == ["H3"]
    assert references("A_OVERLAPS(restriction_kinds, ('arkeologi', 'natur'))") == ["H4"]
    assert references("A_CONTAINS(use_codes, ())") == ["H0", "H1", "H2", "H3", "H4"]


@pytest.mark.proves(PROPERTY, "/conf/property-property/comparison-property-property")
def test_property_is_equal_to_itself(open_data: Any) -> None:
    for queryable in of_kind(open_data, "wells", *VALUES):
        found = {
            op: keys(open_data, "wells", f"{queryable} {op} {queryable}")
            for op in ("=", "<>", ">", "<", ">=", "<=")
        }
        assert found["<>"] | found["<"] | found[">"] == set()
        assert found["="] == found[">="] == found["<="] != set()


@pytest.mark.proves(PROPERTY, "/conf/property-property/comparison-value-value")
def test_value_is_equal_to_itself(open_data: Any) -> None:
    for value in VALUES.values():
        found = {
            op: keys(open_data, "wells", f"{value} {op} {value}") for op in ("=", "<>", ">", "<", ">=", "<=")
        }
        assert found["<>"] | found["<"] | found[">"] == set()
        assert found["="] == found[">="] == found["<="] == keys(open_data, "wells", "true")


@pytest.mark.proves(ARITHMETIC, "/conf/arithmetic/arithmetic")
def test_sums(open_data: Any) -> None:
    for name in NAMES:
        for queryable in of_kind(open_data, name, "integer", "number"):
            for operator in ("+", "-", "*", "/", "%", "div"):
                keys(open_data, name, f"{queryable} {operator} 2 > 1")
    assert keys(open_data, "wells", 'count * 2 = 4 OR "depth m" / 2 = 5.25') == {1, 2}
    assert keys(open_data, "wells", "count div 2 = 1") == {2, 3}
    assert keys(open_data, "wells", "count % 2 = 1 AND count < 10") == {1, 3, 5}
    assert keys(open_data, "wells", "-count + 2 ^ 2 = 0") == {4}
    assert keys(open_data, "wells", "count = 9007199254740992 + 1") == {6}


@pytest.mark.proves(FUNCTIONS, "/conf/functions/functions")
def test_every_listed_function_can_be_used(open_data: Any) -> None:
    samples = {"string": "Namn", "number": "count", "integer": "count", "datetime": "dug", "geometry": "geom"}
    claims = {"string": "= 'x'", "number": "> 0", "integer": "BETWEEN 0 AND 9", "datetime": "> DATE('2000-01-01')",
              "boolean": "= true"}  # fmt: skip
    for one in open_data.get("/functions")["functions"]:
        name, collection = one["name"], "wells"
        args = [samples[argument["type"][0]] for argument in one["args"]]
        if name == "count":
            args, collection = ["use_codes"], "plots"
        for wrap in ("{}", "NOT ({})", "({}) OR false"):
            condition = wrap.format(f"{name}({', '.join(args)}) {claims[one['returns'][0]]}")
            keys(open_data, collection, condition)
    assert keys(open_data, "wells", "length(Namn) = 3 AND upper(Namn) = 'ÅBY' AND year(dug) = 2021") == {3}
    assert keys(open_data, "wells", "month(seen) = 5 AND lower(Namn) = 'straße'") == {5}
    near = open_data.get("/collections/wells/items/1")["geometry"]["coordinates"]
    point = f"POINT({near[0]} {near[1]})"
    # Well 2 lies 10 000 m east of well 1 in EPSG:3006, whose scale there is 0.99993 to 0.99985: 10 001 to 10 002 m.
    assert keys(open_data, "wells", f"within_m(geom, {point}, 10005)") == {1, 2}
    assert keys(open_data, "wells", f"within_m(geom, {point}, 9995)") == {1}
    assert keys(open_data, "wells", f"distance_m(geom, {point}) BETWEEN 9995 AND 10005") == {2}
    areas = open_data.get("/collections/plots/items", filter="area_m2(geometry) BETWEEN 9990 AND 10010")[
        "features"
    ]
    assert len(areas) == 5


@pytest.mark.proves(TEXT, "/conf/cql2-text/validate", "/conf/cql2-text/escaping")
def test_signs_that_are_escaped_are_recovered(open_data: Any) -> None:
    escaped = r"'it\'s ''quoted''\a\b\t\n\v\f\r'"
    plain = "it's 'quoted'\a\b\t\n\v\f\r"
    told = f'{{"op": "=", "args": [{_json(plain)}, {_json(plain)}]}}'
    assert keys(open_data, "wells", f"{escaped} = {escaped}") == keys(open_data, "wells", "true")
    found = open_data.get("/collections/wells/items", filter=told, filter_lang="cql2-json")
    assert found["numberMatched"] == 6
    assert keys(open_data, "wells", f"length({escaped}) = {len(plain)}") == keys(open_data, "wells", "true")


def _json(text: str) -> str:
    import json

    return json.dumps(text)


@pytest.mark.proves(JSON, "/conf/cql2-json/validate")
def test_json_selects_what_text_selects(open_data: Any) -> None:
    import json

    import cql2

    for condition in ("Namn LIKE 'Ä%'", "count IN (1, 2) AND NOT open", "S_INTERSECTS(geom, BBOX(11,57,12,58))",
                      "T_AFTER(dug, DATE('2020-02-01'))", "CASEI(Namn) = casei('ÅBY')"):  # fmt: skip
        told = json.dumps(cql2.parse_text(condition).to_json())
        found = open_data.get("/collections/wells/items", filter=told, filter_lang="cql2-json")
        assert {one["id"] for one in found["features"]} == keys(open_data, "wells", condition) != set()


PREDICATES = {
    BASIC: ("Namn = 'Åby'", "count < 3", "open = true", "dug IS NULL"),
    ADVANCED: ("Namn LIKE '%d%'", "count BETWEEN 2 AND 4", "count IN (1, 5)", "Namn IN ('Åby')"),
    CASEI: (
        "CASEI(Namn) = casei('ÅBY')",
        "CASEI(Namn) LIKE casei('A%')",
        "CASEI(Namn) <> casei('x')",
        "open",
    ),
    ACCENTI: ("ACCENTI(Namn) = accenti('Aby')", "ACCENTI(Namn) LIKE accenti('Ä%')", "open", "count = 4"),
    BASIC_SPATIAL: (
        "S_INTERSECTS(geom,BBOX(11,57,12,58))",
        "S_INTERSECTS(geom,POINT(12 57))",
        "open",
        "count > 2",
    ),
    SPATIAL: ("S_WITHIN(geom,BBOX(11,57,12,58))", "S_DISJOINT(geom,POINT(12 57))", "open", "count > 2"),
    TEMPORAL: (
        "T_AFTER(dug,DATE('2020-02-01'))",
        "T_BEFORE(seen,TIMESTAMP('2024-01-02T00:00:00Z'))",
        "open",
        "count > 2",
    ),
    ARRAYS: (
        "A_OVERLAPS(use_codes,('J'))",
        "A_CONTAINS(restriction_kinds,('buller'))",
        "is_synthetic",
        "area_m2 > 20000",
    ),
    PROPERTY: ("Namn = Namn", "1 < count", '"depth m" BETWEEN count AND 99', "'a' = 'b'"),
    ARITHMETIC: ("count + 1 = 2", "count * 2 > 5", '"depth m" - 1 < 0', "count % 2 = 0"),
}


@pytest.mark.proves(BASIC, "/conf/basic-cql2/logical")
@pytest.mark.proves(ADVANCED, "/conf/advanced-comparison-operators/logical")
@pytest.mark.proves(CASEI, "/conf/case-insensitive-comparison/logical")
@pytest.mark.proves(ACCENTI, "/conf/accent-insensitive-comparison/logical")
@pytest.mark.proves(BASIC_SPATIAL, "/conf/basic-spatial-functions/logical")
@pytest.mark.proves(SPATIAL, "/conf/spatial-functions/logical")
@pytest.mark.proves(TEMPORAL, "/conf/temporal-functions/logical")
@pytest.mark.proves(ARRAYS, "/conf/array-functions/logical")
@pytest.mark.proves(PROPERTY, "/conf/property-property/logical")
@pytest.mark.proves(ARITHMETIC, "/conf/arithmetic/logical")
@pytest.mark.parametrize("name", PREDICATES)
def test_conditions_combine_as_logic_has_it(open_data: Any, name: str) -> None:
    collection = "plots" if name == ARRAYS else "wells"
    everything = keys(open_data, collection, "true")
    held = {
        one: (keys(open_data, collection, one), keys(open_data, collection, f"NOT ({one})"))
        for one in PREDICATES[name]
    }
    ways = list(itertools.permutations(PREDICATES[name]))
    for p1, p2, p3, p4 in random.Random(1).sample(ways, 10):
        found = keys(
            open_data, collection, f"((NOT ({p1}) AND {p2}) OR ({p3} and NOT ({p4})) or not ({p1} AND {p4}))"
        )
        (_, no1), (yes2, _), (yes3, _), (_, no4) = (held[one] for one in (p1, p2, p3, p4))
        assert found == (no1 & yes2) | (yes3 & no4) | ((no1 | no4) & everything)
