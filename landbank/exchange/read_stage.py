"""Puts a file under a fixed name into the scratch folder: no name of a caller's making reaches GDAL.

A file is linked, not copied, and only the side files of its format stand next to it there. What GDAL writes
(.gfs, journals) lands in the scratch folder.
"""

from __future__ import annotations

from pathlib import Path

from landbank.errors import Invalid
from landbank.exchange.read import Note
from landbank.exchange.read_archive import check_inflated, names_in, unpack
from landbank.exchange.read_geopackage import stage_geopackage
from landbank.exchange.read_notes import note
from landbank.exchange.read_request import FORMATS, Kind, Request, Staged
from landbank.exchange.read_sniff import HEAD_BYTES, READABLE_ENDINGS, sniff

_SIDES = {
    Kind.SHAPEFILE: (".shp", ".shx", ".dbf", ".prj", ".cpg"),
    Kind.TAB: (".tab", ".dat", ".map", ".id", ".ind"),
}
_OWN_SUFFIX = {
    Kind.GPKG: ".gpkg",
    Kind.GEOJSON: ".geojson",
    Kind.GML: ".gml",
    Kind.KML: ".kml",
    Kind.FLATGEOBUF: ".fgb",
    Kind.PARQUET: ".parquet",
    Kind.DXF: ".dxf",
    Kind.CSV: ".csv",
    Kind.XLSX: ".xlsx",
    Kind.OSM: ".osm.pbf",
}
_TABLE = ".gdbtable"


def stage(request: Request) -> Staged:
    """The request's file, folder or archive, staged.

    Raises
    ------
    Invalid
        Nothing readable is in it, or several unlike things.
    """
    path = request.path
    if path.is_dir():
        return _from_folder(sorted(entry for entry in path.iterdir() if entry.is_file()), request, path.stem)
    if path.suffix.lower() in (".shx", ".dbf", ".prj", ".cpg") and path.with_suffix(".shp").exists():
        path = path.with_suffix(".shp")
    with path.open("rb") as file:
        head = file.read(HEAD_BYTES)
    if head.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _from_archive(request)
    kind = sniff(head, path.name, of_roads=request.of_roads)
    if kind in _SIDES:
        siblings = sorted(entry for entry in path.parent.iterdir() if entry.is_file())
        return _with_sides(kind, [path], siblings, request)
    return _single(kind, path, path.stem, request)


def _from_archive(request: Request) -> Staged:
    inside = names_in(request.path, request.name)
    if "xl/workbook.xml" in inside:
        check_inflated(request.path, name=request.name, max_mb=request.limits.max_mb)
        return _single(Kind.XLSX, request.path, request.path.stem, request)
    files = unpack(
        request.path, request.scratch / "unpacked", name=request.name, max_mb=request.limits.max_mb
    )
    stem = request.path.name.removesuffix(".zip").removesuffix(".gdb")
    return _from_folder(files, request, stem)


def _from_folder(files: list[Path], request: Request, stem: str) -> Staged:
    if any(file.suffix.lower() == _TABLE for file in files):
        return _geodatabase(files, request, stem)
    for kind, (main, *_) in _SIDES.items():
        mains = [file for file in files if file.suffix.lower() == main]
        if mains:
            return _with_sides(kind, mains, files, request)
    readable = [file for file in files if file.suffix.lower() in READABLE_ENDINGS]
    if len(readable) != 1:
        raise _nothing_or_several(files, readable, request)
    with readable[0].open("rb") as opened:
        head = opened.read(HEAD_BYTES)
    if not head:
        raise Invalid(f"{readable[0].name} in {request.name} is empty.", where=request.name)
    return _single(
        sniff(head, readable[0].name), readable[0], readable[0].stem, request, _ignored(files, readable)
    )


def _nothing_or_several(files: list[Path], readable: list[Path], request: Request) -> Invalid:
    shown = ", ".join(sorted(repr(file.name[:60]) for file in (readable or files))[:10]) or "no files"
    if readable:
        return Invalid(
            f"{request.name} holds several files that could be meant: {shown}.",
            hint="Send the one that is meant.",
            where=request.name,
        )
    return Invalid(
        f"{request.name} holds {shown}, none of which landbank reads.",
        hint=f"These are read: {FORMATS}.",
        where=request.name,
    )


def _single(
    kind: Kind | None, path: Path, stem: str, request: Request, notes: tuple[Note, ...] = ()
) -> Staged:
    if kind is None:
        raise Invalid(f"{request.name} holds an archive inside an archive.", where=request.name)
    target = request.scratch / f"source{_OWN_SUFFIX[kind]}"
    if kind is Kind.GPKG:
        stage_geopackage(path, target, request.name)
    else:
        target.symlink_to(path.absolute())
    return Staged(kind, ((stem, target),), notes)


def _with_sides(kind: Kind, mains: list[Path], files: list[Path], request: Request) -> Staged:
    parts = []
    used: list[Path] = []
    for number, main in enumerate(mains):
        folder = request.scratch / f"part{number}"
        folder.mkdir()
        for file in files:
            suffix = file.suffix.lower()
            if file.stem.lower() == main.stem.lower() and suffix in _SIDES[kind]:
                (folder / f"source{suffix}").unlink(missing_ok=True)
                (folder / f"source{suffix}").symlink_to(file.absolute())
                used.append(file)
        parts.append((main.stem, folder / f"source{_SIDES[kind][0]}"))
    whole = request.path.is_dir() or request.path.suffix.lower() == ".zip"
    return Staged(kind, tuple(parts), _ignored(files, used) if whole else ())


def _geodatabase(files: list[Path], request: Request, stem: str) -> Staged:
    folder = request.scratch / "source.gdb"
    folder.mkdir()
    for file in files:
        name = file.name.lower()
        if name.isascii() and name.replace(".", "").replace("_", "").isalnum():
            (folder / file.name).symlink_to(file.absolute())
    return Staged(Kind.GDB, ((stem, folder),))


def _ignored(files: list[Path], used: list[Path]) -> tuple[Note, ...]:
    left = sorted(file.name[:60] for file in set(files) - set(used))
    if not left:
        return ()
    return (note("archive_ignored", f"Not read: {', '.join(left[:10])}."),)
