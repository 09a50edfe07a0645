"""`/importer`: files are uploaded, what they would change is reviewed, carried out and taken back, without JavaScript.

The same services as the command and `/api/imports`: nothing changes before the number of the difference is confirmed.
"""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Callable
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response
from starlette.concurrency import run_in_threadpool

from landbank.api import imports
from landbank.api.i18n import N_, Language, Words
from landbank.api.import_list import ImportList, record_view
from landbank.api.import_mail import tell_result
from landbank.api.import_review import (
    CHANGES_SHOWN,
    FINDINGS_SHOWN,
    MANY,
    codes_of,
    findings_of,
    paging,
    rows_of,
    start_of,
)
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.pages import seen
from landbank.api.permits import actor_of, permit
from landbank.api.plot_work import FaultView
from landbank.api.posted import Posted, go_to, posting, private_page
from landbank.api.sized_route import SizedRoute
from landbank.domain.people import Permission, demand
from landbank.errors import Conflict, Gone, Invalid
from landbank.exchange.findings import CATALOGUE
from landbank.exchange.report_file import ReportPage, Slice, member_text, read_page
from landbank.services import run_imports
from landbank.services.roll_back import OnLaterChange, RollbackReport, RollbackRequest
from landbank.wiring import Landbank

MOVED = N_(
    "Inventeringen har ändrats sedan du granskade, på ett sätt som spelar roll för den här filen."
    " Inget är genomfört. Granska på nytt."
)
MANY_ENDED = N_("Importen skulle avsluta mer än en femtedel av tomterna. Kryssa för att det är meningen.")
OTHERWISE = N_("Det går inte att genomföra.")
LATER = N_("Någon har ändrat sådant som importen rörde. Välj vad som ska hända med det.")
FILE_GONE = N_("Filen är borttagen. Ladda upp den igen.")
DONE = N_("Importen är genomförd.")
TAKEN_BACK = N_("Importen är tagen tillbaka. Det är en import för sig, som den här sidan visar.")


def page_router(pages: Pages) -> APIRouter:
    """The routes of the pages, in both languages."""
    routes = APIRouter(
        include_in_schema=False, route_class=SizedRoute, dependencies=[permit(Permission.IMPORT)]
    )
    for language in Language:
        path = ADDRESSES["imports"][language]
        routes.add_api_route(path, list_handler(pages, language), methods=["GET", "HEAD"])
        routes.add_api_route(path, upload_handler(pages, language), methods=["POST"])
        routes.add_api_route(path + "/{import_id}", review_handler(pages, language), methods=["GET", "HEAD"])
        for action, handle in (
            ("genomfor", ImportPage.apply), ("ta-tillbaka", ImportPage.take_back),
        ):  # fmt: skip
            routes.add_api_route(
                path + "/{import_id}/" + action, acting(pages, language, handle), methods=["POST"]
            )
        routes.add_api_route(path + "/{import_id}/igen", again_handler(pages, language), methods=["POST"])
    return routes


