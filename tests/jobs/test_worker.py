"""The worker as a process: it follows changes, survives its own death, and writes no address anywhere."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import threading
from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import psycopg
import pytest
from sqlalchemy import text

from landbank.jobs import JOBS, Job, Workplace, work
from landbank.jobs.queue_app import Backoff
from landbank.jobs.work import is_behind
from landbank.jobs.worker import Pace, Worker, working_beside
from landbank.services.write_mail import put_sending
from landbank.wiring import Landbank

ROOT = Path(__file__).parents[2]
Mailbox = Any
QUICK = Pace(stalled_s=2.0, follow_s=0.1, poll_s=0.2, first_wait_s=0.2, again_s=0.2)


def a_letter(place: Workplace) -> int:
    """A letter with its job in the queue."""
    with place.upkeep() as store:
        mail_id = store.mails.write(
            key="one", kind="weekly", language="sv", recipient="mark@goteborg.example", subject="Ämne",
            body_text="Hej", body_html="<p>Hej</p>",
        )  # fmt: skip
        assert mail_id is not None
        assert put_sending(store.queue, mail_id)
        assert not put_sending(store.queue, mail_id)
    return mail_id


def state_of(place: Workplace, mail_id: int) -> str:
    """The state of a letter."""
    with place.landbank.reading() as store:
        statement = text("SELECT state FROM landbank.mail WHERE id = :id")
        return str(store.connection.execute(statement, {"id": mail_id}).scalar_one())


@pytest.fixture
def start(
    place: Workplace, mailbox: Mailbox, tmp_path: Path
) -> Iterator[Callable[[], subprocess.Popen[str]]]:
    """Starts `landbank worker` over the test's database and mail server; whatever still runs is killed."""
    started: list[subprocess.Popen[str]] = []

    def begin() -> subprocess.Popen[str]:
        inherited = {name: value for name, value in os.environ.items() if not name.startswith("LANDBANK_")}
        told = {
            "LANDBANK_HOME": str(tmp_path),
            "LANDBANK_DATABASE_URL": place.address,
            "LANDBANK_SMTP_HOST": "127.0.0.1",
            "LANDBANK_SMTP_PORT": str(mailbox.port),
            "LANDBANK_SMTP_SECURITY": "none",
            "LANDBANK_MAIL_FROM": "landbank@example.org",
            "LANDBANK_JOBS_STALLED_AFTER_S": "1",
            "LANDBANK_LOG_LEVEL": "debug",
        }
        started.append(
            subprocess.Popen(
                [sys.executable, "-m", "landbank", "worker"], cwd=ROOT, env={**inherited, **told},
                stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
            )
        )  # fmt: skip
        return started[-1]

    yield begin
    for process in started:
        with process:
            if process.poll() is None:
                process.kill()
                process.communicate()


def test_worker_killed_in_the_middle_of_a_letter_sends_it_once_after_its_restart(
    place: Workplace, mailbox: Mailbox, start: Callable[[], subprocess.Popen[str]], until: Callable[..., None]
) -> None:
    """Killed once while the reader is named, once while the server reads the letter's end; stopped gently at last."""
    first, second = threading.Event(), threading.Event()
    process: list[subprocess.Popen[str]] = []

    def kill_while_the_reader_is_named(_address: str) -> str | None:
        if not first.is_set():
            os.kill(process[-1].pid, signal.SIGKILL)
            first.set()
        return None

    mailbox.handler.on_reader = kill_while_the_reader_is_named
    mail_id = a_letter(place)

    process.append(start())
    until(first.is_set)
    _, told = process[-1].communicate()
    assert (mailbox.letters, state_of(place, mail_id)) == ([], "sending")

    process.append(start())
    until(lambda: state_of(place, mail_id) == "sent")
    assert len(mailbox.letters) == 1

    def kill_at_the_end() -> None:
        os.kill(process[-1].pid, signal.SIGKILL)
        second.set()

    mailbox.handler.on_data = kill_at_the_end
    with place.upkeep() as store:
        other = store.mails.write(
            key="two", kind="weekly", language="sv", recipient="mark@goteborg.example", subject="Två",
            body_text="Hej", body_html="<p>Hej</p>",
        )  # fmt: skip
        assert other is not None
        put_sending(store.queue, other)
    until(second.is_set)
    told += process[-1].communicate()[1]
    mailbox.handler.on_data = lambda: None

    process.append(start())
    until(lambda: state_of(place, other) == "uncertain")
    process[-1].send_signal(signal.SIGTERM)
    out, last = process[-1].communicate(timeout=30)

    subjects = [str(letter["Subject"]) for letter in mailbox.letters]
    assert [one for one in subjects if one in {"Ämne", "Två"}] == ["Ämne", "Två"]
    assert len(set(subjects)) == len(subjects)  # the nightly jobs, made up for, may have written as well
    assert process[-1].returncode == 0
    assert "is taken over from a silent worker" in last
    assert "example" not in out + told + last


