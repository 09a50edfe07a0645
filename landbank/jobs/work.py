"""What each job does, by the services; nothing here decides anything."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from typing import Final

from landbank.codelists.fields import load_fields
from landbank.domain.codes import MailKind, MailState
from landbank.domain.people import SYSTEM
from landbank.jobs.workplace import Workplace
from landbank.services.check_plots import FOLLOWER, check_all, check_changes
from landbank.services.expire_commitments import Expired, expire_commitments
from landbank.services.keep_quality import keep_quality, thin_out_quality
from landbank.services.send_mail import send_mail
from landbank.services.write_mail import put_sending
from landbank.wiring import Landbank

FOLLOW_JOB: Final = "follow_changes"
KEEP_JOBS: Final = timedelta(days=30)
KEEP_LETTERS: Final = timedelta(days=90)
WEEKLY_HOLDS: Final = timedelta(days=6)
"""A weekly list that has waited longer is replaced by the next one."""


def is_behind(place: Workplace) -> bool:
    """Whether the inventory has changed since the checks last ran, or they never did."""
    with place.landbank.reading() as store:
        progress = store.followers.progress(FOLLOWER)
        return progress is None or progress.revision < store.standing.inventory().revision


def ask_for_checks(place: Workplace) -> None:
    """Put the following of changes into the queue where there are some, unless it is there already."""
    if is_behind(place):
        with place.upkeep() as store:
            store.queue.put(FOLLOW_JOB, once=True)


def follow_changes(place: Workplace) -> None:
    """Check what changed since the checks last ran, and count the quality where it did."""
    done = check_changes(place.upkeep)
    if done.municipalities:
        count_quality(place, sorted(done.municipalities))


def check_everything(place: Workplace) -> None:
    """Check every plot, and keep each municipality's quality of the day."""
    check_all(place.upkeep)
    with place.landbank.reading() as store:
        codes = list(store.standing.municipalities())
    count_quality(place, codes)


def count_quality(place: Workplace, codes: list[str]) -> None:
    """Keep some municipalities' quality of today, one transaction each."""
    for code in codes:
        with place.upkeep() as store:
            today = store.standing.inventory().today
            keep_quality(store, [code], day=today, ages=load_fields().max_ages)


def expire_terms(place: Workplace) -> None:
    """Bring about what time alone does: terms that are over end, those that end soon are noted, names are forgotten."""
    pass_time(place.landbank)


def pass_time(landbank: Landbank, on: date | None = None) -> tuple[Expired, int]:
    """What time alone brought about up to a day, the database's own where none is given; and the kept answers removed.

    It waits its turn among those who change plots; a second time on the same day changes nothing.
    """
    with landbank.changing(actor=SYSTEM.id, reason="nightly jobs") as store:
        done = expire_commitments(store, on=on or store.plot_changes.today(), lifecycles=landbank.lifecycles)
        return done, store.kept_answers.forget()


def announce_endings(place: Workplace) -> None:
    """Write to the offices about reservations that end soon or have ended, and note which notices are told.

    The letters come first: should noting fail, it is made up for the next night, and each letter is written once.
    """
    with place.upkeep() as store:
        day = store.standing.inventory().today
        place.writer.expiring(store, day=day)
        told = place.writer.noticed(store, day=day)
    if told:
        with place.landbank.changing(actor=SYSTEM.id, reason="nightly jobs") as store:
            for notice_id in told:
                store.notices.sent(notice_id)


def write_weekly_lists(place: Workplace) -> None:
    """Write the stewards' lists of this week; last week's that were never sent are dropped."""
    with place.upkeep() as store:
        store.mails.drop_old(MailKind.WEEKLY, datetime.now(UTC) - WEEKLY_HOLDS)
        day = store.standing.inventory().today
        place.writer.weekly(store, day=day, ages=load_fields().max_ages)


def send_letter(place: Workplace, mail_id: int) -> MailState:
    """Hand one letter over; where mail is off it goes on waiting."""
    return send_mail(place.upkeep, mail_id, place.server)


def send_waiting(place: Workplace) -> None:
    """Put the sending of every letter that waits into the queue, if mail is on: it may just have been set up."""
    if place.server is None:
        return
    with place.upkeep() as store:
        for mail_id in store.mails.waiting():
            put_sending(store.queue, mail_id)


def forget_the_old(place: Workplace) -> None:
    """Empty letters and delete jobs that ended long ago; keep one day of quality a week."""
    now = datetime.now(UTC)
    with place.upkeep() as store:
        store.mails.forget(now - KEEP_LETTERS)
        store.queue.forget(now - KEEP_JOBS)
        thin_out_quality(store, day=store.standing.inventory().today)
