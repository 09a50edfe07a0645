"""The parks' plans: states, dates and extents."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np

from landbank.demo.batch import Columns
from landbank.demo.context import SOURCE
from landbank.demo.draw import Objects, as_multipolygons, as_objects, days_from, share, spread, when
from landbank.demo.parks import Park
from landbank.demo.sites import Site

STATES = {
    "laga_kraft": 0.72, "granskning": 0.05, "samrad": 0.05, "paborjad": 0.03, "antagen": 0.03, "overklagad": 0.03,
    "tillsyn": 0.01, "planbesked": 0.03, "op": 0.03, "oplanerad": 0.02,
}  # fmt: skip
PLANNED_STATES = ("laga_kraft", "granskning", "samrad", "paborjad", "antagen", "overklagad", "tillsyn")
"""States in which there is a plan to point to."""

ADOPTED = ("laga_kraft", "antagen", "overklagad", "tillsyn")
SURROUND_M = 15.0
YEAR_DAYS = 365.25


def states(rng: np.random.Generator, parks: int) -> Objects:
    """A planning state for each park."""
    return spread(rng, parks, STATES)


def plan_rows(
    rng: np.random.Generator,
    sites: Sequence[Site],
    parks: range,
    *,
    state: Objects,
    names: Sequence[tuple[str, str]],
    drawn: Sequence[Park],
    on: np.datetime64,
) -> Columns:
    """The columns of table `plan`: one for each park that has got that far, with the park's number.

    Legal force comes three weeks and more after adoption; the implementation period of 5 to 15 years starts with
    it, and has ended for some.
    """
    has = [i for i in parks if state[i] in PLANNED_STATES]
    n = len(has)
    state = state[np.array(has, dtype=np.int64)]
    years = rng.choice((5, 5, 10, 10, 10, 15), n)
    age = np.where(
        share(rng, n, 0.12), years * YEAR_DAYS + rng.integers(50, 900, n), rng.integers(60, 2_400, n)
    )
    legal = days_from(on, -age.astype(np.int64))
    adopted = np.where(
        state == "laga_kraft", legal - rng.integers(22, 60, n).astype("timedelta64[D]"),
        days_from(on, -rng.integers(5, 250, n)),
    )  # fmt: skip
    in_force = np.asarray(state == "laga_kraft", dtype=np.bool_)
    ends = legal + np.round(years * YEAR_DAYS).astype("timedelta64[D]")
    outlines = [drawn[i - parks.start].outline.buffer(SURROUND_M, join_style="mitre") for i in has]
    return {
        "id": np.array(has, dtype=np.int64) + 1,
        "municipality_code": np.array([sites[i].municipality for i in has], dtype=object),
        "reference": np.array([f"DEMO-DP-{i + 1:04d}" for i in has], dtype=object),
        "name": np.array([f"Detaljplan för {names[i][1]} (påhittad)" for i in has], dtype=object),
        "kind": np.full(n, "detaljplan", dtype=object),
        "state": state,
        "adopted_on": when(np.isin(state, ADOPTED), adopted),
        "legal_force_on": when(in_force, legal),
        "implementation_starts_on": when(in_force, legal),
        "implementation_ends_on": when(in_force, ends),
        "geometry": as_multipolygons(as_objects(outlines)),
        "source": np.full(n, SOURCE, dtype=object),
        "is_synthetic": np.ones(n, dtype=np.bool_),
    }
