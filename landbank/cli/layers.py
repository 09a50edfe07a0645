"""`landbank layers`: reference layers, such as floods, noise, grids or protected areas, from files that others keep."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landbank.services.load_layer import LoadedLayer

app = typer.Typer(no_args_is_help=True, rich_markup_mode="markdown")

NameArgument = Annotated[str, typer.Argument(metavar="NAME", help="Name of the layer.")]


@app.callback()
def layers() -> None:
    """Load, list, publish and end reference layers.

    A layer is a collection of its own beside the plots: people look at it over the map, programs ask for it by
    `/ogc/collections/NAME`. It keeps the columns of its file.

    Example: landbank layers add flood.gpkg --name flood --public
    """


@app.command()
def add(
    file: Annotated[
        Path, typer.Argument(metavar="FILE", help="Any vector file that `landbank import` reads.")
    ],
    *,
    name: Annotated[str, typer.Option(metavar="NAME", help="Name of the layer: a-z, 0-9, - and _.")],
    layer: Annotated[str | None, typer.Option(help="Only this layer of the file.")] = None,
    crs: Annotated[
        str | None, typer.Option(help="Coordinate system, where the file states none: EPSG:3007.")
    ] = None,
    crs_override: Annotated[
        bool, typer.Option("--crs-override", help="Let --crs win over what the file states.")
    ] = False,
    title: Annotated[str | None, typer.Option(help="Title for people; the name without it.")] = None,
    attribution: Annotated[str | None, typer.Option(help="Whose data it is and under which licence.")] = None,
    public: Annotated[
        bool, typer.Option("--public", help="Show it to everybody, not to planners alone.")
    ] = False,
    replace: Annotated[
        bool, typer.Option("--replace", help="End the layer of that name and put this one in its place.")
    ] = False,
) -> None:
    """Load a file as a reference layer; one with several layers gives a collection each, NAME_LAYER.

    All of it goes in, or nothing. What lies in and around Sweden is kept in EPSG:3006, what reaches beyond in
    EPSG:4326.

    Example: landbank layers add flood.gpkg --name flood --public --attribution "Länsstyrelsen, CC0"
    """
    from functools import partial

    from landbank.cli.common import open_from_environment, read_settings, working
    from landbank.cli.import_ import limits_of
    from landbank.exchange.read import open_source
    from landbank.services.load_layer import LayerRequest, load_layers
    from landbank.store.collections import COLLECTIONS

    settings = read_settings()
    open_at = partial(
        open_source, file, crs=crs, crs_override=crs_override, limits=limits_of(settings), verbatim=True
    )
    request = LayerRequest(
        file.name, name, layer=layer, title=title, attribution=attribution, is_public=public, is_replacing=replace,
        taken=frozenset(COLLECTIONS),
    )  # fmt: skip
    reason = f"reference layer {name} from {file.name}"
    with (
        open_from_environment(settings) as landbank,
        working("Loading") as advance,
        landbank.preparing(actor=f"layers:{file.name}", reason=reason) as (store, begin_change),
    ):
        loaded = load_layers(
            request,
            lambda wanted: open_at(layer=wanted),
            store.layers,
            begin_change=begin_change,
            on_rows=advance,
        )
    show_loaded(loaded, is_public=public)


@app.command("list")
def list_() -> None:
    """List the current layers: name, rows, shapes, coordinate system, who sees them."""
    from rich.table import Table

    from landbank.cli.common import console, open_from_environment

    with open_from_environment() as landbank, landbank.reading() as store:
        current = store.layers.current()
    if not current:
        console().print("There are no reference layers. `landbank layers add FILE --name NAME` loads one.")
        return
    table = Table("name", "title", "rows", "shapes", "stored in", "shown to", "from", "since", box=None)
    for one in current:
        table.add_row(
            one.name, one.title, str(one.row_count), one.geometry_kind, f"EPSG:{one.storage_srid}",
            "everybody" if one.is_public else "planners", one.source, str(one.valid_from),
        )  # fmt: skip
    console().print(table)


@app.command()
def publish(name: NameArgument) -> None:
    """Show a layer to everybody."""
    _show_to(name, is_public=True)


@app.command()
def hide(name: NameArgument) -> None:
    """Show a layer to planners alone."""
    _show_to(name, is_public=False)


@app.command()
def remove(name: NameArgument) -> None:
    """End a layer: it is shown no more. Nothing is deleted; its rows stay in the database."""
    from landbank.cli.common import console, open_from_environment

    with (
        open_from_environment() as landbank,
        landbank.changing(actor="layers", reason=f"end of layer {name}") as store,
    ):
        store.layers.end(name)
    console().print(f"The layer {name} has ended.")


def _show_to(name: str, *, is_public: bool) -> None:
    from landbank.cli.common import console, open_from_environment

    whom = "everybody" if is_public else "planners alone"
    with (
        open_from_environment() as landbank,
        landbank.changing(actor="layers", reason=f"shown to {whom}") as store,
    ):
        store.layers.publish(name, is_public=is_public)
    console().print(f"The layer {name} is shown to {whom}.")


def show_loaded(loaded: list[LoadedLayer], *, is_public: bool) -> None:
    """Tell what was loaded, and what was done to shapes."""
    from landbank.cli.common import console

    screen = console()
    for one in loaded:
        what = (
            f"{one.name}: {one.found.rows} rows, {one.found.geometry_kind}, {len(one.found.columns)} columns"
        )
        told = [f"{what}, from {one.source_crs} kept in EPSG:{one.srid}"]
        tally = one.tally
        for number, text in (
            (tally.repaired, "shapes were not valid and were repaired"),
            (tally.parts_dropped, "shapes were mixtures; their largest kind was kept"),
            (tally.without_shape, "rows have no shape"),
            (tally.unplaceable, "rows have coordinates that lie nowhere on earth; they have no shape here"),
        ):
            if number:
                told.append(f"  {number} {text}")
        screen.print("\n".join(told), soft_wrap=True, markup=False)
    whom = "Everybody sees" if is_public else "Planners see"
    screen.print(f"{whom} {'it' if len(loaded) == 1 else 'them'} under /ogc/collections.", soft_wrap=True)
