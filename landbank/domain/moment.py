"""Two times of a fact: `as_of`, what the inventory said at a moment; `valid_on`, what held on a day.

Record time says when landbank knew something, legal time when it applied. Either can be asked for alone.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime

from landbank.errors import Invalid

DAY = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,6})?)?(Z|[+-]\d\d:\d\d)", re.ASCII)
HINT = "Give a day as 2026-03-01, or a moment with its time zone as 2026-03-01T12:00:00+01:00."


@dataclass(frozen=True, slots=True)
class Asked:
    """What somebody asked for. A day as `as_of` means the end of that day; None means now, or the day of `as_of`."""

    as_of: date | datetime | None = None
    valid_on: date | None = None

    def parameters(self) -> dict[str, str]:
        """The parameters that ask for the same, for links and forms."""
        told = {"as_of": self.as_of, "valid_on": self.valid_on}
        return {name: value.isoformat() for name, value in told.items() if value is not None}

    @property
    def text(self) -> str:
        """The day or moment to name in a heading, without the zone."""
        told = self.as_of or self.valid_on
        if isinstance(told, datetime):
            return told.strftime("%Y-%m-%d %H:%M")
        return "" if told is None else told.isoformat()


@dataclass(frozen=True, slots=True)
class Moment:
    """A moment as the inventory knows it.

    `as_of` is None where the inventory is read as it is recorded now. `revision` is the number of changes accepted by
    then, the last of them at `changed_at`. `is_settled`: a later change stands, so this state never changes any more.
    """

    asked: Asked
    as_of: datetime | None
    valid_on: date
    revision: int
    changed_at: datetime
    is_settled: bool

    @property
    def is_valid_on_asked(self) -> bool:
        """Whether a day was asked for: then plots that began later are left out."""
        return self.asked.valid_on is not None


def read_asked(as_of: str | None, valid_on: str | None) -> Asked | None:
    """What the two parameters ask for; None where both are empty.

    Raises
    ------
    Invalid
        One of them is no day and no moment; `where` names it.
    """
    when = read_time(as_of, "as_of") if as_of else None
    day = read_time(valid_on, "valid_on") if valid_on else None
    if when is None and day is None:
        return None
    return Asked(when, day.date() if isinstance(day, datetime) else day)


def read_time(text: str, name: str) -> date | datetime:
    """A day, or a moment with its time zone. Source: RFC 3339, 5.6.

    Raises
    ------
    Invalid
        The text is neither.
    """
    told = (
        text.strip().upper().replace(" ", "+")
    )  # a plus sign that an address did not escape arrives as a space
    try:
        if DAY.fullmatch(told):
            return date.fromisoformat(told)
        if MOMENT.fullmatch(told):
            return datetime.fromisoformat(told)
    except ValueError as error:
        raise Invalid(f"{told} is not in the calendar.", hint=HINT, where=name) from error
    raise Invalid(f"'{text[:40]}' is no day, and no moment with a time zone.", hint=HINT, where=name)


def refuse_future(asked: Asked, *, now: datetime, today: date) -> None:
    """Return if nothing that was asked for lies after now.

    Raises
    ------
    Invalid
        Something does; `where` names it.
    """
    for name, told in (("as_of", asked.as_of), ("valid_on", asked.valid_on)):
        if told is None:
            continue
        is_later = told > now if isinstance(told, datetime) else told > today
        if is_later:
            raise Invalid(
                f"{told.isoformat()} lies in the future; the inventory can be seen as it was, up to now.",
                hint=f"Give a day up to {today.isoformat()}.",
                where=name,
            )
