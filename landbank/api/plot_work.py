"""What all pages that change a plot's ground share: who works on which plot, the map around it, and faults in words."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import shapely
from fastapi import Request
from markupsafe import Markup

from landbank.api.drawing import Layer
from landbank.api.i18n import N_, Language, Words
from landbank.api.page_frame import ADDRESSES, Frame, Pages
from landbank.api.pages import json_block, seen
from landbank.api.permits import actor_of
from landbank.domain.outline import write_outline
from landbank.domain.people import Permission, demand
from landbank.errors import HTTP_STATUS, Invalid, LandbankError, NotFound
from landbank.geo.crs import LONLAT
from landbank.services.plot_document import StoredPlot, find_plot
from landbank.services.plot_editing import Editing
from landbank.services.plot_ground import geometry_document
from landbank.store.beside import PlotBeside
from landbank.store.unit import Store
from landbank.wiring import Landbank

MOST_BYTES = 1_000_000
"""Bytes that a form with outlines has at most."""

REACH_M = 300.0
"""Neighbours within so many metres are drawn, and snapped to."""

WAYS: dict[str, dict[Language, str]] = {
    "outline": {Language.SV: "grans", Language.EN: "outline"},
    "split": {Language.SV: "dela", Language.EN: "split"},
    "merge": {Language.SV: "sla-ihop", Language.EN: "merge"},
    "redraw": {Language.SV: "rita-om", Language.EN: "redraw"},
}
"""What follows a plot's address on the way to each page that changes its ground."""

LINE_FAULT = N_("Rad %(line)s går inte att läsa: ”%(written)s”. Skriv två tal, till exempel 6398667 319000.")
OUTLINE_FAULT = N_("Gränsen går inte att använda.")


def way_to(way: str, plot_id: int, language: Language) -> str:
    """The address of a page that changes a plot's ground."""
    return f"{ADDRESSES['plot'][language]}/{plot_id}/{WAYS[way][language]}"


@dataclass(frozen=True, slots=True)
class FaultView:
    """Why something was refused. `detail` says it exactly, in English; `line` is a line of the outline."""

    text: str
    detail: str = ""


@dataclass(frozen=True, slots=True)
class PlotWork:
    """One visitor at work on one plot, in one language."""

    request: Request
    pages: Pages
    language: Language
    plot_id: int

    @property
    def landbank(self) -> Landbank:
        """The landbank."""
        found: Landbank = self.request.app.state.landbank
        return found

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    @property
    def plot_url(self) -> str:
        """The plot's own page."""
        return f"{ADDRESSES['plot'][self.language]}/{self.plot_id}"

    def plot(self, store: Store) -> StoredPlot:
        """The plot, if it is current and the visitor may change it."""
        seen(self.pages, store.standing.inventory())
        plot = find_plot(store, self.plot_id)
        demand(actor_of(self.request), Permission.CHANGE_PLOT, plot.municipality_code)
        return plot

    def editing(self, store: Store) -> Editing:
        """Who edits, on which day."""
        return Editing(actor_of(self.request), store.plot_changes.today(), self.landbank.settings.extent)

    def code(self) -> str | None:
        """The plot's municipality."""
        with self.landbank.reading() as store:
            return store.plots.municipality_of(self.plot_id) if 0 < self.plot_id < 2**63 else None

    @contextmanager
    def changing(self, reason: str) -> Iterator[Store]:
        """The transaction of a change of the plot, or of several."""
        actor, code = actor_of(self.request), self.code()
        with self.landbank.changing(
            actor=actor,
            role=actor.role_in(code),
            municipality_code=code,
            request_id=getattr(self.request.state, "request_id", None),
            reason=reason,
        ) as store:
            yield store

    def beside(self, store: Store, plot: StoredPlot) -> list[PlotBeside]:
        """The plots around it."""
        ground = plot.outline or bytes(shapely.to_wkb(shapely.Point(plot.location).buffer(1)))
        return store.beside.of_outline(ground, reach_m=REACH_M, besides=[plot.id])

    def frame(self, way: str, title: str) -> Frame:
        """The frame of a page that changes its ground."""
        other = Language.EN if self.language is Language.SV else Language.SV
        return self.pages.frame(
            "plot",
            self.language,
            f"{title} – landbank",
            tail=f"/{self.plot_id}/{WAYS[way][self.language]}",
            other_tail=f"/{self.plot_id}/{WAYS[way][other]}",
            kind="edit",
        )

    def fault(self, fault: LandbankError, text: str = "") -> FaultView:
        """A fault in words; `text` is what was written, to show the line that can't be read."""
        _, lines = self.words.gettext, text.splitlines()
        name, _colon, number = (fault.where or "").partition(":")
        if name == "outline" and number.isdecimal() and 0 < int(number) <= len(lines):
            written = {"line": number, "written": lines[int(number) - 1].strip()[:60]}
            return FaultView(_(LINE_FAULT) % written, fault.message)
        return FaultView(_(OUTLINE_FAULT), " ".join(filter(None, (fault.message, fault.hint))))


