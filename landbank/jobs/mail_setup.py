"""From settings to a mail server, and to the key of the stop links, which is made when it is first needed."""

from __future__ import annotations

import os
import secrets
import ssl
from pathlib import Path
from typing import Final

from landbank.errors import Invalid, Unavailable
from landbank.mail import MailServer, StopTokens
from landbank.settings import Settings

KEY_BYTES: Final = 32


def mail_server(settings: Settings) -> MailServer | None:
    """The mail server of the settings, or None where mail is off.

    Raises
    ------
    Invalid
        The settings don't fit together, or a file that they name can't be read.
    """
    if settings.smtp_host is None:
        return None
    if settings.mail_from is None:
        raise Invalid(
            "Mail has a server and no sender.",
            hint="Set LANDBANK_MAIL_FROM to the address that letters come from.",
            where="LANDBANK_MAIL_FROM",
        )
    return MailServer(
        host=settings.smtp_host,
        port=settings.smtp_port,
        security=settings.smtp_security,
        sender=settings.mail_from,
        user=settings.smtp_user,
        password=_password(settings.smtp_password_file),
        tls=_trust(settings.smtp_ca_file),
    )


def stop_tokens(settings: Settings) -> StopTokens:
    """The stop links' signatures, with the key of the file that the settings name or of the home.

    Where the file is not there it is made, readable by its owner alone; several landbanks on one database must share
    it.

    Raises
    ------
    Unavailable
        The file can't be read or made, or is too short for a key.
    """
    path = settings.mail_key_file or settings.home / "mail.key"
    try:
        _make_key(path)
        key = path.read_bytes()
    except OSError as error:
        raise Unavailable(
            f"The key of the stop links can't be read or made in {path}: {error.strerror}.",
            hint="Set LANDBANK_MAIL_KEY_FILE to a file that landbank may read.",
            where="LANDBANK_MAIL_KEY_FILE",
        ) from error
    if len(key) < KEY_BYTES:
        raise Unavailable(
            f"The key of the stop links in {path} is too short.",
            hint=f"It needs at least {KEY_BYTES} random bytes.",
            where="LANDBANK_MAIL_KEY_FILE",
        )
    return StopTokens(key)


def _make_key(path: Path) -> None:
    """Make the file with a random key, unless it is there: written aside first, so that nobody reads half of it."""
    if path.exists():
        return
    path.parent.mkdir(parents=True, exist_ok=True)
    aside = path.with_name(f".{path.name}.{secrets.token_hex(6)}")
    handle = os.open(aside, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    try:
        os.write(handle, secrets.token_bytes(KEY_BYTES))
        os.fsync(handle)
        os.link(aside, path)
    except FileExistsError:
        pass  # another process made it first, and its key holds
    finally:
        os.close(handle)
        aside.unlink()


def _password(path: Path | None) -> str | None:
    if path is None:
        return None
    try:
        return path.read_text(encoding="utf-8").rstrip("\r\n")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(
            f"The file with the mail server's password, {path}, can't be read.",
            hint="Name a text file that landbank may read.",
            where="LANDBANK_SMTP_PASSWORD_FILE",
        ) from error


def _trust(path: Path | None) -> ssl.SSLContext | None:
    if path is None:
        return None
    try:
        return ssl.create_default_context(cafile=str(path))
    except (OSError, ssl.SSLError) as error:
        raise Invalid(
            f"The certificates in {path} can't be read.",
            hint="Name a PEM file with certificates.",
            where="LANDBANK_SMTP_CA_FILE",
        ) from error
