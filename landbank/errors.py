"""Error families: what went wrong, which thing, why, and what to do about it.

One table here gives each family its HTTP status, and one its exit code, so that a page, an API answer
and a command say the same of the same fault. Nothing in this module knows of HTTP or of a terminal.
"""

from __future__ import annotations


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


class Unavailable(LandbankError):
    """Something landbank needs does not answer or is not installed."""

    title = "Unavailable"
    slug = "unavailable"


HTTP_STATUS: dict[type[LandbankError], int] = {
    Invalid: 400,
    NotFound: 404,
    Gone: 410,
    Conflict: 409,
    Unavailable: 503,
}

EXIT_CODE: dict[type[LandbankError], int] = {
    Invalid: 2,
    NotFound: 4,
    Gone: 4,
    Conflict: 5,
    Unavailable: 6,
}
