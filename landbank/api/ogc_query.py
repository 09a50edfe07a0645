"""The query of a request for items, read into what is selected, in which order, and how it is shown.

Each fault is a 400 that names the parameter and what is wrong. Source: OGC 17-069r4, 7.15; 18-058r1, 6; 19-079r2, 7 to
9; drafts 24-030 (sorting) and 24-019 (property selection).
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from fastapi import Request

from landbank.api.moment import PARAMETERS
from landbank.api.ogc_schemas import codes_of
from landbank.domain.filter import Call, Kind, Literal, Node, Property, Selection, all_of, fault
from landbank.domain.filter_check import checked
from landbank.domain.filter_json import read_json
from landbank.domain.filter_shapes import box_of
from landbank.domain.filter_text import read_text, text_literal
from landbank.domain.filter_times import moment_literal
from landbank.errors import Invalid
from landbank.geo.named_crs import CRS84, NamedCrs, named_crs
from landbank.geo.place_filter import placed, widened
from landbank.store.collections import Collection
from landbank.store.features import Key
from landbank.store.paging import SortKey

MOST_ITEMS = 1000
USUAL_ITEMS = 100
MOST_SORT_KEYS = 5
OF_ITEMS = (
    "f", "lang", "profile", "limit", "next", "bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs",
    "crs", "sortby", "properties", "exclude-properties", *PARAMETERS,
)  # fmt: skip
OF_ONE_ITEM = ("f", "lang", "profile", "crs", "properties", "exclude-properties", *PARAMETERS)
SELECTING = ("bbox", "bbox-crs", "datetime", "filter", "filter-lang", "filter-crs", "sortby", *PARAMETERS)
"""What makes another question, beside the simple queryables; links to further pages belong to one."""
LANGUAGES: dict[str, Callable[[str], Node]] = {"cql2-text": read_text, "cql2-json": read_json}
"""What a filter may be written in, the default first."""

BBOX_HINT = "Give west,south,east,north in degrees, for example bbox=11.8,57.5,12.3,57.9, or name a bbox-crs."
DATETIME_HINT = "Give a date or a time as RFC 3339 has it, or two of them as from/to, '..' for an open end."
_WHOLE = re.compile(r"[+-]?\d{1,18}", re.ASCII)
_NUMBER = re.compile(r"[+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?", re.ASCII)


@dataclass(frozen=True, slots=True)
class ShownAs:
    """How items are shown: which properties (None for all), whether with geometry, and in which CRS."""

    names: tuple[str, ...] | None
    with_geometry: bool
    crs: NamedCrs


@dataclass(frozen=True, slots=True)
class ItemsQuery:
    """What was asked of a collection's items. `question` stands for what selects and sorts them, for page links."""

    selection: Selection
    order: tuple[SortKey, ...]
    limit: int
    following: str | None
    shown: ShownAs
    question: str


def read_items_query(request: Request, collection: Collection) -> ItemsQuery:
    """The query of a page of items.

    Raises
    ------
    Invalid
        A parameter is unknown, given twice, or has a value that can't be right.
    """
    given = parameters(request, (*OF_ITEMS, *filterable(collection)), told=OF_ITEMS)
    asked = sorted(
        (name, value) for name, value in given.items() if name in SELECTING or name not in OF_ITEMS
    )
    return ItemsQuery(
        selection=read_selection(collection, given),
        order=read_order(collection, given.get("sortby")),
        limit=read_limit(given.get("limit")),
        following=given.get("next"),
        shown=read_shown(collection, given),
        question=f"{collection.name} {collection.layer_id or ''}?{urlencode(asked, errors='surrogatepass')}",
    )


def parameters(
    request: Request, known: tuple[str, ...], *, told: tuple[str, ...] | None = None
) -> dict[str, str]:
    """The query's parameters by name; one that is not known, or is given twice, is refused.

    Source: OGC 17-069r4, 7.15.1. `told` are those that the refusal lists.
    """
    pairs = request.query_params.multi_items()
    given = dict(pairs)
    for name in given:
        if name not in known:
            listed = ", ".join(told or known) or "none"
            more = ", and simple queryables" if told else ""
            raise Invalid(
                f"There is no query parameter '{name[:60]}' here.",
                hint=f"Known: {listed}{more}.",
                where=name[:60],
            )
    if len(pairs) > len(given):
        twice = next(name for name in given if [one for one, _ in pairs].count(name) > 1)
        raise Invalid(f"The query parameter '{twice}' is given more than once.", where=twice)
    return given


