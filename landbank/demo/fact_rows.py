"""The many-valued facts of the plots: uses, restrictions, prices and sources of values, one row each."""

from __future__ import annotations

import numpy as np

from landbank.demo.batch import Columns
from landbank.demo.context import SOURCE, Context
from landbank.demo.draw import NEVER, Bools, Floats, Objects, choose, days_from, share, spread, when, without

THEME_USES: dict[str, tuple[tuple[str, ...], ...]] = {
    "industri": (("J",), ("J",), ("J", "Z"), ("J", "E")),
    "logistik": (("J",), ("J", "Z"), ("J", "T"), ("Z", "J", "P")),
    "verksamheter": (("Z",), ("Z",), ("Z", "K"), ("J", "Z"), ("Z", "H")),
    "handel": (("H", "K"), ("H", "Z"), ("C", "H"), ("G", "H"), ("G",)),
    "kontor": (("K",), ("K", "Z"), ("C", "K"), ("K", "S")),
    "hamn": (("V",), ("J", "V"), ("J", "V", "T")),
    "teknik": (("E",), ("E", "J"), ("E", "Z")),
}
DEGREES = {
    "DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsEgen": 0.45,
    "DP_KM_Eg_Utnytt_StorstaAreaProc_ByggnadsAnv": 0.18,
    "DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoAnv": 0.17,
    "DP_KM_Eg_Utnytt_StorstaAreaProc_BruttoEgen": 0.08,
    "DP_KM_Eg_Utnytt_StorstaAreaKvm_BruttoFastigh": 0.08,
    "DP_KM_Eg_Utnytt_StorstaAreaKvm_ByggnadsareaFastigh": 0.04,
}
OBSTACLES: dict[str, tuple[str, str, float]] = {
    "fororening": ("Kommunens miljöenhet", "Undersökning och åtgärdsutredning pågår.", 0.16),
    "arkeologi": ("Länsstyrelsen", "Arkeologisk förundersökning beställd.", 0.12),
    "oversvamning": ("VA-huvudmannen", "Skyfallsled genom tomten, höjdsättning utreds.", 0.10),
    "vatten": ("Kommunens miljöenhet", "Ligger inom vattenskyddsområde.", 0.06),
    "strandskydd": ("Länsstyrelsen", "Upphävande av strandskydd prövas.", 0.05),
    "natur": ("Länsstyrelsen", "Artskyddsdispens söks.", 0.09),
    "ledning": ("Elnätsägaren", "Luftledning ska flyttas.", 0.10),
    "tillfart": ("Väghållaren", "Ny korsning byggs.", 0.10),
    "buller": ("Exploatören", "Bullerskydd krävs mot bostäder.", 0.06),
    "risk": ("Räddningstjänsten", "Avstånd till farligt gods utreds.", 0.04),
    "omplanering": ("Planenheten", "Planändring förbereds.", 0.03),
    "rattsprocess": ("Lantmäterimyndigheten", "Fastighetsbildning pågår.", 0.04),
    "bolagsreserv": ("Markägaren", "Hålls för egen utbyggnad.", 0.02),
    "geoteknik": ("Exploatören", "Stabilitetsåtgärder för lera.", 0.03),
}
BLOCKING_SHARE = 0.42


def use_rows(rng: np.random.Generator, these: Context) -> Columns:
    """The columns of table `plot_use`: none for the plots whose use is unknown."""
    unknown = share(rng, these.n, 0.06)
    pick = rng.random(these.n)
    allowed = [
        () if missing else options(theme)[int(part * len(options(theme)))]
        for theme, part, missing in zip(these.theme, pick.tolist(), unknown.tolist(), strict=True)
    ]
    place = np.repeat(np.arange(these.n), [len(codes) for codes in allowed])
    codes = np.array([code for listed in allowed for code in listed], dtype=object)
    first = np.r_[True, place[1:] != place[:-1]] if len(place) else np.zeros(0, dtype=np.bool_)
    degree, degree_code = degrees(rng, these.area_m2[place], first)
    barred = np.flatnonzero(
        share(rng, these.n, 0.10) & np.isin(these.theme, ("verksamheter", "logistik")) & ~unknown
    )
    m, k = len(place), len(barred)
    precision = without(
        np.where(codes == "J", "ej störande för omgivningen", "ej sällanköpshandel").astype(object),
        ~(share(rng, m, 0.12) & np.isin(codes, ("J", "H"))),
    )
    return {
        "plot_id": np.r_[these.id[place], these.id[barred]],
        "code": np.r_[codes, np.full(k, "C", dtype=object)],
        "precision_text": np.r_[precision, np.full(k, None, dtype=object)],
        "is_excluded": np.r_[np.zeros(m, dtype=np.bool_), np.ones(k, dtype=np.bool_)],
        "degree": np.r_[degree, np.full(k, np.nan)],
        "degree_code": np.r_[degree_code, np.full(k, None, dtype=object)],
        "degree_bound": np.r_[
            np.array(["max" if code else None for code in degree_code], dtype=object),
            np.full(k, None, dtype=object),
        ],
        "source": np.full(m + k, SOURCE, dtype=object),
    }


