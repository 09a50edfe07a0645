"""An answer in the terminal: a table with score bars, and reasons in words made from the answer's JSON."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from landbank.cli.advice_table import print_advice, print_plot_advice
from landbank.domain.criteria import CRITERIA

Document = dict[str, Any]

BAR_WIDTH: Final = 10
TIER_STYLE: Final = {"A": "green", "B": "yellow", "C": "red"}
TIER_MEANING: Final = {"A": "meets every must", "B": "meets all that is known", "C": "misses something"}
VERDICT_MARK: Final = {"pass": ("✓", "green"), "fail": ("✗", "red"), "unknown": ("?", "yellow")}


def print_answer(answer: Document, screen: Console) -> None:
    """Print the counts, the ranked plots, and what stands in the way where nothing fits."""
    counts = answer["counts"]
    screen.print(
        f"{answer['need'].get('title') or 'Need'} · {counts['total']} plots, revision"
        f" {answer['inventory_revision']}, {answer['as_of'] or answer['valid_on']}",
        style="bold",
        markup=False,
    )
    for tier, meaning in TIER_MEANING.items():
        screen.print(Text.assemble((f"{tier} ", TIER_STYLE[tier]), f"{counts[tier]} · {meaning}"))
    if answer["matches"]:
        screen.print(table_of(answer["matches"]))
    if not counts["A"] and answer["excludes_most"]:
        effect = next(one for one in answer["must_effects"] if answer["excludes_most"].items() <= one.items())
        screen.print(obstacle(effect), markup=False)
    if "relaxations" in answer:
        print_advice(answer, screen)


def obstacle(effect: Document) -> str:
    """Which must excludes most, in a sentence."""
    return (
        f"No plot meets every must. {must_text(effect)} excludes most: {effect['fails']} plots,"
        f" {effect['only_this_excludes']} of them by itself."
    )


def table_of(matches: list[Document]) -> Table:
    """The ranked plots, one a row."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0))
    for heading, justify in (("Rank", "right"), ("", "left"), ("Score", "right"), ("", "left")):
        table.add_column(heading, justify=justify, no_wrap=True)  # type: ignore[arg-type]
    for heading in ("Plot", "Municipality", "Why"):
        table.add_column(heading, overflow="fold")
    for match in matches:
        table.add_row(
            "–" if match["rank"] is None else str(match["rank"]),
            Text(match["tier"], TIER_STYLE[match["tier"]]),
            score_text(match),
            bar(match),
            Text(f"{plot_name(match)} (id {match['plot_id']})"),
            Text(match["municipality"]),
            Text("; ".join(reasons(match))),
        )
    return table


def plot_name(match: Document) -> str:
    """What a plot is called: its name, or its reference where it has none."""
    return str(match["name"] or match["reference"])


def score_text(match: Document) -> str:
    """The score, with its bounds where something is unknown."""
    if match["score"] is None:
        return "–"
    if match["score_low"] == match["score_high"]:
        return f"{match['score']:.1f}"
    return f"{match['score']:.1f} ({match['score_low']:.0f}-{match['score_high']:.0f})"


def bar(match: Document) -> Text:
    """The score as a bar: what is certain full, what may come half."""
    if match["score"] is None:
        return Text("")
    sure = round(match["score_low"] / 100 * BAR_WIDTH)
    may_be = round(match["score_high"] / 100 * BAR_WIDTH) - sure
    return Text.assemble(("█" * sure, "green"), ("▒" * may_be, "yellow"), "·" * (BAR_WIDTH - sure - may_be))


def reasons(match: Document) -> list[str]:
    """The few facts that say why a plot stands where it does."""
    failed = [fail_text(must) for must in match["musts"] if must["verdict"] == "fail"]
    if failed:
        return failed
    parts = sorted(match["contributions"], key=lambda part: -part["points"])
    best = [
        f"{part_text(part)} (+{part['points']:.1f})" for part in parts[:2] if part["points"] and part["known"]
    ]
    weakest = [
        f"weakest: {part_text(part)} (-{part['lost']:.1f})"
        for part in parts
        if part["criterion"] == match["weakest"]
    ]
    ask = [f"ask: {', '.join(label(name).lower() for name in match['ask'])}"] if match["ask"] else []
    return best + weakest + ask


