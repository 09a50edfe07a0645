"""Error families: what went wrong, which thing, why, and what to do about it.

One table here gives each family its HTTP status, and one its exit code, so that a page, an API answer
and a command say the same of the same fault. Nothing in this module knows of HTTP or of a terminal.
"""

from __future__ import annotations

from typing import Any


class LandbankError(Exception):
    """A fault with a clear text for the person who can do something about it.

    Parameters
    ----------
    message
        One sentence: what, which and why.
    hint
        What to do, or None.
    where
        The field, parameter, file or row that the fault sits in, or None.
    """

    title = "Error"
    slug = "error"

    def __init__(self, message: str, *, hint: str | None = None, where: str | None = None) -> None:
        super().__init__(message)
        self.message = message
        self.hint = hint
        self.where = where

    def __str__(self) -> str:
        return f"{self.message} {self.hint}" if self.hint else self.message

    def members(self) -> dict[str, Any]:
        """What else programs are told of the fault, as JSON values by name; nothing unless a family adds something."""
        return {}


class Invalid(LandbankError):
    """What was asked or given can't be right: a wrong value, file, parameter or coordinate."""

    title = "Invalid input"
    slug = "invalid"


class NotFound(LandbankError):
    """No such thing, and there never was one that we know of."""

    title = "Not found"
    slug = "not-found"


class Gone(LandbankError):
    """It was there and has ended; nothing replaced it."""

    title = "Gone"
    slug = "gone"


class Conflict(LandbankError):
    """The thing changed meanwhile, or the change contradicts what stands."""

    title = "Conflict"
    slug = "conflict"


class Stale(Conflict):
    """The change was made against a version that is not the newest any more."""

    title = "Changed meanwhile"
    slug = "stale"


class Unconditional(LandbankError):
    """A change that names no version: two people could overwrite each other."""

    title = "Version required"
    slug = "version-required"


class NotSignedIn(LandbankError):
    """Only somebody who is signed in may do this, and nobody is, or not any more."""

    title = "Sign-in required"
    slug = "sign-in-required"


class Forbidden(LandbankError):
    """Whoever asks is known, and may not do this."""

    title = "Not permitted"
    slug = "forbidden"


class TooMany(LandbankError):
    """Too many attempts in too short a time."""

    title = "Too many attempts"
    slug = "too-many"


class Unavailable(LandbankError):
    """Something landbank needs does not answer or is not installed."""

    title = "Unavailable"
    slug = "unavailable"


HTTP_STATUS: dict[type[LandbankError], int] = {
    Invalid: 400,
    NotFound: 404,
    Gone: 410,
    Stale: 412,
    Conflict: 409,
    Unconditional: 428,
    NotSignedIn: 401,
    Forbidden: 403,
    TooMany: 429,
    Unavailable: 503,
}

EXIT_CODE: dict[type[LandbankError], int] = {
    Invalid: 2,
    NotFound: 4,
    Gone: 4,
    Conflict: 5,
    Unconditional: 5,
    NotSignedIn: 7,
    Forbidden: 7,
    TooMany: 7,
    Unavailable: 6,
}
