"""`/tomt/{id}/dela`, `/sla-ihop` and `/rita-om`: plots are split, merged and redrawn, tried before they are changed.

What is tried is the whole change in a transaction that is taken back, so that areas, findings and what is carried are
those of the change itself.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import shapely
from fastapi import APIRouter, Request, Response

from landbank.api.drawing import Layer, draw
from landbank.api.finding_words import finding_view
from landbank.api.history_values import ValueTeller
from landbank.api.i18n import N_, Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.permits import actor_of, permit
from landbank.api.plot_work import (
    MOST_BYTES,
    WAYS,
    FaultView,
    PlotWork,
    area_text,
    map_block,
    name_of,
    neighbour_layers,
    outline_text,
    status_of,
    way_to,
)
from landbank.api.posted import Posted, go_to, posting, private_page
from landbank.api.redraw_form import TABLES, Choice, ChoiceMaker, RedrawForm, told_fact
from landbank.domain.codes import LineageReason
from landbank.domain.handover import ChoicesNeeded, Needed
from landbank.domain.lineage import Unbalanced
from landbank.domain.people import Permission, demand
from landbank.errors import Conflict, Invalid, LandbankError
from landbank.services.cut_plot import written_lines
from landbank.services.plot_document import PlotMoved, StoredPlot, find_plot
from landbank.services.redraw_plots import Redrawn, redraw_plots
from landbank.services.redraw_request import Redrawing
from landbank.store.beside import PlotBeside
from landbank.store.unit import Store

KINDS = {
    "split": LineageReason.SPLIT,
    "merge": LineageReason.MERGE,
    "redraw": LineageReason.REDRAW,
}
TITLES = {
    LineageReason.SPLIT: N_("Dela %(name)s"),
    LineageReason.MERGE: N_("Slå ihop %(name)s med grannar"),
    LineageReason.REDRAW: N_("Rita om %(name)s och grannar"),
}
TOUCHING_M = 1.0
"""Neighbours within so many metres are offered to be merged and redrawn."""

NOT_THAT = N_("Det går inte så.")
NOT_DRAWN = N_("Det som är ritat går inte att använda.")
NO_REASON = N_("Skriv varför. Det står sedan i tomternas historik.")
UNBALANCED = N_("Delarna stämmer inte med helheten. Rita dem så att de delar gräns.")
MOVED = N_(
    "Någon ändrade en av tomterna medan du arbetade. Inget är gjort. Det som står här nu gäller; granska igen."
)


def page_router(pages: Pages) -> APIRouter:
    """The routes of the pages."""
    routes = APIRouter(
        include_in_schema=False, max_body_size=MOST_BYTES, dependencies=[permit(Permission.CHANGE_PLOT)]
    )
    for way, kind in KINDS.items():
        for language in Language:
            address = f"{ADDRESSES['plot'][language]}/{{plot_id}}/{WAYS[way][language]}"
            routes.add_api_route(address, show_handler(pages, language, kind), methods=["GET", "HEAD"])
            routes.add_api_route(address, post_handler(pages, language, kind), methods=["POST"])
    return routes


def show_handler(pages: Pages, language: Language, kind: LineageReason) -> Callable[..., Response]:
    """The page as it begins."""

    def show(request: Request, plot_id: int) -> Response:
        return RedrawPage(PlotWork(request, pages, language, plot_id), kind).show()

    return show


def post_handler(pages: Pages, language: Language, kind: LineageReason) -> Callable[..., Any]:
    """What was drawn and chosen, tried or carried out."""

    async def post(request: Request, plot_id: int) -> Response:
        page = RedrawPage(PlotWork(request, pages, language, plot_id), kind)
        return await posting(lambda _request, posted: page.take(posted))(request)

    return post


@dataclass(frozen=True, slots=True)
class Desk:
    """What lies before the visitor: the plot of the address, all plots of the form, and what is around."""

    plot: StoredPlot
    plots: tuple[StoredPlot, ...]
    beside: list[PlotBeside]

    @property
    def versions(self) -> dict[int, int]:
        """The versions as they stand."""
        return {one.id: one.row_version for one in self.plots}


@dataclass(frozen=True, slots=True)
class RedrawPage:
    """One of the three pages for one visitor and plot."""

    work: PlotWork
    kind: LineageReason

    def show(self) -> Response:
        """The page as it begins: the plot alone, nothing drawn."""
        with self.work.landbank.reading() as store:
            desk = self.desk(store, ())
        form = RedrawForm(self.kind, ((desk.plot.id, desk.plot.row_version),))
        return self.page(desk, form)

    def desk(self, store: Store, ids: tuple[int, ...]) -> Desk:
        """The plots of a form, as they stand."""
        plot = self.work.plot(store)
        others = [find_plot(store, one) for one in ids if one != plot.id]
        for one in others:
            demand(actor_of(self.work.request), Permission.CHANGE_PLOT, one.municipality_code)
        return Desk(plot, (plot, *others), self.work.beside(store, plot))

    def take(self, posted: Posted) -> Response:
        """What the form asks for, tried, or carried out."""
        with self.work.landbank.reading() as store:
            self.work.plot(store)
            form = RedrawForm.of(self.kind, posted)
            desk = self.desk(store, tuple(one for one, _ in form.plots))
        if self.kind is LineageReason.REDRAW and not form.outlines:
            return self.page(desk, form)
        try:
            bare = form.bare(desk.plot)
            needed = self.needed(desk, bare)
            asked = form.answered(bare)
            redrawn, more = self.tried(desk, asked)
            choices = self.choices(desk, form, bare, [*needed, *more])
            if redrawn is None or not form.carries_out or any(one.is_new for one in choices):
                return self.page(desk, form, bare=bare, choices=choices, redrawn=redrawn)
            if not form.reason:
                fault = FaultView(self.work.words.gettext(NO_REASON))
                return self.page(
                    desk, form, bare=bare, choices=choices, redrawn=redrawn, fault=fault, status=400
                )
            return self.carry_out(desk, asked, form.reason)
        except PlotMoved as moved:
            now = RedrawForm.of(self.kind, with_versions(posted, desk.versions))
            return self.page(
                desk, now, fault=FaultView(self.work.words.gettext(MOVED), moved.message), status=412
            )
        except LandbankError as fault:
            if not isinstance(fault, Invalid | Conflict):
                raise
            return self.page(desk, form, fault=self.told(fault, form), status=status_of(fault))

    def told(self, fault: LandbankError, form: RedrawForm) -> FaultView:
        """A fault in words."""
        detail = " ".join(filter(None, (fault.message, fault.hint)))
        if (fault.where or "").startswith("outline"):
            return self.work.fault(fault, form.line)
        text = (
            UNBALANCED if isinstance(fault, Unbalanced) else NOT_DRAWN if fault.where == "line" else NOT_THAT
        )
        return FaultView(self.work.words.gettext(text), detail)

    def needed(self, desk: Desk, bare: Redrawing) -> list[Needed]:
        """Everything that has to be chosen."""
        try:
            with self.trying(desk) as store:
                redraw_plots(store, self.work.editing(store), bare)
        except ChoicesNeeded as asked:
            return list(asked.needed)
        return []

    def tried(self, desk: Desk, asked: Redrawing) -> tuple[Redrawn | None, list[Needed]]:
        """What would be made, or what is still to be chosen."""
        try:
            with self.trying(desk) as store:
                return redraw_plots(store, self.work.editing(store), asked), []
        except ChoicesNeeded as missing:
            return None, list(missing.needed)

    def trying(self, desk: Desk) -> Any:
        """A change that is taken back."""
        return self.work.landbank.trying(
            actor=actor_of(self.work.request), municipality_code=desk.plot.municipality_code
        )

    def choices(self, desk: Desk, form: RedrawForm, bare: Redrawing, needed: list[Needed]) -> list[Choice]:
        """The choices in words, each once; those of ground that was agreed to stay on the page."""
        maker = ChoiceMaker(self.work.words, form, desk.plots, [part.reference for part in bare.parts])
        kept = [
            Needed(pointer, "", ("1",))
            for pointer in form.answers.get("sedd", ())
            if pointer.startswith("/ground_") and self.kind is LineageReason.REDRAW
        ]
        return [maker.choice(one) for one in {one.pointer: one for one in [*kept, *needed]}.values()]

    def carry_out(self, desk: Desk, asked: Redrawing, reason: str) -> Response:
        """Do it, and lead to what became of the plot."""
        with self.work.changing(reason) as store:
            redrawn = redraw_plots(store, self.work.editing(store), asked)
        if len(redrawn.plots) == 1:
            return go_to(f"{ADDRESSES['plot'][self.work.language]}/{redrawn.plots[0].id}")
        return go_to(f"{ADDRESSES['plot'][self.work.language]}/{desk.plot.id}")

    def page(
        self,
        desk: Desk,
        form: RedrawForm,
        *,
        bare: Redrawing | None = None,
        choices: list[Choice] | None = None,
        redrawn: Redrawn | None = None,
        fault: FaultView | None = None,
        status: int = 200,
    ) -> Response:
        """The page's answer."""
        words, way = self.work.words, next(way for way, kind in KINDS.items() if kind is self.kind)
        title = words.gettext(TITLES[self.kind]) % {"name": name_of(desk.plot)}
        told = f"{words.gettext('Fel')}: {title}" if fault else title
        html = self.work.pages.render(
            "redraw.html",
            self.work.frame(way, told),
            kind=str(self.kind),
            title=title,
            name=name_of(desk.plot),
            action=way_to(way, desk.plot.id, self.work.language),
            plot_url=self.work.plot_url,
            form=form,
            fault=fault,
            own=(desk.plot.id, form_version(form, desk.plot)),
            has_outline=desk.plot.outline is not None,
            near=self.near(desk, form),
            references=self.references(desk, form, bare),
            parts=self.part_fields(desk, form),
            choices=choices or [],
            is_open=any(one.is_new for one in choices or ()) or (choices is not None and redrawn is None),
            result=None if redrawn is None else self.result(desk, redrawn),
            drawing=draw(self.layers(desk, form)),
            area=area_text(desk.plot.content.values["area_m2"], words),
            base=rings_of(desk.plot) if self.kind is LineageReason.SPLIT else [],
            map_json=map_block(desk.beside, desk.plot),
        )
        return private_page(html, status)

    def near(self, desk: Desk, form: RedrawForm) -> list[dict[str, Any]]:
        """Neighbours that can be chosen: of the same municipality, and touching."""
        chosen = dict(form.plots)
        return [
            {
                "value": f"{one.plot_id}:{chosen.get(one.plot_id, one.row_version)}",
                "text": one.name or one.reference,
                "reference": one.reference,
                "area": area_text(one.area_m2, self.work.words),
                "is_chosen": one.plot_id in chosen,
                "url": f"{ADDRESSES['plot'][self.work.language]}/{one.plot_id}",
            }
            for one in desk.beside
            if one.plot_id in chosen
            or (one.distance_m <= TOUCHING_M and one.municipality_code == desk.plot.municipality_code)
        ]

    def references(self, desk: Desk, form: RedrawForm, bare: Redrawing | None) -> list[str]:
        """The references of the parts, as far as they are known."""
        if self.kind is LineageReason.MERGE:
            return [form.reference(0, desk.plot)]
        if self.kind is LineageReason.SPLIT:
            return list(form.references) if bare is None else [part.reference for part in bare.parts]
        return []

    def part_fields(self, desk: Desk, form: RedrawForm) -> list[tuple[str, str]]:
        """Reference and outline of each redrawn part: as written, else as the plots are; one empty at the end."""
        if self.kind is not LineageReason.REDRAW:
            return []
        written = list(zip(form.references, form.outlines, strict=False))
        told = written or [
            (str(one.content.values["reference"]), outline_text(one.outline, self.work.words))
            for one in desk.plots
        ]
        return [*told, ("", "")]

    def layers(self, desk: Desk, form: RedrawForm) -> list[Layer]:
        """The plots as they are, and the line that was drawn."""
        ids = set(desk.versions)
        layers = neighbour_layers([one for one in desk.beside if one.plot_id not in ids])
        layers += [
            Layer("part", shapely.from_wkb(one.outline), str(one.content.values["reference"]))
            for one in desk.plots
            if one.outline is not None
        ]
        if self.kind is LineageReason.SPLIT and form.line:
            try:
                layers += [
                    Layer("cut", shapely.LineString(line), is_in_view=False)
                    for line in written_lines(form.line)
                ]
            except Invalid:
                return layers  # what can't be read is told beside its field
        return layers

    def result(self, desk: Desk, redrawn: Redrawn) -> dict[str, Any]:
        """What the page shows of what would be made."""
        words, ledger = self.work.words, redrawn.ledger
        ids = set(desk.versions)
        layers = neighbour_layers([one for one in desk.beside if one.plot_id not in ids])
        layers += [Layer("before", shapely.from_wkb(one.outline)) for one in desk.plots if one.outline]
        layers += [
            Layer("after", shapely.from_wkb(one.outline), str(one.content.values["reference"]))
            for one in redrawn.plots
            if one.outline
        ]
        return {
            "plots": [self.new_plot(one) for one in redrawn.plots],
            "whole": words.square_metres(ledger.whole_m2),
            "sum": words.square_metres(ledger.parts_m2),
            "left": words.square_metres(ledger.left_m2) if ledger.has_left else "",
            "added": words.square_metres(ledger.added_m2) if ledger.has_added else "",
            "tolerance": words.square_metres(ledger.tolerance_m2),
            "findings": [finding_view(one, self.work.language) for one in redrawn.findings],
            "drawing": draw(layers),
        }

    def new_plot(self, plot: StoredPlot) -> dict[str, Any]:
        """A plot that would be made, with what it takes over."""
        teller, values = ValueTeller(self.work.words, {}), plot.content.values
        carried = [
            (teller.name(TABLES[noun]), [teller.facts(TABLES[noun], [told_fact(one)]) for one in facts])
            for noun, facts in plot.content.facts.items()
            if facts and noun != "accesses"
        ]
        state = [
            (teller.name(name), [teller.text(name, values[name])]) for name in ("availability", "readiness")
        ]
        return {
            "reference": str(values["reference"]),
            "area": area_text(values["area_m2"], self.work.words),
            "carried": [*state, *carried],
        }


def form_version(form: RedrawForm, plot: StoredPlot) -> int:
    """The version of the page's own plot that the form was made from."""
    return dict(form.plots).get(plot.id, plot.row_version)


def with_versions(posted: Posted, versions: dict[int, int]) -> Posted:
    """The form with the plots in the versions that stand now."""
    told = tuple(f"{plot_id}:{version}" for plot_id, version in versions.items())
    return Posted({**posted.values, "tomt": told})


def rings_of(plot: StoredPlot) -> list[Any]:
    """The rings of a plot's outline as [east, north], for the map."""
    if plot.outline is None:
        return []
    parts = shapely.get_parts(shapely.from_wkb(plot.outline))
    rings = [ring for part in parts for ring in (part.exterior, *part.interiors)]
    return [[[round(x, 3), round(y, 3)] for x, y, *_ in ring.coords[:-1]] for ring in rings]
