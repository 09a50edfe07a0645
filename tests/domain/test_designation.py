"""Property designations."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.domain.designation import Designation, parse_designation
from landbank.errors import Invalid

NAMES = (
    "Ale", "Alingsås", "Göteborg", "Härryda", "Kungsbacka", "Kungälv", "Lerum", "Lilla Edet", "Mölndal", "Partille",
    "Stenungsund", "Tjörn", "Öckerö",
)  # fmt: skip


def test_tract_block_and_unit_are_told_apart() -> None:
    assert parse_designation("Skoby Berga 1:2", ["Skoby"]) == Designation("Skoby", "Berga", "1", 2)


def test_a_named_block_has_units_alone() -> None:
    assert parse_designation("Göteborg Lejonet 7", NAMES) == Designation("Göteborg", "Lejonet", None, 7)


def test_a_municipality_of_two_words_is_not_cut() -> None:
    found = parse_designation("Lilla Edet Göta 1:5", NAMES)
    assert (found.municipality, found.tract) == ("Lilla Edet", "Göta")


def test_a_tract_of_several_words_stays_whole() -> None:
    assert parse_designation("Kungälv Stora Ån 12:104", NAMES) == Designation(
        "Kungälv", "Stora Ån", "12", 104
    )


def test_a_municipality_outside_the_region_is_the_first_word() -> None:
    assert parse_designation("Borås Viared 5:33", NAMES).municipality == "Borås"


@pytest.mark.parametrize(
    "written", ["del av Lerum Berg 1:23", "Lerum Berg 1:23 (del av)", "Lerum Berg 1:23, del av"]
)
def test_a_part_of_a_parcel_says_so(written: str) -> None:
    found = parse_designation(written, NAMES)
    assert found == Designation("Lerum", "Berg", "1", 23, is_part=True)
    assert str(found) == "del av Lerum Berg 1:23"


def test_blanks_and_capitals_of_the_municipality_do_not_matter() -> None:
    assert str(parse_designation("  GÖTEBORG   Lundby 1 : 2 ", NAMES)) == "Göteborg Lundby 1:2"


@pytest.mark.parametrize("block", ["s", "ga", "S"])
def test_joint_property_has_letters_for_a_block(block: str) -> None:
    """Samfällighet s:3 and gemensamhetsanläggning ga:3."""
    assert parse_designation(f"Tjörn Berg {block}:3", NAMES) == Designation("Tjörn", "Berg", block, 3)


@pytest.mark.parametrize(
    "written",
    ["", "Lerum", "Lerum 1:23", "Lerum Berg", "1:23", "Lerum Berg 1:", "Lerum Berg :3", "Lerum Berg 1:0"],
)
def test_what_is_no_designation_is_refused(written: str) -> None:
    with pytest.raises(Invalid, match="no property designation"):
        parse_designation(written, NAMES)


@given(
    municipality=st.sampled_from(NAMES),
    tract=st.from_regex(r"[A-ZÅÄÖ][a-zåäö]{2,10}( [A-ZÅÄÖ][a-zåäö]{2,8})?", fullmatch=True),
    block=st.none() | st.integers(1, 999),
    unit=st.integers(1, 9999),
)
def test_a_designation_reads_back_as_it_was_written(
    municipality: str, tract: str, block: int | None, unit: int
) -> None:
    designation = Designation(municipality, tract, None if block is None else str(block), unit)
    assert parse_designation(str(designation), NAMES) == designation
