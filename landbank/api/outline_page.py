"""`/tomt/{id}/grans`: the page on which a plot's outline is drawn or written, looked at and saved.

What is saved names the version that was seen. Where somebody was first, both outlines are drawn and nothing is lost.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import shapely
from fastapi import APIRouter, Request, Response

from landbank.api.drawing import Drawing, Layer, draw
from landbank.api.finding_words import FindingView, finding_view
from landbank.api.history_values import ValueTeller
from landbank.api.i18n import N_, Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.permits import permit
from landbank.api.plot_work import (
    MOST_BYTES,
    WAYS,
    FaultView,
    PlotWork,
    area_text,
    difference_text,
    map_block,
    name_of,
    neighbour_layers,
    outline_text,
    status_of,
    version_of,
    way_to,
)
from landbank.api.posted import Posted, go_to, posting, private_page
from landbank.domain.outline import Drawn, read_drawn
from landbank.domain.people import Permission
from landbank.errors import Invalid, LandbankError
from landbank.services.change_plot import patch_plot
from landbank.services.plot_document import PlotMoved, StoredPlot
from landbank.services.plot_ground import GroundReader
from landbank.services.preview_ground import GroundPreview, preview_ground
from landbank.store.beside import PlotBeside

LONGEST_REASON = 1_000
NO_REASON = N_("Skriv varför gränsen ändras. Det står sedan i tomtens historik.")
CROSSES = N_("Gränsen korsar sig själv. Rätta hörnen, eller kryssa för att landbank ska laga gränsen.")
SAVED = N_("Gränsen är sparad.")


def page_router(pages: Pages) -> APIRouter:
    """The routes of the page."""
    routes = APIRouter(
        include_in_schema=False, max_body_size=MOST_BYTES, dependencies=[permit(Permission.CHANGE_PLOT)]
    )
    for language in Language:
        address = f"{ADDRESSES['plot'][language]}/{{plot_id}}/{WAYS['outline'][language]}"
        routes.add_api_route(address, show_handler(pages, language), methods=["GET", "HEAD"])
        routes.add_api_route(address, post_handler(pages, language), methods=["POST"])
    return routes


def show_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page with the outline as it stands."""

    def show(request: Request, plot_id: int) -> Response:
        page = OutlinePage(PlotWork(request, pages, language, plot_id))
        done = page.work.words.gettext(SAVED) if request.query_params.get("nu") == "sparad" else ""
        return page.show(done)

    return show


def post_handler(pages: Pages, language: Language) -> Callable[..., Any]:
    """What was drawn, looked at or saved."""

    async def post(request: Request, plot_id: int) -> Response:
        page = OutlinePage(PlotWork(request, pages, language, plot_id))
        return await posting(lambda _request, posted: page.take(posted))(request)

    return post


@dataclass(frozen=True, slots=True)
class Written:
    """What the form says."""

    text: str = ""
    version: int = 0
    reason: str = ""
    repairs: bool = False
    saves: bool = False

    @classmethod
    def of(cls, posted: Posted) -> Written:
        """The form's fields."""
        return cls(
            posted.text("grans").replace("\r\n", "\n"),
            version_of(posted.text("version")),
            " ".join(posted.text("skal").split())[:LONGEST_REASON],
            posted.text("laga") == "1",
            posted.text("steg") == "spara",
        )


