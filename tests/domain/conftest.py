"""Random needs over random small inventories, made from a seed so that an instance costs a millisecond, not ten."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Any

import numpy as np
import pytest

from landbank.domain.columns import Columns, columns_of
from landbank.domain.match import Assessment, assess
from landbank.domain.need import Must, Need, Weight, Wish

DAY = date(2026, 11, 23)
STATES = [*["ledig"] * 12, *["sald"] * 2, *["kommande"] * 3, *["reserverad"] * 2, "ej_till_salu"]
PLANS = [*["laga_kraft"] * 7, *["antagen"] * 2, "samrad"]
USES = [["J"], ["Z"], ["K"], ["J", "Z"], ["J", "K"], ["Z", "K"]]


@dataclass(frozen=True)
class Problem:
    """A need, the plots as rows and as columns, and the need held against them."""

    need: Need
    rows: list[dict[str, Any]]
    columns: Columns
    found: Assessment
    rng: np.random.Generator

    def again(self, need: Need) -> Assessment:
        """Another need over the same plots."""
        return assess(need, self.columns, on=DAY, priors=None)


def plot_row(rng: np.random.Generator, number: int, gaps: float) -> dict[str, Any]:
    """One plot with round values, so that equal ones occur; a share of them unknown."""

    chances = iter(rng.random(40))

    def maybe(value: Any, share: float = gaps) -> Any:
        return None if next(chances) < share else value

    def up_to(most: int) -> int:
        return int(next(chances) * most)

    def one_of(values: Any) -> Any:
        return values[up_to(len(values))]

    price = maybe((1.0 + up_to(12)) * 100)
    return {
        "plot_id": number,
        "area_m2": maybe((1.0 + up_to(20)) * 1_000),
        "price_sek_per_m2": price,
        "price_max_sek_per_m2": None if price is None else maybe(price + 300, 1 - gaps),
        "motorway_m": maybe(500.0 * up_to(21)),
        "use": maybe(one_of(USES)),
        "tenures": maybe([one_of(["forsaljning", "tomtratt"])]),
        "municipality": one_of(["1480", "1441", "1401"]),
        "has_fibre": maybe(one_of([True, False])),
        "power": maybe([(None, float(up_to(11)), maybe(True))]),
        "availability": maybe(one_of(STATES)),
        "planning_state": maybe(one_of(PLANS)),
        "readiness": maybe("byggklar"),
        "availability_until": DAY + timedelta(days=1 + up_to(399)),
        "available_on": DAY + timedelta(days=up_to(600) - 200),
    }


def some_musts(rng: np.random.Generator, most: int) -> tuple[Must, ...]:
    """Up to so many different musts."""
    pool = [
        Must("area_m2", ">=", float(rng.integers(5, 25)) * 1_000),
        Must("price_sek_per_m2", "<=", float(rng.integers(1, 9)) * 100),
        Must("area_m2", "between", (8_000.0, 12_000.0)),
        Must("use", "any_of", ("J",)),
        Must("use", "none_of", ("K",)),
        Must("tenure", "any_of", ("tomtratt",)),
        Must("municipality", "any_of", ("1480",)),
        Must("fibre", "is", True),
        Must("power_mw", ">=", float(rng.integers(1, 12))),
        Must("motorway_m", "<=", float(rng.integers(1, 10)) * 1_000),
        Must("label", "none_of", ("sald", "reserverad")),
        Must("ready_by", "<=", float(rng.integers(0, 200))),
        Must("ready_by", "<=", DAY + timedelta(days=30)),
        Must("planning_state", "any_of", ("laga_kraft",)),
    ]
    return tuple(pool[place] for place in rng.permutation(len(pool))[: rng.integers(0, most + 1)])


def some_wishes(rng: np.random.Generator, most: int, *, words: bool | None = None) -> tuple[Wish, ...]:
    """One to so many wishes, weighted by words or by numbers."""
    by_word = bool(rng.random() < 0.5) if words is None else words

    def weight() -> Any:
        return str(rng.choice(list(Weight))) if by_word else float(rng.uniform(0.2, 8))

    low, high = sorted(int(step) * 1_000 + 2_500 for step in rng.choice(9, 2, replace=False))
    pool = [
        Wish("area_m2", ((2_000, 0), (low, 0.6), (high + 2_000, 1), (25_000, 0.3)), weight()),
        Wish("price_sek_per_m2", ((200, 1), (600, float(rng.uniform(0.2, 0.8))), (1_200, 0)), weight()),
        Wish("motorway_m", ((1_000, 1), (9_000, 0)), weight()),
        Wish("power_mw", ((1, 0), (8, 1)), weight()),
        Wish("ready_by", ((0, 1), (300, 0)), weight()),
        Wish("fibre", weight=weight()),
        Wish("planning_state", weight=weight()),
        Wish("tenure", (("forsaljning", 1), ("tomtratt", 0.6)), weight()),
    ]
    return tuple(pool[place] for place in rng.permutation(len(pool))[: rng.integers(1, most + 1)])


def random_problem_of(
    seed: int,
    *,
    plots: int = 12,
    musts: int = 4,
    wishes: int = 4,
    gaps: float = 0.15,
    words: bool | None = None,
) -> Problem:
    """The instance of a seed, with up to so many plots, musts and wishes."""
    rng = np.random.default_rng(seed)
    rows = [plot_row(rng, number, gaps) for number in range(1, int(rng.integers(1, plots + 1)) + 1)]
    columns = columns_of(rows, day=DAY)
    asked = some_wishes(rng, wishes, words=words) if wishes else ()
    day = DAY + timedelta(days=int(rng.integers(0, 300)))
    need = Need(some_musts(rng, musts), asked, date=day, limit=1_000)
    return Problem(need, rows, columns, assess(need, columns, on=DAY), rng)


@pytest.fixture(scope="session")
def random_problem() -> Callable[..., Problem]:
    """The instance of a seed."""
    return random_problem_of


@pytest.fixture(scope="session")
def relaxed_counts() -> Callable[..., tuple[int, int]]:
    """Tiers A and B with some musts (by number) replaced, or dropped where they are None."""

    def counts(problem: Problem, changed: dict[int, Must | None]) -> tuple[int, int]:
        musts = [changed.get(bit, must) for bit, must in enumerate(problem.need.musts)]
        need = replace(problem.need, musts=tuple(must for must in musts if must is not None))
        tiers = assess(need, problem.columns, on=DAY).tiers
        return int(np.count_nonzero(tiers == 0)), int(np.count_nonzero(tiers == 1))

    return counts