def status_of(fault: LandbankError) -> int:
    """The HTTP status of a fault's family."""
    return next((status for family, status in HTTP_STATUS.items() if isinstance(fault, family)), 500)


def name_of(plot: StoredPlot) -> str:
    """What a plot is called."""
    return str(plot.content.values["name"] or plot.content.values["reference"])


def outline_text(wkb: bytes | None, words: Words) -> str:
    """A stored outline as the list of corners that people edit; empty for none."""
    if wkb is None:
        return ""
    outline = shapely.MultiPolygon(list(shapely.get_parts(shapely.from_wkb(wkb))))
    return write_outline(outline, words.language.value)


def area_text(area_m2: float | None, words: Words) -> str:
    """An area in hectares and square metres."""
    if area_m2 is None:
        return words.gettext("okänd")
    return f"{words.hectares(area_m2)} ({words.square_metres(area_m2)})"


def difference_text(before: float | None, after: float | None, words: Words) -> str:
    """How much more or less an area is, in m² and in per cent."""
    if before is None or after is None:
        return words.gettext("går inte att räkna")
    sign = "+" if after > before else "−" if after < before else "±"
    told = f"{sign}{words.square_metres(abs(after - before))}"
    return told if not before else f"{told} ({sign}{words.number(abs(after / before - 1) * 100, 1)} %)"


def neighbour_layers(beside: Sequence[PlotBeside]) -> list[Layer]:
    """The plots around, to be drawn beneath."""
    return [
        Layer("neighbour", shapely.from_wkb(one.outline), one.reference, is_in_view=False) for one in beside
    ]


def map_block(beside: Sequence[PlotBeside], plot: StoredPlot) -> Markup:
    """What the page's script needs: the neighbours' rings as [east, north], and where the plot lies in degrees."""
    rings: list[Any] = []
    for one in beside:
        for part in shapely.get_parts(shapely.from_wkb(one.outline)):
            rings += [ring.coords[:-1] for ring in (part.exterior, *part.interiors)]
    lon, lat = geometry_document(None, plot.location, LONLAT)["location"]["coordinates"]
    rounded = [[[round(x, 3), round(y, 3)] for x, y, *_ in ring] for ring in rings]
    return json_block({"neighbours": rounded, "lon": lon, "lat": lat})


def version_of(told: str) -> int:
    """The version that a form carries.

    Raises
    ------
    Invalid
        It is none.
    """
    if not (told.isascii() and told.isdecimal() and len(told) < 18):
        raise Invalid("The form does not say which version it was made from.", where="version")
    return int(told)


def number_of(told: str) -> int:
    """A plot's number in a form.

    Raises
    ------
    NotFound
        It is none.
    """
    if not (told.isascii() and told.isdecimal() and len(told) < 18):
        raise NotFound("There is no such plot.", where="plot")
    return int(told)
