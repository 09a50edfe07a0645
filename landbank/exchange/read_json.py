"""What a GeoJSON file says of its CRS, read before GDAL sees it.

GDAL follows a `crs` member of type link over the network, and takes null, nonsense and unknown names for
degrees without a word (GDAL 3.12). So the member is read here, over the raw bytes: no tree is built.
"""

from __future__ import annotations

import json
import mmap
import re
from dataclasses import dataclass
from pathlib import Path

from landbank.errors import Invalid
from landbank.geo.identify import crs_code

_TOKEN = re.compile(rb'"[^"\\]*(?:\\.[^"\\]*)*"|[{}\[\]]', re.DOTALL)
_ESCAPED = re.compile(rb"\\u00(63|72|73)")
_NAME = re.compile(
    r"(?i)(urn:(ogc|x-ogc):def:crs:[\w.:]*|https?://www\.opengis\.net/def/crs/[\w./]+|\w+:\w+|\d+)"
)
_OPEN, _CLOSE = (b"{", b"["), (b"}", b"]")


@dataclass(frozen=True, slots=True)
class CrsMember:
    """A `crs` member: what it says, and the code it means (None: unknown on purpose or by error)."""

    said: str
    code: str | None


def crs_member(path: Path, name: str) -> CrsMember | None:
    """The top-level `crs` member, or None where there is none (degrees then, by RFC 7946).

    Raises
    ------
    Invalid
        The member is a link: it would have to be fetched from somewhere.
    """
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        span = _find(raw, name)
        if span is None:
            return None
        text = raw[span[0] : span[1]]
    try:
        member = json.loads(text)
    except (ValueError, RecursionError):
        return CrsMember(text[:80].decode("utf-8", errors="replace"), None)
    return _meaning(member, name)


def _meaning(member: object, name: str) -> CrsMember:
    if not isinstance(member, dict):
        return CrsMember(json.dumps(member)[:80], None)
    kind = str(member.get("type", "")).lower()
    properties = member.get("properties")
    if kind == "epsg" and isinstance(properties, dict):
        said = f"EPSG:{properties.get('code')}"
    elif kind == "name" and isinstance(properties, dict):
        said = str(properties.get("name"))
    else:
        raise _fetched(name, kind)
    if not _NAME.fullmatch(said.strip()):
        if "/" in said:
            raise _fetched(name, said)
        return CrsMember(said[:80], None)
    return CrsMember(said[:80], crs_code(said.strip()))


def _find(raw: mmap.mmap, name: str) -> tuple[int, int] | None:
    """Start and end of the value of the `crs` key of the outermost object."""
    last = len(raw) if _ESCAPED.search(raw) else raw.rfind(b'"crs"')
    found: tuple[int, int] | None = None
    depth = 0
    for token in _TOKEN.finditer(raw) if last >= 0 else ():
        told = token.group()
        depth += (told in _OPEN) - (told in _CLOSE)
        if depth <= 0 or token.start() > last:
            break
        if depth == 1 and told not in _CLOSE and _is_key(raw, token.end()) and _key(told) == "crs":
            if found is not None:
                raise Invalid(f"{name} states its CRS twice.", hint="Leave one crs member.", where=name)
            found = _value(raw, token.end())
    return found


def _is_key(raw: mmap.mmap, at: int) -> bool:
    return raw[at : at + 64].lstrip().startswith(b":")


def _key(told: bytes) -> str:
    if b"\\" not in told:
        return told[1:-1].decode("utf-8", errors="replace")
    try:
        return str(json.loads(told))
    except ValueError:
        return ""


def _value(raw: mmap.mmap, at: int) -> tuple[int, int]:
    """The span of the value that follows a key."""
    begin = raw.find(b":", at) + 1
    depth = 0
    for token in _TOKEN.finditer(raw, begin):
        told = token.group()
        if depth == 0 and raw[begin : token.start()].strip():
            break  # null, true or a number stands before the next string or bracket
        depth += (told in _OPEN) - (told in (b"}", b"]"))
        if depth <= 0:
            return begin, token.end()
    return begin, begin + len(re.split(rb"[,}]", raw[begin : begin + 200])[0])


def _fetched(name: str, what: str) -> Invalid:
    return Invalid(
        f"{name} names its CRS by a link ({what[:60]!r}), which would have to be fetched; nothing is.",
        hint='Replace the crs member by {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}.',
        where=name,
    )
