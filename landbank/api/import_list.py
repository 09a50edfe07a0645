"""The list of imports with the form for another: a file, how it is to be read, and what its import may end."""

from __future__ import annotations

import json
from dataclasses import dataclass
from typing import Any

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import FormData

from landbank.api import imports
from landbank.api.i18n import N_, Language, Words
from landbank.api.import_review import STATES, counts_of
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.page_history import ROLE_TEXTS
from landbank.api.pages import seen
from landbank.api.permits import actor_of
from landbank.api.plot_work import FaultView, status_of
from landbank.api.posted import go_to, private_page
from landbank.codelists import municipalities
from landbank.domain.people import Permission, demand
from landbank.errors import Conflict, Forbidden, Invalid
from landbank.services import run_imports
from landbank.wiring import Landbank

LISTED = 30
UNREADABLE = N_("Filen gick inte att läsa in. Så här säger läsaren:")
FOREIGN = N_("Du får bara läsa in tomter i en kommun där du har en roll.")


@dataclass(frozen=True, slots=True)
class ImportList:
    """The list of imports and the form for another, for one visitor."""

    request: Request
    pages: Pages
    language: Language

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    @property
    def path(self) -> str:
        """The page's address."""
        return ADDRESSES["imports"][self.language]

    async def take(self, form: FormData) -> Response:
        """The review of an uploaded file, or the form with what is wrong."""
        typed = {name: value for name, value in form.multi_items() if isinstance(value, str)}
        try:
            file, options = imports.file_of(form), imports.options_of(form)
            if not file.filename:
                raise Invalid("No file was chosen.", hint="Choose a file.", where="file")
            demand(actor_of(self.request), Permission.IMPORT, options.municipality)
            landbank: Landbank = self.request.app.state.landbank
            token = await imports.uploads_of(landbank.settings).take(imports.chunks_of(file), file.filename)
            answer = await run_in_threadpool(
                imports.propose, self.request, token, file_name=file.filename, options=options
            )
            return go_to(f"{self.path}/{json.loads(bytes(answer.body))['id']}")
        except Forbidden as fault:
            told = FaultView(self.words.gettext(FOREIGN), fault.message)
            return await run_in_threadpool(self.page, told, typed, 403)
        except (Invalid, Conflict) as fault:
            told = FaultView(
                self.words.gettext(UNREADABLE), " ".join(filter(None, (fault.message, fault.hint)))
            )
            return await run_in_threadpool(self.page, told, typed, status_of(fault))

    def page(
        self, fault: FaultView | None = None, typed: dict[str, str] | None = None, status: int = 200
    ) -> Response:
        """The page."""
        actor, words = actor_of(self.request), self.words
        told = self.request.query_params.get("fore", "")
        before = int(told) if told.isascii() and told.isdecimal() and len(told) < 18 else None
        with self.request.app.state.landbank.reading() as store:
            seen(self.pages, store.standing.inventory())
            found = run_imports.listed(store, actor, before=before, limit=LISTED + 1)
        may = actor.municipalities(Permission.IMPORT)
        own = [(code, one.name) for code, one in municipalities().items() if may is None or code in may]
        title = words.gettext(N_("Importer"))
        html = self.pages.render(
            "imports.html",
            self.pages.frame("imports", self.language, f"{title} – landbank", kind="imports"),
            title=title,
            action=self.path,
            fault=fault,
            typed=dict.fromkeys((*imports.FIELDS, *imports.CLAIMS), "") | (typed or {}),
            is_fresh=typed is None,
            own=own,
            rows=[record_view(record, words, self.path) for record in found[:LISTED]],
            more_url=f"{self.path}?fore={found[LISTED - 1].id}" if len(found) > LISTED else "",
            most_mb=self.request.app.state.landbank.settings.upload_max_mb,
        )
        return private_page(html, status)


def record_view(record: Any, words: Words, path: str) -> dict[str, Any]:
    """An import as a line of the list, or as the head of its page."""
    role = ROLE_TEXTS.get(record.role or "", N_("Landbanks drift"))
    names = [municipalities()[code].name for code in record.municipality_codes if code in municipalities()]
    return {
        "id": record.id,
        "url": f"{path}/{record.id}",
        "file": record.file_name,
        "is_rollback": record.kind == "rollback",
        "rolls_back_id": record.rolls_back_id,
        "rolls_back_url": f"{path}/{record.rolls_back_id}",
        "state": record.state,
        "state_text": words.gettext(STATES.get(record.state, N_("Genomförd"))),
        "when": words.moment(record.applied_at or record.proposed_at),
        "who": words.gettext(role),
        "places": ", ".join(names),
        "counts": counts_of(record, words),
        "hash": record.diff_hash[:16],
        "whole_hash": record.diff_hash,
        "dataset": record.dataset or "",
        "report_url": f"/api/imports/{record.id}/report",
    }
