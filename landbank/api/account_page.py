"""The page of one's own account: name and roles, sessions, password, second factor, keys for programs."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from fastapi import APIRouter, Request, Response

from landbank.api.i18n import N_, Language
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.people_words import PASSWORD_FAULTS, SCOPES, role_text
from landbank.api.permits import permit
from landbank.api.posted import MOST_BYTES, Posted, go_to, posting, private_page
from landbank.api.presented import SESSION, set_cookie
from landbank.api.sign_in_pages import DIFFERENT, TOO_MANY
from landbank.api.visitors import caller_of, person_session
from landbank.domain.accounts import KEY_DAYS, MOST_KEY_DAYS, ApiKey, Method, Session
from landbank.domain.people import Permission
from landbank.errors import Conflict, Forbidden, Invalid, LandbankError, NotFound, NotSignedIn, TooMany
from landbank.services.choose_password import change_password, remove_second_factor
from landbank.services.describe_account import Account, describe_account
from landbank.services.door import Door
from landbank.services.manage_keys import make_key, revoke_key
from landbank.services.sign_out import end_other_sessions, end_session

DONE: Mapping[str, str] = {
    "losenord": N_("Lösenordet är bytt. Alla andra inloggningar är avslutade."),
    "session": N_("Inloggningen är avslutad."),
    "andra": N_("Alla andra inloggningar är avslutade."),
    "nyckel": N_("Nyckeln är återkallad."),
}
"""What the page says was done, by the parameter `nu`."""

WRONG_PASSWORD = N_("Det nuvarande lösenordet är fel.")
GONE = N_("Den fanns inte längre.")
NO_KEY = N_(
    "Nyckeln kan inte göras så: ge den ett namn, minst en rättighet som du själv har i kommunen, och 1–366 dagar."
)


def router(pages: Pages, door: Door) -> APIRouter:
    """The routes of the page, in both languages; each action has an address of its own below it."""
    routes = APIRouter(
        include_in_schema=False, max_body_size=MOST_BYTES, dependencies=[permit(Permission.OWN_ACCOUNT)]
    )
    for language in Language:
        made, path = AccountPage(pages, door, language), ADDRESSES["account"][language]
        routes.add_api_route(path, made.show, methods=["GET", "HEAD"])
        for action, handle in (
            ("losenord", made.change_password),
            ("andra-faktor", made.renew_second_factor),
            ("session", made.end_session),
            ("nyckel", made.make_key),
            ("nyckel/slut", made.revoke_key),
        ):
            routes.add_api_route(f"{path}/{action}", posting(handle), methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class AccountPage:
    """The page in one language."""

    pages: Pages
    door: Door
    language: Language

    @property
    def path(self) -> str:
        """The page's address."""
        return ADDRESSES["account"][self.language]

    def text(self, text: str) -> str:
        """A text in the page's language."""
        return self.pages.words[self.language].gettext(text)

    def show(self, request: Request) -> Response:
        """The account."""
        return self.page(request, done=DONE.get(request.query_params.get("nu", ""), ""))

    def change_password(self, request: Request, posted: Posted) -> Response:
        """Another password."""
        session, new = person_session(request), posted.text("losenord")
        if new != posted.text("igen"):
            return self.page(request, error=DIFFERENT, target="losenord", status=400)
        try:
            opened = change_password(
                self.door, session, posted.text("nuvarande"), new, caller=caller_of(request)
            )
        except (NotSignedIn, TooMany) as fault:
            return self.refused(request, fault, WRONG_PASSWORD, "nuvarande")
        except Invalid as fault:
            return self.refused(request, fault, PASSWORD_FAULTS[fault.where or ""], "losenord")
        response = go_to(f"{self.path}?nu=losenord")
        set_cookie(response, SESSION, opened.secret)
        return response

    def renew_second_factor(self, request: Request, posted: Posted) -> Response:
        """Forget the second factor, and go on to setting up the next."""
        session = person_session(request)
        try:
            remove_second_factor(
                self.door, session.person, posted.text("nuvarande"), caller=caller_of(request)
            )
        except (NotSignedIn, TooMany) as fault:
            return self.refused(request, fault, WRONG_PASSWORD, "faktor-nuvarande")
        return go_to(ADDRESSES["enrolment"][self.language])

    def end_session(self, request: Request, posted: Posted) -> Response:
        """End one other session, or all."""
        session = person_session(request)
        if posted.text("vilken") == "andra":
            end_other_sessions(self.door, session, caller=caller_of(request))
            return go_to(f"{self.path}?nu=andra")
        try:
            end_session(self.door, session, number(posted.text("vilken")), caller=caller_of(request))
        except NotFound as fault:
            return self.refused(request, fault, GONE, "sessioner")
        return go_to(f"{self.path}?nu=session")

    def make_key(self, request: Request, posted: Posted) -> Response:
        """A new key, shown once."""
        session = person_session(request)
        try:
            made = make_key(
                self.door,
                session.person.actor,
                label=posted.text("namn"),
                scopes=[Permission(scope) for scope in posted.chosen("far") if scope in SCOPES],
                municipality_code=posted.text("kommun"),
                days=number(posted.text("dagar")),
                request_id=caller_of(request).request_id,
            )
        except (Invalid, Forbidden) as fault:
            return self.refused(request, fault, NO_KEY, "nyckel-namn")
        return self.page(request, made_key=made.text)

    def revoke_key(self, request: Request, posted: Posted) -> Response:
        """End a key."""
        session = person_session(request)
        try:
            revoke_key(
                self.door,
                session.person.actor,
                number(posted.text("vilken")),
                request_id=caller_of(request).request_id,
            )
        except NotFound as fault:
            return self.refused(request, fault, GONE, "nycklar")
        return go_to(f"{self.path}?nu=nyckel")

    def refused(self, request: Request, fault: LandbankError, text: str, target: str) -> Response:
        """The page with what went wrong."""
        if isinstance(fault, TooMany):
            return self.page(request, error=TOO_MANY, target=target, status=429)
        status = {NotSignedIn: 400, NotFound: 404, Forbidden: 403, Conflict: 409}.get(type(fault), 400)
        return self.page(request, error=text, target=target, status=status)

    def page(
        self,
        request: Request,
        *,
        done: str = "",
        error: str = "",
        target: str = "",
        made_key: str = "",
        status: int = 200,
    ) -> Response:
        """The page."""
        session = person_session(request)
        account = describe_account(self.door, session)
        with request.app.state.landbank.reading() as store:
            municipalities = store.standing.municipalities()
        title = self.text(N_("Ditt konto"))
        told = f"{self.text(N_('Fel'))}: {title}" if error else title
        html = self.pages.render(
            "account.html",
            self.pages.frame("account", self.language, f"{told} – landbank", kind="account"),
            heading=title,
            done=done and self.text(done),
            error=error and self.text(error),
            target=target,
            made_key=made_key,
            person=session.person,
            has_password=session.method is Method.PASSWORD,
            **self.content(account, session, municipalities),
        )
        return private_page(html, status)

    def content(
        self, account: Account, session: Session, municipalities: Mapping[str, str]
    ) -> dict[str, Any]:
        """What the page shows of the account, in words."""
        words, actor = self.pages.words[self.language], session.person.actor
        held = actor.municipalities(Permission.IMPORT)
        codes = sorted(municipalities) if held is None else sorted(held)
        moment: Callable[[Any], str] = words.moment
        return {
            "roles": sorted(role_text(grant, words, municipalities) for grant in session.person.grants),
            "sessions": [
                {
                    "id": one.id,
                    "device": one.device,
                    "began": moment(one.created_at),
                    "used": moment(one.last_used_at),
                    "is_here": one.id == session.id,
                }
                for one in account.sessions
            ],
            "has_second_factor": account.has_second_factor,
            "codes_left": account.codes_left,
            "keys": [key_row(key, words.day, self.text, municipalities) for key in account.keys],
            "key_municipalities": [(code, municipalities.get(code, code)) for code in codes],
            "key_scopes": [(scope, self.text(text)) for scope, text in SCOPES.items() if actor.may(scope)],
            "key_days": KEY_DAYS,
            "most_key_days": MOST_KEY_DAYS,
        }


def key_row(
    key: ApiKey, day: Callable[[Any], str], text: Callable[[str], str], municipalities: Mapping[str, str]
) -> dict[str, Any]:
    """A key as a row of a table."""
    return {
        "id": key.id,
        "label": key.label,
        "scopes": ", ".join(text(SCOPES[scope]) for scope in SCOPES if scope in key.scopes),
        "municipality": municipalities.get(key.municipality_code, key.municipality_code),
        "expires": day(key.expires_at.date()),
        "used": day(key.last_used_at.date()) if key.last_used_at else "–",
    }


def number(text: str) -> int:
    """The number that a form names; -1, which nothing has, where it is none."""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 18 else -1