@dataclass(frozen=True, slots=True)
class OutlinePage:
    """The page for one visitor and plot."""

    work: PlotWork

    def show(self, done: str) -> Response:
        """The outline as it stands."""
        with self.work.landbank.reading() as store:
            plot = self.work.plot(store)
            beside = self.work.beside(store, plot)
        written = Written(outline_text(plot.outline, self.work.words), plot.row_version)
        return self.page(plot, beside, written, done=done)

    def take(self, posted: Posted) -> Response:
        """The preview of what was drawn, or the plot with it."""
        with self.work.landbank.reading() as store:
            plot = self.work.plot(store)
            beside = self.work.beside(store, plot)
        written = Written.of(posted)
        try:
            drawn = read_drawn(written.text)
            if drawn.fault and not written.repairs:
                fault = FaultView(self.work.words.gettext(CROSSES), drawn.fault)
                return self.page(plot, beside, written, fault=fault, crossing=drawn, status=400)
            with self.work.landbank.reading() as store:
                preview = preview_ground(
                    store,
                    self.work.editing(store),
                    plot.id,
                    written.version,
                    geometry=drawn.geometry,
                    crs=drawn.crs,
                )
            if not written.saves:
                return self.page(plot, beside, written, preview=preview)
            if not written.reason:
                fault = FaultView(self.work.words.gettext(NO_REASON))
                return self.page(
                    plot, beside, written, preview=preview, fault=fault, field="skal", status=400
                )
            return self.save(plot, written, drawn)
        except PlotMoved as moved:
            return self.overtaken(moved, beside, written)
        except LandbankError as fault:
            if not isinstance(fault, Invalid):
                raise
            told = self.work.fault(fault, written.text)
            return self.page(plot, beside, written, fault=told, status=status_of(fault))

    def save(self, plot: StoredPlot, written: Written, drawn: Drawn) -> Response:
        """Write it, and show the page anew."""
        patch = {"geometry": drawn.geometry, "crs": drawn.crs}
        with self.work.changing(written.reason) as store:
            patch_plot(store, self.work.editing(store), plot.id, written.version, patch)
        return go_to(way_to("outline", plot.id, self.work.language) + "?nu=sparad")

    def overtaken(self, moved: PlotMoved, beside: list[PlotBeside], written: Written) -> Response:
        """The page where somebody was first: both outlines, what else they changed, and the choice."""
        current = moved.current
        mine = shapely.MultiPolygon()
        try:
            drawn = read_drawn(written.text)
            reader = GroundReader(self.work.landbank.settings.extent, lambda _place: None)
            mine = reader.read(drawn.geometry, drawn.crs).outline or mine
        except Invalid:
            pass  # what was written can't be drawn; the text stands in the field and is told there
        theirs = shapely.from_wkb(current.outline) if current.outline else shapely.MultiPolygon()
        told = ValueTeller(self.work.words, {})
        changes = [
            (told.name(name), *told.pair(name, *pair))
            for name, pair in (moved.difference or {}).items()
            if name not in ("crs", "location") and not isinstance(pair[1], list)
        ]
        now = Written(written.text, current.row_version, written.reason, written.repairs)
        layers = [*neighbour_layers(beside), Layer("theirs", theirs), Layer("mine", mine)]
        return self.page(
            current, beside, now, drawing=draw(layers), changes=changes, is_moved=True, status=412
        )

    def page(
        self,
        plot: StoredPlot,
        beside: list[PlotBeside],
        written: Written,
        *,
        preview: GroundPreview | None = None,
        fault: FaultView | None = None,
        field: str = "grans",
        crossing: Drawn | None = None,
        drawing: Drawing | None = None,
        changes: list[tuple[str, str, str]] | None = None,
        is_moved: bool = False,
        done: str = "",
        status: int = 200,
    ) -> Response:
        """The page's answer."""
        words, name = self.work.words, name_of(plot)
        title = words.gettext(N_("Ändra gränsen för %(name)s")) % {"name": name}
        told = f"{words.gettext('Fel')}: {title}" if fault else title
        html = self.work.pages.render(
            "outline.html",
            self.work.frame("outline", told),
            title=title,
            name=name,
            action=way_to("outline", plot.id, self.work.language),
            plot_url=self.work.plot_url,
            ways={way: way_to(way, plot.id, self.work.language) for way in WAYS},
            written=written,
            fault=fault,
            fault_field=field,
            offers_repair=crossing is not None or written.repairs,
            preview=None if preview is None else self.seen(preview, beside),
            drawing=drawing,
            changes=changes or [],
            is_moved=is_moved,
            done=done,
            area=area_text(plot.content.values["area_m2"], words),
            map_json=map_block(beside, plot),
        )
        return private_page(html, status)

    def seen(self, preview: GroundPreview, beside: list[PlotBeside]) -> dict[str, Any]:
        """What the page shows of a preview."""
        words = self.work.words
        before = preview.was.area_m2 if preview.was else None
        was = preview.was.outline if preview.was else None
        layers = neighbour_layers(beside)
        layers += [Layer("before", was)] if was is not None else []
        layers += [Layer("after", preview.ground.outline)] if preview.ground.outline is not None else []
        findings: list[FindingView] = [finding_view(one, self.work.language) for one in preview.findings]
        return {
            "before": area_text(before, words),
            "after": area_text(preview.ground.area_m2, words),
            "difference": difference_text(before, preview.ground.area_m2, words),
            "is_same": preview.is_same,
            "findings": findings,
            "drawing": draw(layers),
        }
