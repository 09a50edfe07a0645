"""`landbank export`: plots out into a file that other programs read."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from landbank.cli.common import AsOf, ValidOn


def export(  # noqa: PLR0917 - typer reads a command's options from its parameters
    destination: Annotated[
        Path,
        typer.Argument(
            metavar="FILE",
            help="Where to write. The ending chooses the format: .gpkg, .geojson, .parquet, .fgb, .zip (Shapefile), "
            ".csv or .xlsx.",
        ),
    ],
    need: Annotated[
        Path | None,
        typer.Option(help="Only the plots that match this need (JSON as for `landbank match`), ranked."),
    ] = None,
    tiers: Annotated[
        str,
        typer.Option(
            help="With --need: which tiers to take, of A (meets all), B (must ask), C (near misses)."
        ),
    ] = "AB",
    overwrite: Annotated[bool, typer.Option("--overwrite", help="Replace the file if it is there.")] = False,
    as_of: AsOf = None,
    valid_on: ValidOn = None,
) -> None:
    """Take plots out into a file: all current plots, or those that match a need.

    The file holds all four axes of each plot, its uses, utilities, distances and prices; coordinates are EPSG:3006
    (GeoJSON: longitude and latitude). GeoPackage, Shapefile, GeoParquet and XLSX carry the data dictionary with them.

    Example: landbank export plots.gpkg
    """
    from landbank.cli.common import console, open_from_environment, working
    from landbank.codelists.fields import load_fields
    from landbank.domain.moment import read_asked
    from landbank.errors import Conflict
    from landbank.exchange.write import format_of, replacing
    from landbank.services.export_plots import export_plots

    export_format = format_of(destination)
    if destination.exists() and not overwrite:
        raise Conflict(
            f"{destination} is there already.", hint="Give --overwrite to replace it, or another name."
        )
    moment = read_asked(as_of, valid_on)
    with open_from_environment() as landbank, landbank.reading(moment) as store:
        ranking = None
        if need is not None:
            from landbank.api.need_in import read_need
            from landbank.services.rank_plots import rank_plots

            columns = landbank.columns.of(store.catalogue)
            wanted = read_need(read_text(need))
            ranking = rank_plots(wanted, columns, on=columns.day, tiers=set(tiers.upper()))

        total = len(ranking) if ranking is not None else store.exports.count()
        with working("Exporting", total=total) as advance, replacing(destination) as path:
            count = export_plots(
                store.exports,
                path,
                export_format=export_format,
                fields=load_fields(),
                ranking=ranking,
                progress=advance,
            )
    console().print(f"{count} plots written to {destination}")


def read_text(path: Path) -> str:
    """The text of a file that the user names."""
    from landbank.errors import Invalid

    try:
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        raise Invalid(f"{path} can't be read: {error}.", hint="Name a JSON file in UTF-8.") from error
