"""Downloads: exactly the plots that a search shows, in seven formats."""

from __future__ import annotations

import shutil
import tempfile
from pathlib import Path

from fastapi import APIRouter, Request, Response
from starlette.background import BackgroundTask
from starlette.responses import FileResponse

from landbank.api.i18n import Language, Words
from landbank.api.moment import asked_of
from landbank.api.need_form import NeedForm, need_of, read_form
from landbank.api.page_answer import known_choices
from landbank.api.permits import permit
from landbank.codelists.fields import load_fields
from landbank.domain.columns import Columns
from landbank.domain.moment import Asked
from landbank.domain.people import Permission
from landbank.errors import Invalid, NotFound
from landbank.exchange.write import MEDIA_TYPE, ExportFormat
from landbank.services.export_plots import Ranked, export_plots
from landbank.services.rank_plots import rank_plots
from landbank.store.unit import Store
from landbank.wiring import Landbank

ENDINGS = {**{str(known): known for known in ExportFormat}, "shp": ExportFormat.SHP}
"""What an address may end in, and the format."""


def router() -> APIRouter:
    """The routes of the downloads."""
    routes = APIRouter(tags=["export"], dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.get("/export.{ending}", response_class=Response, summary="The shown search as a file")
    def get_export(ending: str, request: Request) -> Response:
        """The plots of a search (parameters as on the search page), ranked; all current plots without a search.

        With as_of and valid_on the plots as they were at a moment, on a day.
        Endings: gpkg, geojson, parquet, fgb, shp or zip (Shapefile), csv, xlsx.
        """
        if ending not in ENDINGS:
            raise NotFound(
                f"There is no export as '{ending}'.", hint="Use one of " + ", ".join(ENDINGS) + "."
            )
        return download(
            request.app.state.landbank, ENDINGS[ending], request.query_params.multi_items(), asked_of(request)
        )

    return routes


def download(
    landbank: Landbank, export_format: ExportFormat, query: list[tuple[str, str]], asked: Asked | None
) -> FileResponse:
    """The file, written to a scratch folder that is removed once it is sent."""
    folder = Path(tempfile.mkdtemp(prefix="landbank-export-"))
    try:
        path = folder / f"plots.{export_format}"
        with landbank.reading(asked) as store:
            columns = landbank.columns.of(store.catalogue)
            ranking = ranking_of(read_search(query, store), columns)
            export_plots(
                store.exports, path, export_format=export_format, fields=load_fields(), ranking=ranking
            )
    except BaseException:
        shutil.rmtree(folder)
        raise
    return FileResponse(
        path,
        media_type=MEDIA_TYPE[export_format],
        filename=f"landbank-{columns.day}-r{columns.revision}.{export_format}",
        headers={"Cache-Control": "no-store"},
        background=BackgroundTask(shutil.rmtree, folder),
    )


def read_search(query: list[tuple[str, str]], store: Store) -> NeedForm:
    """The search form of the query.

    Raises
    ------
    Invalid
        A parameter is unknown or its value can't be used.
    """
    form = read_form(query, known_choices(store, Words(Language.SV, {})))
    if form.errors:
        name, text = next(iter(form.errors.items()))
        raise Invalid(
            f"The parameter {name} can't be used: {text}", hint="Search on the page first, then download."
        )
    return form


def ranking_of(form: NeedForm, columns: Columns) -> tuple[Ranked, ...] | None:
    """The plots of the search in their order; None where nothing is asked for."""
    return rank_plots(need_of(form), columns, on=columns.day) if form.asks else None
