"""All jobs: their names, what they do, and when. This is the one place to add one.

Times are those of cron, in UTC. A time that passed while no worker ran is made up for within a day. Jobs with `in_turn`
are done one after the other in the order in which they came, so that what stands first here is done first: terms that
are over end before the plots are checked and letters are written; they are
tried again a few times only, since the others wait for them.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any, Final

from landbank.jobs import work
from landbank.services.write_mail import SEND_JOB


@dataclass(frozen=True, slots=True)
class Job:
    """A kind of job. `run` gets the workplace and the job's arguments; `cron` is None for one that others ask for."""

    name: str
    run: Callable[..., Any]
    cron: str | None = None
    in_turn: bool = False


JOBS: Final[tuple[Job, ...]] = (
    Job(work.FOLLOW_JOB, work.follow_changes),
    Job("expire_terms", work.expire_terms, "10 1 * * *", in_turn=True),
    Job("check_everything", work.check_everything, "20 1 * * *", in_turn=True),
    Job("announce_endings", work.announce_endings, "40 1 * * *", in_turn=True),
    Job("forget_the_old", work.forget_the_old, "50 1 * * *", in_turn=True),
    Job("write_weekly_lists", work.write_weekly_lists, "0 5 * * 1", in_turn=True),
    Job("send_waiting", work.send_waiting, "*/10 * * * *"),
    Job(SEND_JOB, work.send_letter),
)
