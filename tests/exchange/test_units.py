"""Quantities as people write them."""

from __future__ import annotations

import pytest

from landbank.exchange.units import NotAQuantity, Quantity, parse_number, parse_quantity, unit_in_header


@pytest.mark.parametrize(
    ("text", "unit", "m2"),
    [
        ("12,5 ha", None, 125_000),
        ("12.5", "ha", 125_000),
        ("1 200 m²", None, 1_200),
        ("1\u2009200\u00a0kvm", None, 1_200),  # thin and no-break space
        ("ca 25 000 kvm", "ha", 25_000),
        ("1.250,5 kvm", None, 1_250.5),
        ("1,250.5", "m2", 1_250.5),
        ("10 acres", None, 40_468.564224),
        ("2 tunnland", None, 9_872.8),
        ("0,3 km²", None, 300_000),
        ("0.426", "hectares", 4_260),
        ("1e4", "m2", 10_000),
    ],
)
def test_area_in_square_metres(text: str, unit: str | None, m2: float) -> None:
    assert parse_quantity(text, "area", unit) == Quantity(pytest.approx(m2))


@pytest.mark.parametrize(
    "text", ["4 lots", "<500", "cirka", "5 st", "1,200", "1.2.3", "--", "10 ha + 2 ha", "0x10"]
)
def test_what_is_no_single_quantity_is_refused(text: str) -> None:
    with pytest.raises(NotAQuantity):
        parse_quantity(text, "area", "ha")


def test_number_without_a_unit_anywhere_is_refused() -> None:
    with pytest.raises(NotAQuantity, match="no unit"):
        parse_quantity("12", "area", None)


def test_range_has_two_ends() -> None:
    assert parse_quantity("30-150 kr/kvm", "price", None) == Quantity(30, 150)
    assert parse_quantity("30 till 150", "price", "kr") == Quantity(30, 150)


def test_comma_before_three_digits_can_be_read_in_two_ways() -> None:
    with pytest.raises(NotAQuantity, match="comma"):
        parse_number("1,200")
    assert parse_number("0,426") == 0.426
    assert parse_number("1,200,000") == 1_200_000


@pytest.mark.parametrize(
    ("header", "dimension", "unit", "rest"),
    [
        ("areal_ha", "area", "ha", "areal"),
        ("arealHa", "area", "ha", "areal"),
        ("AREA (HA)", "area", "ha", "area"),
        ("yta (m²)", "area", "m2", "yta"),
        ("Hectares", "area", "hectares", ""),
        ("area", "area", None, "area"),
        ("pris kr/kvm", "price", "krkvm", "pris"),
        ("el_mw", "power", "mw", "el"),
    ],
)
def test_unit_in_a_header(header: str, dimension: str, unit: str | None, rest: str) -> None:
    assert unit_in_header(header, dimension) == (unit, rest)