def test_worker_follows_changes_and_keeps_the_quality_up_to_date(
    place: Workplace, until: Callable[..., None]
) -> None:
    with working_beside(Worker(place, pace=QUICK, jobs=[job for job in JOBS if not job.cron])):
        until(lambda: not is_behind(place))
        with place.landbank.changing(actor="test") as store:
            store.connection.execute(text("UPDATE landbank.plot SET readiness = NULL"))
        until(lambda: not is_behind(place))
        with place.landbank.reading() as store:
            found = sorted(one.subject for one in store.findings.listed()[0])
            until(lambda: quality_of(place) == ["1480"])

    assert found == ["readiness", "use"]


def quality_of(place: Workplace) -> list[str]:
    """The municipalities whose quality is kept."""
    with place.landbank.reading() as store:
        return [one.municipality_code for one in store.quality.newest()]


def test_server_that_comes_back_gets_the_letter(
    place: Workplace, mailbox: Mailbox, until: Callable[..., None]
) -> None:
    mail_id = a_letter(place)
    replies = iter(["451 later", "421 busy"])
    mailbox.handler.on_data = lambda: next(replies, None)

    with working_beside(Worker(place, pace=QUICK, jobs=[job for job in JOBS if not job.cron])):
        until(lambda: state_of(place, mail_id) == "sent")

    assert len(mailbox.letters) == 1
    with place.landbank.reading() as store:
        [standing] = [one for one in store.queue.standing() if one.name == "send_mail"]
    assert (standing.waiting, standing.working, standing.failed) == (0, 0, 0)


def test_worker_comes_back_after_the_database_dropped_its_connections(
    place: Workplace, mailbox: Mailbox, until: Callable[..., None]
) -> None:
    drop = "SELECT count(pg_terminate_backend(pid)) FROM pg_stat_activity WHERE application_name = 'landbank jobs'"
    with working_beside(Worker(place, pace=QUICK, jobs=[job for job in JOBS if not job.cron])):
        until(lambda: not is_behind(place))
        address = place.landbank.engine.url.set(drivername="postgresql").render_as_string(hide_password=False)
        with psycopg.connect(address) as administrator:
            assert administrator.execute(drop).fetchone() != (0,)
        mail_id = a_letter(place)
        until(lambda: state_of(place, mail_id) == "sent")

    assert len(mailbox.letters) == 1


def test_waiting_letters_go_out_once_mail_is_set_up(
    place: Workplace, mailbox: Mailbox, writer: Any, until: Callable[..., None]
) -> None:
    mail_id = a_letter(place)
    off = Workplace(place.landbank, None, writer)
    others = [job for job in JOBS if not job.cron]

    with working_beside(Worker(off, pace=QUICK, jobs=others)):
        until(lambda: jobs_waiting(place) == 0)
    assert state_of(place, mail_id) == "waiting"

    with working_beside(Worker(place, pace=QUICK, jobs=others)):
        until(lambda: state_of(place, mail_id) == "sent")


