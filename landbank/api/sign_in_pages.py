"""The pages on the way in: name and password, second factor, its first set-up, the one-time link; and the way out."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, urlencode

import segno
from fastapi import APIRouter, Request, Response
from markupsafe import Markup

from landbank.api.cross_site import token_for
from landbank.api.i18n import N_, Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.people_words import PASSWORD_FAULTS
from landbank.api.permits import permit
from landbank.api.posted import MOST_BYTES, Gate, Handled, Posted, go_to, own_path, posting, private_page
from landbank.api.presented import SESSION, drop_cookie, session_cookie, set_cookie
from landbank.api.visitors import caller_of, session_in
from landbank.domain.accounts import Method, Session, Stage
from landbank.domain.people import Permission
from landbank.errors import HTTP_STATUS, Conflict, Gone, Invalid, LandbankError, NotSignedIn, TooMany
from landbank.services.choose_password import choose_by_link, owner_of_link
from landbank.services.door import WINDOW, Door, Opened
from landbank.services.second_factor import begin_enrolment, finish_enrolment, pass_second_factor
from landbank.services.sign_in import sign_in
from landbank.services.sign_out import sign_out

Shown = Callable[[Request], Response]

NOTICES: Mapping[str, str] = {
    "ut": N_("Du är utloggad."),
    "slut": N_(
        "Inloggningen är slut: den höll inte längre, eller så tar webbläsaren inte emot kakan som den behöver."
        " Logga in igen. Utan https tar bara somliga webbläsare emot den."
    ),
}
"""What the sign-in page says to who comes from elsewhere, by the parameter `nu`."""

AT_ONCE = 6
"""Passwords that are taken at once, waiting ones included: two of them are being checked."""

WRONG = N_("Namnet eller lösenordet är fel.")
WRONG_CODE = N_("Koden är fel eller redan använd. Vänta på nästa kod och försök igen.")
TOO_MANY = N_("För många försök. Vänta fem minuter och försök sedan igen.")
SPENT = N_("Länken är använd eller har gått ut. Be administratören om en ny.")
DIFFERENT = N_("De två lösenorden är olika.")


@dataclass(frozen=True, slots=True)
class WayIn:
    """The sign-in as these pages offer it: the door, the organisations' services (name, label by language)."""

    door: Door
    has_local_accounts: bool = True
    services: Sequence[tuple[str, Mapping[Language, str]]] = field(default=())

    @property
    def is_any(self) -> bool:
        """Whether anybody can sign in at all."""
        return self.has_local_accounts or bool(self.services)


def router(pages: Pages, way: WayIn) -> APIRouter:
    """The routes of these pages, in both languages."""
    routes = APIRouter(include_in_schema=False, max_body_size=MOST_BYTES)
    gate = Gate(AT_ONCE)
    public, no_token = permit(Permission.READ_PUBLIC), permit(Permission.READ_PUBLIC, asks_token=False)

    def add(path: str, show: Shown | None, handle: Handled | None, *, asks_token: bool = True) -> None:
        if show is not None:
            routes.add_api_route(path, show, methods=["GET", "HEAD"], dependencies=[public])
        if handle is not None:
            declared = public if asks_token else no_token
            # what takes no token is what hashes a password for who is not known yet
            inner = posting(handle, gate=None if asks_token else gate)
            routes.add_api_route(path, inner, methods=["POST"], dependencies=[declared])

    for language, made in pages_by_language(pages, way).items():
        # Neither takes any right from a session: one begins it, the other has its own secret.
        add(
            ADDRESSES["sign_in"][language],
            made.show,
            made.enter if way.has_local_accounts else None,
            asks_token=False,
        )
        add(ADDRESSES["sign_out"][language], None, made.leave)
        if way.has_local_accounts:
            add(ADDRESSES["welcome"][language], made.show_welcome, made.welcome, asks_token=False)
            add(ADDRESSES["code"][language], made.show_code, made.pass_code)
            add(ADDRESSES["enrolment"][language], made.show_enrolment, made.enrol)
    return routes


def pages_by_language(pages: Pages, way: WayIn) -> dict[Language, SignInPages]:
    """The pages in each language."""
    return {language: SignInPages(pages, way, language) for language in Language}


