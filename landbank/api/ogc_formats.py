"""Which format an answer is written in: as the parameter `f` says, else what the caller accepts best.

Source: OGC 17-069r4, 7.5 and 7.6; RFC 9110, 12.5.1.
"""

from __future__ import annotations

from collections.abc import Sequence
from enum import StrEnum

from fastapi import Request
from starlette.exceptions import HTTPException

from landbank.errors import Invalid


class Format(StrEnum):
    """The formats by the value of `f`."""

    JSON = "json"
    HTML = "html"
    JSONFG = "jsonfg"
    CSV = "csv"
    FGB = "fgb"
    PARQUET = "parquet"


GEOJSON = "application/geo+json"
SCHEMA = "application/schema+json"
ITEM_TYPES = {
    Format.JSON: GEOJSON,
    Format.JSONFG: GEOJSON,
    Format.HTML: "text/html",
    Format.CSV: "text/csv; charset=utf-8",
    Format.FGB: "application/flatgeobuf",
    Format.PARQUET: "application/vnd.apache.parquet",
}
"""Media type of items in each format."""
_PLAIN = (Format.JSON, Format.JSONFG, Format.CSV, Format.FGB, Format.PARQUET)
_ALSO = {
    "application/json": Format.JSON,
    SCHEMA: Format.JSON,
    "application/xhtml+xml": Format.HTML,
    "application/vnd.ogc.fg+json": Format.JSONFG,
}
"""Media types that are asked for and mean the same. JSON-FG goes out as GeoJSON, told apart by its profile."""


def has_pages(request: Request) -> bool:
    """Whether pages for people can be made: the web assets were built."""
    return getattr(request.app.state, "pages", None) is not None


def of_document(request: Request) -> tuple[Format, ...]:
    """The formats of a document."""
    return (Format.JSON, Format.HTML) if has_pages(request) else (Format.JSON,)


def of_one_item(request: Request) -> tuple[Format, ...]:
    """The formats of one item."""
    return (*of_document(request), Format.JSONFG)


def of_items(request: Request) -> tuple[Format, ...]:
    """The formats of a page of items."""
    return tuple(Format) if has_pages(request) else _PLAIN


def format_of(request: Request, offered: Sequence[Format]) -> Format:
    """The format to answer in.

    Raises
    ------
    Invalid
        `f` names none of those offered.
    HTTPException
        406: the caller accepts none of them.
    """
    named = request.query_params.get("f")
    if named is not None:
        if named not in offered:
            raise Invalid(
                f"There is no format '{named[:40]}' here.", hint=f"Known: {', '.join(offered)}.", where="f"
            )
        return Format(named)
    accepted = request.headers.get("accept", "*/*")
    chosen = best_of(accepted, offered)
    if chosen is None:
        listed = ", ".join(ITEM_TYPES[one].split(";")[0] for one in offered)
        raise HTTPException(406, f"None of the accepted formats is written here; there are {listed}.")
    return chosen


def best_of(accepted: str, offered: Sequence[Format]) -> Format | None:
    """The format that an Accept header likes best, the first offered among equals; None where it likes none."""
    weighed: list[tuple[float, bool, int, Format]] = []
    for part in accepted.split(","):
        media, *parameters = (word.strip().lower() for word in part.split(";"))
        quality = _quality(parameters)
        for place, one in enumerate(offered):
            if quality > 0 and _is_meant(media, one):
                weighed.append((-quality, media.endswith("*"), place, one))
    return min(weighed)[3] if weighed else None


def _quality(parameters: Sequence[str]) -> float:
    for parameter in parameters:
        name, _, value = parameter.partition("=")
        if name.strip() == "q":
            try:
                return min(max(float(value), 0.0), 1.0)
            except ValueError:
                return 0.0
    return 1.0


def _is_meant(media: str, one: Format) -> bool:
    own = ITEM_TYPES[one].split(";")[0]
    if media in ("*/*", "") or _ALSO.get(media) is one:
        return True
    return media == own or (media.endswith("/*") and own.startswith(media[:-1]))
