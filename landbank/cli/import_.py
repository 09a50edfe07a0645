"""`landbank import`: a file's plots into the inventory, shown first and then applied."""

from __future__ import annotations

from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

if TYPE_CHECKING:
    from collections.abc import Callable

    from landbank.exchange.profile import Profile
    from landbank.exchange.read import ReadLimits, Source, TableOptions
    from landbank.exchange.report import Report
    from landbank.services.import_plots import Request
    from landbank.settings import Settings
    from landbank.wiring import Landbank

MEANING = "What the file means"
TABLES = "Tables (CSV, XLSX)"
RESULT = "What to do"


class Decimal(StrEnum):
    """The decimal signs of tables."""

    COMMA = ","
    POINT = "."


class AxisOrder(StrEnum):
    """Whether the column named X holds eastings (xy) or northings (yx)."""

    XY = "xy"
    YX = "yx"


FORMATS = (
    "GeoPackage, Shapefile (also zipped), GeoJSON, GML, KML, FlatGeobuf, GeoParquet, MapInfo TAB, File Geodatabase, "
    "DXF, CSV or XLSX."
)
FileArgument = Annotated[Path, typer.Argument(metavar="FILE", help=FORMATS)]
LayerOption = Annotated[
    str | None, typer.Option(help="Layer (or DXF drawing layer) to read.", rich_help_panel=MEANING)
]
ListOption = Annotated[
    bool, typer.Option("--list-layers", help="Show the layers and stop.", rich_help_panel=MEANING)
]
CrsOption = Annotated[
    str | None,
    typer.Option(help="Coordinate system, where the file states none: EPSG:3007.", rich_help_panel=MEANING),
]
OverrideOption = Annotated[
    bool,
    typer.Option("--crs-override", help="Let --crs win over what the file states.", rich_help_panel=MEANING),
]
ProfileOption = Annotated[
    Path | None, typer.Option(help="Column profile (TOML) to use.", rich_help_panel=MEANING)
]
MunicipalityOption = Annotated[
    str | None, typer.Option(metavar="CODE", help="Municipality of all rows: 1441.", rich_help_panel=MEANING)
]
DatasetOption = Annotated[
    str | None,
    typer.Option(
        help="Name that new plots get and that missing ones are told by; without it the profile's, or the file's.",
        rich_help_panel=MEANING,
    ),
]
SheetOption = Annotated[str | None, typer.Option(help="Sheet to read.", rich_help_panel=TABLES)]
HeaderOption = Annotated[
    int | None,
    typer.Option(min=1, help="Row with the column names, as the program shows it.", rich_help_panel=TABLES),
]
XOption = Annotated[
    str | None, typer.Option(help="Column of eastings or longitudes.", rich_help_panel=TABLES)
]
YOption = Annotated[
    str | None, typer.Option(help="Column of northings or latitudes.", rich_help_panel=TABLES)
]
GeometryOption = Annotated[
    str | None, typer.Option(help="Column of WKT or hexadecimal WKB.", rich_help_panel=TABLES)
]
SeparatorOption = Annotated[
    str | None, typer.Option(help="Between the cells: ; , | or a tab.", rich_help_panel=TABLES)
]
DecimalOption = Annotated[Decimal | None, typer.Option(help="Decimal sign.", rich_help_panel=TABLES)]
AxisOption = Annotated[
    AxisOrder | None,
    typer.Option(help="yx where the column named X holds northings.", rich_help_panel=TABLES),
]
EncodingOption = Annotated[
    str | None, typer.Option(help="Encoding of the text: cp1252.", rich_help_panel=TABLES)
]
ApplyOption = Annotated[
    bool,
    typer.Option(
        "--apply", help="Change the inventory. Without it nothing is written.", rich_help_panel=RESULT
    ),
]
HashOption = Annotated[
    str | None,
    typer.Option(
        "--hash",
        metavar="NUMBER",
        help="With --apply: only if the difference is still the one with this number.",
        rich_help_panel=RESULT,
    ),
]
EndOption = Annotated[
    bool,
    typer.Option(
        "--end-missing",
        help="End the plots of the same dataset, in the file's municipalities, that the file lacks.",
        rich_help_panel=RESULT,
    ),
]
ManyOption = Annotated[
    bool,
    typer.Option("--yes-end-many", help="Let that be more than a fifth of them.", rich_help_panel=RESULT),
]
ReportOption = Annotated[
    Path | None,
    typer.Option(help="Write the whole report, every finding in it, as JSON.", rich_help_panel=RESULT),
]
SaveOption = Annotated[
    Path | None,
    typer.Option(help="Write the columns in use as a profile for the next time.", rich_help_panel=RESULT),
]


