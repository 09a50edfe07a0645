"""The single-valued facts of the plots: one column each."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray

from landbank.demo.batch import Columns
from landbank.demo.context import SOURCE, Context
from landbank.demo.draw import (
    Bools,
    Days,
    Floats,
    Objects,
    blanked,
    choose,
    days_from,
    share,
    share_of,
    spread,
    when,
    without,
)

MISSING = {
    "property_designations": 0.10,
    "readiness": 0.06,
    "ready_on": 0.08,
    "availability": 0.06,
    "available_on": 0.10,
    "availability_until": 0.08,
    "tenures": 0.08,
    "owner_kind": 0.07,
    "area_declared_m2": 0.12,
    "net_area_m2": 0.13,
    "minimum_lot_m2": 0.10,
    "is_subdividable": 0.12,
    "height_max_m": 0.13,
    "dwelling_distance_m": 0.12,
    "sales_contact_id": 0.06,
    "confirmed_on": 0.08,
    "environment_class": 0.14,
    "has_rail_siding": 0.12,
    "slope_percent": 0.13,
    "ground_kind": 0.14,
    "flood_class": 0.12,
}
"""Which part of each optional value is left out, of the plots that would have it."""

READY_IN_FORCE = {"byggklar": 0.68, "under_utbyggnad": 0.22, "ramark": 0.06, "bebyggd": 0.04}
READY_BEFORE = {"ramark": 0.86, "under_utbyggnad": 0.10, "bebyggd": 0.04}
OFFERED_IN_FORCE = {
    "ledig": 0.48, "intresse": 0.13, "reserverad": 0.10, "markanvisad": 0.05, "avtalad": 0.04, "sald": 0.09,
    "ej_till_salu": 0.04, "kommande": 0.04, "atergangen": 0.03,
}  # fmt: skip
OFFERED_BEFORE = {"kommande": 0.76, "intresse": 0.10, "reserverad": 0.06, "ej_till_salu": 0.08}
HEIGHT_M = {
    "industri": (10, 25), "logistik": (12, 35), "verksamheter": (8, 16), "handel": (7, 14), "kontor": (14, 40),
    "hamn": (10, 30), "teknik": (8, 30),
}  # fmt: skip


def plot_columns(rng: np.random.Generator, these: Context, geometry: Objects, location: Objects) -> Columns:
    """The columns of table `plot`."""
    confirmed = confirmed_on(rng, these)
    return {
        **identity(rng, these, confirmed),
        **axes(rng, these),
        **measures(rng, these),
        **ground(rng.spawn(1)[0], these),
        "owner_kind": left_out(
            rng,
            "owner_kind",
            spread(rng, these.n, {"kommun": 0.72, "privat": 0.17, "bolag": 0.07, "stat": 0.04}),
        ),
        "sales_contact_id": np.where(
            share(rng, these.n, MISSING["sales_contact_id"]), np.int64(0), these.sales
        ),
        "steward_contact_id": these.steward,
        "confirmed_on": confirmed,
        "geometry": geometry,
        "location": location,
    }


def left_out(rng: np.random.Generator, column: str, values: Objects) -> Objects:
    """The values without the part of them that this column leaves out."""
    return without(values, share(rng, len(values), MISSING[column]))


def identity(rng: np.random.Generator, these: Context, confirmed: Days) -> Columns:
    """Numbers, names, designations and provenance."""
    n = these.n
    names = np.array([f"{stem} {k}" for stem, k in zip(these.stem, these.number, strict=True)], dtype=object)
    partly = share(rng, n, 0.12)
    designations = np.empty(n, dtype=object)
    designations[:] = [
        (f"{'del av ' if part else ''}{where} {stem.split()[0]} 1:{k + 1}",)
        for where, stem, k, part in zip(
            these.municipality_name, these.stem, these.number, partly.tolist(), strict=True
        )
    ]
    since = these.on - rng.integers(20, 1500, n).astype("timedelta64[D]")
    return {
        "id": these.id,
        "municipality_code": these.municipality,
        "area_id": these.area,
        "plan_id": these.plan,
        "reference": np.array(
            [f"DEMO-{code}-{i:05d}" for code, i in zip(these.municipality, these.id.tolist(), strict=True)],
            dtype=object,
        ),
        "name": names,
        "property_designations": left_out(rng, "property_designations", designations),
        "dataset": np.full(n, "demo", dtype=object),
        "description": descriptions(rng, n),
        "source": np.full(n, SOURCE, dtype=object),
        "is_synthetic": np.ones(n, dtype=np.bool_),
        "valid_from": np.where(np.isnat(confirmed) | (confirmed > since), since, confirmed),
    }


def descriptions(rng: np.random.Generator, n: int) -> Objects:
    """A sentence on some of the plots; each says that the plot is invented."""
    texts = choose(
        rng,
        n,
        (
            "Påhittad tomt: hörntomt mot områdets huvudgata.",
            "Påhittad tomt: plan mark, tidigare åker.",
            "Påhittad tomt: sprängning kan behövas i den norra delen.",
            "Påhittad tomt: skyltläge mot infarten.",
            "Påhittad tomt: kan läggas ihop med grannen.",
        ),
    )
    return without(texts, ~share(rng, n, 0.55))


def confirmed_on(rng: np.random.Generator, these: Context) -> Days:
    """When the plot was last confirmed: mostly this year, some longer ago than a year, some never."""
    recent = rng.integers(3, 330, these.n)
    stale = share(rng, these.n, 0.15)
    days = days_from(these.on, -np.where(stale, rng.integers(370, 1100, these.n), recent))
    return when(~share(rng, these.n, MISSING["confirmed_on"]), days)


def axes(rng: np.random.Generator, these: Context) -> Columns:
    """Planning state (where no plan gives it), readiness, availability, their dates, and the tenures on offer."""
    n = these.n
    readiness = by_force(rng, these, READY_IN_FORCE, READY_BEFORE)
    offered = by_force(rng, these, OFFERED_IN_FORCE, OFFERED_BEFORE)
    held = np.isin(offered, ("reserverad", "markanvisad"))
    coming = np.asarray(offered == "kommande", dtype=np.bool_)
    until = days_from(
        these.on, np.where(share(rng, n, 0.08), -rng.integers(5, 60, n), rng.integers(20, 540, n))
    )
    return {
        "planning_state": without(these.state, these.is_plan_unknown | (these.plan > 0)),
        "readiness": left_out(rng, "readiness", readiness),
        "ready_on": ready_on(rng, these, readiness),
        "availability": left_out(rng, "availability", offered),
        "available_on": when(
            coming & ~share_of(rng, coming, MISSING["available_on"]),
            days_from(these.on, rng.integers(150, 1500, n)),
        ),
        "availability_until": when(held & ~share_of(rng, held, MISSING["availability_until"]), until),
        "tenures": tenures(rng, n),
    }


def by_force(
    rng: np.random.Generator, these: Context, in_force: dict[str, float], before: dict[str, float]
) -> Objects:
    """Codes in one proportion where the plan is in force, and in another elsewhere."""
    drawn = np.empty(these.n, dtype=object)
    for mask, parts in ((these.in_force, in_force), (~these.in_force, before)):
        drawn[mask] = spread(rng, int(mask.sum()), parts)
    return drawn


def ready_on(rng: np.random.Generator, these: Context, readiness: Objects) -> Days:
    """When the ground is or was ready: behind us where it is, before us where it is not."""
    n = these.n
    days = np.select(
        [readiness == "under_utbyggnad", readiness == "ramark"],
        [rng.integers(60, 900, n), rng.integers(500, 2200, n)],
        -rng.integers(30, 2500, n),
    )
    dated = np.asarray(readiness != "bebyggd", dtype=np.bool_)
    return when(dated & ~share_of(rng, dated, MISSING["ready_on"]), days_from(these.on, days))


def tenures(rng: np.random.Generator, n: int) -> Objects:
    """Forms in which the plots are let go; None where unknown."""
    kinds = spread(rng, n, {"sale": 0.70, "both": 0.17, "lease": 0.06, "ground": 0.05, "minor": 0.02})
    meaning = {
        "sale": ("forsaljning",),
        "both": ("forsaljning", "tomtratt"),
        "lease": ("tomtratt",),
        "ground": ("anlaggningsarrende",),
        "minor": ("lagenhetsarrende",),
    }
    drawn = np.empty(n, dtype=object)
    drawn[:] = [meaning[kind] for kind in kinds]
    return left_out(rng, "tenures", drawn)


def measures(rng: np.random.Generator, these: Context) -> Columns:
    """Areas, division, heights and the distance to the nearest dwelling."""
    n, area = these.n, these.area_m2
    divisible = (area > 8_000) & share(rng, n, 0.75)
    known = ~share(rng, n, MISSING["is_subdividable"])
    smallest = np.minimum(np.round(rng.uniform(0.12, 0.4, n) * area / 500) * 500, 20_000)
    lots = divisible & known
    lot_known = lots & ~share_of(rng, lots, MISSING["minimum_lot_m2"])
    heights, basis = height(rng, these)
    return {
        "area_m2": area,
        "area_method": np.full(n, "computed", dtype=object),
        "area_declared_m2": blanked(declared(rng, area), share(rng, n, MISSING["area_declared_m2"])),
        "net_area_m2": blanked(
            np.round(area * rng.uniform(0.68, 0.98, n)), share(rng, n, MISSING["net_area_m2"])
        ),
        "minimum_lot_m2": np.where(lot_known, np.maximum(smallest, 1_500), np.nan),
        "is_subdividable": without(divisible.astype(object), ~known),
        "height_max_m": heights,
        "height_basis": basis,
        "dwelling_distance_m": blanked(
            np.round(np.exp(rng.normal(5.6, 0.8, n)).clip(25, 2_500) / 5) * 5,
            share(rng, n, MISSING["dwelling_distance_m"]),
        ),
    }


def ground(rng: np.random.Generator, these: Context) -> Columns:
    """Environment class, siding, slope, kind of ground and flood; heavy uses take more and lie nearer the track."""
    n = these.n
    is_heavy = np.isin(these.theme, ("industri", "hamn", "teknik"))
    classes = np.where(
        is_heavy,
        spread(rng, n, {"B": 0.50, "A": 0.14, "C": 0.28, "U": 0.08}),
        spread(rng, n, {"U": 0.45, "C": 0.45, "B": 0.10}),
    )
    siding = share(rng, n, 0.05) | (is_heavy & share(rng, n, 0.15))
    kinds = {
        "lera": 0.40,
        "berg": 0.16,
        "moran": 0.17,
        "sand": 0.10,
        "silt": 0.08,
        "fyllning": 0.06,
        "torv": 0.03,
    }
    floods = {"utanfor": 0.74, "lagpunkt": 0.14, "hogsta_flode": 0.07, "hundraarsflode": 0.05}
    soil = spread(rng, n, kinds)
    steepness = np.where(soil == "berg", 3.0, 1.0) * np.exp(rng.normal(0.6, 0.6, n))
    return {
        "environment_class": left_out(rng, "environment_class", classes),
        "has_rail_siding": left_out(rng, "has_rail_siding", siding.astype(object)),
        "slope_percent": blanked(
            np.round(steepness.clip(0.2, 35), 1), share(rng, n, MISSING["slope_percent"])
        ),
        "ground_kind": left_out(rng, "ground_kind", soil),
        "flood_class": left_out(rng, "flood_class", spread(rng, n, floods)),
    }


def declared(rng: np.random.Generator, area: Floats) -> Floats:
    """Areas as somebody states them: rounded mostly, and off by 2.5 to 9 % on one plot in eight."""
    n = len(area)
    off: Bools = share(rng, n, 0.12)
    wrong = area * (1 + rng.choice((-1.0, 1.0), n) * rng.uniform(0.025, 0.09, n))
    return np.where(off, np.round(wrong), np.round(area / 10) * 10)


def height(rng: np.random.Generator, these: Context) -> tuple[Floats, Objects]:
    """Largest heights in metres, and what they are counted from."""
    n = these.n
    bounds: NDArray[np.float64] = np.array([HEIGHT_M[theme] for theme in these.theme], dtype=np.float64)
    metres = np.round((bounds[:, 0] + (bounds[:, 1] - bounds[:, 0]) * rng.random(n)) * 2) / 2
    raised = share(rng, n, 0.12)
    metres = np.where(raised, metres + np.round(rng.uniform(8, 90, n)), metres)
    missing = share(rng, n, MISSING["height_max_m"])
    basis = np.where(raised, "zero_plane", "ground").astype(object)
    return blanked(metres, missing), without(basis, missing)
