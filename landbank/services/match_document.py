"""A need and its answer as plain JSON values: the same document in the API, the command and the page.

Points and scores are tenths, rounded so that the parts add up to the score; same need, revision and day give
the same bytes.
"""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import date, timedelta
from typing import Any

import numpy as np

from landbank.domain.building import Building
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind
from landbank.domain.effects import MustEffect, excludes_most
from landbank.domain.explain import Contribution, Held, Judged, Match
from landbank.domain.moment import Moment
from landbank.domain.need import Must, Need, Threshold, Weight, Wish
from landbank.domain.place import Place
from landbank.domain.plot_name import PlotName
from landbank.domain.shown import parts_in_tenths, tenths, tenths_down, tenths_up
from landbank.geo.crs import LONLAT, STORAGE, reproject_places
from landbank.services.check_fit import FitVerdict, PlotFit
from landbank.services.fit_document import proof_document, rectangle_document
from landbank.services.match_need import Matched

Document = dict[str, Any]


def as_json(document: Document) -> bytes:
    """The document as UTF-8 JSON without spaces; NaN and infinities never occur in one."""
    return json.dumps(document, ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()


def need_document(need: Need) -> Document:
    """The need in its normal form; reading it gives the same need."""
    told = {
        "title": need.title,
        "template": need.template,
        "date": need.date.isoformat() if need.date else None,
        "place": None if need.place is None else place_document(need.place),
        "musts": [must_document(must) for must in need.musts],
        "wishes": [wish_document(wish) for wish in need.wishes],
        "footprints": [building_document(one) for one in need.footprints] or None,
        "limit": need.limit,
    }
    return {name: value for name, value in told.items() if value is not None}


def place_document(place: Place) -> Document:
    """A place as it is written in a need: its name, and its own point in degrees (to a tenth of a millimetre)."""
    told: Document = {} if place.name is None else {"name": place.name}
    if place.easting_m is not None and place.northing_m is not None:
        ((x, y),) = reproject_places(
            np.array([[place.easting_m, place.northing_m]]), STORAGE, LONLAT
        ).tolist()
        told |= {"longitude": round(x, 9), "latitude": round(y, 9)}
    return told


def building_document(building: Building) -> Document:
    """A building or yard as it is written in a need."""
    return {
        "width_m": number(building.width_m),
        "depth_m": number(building.depth_m),
        "set_back_m": number(building.set_back_m),
        "count": building.count,
    }


def must_document(must: Must) -> Document:
    """A must as it is written in a need."""
    told: Document = {
        "criterion": must.criterion,
        "op": str(must.op),
        "threshold": threshold_value(must.threshold),
    }
    return told | ({"conditional": True} if must.conditional else {})


def threshold_value(threshold: Threshold) -> Any:
    """A threshold as a JSON value."""
    if isinstance(threshold, tuple):
        return [side if isinstance(side, str) else number(side) for side in threshold]
    if isinstance(threshold, date):
        return threshold.isoformat()
    return number(threshold)


def wish_document(wish: Wish) -> Document:
    """A wish as it is written in a need."""
    told: Document = {
        "criterion": wish.criterion,
        "points": [[x if isinstance(x, str) else number(x), number(v)] for x, v in wish.points],
        "weight": str(wish.weight) if isinstance(wish.weight, Weight) else number(wish.weight),
    }
    return told | ({"conditional": True} if wish.conditional else {})


def answer_document(matched: Matched, moment: Moment | None = None) -> Document:
    """The whole answer; of an earlier moment it says which: `as_of` is the moment then, and `valid_on` the day."""
    answer = matched.answer
    most = excludes_most(answer.must_effects)
    counts = answer.counts
    document = {
        "inventory_revision": answer.revision,
        "as_of": answer.as_of.isoformat(),
        **(moment_document(moment) if moment is not None else {}),
        "need": need_document(answer.need),
        "counts": {"A": counts.a, "B": counts.b, "C": counts.c, "total": counts.total},
        "must_effects": [effect_document(effect) for effect in answer.must_effects],
        "excludes_most": must_document(most.must) if most else None,
        "matches": [
            match_document(found, matched.names[found.plot_id], answer.need) for found in answer.matches
        ],
    }
    return document if matched.fit is None else document | with_fit(document["matches"], matched)


def with_fit(matches: list[Document], matched: Matched) -> Document:
    """What was judged of fit, and the verdict beside each match; null beside one that was not judged."""
    check = matched.fit
    if check is None:
        return {}
    for match in matches:
        judged = check.by_plot.get(match["plot_id"])
        match["fit"] = None if judged is None else plot_fit_document(judged)
    return {
        "fit": {
            "judged": len(check.by_plot),
            "not_judged": check.not_judged,
            **{str(verdict): check.count(verdict) for verdict in FitVerdict},
            "refused": [
                {"plot_id": plot_id, "reference": matched.names[plot_id].reference}
                for plot_id, one in sorted(check.by_plot.items())
                if one.verdict is FitVerdict.DOES_NOT_FIT
            ],
        }
    }


def plot_fit_document(judged: PlotFit) -> Document:
    """Whether the buildings fit on one plot, with their places or the proofs."""
    together = judged.fitted.together if judged.fitted else None
    proofs = [one.proof for one in together.alone if one.proof] if together else []
    return {
        "answer": str(judged.verdict),
        "because": judged.because,
        "rectangles": [rectangle_document(one) for one in together.rectangles] if together else [],
        "proofs": [proof_document(one) for one in dict.fromkeys(proofs)],
    }


def moment_document(moment: Moment) -> Document:
    """What an answer says of the moment that it was asked for; `as_of` is null where only the day is another."""
    return {
        "as_of": None if moment.as_of is None else moment.as_of.isoformat(),
        "valid_on": moment.valid_on.isoformat(),
    }


def effect_document(effect: MustEffect) -> Document:
    """What a must does to the result."""
    return must_document(effect.must) | {
        "fails": effect.fails,
        "unknown": effect.unknown,
        "only_this_excludes": effect.only_this_excludes,
    }


def match_document(found: Match, named: PlotName, need: Need) -> Document:
    """One plot's answer. Scores are null where nothing is wished for."""
    return {
        "plot_id": found.plot_id,
        "reference": named.reference,
        "name": named.name,
        "area": named.area,
        "municipality": named.municipality,
        "municipality_code": named.municipality_code,
        "rank": found.rank,
        "tier": str(found.tier),
        "score": None if found.score is None else tenths(found.score) / 10,
        "score_low": shown_bound(found.score_low, tenths_down(found.score_low or 0), found),
        "score_high": shown_bound(found.score_high, tenths_up(found.score_high or 0), found),
        "coverage": None if found.coverage is None else number(round(found.coverage, 4)),
        "contributions": contribution_documents(found.contributions, need),
        "musts": [judged_document(judged, need) for judged in found.musts],
        "ask": list(found.ask),
        "weakest": found.weakest,
    }


def shown_bound(bound: float | None, outward: int, found: Match) -> float | None:
    """A bound of the score rounded outward, or the score itself where all is known."""
    if bound is None or found.score is None:
        return None
    is_exact = all(part.is_known for part in found.contributions)
    return (tenths(found.score) if is_exact else outward) / 10


def contribution_documents(parts: Sequence[Contribution], need: Need) -> list[Document]:
    """The parts of a score; shown points add up to the shown score, shown losses to what 100 lacks."""
    score = tenths(sum(part.points for part in parts)) if parts else 0
    won = parts_in_tenths([part.points for part in parts], score)
    lost = parts_in_tenths([part.lost for part in parts], 1000 - score if parts else 0)
    return [
        {
            "criterion": part.wish.criterion,
            "points": won[place] / 10,
            "lost": lost[place] / 10,
            **held_document(part.held, part.wish.criterion, need),
            "weight": number(round(part.share, 4)),
            "known": part.is_known,
        }
        for place, part in enumerate(parts)
    ]


def judged_document(judged: Judged, need: Need) -> Document:
    """One must on one plot."""
    criterion = CRITERIA[judged.must.criterion]
    return (
        must_document(judged.must)
        | held_document(judged.held, judged.must.criterion, need)
        | {
            "verdict": str(judged.verdict),
            "shortfall": None if judged.shortfall is None else number(round(judged.shortfall, 6)),
            "relaxable": not criterion.is_legal,
        }
    )


def held_document(held: Held, criterion_id: str, need: Need) -> Document:
    """A plot's value with its unit; bounds where it is only bounded; for days late, the day itself as well."""
    criterion = CRITERIA[criterion_id]
    told: Document = {"value": value_of(held.value), "unit": criterion.unit}
    if held.value is None and (held.low is not None or held.high is not None):
        told |= {"value_low": value_of(held.low), "value_high": value_of(held.high)}
    if criterion.kind is Kind.DAYS and isinstance(held.value, float) and need.date:
        told["date"] = (need.date + timedelta(days=held.value)).isoformat()
    return told


def value_of(value: Any) -> Any:
    """A plot's value as a JSON value; amounts to a millionth, codes as plain text."""
    if isinstance(value, tuple):
        return [str(code) for code in value]
    if isinstance(value, bool) or value is None:
        return value
    return number(round(value, 6)) if isinstance(value, float) else str(value)


def number(amount: float) -> float | int | bool:
    """A whole amount without its fraction; a truth stays one."""
    return int(amount) if not isinstance(amount, bool) and float(amount).is_integer() else amount
