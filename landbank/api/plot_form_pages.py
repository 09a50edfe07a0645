"""`/tomt/{id}/andra` and `/kommun/{code}/ny-tomt`: the form of a plot, and what both did where two were in it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from landbank.api.account_page import number
from landbank.api.i18n import N_, Language, Words
from landbank.api.page_conflict import ConflictTeller, ConflictView, choices_of
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.page_plot_form import ErrorView, FormTeller
from landbank.api.pages import seen
from landbank.api.permits import actor_of, permit
from landbank.api.planner_paths import MOST_BYTES, WORDS, municipality_url, name_of, plot_url
from landbank.api.plot_form import OTHER_FAULT, fault_text, read_form, typed_of
from landbank.api.plot_ground_form import GROUND_FIELDS, read_ground, starts_of
from landbank.api.posted import Posted, go_to, posting, private_page
from landbank.codelists import terms
from landbank.domain.people import Permission, demand
from landbank.domain.plot_content import Fault, InvalidDocument
from landbank.domain.three_way import merge
from landbank.errors import Conflict, Invalid, Stale
from landbank.services.change_plot import create_plot, replace_plot
from landbank.services.plot_document import GREATEST_ID, Document, StoredPlot, find_plot, plot_document
from landbank.services.plot_editing import Editing
from landbank.store.unit import Store
from landbank.wiring import Landbank

TAKEN = N_("En annan av kommunens tomter har den beteckningen.")
MOST_EVENTS = 10
ELSEWHERE: Mapping[str, str] = {
    "availability": N_("Försäljning"),
    "availability_until": N_("Gäller till"),
    "readiness": N_("Marken"),
    "geometry": N_("Gräns"),
    "location": N_("Läge på kartan"),
}
"""What the form does not change: where others did, it stays as they saved it."""


def router(pages: Pages) -> APIRouter:
    """The routes in both languages."""
    routes = APIRouter(
        include_in_schema=False,
        max_body_size=MOST_BYTES,
        dependencies=[permit(Permission.CHANGE_PLOT)],
    )
    for language in Language:
        made = PlotFormPages(pages, language)
        edit = f"{ADDRESSES['plot'][language]}/{{plot_id:int}}/{WORDS['edit'][language]}"
        new = f"{ADDRESSES['municipality'][language]}/{{code}}/{WORDS['new'][language]}"
        routes.add_api_route(edit, made.show, methods=["GET", "HEAD"])
        routes.add_api_route(edit, posting(made.save), methods=["POST"])
        routes.add_api_route(new, made.show_new, methods=["GET", "HEAD"])
        routes.add_api_route(new, posting(made.add), methods=["POST"])
    return routes


class Overtaken(Exception):
    """Somebody else saved the plot meanwhile; nothing was written."""

    def __init__(self, version: int, view: ConflictView, others: list[str]) -> None:
        super().__init__("overtaken")
        self.version = version
        self.view = view
        self.others = others


@dataclass(frozen=True, slots=True)
class PlotFormPages:
    """The pages in one language."""

    pages: Pages
    language: Language

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    def show(self, request: Request, plot_id: int) -> Response:
        """The form of a plot as it stands."""
        with request.app.state.landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            plot = self.plot_to_edit(request, store, plot_id)
            typed = typed_of(plot_document(plot), self.language)
            return self.form(store, plot, typed, is_done="sparat" in request.query_params)

    def plot_to_edit(self, request: Request, store: Store, plot_id: int) -> StoredPlot:
        """The plot, if the visitor may change it."""
        plot = find_plot(store, plot_id)
        demand(actor_of(request), Permission.CHANGE_PLOT, plot.municipality_code)
        return plot

    def save(self, request: Request, posted: Posted) -> Response:
        """Save the form; where others saved first, show what both did."""
        plot_id = number(str(request.path_params["plot_id"]))
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            plot = self.plot_to_edit(request, store, plot_id)
            if posted.text("mer"):
                return self.form(store, plot, posted, more=posted.text("mer"))
        try:
            with self.changing(request, plot.municipality_code, posted) as store:
                editing = Editing(actor_of(request), store.plot_changes.today(), landbank.settings.extent)
                self.write(store, editing, plot_id, posted)
        except Overtaken as overtaken:
            return self.conflict(plot, posted, overtaken)
        except Refused as refused:
            with landbank.reading() as store:
                return self.form(
                    store, self.plot_to_edit(request, store, plot_id), posted, errors=refused.errors,
                    status=refused.status,
                )  # fmt: skip
        return go_to(f"{plot_url(self.language, plot_id, 'edit')}?sparat=1")

    def write(self, store: Store, editing: Editing, plot_id: int, posted: Posted) -> None:
        """Write the form into the plot, in a transaction that nobody else writes beside."""
        plot = self.current(store, editing, plot_id)
        opened = number(posted.text("grund"))
        base = plot if plot.row_version == opened else store.plot_contents.at_version(plot_id, opened)
        # a version that nobody knows: everything that differs from what stands is asked for
        base_document = plot_document(base or plot)
        read = read_form(posted, base_document, self.language)
        document = read.document
        if plot.row_version != opened:
            document = self.merged(store, plot, base_document, document, posted)
        try:
            replace_plot(store, editing, plot_id, plot.row_version, document)
        except InvalidDocument as error:
            names = {fault: read.name_of(fault.pointer) for fault in error.faults}
            raise Refused(
                {name: fault_text(name, fault, self.words) for fault, name in names.items()}, 400
            ) from error
        except Stale:
            raise
        except Conflict as error:
            raise Refused({"reference": self.words.gettext(TAKEN)}, 409) from error

    def current(self, store: Store, editing: Editing, plot_id: int) -> StoredPlot:
        """The plot as it stands in this transaction, if the actor may change it."""
        plot = find_plot(store, plot_id)
        demand(editing.actor, Permission.CHANGE_PLOT, plot.municipality_code)
        return plot

    def merged(
        self, store: Store, plot: StoredPlot, base: Document, mine: Document, posted: Posted
    ) -> Document:
        """One document of both, where the visitor has seen what stands and chosen; else what both did is shown."""
        theirs, chosen = plot_document(plot), choices_of(posted)
        told = merge(base, theirs, mine, chosen)
        seen_version = number(posted.text("sedd"))
        if seen_version == plot.row_version and not told.open:
            return told.document
        since = plot.row_version - number(posted.text("grund"))
        events = store.changes.of_plot(plot.id, limit=max(1, min(since, MOST_EVENTS)))
        teller = ConflictTeller(self.words, store.plot_choices.of(plot.municipality_code))
        view = teller.view(told, chosen, events, is_again=seen_version > 0)
        others = [
            self.words.gettext(text) for name, text in ELSEWHERE.items() if base.get(name) != theirs.get(name)
        ]
        raise Overtaken(plot.row_version, view, others)

    def changing(self, request: Request, code: str, posted: Posted) -> Any:
        """The transaction of a change in a municipality."""
        actor = actor_of(request)
        return request.app.state.landbank.changing(
            actor=actor,
            role=actor.role_in(code),
            municipality_code=code,
            request_id=getattr(request.state, "request_id", None),
            reason=posted.text("skal").strip()[:1_000] or None,
        )

    def form(
        self,
        store: Store,
        plot: StoredPlot,
        typed: Posted,
        *,
        errors: Mapping[str, str] | None = None,
        more: str = "",
        is_done: bool = False,
        status: int = 200,
    ) -> Response:
        """The form's page."""
        values, code = plot.content.values, plot.municipality_code
        teller = FormTeller(self.words, typed, store.plot_choices.of(code), errors or {}, more)
        title = self.words.gettext("Ändra %(name)s") % {"name": values["name"] or values["reference"]}
        table = municipality_url(self.language, code, "plots")
        axes = [
            (
                self.words.gettext(name),
                terms(axis)[values[axis]].label(self.language)
                if values[axis]
                else self.words.gettext("okänt"),
            )
            for axis, name in (("availability", N_("Försäljning")), ("readiness", N_("Marken")))
        ]
        return self.rendered(
            title,
            self.tails(("plot", "edit"), plot.id),
            name="plot",
            teller=teller,
            status=status,
            is_done=is_done,
            is_new=False,
            action=plot_url(self.language, plot.id, "edit"),
            version=typed.text("grund") or str(plot.row_version),
            axes=axes,
            status_url=f"{table}?oppen={plot.id}#tomt-{plot.id}",
            plot_url=plot_url(self.language, plot.id),
            table_url=table,
            ground=None,
            typed=typed,
            place=name_of(store, code),
        )

    def conflict(self, plot: StoredPlot, posted: Posted, overtaken: Overtaken) -> Response:
        """The page that shows what both did; all that was typed goes along with it."""
        values = plot.content.values
        title = self.words.gettext("Två har ändrat %(name)s") % {
            "name": values["name"] or values["reference"]
        }
        kept = [
            (name, value)
            for name, given in posted.values.items()
            if name not in ("_token", "sedd") and not name.startswith("val:")
            for value in given
        ]
        tail, other_tail = self.tails(("plot", "edit"), plot.id)
        html = self.pages.render(
            "plot_conflict.html",
            self.pages.frame(
                "plot", self.language, f"{title} – landbank", tail=tail, other_tail=other_tail, kind="planner"
            ),
            heading=title,
            conflict=overtaken.view,
            others=overtaken.others,
            version=overtaken.version,
            kept=kept,
            action=plot_url(self.language, plot.id, "edit"),
            plot_url=plot_url(self.language, plot.id),
        )
        return private_page(html, 409)

    def show_new(self, request: Request, code: str) -> Response:
        """The form of a plot that is not there yet."""
        with request.app.state.landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            name = name_of(store, code)
            demand(actor_of(request), Permission.CHANGE_PLOT, code)
            return self.new_form(request, store, code, name, typed_of({}, self.language))

    def add(self, request: Request, posted: Posted) -> Response:
        """Add a plot."""
        code = request.path_params["code"]
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            name = name_of(store, code)
            demand(actor_of(request), Permission.CHANGE_PLOT, code)
            if posted.text("mer"):
                return self.new_form(request, store, code, name, posted, more=posted.text("mer"))
        try:
            with self.changing(request, code, posted) as store:
                editing = Editing(actor_of(request), store.plot_changes.today(), landbank.settings.extent)
                plot_id = self.create(store, editing, code, posted, landbank)
        except Refused as refused:
            with landbank.reading() as store:
                return self.new_form(
                    request, store, code, name, posted, errors=refused.errors, status=refused.status
                )
        return go_to(f"{plot_url(self.language, plot_id, 'edit')}?sparat=1")

    def create(self, store: Store, editing: Editing, code: str, posted: Posted, landbank: Landbank) -> int:
        """Write a new plot; its id comes back."""
        read = read_form(posted, {}, self.language)
        ground, errors = read_ground(posted, self.words)
        document = {**read.document, **ground, "municipality_code": code}
        for axis in ("availability", "readiness"):
            document[axis] = posted.text(axis) or None
        try:
            made = create_plot(store, editing, document, lifecycles=landbank.lifecycles)
        except InvalidDocument as error:
            told = {}
            for fault in error.faults:
                name = GROUND_FIELDS.get(fault.pointer.strip("/").split("/")[0], read.name_of(fault.pointer))
                told[name] = self.ground_or_field(name, fault)
            if errors:
                told.pop("punkter", None)
            raise Refused(told | errors, 400) from error
        except Invalid as error:
            raise Refused({"": self.words.gettext(OTHER_FAULT)}, 400) from error
        except Conflict as error:
            raise Refused({"reference": self.words.gettext(TAKEN)}, 409) from error
        if made.plot.id > GREATEST_ID:
            raise ValueError("the database gave a number that no plot can have")
        return made.plot.id

    def ground_or_field(self, name: str, fault: Fault) -> str:
        """What is said of the ground, or of another field."""
        if name != "punkter":
            return fault_text(name, fault, self.words)
        return self.words.gettext(
            "Marken går inte att använda: se efter att öst står före nord, att systemet är rätt, att gränsen inte"
            " korsar sig själv och att platsen ligger i Sverige."
        )

    def new_form(
        self,
        request: Request,
        store: Store,
        code: str,
        place: str,
        typed: Posted,
        *,
        errors: Mapping[str, str] | None = None,
        more: str = "",
        status: int = 200,
    ) -> Response:
        """The page of the form of a new plot."""
        landbank: Landbank = request.app.state.landbank
        teller = FormTeller(self.words, typed, store.plot_choices.of(code), errors or {}, more)
        title = self.words.gettext("Ny tomt i %(place)s") % {"place": place}
        return self.rendered(
            title,
            self.tails(("municipality", "new"), code),
            name="municipality",
            teller=teller,
            status=status,
            is_done=False,
            is_new=True,
            action=municipality_url(self.language, code, "new"),
            version="",
            axes=[],
            status_url="",
            plot_url="",
            table_url=municipality_url(self.language, code, "plots"),
            ground=starts_of(landbank.lifecycles.of(code), typed, errors or {}, self.words),
            typed=typed,
            place=place,
        )

    def tails(self, page: tuple[str, str], key: int | str) -> tuple[str, str]:
        """What follows the page's address in this language and in the other."""
        other = Language.EN if self.language is Language.SV else Language.SV
        return f"/{key}/{WORDS[page[1]][self.language]}", f"/{key}/{WORDS[page[1]][other]}"

    def rendered(
        self, title: str, tails: tuple[str, str], *, name: str, teller: FormTeller, status: int, **shown: Any
    ) -> Response:
        """The form's page."""
        summary: tuple[ErrorView, ...] = teller.summary()
        html = self.pages.render(
            "plot_form.html",
            self.pages.frame(
                name,
                self.language,
                (self.words.gettext("Fel: ") if summary else "") + f"{title} – landbank",
                tail=tails[0],
                other_tail=tails[1],
                kind="planner",
            ),
            heading=title,
            groups=teller.groups(),
            summary=summary,
            **shown,
        )
        return private_page(html, status)


class Refused(Exception):
    """What was typed can't be a plot; what is wrong by the form's field."""

    def __init__(self, errors: Mapping[str, str], status: int) -> None:
        super().__init__("refused")
        self.errors = errors
        self.status = status
