"""Terms in months and years, as Swedish law counts them."""

from __future__ import annotations

from calendar import monthrange
from datetime import date


def add_months(day: date, months: int) -> date:
    """The last day of a term of so many months that is counted from `day`.

    It is the day of the same number, or the month's last where it has none of that number.

    Source: lag (1930:173) om beräkning av lagstadgad tid, 1 §.
    """
    count = day.year * 12 + day.month - 1 + months
    year, month = divmod(count, 12)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))
