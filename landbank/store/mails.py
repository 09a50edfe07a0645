"""Letters and how far each has come, the offices that get them, and what these have chosen.

A letter is claimed with a number of its attempt. Only the newest attempt may let the letter end, and only once: two
workers that hold one letter, one of them thought dead, can't both hand it over.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.codes import ContactKind, MailKind, MailState


@dataclass(frozen=True, slots=True, repr=False)
class Claim:
    """A letter that is about to be handed over."""

    mail_id: int
    attempt: int
    key: str
    kind: MailKind
    language: str
    recipient: str
    subject: str
    text: str
    html: str
    stop_url: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True)
class MailStanding:
    """A letter as an operator sees it: no address and no text."""

    mail_id: int
    kind: MailKind
    state: MailState
    municipality_code: str | None
    attempts: int
    last_error: str | None
    created_at: datetime


@dataclass(frozen=True, slots=True, repr=False)
class Office:
    """A contact that may get mail: real, with an address, and its choices."""

    contact_id: int
    kind: str
    municipality_code: str
    municipality_name: str
    title: str
    email: str
    language: str
    weekly_stopped_at: datetime | None


OFFICE = """SELECT c.id, c.kind, c.municipality_code, m.name, c.title, c.email, coalesce(h.language, 'sv'),
      h.weekly_stopped_at
    FROM landbank.contact c JOIN landbank.municipality m ON m.code = c.municipality_code
    LEFT JOIN landbank.mail_choice h ON h.contact_id = c.id"""


class Mails:
    """Statements about letters."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def write(self, **letter: Any) -> int | None:
        """Keep a new letter (the columns key, kind, language, municipality_code, recipient, subject, body_text,
        body_html, stop_url); its id, or None where that letter was written before."""
        names = tuple(letter)
        statement = (
            f"INSERT INTO landbank.mail ({', '.join(names)}) VALUES ({', '.join(f':{name}' for name in names)})"  # noqa: S608
            " ON CONFLICT (key) DO NOTHING RETURNING id"
        )
        found = self._connection.execute(text(statement), letter).scalar_one_or_none()
        return None if found is None else int(found)

    def claim(self, mail_id: int) -> Claim | None:
        """Take a letter up for handing over; None where there is nothing to do.

        One whose handing over had begun without an answer is marked uncertain instead.
        """
        row = self._connection.execute(
            text(
                """UPDATE landbank.mail SET state = 'sending', attempts = attempts + 1
                   WHERE id = :id AND recipient IS NOT NULL
                     AND (state = 'waiting' OR (state = 'sending' AND handed_over_at IS NULL))
                   RETURNING id, attempts, key, kind, language, recipient, subject, body_text, body_html, stop_url,
                     created_at"""
            ),
            {"id": mail_id},
        ).one_or_none()
        if row is None:
            self._connection.execute(
                text("UPDATE landbank.mail SET state = 'uncertain' WHERE id = :id AND state = 'sending'"),
                {"id": mail_id},
            )
            return None
        return Claim(row[0], row[1], row[2], MailKind(row[3]), *row[4:])

    def may_end(self, mail_id: int, attempt: int) -> bool:
        """Note that handing over begins, if this attempt is the newest and none has begun before."""
        statement = """UPDATE landbank.mail SET handed_over_at = now()
            WHERE id = :id AND attempts = :attempt AND state = 'sending' AND handed_over_at IS NULL"""
        return self._connection.execute(text(statement), {"id": mail_id, "attempt": attempt}).rowcount == 1

    def close(self, mail_id: int, attempt: int, state: MailState, error: str | None = None) -> None:
        """Note what became of an attempt that no later one has overtaken: sent, failed or uncertain."""
        self._connection.execute(
            text(
                """UPDATE landbank.mail SET state = :state, last_error = :error, closed_at = now()
                   WHERE id = :id AND attempts = :attempt AND state IN ('sending', 'uncertain')"""
            ),
            {"id": mail_id, "attempt": attempt, "state": state, "error": error},
        )

    def wait_again(self, mail_id: int, attempt: int, error: str) -> None:
        """Put a letter back after an attempt that the server is known not to have taken."""
        self._connection.execute(
            text(
                """UPDATE landbank.mail SET state = 'waiting', last_error = :error, handed_over_at = NULL
                   WHERE id = :id AND attempts = :attempt AND state IN ('sending', 'uncertain')"""
            ),
            {"id": mail_id, "attempt": attempt, "error": error},
        )

    def send_again(self, mail_id: int) -> bool:
        """Let a failed or uncertain letter wait again, because somebody said so; whether there was one."""
        statement = """UPDATE landbank.mail
            SET state = 'waiting', handed_over_at = NULL, closed_at = NULL, attempts = attempts + 1
            WHERE id = :id AND state IN ('failed', 'uncertain') AND recipient IS NOT NULL"""
        return self._connection.execute(text(statement), {"id": mail_id}).rowcount == 1

    def waiting(self) -> list[int]:
        """Ids of the letters that are not handed over yet, the oldest first."""
        statement = """SELECT id FROM landbank.mail
            WHERE state = 'waiting' OR (state = 'sending' AND handed_over_at IS NULL) ORDER BY id"""
        return list(self._connection.execute(text(statement)).scalars())

    def drop_old(self, kind: MailKind, before: datetime) -> int:
        """Give up waiting letters of a kind that were written before a moment; how many."""
        statement = """UPDATE landbank.mail SET state = 'dropped', closed_at = now()
            WHERE kind = :kind AND state = 'waiting' AND created_at < :before"""
        return self._connection.execute(text(statement), {"kind": kind, "before": before}).rowcount

    def forget(self, before: datetime) -> int:
        """Empty address and text of letters that were closed before a moment; how many."""
        statement = """UPDATE landbank.mail
            SET recipient = NULL, body_text = NULL, body_html = NULL, stop_url = NULL, subject = ''
            WHERE recipient IS NOT NULL AND closed_at < :before"""
        return self._connection.execute(text(statement), {"before": before}).rowcount

    def counts(self) -> dict[MailState, int]:
        """How many letters stand in each state; states without one are left out."""
        rows = self._connection.execute(text("SELECT state, count(*) FROM landbank.mail GROUP BY state"))
        return {MailState(row[0]): row[1] for row in rows}

    def open_letters(self, limit: int = 100) -> list[MailStanding]:
        """Letters that are neither sent nor dropped, the newest first."""
        rows = self._connection.execute(
            text(
                """SELECT id, kind, state, municipality_code, attempts, last_error, created_at FROM landbank.mail
                   WHERE state NOT IN ('sent', 'dropped') ORDER BY id DESC LIMIT :limit"""
            ),
            {"limit": limit},
        )
        return [MailStanding(row[0], MailKind(row[1]), MailState(row[2]), *row[3:]) for row in rows]

    def stewards(self) -> list[Office]:
        """The stewards' offices that get the weekly list, by municipality; invented ones get no mail."""
        return self._offices("WHERE c.kind = 'steward' AND h.weekly_stopped_at IS NULL AND ")

    def keepers_of(self, municipality_code: str) -> list[Office]:
        """The offices that are told of a municipality's commitments: its stewards, or its sellers where it has none."""
        held = self._offices("WHERE c.municipality_code = :code AND ", code=municipality_code)
        return [office for office in held if office.kind == ContactKind.STEWARD] or held

    def office(self, contact_id: int) -> Office | None:
        """One office, whatever it has chosen; None where it has no address, is invented or was never there."""
        found = self._offices("WHERE c.id = :id AND ", id=contact_id)
        return found[0] if found else None

    def choose(self, contact_id: int, *, language: str, weekly_stopped_on: date | datetime | None) -> None:
        """Keep what an office has chosen."""
        self._connection.execute(
            text(
                """INSERT INTO landbank.mail_choice (contact_id, language, weekly_stopped_at)
                   VALUES (:id, :language, :stopped)
                   ON CONFLICT (contact_id) DO UPDATE
                   SET language = excluded.language, weekly_stopped_at = excluded.weekly_stopped_at"""
            ),
            {"id": contact_id, "language": language, "stopped": weekly_stopped_on},
        )

    def _offices(self, condition: str, **bound: Any) -> list[Office]:
        rows = self._connection.execute(
            text(
                f"{OFFICE} {condition} c.email IS NOT NULL AND NOT c.is_synthetic ORDER BY c.municipality_code, c.id"
            ),
            bound,
        )
        return [Office(*row) for row in rows]
