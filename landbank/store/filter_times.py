"""Temporal operators in SQL, over first and last moments. Source: OGC 21-065r2, 7.8.2; Time Ontology in OWL, 4.2."""

from __future__ import annotations

from collections.abc import Callable

from sqlalchemy import TIMESTAMP, Date, DateTime, and_, cast, func, literal_column, or_

from landbank.domain.filter import Kind
from landbank.store.relation import Sql

Ends = tuple[Sql | None, Sql | None, Kind]
_UTC: Sql = literal_column("'UTC'")
_DAY: Sql = literal_column("interval '1 day'")
_INSTANT: Sql = literal_column("interval '1 microsecond'")
_EVER: dict[tuple[Kind, bool], Sql] = {
    (Kind.DATE, False): literal_column("'-infinity'::date", Date()),
    (Kind.DATE, True): literal_column("'infinity'::date", Date()),
    (Kind.DATETIME, False): literal_column("'-infinity'::timestamptz", DateTime(timezone=True)),
    (Kind.DATETIME, True): literal_column("'infinity'::timestamptz", DateTime(timezone=True)),
}


def utc(value: Sql, kind: Kind | None, wanted: Kind, *, is_last: bool) -> Sql:
    """The value as it is, or the first or last moment of a day in UTC where moments are wanted."""
    if kind is not Kind.DATE or wanted is Kind.DATE:
        return value
    midnight = cast(value, TIMESTAMP)
    moment = midnight + _DAY - _INSTANT if is_last else midnight
    return func.timezone(_UTC, moment, type_=DateTime(timezone=True))


def temporal(op: str, left: Ends, right: Ends) -> Sql:
    """The operator between two times or intervals; days are compared with days, else both with moments."""
    wanted = Kind.DATE if left[2] is Kind.DATE and right[2] is Kind.DATE else Kind.DATETIME
    return _RELATIONS[op](*_closed(left, wanted), *_closed(right, wanted))


def _closed(ends: Ends, wanted: Kind) -> tuple[Sql, Sql]:
    first, last, kind = ends
    return (
        _EVER[wanted, False] if first is None else utc(first, kind, wanted, is_last=False),
        _EVER[wanted, True] if last is None else utc(last, kind, wanted, is_last=True),
    )


_RELATIONS: dict[str, Callable[[Sql, Sql, Sql, Sql], Sql]] = {
    "t_after": lambda a, _b, _c, d: a > d,
    "t_before": lambda _a, b, c, _d: b < c,
    "t_disjoint": lambda a, b, c, d: or_(a > d, b < c),
    "t_intersects": lambda a, b, c, d: and_(a <= d, b >= c),
    "t_equals": lambda a, b, c, d: and_(a == c, b == d),
    "t_contains": lambda a, b, c, d: and_(a < c, b > d),
    "t_during": lambda a, b, c, d: and_(a > c, b < d),
    "t_finishedby": lambda a, b, c, d: and_(a < c, b == d),
    "t_finishes": lambda a, b, c, d: and_(a > c, b == d),
    "t_meets": lambda _a, b, c, _d: b == c,
    "t_metby": lambda a, _b, _c, d: a == d,
    "t_overlaps": lambda a, b, c, d: and_(a < c, b > c, b < d),
    "t_overlappedby": lambda a, b, c, d: and_(a > c, a < d, b > d),
    "t_startedby": lambda a, b, c, d: and_(a == c, b > d),
    "t_starts": lambda a, b, c, d: and_(a == c, b < d),
}
"""Each operator over the first and last moments of both sides: a to b, and c to d."""
