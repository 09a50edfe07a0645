"""What a full answer says beyond the ranked list, in the terminal: sentences from the answer's JSON, few at a time."""

from __future__ import annotations

from typing import Any, Final

from rich.console import Console
from rich.table import Table
from rich.text import Text

from landbank.domain.criteria import CRITERIA

Document = dict[str, Any]

MOST: Final = 3
FEW_PLOTS: Final = 5
"""Below so many plots without a miss, all told relaxations are shown rather than three."""


def print_advice(answer: Document, screen: Console) -> None:
    """Print how sure the order is, what to ask, and what to relax."""
    counts, relaxations = answer["counts"], answer["relaxations"]
    has_few = counts["A"] + counts["B"] < FEW_PLOTS
    if answer["robustness"]:
        section("How sure", [answer["robustness"]["text"]], screen)
    section("Ask first", [answer["ask_first"]["text"]] if answer["ask_first"] else [], screen)
    section("In conflict", texts(answer["conflicts"]["sets"]), screen, answer["conflicts"]["count"])
    shown = len(relaxations["sets"]) if has_few else MOST
    section("To find more", texts(relaxations["sets"])[:shown], screen, relaxations["count"])
    section("Not to be relaxed", texts(relaxations["legal"])[:MOST], screen, relaxations["legal_count"])
    section("Your weights", texts(answer["trade_offs"])[:MOST], screen, len(answer["trade_offs"]))
    section("Counted twice?", texts(answer["alike"])[:MOST], screen, len(answer["alike"]))
    section("Does it fit", [answer["fit"]["text"]] if "fit" in answer else [], screen)
    together = answer.get("assemblies", {"sets": [], "found": 0})
    section("Enough together", texts(together["sets"])[:MOST], screen, together["found"])
    if "differences" in answer:
        screen.print(differences_table(answer["differences"], answer["matches"]))


def print_plot_advice(match: Document, screen: Console) -> None:
    """Print what is said of one plot."""
    ranks = match["rank_range"]
    if ranks:
        told = f"From {ranks['best']} to {ranks['worst']}, whatever the unknown turns out to be."
        section("Rank", [told], screen)
    section("Beaten by", [match["dominated_by"]["text"]] if match["dominated_by"] else [], screen)
    section("What it would need", texts(match["near_miss"]["changes"]) if match["near_miss"] else [], screen)
    section("What would change it", texts(match["counterfactuals"]), screen)


def section(heading: str, told: list[str], screen: Console, count: int = 0) -> None:
    """Print sentences under a heading, and how many more there are; nothing where there are none."""
    if not told:
        return
    screen.print(Text.assemble((f"{heading}: ", "bold"), told[0]))
    for text in told[1:]:
        screen.print(Text(f"  {text}"))
    if count > len(told):
        screen.print(Text(f"  ({count - len(told)} more: --json)", "dim"))


def texts(parts: list[Document]) -> list[str]:
    """The sentences of several parts."""
    return [part["text"] for part in parts]


def differences_table(differences: Document, matches: list[Document]) -> Table:
    """How far each plot is ahead of one, by wish; the parts add up to the difference."""
    against = differences["against"]
    names = {match["plot_id"]: match["name"] or match["reference"] for match in matches}
    table = Table(
        title=f"Points ahead of {against['reference']} (id {against['plot_id']})",
        title_justify="left",
        box=None,
        pad_edge=False,
        padding=(0, 2, 0, 0),
    )
    table.add_column("Plot")
    table.add_column("Together", justify="right")
    for part in differences["plots"][0]["parts"] if differences["plots"] else ():
        table.add_column(CRITERIA[part["criterion"]].label_en, justify="right")
    for plot in differences["plots"]:
        parts = [f"{part['points']:+.1f}" for part in plot["parts"]]
        table.add_row(Text(names[plot["plot_id"]]), f"{plot['points']:+.1f}", *parts)
    return table