def filterable(collection: Collection) -> list[str]:
    """The queryables that are query parameters too: those with one simple value whose name is not taken."""
    simple = (one.name for one in collection.columns if one.kind is not Kind.TEXTS)
    return [name for name in simple if name not in OF_ITEMS]


def read_selection(collection: Collection, given: dict[str, str]) -> Selection:
    """What the parameters select; every one of them must hold."""
    conditions: list[Node] = []
    if (bbox := given.get("bbox")) is not None:
        conditions.append(read_bbox(collection, bbox, read_crs(given, "bbox-crs")))
    elif "bbox-crs" in given:
        read_crs(given, "bbox-crs")
    if (text := given.get("filter")) is not None:
        conditions.append(read_filter(collection, text, given))
    else:
        refuse_wrong_filter_parameters(given)
    conditions += [
        queryable_is(collection, name, given[name]) for name in filterable(collection) if name in given
    ]
    first, last = read_period(given["datetime"]) if "datetime" in given else (None, None)
    return Selection(all_of(conditions), first, last)


def read_crs(given: dict[str, str], name: str) -> NamedCrs:
    """The CRS that a parameter names; longitude and latitude without it."""
    return named_crs(given[name], name) if name in given else CRS84


def read_filter(collection: Collection, text: str, given: dict[str, str]) -> Node:
    """The filter, checked against the collection's queryables and placed where it is searched."""
    read = refuse_wrong_filter_parameters(given)
    root = checked(read(text), collection.queryables)
    return placed(root, read_crs(given, "filter-crs"), collection.outline_srid)


def refuse_wrong_filter_parameters(given: dict[str, str]) -> Callable[[str], Node]:
    """What reads the filter's language; `Invalid` for one, or a CRS, that is not offered."""
    language = given.get("filter-lang", "cql2-text")
    if language not in LANGUAGES:
        raise Invalid(
            f"Filters are not read in '{language[:40]}'.",
            hint=f"Known: {', '.join(LANGUAGES)}.",
            where="filter-lang",
        )
    read_crs(given, "filter-crs")
    return LANGUAGES[language]


def read_bbox(collection: Collection, text: str, crs: NamedCrs) -> Node:
    """The condition that an item touches `west,south,east,north`; a box across 180 degrees is two."""
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise Invalid("The bbox holds something else than numbers.", hint=BBOX_HINT, where="bbox") from error
    shape = Property(collection.geometry_name, "bbox", Kind.GEOMETRY)
    box = widened(box_of(numbers, "bbox"), crs)
    condition = Call("s_intersects", (shape, box), "bbox", Kind.BOOLEAN)
    return placed(condition, crs, collection.outline_srid)


def queryable_is(collection: Collection, name: str, text: str) -> Node:
    """The condition that a property has the value of the query parameter of its name."""
    kind = collection.by_name[name].kind
    codes = codes_of(collection, name)
    if codes and text not in codes:
        raise Invalid(
            f"'{text[:40]}' is none of the values of {name}.", hint=f"Known: {', '.join(codes)}.", where=name
        )
    node = Call("=", (Property(name, name), read_value(text, kind, name)), name)
    return checked(node, collection.queryables)


def read_value(text: str, kind: Kind, name: str) -> Literal:
    """The value of a query parameter, as the queryable's kind has it."""
    if kind in (Kind.DATE, Kind.DATETIME):
        return moment_literal(text, kind, name)
    if kind is Kind.BOOLEAN:
        if text not in ("true", "false"):
            raise fault(f"'{text[:40]}' is neither true nor false.", name)
        return Literal(text == "true", Kind.BOOLEAN, name)
    if kind is Kind.INTEGER:
        if not _WHOLE.fullmatch(text):
            raise fault(f"'{text[:40]}' is no whole number of at most 18 digits.", name)
        return Literal(int(text), Kind.INTEGER, name)
    if kind is Kind.NUMBER:
        if not _NUMBER.fullmatch(text) or float(text) in (float("inf"), float("-inf")):
            raise fault(f"'{text[:40]}' is no number.", name)
        return Literal(float(text), Kind.NUMBER, name)
    return text_literal(text, name)


