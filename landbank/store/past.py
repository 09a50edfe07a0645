"""Any reading statement, asked of an earlier moment: the same text, read through functions that know record time.

A statement names the tables and the flat view as for today. `at` puts the functions of the past in their place
(landbank/store/derived.py makes them), the day in the place of `current_date`, and takes `superseded_at IS NULL` away,
since the functions decide that. So a list, a tile or an export says of the past what it would have said then, and a
statement that is changed is changed for all times. Statements for today are not touched, and not slower.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Final

from sqlalchemy import Connection, CursorResult, Select, text

from landbank.domain.moment import Asked, Moment, refuse_future
from landbank.store.database import read_sql

FACTS: Final = ("plot_use", "restriction", "utility", "access", "price", "value_source")
"""The tables of a plot's many-valued facts, which are versioned in place."""

UNDONE: Final = ("municipality", "area", "plan", "infrastructure")
"""Nouns without versions of their own: what they said earlier is read from the events' before values."""

VIEWS: Final = ("plot_facts", "plot_records", "restriction_facts")
"""The views of plots and their facts, which speak of a day."""

ARGUMENTS: Final = {
    **dict.fromkeys(VIEWS, "{as_of}, {day}, {begun_by}"),
    "plot": "{as_of}, {begun_by}",
    **dict.fromkeys((*FACTS, *UNDONE), "{as_of}"),
}
NAMED = re.compile(
    rf"\blandbank\.({'|'.join(sorted(ARGUMENTS, reverse=True))})\b(?!\s*\()(\s+(?:as\s+)?(\w+))?", re.I
)
CURRENT = re.compile(r"\b(?:\w+\.)?superseded_at IS NULL\b", re.I)
TODAY = re.compile(r"\bcurrent_date\b", re.I)
NO_ALIAS = frozenset(
    ("where", "join", "left", "right", "full", "inner", "cross", "natural", "on", "using", "group", "order", "having",
     "limit", "offset", "union", "for", "lateral")
)  # fmt: skip
"""What can follow a table that has no other name."""

BOUND: Final = {
    "as_of": "CAST(:as_of AS timestamptz)",
    "day": "CAST(:valid_on AS date)",
    "begun_by": "CAST(:begun_by AS date)",
}
"""How a statement of SQLAlchemy's names the moment."""

BOUND_BY_DRIVER: Final = {
    "as_of": "%(as_of)s::timestamptz",
    "day": "%(valid_on)s::date",
    "begun_by": "%(begun_by)s::date",
}
"""How a statement that goes to the driver as it is names the moment."""


def at(statement: str, *, as_of: str, day: str, begun_by: str) -> str:
    """The statement, reading what was recorded at `as_of` (SQL) with dates judged on `day`, of plots begun by then."""
    told = {"as_of": as_of, "day": day, "begun_by": begun_by}

    def called(found: re.Match[str]) -> str:
        name, rest, word = found[1].lower(), found[2] or "", (found[3] or "").lower()
        alias = f" AS {name}" if not word or word in NO_ALIAS else ""
        return f"landbank.{name}_at({ARGUMENTS[name].format(**told)}){alias}{rest}"

    return TODAY.sub(day, CURRENT.sub("true", NAMED.sub(called, statement)))


def parameters_of(moment: Moment) -> dict[str, Any]:
    """The values that a statement made by `at` is bound to."""
    return {
        "as_of": moment.as_of or "infinity",
        "valid_on": moment.valid_on,
        "begun_by": moment.valid_on if moment.is_valid_on_asked else "infinity",
    }


@dataclass(frozen=True, slots=True)
class Reader:
    """Runs reading statements for today, or for the moment that the transaction was opened for."""

    connection: Connection
    moment: Moment | None = None

    def execute(
        self, statement: str, parameters: Mapping[str, Any] | None = None, **options: Any
    ) -> CursorResult[Any]:
        """The statement's result; `options` are execution options of SQLAlchemy."""
        bound = dict(parameters or {})
        if self.moment is not None:
            statement = at(statement, **BOUND)
            bound |= {
                name: value for name, value in parameters_of(self.moment).items() if f":{name}" in statement
            }
        return self.connection.execute(text(statement), bound, execution_options=options)

    def select(self, statement: Select[Any]) -> CursorResult[Any]:
        """The same for a statement that SQLAlchemy writes, whose values are plain: no type of its own turns them."""
        if self.moment is None:
            return self.connection.execute(statement)
        return self.connection.exec_driver_sql(*self.written(statement))

    def written(self, statement: Select[Any]) -> tuple[str, dict[str, Any]]:
        """The text that goes to the driver, and the values that it is bound to."""
        compiled = statement.compile(dialect=self.connection.dialect)
        told, bound = str(compiled), dict(compiled.construct_params())
        if self.moment is None:
            return told, bound
        return at(told, **BOUND_BY_DRIVER), bound | parameters_of(self.moment)


def resolve(connection: Connection, asked: Asked) -> Moment:
    """The moment that was asked for, as the database's clock and history have it.

    Raises
    ------
    Invalid
        It lies in the future.
    """
    row = connection.execute(text(read_sql("moment.sql")), asked_parameters(asked)).one()
    return moment_from(asked, *row)


def asked_parameters(asked: Asked) -> dict[str, Any]:
    """The parameters of moment.sql."""
    is_moment = isinstance(asked.as_of, datetime)
    return {
        "as_of": asked.as_of if is_moment else None,
        "as_of_day": None if is_moment else asked.as_of,
        "valid_on": asked.valid_on,
    }


def moment_from(  # noqa: PLR0917 - the columns of moment.sql in their order
    asked: Asked,
    as_of: datetime | None,
    valid_on: date,
    revision: int,
    changed_at: datetime,
    is_settled: bool,
    now: datetime,
    today: date,
) -> Moment:
    """The moment of a row of moment.sql.

    Raises
    ------
    Invalid
        What was asked for lies in the future.
    """
    refuse_future(asked, now=now, today=today)
    return Moment(
        asked=asked,
        as_of=as_of,
        valid_on=valid_on,
        revision=revision,
        changed_at=changed_at,
        is_settled=is_settled,
    )
