"""Organisation numbers: a city's, examples of the Swedish Tax Agency, and made-up ones with check digits by hand."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.domain.organisation import LegalForm, parse_organisation_number
from landbank.errors import Invalid

GOTEBORG_STAD = "212000-1355"


@pytest.mark.parametrize(
    "written", [GOTEBORG_STAD, "2120001355", " 212000 1355 ", "162120001355", "16212000-1355"]
)
def test_a_number_is_read_however_it_is_written(written: str) -> None:
    found = parse_organisation_number(written)
    assert str(found) == GOTEBORG_STAD
    assert found.form is LegalForm.PUBLIC
    assert not found.is_personal


@pytest.mark.parametrize(
    ("written", "form"),
    [
        ("556000-0001", LegalForm.LIMITED_COMPANY),
        ("769600-0004", LegalForm.ECONOMIC_ASSOCIATION),
        ("802400-0005", LegalForm.NON_PROFIT),
        ("969600-0000", LegalForm.TRADING_PARTNERSHIP),
    ],
)
def test_the_first_digit_names_the_legal_form(written: str, form: LegalForm) -> None:
    """Check digits by hand: 556000-000x has 1+5+3 = 9, so 1; 769600-000x 5+6+9+6 = 26, so 4; and so on."""
    assert parse_organisation_number(written).form is form


@pytest.mark.parametrize("written", ["556000-0009", "559999-0003", "212000-1356", "811228-9875"])
def test_a_wrong_check_digit_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="check digit"):
        parse_organisation_number(written)


@pytest.mark.parametrize("written", ["811228-9874", "19811228-9874", "198112289874", "811228+9874"])
def test_a_sole_trader_is_personal(written: str) -> None:
    """811228-9874 is the Swedish Tax Agency's own example of a personal identity number."""
    found = parse_organisation_number(written)
    assert found.form is LegalForm.SOLE_TRADER
    assert found.is_personal


def test_a_coordination_number_is_personal_too() -> None:
    """701063-2391 is the Swedish Tax Agency's own example of a coordination number: day 3, and 60."""
    assert parse_organisation_number("701063-2391").is_personal


@pytest.mark.parametrize("written", ["", "212000", "212000-13555", "ABC", "212000_1355", "00000000000000"])
def test_another_length_or_character_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="ten digits"):
        parse_organisation_number(written)


def test_a_number_that_is_neither_kind_is_refused() -> None:
    """A third digit of 1 is no organisation number, month 19 no birth date; 7+1+2+9+4+8 = 31, so the check digit is 9."""
    with pytest.raises(Invalid, match="neither"):
        parse_organisation_number("811928-0009")


@given(body=st.from_regex(r"[235789][0-9][2-9][0-9]{6}", fullmatch=True))
def test_exactly_one_check_digit_fits_each_body(body: str) -> None:
    valid = 0
    for digit in "0123456789":
        try:
            parse_organisation_number(body + digit)
        except Invalid:
            continue
        valid += 1
    assert valid == 1
