"""The query of an OGC request: a box, a time, and where the next page begins. Each fault is a 400 that names it.

Source: OGC API - Features - Part 1: Core, OGC 17-069r4, 7.15.
"""

from __future__ import annotations

import base64
import binascii
import math
from datetime import date, datetime
from hashlib import blake2b

import orjson

from landbank.errors import Invalid
from landbank.geo.tile import on_map
from landbank.store.collections import Collection, Kind
from landbank.store.features import Box, Key, Selection

BBOX_HINT = "Give west,south,east,north in degrees, for example bbox=11.8,57.5,12.3,57.9."
DATETIME_HINT = "Give a date or a time as RFC 3339 has it, or two of them as from/to, '..' for an open end."


def read_selection(bbox: str | None, time: str | None) -> Selection:
    """The selection that the parameters `bbox` and `datetime` make.

    Raises
    ------
    Invalid
        One of them can't be read.
    """
    first, last = (None, None) if time is None else read_period(time)
    return Selection(() if bbox is None else read_bbox(bbox), first, last)


def read_bbox(text: str) -> tuple[Box, ...]:
    """The boxes in EPSG:3857 metres of `west,south,east,north` in degrees; two where it crosses 180 degrees.

    Six numbers are a box with heights, which don't matter to land.
    """
    try:
        numbers = [float(part) for part in text.split(",")]
    except ValueError as error:
        raise Invalid("The bbox holds something else than numbers.", hint=BBOX_HINT, where="bbox") from error
    if len(numbers) == 6:
        numbers = [*numbers[:2], *numbers[3:5]]
    if len(numbers) != 4:
        raise Invalid(f"The bbox has {len(numbers)} numbers.", hint=BBOX_HINT, where="bbox")
    west, south, east, north = numbers
    if not all(math.isfinite(number) for number in numbers):
        raise Invalid("The bbox holds a number that is not finite.", hint=BBOX_HINT, where="bbox")
    if max(abs(west), abs(east)) > 180 or max(abs(south), abs(north)) > 90:
        raise Invalid("The bbox reaches beyond 180 or 90 degrees.", hint=BBOX_HINT, where="bbox")
    if south > north:
        raise Invalid("The bbox has its south above its north.", hint=BBOX_HINT, where="bbox")
    spans = [(west, east)] if west <= east else [(west, 180.0), (-180.0, east)]
    return tuple((*on_map(left, south), *on_map(right, north)) for left, right in spans)


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
    if not (text.isascii() and text.isdigit()) or int(text) > 2**63 - 1:
        return None
    return int(text)


def write_token(collection: Collection, asked: str, after: Key) -> str:
    """The token that goes on after an item, for the same question (`asked`) to the same collection alone."""
    return base64.urlsafe_b64encode(orjson.dumps([_mark(collection, asked), after])).rstrip(b"=").decode()


def read_token(collection: Collection, asked: str, token: str) -> Key:
    """The id that a token goes on after.

    Raises
    ------
    Invalid
        The token is none of ours, or belongs to another question.
    """
    try:
        mark, after = orjson.loads(base64.urlsafe_b64decode(token + "=" * (-len(token) % 4)))
    except (binascii.Error, ValueError, TypeError) as error:
        raise _not_ours() from error
    kind = str if collection.key_kind is Kind.TEXT else int
    if mark != _mark(collection, asked) or type(after) is not kind:
        raise _not_ours()
    key = read_key(collection, str(after))
    if key is None:
        raise _not_ours()
    return key


def _mark(collection: Collection, asked: str) -> str:
    return blake2b(f"{collection.name}\n{asked}".encode(), digest_size=6).hexdigest()


def _not_ours() -> Invalid:
    return Invalid(
        "The parameter next does not belong to this question.",
        hint="Follow the link 'next' of a page as it stands, or begin again without it.",
        where="next",
    )
