"""What a file is by its first bytes, whatever its name says."""

from __future__ import annotations

import re
from pathlib import Path

from landbank.errors import Invalid
from landbank.exchange.read_request import FORMATS, Kind
from landbank.exchange.read_xml import root_of

HEAD_BYTES = 65_536
OSM_HEADER = b"OSMHeader"

_ENDINGS: dict[str, tuple[Kind, ...]] = {
    ".gpkg": (Kind.GPKG,),
    ".shp": (Kind.SHAPEFILE,),
    ".geojson": (Kind.GEOJSON,),
    ".geojsonl": (Kind.GEOJSON,),
    ".ndjson": (Kind.GEOJSON,),
    ".json": (Kind.GEOJSON,),
    ".gml": (Kind.GML,),
    ".xml": (Kind.GML, Kind.KML),
    ".kml": (Kind.KML,),
    ".fgb": (Kind.FLATGEOBUF,),
    ".parquet": (Kind.PARQUET,),
    ".geoparquet": (Kind.PARQUET,),
    ".tab": (Kind.TAB, Kind.CSV),
    ".dxf": (Kind.DXF,),
    ".csv": (Kind.CSV,),
    ".tsv": (Kind.CSV,),
    ".txt": (Kind.CSV,),
    ".xlsx": (Kind.XLSX,),
    ".xlsm": (Kind.XLSX,),
}
READABLE_ENDINGS = frozenset(_ENDINGS)
_MAGIC: tuple[tuple[bytes, Kind], ...] = (
    (b"SQLite format 3\x00", Kind.GPKG),
    (b"fgb\x03", Kind.FLATGEOBUF),
    (b"PAR1", Kind.PARQUET),
    (b"\x00\x00\x27\x0a", Kind.SHAPEFILE),
)
_REFUSED: tuple[tuple[bytes, str, str], ...] = (
    (b"AC10", "a DWG drawing", "Save it as DXF in the drawing program."),
    (b"AutoCAD Binary DXF", "a binary DXF", "Save it as text DXF."),
    (b"\xd0\xcf\x11\xe0", "an old Excel or Access file", "Save it as .xlsx."),
    (b"%PDF", "a PDF", "Ask for the data behind the map: GeoPackage or Shapefile."),
    (b"\x89PNG", "an image", "Ask for the data behind the map: GeoPackage or Shapefile."),
    (b"\xff\xd8\xff", "an image", "Ask for the data behind the map: GeoPackage or Shapefile."),
    (b"II*\x00", "an image", "Ask for the data behind the map: GeoPackage or Shapefile."),
    (b"\x1f\x8b", "a gzip file", "Unpack it first, or send it as .zip."),
    (b"7z\xbc\xaf", "a 7z archive", "Send it as .zip."),
    (b"Rar!", "a RAR archive", "Send it as .zip."),
)
_DXF = re.compile(rb"\s*(999\r?\n[^\n]*\n\s*)*0\r?\n\s*SECTION\s*\r?\n")


def sniff(head: bytes, name: str, *, of_roads: bool = False) -> Kind | None:
    """The format of a file by its beginning; None for a zip archive.

    Raises
    ------
    Invalid
        A format that is not read, or another one than the file's ending promises.
    """
    ending = Path(name).suffix.lower()
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return None
    if of_roads and OSM_HEADER in head[:64]:
        return Kind.OSM
    kind = _kind(head, name, ending)
    promised = _ENDINGS.get(ending)
    if promised is not None and kind not in promised:
        raise Invalid(
            f"{name} is named as {promised[0]}, but what is in it is {_shown(kind)}.",
            hint=f"Send the right file, or rename it if it really is {_shown(kind)}.",
            where=name,
        )
    return kind


def _kind(head: bytes, name: str, ending: str) -> Kind:
    for magic, found in _MAGIC:
        if head.startswith(magic):
            return found
    for magic, what, hint in _REFUSED:
        if head.startswith(magic):
            raise _refused(name, what, hint)
    if OSM_HEADER in head[:64]:
        hint = "It holds a road network, no plots: `landbank roads` reads it."
        raise _refused(name, "an OpenStreetMap extract (PBF)", hint)
    if _DXF.match(head):
        return Kind.DXF
    text = _text(head)
    if text is None:
        raise _refused(name, "in no format that is known", f"These are read: {FORMATS}.")
    return _kind_of_text(text, head, name, ending)


def _kind_of_text(text: str, head: bytes, name: str, ending: str) -> Kind:
    begin = text.lstrip("\ufeff\x1e \t\r\n")
    if begin.startswith("<"):
        return _kind_of_xml(head, name)
    if begin.startswith("{") or (begin.startswith("[") and ending in (".json", ".geojson")):
        return Kind.GEOJSON
    if begin[:6].lower() == "!table":
        return Kind.TAB
    if not begin:
        raise _refused(name, "blank", "Export it again.")
    if ending not in _ENDINGS and ending:
        raise _refused(name, f"text named {ending[:20]}", f"These are read: {FORMATS}.")
    return Kind.CSV


def _kind_of_xml(head: bytes, name: str) -> Kind:
    namespace, tag = root_of(head, name)
    if tag == "OGRVRTDataSource":
        raise _refused(name, "a GDAL virtual file", "It points at other files; send those themselves.")
    if tag == "kml":
        return Kind.KML
    if tag == "schema":
        raise _refused(name, "an XML schema", "Send the GML that it describes.")
    if b"opengis.net/gml" in head or "opengis.net/gml" in namespace or tag.endswith("FeatureCollection"):
        return Kind.GML
    raise _refused(
        name, f"XML with the root '{tag[:60]}', neither GML nor KML", f"These are read: {FORMATS}."
    )


def _text(head: bytes) -> str | None:
    """The beginning as text, or None when it is no text."""
    if head.startswith((b"\xff\xfe", b"\xfe\xff")):
        return head[: len(head) // 2 * 2].decode("utf-16", errors="replace")
    if b"\x00" in head:
        return None
    controls = sum(
        head.count(byte) for byte in (b"\x01", b"\x02", b"\x03", b"\x04", b"\x05", b"\x06", b"\x08")
    )
    return None if controls else head.decode("utf-8", errors="replace")


def _shown(kind: Kind) -> str:
    return "plain text or CSV" if kind is Kind.CSV else str(kind)


def _refused(name: str, what: str, hint: str) -> Invalid:
    return Invalid(f"{name} is {what}, which landbank does not read.", hint=hint, where=name)
