"""`landbank bake`: the map's tiles into one file, for a web server that only sends files, and a page that shows it."""

from __future__ import annotations

import re
from collections.abc import Callable
from contextlib import AbstractContextManager
from datetime import UTC, datetime
from pathlib import Path
from typing import Annotated

import typer

from landbank.cli.common import AsOf, ValidOn

MOST_ZOOM = 18
"""Deeper than the pages' own map goes; each zoom more has about four times the tiles."""


def bake(  # noqa: PLR0917 - typer reads a command's options from its parameters
    destination: Annotated[
        Path, typer.Argument(metavar="FILE", help="Where to write; its name ends in .pmtiles.")
    ],
    zooms: Annotated[
        str, typer.Option(metavar="FIRST-LAST", help=f"Zooms to bake, of 0 to {MOST_ZOOM}.")
    ] = "0-14",
    resume: Annotated[
        bool,
        typer.Option(
            "--resume", help="Go on where a stopped run left off, if the inventory is still the same."
        ),
    ] = False,
    page: Annotated[
        bool, typer.Option("--page", help="Write a map page beside the file, which needs nothing else.")
    ] = False,
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    threads: Annotated[int, typer.Option(min=1, max=32, help="Tiles drawn side by side.")] = 2,
    as_of: AsOf = None,
    valid_on: ValidOn = None,
) -> None:
    """Bake the public map into one file: plots, clusters and base map as vector tiles (PMTiles version 3).

    Such a file lies on object storage or any web server that answers range requests, and no landbank has to run for
    it. All tiles show one state of the inventory; the same state gives the same file, byte for byte. The file appears
    whole or not at all; what a stopped run has drawn waits in FILE.part.

    Example: landbank bake karta.pmtiles --page
    """
    from landbank.api.baked import describe, write_page
    from landbank.cli.common import console, open_from_environment, progress_console
    from landbank.domain.moment import read_asked
    from landbank.exchange.pmtiles_spool import open_spool
    from landbank.exchange.write_pmtiles import Shown, write_pmtiles
    from landbank.services.bake_tiles import bake as draw_all

    chosen = read_zooms(zooms)
    refuse_destination(destination, overwrite=overwrite)
    screen = progress_console()
    asked = read_asked(as_of, valid_on)
    with (
        open_from_environment() as landbank,
        landbank.tile_snapshot(connections=threads, asked=asked) as source,
    ):
        extent = landbank.settings.extent
        baked = describe(source, extent)
        spool = open_spool(destination, {**baked.names_state, "zooms": chosen}, resume=resume)
        try:
            if resume:
                screen.print(f"{len(spool.kept)} tiles are drawn already." if spool.kept else NOTHING_LEFT)
            draw_all(source, spool, chosen, threads=threads, progress=progress_of_zooms())
            tiles = sum(1 for kept in spool.kept if kept.length)
            start = min(max(8, chosen[0]), chosen[1])
            size = write_pmtiles(destination, spool, Shown(chosen, extent, start, baked.metadata(chosen)))
            spool.remove()
        finally:
            spool.close()
        console().print(f"{tiles} tiles written to {destination} ({size / 1e6:.1f} MB)", soft_wrap=True)
        if page:
            written = write_page(destination, baked, chosen, at=datetime.now(UTC))
            console().print(f"Map page: {', '.join(map(str, written))}", soft_wrap=True)


NOTHING_LEFT = "No earlier run about this state of the inventory was found: all tiles are drawn anew."


def progress_of_zooms() -> Callable[[int, int], AbstractContextManager[Callable[[int], None]]]:
    """A bar for each zoom."""
    from landbank.cli.common import working

    return lambda zoom, tiles: working(f"Zoom {zoom}", total=tiles)


def read_zooms(told: str) -> tuple[int, int]:
    """First and last zoom.

    Raises
    ------
    Invalid
        It is not two zooms in order, or one that is not baked.
    """
    from landbank.errors import Invalid

    found = re.fullmatch(r"(\d{1,2})(?:-(\d{1,2}))?", told)
    first, last = (int(found[1]), int(found[2] or found[1])) if found else (1, 0)
    if first > last or last > MOST_ZOOM:
        raise Invalid(
            f"'{told}' are no zooms.",
            hint=f"Give the first and the last one, of 0 to {MOST_ZOOM}: 0-14.",
            where="--zooms",
        )
    return first, last


def refuse_destination(destination: Path, *, overwrite: bool) -> None:
    """Say early that the file can't be written there.

    Raises
    ------
    Invalid
        The name has another ending, or its folder is not there.
    Conflict
        The file is there, and is not to be replaced.
    """
    from landbank.errors import Conflict, Invalid

    if destination.suffix.lower() != ".pmtiles":
        raise Invalid(f"'{destination.name}' does not end in .pmtiles.", hint="Name it so: karta.pmtiles.")
    if not destination.parent.is_dir():
        raise Invalid(f"The folder {destination.parent} is not there.", hint="Make it first.")
    if destination.exists() and not overwrite:
        raise Conflict(
            f"{destination} is there already.", hint="Give --overwrite to replace it, or another name."
        )