def list_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The list with the form."""

    def show(request: Request) -> Response:
        return ImportList(request, pages, language).page()

    return show


def upload_handler(pages: Pages, language: Language) -> Callable[..., Any]:
    """A file that is looked at."""

    async def upload(request: Request) -> Response:
        page = ImportList(request, pages, language)
        form = await imports.read_form(request)
        try:
            return await page.take(form)
        finally:
            await form.close()

    return upload


def review_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """One import."""

    def show(request: Request, import_id: int) -> Response:
        return ImportPage(request, pages, language, import_id).page()

    return show


def acting(
    pages: Pages, language: Language, handle: Callable[[ImportPage, Posted], Response]
) -> Callable[..., Any]:
    """What is done with one import."""

    async def act(request: Request, import_id: int) -> Response:
        page = ImportPage(request, pages, language, import_id)
        return await posting(lambda _request, posted: handle(page, posted))(request)

    return act


def again_handler(pages: Pages, language: Language) -> Callable[..., Any]:
    """The same file looked at anew, as an import of its own."""

    async def again(request: Request, import_id: int) -> Response:
        page = ImportPage(request, pages, language, import_id)
        return await page.again()

    return again


@dataclass(frozen=True, slots=True)
class ImportPage:
    """The page of one import, for one visitor."""

    request: Request
    pages: Pages
    language: Language
    import_id: int

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    @property
    def path(self) -> str:
        """The page's address."""
        return f"{ADDRESSES['imports'][self.language]}/{self.import_id}"

    @property
    def landbank(self) -> Landbank:
        """The landbank."""
        found: Landbank = self.request.app.state.landbank
        return found

    def apply(self, posted: Posted) -> Response:
        """Carry it out, if it still is what was reviewed."""
        given = imports.ApplyIn(hash=read_hash(posted.text("hash")), may_end_many=posted.text("manga") == "1")
        try:
            answer = imports.applied(self.request, self.import_id, given)
        except Gone as fault:
            return self.page(FaultView(self.words.gettext(FILE_GONE), fault.message), status=410)
        except Conflict as fault:
            text = {"hash": MOVED, "ends_missing": MANY_ENDED}.get(fault.where or "", OTHERWISE)
            told = FaultView(self.words.gettext(text), fault.message)
            return self.page(told, has_moved=fault.where == "hash", status=409)
        tell_result(self.request, json.loads(bytes(answer.body)), self.language)
        return go_to(f"{self.path}?nu=klar")

    async def again(self) -> Response:
        """The same file as a further import, to be reviewed; this one stays as it was."""
        actor, uploads = actor_of(self.request), imports.uploads_of(self.landbank.settings)
        record = await run_in_threadpool(self.record)
        demand(actor, Permission.IMPORT, record.options.get("municipality"))
        try:
            if record.upload is None:
                raise Gone("The uploaded file is gone.", hint="Upload it again.", where="file")
            token = await uploads.take(pieces(uploads.path(record.upload)), record.file_name)
            answer = await run_in_threadpool(
                imports.propose,
                self.request,
                token,
                file_name=record.file_name,
                options=run_imports.Options(**record.options),
            )
        except Gone as fault:
            told = FaultView(self.words.gettext(FILE_GONE), fault.message)
            return await run_in_threadpool(self.page, told, status=410)
        new_id = json.loads(bytes(answer.body))["id"]
        return go_to(f"{ADDRESSES['imports'][self.language]}/{new_id}")

    def take_back(self, posted: Posted) -> Response:
        """What taking it back would do; with its number it is done."""
        on_later = posted.text("senare")
        asked = RollbackRequest(
            self.import_id,
            actor_of(self.request),
            on_later_change=OnLaterChange(on_later)
            if on_later in list(OnLaterChange)
            else OnLaterChange.REFUSE,
        )
        self.record()
        try:
            if posted.text("steg") != "genomfor":
                return self.page(rollback=run_imports.look_back(self.landbank, asked), on_later=on_later)
            given = imports.RollbackIn(
                apply=True, hash=read_hash(posted.text("hash")), on_later_change=asked.on_later_change
            )
            done = json.loads(bytes(imports.taken_back(self.request, self.import_id, given).body))
        except Conflict as fault:
            text = {"hash": MOVED, "on_later_change": LATER}.get(fault.where or "", OTHERWISE)
            told = FaultView(self.words.gettext(text), " ".join(filter(None, (fault.message, fault.hint))))
            looked = None
            if fault.where in ("hash", "on_later_change"):
                looked = run_imports.look_back(self.landbank, asked)
            return self.page(told, rollback=looked, on_later=on_later, status=409)
        return go_to(f"{ADDRESSES['imports'][self.language]}/{done['import']}?nu=tillbaka")

    def record(self) -> Any:
        """The import, if it concerns the visitor."""
        with self.landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            return run_imports.visible(store, self.import_id, actor_of(self.request))

    def page(
        self,
        fault: FaultView | None = None,
        *,
        has_moved: bool = False,
        rollback: RollbackReport | None = None,
        on_later: str = "",
        status: int = 200,
    ) -> Response:
        """The page."""
        words, asked = self.words, self.request.query_params
        with self.landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            record = run_imports.visible(store, self.import_id, actor_of(self.request))
            packed = store.imports.report(self.import_id)
            taken_back_by = store.imports.rolled_back_by(self.import_id)
        code = asked.get("kod", "") if asked.get("kod", "") in CATALOGUE else ""
        starts = {name: start_of(asked.get(name, "")) for name in ("andringar", "fynd")}
        report = ReportPage({})
        if packed:
            report = read_page(
                packed,
                changes=Slice(starts["andringar"], CHANGES_SHOWN),
                findings=shown_findings(starts["fynd"], code),
            )
        head = record_view(record, words, ADDRESSES["imports"][self.language])
        title = words.gettext("Import %(number)s: %(file)s") % {
            "number": record.id,
            "file": record.file_name,
        }
        done = {"klar": DONE, "tillbaka": TAKEN_BACK}.get(asked.get("nu", ""), "")
        html = self.pages.render(
            "import.html",
            self.pages.frame("imports", self.language, f"{title} – landbank", tail=f"/{record.id}", kind="import"),
            title=title,
            action=self.path,
            list_url=ADDRESSES["imports"][self.language],
            plot_path=ADDRESSES["plot"][self.language],
            record=head,
            fault=fault,
            done=words.gettext(done) if done else "",
            has_moved=has_moved,
            can_apply=record.state == "proposed" and record.upload is not None,
            can_take_back=record.state == "applied" and record.first_revision is not None and not taken_back_by,
            taken_back_by=taken_back_by,
            ends_many=ends_many(report.head),
            ended_share=words.number(100 * share_of(report.head), 0),
            head=report.head,
            codes=codes_of(report.head, words, self.path),
            code=code,
            findings=findings_of(report, words),
            findings_page=paging(
                self.path, starts["fynd"], FINDINGS_SHOWN, report.totals["findings"],
                query=f"kod={code}" if code else "", name="fynd", words=words,
            ),
            rows=rows_of(report, words),
            rows_page=paging(
                self.path, starts["andringar"], CHANGES_SHOWN, report.totals["changes"],
                query="", name="andringar", words=words,
            ),
            rollback=rollback,
            on_later=on_later,
        )  # fmt: skip
        return private_page(html, status)


def shown_findings(start: int, code: str) -> Slice:
    """The findings of a code; without one all but those that ask nobody to do anything."""
    if code:
        return Slice(start, FINDINGS_SHOWN, holding=member_text("code", code))
    return Slice(start, FINDINGS_SHOWN, lacking=member_text("severity", "info"))


def share_of(head: dict[str, Any]) -> float:
    """The share of the dataset's plots that end."""
    return float(head.get("ended") or 0) / head["standing"] if head.get("standing") else 0.0


def ends_many(head: dict[str, Any]) -> bool:
    """Whether an extra yes is asked for."""
    return share_of(head) > MANY


def read_hash(told: str) -> str:
    """The number of a difference in a form.

    Raises
    ------
    Invalid
        It is none.
    """
    if not 12 <= len(told) <= 64 or any(sign not in "0123456789abcdefABCDEF" for sign in told):
        raise Invalid("The form does not say which difference is meant.", where="hash")
    return told


async def pieces(path: Any) -> AsyncIterator[bytes]:
    """A file's bytes, a megabyte at a time."""
    with path.open("rb") as file:
        while piece := await run_in_threadpool(file.read, 1 << 20):
            yield piece
