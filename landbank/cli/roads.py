"""`landbank roads`: minutes by road from every plot, over a network that a file gives."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from landbank.exchange.read_roads import RoadsRead
    from landbank.services.route_plots import RouteReport


def roads(  # noqa: PLR0917 - typer reads a command's options from its parameters
    file: Annotated[
        Path,
        typer.Argument(
            metavar="FILE", help="Lines with a speed (NVDB as GeoPackage), or an .osm.pbf extract."
        ),
    ],
    name: Annotated[
        str,
        typer.Option(
            help='What the network is and of when, as "NVDB 2026-10-01": the source of the minutes.'
        ),
    ],
    layer: Annotated[str | None, typer.Option(help="The layer with the roads.")] = None,
    crs: Annotated[
        str | None, typer.Option(metavar="EPSG:n", help="Needed where the file states none.")
    ] = None,
    speed_field: Annotated[
        str | None, typer.Option(help="The column of speeds in km/h, where its name doesn't tell.")
    ] = None,
    default_kmh: Annotated[
        float | None, typer.Option(min=1, max=200, help="Speed of roads that state none.")
    ] = None,
    municipality: Annotated[
        str | None, typer.Option(metavar="CODE", help="Only the plots of this municipality.")
    ] = None,
    apply: Annotated[
        bool, typer.Option("--apply", help="Write the minutes; without it they are only counted.")
    ] = False,
) -> None:
    """Compute free-flow minutes by road from each plot to the nearest junction, terminal, port and airport.

    Plots that the network doesn't reach stay unknown. The same network twice changes nothing.

    Example: landbank roads vastra-gotaland.osm.pbf --name "OpenStreetMap 2026-11-01", then the same with --apply
    """
    from landbank.cli.common import open_from_environment, read_settings, step
    from landbank.domain.people import SYSTEM
    from landbank.domain.roads import build_network
    from landbank.exchange.read import ReadLimits, open_source
    from landbank.exchange.read_roads import read_roads
    from landbank.services.route_plots import route_plots

    settings = read_settings()
    limits = ReadLimits(settings.import_max_mb, settings.import_memory_mb, settings.import_timeout_s)
    wanted = layer or ("lines" if file.name.endswith(".pbf") else None)
    with step(f"Reading the roads of {file.name}"):
        with open_source(file, layer=wanted, crs=crs, limits=limits, of_roads=True) as source:
            read = read_roads(source, speed_field=speed_field, default_kmh=default_kmh)
        network = build_network(read.roads)
    with open_from_environment() as landbank, step("Finding the quickest ways"):
        opened = (
            landbank.changing(actor=SYSTEM.id, reason=f"roads: {name}", timeout_ms=0)
            if apply
            else landbank.reading()
        )
        with opened as store:
            report = route_plots(
                store.routes, network, source=name, municipality_code=municipality, is_applied=apply
            )
    show(read, network.length_m, report)


def show(read: RoadsRead, length_m: float, report: RouteReport) -> None:
    """Say what was read and found."""
    from landbank.cli.common import console

    screen = console()
    left = "".join(f", {count} {reason}" for reason, count in sorted(read.left_out.items()))
    screen.print(
        f"{len(read.roads)} roads, {length_m / 1000:,.0f} km; {read.by_class} by the speed of their class{left}."
    )
    screen.print(f"{report.on_network} of {report.plots} plots lie within a kilometre of a road.")
    for kind, count in report.reached.items():
        screen.print(f"  {kind}: {count} plots reached")
    if report.written is None:
        screen.print("Nothing was written. --apply writes the minutes.")
        return
    written = report.written
    screen.print(f"{written.changed} new or changed, {written.unchanged} unchanged, {written.ended} ended.")
