"""`landbank jobs run`: what time alone brings about, to be run once a day or as often as one likes."""

from __future__ import annotations

from datetime import date
from enum import StrEnum
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landbank.wiring import Landbank


class Action(StrEnum):
    """What to do with the jobs."""

    RUN = "run"


def jobs(
    _action: Annotated[Action, typer.Argument(metavar="run", help="Run all jobs that are due, once.")],
) -> None:
    """Carry out what time alone brings about; a second run on the same day changes nothing.

    Reservations and allocations whose last day has passed end, and their plots are free again; terms that end soon are
    noted, so that somebody can be told; names of sole traders are forgotten a while after their last commitment; kept
    answers to requests are removed after a day. Each plot's change stands in its history, made by `system`.

    Example: landbank jobs run
    """
    from landbank.cli.common import console, open_from_environment

    with open_from_environment() as landbank:
        for line in run_jobs(landbank):
            console().print(line)


def run_jobs(landbank: Landbank, on: date | None = None) -> list[str]:
    """What the jobs did, a line each; `on` is the day, the database's own where none is given."""
    from landbank.jobs.work import pass_time

    done, forgotten = pass_time(landbank, on)
    freed = f": {', '.join(map(str, done.plots))}" if done.plots else ""
    return [
        f"{len(done.plots)} plots free again since their term is over{freed}",
        f"{done.notices} new notices",
        f"{done.people} names of sole traders forgotten",
        f"{forgotten} kept answers removed",
    ]
