"""The schemas of what a full answer holds beyond the ranked list."""

from __future__ import annotations

from landbank.api.schema_parts import (
    COUNT,
    COUNTS,
    CRITERION,
    DAY,
    MUST,
    NAME,
    NUMBER,
    PARTY,
    PLOT,
    SHARE,
    TEXT,
    UNIT,
    VALUE,
    Schema,
    also,
    array,
    described,
    either,
    record,
)
from landbank.domain.advice.contenders import RANKS
from landbank.domain.advice.counterfactual import Goal
from landbank.domain.advice.robust import LEANING, STABLE, Label
from landbank.domain.advice.weights import Basis

TRUTH: Schema = {"type": "boolean"}
CODE: Schema = {"type": ["number", "string", "boolean", "null"]}


def relaxations_schema() -> Schema:
    """All minimal sets of musts to relax."""
    one = record(
        {
            "steps": array(step_schema()),
            "nearest": described(PLOT, "The plot that these steps let in."),
            "gain": described(COUNT, "By how many plots tiers A and B together grow with the steps."),
            "then": described(COUNTS, "The tiers with the steps."),
            "if_dropped": described(COUNTS, "The tiers without these musts at all."),
            "rungs": described(
                array(record({"must": MUST, "gain": COUNT, "then": COUNTS})),
                "Larger steps of one must alone, or codes to accept besides, and what they gain.",
            ),
            "text": TEXT,
        }
    )
    return record(
        {
            "count": described(COUNT, "Number of minimal sets; the first of them are told."),
            "complete": described(
                TRUTH, "False where there are so many that only the smallest were looked for."
            ),
            "not_to_be_had": described(
                COUNT, "Plots that are sold or not for sale, which nothing brings back."
            ),
            "sets": array(one),
            "legal_count": COUNT,
            "legal": described(
                array(record({"musts": array(MUST), "plots": COUNT, "text": TEXT})),
                "Sets that law or plan keep closed, and how many plots fail just these musts.",
            ),
        }
    )


def step_schema() -> Schema:
    """What becomes of one must."""
    return record(
        {
            "must": MUST,
            "relaxed": described(either(MUST), "Null where only letting go of the must helps."),
            "size": either(NUMBER),
            "unit": UNIT,
            "relative": described(
                either(NUMBER), "The size as a share of the threshold; 1 for codes and claims."
            ),
        }
    )


def conflicts_schema() -> Schema:
    """All minimal sets of musts that no plot meets together."""
    witness = also(PLOT, {"lacks": MUST, "plots": COUNT})
    one = record(
        {
            "musts": array(MUST),
            "witnesses": described(
                array(witness), "For each must a plot that meets all the others of the set."
            ),
            "text": TEXT,
        }
    )
    return record(
        {
            "count": COUNT,
            "certain": described(TRUTH, "False where plots of tier B may still meet all musts."),
            "complete": TRUTH,
            "complete_to": described(COUNT, "All sets of up to so many musts are found."),
            "sets": array(one),
        }
    )


def robustness_schema() -> Schema:
    """How sure the order is."""
    plot = also(
        PLOT,
        {
            "p1": described(SHARE, "Share of the samples in which the plot is first."),
            "p3": described(SHARE, "Share in which it is among the first three."),
            "se": described(SHARE, "Standard error of p1."),
            "ranks": described(array(SHARE), f"Shares of the ranks 1 to {RANKS}."),
            "later": SHARE,
            "central_weights": described(
                either({"type": "object", "additionalProperties": SHARE}),
                "Mean weights of the samples in which the plot is first.",
            ),
            "can_be_first": described(
                {"type": ["boolean", "null"]},
                "False: proved that no weights that agree with the need put it first. Null: neither shown.",
            ),
        },
    )
    interval = record({"criterion": CRITERION, "weight": SHARE, "low": SHARE, "high": SHARE, "text": TEXT})
    return record(
        {
            "label": described(
                {"enum": [str(label) for label in Label]},
                f"stable from p1 = {STABLE:g} of the first plot on, leaning from {LEANING:g}, else open.",
            ),
            "basis": described(
                {"enum": [str(basis) for basis in Basis]},
                "Weights are drawn in the order of the words, or near the numbers.",
            ),
            "samples": COUNT,
            "seed": {"type": "string", "pattern": "^[0-9a-f]{16}$"},
            "left_out": described(
                COUNT,
                "Plots that could reach a told rank and were not drawn, as too much is unknown; usually 0.",
            ),
            "plots": array(plot),
            "others": described(array(SHARE), "Share of each rank that falls to plots not listed."),
            "before": described(array(array(SHARE)), "How often the first plots stand before one another."),
            "stability": described(array(interval), "Weights between which the first plot stays first."),
            "text": TEXT,
        }
    )


