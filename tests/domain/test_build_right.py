"""Floor area from a degree: its code names the denominator, and without the code it says nothing."""

from __future__ import annotations

from datetime import date
from typing import Any

import pytest

from landbank import codelists
from landbank.domain.build_right import CODE_PREFIX, DEGREE_CODES, DegreeMeaning, degree_meaning
from landbank.domain.columns import columns_of


def floor_area(**facts: Any) -> tuple[float | None, float | None]:
    """Bounds of one plot's floor area, None for unknown."""
    columns = columns_of([{"plot_id": 1, "area_m2": 10_000, **facts}], day=date(2026, 11, 23))
    sides = (float(columns.floor_area_low_m2[0]), float(columns.floor_area_high_m2[0]))
    return tuple(None if side != side else side for side in sides)  # type: ignore[return-value] # noqa: PLR0124


@pytest.mark.parametrize(
    ("code", "degree", "bounds"),
    [
        ("DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoEgen", 60, (6_000, 6_000)),
        ("Utnytt_StorstaAreaProc_BruttoAnv", 60, (6_000, 6_000)),
        ("DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsAnv", 40, (4_000, None)),
        ("DP_KM_Eg_Utnytt_StorstaAreaKvm_BruttoFastigh", 2_500, (2_500, 2_500)),
        ("DP_KM_Eg_Utnytt_StorstaAreaKvm_BruttoAnv", 2_500, (None, 2_500)),
        ("DP_KM_Eg_Utnytt_StorstaAreaKvm_ByggnadsareaFastigh", 1_500, (1_500, None)),
        ("DP_KM_Eg_Utnytt_StorstaAreaKvm_Byggnadsarea", 1_500, (None, None)),
        ("DP_KM_Eg_Utnytt_StorstaAreaKvm_Brutto", 2_500, (None, 2_500)),
        ("DP_KM_Eg_Utnytt_StorstaAreaKvm_ByggnadsareaAnv", 1_500, (None, None)),
        ("DP_KM_Eg_Utnytt_MinstaAreaProc_BruttoAnv", 60, (None, None)),
        ("something else", 60, (None, None)),
    ],
)
def test_code_decides_what_a_degree_allows(code: str, degree: float, bounds: tuple[Any, Any]) -> None:
    assert floor_area(degree=degree, degree_code=code) == bounds


def test_degree_without_code_allows_nothing_known() -> None:
    assert floor_area(degree=60) == (None, None)


def test_share_of_an_unknown_area_is_unknown() -> None:
    assert floor_area(area_m2=None, degree=60, degree_code="Utnytt_StorstaAreaProc_BruttoAnv") == (None, None)


def test_no_code_has_no_meaning() -> None:
    assert degree_meaning(None) is None


def meaning_by_list(provision: codelists.Provision) -> DegreeMeaning | None:
    """What the code list says that a largest area counts."""
    measure = (provision.measure, provision.unit, provision.within)
    if provision.bound != "max" or "_Utnytt_StorstaArea" not in provision.code:
        return None
    if provision.unit == "percent":
        is_gross = provision.measure == "gross"
        return DegreeMeaning.PERCENT_GROSS if is_gross else DegreeMeaning.PERCENT_FOOTPRINT
    return {
        ("gross", "m2", "property"): DegreeMeaning.M2_GROSS,
        ("gross", "m2", "use_area"): DegreeMeaning.M2_GROSS_SHARED,
        ("gross", "m2", "provision_area"): DegreeMeaning.M2_GROSS_SHARED,
        ("footprint", "m2", "property"): DegreeMeaning.M2_FOOTPRINT,
    }.get(measure)


def test_codes_mean_what_the_code_list_says() -> None:
    listed = {
        one.code.removeprefix(CODE_PREFIX): meaning_by_list(one) for one in codelists.provisions().values()
    }
    assert {code: meaning for code, meaning in listed.items() if meaning} == DEGREE_CODES
