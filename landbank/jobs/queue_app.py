"""The queue's library, set up: its connections with landbank's schema on the path, and a task for each job."""

from __future__ import annotations

import logging
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any, Final

from procrastinate import App, BaseRetryStrategy, PsycopgConnector, RetryDecision
from procrastinate.jobs import Job as QueuedJob

from landbank.errors import LandbankError
from landbank.jobs.registry import JOBS, Job
from landbank.jobs.workplace import Workplace

MADE_UP_FOR_S: Final = 25 * 3600
"""A time that passed at most so long ago while no worker ran is made up for."""

LONGEST_WAIT_S: Final = 3600.0
MOST_IN_TURN: Final = 5
log = logging.getLogger("landbank.jobs")


@dataclass(frozen=True, slots=True)
class Backoff(BaseRetryStrategy):
    """Try again after a wait that doubles, up to an hour, as long as landbank itself tells what went wrong.

    At most `most` times, where that is set. A fault of the code is not tried again: it would fail the same way; the
    queue shows it as failed.
    """

    first_wait_s: float = 30.0
    most: int | None = None

    def get_retry_decision(self, *, exception: BaseException, job: QueuedJob) -> RetryDecision | None:
        """When to try again; None for never."""
        if not isinstance(exception, LandbankError) or (self.most is not None and job.attempts >= self.most):
            return None
        wait_s = min(self.first_wait_s * 2 ** min(job.attempts, 20), LONGEST_WAIT_S)
        return RetryDecision(retry_at=datetime.now(UTC) + timedelta(seconds=wait_s))


def make_app(place: Workplace, *, jobs: Sequence[Job] = JOBS, first_wait_s: float = 30.0) -> App:
    """The library's application around a workplace; nothing is connected yet."""
    app = App(
        connector=PsycopgConnector(
            conninfo=place.address,
            min_size=1,
            max_size=4,
            kwargs={"options": "-c search_path=landbank,public", "application_name": "landbank jobs"},
        ),
        periodic_defaults={"max_delay": MADE_UP_FOR_S},
    )
    for job in jobs:
        _add(app, place, job, Backoff(first_wait_s, MOST_IN_TURN if job.in_turn else None))
    return app


def _add(app: App, place: Workplace, job: Job, retry: Backoff) -> None:
    """Make a task of a job; the time that a periodic one was due at is not its business."""

    def run(timestamp: int | None = None, **arguments: Any) -> None:  # noqa: ARG001 - the library's
        job.run(place, **arguments)
        log.info("job %s done", job.name)

    task = app.task(
        name=job.name,
        lock="in turn" if job.in_turn else None,
        retry=retry,
    )(run)
    if job.cron:
        app.periodic(cron=job.cron)(task)
