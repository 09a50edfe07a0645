"""Values become what a field wants, or are told; never 0, never silently nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pyarrow as pa
import pytest

from landbank.exchange.targets import TARGETS
from landbank.exchange.values import Converted, convert


def read(target: str, values: list[Any], unit: str | None = None, **words: str) -> Converted:
    """A column read for a target."""
    return convert(pa.array(values), TARGETS[target], unit=unit, own_words=words)


def told(converted: Converted) -> list[tuple[str, str, list[int]]]:
    """Code, value and positions of each problem."""
    return [(one.code, one.value, one.positions.tolist()) for one in converted.problems]


def test_prose_in_an_area_column_is_told_and_never_zero() -> None:
    areas = read("area_declared_m2", ["1,5", "4 lots", None, "n/a", "0", "4 lots"], "ha")
    assert areas.values.to_pylist() == [15_000.0, None, None, None, None, None]
    assert told(areas) == [("text_kept", "4 lots", [1, 5]), ("out_of_range", "0", [4])]


def test_numbers_are_scaled_and_impossible_ones_told() -> None:
    areas = read("area_declared_m2", [1.5, -3.0, float("nan"), 0.0], "ha")
    assert areas.values.to_pylist() == [15_000.0, None, None, None]
    assert told(areas) == [("out_of_range", "-3", [1]), ("out_of_range", "0", [3])]


def test_price_range_gives_both_ends() -> None:
    prices = read("price_sek_per_m2", ["30-150", "650", "<500"], "kr")
    assert prices.values.to_pylist() == [30.0, 650.0, None]
    assert prices.high is not None
    assert prices.high.to_pylist() == [150.0, None, None]
    assert told(prices) == [("text_kept", "<500", [2])]


@pytest.mark.parametrize(
    ("target", "word", "code"),
    [
        ("availability", "Till salu", "ledig"),
        ("availability", "SÅLD", "sald"),
        ("availability", "Reserved", "reserverad"),
        ("planning_state", "Laga kraft", "laga_kraft"),
        ("planning_state", "vunnen laga kraft", "laga_kraft"),
        ("planning_state", "samråd", "samrad"),
        ("readiness", "Byggklar", "byggklar"),
        ("tenures", "Försäljning, tomträtt", "forsaljning\x1ftomtratt"),
        ("use_codes", "J, Z", "J\x1fZ"),
        ("use_codes", "JK", "J\x1fK"),
        ("use_codes", "J1", "J"),
        ("use_codes", "Industri", "J"),
        ("use_codes", "Industri och kontor", "J\x1fK"),
    ],
)
def test_words_of_a_code_list(target: str, word: str, code: str) -> None:
    assert read(target, [word]).values.to_pylist() == [code]


def test_unknown_word_is_told_and_a_profile_can_teach_it() -> None:
    assert told(read("availability", ["Byt ägare"])) == [("unknown_word", "Byt ägare", [0])]
    assert read("availability", ["Byt ägare"], bytagare="sald").values.to_pylist() == ["sald"]


@pytest.mark.parametrize(
    "text", ["2026-09-30", "30/09/2026", "30.09.2026", "20260930", "2026-09-30T00:00:00"]
)
def test_days(text: str) -> None:
    assert read("ready_on", [text]).values.to_pylist() == [date(2026, 9, 30)]


def test_text_that_is_no_day_is_told() -> None:
    assert told(read("ready_on", ["omgående"])) == [("text_kept", "omgående", [0])]


def test_claims() -> None:
    claims = read("has_water", ["Ja", "nej", "", "x", "kanske"])
    assert claims.values.to_pylist() == [True, False, None, True, None]
    assert told(claims) == [("value_not_understood", "kanske", [4])]


def test_texts_are_tidied_and_invisible_characters_told() -> None:
    names = read("name", ["  Gråbo  Norra ", "A\u030akeby", "Tomt\x00 1", "-", "Två\nrader"])
    assert names.values.to_pylist() == ["Gråbo Norra", "Åkeby", "Tomt 1", None, "Två rader"]
    assert [code for code, _, _ in told(names)] == ["control_characters"]


def test_numbers_in_a_text_column_are_written_plainly() -> None:
    assert read("reference", [1384.0, 12.5, None]).values.to_pylist() == ["1384", "12.5", None]


def test_designations_are_kept_in_order() -> None:
    assert read("property_designations", ["Lerum Berg 1:2; Lerum Aspen 3:4"]).values.to_pylist() == [
        "Lerum Berg 1:2\x1fLerum Aspen 3:4"
    ]