def import_(
    file: FileArgument,
    *,
    layer: LayerOption = None,
    list_layers: ListOption = False,
    crs: CrsOption = None,
    crs_override: OverrideOption = False,
    profile: ProfileOption = None,
    municipality: MunicipalityOption = None,
    dataset: DatasetOption = None,
    sheet: SheetOption = None,
    header_row: HeaderOption = None,
    x_column: XOption = None,
    y_column: YOption = None,
    geometry_column: GeometryOption = None,
    separator: SeparatorOption = None,
    decimal: DecimalOption = None,
    axis_order: AxisOption = None,
    encoding: EncodingOption = None,
    apply: ApplyOption = False,
    diff_hash: HashOption = None,
    end_missing: EndOption = False,
    yes_end_many: ManyOption = False,
    report: ReportOption = None,
    save_profile: SaveOption = None,
) -> None:
    """Bring the plots of a file into the inventory.

    Look first: without `--apply` the command shows which column fills which field, what is new, changed and
    unchanged, and what is wrong with which row. Then run it again with `--apply`: all of it goes in, or nothing; with
    the `--hash` that was shown, only if nothing that matters to it has changed meanwhile. The same file a second time
    changes nothing. `landbank imports` lists what was done, `landbank rollback` takes one back.

    A plot is known by its municipality and its reference. Columns are found by their names; `--save-profile` keeps
    what was found, `--profile` uses it the next time. Coordinates outside the extent (setting LANDBANK_EXTENT) are
    refused, with the likely cause.

    Exit codes: 0 all rows landed, 1 some were refused, 2 wrong usage, 3 nothing landed, 5 not the difference that was
    looked at, or more than a fifth would end.

    Example: landbank import tomter.xlsx --crs EPSG:3007 --municipality 1441

    Example: landbank import tomter.gpkg --profile lerum.toml --report report.json --apply
    """
    from landbank.cli.common import console, read_settings
    from landbank.exchange.profile import Profile, load_profile
    from landbank.exchange.read import open_source

    settings = read_settings()
    refuse_overwriting(save_profile)
    known = load_profile(profile) if profile else Profile()
    table = table_options(
        (x_column, y_column, geometry_column), decimal, axis_order, sheet=sheet, header_row=header_row,
        separator=separator, encoding=encoding,
    )  # fmt: skip
    with open_source(
        file,
        layer=layer or known.layer,
        crs=crs or known.crs,
        crs_override=crs_override,
        limits=limits_of(settings),
        table=table,
        meanwhile=load_needed,
    ) as source:
        from landbank.cli.import_view import show_layers, show_report
        from landbank.services.import_plots import Request

        if list_layers:
            show_layers(source, console())
            return
        request = Request(
            file, settings.extent, municipality=municipality, profile=known, dataset=dataset, is_applied=apply,
            profile_name=profile.name if profile else None, ends_missing=end_missing, may_end_many=yes_end_many,
            expected_hash=diff_hash,
        )  # fmt: skip
        result = run_from_environment(settings, request, source)
    with result:
        if report:
            result.write_json(report)
        if save_profile:
            write_profile(save_profile, known, result, crs=crs, layer=layer, municipality=municipality)
        show_report(result, console(), is_suggested=not known.columns)
    raise typer.Exit(result.exit_code)


def load_needed() -> None:
    """Load what the import needs; done while the reading process starts."""
    import importlib

    for name in ("landbank.wiring", "landbank.services.run_imports", "landbank.cli.import_view"):
        importlib.import_module(name)


def refuse_overwriting(path: Path | None) -> None:
    """A profile that somebody wrote is never replaced."""
    from landbank.errors import Conflict

    if path is not None and path.exists():
        raise Conflict(f"{path} is there already.", hint="Give another name; a profile is never overwritten.")


def table_options(
    columns: tuple[str | None, str | None, str | None],
    decimal: Decimal | None,
    axis_order: AxisOrder | None,
    *,
    separator: str | None,
    sheet: str | None,
    header_row: int | None,
    encoding: str | None,
) -> TableOptions:
    """What was said about a table; `columns` are those of x, y and geometry."""
    from landbank.exchange.read import TableOptions

    x, y, geometry = columns
    return TableOptions(
        sheet=sheet,
        header_row=header_row,
        x=x,
        y=y,
        geometry=geometry,
        separator="\t" if separator in ("tab", "\\t") else separator,
        decimal=None if decimal is None else ("," if decimal is Decimal.COMMA else "."),
        axis_order=None if axis_order is None else ("yx" if axis_order is AxisOrder.YX else "xy"),
        encoding=encoding,
    )


def limits_of(settings: Settings) -> ReadLimits:
    """What reading a file may cost."""
    from landbank.exchange.read import ReadLimits

    return ReadLimits(
        max_mb=settings.import_max_mb,
        memory_mb=settings.import_memory_mb,
        timeout_s=settings.import_timeout_s,
    )


def run_from_environment(settings: Settings, request: Request, source: Source) -> Report:
    """The report of an import into the landbank that the environment names, with a progress bar."""
    from landbank.cli.common import open_from_environment, working

    told = "Importing" if request.is_applied else "Looking"
    with open_from_environment(settings) as landbank, working(told, total=source.layer.rows) as advance:
        return run_import(landbank, request, source, on_rows=advance)


def run_import(
    landbank: Landbank,
    request: Request,
    source: Source,
    *,
    on_rows: Callable[[int], None] = lambda _rows: None,
) -> Report:
    """The report of an import that is looked at, or done and noted in the list of imports."""
    from landbank.services.run_imports import apply, look

    timeout_ms = landbank.settings.import_timeout_s * 1000
    run = apply if request.is_applied else look
    return run(landbank, request, source, timeout_ms=timeout_ms, on_rows=on_rows)


def write_profile(
    path: Path,
    known: Profile,
    result: Report,
    *,
    crs: str | None,
    layer: str | None,
    municipality: str | None,
) -> None:
    """Write what this import used as a profile; what only the file states is left to the next file."""
    from landbank.exchange.profile import Profile, profile_toml

    used = Profile(
        dataset=result.dataset,
        crs=crs or known.crs,
        layer=layer or known.layer,
        municipality=municipality or known.municipality,
    )
    path.write_text(profile_toml(used, result.columns), encoding="utf-8")