def read_order(collection: Collection, text: str | None) -> tuple[SortKey, ...]:
    """What to sort by: `name` or `+name` upwards, `-name` downwards; several apart by commas."""
    if text is None:
        return ()
    keys = []
    for part in text.split(","):
        name = part.strip()
        is_descending = name.startswith("-")
        name = name[1:] if name[:1] in "+-" else name
        if name not in collection.sortables:
            raise Invalid(
                f"Items can't be sorted by '{name[:60]}'.",
                hint=f"Sortable: {', '.join(collection.sortables)}."[:500],
                where="sortby",
            )
        keys.append(SortKey(name, is_descending))
    names = [key.name for key in keys]
    if len(keys) > MOST_SORT_KEYS or len(set(names)) < len(names):
        raise Invalid(f"Name at most {MOST_SORT_KEYS} properties to sort by, each once.", where="sortby")
    return tuple(keys)


def read_limit(text: str | None) -> int:
    """How many items a page holds at most; above the largest page it is the largest page, no error."""
    if text is None:
        return USUAL_ITEMS
    if not re.fullmatch(r"\d{1,9}", text, re.ASCII) or int(text) < 1:
        raise Invalid(
            f"'{text[:40]}' is no number of items.",
            hint=f"Give a whole number from 1 to {MOST_ITEMS}.",
            where="limit",
        )
    return min(int(text), MOST_ITEMS)


def read_shown(collection: Collection, given: dict[str, str]) -> ShownAs:
    """Which properties are shown and in which CRS; the geometry is one of the properties."""
    crs = read_crs(given, "crs")
    chosen, left_out = given.get("properties"), given.get("exclude-properties")
    if chosen is None and left_out is None:
        return ShownAs(None, True, crs)
    if chosen is not None and left_out is not None:
        raise Invalid("Give properties or exclude-properties, not both.", where="exclude-properties")
    every = [*collection.by_name, collection.geometry_name]
    named = _names(chosen, every, "properties") if chosen is not None else None
    hidden = _names(left_out, every, "exclude-properties") if left_out is not None else frozenset()
    kept = [name for name in every if (name in named if named is not None else name not in hidden)]
    with_geometry = collection.geometry_name in kept
    return ShownAs(tuple(name for name in kept if name in collection.by_name), with_geometry, crs)


def _names(text: str, every: list[str], where: str) -> frozenset[str]:
    names = [part.strip() for part in text.split(",") if part.strip()]
    for name in names:
        if name not in every:
            raise Invalid(
                f"There is no property '{name[:60]}'.",
                hint=f"There are {', '.join(every)}."[:500],
                where=where,
            )
    return frozenset(names)


def read_period(text: str) -> tuple[date | None, date | None]:
    """First and last day of a time or a period; None where it is open."""
    parts = text.split("/")
    if len(parts) > 2:
        raise Invalid("The datetime has more than two ends.", hint=DATETIME_HINT, where="datetime")
    if len(parts) == 1:
        day = read_day(parts[0])
        return day, day
    first, last = (None if part in {"", ".."} else read_day(part) for part in parts)
    if first is not None and last is not None and first > last:
        raise Invalid("The datetime ends before it begins.", hint=DATETIME_HINT, where="datetime")
    return first, last


def read_day(text: str) -> date:
    """The day of a date or of a time with zone."""
    try:
        if len(text) == 10:
            return date.fromisoformat(text)
        moment = datetime.fromisoformat(text.upper())
    except ValueError as error:
        raise Invalid(f"'{text[:40]}' is no date or time.", hint=DATETIME_HINT, where="datetime") from error
    if moment.tzinfo is None:
        raise Invalid("The datetime names no time zone.", hint=DATETIME_HINT, where="datetime")
    return moment.date()


def read_key(collection: Collection, text: str) -> Key | None:
    """The id as the collection has it; None where no item can have such an id."""
    if collection.key_kind is Kind.TEXT:
        return None if "\x00" in text or not text.isprintable() else text
    if not re.fullmatch(r"-?\d{1,19}", text, re.ASCII) or abs(int(text)) > 2**63 - 1:
        return None
    return int(text)
