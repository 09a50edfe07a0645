"""What the synthetic plots say, and what they leave out."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable
from hashlib import sha256

import numpy as np
import pytest
import shapely
from numpy.typing import NDArray

from landbank import codelists
from landbank.demo import TABLES, Batch
from landbank.domain import codes
from landbank.domain.designation import parse_designation

DAY = np.datetime64("2026-11-23")


def is_empty(values: NDArray) -> NDArray[np.bool_]:  # type: ignore[type-arg]
    """Where a column holds nothing."""
    if values.dtype.kind == "f":
        return np.isnan(values)
    if values.dtype.kind == "M":
        return np.isnat(values)
    if values.dtype.kind == "i":
        return values == 0
    return np.array([value is None for value in values])


def digest(batches: list[Batch]) -> str:
    """A hash over every value of every table."""
    told = sha256()
    for batch in batches:
        for table, columns in batch.tables.items():
            for name, values in columns.items():
                told.update(f"{table}.{name}".encode())
                whole = len(values) and isinstance(values[0], shapely.Geometry)
                told.update(b"".join(shapely.to_wkb(values)) if whole else repr(values.tolist()).encode())
    return told.hexdigest()


def test_the_same_seed_gives_the_same_bytes_and_another_seed_others(make: Callable[..., list[Batch]]) -> None:
    assert digest(make(120, 5)) == digest(make(120, 5))
    assert digest(make(120, 5)) != digest(make(120, 6))


@pytest.mark.parametrize("plots", [1, 2, 3, 17, 250, 999])
def test_there_are_exactly_as_many_plots_as_asked_for(make: Callable[..., list[Batch]], plots: int) -> None:
    batches = make(plots, batch=200)
    ids = np.concatenate([batch["plot"]["id"] for batch in batches])
    assert sum(batch.plots for batch in batches) == plots
    assert ids.tolist() == list(range(1, plots + 1))


def test_small_batches_hold_whole_parks_and_number_on(make: Callable[..., list[Batch]]) -> None:
    batches = make(250, batch=60)
    assert len(batches) > 3
    areas = [set(batch["area"]["id"].tolist()) for batch in batches]
    assert all(
        set(batch["plot"]["area_id"].tolist()) == held for batch, held in zip(batches, areas, strict=True)
    )
    assert sum(map(len, areas)) == len(set().union(*areas))
    assert [name for name in batches[1].tables if name == "contact"] == []


def test_all_columns_of_a_table_are_of_one_length(inventory: Batch) -> None:
    assert set(inventory.tables) == set(TABLES)
    for columns in inventory.tables.values():
        assert len({len(values) for values in columns.values()}) == 1


def test_every_row_is_labelled_synthetic(inventory: Batch) -> None:
    for table in ("contact", "area", "plan", "plot"):
        assert inventory[table]["is_synthetic"].all()
    assert set(inventory["plot"]["dataset"]) == {"demo"}
    for table in ("plot", "plan", "plot_use", "restriction", "utility", "price", "value_source"):
        assert all("yntetisk" in source for source in inventory[table]["source"])


def test_contacts_are_functions_without_people_or_real_addresses(inventory: Batch) -> None:
    contacts = inventory["contact"]
    assert set(contacts["title"]) == {"Näringslivsenheten", "Mark- och exploateringsenheten"}
    assert all(email.endswith("@example.org") for email in contacts["email"])


WHOLE = (
    "property_designations", "readiness", "availability", "tenures", "owner_kind", "area_declared_m2", "net_area_m2",
    "is_subdividable", "height_max_m", "dwelling_distance_m", "sales_contact_id", "confirmed_on", "environment_class",
    "has_rail_siding", "slope_percent", "ground_kind", "flood_class",
)  # fmt: skip


@pytest.mark.parametrize("column", WHOLE)
def test_an_optional_value_is_missing_on_5_to_15_percent(inventory: Batch, column: str) -> None:
    assert 0.05 <= is_empty(inventory["plot"][column]).mean() <= 0.15


def test_a_date_is_missing_on_5_to_15_percent_of_the_plots_that_would_have_it(inventory: Batch) -> None:
    plot = inventory["plot"]
    for column, has in (
        ("ready_on", np.isin(plot["readiness"], ("ramark", "under_utbyggnad", "byggklar"))),
        ("availability_until", np.isin(plot["availability"], ("reserverad", "markanvisad"))),
        ("available_on", plot["availability"] == "kommande"),
        ("minimum_lot_m2", plot["is_subdividable"] == True),  # noqa: E712
    ):
        assert 0.03 <= is_empty(plot[column])[has].mean() <= 0.17, column


def test_facts_are_unknown_on_5_to_15_percent_of_the_plots(inventory: Batch) -> None:
    n = inventory.plots
    unknown = {
        kind: 1 - len(set(inventory["utility"]["plot_id"][inventory["utility"]["kind"] == kind])) / n
        for kind in ("el", "vatten", "spillvatten", "dagvatten", "fiber", "fjarrvarme", "gas")
    }
    unknown["use"] = 1 - len(set(inventory["plot_use"]["plot_id"])) / n
    unknown["price"] = 1 - len(set(inventory["price"]["plot_id"])) / n
    unknown["plan"] = (
        is_empty(inventory["plot"]["planning_state"]) & (inventory["plot"]["plan_id"] == 0)
    ).mean()
    assert {name: part for name, part in unknown.items() if not 0.05 <= part <= 0.15} == {}


def test_some_declared_areas_differ_from_the_geometry_by_more_than_two_percent(inventory: Batch) -> None:
    plot = inventory["plot"]
    off = np.abs(plot["area_declared_m2"] / plot["area_m2"] - 1) > 0.02
    assert 0.06 < off.mean() < 0.18


def test_some_plots_were_confirmed_over_a_year_ago_and_none_in_the_future(inventory: Batch) -> None:
    confirmed = inventory["plot"]["confirmed_on"]
    known = confirmed[~np.isnat(confirmed)]
    assert 0.08 < (known < DAY - np.timedelta64(365, "D")).mean() < 0.25
    assert known.max() <= DAY
    assert inventory["plot"]["valid_from"].max() <= DAY


def test_sale_prices_lie_between_25_and_1200_and_name_what_they_are_of(inventory: Batch) -> None:
    price = inventory["price"]
    sale = price["tenure"] == "forsaljning"
    assert price["price_sek_per_m2"][sale].min() >= 25
    assert price["price_sek_per_m2"][sale].max() <= 1_200
    assert np.ptp(price["price_sek_per_m2"][sale]) > 800
    assert (price["is_yearly"] == ~sale).all()
    assert set(price["basis"]) == {str(basis) for basis in codes.PriceBasis}
    assert not (price["price_max_sek_per_m2"] < price["price_sek_per_m2"]).any()


def test_prices_are_of_the_tenures_on_offer(inventory: Batch) -> None:
    offered = dict(zip(inventory["plot"]["id"].tolist(), inventory["plot"]["tenures"], strict=True))
    for plot, tenure in zip(
        inventory["price"]["plot_id"].tolist(), inventory["price"]["tenure"], strict=True
    ):
        assert tenure in (offered[plot] or ("forsaljning",))


def test_power_rises_with_its_dates(inventory: Batch) -> None:
    """A level replaces the earlier one, so a later one is never lower."""
    utility = inventory["utility"]
    power = utility["kind"] == "el"
    megawatt = np.where(utility["capacity_unit"] == "kW", utility["capacity"] / 1000, utility["capacity"])
    steps: dict[int, list[tuple[np.datetime64, float]]] = {}
    for plot, since, level in zip(
        utility["plot_id"][power], utility["available_on"][power], megawatt[power], strict=True
    ):
        steps.setdefault(int(plot), []).append(
            (np.datetime64("1900-01-01") if np.isnat(since) else since, level)
        )
    assert Counter(map(len, steps.values())).keys() == {1, 2, 3}
    for levels in steps.values():
        assert [level for _, level in sorted(levels)] == sorted(level for _, level in levels)
    assert set(utility["is_firm"][power]) == {True, False, None}
    assert set(utility["operator"][power]) == {"Elnätsägaren", None}


def test_restrictions_are_typed_owned_dated_and_some_block(inventory: Batch) -> None:
    restriction = inventory["restriction"]
    assert set(restriction["kind"]) == {str(kind) for kind in codes.RestrictionKind}
    assert 0.3 < restriction["is_blocking"].mean() < 0.5
    assert 0.02 < is_empty(restriction["owner"]).mean() < 0.15
    assert (restriction["due_on"] < DAY).any()
    assert (~np.isnat(restriction["resolved_on"])).any()


def test_uses_and_degrees_are_in_the_code_lists(inventory: Batch) -> None:
    use = inventory["plot_use"]
    assert set(use["code"]) <= set(codelists.land_uses())
    assert len(set(use["code"])) >= 8
    degree = {code for code in use["degree_code"] if code}
    assert degree <= set(codelists.provisions())
    assert (is_empty(use["degree"]) == is_empty(use["degree_code"])).all()
    assert use["is_excluded"].any()
    percent = np.array([bool(code) and "Proc" in code for code in use["degree_code"]])
    assert use["degree"][percent].max() <= 120


def test_plans_have_their_dates_in_order(inventory: Batch) -> None:
    plan = inventory["plan"]
    force = plan["state"] == "laga_kraft"
    assert 0.5 < force.mean() < 0.95
    assert (is_empty(plan["legal_force_on"]) == ~force).all()
    assert (plan["adopted_on"][force] < plan["legal_force_on"][force]).all()
    years = (plan["implementation_ends_on"] - plan["implementation_starts_on"])[force].astype(int) / 365.25
    assert set(np.round(years, 1)) <= {5.0, 10.0, 15.0}
    assert plan["legal_force_on"][force].max() <= DAY
    assert (plan["implementation_ends_on"][force] < DAY).any()


def test_designations_are_such_that_the_parser_reads_them(inventory: Batch) -> None:
    names = [municipality.name for municipality in codelists.municipalities().values()]
    designations = [d for listed in inventory["plot"]["property_designations"] if listed for d in listed]
    parsed = [parse_designation(text, names) for text in designations]
    assert {found.municipality for found in parsed} == set(names)
    assert any(found.is_part for found in parsed)
    assert len({str(found).removeprefix("del av ") for found in parsed}) == len(parsed)


def test_park_names_differ_within_a_municipality(inventory: Batch) -> None:
    area = inventory["area"]
    named = list(zip(area["municipality_code"], area["name"], strict=True))
    assert len(set(named)) == len(named)
