"""The worker: does jobs, follows the inventory's changes, and takes over what a dead worker left behind."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import threading
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Final

from procrastinate import App
from procrastinate.exceptions import ConnectorException

from landbank.errors import LandbankError
from landbank.jobs.queue_app import make_app
from landbank.jobs.registry import JOBS, Job
from landbank.jobs.work import ask_for_checks, send_waiting
from landbank.jobs.workplace import Workplace

GRACE_S: Final = 20.0
"""How long jobs under way may take to end once the worker is asked to stop."""

log = logging.getLogger("landbank.jobs")


@dataclass(frozen=True, slots=True)
class Pace:
    """How often the worker looks, in seconds. Whoever is silent for `stalled_s` is taken for dead."""

    stalled_s: float = 20.0
    follow_s: float = 2.0
    poll_s: float = 5.0
    first_wait_s: float = 30.0
    again_s: float = 5.0


class Worker:
    """Does jobs until it is asked to stop; where the database goes away it comes back to it."""

    def __init__(self, place: Workplace, *, pace: Pace | None = None, jobs: Sequence[Job] = JOBS) -> None:
        self.place = place
        self.pace = pace or Pace(stalled_s=place.landbank.settings.jobs_stalled_after_s)
        self.jobs = jobs
        self.stopping = threading.Event()

    def run(self) -> None:
        """Work in this thread until `stop` is called."""
        asyncio.run(self.work())

    def stop(self) -> None:
        """Ask the worker to stop, from any thread; it lets go of no job that it can still end."""
        self.stopping.set()

    async def work(self) -> None:
        """Work until `stop` is called."""
        while not self.stopping.is_set():
            try:
                await self._work_once()
            except Exception as error:
                is_known = isinstance(error, ConnectorException | LandbankError | OSError)
                log.warning("jobs pause: %s", type(error).__name__, exc_info=not is_known)
            await self._pause(self.pace.again_s)

    async def _work_once(self) -> None:
        app = make_app(self.place, jobs=self.jobs, first_wait_s=self.pace.first_wait_s)
        async with app.open_async():
            await asyncio.to_thread(send_waiting, self.place)
            working = asyncio.create_task(
                app.run_worker_async(
                    name="landbank",
                    concurrency=2,
                    fetch_job_polling_interval=self.pace.poll_s,
                    shutdown_graceful_timeout=GRACE_S,
                    update_heartbeat_interval=self.pace.stalled_s / 4,
                    stalled_worker_timeout=self.pace.stalled_s,
                    install_signal_handlers=False,
                )
            )
            beside = [asyncio.create_task(one) for one in (self._follow(), self._rescue(app), self._wait())]
            try:
                await asyncio.wait([working, *beside], return_when=asyncio.FIRST_COMPLETED)
            finally:
                await self._end(working, beside)

    async def _end(self, working: asyncio.Task[None], beside: list[asyncio.Task[None]]) -> None:
        """Let the jobs under way end, then raise what went wrong, if anything did."""
        for task in (working, *beside):
            task.cancel()
        done = await asyncio.gather(working, *beside, return_exceptions=True)
        for result in done:
            if isinstance(result, Exception):
                raise result

    async def _wait(self) -> None:
        """Come back once the worker is asked to stop."""
        while not self.stopping.is_set():
            await asyncio.sleep(0.1)

    async def _pause(self, seconds: float) -> None:
        with contextlib.suppress(TimeoutError):
            await asyncio.wait_for(self._wait(), seconds)

    async def _follow(self) -> None:
        """Ask for the checks whenever the inventory has gone on since they last ran."""
        while True:
            await asyncio.to_thread(ask_for_checks, self.place)
            await asyncio.sleep(self.pace.follow_s)

    async def _rescue(self, app: App) -> None:
        """Put jobs back into the queue whose worker has fallen silent."""
        while True:
            manager = app.job_manager
            for job in await manager.get_stalled_jobs(seconds_since_heartbeat=self.pace.stalled_s):
                log.warning("job %s %s is taken over from a silent worker", job.task_name, job.id)
                await manager.retry_job(job)
            await asyncio.sleep(self.pace.stalled_s / 2)


@contextmanager
def working_beside(worker: Worker) -> Iterator[None]:
    """The worker works in a thread of its own while the context lasts; leaving it lets jobs under way end."""
    thread = threading.Thread(target=worker.run, name="landbank jobs")
    thread.start()
    try:
        yield
    finally:
        worker.stop()
        thread.join()