def jobs_waiting(place: Workplace) -> int:
    """How many jobs wait or are being done."""
    with place.landbank.reading() as store:
        return sum(one.waiting + one.working for one in store.queue.standing())


def test_fault_of_the_code_is_shown_as_failed_and_not_tried_again(
    place: Workplace, until: Callable[..., None]
) -> None:
    def stumble(_place: Workplace) -> None:
        raise ZeroDivisionError

    with place.upkeep() as store:
        store.queue.put("stumble")
    follow = next(job for job in JOBS if job.name == "follow_changes")

    with working_beside(Worker(place, pace=QUICK, jobs=[Job("stumble", stumble), follow])):
        until(lambda: [one.failed for one in standing(place) if one.name == "stumble"] == [1])


def standing(place: Workplace) -> list[Any]:
    """How the jobs stand."""
    with place.landbank.reading() as store:
        return store.queue.standing()


def test_periodic_jobs_that_were_missed_are_made_up_for_once(
    place: Workplace, until: Callable[..., None]
) -> None:
    done: list[str] = []
    a_while_ago = datetime.now(UTC) - timedelta(hours=2)
    jobs = [
        Job(
            "nightly", lambda _place: done.append("nightly"), f"{a_while_ago.minute} {a_while_ago.hour} * * *"
        ),
        next(job for job in JOBS if job.name == "follow_changes"),
    ]

    for _ in range(2):
        with working_beside(Worker(place, pace=QUICK, jobs=jobs)):
            until(lambda: bool(done))
            until(lambda: not is_behind(place))
            until(lambda: jobs_waiting(place) == 0)

    assert done == ["nightly"]


def test_wait_before_a_further_attempt_doubles_up_to_an_hour() -> None:
    from procrastinate.jobs import Job as QueuedJob

    from landbank.errors import Unavailable

    def wait_s(attempts: int, **limits: Any) -> float | None:
        job = QueuedJob(
            id=1, lock=None, queueing_lock=None, task_name="x", queue="default", attempts=attempts
        )
        told = Backoff(30.0, **limits).get_retry_decision(exception=Unavailable("x"), job=job)
        if told is None:
            return None
        assert told.retry_at is not None
        return round((told.retry_at - datetime.now(UTC)).total_seconds())

    assert [wait_s(n) for n in (0, 1, 2, 6, 7, 100)] == [30, 60, 120, 1920, 3600, 3600]
    assert (wait_s(4, most=5), wait_s(5, most=5)) == (480, None)


def test_every_job_is_named_once_and_its_time_is_one() -> None:
    from croniter import croniter

    assert len({job.name for job in JOBS}) == len(JOBS)
    assert all(croniter.is_valid(job.cron) for job in JOBS if job.cron)
    assert all(callable(job.run) for job in JOBS)


def test_nightly_jobs_run_over_an_inventory(place: Workplace) -> None:
    work.check_everything(place)
    work.announce_endings(place)
    work.forget_the_old(place)

    assert quality_of(place) == ["1441", "1480"]
    with place.landbank.reading() as store:
        assert len(store.mails.waiting()) == 1


def test_jobs_that_ended_a_month_ago_are_deleted(landbank: Landbank) -> None:
    with landbank.upkeep() as store:
        store.queue.put("x")
        store.queue.put("y")
        store.connection.execute(
            text("UPDATE landbank.procrastinate_jobs SET status = 'succeeded' WHERE task_name = 'x'")
        )
        store.connection.execute(
            text("UPDATE landbank.procrastinate_events SET at = now() - interval '31 days'")
        )
    with landbank.upkeep() as store:
        assert store.queue.forget(datetime.now(UTC) - timedelta(days=30)) == 1

    with landbank.reading() as store:
        assert [(one.name, one.waiting) for one in store.queue.standing()] == [("y", 1)]
