"""Loads a file's layers as reference layers: each becomes a collection of its own, with the file's columns."""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from dataclasses import dataclass
from typing import Any, Protocol

from landbank.domain.filter import Kind
from landbank.errors import Conflict, Invalid
from landbank.exchange.layer_rows import Survey, copy_streams, survey
from landbank.exchange.read import Source
from landbank.geo.crs import STORAGE
from landbank.geo.layer_shape import Tally, storage_for

NAME = re.compile(r"[a-z][a-z0-9_-]{0,62}")
Open = Callable[[str | None], AbstractContextManager[Source]]
"""Opens the file anew at the layer of that name (None for any)."""


class LayerStore(Protocol):
    """What loading needs of the store; see landbank/store/layers.py."""

    def ensure_schema(self) -> None: ...
    def find(self, name: str) -> Any: ...
    def create(self, columns: Mapping[str, Kind], *, srid: int) -> tuple[int, dict[str, str]]: ...
    def put(self, layer_id: int, columns: Sequence[str], stream: bytes) -> None: ...
    def index(self, layer_id: int) -> None: ...
    def enter(self, layer_id: int, told: Mapping[str, Any]) -> None: ...
    def end(self, name: str) -> None: ...


@dataclass(frozen=True, slots=True)
class LayerRequest:
    """What somebody asks to load. `layer` names one of the file's; None means all that have shapes."""

    file_name: str
    name: str
    layer: str | None = None
    title: str | None = None
    attribution: str | None = None
    is_public: bool = False
    is_replacing: bool = False
    taken: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Chosen:
    """A layer of the file that is to be loaded, under which name, and what it holds where that is known already."""

    source_layer: str
    name: str
    found: Survey | None = None
    crs: str = ""


@dataclass(frozen=True, slots=True)
class LoadedLayer:
    """One layer as it was loaded, with what was done to its shapes."""

    name: str
    source_layer: str
    found: Survey
    source_crs: str
    srid: int
    tally: Tally


def load_layers(
    request: LayerRequest,
    open_at: Open,
    store: LayerStore,
    *,
    begin_change: Callable[[], None] = lambda: None,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> list[LoadedLayer]:
    """The layers as loaded; the caller commits, or takes everything back.

    Rows are written first; `begin_change` is called before the catalogue changes, so that nobody waits for the rows.

    Raises
    ------
    Invalid
        The name can't be one, the file has no layer with shapes, states no CRS, or lies nowhere on earth.
    Conflict
        A layer of the name is there and is not to be replaced.
    """
    if NAME.fullmatch(request.name) is None:
        raise Invalid(
            f"'{request.name[:80]}' can't be a layer's name.",
            hint="Use small letters a-z, digits, - and _, beginning with a letter.",
            where="name",
        )
    chosen = _look(request, open_at)
    _refuse_taken(request, chosen, store)
    store.ensure_schema()
    loaded, entries = [], []
    for one in chosen:
        written, layer_id, columns = _load(one, open_at, store, on_rows)
        loaded.append(written)
        entries.append((layer_id, _entry(request, written, columns)))
    begin_change()
    for layer_id, entry in entries:
        if store.find(entry["name"]) is not None and request.is_replacing:
            _end_standing(entry["name"], store)
        store.enter(layer_id, entry)
    return loaded


def _end_standing(name: str, store: LayerStore) -> None:
    standing = store.find(name)
    if standing is not None and standing.valid_to is None:
        store.end(name)


def _look(request: LayerRequest, open_at: Open) -> list[Chosen]:
    """The file's layers that are loaded, and the name that each gets; the only one is looked through at once."""
    with open_at(request.layer) as source:
        found = [source.layer] if request.layer is not None else list(source.layers)
        shaped = [one.name for one in found if one.geometry_kind is not None]
        if not shaped:
            raise Invalid(f"{request.file_name} has no layer with shapes.", where=request.file_name)
        if len(shaped) == 1 and source.layer.name == shaped[0]:
            return [Chosen(shaped[0], request.name, survey(source), str(source.layer.crs))]
    return [Chosen(source_layer, name) for source_layer, name in _names(request, shaped)]


def _names(request: LayerRequest, shaped: Sequence[str]) -> Iterator[tuple[str, str]]:
    if len(shaped) == 1:
        yield shaped[0], request.name
        return
    taken: set[str] = set()
    for name in shaped:
        base = f"{request.name}_{_plain(name)}"[:60]
        made, number = base, 1
        while made in taken:
            made, number = f"{base}_{number}", number + 1
        taken.add(made)
        yield name, made


def _plain(name: str) -> str:
    """The letters, digits and underscores of a layer's name, in small letters without accents."""
    plain = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    return re.sub(r"[^a-z0-9]+", "_", plain).strip("_") or "layer"


def _refuse_taken(request: LayerRequest, chosen: Sequence[Chosen], store: LayerStore) -> None:
    for one in chosen:
        if one.name in request.taken:
            raise Conflict(
                f"'{one.name}' is a collection of the inventory itself.", hint="Choose another --name."
            )
        standing = store.find(one.name)
        if standing is not None and standing.valid_to is None and not request.is_replacing:
            raise Conflict(
                f"There is a layer '{one.name}' already.",
                hint="Give --replace to put this one in its place, or another name.",
            )


def _load(
    chosen: Chosen, open_at: Open, store: LayerStore, on_rows: Callable[[int], None]
) -> tuple[LoadedLayer, int, list[dict[str, str]]]:
    found, crs = chosen.found, chosen.crs
    if found is None:
        with open_at(chosen.source_layer) as source:
            found, crs = survey(source), str(source.layer.crs)
    srid = storage_for(found.extent) if found.extent else STORAGE
    tally = Tally()
    columns = dict(found.columns.values())
    layer_id, stored = store.create(columns, srid=srid)
    with open_at(chosen.source_layer) as source:
        for names, stream, rows in copy_streams(source, found, stored=stored, srid=srid, tally=tally):
            store.put(layer_id, names, stream)
            on_rows(rows)
    store.index(layer_id)
    told = [{"name": called, "kind": str(kind), "column": stored[called]} for called, kind in columns.items()]
    return LoadedLayer(chosen.name, chosen.source_layer, found, crs, srid, tally), layer_id, told


def _entry(request: LayerRequest, one: LoadedLayer, columns: list[dict[str, str]]) -> dict[str, Any]:
    west, south, east, north = one.found.extent or (None, None, None, None)
    is_only = one.name == request.name
    title = request.title or request.name
    return {
        "name": one.name,
        "title": title if is_only else f"{title}: {one.source_layer}",
        "attribution": request.attribution,
        "source": request.file_name,
        "source_layer": one.source_layer,
        "source_crs": one.source_crs,
        "storage_srid": one.srid,
        "geometry_kind": one.found.geometry_kind,
        "columns": columns,
        "row_count": one.found.rows,
        "west": west,
        "south": south,
        "east": east,
        "north": north,
        "is_public": request.is_public,
    }
