"""Items of any collection: a page in any order, one by its id, and how many there are; the whole is never loaded."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import lru_cache
from typing import Any

from sqlalchemy import Connection, Select, Text, any_, cast, func, literal_column, select, text
from sqlalchemy.exc import DataError, OperationalError

from landbank.domain.filter import EVERYTHING, Kind, Selection, properties_of
from landbank.domain.moment import Moment
from landbank.errors import Invalid
from landbank.geo.named_crs import CRS84, NamedCrs
from landbank.store.catalogue import Stamp
from landbank.store.collections import Collection
from landbank.store.filter_places import postgis
from landbank.store.filter_sql import conditions
from landbank.store.paging import After, SortKey, behind, order_of
from landbank.store.past import Reader
from landbank.store.relation import Relation, Sql, relation_for, relation_of

Key = int | str

CHEAP_COST = 50_000
"""What the planner may expect a count to cost before it is run against the clock; about 0.1 s."""
BUDGET_MS = 300
"""How long a count that looks costly may run."""


class Form(StrEnum):
    """How a geometry is read: as the text of a GeoJSON geometry, as WKB (x before y), or not at all."""

    GEOJSON = "geojson"
    WKB = "wkb"
    NONE = "none"


@dataclass(frozen=True, slots=True)
class Shown:
    """What of an item is read: the properties (None for all), the geometry's form and CRS, and whether as GeoJSON in
    longitude and latitude too."""

    names: tuple[str, ...] | None = None
    form: Form = Form.GEOJSON
    crs: NamedCrs = CRS84
    with_lonlat: bool = False


WHOLE = Shown()


@dataclass(frozen=True, slots=True)
class Feature:
    """One item: its id, its properties, its geometry in the form asked for, and in longitude and latitude where asked
    for; either may be None."""

    key: Key
    properties: dict[str, Any]
    geometry: Any
    lonlat: str | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """Items in order, where to go on (None when these were the last), and the state of the inventory now that they
    show (None without items, and at another moment)."""

    features: tuple[Feature, ...]
    next_after: After | None
    stamp: Stamp | None


@dataclass(frozen=True, slots=True)
class Number:
    """How many items are selected; `is_exact` is False for an estimate of the planner."""

    value: int
    is_exact: bool


class Features:
    """Reads the collections, as they are now or were at a moment. Each method refuses (`Invalid`) to speak of the past
    of a collection that has none."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._connection = connection
        self._reader = Reader(connection, moment)

    def page(
        self,
        collection: Collection,
        selection: Selection = EVERYTHING,
        *,
        shown: Shown = WHOLE,
        order: tuple[SortKey, ...] = (),
        after: After | None = None,
        limit: int = 100,
    ) -> Page:
        """At most `limit` items behind `after`, in one statement.

        The ids are found first, by the table's indexes; facts are gathered for these alone.
        """
        refuse_without_past(collection, self._reader.moment)
        names = properties_of(selection.condition) | {key.name for key in order}
        relation = relation_for(collection, names)
        columns = order_of(relation, order)
        held = conditions(relation, selection)
        if after is not None:
            held.append(behind(columns, after))
        found = (
            select(relation.key)
            .where(*held)
            .order_by(*(column.ordered for column in columns))
            .limit(limit + 1)
            .correlate(None)
            .scalar_subquery()
        )
        facts, read = _read(collection, shown)
        shown_order = order_of(facts, order)
        statement = (
            select(*read, *(column.value for column in shown_order), *_STAMP)
            # An array and no join: a view of so many parts is planned apart, with the facts of all plots gathered.
            .where(facts.key == any_(func.array(found)))
            .order_by(*(column.ordered for column in shown_order))
        )
        rows = self._rows(statement)
        features = self._features(collection, shown, rows[:limit])
        if not rows:
            return Page((), None, None)
        stamp = Stamp(rows[0][-2], rows[0][-1]) if self._reader.moment is None else None
        last = tuple(rows[limit - 1][len(read) : -2]) if len(rows) > limit else None
        return Page(tuple(features), last, stamp)

    def item(self, collection: Collection, key: Key, *, shown: Shown = WHOLE) -> Feature | None:
        """The item with that id, or None, in one statement."""
        refuse_without_past(collection, self._reader.moment)
        facts, read = _read(collection, shown)
        rows = self._rows(select(*read).where(facts.key == key))
        return next(iter(self._features(collection, shown, rows)), None)

    def count(self, collection: Collection, selection: Selection = EVERYTHING) -> int:
        """How many items are selected, exactly."""
        refuse_without_past(collection, self._reader.moment)
        return int(self._rows(_counting(collection, selection))[0][0])

    def number(
        self,
        collection: Collection,
        selection: Selection = EVERYTHING,
        *,
        budget_ms: int = BUDGET_MS,
        cheap_cost: float = CHEAP_COST,
    ) -> Number:
        """How many items are selected: counted, or the planner's estimate where counting takes too long."""
        refuse_without_past(collection, self._reader.moment)
        statement = _counting(collection, selection)
        cost, rows = self._expected(statement)
        if cost <= cheap_cost:
            return Number(int(self._rows(statement)[0][0]), is_exact=True)
        before = self._connection.execute(text("SELECT current_setting('statement_timeout')")).scalar_one()
        point = self._connection.begin_nested()
        try:
            self._limit_time(f"{budget_ms}ms")
            counted = int(self._rows(statement)[0][0])
        except OperationalError as error:
            point.rollback()
            if getattr(error.orig, "sqlstate", None) != "57014":
                raise
            return Number(rows, is_exact=False)
        point.commit()
        self._limit_time(before)
        return Number(counted, is_exact=True)

    def _rows(self, statement: Select[Any]) -> Sequence[Any]:
        """The rows of a statement.

        Raises
        ------
        Invalid
            A filter asks for a number that there is not, such as one that is too large.
        """
        try:
            return self._reader.select(statement).all()
        except DataError as error:
            said = (
                getattr(getattr(error.orig, "diag", None), "message_primary", None)
                or "a value can't be computed"
            )
            raise Invalid(
                f"The filter can't be worked out for every item: {said}.", where="filter"
            ) from error

    def _limit_time(self, longest: str) -> None:
        self._connection.execute(
            text("SELECT set_config('statement_timeout', :longest, true)"), {"longest": longest}
        )

    def _expected(self, statement: Select[Any]) -> tuple[float, int]:
        """What the planner expects: cost of the count, and rows that it counts."""
        written, bound = self._reader.written(statement)
        told = self._connection.exec_driver_sql(f"EXPLAIN (FORMAT JSON) {written}", bound).scalar_one()
        plan = told[0]["Plan"]
        below = plan
        while below["Node Type"] in ("Aggregate", "Gather", "Gather Merge"):
            below = below["Plans"][0]
        return float(plan["Total Cost"]), int(below["Plan Rows"])

    def _features(self, collection: Collection, shown: Shown, rows: Sequence[Any]) -> list[Feature]:
        names = _names(collection, shown)
        end = 3 + len(names)
        return [Feature(row[0], dict(zip(names, row[3:end], strict=True)), row[1], row[2]) for row in rows]