def trade_off_schema() -> Schema:
    """What one wish is worth in terms of another."""
    return record(
        {
            "criterion": CRITERION,
            "step": described(either(NUMBER), "Signed towards the better; null for a code or a truth."),
            "unit": UNIT,
            "worse": CODE,
            "better": CODE,
            "against": CRITERION,
            "worth": {"type": "number", "minimum": 0},
            "worth_unit": UNIT,
            "holds": described(
                array(NUMBER), "From the worse to the better end of the other wish's main slope."
            ),
            "beyond": described(TRUTH, "Whether the worth is more than that whole slope."),
            "text": TEXT,
        }
    )


def alike_schema() -> Schema:
    """Two wishes that go together."""
    return record({"criteria": array(CRITERION), "correlation": NUMBER, "text": TEXT})


def question_schema() -> Schema:
    """A question and what its answer decides."""
    return also(
        PLOT,
        {
            "criterion": CRITERION,
            "to": PARTY,
            "decides": {"enum": ["must", "wish"]},
            "p3_at_worst": SHARE,
            "p3_at_best": SHARE,
            "effect": SHARE,
            "text": TEXT,
        },
    )


def differences_schema() -> Schema:
    """How far each plot is ahead of one."""
    part = record({"criterion": CRITERION, "points": NUMBER})
    return record(
        {
            "against": also(PLOT, {"score": either(NUMBER)}),
            "plots": array(record({"plot_id": COUNT, "points": NUMBER, "parts": array(part)})),
        }
    )


def match_advice_schema() -> dict[str, Schema]:
    """What a full answer tells of single plots."""
    dominator = also(PLOT, {"better_on": array(CRITERION)})
    return {
        "rank_range": described(
            either(record({"best": COUNT, "worst": COUNT})),
            "Ranks that are possible, whatever the unknown is, if the plot meets all its musts.",
        ),
        "dominated_by": described(
            either(record({"count": COUNT, "plots": array(dominator), "text": TEXT})),
            "Plots that are at least as good on everything asked for, and better on something.",
        ),
        "near_miss": either(near_miss_schema()),
        "counterfactuals": array(counterfactual_schema()),
    }


def near_miss_schema() -> Schema:
    """What a plot of tier C would need."""
    supply = also(VALUE, {"by": array(PARTY), "expected_on": either(DAY)})
    change = record(
        {
            "must": MUST,
            "need_side": described(either(step_schema()), "Null where law or plan decides."),
            "supply_side": described(either(supply), "What the plot holds, and who could change it."),
            "text": TEXT,
        }
    )
    return record({"by_need": TRUTH, "by_supply": TRUTH, "changes": array(change), "text": TEXT})


def counterfactual_schema() -> Schema:
    """What would reach a goal."""
    move = record(
        {
            "criterion": CRITERION,
            "from": VALUE,
            "to": CODE,
            "size": either(NUMBER),
            "by": array(PARTY),
            "to_date": DAY,
        },
        optional=("to_date",),
    )
    return record(
        {
            "goal": {"enum": [str(goal) for goal in Goal]},
            "moves": array(move),
            "cost": described(NUMBER, "In units of what matters, unless costs are given."),
            "text": TEXT,
        }
    )


def owner_schema() -> Schema:
    """What would open a plot to more needs."""
    opening = record(
        {
            "criterion": CRITERION,
            "op": NAME,
            "to": CODE,
            "needs": {"type": "integer", "minimum": 5},
            "by": array(PARTY),
            "text": TEXT,
        }
    )
    return also(PLOT, {"needs": COUNT, "meets": COUNTS, "openings": array(opening)})