@dataclass(frozen=True, slots=True)
class SignInPages:
    """The pages in one language."""

    pages: Pages
    way: WayIn
    language: Language

    @property
    def door(self) -> Door:
        """The door."""
        return self.way.door

    def show(self, request: Request) -> Response:
        """Name and password, and the organisations' services."""
        target = self.target(request.query_params.get("vidare", ""))
        session = session_in(request)
        if session is not None and session.stage is Stage.WHOLE:
            return go_to(target)
        return self.sign_in_page(target, notice=NOTICES.get(request.query_params.get("nu", ""), ""))

    def enter(self, request: Request, posted: Posted) -> Response:
        """Take name and password."""
        target = self.target(posted.text("vidare"))
        before = session_in(request)
        try:
            opened = sign_in(
                self.door, posted.text("namn"), posted.text("losenord"), caller=caller_of(request)
            )
        except (NotSignedIn, TooMany) as fault:
            return self.sign_in_page(target, login=posted.text("namn"), fault=fault)
        if before is not None:
            sign_out(self.door, before, caller=caller_of(request))
        return self.go_on(opened, target)

    def leave(self, request: Request, _posted: Posted) -> Response:
        """Sign out."""
        session = session_in(request)
        if session is not None:
            sign_out(self.door, session, caller=caller_of(request))
        response = go_to(f"{ADDRESSES['sign_in'][self.language]}?nu=ut")
        drop_cookie(response, SESSION)
        return response

    def show_code(self, request: Request) -> Response:
        """Ask for the second factor."""
        session = session_in(request)
        if session is None or session.stage is not Stage.SECOND_FACTOR:
            return self.elsewhere(session)
        return self.code_page(request, self.target(request.query_params.get("vidare", "")))

    def pass_code(self, request: Request, posted: Posted) -> Response:
        """Take the second factor."""
        session, target = session_in(request), self.target(posted.text("vidare"))
        if session is None or session.stage is not Stage.SECOND_FACTOR:
            return self.elsewhere(session)
        try:
            opened = pass_second_factor(self.door, session, posted.text("kod"), caller=caller_of(request))
        except (NotSignedIn, TooMany) as fault:
            return self.code_page(request, target, fault=fault)
        return self.go_on(opened, target)

    def show_enrolment(self, request: Request) -> Response:
        """Show the secret of a new second factor, as a QR code and as text."""
        session = session_in(request)
        if session is None or session.stage is Stage.SECOND_FACTOR or session.method is not Method.PASSWORD:
            return self.elsewhere(session)
        try:
            return self.enrolment_page(request, session, self.target(request.query_params.get("vidare", "")))
        except Conflict:
            return self.elsewhere(session)

    def enrol(self, request: Request, posted: Posted) -> Response:
        """Take the first code, and show the recovery codes."""
        session, target = session_in(request), self.target(posted.text("vidare"))
        if session is None or session.stage is Stage.SECOND_FACTOR:
            return self.elsewhere(session)
        try:
            enrolled = finish_enrolment(self.door, session, posted.text("kod"), caller=caller_of(request))
        except (NotSignedIn, TooMany) as fault:
            return self.enrolment_page(request, session, target, fault=fault)
        except Conflict:
            return self.elsewhere(session)
        response = self.page(
            "recovery_codes.html", "enrolment", N_("Dina reservkoder"), codes=enrolled.codes, target=target
        )
        set_cookie(response, SESSION, enrolled.opened.secret)
        return response

    def show_welcome(self, request: Request) -> Response:
        """Ask for a password, to who has a one-time link; looking at it does not use it up."""
        return self.welcome_page(request.query_params.get("kod", ""))

    def welcome(self, request: Request, posted: Posted) -> Response:
        """Take the password that goes with a one-time link."""
        secret, password = posted.text("kod"), posted.text("losenord")
        if password != posted.text("igen"):
            return self.welcome_page(secret, error=DIFFERENT)
        try:
            opened = choose_by_link(self.door, secret, password, caller=caller_of(request))
        except Invalid as fault:
            return self.welcome_page(secret, error=PASSWORD_FAULTS[fault.where or ""])
        except Gone:
            return self.welcome_page(secret)
        return self.go_on(opened, ADDRESSES["account"][self.language])

    def target(self, asked: str) -> str:
        """Where to go after signing in: as asked if that is a page of this site, else the account."""
        return own_path(asked, ADDRESSES["account"][self.language])

    def go_on(self, opened: Opened, target: str) -> Response:
        """Send the browser to the next step, with the cookie of its session."""
        names = {Stage.SECOND_FACTOR: "code", Stage.ENROLMENT: "enrolment"}
        if opened.stage is Stage.WHOLE:
            response = go_to(target)
        else:
            response = go_to(
                f"{ADDRESSES[names[opened.stage]][self.language]}?{urlencode({'vidare': target})}"
            )
        set_cookie(response, SESSION, opened.secret)
        return response

    def elsewhere(self, session: Session | None) -> Response:
        """Send the browser to where its session stands, or to the beginning."""
        if session is None:
            return go_to(f"{ADDRESSES['sign_in'][self.language]}?nu=slut")
        names = {Stage.SECOND_FACTOR: "code", Stage.ENROLMENT: "enrolment", Stage.WHOLE: "account"}
        return go_to(ADDRESSES[names[session.stage]][self.language])

    def refused_page(self, target: str, text: str, fault: LandbankError) -> Response:
        """The first page, after an organisation's service let somebody not in."""
        status = next(status for family, status in HTTP_STATUS.items() if isinstance(fault, family))
        return self.sign_in_page(target, error=self.pages.words[self.language].gettext(text), status=status)

    def sign_in_page(
        self,
        target: str,
        *,
        login: str = "",
        notice: str = "",
        fault: LandbankError | None = None,
        error: str = "",
        status: int = 200,
    ) -> Response:
        """The first page."""
        address = ADDRESSES["service"][self.language]
        services = [
            {"url": f"{address}/{name}?vidare={quote(target, safe='')}", "text": labels[self.language]}
            for name, labels in self.way.services
        ]
        return self.page(
            "sign_in.html",
            "sign_in",
            N_("Logga in"),
            fault=fault,
            error=error,
            status=status,
            tail="" if target == ADDRESSES["account"][self.language] else f"?{urlencode({'vidare': target})}",
            wrong=WRONG,
            has_local_accounts=self.way.has_local_accounts,
            action=ADDRESSES["sign_in"][self.language],
            services=services,
            target=target,
            login=login,
            notice=notice and self.pages.words[self.language].gettext(notice),
        )

    def code_page(self, request: Request, target: str, *, fault: LandbankError | None = None) -> Response:
        """The page of the second factor."""
        return self.page(
            "second_factor.html", "code", N_("Andra faktorn"), fault=fault, wrong=WRONG_CODE, target=target,
            token=own_token(request),
        )  # fmt: skip

    def enrolment_page(
        self, request: Request, session: Session, target: str, *, fault: LandbankError | None = None
    ) -> Response:
        """The page of the first set-up."""
        enrolment = begin_enrolment(self.door, session.person, place=request.url.hostname or "landbank")
        groups = [enrolment.secret[start : start + 4] for start in range(0, len(enrolment.secret), 4)]
        return self.page(
            "enrolment.html", "enrolment", N_("Ställ in den andra faktorn"), fault=fault, wrong=WRONG_CODE,
            target=target, token=own_token(request), qr=qr_code(enrolment.address), secret=" ".join(groups),
            address=enrolment.address,
        )  # fmt: skip

    def welcome_page(self, secret: str, *, error: str = "") -> Response:
        """The page of a one-time link."""
        words = self.pages.words[self.language]
        try:
            person = owner_of_link(self.door, secret)
        except Gone:
            return self.page(
                "welcome.html", "welcome", N_("Välj lösenord"), status=410, error=words.gettext(SPENT)
            )
        return self.page(
            "welcome.html", "welcome", N_("Välj lösenord"), status=400 if error else 200,
            tail=f"?{urlencode({'kod': secret})}", error=error and words.gettext(error), person=person, secret=secret,
        )  # fmt: skip

    def page(
        self,
        template: str,
        name: str,
        title: str,
        *,
        fault: LandbankError | None = None,
        wrong: str = "",
        status: int = 200,
        tail: str = "",
        **content: Any,
    ) -> Response:
        """A page with its error, if any, and the status that goes with it."""
        words = self.pages.words[self.language]
        headers: dict[str, str] = {}
        if isinstance(fault, TooMany):
            status, wrong = 429, TOO_MANY
            headers["Retry-After"] = str(int(WINDOW.total_seconds()))
        elif fault is not None:
            status = 401
            headers["WWW-Authenticate"] = 'Bearer realm="landbank"'
        told_error: str = content.pop("error", "")
        error = words.gettext(wrong) if fault is not None else told_error
        heading = words.gettext(title)
        told = f"{words.gettext('Fel')}: {heading}" if error else heading
        frame = self.pages.frame(name, self.language, f"{told} – landbank", tail=tail, kind="sign-in")
        html = self.pages.render(template, frame, heading=heading, error=error, **content)
        return private_page(html, status, headers)


def own_token(request: Request) -> str:
    """The token of a session that is not whole yet, which the pages' frame does not show."""
    cookie = session_cookie(request)
    return token_for(cookie) if cookie else ""


def qr_code(address: str) -> Markup:
    """The address as a picture. What segno writes is squares and numbers; the address itself is not in it."""
    drawn: str = segno.make(address, error="m").svg_inline(
        border=4, dark="#000", light="#fff", omitsize=True, svgclass="qr", lineclass=None
    )
    return Markup(drawn)  # noqa: S704 - see above