def refuse_without_past(collection: Collection, moment: Moment | None) -> None:
    """Return if the collection can be read at the moment (None: now); raises `Invalid` else."""
    if moment is not None and not collection.has_past:
        raise Invalid(
            f"The collection '{collection.name}' is a reference layer: it has no past, only what was loaded last.",
            hint="Ask for it without as_of and valid_on.",
            where=next(iter(moment.asked.parameters())),
        )


_STAMP: tuple[Sql, ...] = (
    literal_column("(SELECT revision FROM landbank.inventory)"),
    literal_column("current_date"),
)


def _counting(collection: Collection, selection: Selection) -> Select[Any]:
    relation = relation_for(collection, properties_of(selection.condition))
    return select(func.count()).select_from(relation.source).where(*conditions(relation, selection))


def _names(collection: Collection, shown: Shown) -> tuple[str, ...]:
    return tuple(one.name for one in collection.columns) if shown.names is None else shown.names


@lru_cache(maxsize=256)
def _read(collection: Collection, shown: Shown) -> tuple[Any, tuple[Any, ...]]:
    """The relation that facts are read from, and what is read: id, geometry, that in lon and lat, properties."""
    facts = relation_of(collection, in_facts=True)
    lonlat = _geometry(facts.geometry, Form.GEOJSON if shown.with_lonlat else Form.NONE, CRS84)
    own = _geometry(facts.geometry, shown.form, shown.crs)
    return facts, (facts.key, own, lonlat, *(_plain(facts, name) for name in _names(collection, shown)))


def _plain(facts: Relation, name: str) -> Sql:
    """A property as the driver gives it: what it has a class of its own for is told as text."""
    value = facts.value(name)
    return cast(value, Text) if facts.collection.by_name[name].kind is Kind.UUID else value


def _geometry(stored: Sql, form: Form, crs: NamedCrs) -> Sql:
    """The geometry in the CRS, axis order and form asked for.

    GeoJSON in longitude and latitude has its outer rings counter-clockwise. Source: RFC 7946, 3.1.6.
    """
    if form is Form.NONE:
        return literal_column("NULL")
    moved = postgis.st_transform(stored, crs.srid)
    if form is Form.WKB:
        return postgis.st_asbinary(moved)  # type: ignore[no-any-return]
    turned = postgis.st_flipcoordinates(moved) if crs.is_northing_first else postgis.st_forcepolygonccw(moved)
    return postgis.st_asgeojson(turned, crs.decimals, 0)  # type: ignore[no-any-return]
