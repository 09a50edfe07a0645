"""Error pages: the same faults as problem+json tells to programs, in words for the person who waits."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from urllib.parse import quote

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse

from landbank.api.i18n import N_, Language
from landbank.api.moment import PARAMETERS
from landbank.api.ogc_answers import told_language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.problems import PAGES_TOO, Problem

TEXTS: Mapping[int, tuple[str, str]] = {
    400: (
        N_("Frågan går inte att svara på"),
        N_("Något i adressen är fel skrivet. Gå till sökningen och börja därifrån."),
    ),
    401: (
        N_("Här krävs inloggning"),
        N_("Sidan är för dem som för in eller håller tomter aktuella. Logga in och försök igen."),
    ),
    403: (
        N_("Det får du inte göra"),
        N_(
            "Antingen saknar du den roll som krävs, eller så är formuläret för gammalt eller kommer från en annan"
            " webbplats. Ladda om sidan och försök igen."
        ),
    ),
    404: (
        N_("Sidan finns inte"),
        N_("Adressen är fel, eller så har tomten aldrig funnits. Sök bland de tomter som finns."),
    ),
    405: (N_("Så kan sidan inte användas"), N_("Sidan kan bara läsas. Gå till sökningen.")),
    409: (
        N_("Någon annan hann före"),
        N_("Det du ville ändra har ändrats sedan sidan hämtades. Ladda om den och se efter."),
    ),
    412: (
        N_("Någon annan hann före"),
        N_("Det du ville ändra har ändrats sedan sidan hämtades. Ladda om den och se efter."),
    ),
    410: (N_("Sidan finns inte längre"), N_("Den har funnits men är borttagen.")),
    413: (N_("Det var för mycket på en gång"), N_("Skicka mindre, och försök igen.")),
    429: (N_("För många försök"), N_("Vänta fem minuter och försök sedan igen.")),
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

MOMENT_TEXTS: Mapping[int, tuple[str, str]] = {
    400: (
        N_("Den dagen går inte att visa"),
        N_("Ange en dag som 2026-03-01, fram till i dag. Det som kommer sedan vet ingen ännu."),
    ),
    404: (
        N_("Tomten fanns inte då"),
        N_(
            "Landbank hade inga uppgifter om tomten den dagen. Ta bort dagen ur adressen för att se den som den är nu."
        ),
    ),
}
"""The same for an earlier moment that was asked for."""


def page_maker(pages: Pages) -> Callable[[Request, Problem], Response]:
    """What makes a page of a problem; it never asks the database."""

    def error_page(request: Request, problem: Problem) -> Response:
        path = request.url.path
        if problem.status == 401 and request.method in ("GET", "HEAD") and pages.offers_sign_in:
            return to_sign_in(request)
        language = Language.EN if path == "/en" or path.startswith("/en/") else Language.SV
        if path.startswith(PAGES_TOO):
            language = told_language(request)
        words = pages.words[language]
        texts = {**TEXTS, **MOMENT_TEXTS} if problem.where in PARAMETERS else TEXTS
        heading, explanation = texts.get(problem.status, TEXTS[500 if problem.status >= 500 else 400])
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


def to_sign_in(request: Request) -> Response:
    """Send a browser to the sign-in page, which leads back to where it wanted to go."""
    path, query = request.url.path, request.url.query
    language = Language.EN if path == "/en" or path.startswith("/en/") else Language.SV
    back = quote(f"{path}?{query}" if query else path, safe="/")
    return RedirectResponse(f"{ADDRESSES['sign_in'][language]}?vidare={back}", 303)
