"""Error pages: the same faults as problem+json tells to programs, in words for the person who waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from fastapi import Request, Response
from fastapi.responses import HTMLResponse

from landbank.api.i18n import N_, Language
from landbank.api.ogc_answers import told_language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.problems import PAGES_TOO, Problem

TEXTS: Mapping[int, tuple[str, str]] = {
    400: (
        N_("Frågan går inte att svara på"),
        N_("Något i adressen är fel skrivet. Gå till sökningen och börja därifrån."),
    ),
    404: (
        N_("Sidan finns inte"),
        N_("Adressen är fel, eller så har tomten aldrig funnits. Sök bland de tomter som finns."),
    ),
    405: (N_("Så kan sidan inte användas"), N_("Sidan kan bara läsas. Gå till sökningen.")),
    410: (N_("Sidan finns inte längre"), N_("Den har funnits men är borttagen.")),
    500: (
        N_("Något gick fel hos oss"),
        N_("Felet är skrivet i loggen. Försök igen, och säg till driftansvarig om det fortsätter."),
    ),
    503: (
        N_("Landbank svarar inte just nu"),
        N_("Databasen är upptagen eller nere. Försök igen om en stund: adressen håller kvar er sökning."),
    ),
}
"""Heading and explanation by HTTP status."""


def page_maker(pages: Pages) -> Callable[[Request, Problem], Response]:
    """What makes a page of a problem; it never asks the database."""

    def error_page(request: Request, problem: Problem) -> Response:
        path = request.url.path
        language = Language.EN if path == "/en" or path.startswith("/en/") else Language.SV
        if path.startswith(PAGES_TOO):
            language = told_language(request)
        words = pages.words[language]
        heading, explanation = TEXTS.get(problem.status, TEXTS[500 if problem.status >= 500 else 400])
        html = pages.render(
            "error.html",
            pages.frame("search", language, f"{words.gettext(heading)} – landbank"),
            heading=words.gettext(heading),
            explanation=words.gettext(explanation),
            detail=problem.detail if problem.status == 400 else "",
            about_url=ADDRESSES["about"][language],
            request_id=problem.request_id or "",
        )
        return HTMLResponse(html, problem.status)

    return error_page