def fail_text(must: Document) -> str:
    """A must that fails, with what is missing."""
    text = f"fails {must_text(must)}: has {value_text(must)}"
    if must["shortfall"] is None:
        return text
    return (
        f"{text}, {amount_text(must['shortfall'], must['unit'])} {'short' if must['op'] != '<=' else 'over'}"
    )


def must_text(must: Document) -> str:
    """A must in short."""
    threshold = must["threshold"]
    if isinstance(threshold, list):
        told = " to ".join(map(str, threshold)) if must["op"] == "between" else ", ".join(map(str, threshold))
    else:
        told = {True: "yes", False: "no"}[threshold] if isinstance(threshold, bool) else str(threshold)
    op = must["op"].replace("_", " ")
    unit = CRITERIA[must["criterion"]].unit
    return f"{label(must['criterion'])} {op} {told}{f' {unit}' if unit else ''}"


def part_text(part: Document) -> str:
    """A wish's criterion and value in short."""
    return f"{label(part['criterion']).lower()} {value_text(part)}"


def label(criterion: str) -> str:
    """The criterion's English name."""
    return CRITERIA[criterion].label_en


def value_text(part: Document) -> str:
    """A plot's value with its unit, as one says it."""
    value, unit = part["value"], part.get("unit")
    if value is None:
        return bounds_text(part)
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return "+".join(value) or "none"
    if isinstance(value, str):
        return value
    if "date" in part:
        return f"{part['date']}"
    return amount_text(value, unit)


def bounds_text(part: Document) -> str:
    """What is known of a value that is not known exactly."""
    low, high = part.get("value_low"), part.get("value_high")
    if part.get("unit") == "d" or (low is None and high is None):
        return "unknown" if part.get("verdict") != "fail" else "never or too late"
    sides = [f"at least {low:g}" if low is not None else "", f"at most {high:g}" if high is not None else ""]
    return f"{' and '.join(side for side in sides if side)} {part['unit']}"


def amount_text(amount: float, unit: str | None) -> str:
    """An amount with its unit: areas in hectares, distances in kilometres from one of them on."""
    if unit == "m²" and abs(amount) >= 10_000:
        return f"{amount / 10_000:,.1f} ha"
    if unit == "m" and abs(amount) >= 1_000:
        return f"{amount / 1_000:,.1f} km"
    if unit == "d":
        return f"{amount:.0f} days"
    if unit in ("km", "min", "%"):
        return f"{amount:,.1f}".removesuffix(".0") + f" {unit}"
    return f"{amount:,.0f} {unit}" if unit != "MW" else f"{amount:.3g} MW"


def print_match(match: Document, screen: Console) -> None:
    """Print every verdict and every point of one plot."""
    rank = f"rank {match['rank']}" if match["rank"] else "not ranked"
    told = f"{match['name']}, {match['reference']}" if match["name"] else match["reference"]
    screen.print(
        f"{told} (id {match['plot_id']}), {match['municipality']}: tier {match['tier']}, {rank}, score"
        f" {score_text(match)}",
        style="bold",
        markup=False,
    )
    for must in match["musts"]:
        mark, style = VERDICT_MARK[must["verdict"]]
        text = fail_text(must) if must["verdict"] == "fail" else f"{must_text(must)}: {value_text(must)}"
        screen.print(Text.assemble((f"{mark} ", style), text))
    if match.get("fit"):
        screen.print(match["fit"]["text"], markup=False)
    if match["contributions"]:
        screen.print(points_table(match))
    if match["ask"]:
        screen.print(f"Ask: {', '.join(label(name).lower() for name in match['ask'])}", markup=False)
    if "counterfactuals" in match:
        print_plot_advice(match, screen)


def points_table(match: Document) -> Table:
    """The points won and lost, and their sums."""
    table = Table(box=None, pad_edge=False, padding=(0, 2, 0, 0), show_footer=True)
    table.add_column("Wish", footer="Sum")
    table.add_column("Value", overflow="fold")
    table.add_column("Points", justify="right", footer=f"{match['score']:.1f}")
    table.add_column("Lost", justify="right", footer=f"{100 - match['score']:.1f}")
    for part in match["contributions"]:
        unsure = "" if part["known"] else " (expected)"
        table.add_row(
            Text(label(part["criterion"])),
            Text(value_text(part) + unsure),
            f"{part['points']:.1f}",
            f"{part['lost']:.1f}",
        )
    return table
