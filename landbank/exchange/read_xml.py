"""XML before any library that understands it: its root, no document types, whole to the end.

GML and KML need no document type; it is the door for entities (billion laughs, files and addresses read on
the reader's side), so it is refused outright. Expat, which does this, never fetches anything.
"""

from __future__ import annotations

import mmap
import re
from pathlib import Path
from xml.parsers import expat

from landbank.errors import Invalid
from landbank.geo.identify import crs_code

_CHUNK = 1 << 20
_DEEPEST = 1_000
_SRS_NAME = re.compile(rb"""\bsrsName\s*=\s*["']([^"'<]{1,200})["']""")
_ADV = {
    "ETRS89_UTM31": "EPSG:25831",
    "ETRS89_UTM32": "EPSG:25832",
    "ETRS89_UTM33": "EPSG:25833",
    "DE_DHDN_3GK2": "EPSG:31466",
    "DE_DHDN_3GK3": "EPSG:31467",
    "DE_DHDN_3GK4": "EPSG:31468",
    "DE_DHDN_3GK5": "EPSG:31469",
    "ETRS89_Lat-Lon": "EPSG:4258",
}
"""Names of the AdV (GeoInfoDok, annex on coordinate reference systems)."""


class _Found(Exception):
    """The root element has been seen."""


def root_of(head: bytes, name: str) -> tuple[str, str]:
    """Namespace and local name of the root element.

    Raises
    ------
    Invalid
        No XML, or a document type before the root.
    """
    found: list[str] = []

    def see(tag: str, _attributes: dict[str, str]) -> None:
        found.append(tag)
        raise _Found

    parser = _parser(name)
    parser.StartElementHandler = see
    try:
        parser.Parse(head, False)
    except _Found:
        namespace, _, local = found[0].rpartition("\n")
        return namespace, local
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged(name, str(error)) from error
    raise _damaged(name, "no element in its first 64 kB")


def check_xml(path: Path, name: str) -> None:
    """Nothing, when the document is whole, without a document type and not nested beyond reason.

    Raises
    ------
    Invalid
        The document breaks off, is no well-formed XML, or has a document type.
    """
    depth = 0

    def deeper(_tag: str, _attributes: dict[str, str]) -> None:
        nonlocal depth
        depth += 1
        if depth > _DEEPEST:
            raise Invalid(f"{name} nests more than {_DEEPEST} elements.", hint="Export it again.", where=name)

    def back(_tag: str) -> None:
        nonlocal depth
        depth -= 1

    parser = _parser(name)
    parser.StartElementHandler = deeper
    parser.EndElementHandler = back
    try:
        with path.open("rb") as file:
            while chunk := file.read(_CHUNK):
                parser.Parse(chunk, False)
        parser.Parse(b"", True)
    except (expat.ExpatError, LookupError, ValueError) as error:
        raise _damaged(name, str(error)) from error


def crs_of_gml(path: Path) -> str | None:
    """The one CRS that a GML document's `srsName` attributes name, where GDAL knows none of them.

    The surveying authorities of the German states write their own names (urn:adv:crs:ETRS89_UTM32).
    """
    found: set[str] = set()
    with path.open("rb") as file, mmap.mmap(file.fileno(), 0, access=mmap.ACCESS_READ) as raw:
        for hit in _SRS_NAME.finditer(raw):
            found.add(hit.group(1).decode("utf-8", errors="replace").strip())
            if len(found) > 1:
                return None
    if not found:
        return None
    said = found.pop()
    return _ADV.get(said.rpartition(":")[2]) or crs_code(said)


def _parser(name: str) -> expat.XMLParserType:
    def refuse(*_: object) -> None:
        raise Invalid(
            f"{name} has a document type (<!DOCTYPE>), which can hide entities; it is not read.",
            hint="Export it again without; GML and KML need none.",
            where=name,
        )

    parser = expat.ParserCreate(namespace_separator="\n")
    parser.StartDoctypeDeclHandler = refuse
    parser.EntityDeclHandler = refuse
    return parser


def _damaged(name: str, why: str) -> Invalid:
    return Invalid(
        f"{name} is no whole XML document ({why}): it was cut off or edited by hand.",
        hint="Export or copy it again.",
        where=name,
    )
