"""The supply of land: the account of gross, net, usable and ready, for the region and each municipality.

It is made over the same columns and by the same ranking as a search and its export, so the totals are the same.
"""

from __future__ import annotations

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date

import numpy as np

from landbank.domain.columns import Columns
from landbank.domain.waterfall import Amount, Part, Step, Waterfall, waterfall, waterfalls


@dataclass(frozen=True, slots=True)
class MunicipalSupply:
    """A municipality's account."""

    code: str
    name: str
    account: Waterfall


@dataclass(frozen=True, slots=True)
class Supply:
    """The account of some plots on a day: of all of them, and by municipality in the order given."""

    revision: int
    day: date
    region: Waterfall
    municipalities: tuple[MunicipalSupply, ...]


def account_supply(
    columns: Columns, names: Mapping[str, str], plot_ids: Collection[int] | None = None
) -> Supply:
    """The account of the plots with these ids, or of all; municipalities without such plots are left out.

    `names` gives the municipalities' names by code, in the order in which they are shown.
    """
    chosen = np.ones(len(columns), dtype=np.bool_)
    if plot_ids is not None:
        chosen = np.isin(columns.plot_id, np.fromiter(plot_ids, dtype=np.int64, count=len(plot_ids)))
    accounts = waterfalls(columns, columns.municipality, chosen)
    found = tuple(
        MunicipalSupply(code, name, accounts[int(code)])
        for code, name in names.items()
        if int(code) in accounts
    )
    return Supply(columns.revision, columns.day, waterfall(columns, chosen), found)


def supply_document(supply: Supply) -> dict[str, object]:
    """The account as plain JSON values; areas are m² with one decimal, and the parts add up to `gross`."""
    return {
        "revision": supply.revision,
        "day": supply.day.isoformat(),
        "region": account_document(supply.region),
        "municipalities": [
            {"code": one.code, "name": one.name, **account_document(one.account)}
            for one in supply.municipalities
        ],
    }


def account_document(account: Waterfall) -> dict[str, object]:
    """One account: its steps and its parts."""
    return {
        "steps": {str(step): amount_document(account.step(step)) for step in Step},
        "parts": {str(part): amount_document(account.parts[part]) for part in Part},
    }


def amount_document(amount: Amount) -> dict[str, float | int]:
    """One amount."""
    return {
        "area_m2": amount.area_m2,
        "stated_m2": amount.stated_m2,
        "unstated_m2": amount.unstated_m2,
        "plots": amount.plots,
        "plots_without_area": amount.unmeasured,
    }


SUPPLY_HEADS = (
    "municipality_code", "municipality", "level", "name", "area_m2", "stated_m2", "unstated_m2", "plots",
    "plots_without_area",
)  # fmt: skip


def supply_rows(supply: Supply) -> list[list[object]]:
    """The account as rows of a table with the columns `SUPPLY_HEADS`: steps and parts, the region first.

    The region's rows have no municipality.
    """
    accounts = [
        ("", "", supply.region),
        *((one.code, one.name, one.account) for one in supply.municipalities),
    ]
    return [
        [code, name, level, str(entry), *amount_document(amount).values()]
        for code, name, account in accounts
        for level, entry, amount in (
            *(("step", step, account.step(step)) for step in Step),
            *(("part", part, account.parts[part]) for part in Part),
        )
    ]
