"""Dates and times in a filter. A date stays a date; a time is a moment in UTC. Source: OGC 21-065r2, 6.3; RFC 3339."""

from __future__ import annotations

import re
from datetime import UTC, date, datetime

from landbank.domain.filter import Kind, Literal, fault

_DATE = re.compile(r"\d{4}-\d\d-\d\d", re.ASCII)
_MOMENT = re.compile(r"\d{4}-\d\d-\d\d[Tt ]\d\d:\d\d:\d\d(?:\.\d{1,12})?(?:[Zz]|[+-]\d\d:\d\d)", re.ASCII)


def moment_literal(text: str, kind: Kind, at: str) -> Literal:
    """The date, or the moment in UTC, that a text names.

    Raises
    ------
    Invalid
        It names none, or one that no calendar has.
    """
    try:
        if kind is Kind.DATE and _DATE.fullmatch(text):
            return Literal(date.fromisoformat(text), Kind.DATE, at)
        if kind is Kind.DATETIME and _MOMENT.fullmatch(text):
            return Literal(datetime.fromisoformat(text.upper()).astimezone(UTC), Kind.DATETIME, at)
    except (ValueError, OverflowError) as error:
        raise fault(f"'{text[:40]}' is in no calendar.", at) from error
    wanted = "a date as 2026-11-23" if kind is Kind.DATE else "a time with its zone, as 2026-11-23T12:00:00Z"
    raise fault(f"'{text[:40]}' is not {wanted}.", at)
