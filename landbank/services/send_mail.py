"""Send one letter: claimed, handed over, noted. Whatever is killed when, a letter is never sent twice by itself.

The steps are transactions of their own. Until handing over begins an attempt can be repeated without harm. From then
on the letter is closed: sent where the server answered, put back where it refused, uncertain where nobody knows.
"""

from __future__ import annotations

import hashlib
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import datetime
from typing import Final, Protocol

from landbank.domain.codes import MailState
from landbank.mail import Envelope, MailRefused, MailServer, Outcome, hand_over

MOST_ATTEMPTS: Final = 90
"""With an hour between the later ones, a server may be away for more than three days."""


class Claim(Protocol):
    """A letter that is about to be handed over."""

    @property
    def mail_id(self) -> int: ...
    @property
    def attempt(self) -> int: ...
    @property
    def key(self) -> str: ...
    @property
    def language(self) -> str: ...
    @property
    def recipient(self) -> str: ...
    @property
    def subject(self) -> str: ...
    @property
    def text(self) -> str: ...
    @property
    def html(self) -> str: ...
    @property
    def stop_url(self) -> str | None: ...
    @property
    def created_at(self) -> datetime: ...


class MailStore(Protocol):
    """Keeps letters."""

    def claim(self, mail_id: int) -> Claim | None: ...
    def may_end(self, mail_id: int, attempt: int) -> bool: ...
    def close(self, mail_id: int, attempt: int, state: MailState, error: str | None = None) -> None: ...
    def wait_again(self, mail_id: int, attempt: int, error: str) -> None: ...


class Store(Protocol):
    """One transaction."""

    @property
    def mails(self) -> MailStore: ...


Transactions = Callable[[], AbstractContextManager[Store]]


def send_mail(opening: Transactions, mail_id: int, server: MailServer | None) -> MailState:
    """The state of the letter afterwards; without a server it goes on waiting.

    Raises
    ------
    MailRefused
        The server did not take it this time; it waits for a further attempt.
    """
    if server is None:
        return MailState.WAITING
    with opening() as store:
        claim = store.mails.claim(mail_id)
    if claim is None:
        return MailState.DROPPED

    def may_end() -> bool:
        with opening() as store:
            return store.mails.may_end(mail_id, claim.attempt)

    try:
        outcome = hand_over(server, envelope_of(claim), may_end)
    except MailRefused as refusal:
        return _refused(opening, claim, refusal)
    if outcome is Outcome.WITHDRAWN:
        return MailState.DROPPED  # a later attempt has it
    state = MailState.SENT if outcome is Outcome.SENT else MailState.UNCERTAIN
    with opening() as store:
        store.mails.close(mail_id, claim.attempt, state)
    return state


def envelope_of(claim: Claim) -> Envelope:
    """The letter for the wire; its key hides what it is about and whom it is for."""
    return Envelope(
        key=f"landbank.{claim.mail_id}.{hashlib.sha256(claim.key.encode()).hexdigest()[:16]}",
        recipient=claim.recipient,
        subject=claim.subject,
        text=claim.text,
        html=claim.html,
        language=claim.language,
        written_at=claim.created_at,
        stop_url=claim.stop_url,
    )


def _refused(opening: Transactions, claim: Claim, refusal: MailRefused) -> MailState:
    """Give the letter up, or put it back and raise, so that the queue tries again later."""
    with opening() as store:
        if refusal.is_final or claim.attempt >= MOST_ATTEMPTS:
            store.mails.close(claim.mail_id, claim.attempt, MailState.FAILED, refusal.message)
            return MailState.FAILED
        store.mails.wait_again(claim.mail_id, claim.attempt, refusal.message)
    raise refusal
