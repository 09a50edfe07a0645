"""The planners' pages of a municipality: at a glance, and the table of its plots with changes in place."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from typing import Any

from fastapi import APIRouter, Request, Response

from landbank.api.account_page import number
from landbank.api.i18n import Language, Words
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.page_municipality import NAMED, GlanceTeller
from landbank.api.page_table import Focus, TableTeller
from landbank.api.pages import seen
from landbank.api.permits import actor_of, permit
from landbank.api.planner_paths import MOST_BYTES, WORDS, Rights, municipality_url, name_of
from landbank.api.posted import Posted, go_to, posting, private_page
from landbank.api.status_form import Refused, read_status, refusal, steps_of
from landbank.api.table_query import TableQuery, read_query
from landbank.codelists.fields import load_fields
from landbank.domain.commitment import Party
from landbank.domain.people import Permission
from landbank.errors import HTTP_STATUS, LandbankError, NotFound, NotSignedIn, Stale
from landbank.services.change_status import change_status
from landbank.services.confirm_plots import confirm_plots
from landbank.services.list_plots import PlotFilter, Row, Sorting, list_plots
from landbank.services.list_todo import list_todo
from landbank.services.plot_editing import Editing
from landbank.store.unit import Store
from landbank.wiring import Landbank


def router(pages: Pages) -> APIRouter:
    """The routes of the pages in both languages; reading is for all who plan, changing for their own municipality."""
    routes = APIRouter(
        include_in_schema=False,
        max_body_size=MOST_BYTES,
        dependencies=[permit(Permission.READ_PLANNING)],
    )
    for language in Language:
        made, path = MunicipalityPages(pages, language), ADDRESSES["municipality"][language]
        table = f"{path}/{{code}}/{WORDS['plots'][language]}"
        routes.add_api_route(path, made.choose, methods=["GET", "HEAD"])
        routes.add_api_route(path + "/{code}", made.glance, methods=["GET", "HEAD"])
        routes.add_api_route(table, made.table, methods=["GET", "HEAD"])
        for word, handle in (("status", made.change), ("confirm", made.confirm)):
            routes.add_api_route(f"{table}/{WORDS[word][language]}", posting(handle), methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class MunicipalityPages:
    """The pages in one language."""

    pages: Pages
    language: Language

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    def choose(self, request: Request) -> Response:
        """To the one municipality whose plots the visitor keeps, or all to choose from."""
        own = actor_of(request).writes_in()
        if own is not None and len(own) == 1 and "alla" not in request.query_params:
            return go_to(municipality_url(self.language, next(iter(own))))
        with request.app.state.landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            names = store.standing.municipalities()
            counts = store.standing.plot_counts()
        title = self.words.gettext("Kommuner")
        rows = [
            {
                "name": name,
                "url": municipality_url(self.language, code),
                "count": self.words.number(counts.get(code, 0), 0),
                "is_own": own is not None and code in own,
            }
            for code, name in names.items()
            if code in counts or (own is not None and code in own)
        ]
        html = self.pages.render(
            "municipalities.html",
            self.pages.frame("municipality", self.language, f"{title} – landbank"),
            heading=title,
            rows=rows,
        )
        return private_page(html)

    def glance(self, request: Request, code: str) -> Response:
        """What needs doing in a municipality."""
        landbank: Landbank = request.app.state.landbank
        with landbank.reading() as store:
            inventory = seen(self.pages, store.standing.inventory())
            name = name_of(store, code)
            todo = list_todo(store, code, day=inventory.today, ages=load_fields().max_ages)
            shown = [one for line in todo.lines for one in line.plot_ids[:NAMED]]
            teller = GlanceTeller(
                self.words,
                code,
                store.catalogue.named(shown),
                {one.plot_id: one.until for one in store.endings.until(date.max, municipality_code=code)},
            )
            sums = store.standing.label_sums(code)
            view = teller.view(todo, sums, store.findings.counts(code))
        rights = Rights(actor_of(request), code)
        html = self.pages.render(
            "municipality.html",
            self.pages.frame(
                "municipality", self.language, f"{name} – landbank", tail=f"/{code}", kind="planner"
            ),
            name=name,
            glance=view,
            rights=rights,
            table_url=municipality_url(self.language, code, "plots"),
            new_url=municipality_url(self.language, code, "new"),
            quality_url=f"{ADDRESSES['quality'][self.language]}?kommun={code}",
            all_url=ADDRESSES["municipality"][self.language],
        )
        return private_page(html)

    def table(self, request: Request, code: str) -> Response:
        """The plots of a municipality."""
        given = request.query_params
        is_done = "klart" in given
        plot_id = number(given["klart"] if is_done else given.get("oppen", ""))
        return self.page(request, code, Focus(plot_id if plot_id > 0 else None, is_done=is_done))

    def change(self, request: Request, posted: Posted) -> Response:
        """Change a plot's state, and stay where one is."""
        code = request.path_params["code"]
        plot_id, version = number(posted.text("tomt")), number(posted.text("version"))
        landbank: Landbank = request.app.state.landbank
        try:
            with landbank.reading() as store:
                name_of(store, code)
                rights = Rights(actor_of(request), code)
                rights.demand_any()
                row, holder = plot_of(store, code, plot_id)
            steps = steps_of(row, holder, landbank.lifecycles.of(code), rights.actor, code)
            if row.row_version != version:
                raise Stale("The plot changed meanwhile.", where="version")
            change = read_status(posted, steps, self.words)
            with self.changing(request, code, change.asked.reason) as store:
                editing = Editing(rights.actor, store.plot_changes.today(), landbank.settings.extent)
                change_status(store, editing, plot_id, version, change=change, lifecycles=landbank.lifecycles)
        except Refused as refused:
            return self.page(request, code, Focus(plot_id, refused.typed), status=400)
        except LandbankError as fault:
            return self.refused(request, code, plot_id, posted, fault)
        return self.back(request, code, plot_id)

    def confirm(self, request: Request, posted: Posted) -> Response:
        """Confirm that what is recorded of a plot still holds, and stay where one is."""
        code = request.path_params["code"]
        plot_id, version = number(posted.text("tomt")), number(posted.text("version"))
        try:
            with request.app.state.landbank.reading() as store:
                name_of(store, code)
                Rights(actor_of(request), code).demand_any()
                plot_of(store, code, plot_id)
            with self.changing(request, code, None) as store:
                confirm_plots(
                    store.confirmations,
                    [plot_id],
                    actor=actor_of(request),
                    fields=load_fields(),
                    day=store.plot_changes.today(),
                    versions={plot_id: version},
                )
        except LandbankError as fault:
            return self.refused(request, code, plot_id, posted, fault)
        return self.back(request, code, plot_id)

    def changing(self, request: Request, code: str, reason: str | None) -> Any:
        """The transaction of a change in a municipality."""
        actor = actor_of(request)
        return request.app.state.landbank.changing(
            actor=actor,
            role=actor.role_in(code),
            municipality_code=code,
            request_id=getattr(request.state, "request_id", None),
            reason=reason,
        )

    def back(self, request: Request, code: str, plot_id: int) -> Response:
        """To the table as it was, at the plot."""
        query = read_query(request.query_params).with_(klart=str(plot_id))
        return go_to(f"{municipality_url(self.language, code, 'plots')}{query}#tomt-{plot_id}")

    def refused(
        self, request: Request, code: str, plot_id: int, posted: Posted, fault: LandbankError
    ) -> Response:
        """The table with what went wrong at its plot; what is about no plot of the municipality goes on."""
        if isinstance(fault, NotFound | NotSignedIn) or not Rights(actor_of(request), code).any:
            raise fault
        status = next(status for family, status in HTTP_STATUS.items() if isinstance(fault, family))
        return self.page(request, code, Focus(plot_id, refusal(fault, posted, self.words)), status=status)

    def page(self, request: Request, code: str, focus: Focus, *, status: int = 200) -> Response:
        """The table; the plot at hand stands in it even where the filter would leave it out."""
        landbank: Landbank = request.app.state.landbank
        query = read_query(request.query_params)
        rights = Rights(actor_of(request), code)
        with landbank.reading() as store:
            inventory = seen(self.pages, store.standing.inventory())
            name = name_of(store, code)
            ages = load_fields().max_ages
            listed = list_plots(
                store, query.filter(code), sorting=query.sorting, day=inventory.today, ages=ages,
                page=query.page,
            )  # fmt: skip
            teller = TableTeller(self.words, landbank.lifecycles.of(code), rights, focus)
            view = teller.view(listed, query)
            at_hand = None
            if focus.plot_id is not None and focus.plot_id not in {row.plot_id for row in listed.rows}:
                alone = list_plots(
                    store, PlotFilter(code, plot_ids=(focus.plot_id,)), sorting=Sorting(),
                    day=inventory.today, ages=ages,
                )  # fmt: skip
                at_hand = next(
                    (teller.row(row, alone.standing.get(row.plot_id, ())) for row in alone.rows), None
                )
        return private_page(
            self.rendered(
                name,
                code,
                query,
                view=view,
                at_hand=at_hand,
                rights=rights,
                focus=focus,
                changed=self.changed(request),
            ),
            status,
        )

    def changed(self, request: Request) -> str:
        """How many plots were just changed at once, in words."""
        count = number(request.query_params.get("andrade", ""))
        if count < 0:
            return ""
        text = self.words.ngettext("%(count)s tomt ändrades.", "%(count)s tomter ändrades.", count)
        return text % {"count": self.words.number(count, 0)}

    def rendered(self, name: str, code: str, query: TableQuery, **shown: Any) -> str:
        """The page's HTML."""
        title = self.words.gettext("Tomter i %(place)s") % {"place": name}
        kept = query.with_()
        tail = {
            language: f"/{code}/{WORDS['plots'][language]}{kept if kept != '?' else ''}"
            for language in Language
        }
        other = Language.EN if self.language is Language.SV else Language.SV
        view, at_hand, focus = shown["view"], shown["at_hand"], shown["focus"]
        rows = (*((at_hand,) if at_hand else ()), *view.rows)
        here = next((row for row in rows if row.plot_id == focus.plot_id), None)
        is_wrong = bool(here and here.typed.errors)
        table_url = municipality_url(self.language, code, "plots")
        return self.pages.render(
            "plot_table.html",
            self.pages.frame(
                "municipality",
                self.language,
                (self.words.gettext("Fel: ") if is_wrong else "") + f"{title} – landbank",
                tail=tail[self.language],
                other_tail=tail[other],
                kind="planner",
            ),
            heading=title,
            here=here,
            glance_url=municipality_url(self.language, code),
            glance_name=name,
            table_url=table_url,
            status_url=municipality_url(self.language, code, "plots", "status") + kept,
            many_url=municipality_url(self.language, code, "plots", "many") + kept,
            changed=shown["changed"],
            confirm_url=municipality_url(self.language, code, "plots", "confirm") + kept,
            query=query,
            table=view,
            at_hand=at_hand,
            rights=shown["rights"],
        )


def plot_of(store: Store, code: str, plot_id: int) -> tuple[Row, Party | None]:
    """A current plot of the municipality as its table has it, and who holds it.

    Raises
    ------
    NotFound
        The municipality has no such plot.
    """
    rows, _ = store.plot_table.rows(
        {
            "code": code, "ids": [plot_id], "text": None, "availability": None, "readiness": None, "label": None,
            "finding": None,
        },
        order="reference",
        limit=1,
    )  # fmt: skip
    if not rows:
        raise NotFound(f"The municipality {code} has no current plot {plot_id}.", where="tomt")
    standing = store.commitments.standing_of([plot_id]).get(plot_id, [])
    return rows[0], next((one.party for one in standing if one.is_exclusive), None)
