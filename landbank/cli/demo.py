"""`landbank demo`: an inventory of invented plots, to look at and to measure with."""

from __future__ import annotations

from typing import Annotated

import typer

from landbank.cli.common import console, open_from_environment, working


def demo(
    plots: Annotated[int, typer.Option(min=1, max=5_000_000, help="How many plots to invent.")] = 250,
    seed: Annotated[
        int, typer.Option(min=0, help="Another seed, another inventory; the same, the same.")
    ] = 1,
) -> None:
    """Fill an empty inventory with invented plots, every one labelled synthetic.

    Parks, plots, plans and prices are invented; the municipalities and the roads, ports and terminals that distances
    are measured to are real. Up to 3 000 plots lie in the 13 municipalities of the Göteborg region, more are spread
    over all of Sweden. An inventory that holds plots already is left as it is.

    Example: `landbank demo --plots 1000 --seed 7`
    """
    from landbank.services.load_demo import load_demo

    with open_from_environment(migrating=True) as landbank:
        with landbank.reading() as store:
            today = store.standing.inventory().today
        with (
            working("Inventing plots", total=plots) as advance,
            landbank.changing(
                actor="landbank demo", reason=f"seed {seed}", timeout_ms=0, is_bulk=True
            ) as store,
        ):
            loaded = load_demo(store, on=today, plots=plots, seed=seed, advance=advance)
    console().print(
        f"{loaded.plots} synthetic plots in {loaded.municipalities} municipalities, {loaded.rows} rows in all."
    )
