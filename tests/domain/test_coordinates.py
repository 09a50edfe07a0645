"""Coordinates as people write them."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.domain.coordinates import Coordinates, parse_coordinates
from landbank.errors import Invalid

GOTEBORG_TM = Coordinates(319_000, 6_398_667, "EPSG:3006")


@pytest.mark.parametrize(
    "written",
    [
        "6398667 319000",
        "319000 6398667",
        "6398667, 319000",
        "6398667,319000",
        "6398667;319000",
        "N 6398667 E 319000",
        "6398667 N 319000 E",
        "N=6398667, E=319000",
        "X 6398667 Y 319000",
        "6 398 667 319 000",
        "6 398 667, 319 000",
        "319 000 6 398 667",
        "6\u00a0398\u00a0667,0 319\u00a0000,0",
        "  6398667.0\t319000.0 ",
        "E 319000 m N 6398667 m",
    ],
)
def test_either_order_and_any_writing_give_the_same_place(written: str) -> None:
    assert parse_coordinates(written) == GOTEBORG_TM


@pytest.mark.parametrize(
    "written",
    [
        "57.7089 11.9746",
        "11.9746, 57.7089",
        "57,7089 11,9746",
        "57.7089,11.9746",
        "57.7089° N, 11.9746° E",
        "lat 57.7089 lon 11.9746",
    ],
)
def test_degrees_are_longitude_before_latitude(written: str) -> None:
    assert parse_coordinates(written) == Coordinates(11.9746, 57.7089, "EPSG:4326")


def test_a_zone_is_read_once_it_is_named() -> None:
    """The example of Göteborg's own maps: SWEREF 99 12 00."""
    found = parse_coordinates("N 6398667,228 E 148024,346", crs="EPSG:3007")
    assert found == Coordinates(148024.346, 6398667.228, "EPSG:3007")


def test_a_zone_that_is_not_named_is_refused() -> None:
    with pytest.raises(Invalid, match="don't say in which"):
        parse_coordinates("6398667.228 148024.346")


def test_a_pair_that_fits_tm_and_a_zone_is_refused_until_the_system_is_named() -> None:
    with pytest.raises(Invalid, match=r"SWEREF 99 TM or a zone"):
        parse_coordinates("6520000 280000")
    assert parse_coordinates("6520000 280000", crs="EPSG:3006") == Coordinates(
        280_000, 6_520_000, "EPSG:3006"
    )


def test_letters_that_contradict_the_values_are_refused() -> None:
    with pytest.raises(Invalid, match="wrong way round"):
        parse_coordinates("N 319000 E 6398667")
    with pytest.raises(Invalid, match="wrong way round"):
        parse_coordinates("57.7 E 11.97 N")


@pytest.mark.parametrize(
    ("written", "why"),
    [
        ("", "two numbers"),
        ("6398667", "two numbers"),
        ("57 42 31 11 58 30", "two numbers"),
        ("0 0", "no place in Sweden"),
        ("48.85 2.35", "no place in Sweden"),
        ("-6398667 319000", "no place in Sweden"),
        ("Göteborg 6398667 319000", "belongs to no coordinates"),
        ("6398667 6398667", "no place in Sweden"),
    ],
)
def test_what_is_no_place_is_refused_with_the_reason(written: str, why: str) -> None:
    with pytest.raises(Invalid, match=why):
        parse_coordinates(written)


def test_a_named_system_is_not_overruled_by_the_values() -> None:
    with pytest.raises(Invalid, match="EPSG:3007"):
        parse_coordinates("57.7089 11.9746", crs="EPSG:3007")
    with pytest.raises(Invalid, match="is not read"):
        parse_coordinates("6398667 319000", crs="EPSG:25832")


@given(east=st.integers(300_000, 929_999), north=st.integers(6_100_000, 7_699_999), comma=st.booleans())
def test_order_never_matters_in_sweref_99_tm(east: int, north: int, comma: bool) -> None:
    mark = "," if comma else "."
    one, other = f"{east}{mark}25 {north}{mark}5", f"{north}{mark}5 {east}{mark}25"
    assert (
        parse_coordinates(one)
        == parse_coordinates(other)
        == Coordinates(east + 0.25, north + 0.5, "EPSG:3006")
    )


@given(text=st.text(max_size=40))
def test_any_text_is_read_or_refused(text: str) -> None:
    try:
        found = parse_coordinates(text)
    except Invalid:
        return
    assert found.crs in {"EPSG:3006", "EPSG:4326"}
