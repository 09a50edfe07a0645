"""What all answers under /ogc share: who asks, in which words, links to other formats, how long they are kept."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from hashlib import blake2b
from typing import Any
from urllib.parse import urlencode

import orjson
from fastapi import Request, Response

from landbank.api.conditional import FRESH, SETTLED
from landbank.api.health import own_version
from landbank.api.i18n import Language
from landbank.api.links import link, public_address
from landbank.api.ogc_formats import ITEM_TYPES, Format
from landbank.api.permits import actor_of
from landbank.domain.moment import Moment
from landbank.domain.people import Permission
from landbank.errors import Invalid
from landbank.geo.named_crs import NamedCrs
from landbank.store.collections import COLLECTIONS

FORMAT_NAMES = {
    Format.JSON: "JSON",
    Format.HTML: "HTML",
    Format.JSONFG: "JSON-FG",
    Format.CSV: "CSV",
    Format.FGB: "FlatGeobuf",
    Format.PARQUET: "GeoParquet",
}
PREFIX = "/ogc"
RELATIONS = "http://www.opengis.net/def/rel/ogc/1.0/"


@dataclass(frozen=True, slots=True)
class Asked:
    """A request under /ogc: the public address of /ogc, the path below it, the query, and who asks."""

    address: str
    path: str
    query: tuple[tuple[str, str], ...]
    sees_planning: bool
    language: Language

    @property
    def own_path(self) -> str:
        """The path on this site, as pages name theirs."""
        return PREFIX + self.path

    @property
    def here(self) -> str:
        """Path and query on this site."""
        return PREFIX + self.url().removeprefix(self.address)

    def url(self, path: str | None = None, **changed: str | None) -> str:
        """The address of this, or of another path with this query, some parameters changed; None leaves one out."""
        names = {name.replace("_", "-"): value for name, value in changed.items()}
        kept = [(name, value) for name, value in self.query if name not in names]
        pairs = [*kept, *((name, value) for name, value in names.items() if value is not None)]
        query = urlencode(pairs, safe=",:/()'*", errors="surrogatepass")
        return f"{self.address}{self.path if path is None else path}{f'?{query}' if query else ''}"

    def tag(self, state: object, chosen: Format) -> str:
        """An entity tag of this address in a format, in a state of the inventory."""
        told = (state, chosen, self.path, self.query, self.sees_planning, self.language, own_version())
        return f'"{blake2b(repr(told).encode("utf-8", "backslashreplace"), digest_size=10).hexdigest()}"'


def asked_of(request: Request, name: str | None = None) -> Asked:
    """What is known of a request before it is answered; `name` is that of the collection that it is about.

    Who asks is not found out for collections of the inventory, which are the same for everybody, so that their answers
    may be kept.

    Raises
    ------
    Invalid
        `lang` names no language of the pages.
    """
    return Asked(
        address=f"{public_address(request)}{PREFIX}",
        path=request.url.path.removeprefix(PREFIX),
        query=tuple(request.query_params.multi_items()),
        sees_planning=name not in COLLECTIONS and actor_of(request).may(Permission.READ_PLANNING),
        language=language_of(request),
    )


def language_of(request: Request) -> Language:
    """The language of pages: as `lang` says, else the one of the two that is accepted first, else Swedish."""
    named = request.query_params.get("lang")
    if named is not None and named not in tuple(Language):
        raise Invalid(f"There is no language '{named[:20]}'.", hint="Known: sv, en.", where="lang")
    return told_language(request)


def told_language(request: Request) -> Language:
    """The same, whatever `lang` says: for error pages, which are made whatever is wrong."""
    named = request.query_params.get("lang")
    if named in tuple(Language):
        return Language(named)
    for part in request.headers.get("accept-language", "").split(","):
        word = part.split(";")[0].strip().lower()[:2]
        if word in tuple(Language):
            return Language(word)
    return Language.SV


def format_links(
    asked: Asked, chosen: Format, offered: Sequence[Format], kinds: dict[Format, str]
) -> list[dict[str, str]]:
    """A link to this document as it is, and one to each other format. Source: OGC 17-069r4, 7.5 and 7.15.5."""
    own = link(asked.url(), "self", kinds[chosen].split(";")[0], title="This document")
    others = [
        link(asked.url(f=str(one), next=None) if one is Format.HTML else asked.url(f=str(one)), "alternate",
             kinds[one].split(";")[0], title=f"This document as {FORMAT_NAMES[one]}")
        for one in offered
        if one is not chosen
    ]  # fmt: skip
    return [own, *others]


def document_types(media_type: str = "application/json") -> dict[Format, str]:
    """The media types of a document that is JSON and a page."""
    return {Format.JSON: media_type, Format.HTML: ITEM_TYPES[Format.HTML]}


def caching(moment: Moment | None = None) -> dict[str, str]:
    """Headers that let an answer be kept: asked about each time, or for a day where nothing can be added to its moment.

    They are for what everybody sees; visitors.py lets nobody keep what was made for somebody.
    """
    return {
        "Cache-Control": SETTLED if moment is not None and moment.is_settled else FRESH,
        "Vary": "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie",
    }


def crs_header(crs: NamedCrs) -> dict[str, str]:
    """The CRS of the answer's coordinates. Source: OGC 18-058r1, 6.4."""
    return {"Content-Crs": f"<{crs.uri}>"}


def link_header(links: Sequence[dict[str, str]]) -> dict[str, str]:
    """The links as a header. Source: RFC 8288."""
    told = (f'<{one["href"]}>; rel="{one["rel"]}"; type="{one["type"]}"' for one in links)
    return {"Link": ", ".join(told).encode("ascii", "backslashreplace").decode()}


def json_answer(told: Any, headers: dict[str, str], media_type: str = "application/json") -> Response:
    """A document as JSON."""
    return Response(orjson.dumps(told), headers=headers, media_type=media_type)
