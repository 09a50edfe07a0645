"""From a request to an opened file with its CRS settled; runs in the reading process."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace

from landbank.errors import Invalid
from landbank.exchange.read import Layer, Note
from landbank.exchange.read_csv import open_csv
from landbank.exchange.read_dxf import open_dxf
from landbank.exchange.read_gdal import open_gdal
from landbank.exchange.read_notes import note
from landbank.exchange.read_parquet import open_parquet
from landbank.exchange.read_request import Kind, Opened, Request, Staged
from landbank.exchange.read_stage import stage
from landbank.exchange.read_xlsx import open_xlsx
from landbank.geo.identify import crs_code, crs_name, same_crs

_OPENERS: dict[Kind, Callable[[Request, Staged], Opened]] = {
    Kind.PARQUET: open_parquet,
    Kind.DXF: open_dxf,
    Kind.CSV: open_csv,
    Kind.XLSX: open_xlsx,
}


def open_request(request: Request) -> Opened:
    """The file of a request, opened, its layer chosen and its CRS settled.

    Raises
    ------
    Invalid
        See `landbank.exchange.read.open_source`.
    """
    flag = _flag(request)
    staged = stage(request)
    opened = _OPENERS.get(staged.kind, open_gdal)(request, staged)
    return opened if flag is None else _with_flag(opened, flag, request)


def _flag(request: Request) -> str | None:
    if request.crs is None:
        return None
    said = request.crs.strip()
    code = crs_code(f"EPSG:{said}" if said.isdigit() else said)
    if code is None:
        raise Invalid(
            f"'{request.crs[:80]}' names no known coordinate reference system.",
            hint="Give it as EPSG:3006, EPSG:3007 or EPSG:4326.",
            where="crs",
        )
    return code


def _with_flag(opened: Opened, flag: str, request: Request) -> Opened:
    """The opened file in the flag's CRS; a format's default gives way, a file's own statement does not."""
    stated = opened.layer.crs
    if stated is not None and same_crs(stated, flag):
        return _settled(opened, stated, ())
    if stated is None:
        return _settled(replace(opened, crs_from="flag"), flag, ())
    if opened.crs_from == "file" and not request.crs_override:
        raise Invalid(
            f"{request.name} states {crs_name(stated)}, but {crs_name(flag)} was given.",
            hint="Leave --crs out if the file is right; if the file is wrong, add --crs-override.",
            where="crs",
        )
    kept = tuple(one for one in opened.notes if one.code != "crs_default")
    text = f"{crs_name(flag)}, as given, replaces {crs_name(stated)} of the file."
    told = note("crs_overridden", text, value=stated)
    return _settled(replace(opened, crs_from="flag", notes=kept), flag, (told,))


def _settled(opened: Opened, crs: str, notes: tuple[Note, ...]) -> Opened:
    layer = Layer(opened.layer.name, opened.layer.rows, opened.layer.geometry_kind, crs)
    layers = tuple(layer if one is opened.layer else one for one in opened.layers)
    return replace(opened, layer=layer, layers=layers, notes=(*opened.notes, *notes))
