"""The published form of an answer: a JSON Schema of what POST /api/match gives, plain and in full."""

from __future__ import annotations

from typing import Final

from landbank.api.advice_schema import (
    alike_schema,
    conflicts_schema,
    differences_schema,
    match_advice_schema,
    owner_schema,
    question_schema,
    relaxations_schema,
    robustness_schema,
    trade_off_schema,
)
from landbank.api.need_schema import DIALECT, SCHEMA_ID
from landbank.api.schema_parts import (
    COUNT,
    CRITERION,
    DAY,
    MUST,
    NAME,
    PLOT,
    POINTS,
    SHARE,
    TEXT,
    VALUE,
    Schema,
    also,
    array,
    described,
    either,
    record,
)
from landbank.services.check_fit import FitVerdict

ANSWER_VERSION: Final = "1.0"
ANSWER_ID: Final = f"urn:landbank:answer:{ANSWER_VERSION}"
SOMETIMES: Final = ("differences", "fit", "assemblies")
"""Fields that a full answer has only where they apply."""

TIER: Final[Schema] = {"enum": ["A", "B", "C"]}


def answer_schema() -> Schema:
    """The JSON Schema (2020-12) of an answer; with `detail=plain` the fields that only a full answer has are absent."""
    plain = {
        "inventory_revision": described(COUNT, "Number of accepted changes of the inventory."),
        "as_of": described(
            {"anyOf": [DAY, {"type": "string", "format": "date-time"}, {"type": "null"}]},
            "The day of the asking; of an answer for an earlier moment, that moment, or null where only"
            " another day was asked for.",
        ),
        "need": {
            "type": "object",
            "description": f"The need in its normal form, with its date and what a template filled in; {SCHEMA_ID}.",
        },
        "counts": record({"A": COUNT, "B": COUNT, "C": COUNT, "total": COUNT}),
        "must_effects": array(also(MUST, {"fails": COUNT, "unknown": COUNT, "only_this_excludes": COUNT})),
        "excludes_most": either(MUST),
        "matches": described(array(match_schema()), "The first plots, best first, near misses last."),
    }
    full: Schema = {
        "relaxations": relaxations_schema(),
        "conflicts": conflicts_schema(),
        "robustness": either(robustness_schema()),
        "trade_offs": array(trade_off_schema()),
        "alike": array(alike_schema()),
        "ask_first": either(question_schema()),
        "questions": array(question_schema()),
        "differences": described(differences_schema(), "Only where `against` names a plot."),
    }
    full["fit"] = described(fit_schema(), "Only where the need has footprints: what was judged of fit.")
    full["assemblies"] = described(
        assemblies_schema(),
        "Only where fewer than three plots are in tiers A and B and the need asks for an area or has footprints.",
    )
    then = {
        "valid_on": described(
            DAY, "Only of an answer for an earlier moment: the day that dates are judged on."
        )
    }
    return {
        "$schema": DIALECT,
        "$id": ANSWER_ID,
        "title": "Answer to a need of business land",
        "description": (
            "The same need at the same inventory revision and day gives the same bytes. Points and scores are in"
            " tenths, and shown parts add up to what they are parts of. `text` is a sentence in the language asked."
        ),
        "type": "object",
        "additionalProperties": False,
        "required": list(plain),
        "dependentRequired": {"relaxations": [name for name in full if name not in SOMETIMES]},
        "properties": plain | full | then,
        "$defs": {"owner": described(owner_schema(), "What POST /api/match/owner answers.")},
    }


def match_schema() -> Schema:
    """One plot's answer."""
    plain: dict[str, Schema] = {
        "plot_id": COUNT,
        "reference": NAME,
        "name": either(NAME),
        "area": either(NAME),
        "municipality": NAME,
        "municipality_code": {"type": "string", "pattern": "^[0-9]{4}$"},
        "rank": either(COUNT),
        "tier": TIER,
        "score": either(POINTS),
        "score_low": either(POINTS),
        "score_high": either(POINTS),
        "coverage": described(either(SHARE), "Share of the weight that rests on known values."),
        "contributions": array(contribution_schema()),
        "musts": array(judged_schema()),
        "ask": described(array(CRITERION), "Criteria whose value is unknown, musts first."),
        "weakest": either(CRITERION),
    }
    told = record(plain | match_advice_schema() | {"fit": plot_fit_schema()})
    told["required"] = list(plain)
    return told


def fit_schema() -> Schema:
    """How many plots were judged, and with which verdicts."""
    counts = {
        "judged": described(COUNT, "The first plots by the musts: until 20 are not refused, at most 60."),
        "not_judged": described(COUNT, "Plots that fail no must and were not judged; they stand in tier B."),
        **{str(verdict): COUNT for verdict in FitVerdict},
    }
    return record(
        {**counts, "refused": described(array(PLOT), "Proved not to fit."), "text": TEXT}, optional=("text",)
    )


def assemblies_schema() -> Schema:
    """Neighbouring plots that are together enough."""
    words = array(NAME)
    one = {
        "plots": array(PLOT),
        "tier": TIER,
        "score": either(POINTS),
        "ask": array(CRITERION),
        "area_m2": either({"type": "number"}),
        "price_sek": either({"type": "number"}),
        "owner_kinds": described(words, "Kinds of owner: two plots of one kind may have two owners."),
        "owners_unknown": COUNT,
        "plans": words,
        "plans_unknown": COUNT,
        "planning_states": words,
        "states_unknown": COUNT,
        "municipalities": words,
        "earliest_on": described(either(DAY), "When the last of the plots can be built on."),
        "fit": plot_fit_schema(),
        "text": TEXT,
    }
    return record(
        {
            "found": described(COUNT, "Sets that fail no must; the first of them are told."),
            "refused": described(COUNT, "Of the first, those on which the footprints have no place."),
            "more_exist": described(
                {"type": "boolean"}, "Whether there may be sets that were not looked at."
            ),
            "sets": array(record(one)),
        }
    )


def plot_fit_schema() -> Schema:
    """Whether the buildings fit on one plot; null where it was not judged."""
    one = {
        "answer": {"enum": [str(verdict) for verdict in FitVerdict]},
        "because": described(either(NAME), "Why it is unknown: no_outline, too_many_corners or past."),
        "rectangles": described(array({"type": "object"}), "Where they stand, where they fit."),
        "proofs": described(array({"type": "object"}), "Why there is no place, for each that has none."),
        "text": TEXT,
    }
    return described(either(record(one, optional=("text",))), "Only where the need has footprints.")


def contribution_schema() -> Schema:
    """One wish on one plot."""
    return also(
        VALUE,
        {
            "criterion": CRITERION,
            "points": POINTS,
            "lost": POINTS,
            "weight": SHARE,
            "known": {"type": "boolean"},
        },
    )


def judged_schema() -> Schema:
    """One must on one plot."""
    held = also(MUST, VALUE["properties"], optional=("value_low", "value_high", "date"))
    return also(
        held,
        {
            "verdict": {"enum": ["pass", "fail", "unknown"]},
            "shortfall": described(either({"type": "number"}), "What is missing at least, in the unit."),
            "relaxable": {"type": "boolean"},
        },
    )
