"""Change many plots at once: choose the change, look at what becomes of each, carry it out."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from landbank.api.account_page import number
from landbank.api.i18n import N_, Language, Words
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.pages import seen
from landbank.api.permits import actor_of, permit
from landbank.api.planner_paths import MOST_BYTES, WORDS, Rights, municipality_url, name_of
from landbank.api.posted import Posted, go_to, posting, private_page
from landbank.api.status_form import FIELDS, AllSteps, Refused, Typed, read_status, refusal_text
from landbank.api.table_query import read_query
from landbank.codelists import terms
from landbank.codelists.fields import load_fields
from landbank.domain.people import Permission
from landbank.errors import Conflict, Forbidden, Invalid
from landbank.services.change_many import (
    MOST_PLOTS,
    PlotPreview,
    Preview,
    Wanted,
    change_many,
    preview_changes,
)
from landbank.services.list_plots import Sorting, list_plots
from landbank.services.plot_editing import Editing
from landbank.store.plot_choices import Choices
from landbank.store.unit import Store
from landbank.wiring import Landbank

LINKS: Mapping[str, tuple[str, str]] = {
    "kontakt": ("sales_contact_id", N_("Kontakt")),
    "skots": ("steward_contact_id", N_("Uppgifterna sköts av")),
    "plan": ("plan_id", N_("Plan")),
}
"""The changes that link plots to something: the column, and what it is called."""

KINDS: Mapping[str, str] = {
    "lage": N_("Ändra läge"),
    "bekrafta": N_("Bekräfta oförändrade"),
    "kontakt": N_("Byt kontakt"),
    "skots": N_("Byt vem som sköter uppgifterna"),
    "plan": N_("Byt plan"),
}
"""What can be done to many plots."""

NOTHING = "ingen"
"""The value of a list that takes a link away."""

CARRIED = ("vad", *FIELDS, *LINKS)
MOVED = N_(
    "Tomterna har ändrats sedan förhandsgranskningen, så inget är ändrat. Så här blir det nu: se efter igen."
)
TOO_MANY = N_("Välj 1 till %(number)s tomter.")


def router(pages: Pages) -> APIRouter:
    """The routes in both languages."""
    routes = APIRouter(
        include_in_schema=False,
        max_body_size=MOST_BYTES,
        dependencies=[permit(Permission.READ_PLANNING)],
    )
    for language in Language:
        made = BulkPages(pages, language)
        words = "/".join(WORDS[part][language] for part in ("plots", "many"))
        path = f"{ADDRESSES['municipality'][language]}/{{code}}/{words}"
        routes.add_api_route(path, posting(made.preview), methods=["POST"])
        routes.add_api_route(f"{path}/{WORDS['apply'][language]}", posting(made.apply), methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class Chosen:
    """The plots that were chosen, with what the page shows of the choice."""

    code: str
    place: str
    plot_ids: tuple[int, ...]
    choices: Mapping[str, Choices]
    rights: Rights
    steps: AllSteps


@dataclass(frozen=True, slots=True)
class OutcomeView:
    """One plot of the preview: what changes from what to what, or why it does not."""

    reference: str
    name: str
    changes: tuple[str, ...]
    reason: str


@dataclass(frozen=True, slots=True)
class BulkPages:
    """The pages in one language."""

    pages: Pages
    language: Language

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    def preview(self, request: Request, posted: Posted) -> Response:
        """The form of the change, or what would become of each plot."""
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            chosen = self.chosen(request, store, posted)
            if not 0 < len(chosen.plot_ids) <= MOST_PLOTS:
                text = self.words.gettext(TOO_MANY) % {"number": self.words.number(MOST_PLOTS, 0)}
                return self.page(request, chosen, posted, typed=Typed({}, {"": text}), status=400)
            if not posted.text("vad"):
                return self.page(request, chosen, posted)
            try:
                wanted = self.wanted(posted, chosen)
                told = self.previewed(store, request, chosen, wanted)
            except Refused as refused:
                return self.page(request, chosen, posted, typed=refused.typed, status=400)
        return self.page(request, chosen, posted, told=told)

    def previewed(self, store: Store, request: Request, chosen: Chosen, wanted: Wanted) -> Preview:
        """What would become of each plot."""
        landbank: Landbank = request.app.state.landbank
        editing = Editing(actor_of(request), store.plot_changes.today(), landbank.settings.extent)
        try:
            return preview_changes(
                store, editing, chosen.code, chosen.plot_ids, wanted=wanted, lifecycles=landbank.lifecycles
            )
        except Invalid as fault:
            name = next((name for name, (column, _) in LINKS.items() if column == fault.where), "")
            raise Refused(Typed({}, {name: self.words.gettext("Välj något i listan.")})) from fault

    def apply(self, request: Request, posted: Posted) -> Response:
        """Carry out what the preview showed; where the plots changed meanwhile, show them anew."""
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            chosen = self.chosen(request, store, posted)
            try:
                wanted = self.wanted(posted, chosen)
            except Refused as refused:
                return self.page(request, chosen, posted, typed=refused.typed, status=400)
        actor = actor_of(request)
        try:
            with landbank.changing(
                actor=actor,
                role=actor.role_in(chosen.code),
                municipality_code=chosen.code,
                request_id=getattr(request.state, "request_id", None),
                reason=posted.text("skal").strip() or None,
            ) as store:
                editing = Editing(actor, store.plot_changes.today(), landbank.settings.extent)
                done = change_many(
                    store, editing, chosen.code, chosen.plot_ids, wanted=wanted,
                    lifecycles=landbank.lifecycles, fields=load_fields(), digest=posted.text("digest"),
                )  # fmt: skip
        except (Conflict, Invalid):
            with landbank.reading() as store:
                try:
                    told = self.previewed(store, request, chosen, wanted)
                except Refused as refused:
                    return self.page(request, chosen, posted, typed=refused.typed, status=400)
            return self.page(request, chosen, posted, told=told, moved=True, status=409)
        query = read_query(request.query_params).with_(andrade=str(len(done.changed)))
        return go_to(municipality_url(self.language, chosen.code, "plots") + query)

    def chosen(self, request: Request, store: Store, posted: Posted) -> Chosen:
        """The plots that were ticked, that go along from the page before, or all of the selection.

        Raises
        ------
        NotFound
            There is no such municipality.
        NotSignedIn, Forbidden
            The visitor may change nothing there.
        """
        code = request.path_params["code"]
        place, rights = name_of(store, code), Rights(actor_of(request), code)
        rights.demand_any()
        given = [*posted.chosen("tomt"), *posted.text("tomter").split(",")]
        ids = dict.fromkeys(number(one.partition(":")[0]) for one in given if one)
        if posted.text("alla"):
            query = read_query(request.query_params)
            listed = list_plots(
                store, query.filter(code), sorting=Sorting(), day=store.standing.inventory().today,
                ages=load_fields().max_ages, size=MOST_PLOTS + 1,
            )  # fmt: skip
            ids = dict.fromkeys(row.plot_id for row in listed.rows)
        lifecycle = request.app.state.landbank.lifecycles.of(code)
        return Chosen(
            code, place, tuple(ids), store.plot_choices.of(code), rights,
            AllSteps(lifecycle, rights.actor, code),
        )  # fmt: skip

    def wanted(self, posted: Posted, chosen: Chosen) -> Wanted:
        """The change that the form asks for.

        Raises
        ------
        Refused
            It can't be read.
        """
        kind = posted.text("vad")
        if kind not in self.kinds(chosen.rights):
            if kind in KINDS:
                raise Forbidden("Your role may not change many plots in this way.")
            raise Refused(Typed({}, {"vad": self.words.gettext("Välj vad som ska ändras.")}))
        if kind == "lage":
            return Wanted(status=read_status(posted, chosen.steps, self.words))
        if kind == "bekrafta":
            return Wanted()
        told = posted.text(kind)
        if not told or (told != NOTHING and number(told) < 0):
            raise Refused(Typed({}, {kind: self.words.gettext("Välj något i listan.")}))
        return Wanted(link=LINKS[kind][0], linked_id=None if told == NOTHING else number(told))

    def kinds(self, rights: Rights) -> dict[str, str]:
        """What the visitor may do to many plots."""
        may = {"lage": rights.status or rights.change, "bekrafta": rights.confirm}
        return {
            kind: self.words.gettext(text) for kind, text in KINDS.items() if may.get(kind, rights.change)
        }

    def page(
        self,
        request: Request,
        chosen: Chosen,
        posted: Posted,
        *,
        typed: Typed | None = None,
        told: Preview | None = None,
        moved: bool = False,
        status: int = 200,
    ) -> Response:
        """The page: the form, and below it what would become of each plot where that is known."""
        title = self.words.ngettext(
            "Ändra %(count)s tomt i %(place)s", "Ändra %(count)s tomter i %(place)s", len(chosen.plot_ids)
        ) % {"count": self.words.number(len(chosen.plot_ids), 0), "place": chosen.place}
        errors = typed.errors if typed else {}
        values = {name: posted.text(name).strip() for name in CARRIED}
        query = read_query(request.query_params).with_()
        table = municipality_url(self.language, chosen.code, "plots")
        other = Language.EN if self.language is Language.SV else Language.SV
        html = self.pages.render(
            "bulk.html",
            self.pages.frame(
                "municipality",
                self.language,
                (self.words.gettext("Fel: ") if errors else "") + f"{title} – landbank",
                tail=f"/{chosen.code}/{WORDS['plots'][self.language]}",
                other_tail=f"/{chosen.code}/{WORDS['plots'][other]}",
                kind="planner",
            ),
            heading=title,
            kinds=self.kinds(chosen.rights),
            values=values,
            typed=Typed(values, errors),
            steps=chosen.steps.options(self.words),
            links=[
                (kind, self.words.gettext(text), chosen.choices[column])
                for kind, (column, text) in LINKS.items()
                if kind in self.kinds(chosen.rights)
            ],
            ids=",".join(map(str, chosen.plot_ids)),
            preview_url=municipality_url(self.language, chosen.code, "plots", "many") + query,
            apply_url=municipality_url(self.language, chosen.code, "plots", "many", "apply") + query,
            table_url=table + query,
            place=chosen.place,
            moved=self.words.gettext(MOVED) if moved else "",
            nothing=NOTHING,
            digest=told.digest if told else "",
            changed=self.outcomes(told.changed, chosen) if told else [],
            unchanged=self.outcomes([one for one in told.plots if not one.is_changed], chosen)
            if told
            else [],
            is_previewed=told is not None,
        )
        return private_page(html, status)

    def outcomes(self, plots: Sequence[PlotPreview], chosen: Chosen) -> list[OutcomeView]:
        """What would become of some plots, in words."""
        return [
            OutcomeView(
                one.reference,
                one.name or "",
                tuple(
                    self.words.gettext("%(name)s: %(before)s → %(after)s")
                    % {
                        "name": self.words.gettext(COLUMNS[name]),
                        "before": self.value(name, one.before[name], chosen),
                        "after": self.value(name, after, chosen),
                    }
                    for name, after in one.after.items()
                    if one.before[name] != after
                ),
                refusal_text(one.refusal, self.words)
                if one.refusal
                else self.words.gettext("Är redan så.")
                if not one.is_changed
                else "",
            )
            for one in plots
        ]

    def value(self, name: str, value: Any, chosen: Chosen) -> str:
        """One value in words."""
        if value is None:
            return self.words.gettext("ingen uppgift")
        if name in chosen.choices:
            return dict(chosen.choices[name]).get(value, f"nr {value}")
        if name in ("availability", "readiness"):
            return terms(name)[value].label(self.language)
        return self.words.day(value)


COLUMNS: Mapping[str, str] = {
    "availability": N_("Försäljning"),
    "availability_until": N_("Gäller till"),
    "readiness": N_("Marken"),
    "ready_on": N_("Byggklar"),
    "confirmed_on": N_("Senast bekräftad"),
    **dict(LINKS.values()),
}
"""What the columns are called that are changed for many plots."""