def options(theme: str) -> tuple[tuple[str, ...], ...]:
    """Combinations of uses that a park of this character has."""
    return THEME_USES[theme]


def degrees(rng: np.random.Generator, area_m2: Floats, first: Bools) -> tuple[Floats, Objects]:
    """Degree and its code on most plots' first use: percent, or m² where the code counts m²."""
    n = len(area_m2)
    codes = spread(rng, n, DEGREES)
    percent = np.round(rng.uniform(20, 60, n) / 5) * 5
    gross = np.array(["Brutto" in code for code in codes], dtype=np.bool_)
    percent = np.where(gross, np.round(percent * 1.8 / 10) * 10, percent)
    square = np.array(["Kvm" in code for code in codes], dtype=np.bool_)
    stated = first & ~share(rng, n, 0.10)
    degree = np.where(square, np.maximum(np.round(percent / 100 * area_m2 / 100) * 100, 100), percent)
    return np.where(stated, degree, np.nan), without(codes, ~stated)


def restriction_rows(rng: np.random.Generator, these: Context) -> Columns:
    """The columns of table `restriction`: one on a quarter of the plots, a second on some, a few of them resolved."""
    place = np.r_[np.flatnonzero(share(rng, these.n, 0.26)), np.flatnonzero(share(rng, these.n, 0.06))]
    n = len(place)
    kinds = spread(rng, n, {kind: part for kind, (_, _, part) in OBSTACLES.items()})
    resolved = share(rng, n, 0.12)
    blocking = share(rng, n, BLOCKING_SHARE)
    due = days_from(
        these.on, np.where(share(rng, n, 0.12), -rng.integers(10, 200, n), rng.integers(40, 900, n))
    )
    closed = days_from(these.on, -rng.integers(20, 400, n))
    return {
        "plot_id": these.id[place],
        "kind": kinds,
        "description": np.array([OBSTACLES[kind][1] for kind in kinds], dtype=object),
        "is_blocking": blocking,
        "owner": without(np.array([OBSTACLES[kind][0] for kind in kinds], dtype=object), share(rng, n, 0.08)),
        "due_on": when(~share(rng, n, 0.12) & ~resolved, due),
        "resolved_on": when(resolved, closed),
        "source": np.full(n, SOURCE, dtype=object),
        "confirmed_on": days_from(these.on, -rng.integers(5, 500, n)),
    }


def price_rows(rng: np.random.Generator, these: Context, tenures: Objects) -> Columns:
    """The columns of table `price`: a sale price of 25 to 1 200 SEK per m², a yearly fee for leases."""
    known = ~share(rng, these.n, 0.09)
    pairs = [
        (i, tenure)
        for i, (listed, stated) in enumerate(zip(tenures, known.tolist(), strict=True))
        if stated
        for tenure in (listed or ("forsaljning",))
    ]
    place = np.array([i for i, _ in pairs], dtype=np.int64)
    kinds = np.array([tenure for _, tenure in pairs], dtype=object)
    n = len(place)
    yearly = kinds != "forsaljning"
    size = (these.area_m2[place] / 10_000) ** -0.10
    sale = np.clip(np.round(these.level[place] * size * np.exp(rng.normal(0, 0.28, n)) / 5) * 5, 25, 1_200)
    price = np.where(yearly, np.maximum(np.round(sale * 0.05), 4), sale)
    upper = np.where(yearly, price + 10, np.minimum(np.round(sale * rng.uniform(1.1, 1.4, n) / 5) * 5, 1_200))
    return {
        "plot_id": these.id[place],
        "tenure": kinds,
        "price_sek_per_m2": price,
        "price_max_sek_per_m2": np.where(share(rng, n, 0.22), upper, np.nan),
        "basis": np.where(
            yearly, "tomtarea", spread(rng, n, {"tomtarea": 0.88, "bruttoarea": 0.09, "byggnadsarea": 0.03})
        ),
        "is_yearly": yearly,
        "includes_connection_fees": without(share(rng, n, 0.2).astype(object), share(rng, n, 0.12)),
        "decided_on": when(~share(rng, n, 0.10), days_from(these.on, -rng.integers(20, 1400, n))),
        "source": np.full(n, SOURCE, dtype=object),
        "confirmed_on": days_from(these.on, -rng.integers(5, 500, n)),
    }


def source_rows(rng: np.random.Generator, these: Context, dwelling_m: Floats, confirmed: Objects) -> Columns:
    """The columns of table `value_source`: how the distance to dwellings was found, on a third of the plots."""
    place = np.flatnonzero(share(rng, these.n, 0.33) & ~np.isnan(dwelling_m))
    n = len(place)
    return {
        "plot_id": these.id[place],
        "field": np.full(n, "dwelling_distance_m", dtype=object),
        "method": choose(rng, n, ("mätt på karta", "uppskattat")),
        "note": np.full(n, "Påhittad uppgift.", dtype=object),
        "source": np.full(n, SOURCE, dtype=object),
        "confirmed_on": np.where(np.isnat(confirmed[place]), NEVER, confirmed[place]),
    }
