"""The backgrounds that a visitor may switch on, beside landbank's own schematic one.

The own background needs no one else. Each further one makes the visitor's browser ask a foreign host, so
none is on until the visitor switches it on, and its label says where its pictures come from.
"""

from __future__ import annotations

import re
import tomllib
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Literal
from urllib.parse import urlencode, urlsplit

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, model_validator

from landbank.errors import Invalid

Kind = Literal["xyz", "wmts-kvp", "wms"]
Text = Annotated[str, StringConstraints(strip_whitespace=True, min_length=1, max_length=200)]
ADDRESS = re.compile(r"https://[A-Za-z0-9.-]+(:\d+)?/[A-Za-z0-9._~:/?#@!$&()*+=%{}-]*")
PLACEHOLDER = re.compile(r"\{(\w*)\}")


@dataclass(frozen=True, slots=True)
class BaseMap:
    """One background: its names, how its pictures are asked for, and whom to name as its maker."""

    id: str
    name_sv: str
    name_en: str
    kind: Kind
    url: str
    attribution: str
    attribution_url: str | None = None
    max_zoom: int = 18
    layer: str | None = None
    media_type: str = "image/png"

    @property
    def origin(self) -> str:
        """Scheme, host and port that its pictures come from, as the security policy names them."""
        address = urlsplit(self.url)
        return f"{address.scheme}://{address.netloc}"

    @property
    def host(self) -> str:
        """The host alone, for the label."""
        return urlsplit(self.url).hostname or ""

    def as_json(self, lang: str) -> dict[str, object]:
        """What the page's script needs, in the language of the page."""
        answer: dict[str, object] = {
            "id": self.id,
            "name": self.name_sv if lang == "sv" else self.name_en,
            "host": self.host,
            "kind": "wms" if self.kind == "wms" else "xyz",
            "url": self.url,
            "attribution": self.attribution,
            "attributionUrl": self.attribution_url,
            "maxZoom": self.max_zoom,
        }
        if self.kind == "wms":
            answer |= {"layers": self.layer, "format": self.media_type}
        return answer


OPENSTREETMAP = BaseMap(
    id="openstreetmap",
    name_sv="OpenStreetMap",
    name_en="OpenStreetMap",
    kind="xyz",
    # Source of address, attribution and the rule that browsers send a referrer:
    # https://operations.osmfoundation.org/policies/tiles/
    url="https://tile.openstreetmap.org/{z}/{x}/{y}.png",
    attribution="© OpenStreetMap contributors",
    attribution_url="https://www.openstreetmap.org/copyright",
    max_zoom=19,
)


class BaseMapIn(BaseModel):
    """One `[[base_map]]` of the settings file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    id: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    name_sv: Text
    name_en: Text
    kind: Kind
    url: Annotated[str, StringConstraints(max_length=500)]
    attribution: Text
    attribution_url: Annotated[str, StringConstraints(pattern=r"^https://\S+$", max_length=500)] | None = None
    max_zoom: int = Field(default=18, ge=1, le=22)
    layer: Text | None = None
    style: Text = "default"
    matrix_set: Text = "3857"
    media_type: Literal["image/png", "image/jpeg", "image/webp"] = "image/png"

    @model_validator(mode="after")
    def url_fits_kind(self) -> BaseMapIn:
        """Refuse an address that could not work, or that could widen the security policy."""
        if not ADDRESS.fullmatch(self.url):
            raise ValueError(
                "url must begin with https://host/ and hold no spaces, quotes, commas or semicolons"
            )
        wanted = {"z", "x", "y"} if self.kind == "xyz" else set()
        found = set(PLACEHOLDER.findall(self.url))
        if found != wanted:
            raise ValueError(
                f"url of kind {self.kind} needs the placeholders {sorted(wanted)}, not {sorted(found)}"
            )
        if self.kind != "xyz" and self.layer is None:
            raise ValueError(f"kind {self.kind} needs a layer")
        return self

    def to_base_map(self) -> BaseMap:
        """The background, a WMTS already as an address of tiles."""
        url = self.url
        if self.kind == "wmts-kvp":
            url = wmts_address(self)
        return BaseMap(
            id=self.id,
            name_sv=self.name_sv,
            name_en=self.name_en,
            kind=self.kind,
            url=url,
            attribution=self.attribution,
            attribution_url=self.attribution_url,
            max_zoom=self.max_zoom,
            layer=self.layer,
            media_type=self.media_type,
        )


def wmts_address(base_map: BaseMapIn) -> str:
    """A WMTS in key-value form as an address of tiles.

    The matrix set must be the web Mercator one with 256 pixel tiles, whose matrix identifiers are the zooms.
    Source: OGC 07-057r7 (WMTS 1.0.0), 7.2.2, table 29.
    """
    query = urlencode(
        {
            "SERVICE": "WMTS",
            "REQUEST": "GetTile",
            "VERSION": "1.0.0",
            "LAYER": base_map.layer or "",
            "STYLE": base_map.style,
            "TILEMATRIXSET": base_map.matrix_set,
            "FORMAT": base_map.media_type,
        }
    )
    joint = "&" if "?" in base_map.url else "?"
    return f"{base_map.url}{joint}{query}&TILEMATRIX={{z}}&TILEROW={{y}}&TILECOL={{x}}"


def offered_base_maps(path: Path | None, *, openstreetmap: bool) -> tuple[BaseMap, ...]:
    """The backgrounds on offer: those of the file in its order, then OpenStreetMap where it is offered.

    Raises
    ------
    Invalid
        The file can't be read, is no TOML, or an entry has a wrong, missing or unknown field.
    """
    own = read_base_maps(path) if path is not None else ()
    return (*own, OPENSTREETMAP) if openstreetmap else own


def read_base_maps(path: Path) -> tuple[BaseMap, ...]:
    """The backgrounds that a TOML file lists as `[[base_map]]`."""
    where = f"base maps {path}"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(
            f"The list of base maps {path} can't be read: {error.strerror}.", where=where
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(f"The list of base maps {path} is no valid TOML: {error}.", where=where) from error
    entries = content.pop("base_map", [])
    if content or not isinstance(entries, list):
        raise Invalid(
            f"The list of base maps {path} holds something else than [[base_map]] entries.",
            hint="docs/operations/base-maps.md shows the form.",
            where=where,
        )
    base_maps = tuple(read_entry(entry, number, path) for number, entry in enumerate(entries, start=1))
    ids = [base_map.id for base_map in base_maps] + [OPENSTREETMAP.id]
    if len(set(ids)) != len(ids):
        raise Invalid(
            f"The list of base maps {path} names an id twice (or '{OPENSTREETMAP.id}', which is built in).",
            hint="Give each [[base_map]] an id of its own.",
            where=where,
        )
    return base_maps


def read_entry(entry: object, number: int, path: Path) -> BaseMap:
    """One entry of the file."""
    try:
        return BaseMapIn.model_validate(entry).to_base_map()
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}" for fault in error.errors()
        )
        raise Invalid(
            f"Base map {number} in {path} is wrong: {faults}.",
            hint="docs/operations/base-maps.md shows the form.",
            where=f"base_map {number}",
        ) from error
