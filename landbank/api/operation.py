"""For planners and operators: whether jobs are done and mail goes out, as a page and as JSON. No address is shown."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Final

from fastapi import APIRouter, Request, Response
from fastapi.responses import HTMLResponse

from landbank.api.i18n import N_, Language, Words
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.pages import seen
from landbank.api.permits import permit
from landbank.api.problems import known_parameters
from landbank.codelists import terms
from landbank.domain.codes import MailState
from landbank.domain.people import Permission
from landbank.jobs import JOBS
from landbank.services.check_plots import FOLLOWER
from landbank.store.mails import MailStanding
from landbank.store.queue import JobKindStanding
from landbank.wiring import Landbank

JOB_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "follow_changes": (N_("Kontrollera det som ändrats"), N_("när något ändras")),
    "expire_terms": (N_("Avsluta reservationer och anvisningar som gått ut"), N_("varje natt")),
    "check_everything": (N_("Kontrollera alla tomter och räkna kvaliteten"), N_("varje natt")),
    "announce_endings": (N_("Skriv om reservationer som går ut"), N_("varje natt")),
    "forget_the_old": (N_("Töm gamla brev och jobb"), N_("varje natt")),
    "write_weekly_lists": (N_("Skriv veckolistor"), N_("måndagar")),
    "send_waiting": (N_("Ta upp brev som väntar"), N_("var tionde minut")),
    "send_mail": (N_("Skicka ett brev"), N_("när ett är skrivet")),
}
"""What each job does, and when."""


@dataclass(frozen=True, slots=True)
class Operation:
    """How jobs and mail stand."""

    workers: int
    changes_behind: int
    jobs: tuple[JobKindStanding, ...]
    is_mail_on: bool
    counts: Mapping[MailState, int]
    letters: tuple[MailStanding, ...]


def router() -> APIRouter:
    """The state for programs."""
    routes = APIRouter(tags=["planning"])

    @routes.get(
        "/api/operation",
        summary="Whether jobs are done and mail goes out",
        dependencies=[permit(Permission.READ_PLANNING), known_parameters()],
    )
    def get_operation(request: Request) -> dict[str, Any]:
        """Jobs by kind, workers alive, changes not yet checked, letters by state, and the open ones without address."""
        told = operation_of(request.app.state.landbank)
        return {
            "workers": told.workers,
            "changes_behind": told.changes_behind,
            "jobs": [
                {
                    "name": job.name,
                    "waiting": job.waiting,
                    "working": job.working,
                    "failed": job.failed,
                    "last_success_at": job.last_success_at.isoformat() if job.last_success_at else None,
                }
                for job in told.jobs
            ],
            "mail": {
                "is_on": told.is_mail_on,
                "counts": {str(state): number for state, number in told.counts.items()},
                "open": [letter_document(letter) for letter in told.letters],
            },
        }

    return routes


def page_router(pages: Pages) -> APIRouter:
    """The state as a page, in both languages."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PLANNING)])
    for language in Language:
        routes.add_api_route(
            ADDRESSES["operation"][language], page_handler(pages, language), methods=["GET", "HEAD"]
        )
    return routes


def page_handler(pages: Pages, language: Language) -> Callable[..., Response]:
    """The page in one language."""

    def operation(request: Request) -> Response:
        landbank, words = request.app.state.landbank, pages.words[language]
        with landbank.reading() as store:
            seen(pages, store.standing.inventory())
        told = operation_of(landbank)
        title = words.gettext("Jobb och utskick")
        frame = pages.frame("operation", language, f"{title} – landbank", kind="numbers")
        html = pages.render(
            "operation.html",
            frame,
            title=title,
            told=told,
            behind=words.number(told.changes_behind, 0),
            jobs=[job_row(name, told, words) for name in [job.name for job in JOBS]],
            mail=[
                (terms("mail_state")[state].label(language), number) for state, number in told.counts.items()
            ],
            letters=[letter_row(letter, words) for letter in told.letters],
            waits=told.counts.get(MailState.WAITING, 0),
        )
        return HTMLResponse(html, headers={"Cache-Control": "no-store"})

    return operation


def operation_of(landbank: Landbank) -> Operation:
    """How jobs and mail stand now."""
    with landbank.reading() as store:
        progress = store.followers.progress(FOLLOWER)
        revision = store.standing.inventory().revision
        return Operation(
            workers=store.queue.workers(),
            changes_behind=revision - (progress.revision if progress else 0),
            jobs=tuple(store.queue.standing()),
            is_mail_on=landbank.settings.smtp_host is not None,
            counts=store.mails.counts(),
            letters=tuple(store.mails.open_letters()),
        )


def job_row(name: str, told: Operation, words: Words) -> dict[str, Any]:
    """A job's row."""
    standing = next((job for job in told.jobs if job.name == name), None)
    text, when = JOB_TEXTS.get(name, (name, ""))
    return {
        "name": words.gettext(text),
        "when": words.gettext(when) if when else "",
        "waiting": standing.waiting if standing else 0,
        "working": standing.working if standing else 0,
        "failed": standing.failed if standing else 0,
        "last": words.moment(standing.last_success_at)
        if standing and standing.last_success_at
        else words.gettext("aldrig"),
    }


def letter_document(letter: MailStanding) -> dict[str, Any]:
    """A letter that is not closed, as JSON; without its address."""
    return {
        "id": letter.mail_id,
        "kind": str(letter.kind),
        "state": str(letter.state),
        "municipality_code": letter.municipality_code,
        "attempts": letter.attempts,
        "last_error": letter.last_error,
        "created_at": letter.created_at.isoformat(),
    }


def letter_row(letter: MailStanding, words: Words) -> dict[str, Any]:
    """An open letter's row."""
    return {
        "id": letter.mail_id,
        "kind": terms("mail_kind")[letter.kind].label(words.language),
        "state": terms("mail_state")[letter.state].label(words.language),
        "municipality": letter.municipality_code or "",
        "attempts": letter.attempts,
        "written": words.moment(letter.created_at),
        "error": letter.last_error or "",
    }
