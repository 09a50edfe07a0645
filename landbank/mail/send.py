"""Hands a letter over to an SMTP server, and says what became of it without naming anybody.

The moment of no return is known: the server has taken a letter once the line with the single dot that ends it is
answered. Just before that line is sent the caller is asked, so that it can note that it begins; whoever finds that note
without an answer knows that the letter may have arrived.

Source: RFC 5321, 4.1.1.4 (DATA), 4.5.2 (transparency); RFC 3834 (automatic mail); RFC 8058 (one-click stop).
"""

from __future__ import annotations

import contextlib
import re
import smtplib
import socket
import ssl
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from email.errors import MessageError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from email.utils import format_datetime
from enum import StrEnum
from typing import Final, Literal

from landbank.errors import Unavailable

TIMEOUT_S: Final = 30.0
LINE_STARTS: Final = re.compile(rb"(?m)^\.")

Security = Literal["starttls", "tls", "none"]


class MailRefused(Unavailable):
    """A letter was not taken. `is_final` says that the server will not take it later either; no address is named."""

    title = "Mail not sent"

    def __init__(self, message: str, *, is_final: bool) -> None:
        super().__init__(message)
        self.is_final = is_final


class Outcome(StrEnum):
    """What became of a letter that was not refused."""

    SENT = "sent"
    WITHDRAWN = "withdrawn"
    UNCERTAIN = "uncertain"


@dataclass(frozen=True, slots=True, repr=False)
class MailServer:
    """Where letters are handed over, and as whom. `tls` checks certificates; None takes the system's trust."""

    host: str
    port: int
    security: Security
    sender: str
    sender_name: str = "landbank"
    user: str | None = None
    password: str | None = None
    tls: ssl.SSLContext | None = None


@dataclass(frozen=True, slots=True, repr=False)
class Envelope:
    """A finished letter with its reader. `key` makes its Message-ID, the same at each attempt."""

    key: str
    recipient: str
    subject: str
    text: str
    html: str
    language: str
    written_at: datetime
    stop_url: str | None = None


def hand_over(server: MailServer, letter: Envelope, may_end: Callable[[], bool]) -> Outcome:
    """Hand a letter over; SENT once the server has answered for it.

    `may_end` is asked when everything but the last line has been sent; where it answers False the connection is
    dropped, the server has nothing, and WITHDRAWN comes back. UNCERTAIN means that the server went away after the
    last line, without an answer.

    Raises
    ------
    MailRefused
        The server can't be reached, or refuses the letter; it has not got it.
    """
    message = bytes_of(server, letter)
    try:
        smtp = _connection(server)
        try:
            _say(smtp.mail(server.sender), "sender")
            _say(smtp.rcpt(letter.recipient), "reader")
            return _data(smtp, message, may_end)
        finally:
            _leave(smtp)
    except smtplib.SMTPResponseException as error:
        raise _refused(error.smtp_code, "session") from None
    except (OSError, smtplib.SMTPException) as error:
        # The error's own text may quote the server, and with it an address.
        raise MailRefused(
            f"The mail server can't be reached or breaks off ({type(error).__name__}).", is_final=False
        ) from None


def bytes_of(server: MailServer, letter: Envelope) -> bytes:
    """The letter as it goes over the wire: CRLF at each line's end, no line that begins with a single dot."""
    raw = message_of(server, letter).as_bytes(policy=SMTP)
    return LINE_STARTS.sub(b"..", raw if raw.endswith(b"\r\n") else raw + b"\r\n")


def message_of(server: MailServer, letter: Envelope) -> EmailMessage:
    """The letter as a message: plain text with an HTML twin, marked as written by a program.

    Raises
    ------
    MailRefused
        Sender or reader is no address, or a header would not stay on its line.
    """
    if not (server.sender + letter.recipient).isascii():
        raise MailRefused("Addresses with letters beyond ASCII are not supported.", is_final=True)
    message = EmailMessage(policy=SMTP)
    try:
        sender = Address(server.sender_name, addr_spec=server.sender)
        message["From"] = sender
        message["To"] = Address(addr_spec=letter.recipient)
        message["Subject"] = letter.subject
        message["Date"] = format_datetime(letter.written_at)
        message["Message-ID"] = f"<{letter.key}@{sender.domain}>"
        message["Auto-Submitted"] = "auto-generated"
        if letter.stop_url:
            message["List-Unsubscribe"] = f"<{letter.stop_url}>"
            message["List-Unsubscribe-Post"] = "List-Unsubscribe=One-Click"
    except (MessageError, ValueError, IndexError, AttributeError):
        raise MailRefused(
            "The letter's sender, reader or subject can't stand in a header.", is_final=True
        ) from None
    message.set_content(letter.text, cte="quoted-printable")
    message.add_alternative(letter.html, subtype="html", cte="quoted-printable")
    message["Content-Language"] = (
        letter.language
    )  # after the content, which would take it into its first part
    return message


def _connection(server: MailServer) -> smtplib.SMTP:
    """A session that is encrypted and signed in as the settings ask."""
    context = server.tls or ssl.create_default_context()
    name = socket.gethostname() or "localhost"
    if server.security == "tls":
        smtp: smtplib.SMTP = smtplib.SMTP_SSL(
            server.host, server.port, local_hostname=name, timeout=TIMEOUT_S, context=context
        )
    else:
        smtp = smtplib.SMTP(server.host, server.port, local_hostname=name, timeout=TIMEOUT_S)
    try:
        if server.security == "starttls":
            smtp.starttls(context=context)
        smtp.ehlo_or_helo_if_needed()
        if server.user is not None:
            smtp.login(server.user, server.password or "")
    except BaseException:
        smtp.close()
        raise
    return smtp


def _data(smtp: smtplib.SMTP, message: bytes, may_end: Callable[[], bool]) -> Outcome:
    """The letter itself; the last line only where the caller lets it end."""
    code, _ = smtp.docmd("DATA")
    if code != 354:
        raise _refused(code, "letter")
    smtp.send(message)
    if not may_end():
        smtp.close()
        return Outcome.WITHDRAWN
    try:
        smtp.send(b".\r\n")
        code, _ = smtp.getreply()
    except (OSError, smtplib.SMTPException):
        return Outcome.UNCERTAIN
    if code != 250:
        raise _refused(code, "letter")
    return Outcome.SENT


def _leave(smtp: smtplib.SMTP) -> None:
    """Say goodbye, if anybody still listens: what was answered for stays so, whatever happens now."""
    with contextlib.suppress(OSError, smtplib.SMTPException):
        smtp.quit()
    smtp.close()


def _say(reply: tuple[int, bytes], what: str) -> None:
    if reply[0] not in (250, 251):
        raise _refused(reply[0], what)


def _refused(code: int, what: str) -> MailRefused:
    """The refusal by the server's code. Source: RFC 5321, 4.2.1.

    5xx is for good where it is about the letter or its reader; about the session or the sender it is a setting that
    an operator can put right.
    """
    is_final = 500 <= code < 600 and what in {"reader", "letter"}
    return MailRefused(f"The mail server refuses the {what} with code {code}.", is_final=is_final)
