"""The page on which administrators invite people, give and take roles, disable and reset accounts."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any
from urllib.parse import urlencode

from fastapi import APIRouter, Request, Response

from landbank.api.account_page import number
from landbank.api.i18n import N_, Language, Words
from landbank.api.links import public_address
from landbank.api.page_frame import ADDRESSES, Pages
from landbank.api.people_words import ROLES, role_text
from landbank.api.permits import actor_of, permit
from landbank.api.posted import MOST_BYTES, Posted, go_to, posting, private_page
from landbank.api.visitors import caller_of
from landbank.domain.accounts import Person
from landbank.domain.people import IN_ALL, Actor, Grant, Permission, Role, may_grant, may_manage
from landbank.errors import HTTP_STATUS, Conflict, Forbidden, Invalid, LandbankError, NotFound
from landbank.services.door import Door
from landbank.services.manage_people import (
    disable,
    enable,
    give_role,
    invite,
    list_people,
    reset,
    take_role,
)

DONE: Mapping[str, str] = {
    "roll": N_("Rollen är given."),
    "tagen": N_("Rollen är tagen tillbaka."),
    "av": N_("Kontot är avstängt. Inget det hade gäller längre."),
    "pa": N_("Kontot gäller igen."),
}
"""What the page says was done, by the parameter `nu`."""

REFUSED: Mapping[type[LandbankError], str] = {
    Conflict: N_("Inloggningsnamnet är upptaget. Välj ett annat."),
    Forbidden: N_(
        "Det får du inte: rollen eller personen hör även till andra än dem du administrerar, eller är du själv."
    ),
    NotFound: N_("Personen finns inte bland dem du administrerar."),
    Invalid: N_(
        "Uppgifterna går inte att använda: ett namn saknas, eller så har inloggningsnamnet andra tecken än bokstäver,"
        " siffror och . _ - + @."
    ),
}  # fmt: skip


def router(pages: Pages, door: Door) -> APIRouter:
    """The routes of the page, in both languages; each action has an address of its own below it."""
    routes = APIRouter(
        include_in_schema=False, max_body_size=MOST_BYTES, dependencies=[permit(Permission.MANAGE_PEOPLE)]
    )
    for language in Language:
        made, path = PeoplePage(pages, door, language), ADDRESSES["people"][language]
        routes.add_api_route(path, made.show, methods=["GET", "HEAD"])
        for action, handle in (
            ("", made.invite),
            ("/roll", made.give),
            ("/roll/slut", made.take),
            ("/av", made.disable),
            ("/pa", made.enable),
            ("/lank", made.reset),
        ):
            routes.add_api_route(path + action, posting(handle), methods=["POST"])
    return routes


@dataclass(frozen=True, slots=True)
class PeoplePage:
    """The page in one language."""

    pages: Pages
    door: Door
    language: Language

    @property
    def words(self) -> Words:
        """The language."""
        return self.pages.words[self.language]

    def show(self, request: Request) -> Response:
        """Everybody whom the visitor manages."""
        return self.page(request, done=DONE.get(request.query_params.get("nu", ""), ""))

    def invite(self, request: Request, posted: Posted) -> Response:
        """A new account, and the link to hand over."""
        grant = read_grant(posted)
        try:
            invited = invite(
                self.door,
                actor_of(request),
                login=posted.text("inloggning"),
                display_name=posted.text("namn"),
                email=posted.text("epost") or None,
                grant=grant,
                request_id=caller_of(request).request_id,
            )
        except LandbankError as fault:
            return self.refused(request, fault, posted)
        return self.page(request, link=self.link(request, invited.secret))

    def give(self, request: Request, posted: Posted) -> Response:
        """Give a role."""
        return self.with_grant(request, posted, give_role, "roll")

    def take(self, request: Request, posted: Posted) -> Response:
        """Take a role away."""
        return self.with_grant(request, posted, take_role, "tagen")

    def disable(self, request: Request, posted: Posted) -> Response:
        """Disable an account."""
        return self.with_person(request, posted, disable, "av")

    def enable(self, request: Request, posted: Posted) -> Response:
        """Let an account hold again."""
        return self.with_person(request, posted, enable, "pa")

    def reset(self, request: Request, posted: Posted) -> Response:
        """A new link in the place of the password, and of the second factor where that is asked."""
        try:
            secret = reset(
                self.door,
                actor_of(request),
                number(posted.text("vem")),
                with_second_factor=posted.text("faktor") == "1",
                caller=caller_of(request),
            )
        except LandbankError as fault:
            return self.refused(request, fault)
        return self.page(request, link=self.link(request, secret))

    def with_grant(self, request: Request, posted: Posted, act: Any, done: str) -> Response:
        """Give or take what the form names."""
        grant = read_grant(posted)
        try:
            if grant is None:
                raise Invalid("No role was named.", where="roll")
            act(
                self.door,
                actor_of(request),
                number(posted.text("vem")),
                grant,
                request_id=caller_of(request).request_id,
            )
        except LandbankError as fault:
            return self.refused(request, fault)
        return go_to(f"{ADDRESSES['people'][self.language]}?nu={done}")

    def with_person(self, request: Request, posted: Posted, act: Any, done: str) -> Response:
        """Do something to whom the form names."""
        try:
            act(
                self.door,
                actor_of(request),
                number(posted.text("vem")),
                request_id=caller_of(request).request_id,
            )
        except LandbankError as fault:
            return self.refused(request, fault)
        return go_to(f"{ADDRESSES['people'][self.language]}?nu={done}")

    def link(self, request: Request, secret: str) -> str:
        """The address that lets somebody choose their password, once."""
        return f"{public_address(request)}{ADDRESSES['welcome'][self.language]}?{urlencode({'kod': secret})}"

    def refused(self, request: Request, fault: LandbankError, posted: Posted | None = None) -> Response:
        """The page with what went wrong, and what was typed."""
        text = next((text for family, text in REFUSED.items() if isinstance(fault, family)), None)
        if text is None:
            raise fault
        status = next(status for family, status in HTTP_STATUS.items() if isinstance(fault, family))
        return self.page(request, error=text, posted=posted, status=status)

    def page(
        self,
        request: Request,
        *,
        done: str = "",
        error: str = "",
        link: str = "",
        posted: Posted | None = None,
        status: int = 200,
    ) -> Response:
        """The page."""
        actor, words = actor_of(request), self.words
        people = list_people(self.door, actor)
        with request.app.state.landbank.reading() as store:
            municipalities = store.standing.municipalities()
        title = words.gettext(N_("Personer"))
        told = f"{words.gettext(N_('Fel'))}: {title}" if error else title
        html = self.pages.render(
            "people.html",
            self.pages.frame("people", self.language, f"{told} – landbank"),
            heading=title,
            done=done and words.gettext(done),
            error=error and words.gettext(error),
            link=link,
            rows=[self.row(person, actor, municipalities) for person in people],
            grants=grant_choices(actor, words, municipalities),
            typed={
                name: posted.text(name) if posted else "" for name in ("inloggning", "namn", "epost", "roll")
            },
            action=ADDRESSES["people"][self.language],
        )
        return private_page(html, status)

    def row(self, person: Person, actor: Actor, municipalities: Mapping[str, str]) -> dict[str, Any]:
        """A person as a row of the table, with what the visitor may do."""
        words = self.words
        return {
            "id": person.id,
            "name": person.display_name,
            "login": person.login,
            "is_disabled": person.is_disabled,
            "is_managed": may_manage(actor, person.grants) and person.name_in_events != actor.id,
            "roles": [
                {
                    "text": role_text(grant, words, municipalities),
                    "value": write_grant(grant),
                    "may_take": may_grant(actor, grant),
                }
                for grant in sorted(person.grants, key=write_grant)
            ],
        }


def grant_choices(actor: Actor, words: Words, municipalities: Mapping[str, str]) -> list[tuple[str, str]]:
    """The roles that the actor may give, as value and text of a list."""
    places: dict[bool, list[str | None]] = {True: [None], False: list(municipalities)}
    every = [Grant(role, code) for role in Role for code in places[role in IN_ALL]]
    return [
        (write_grant(grant), role_text(grant, words, municipalities))
        for grant in every
        if may_grant(actor, grant)
    ]


def write_grant(grant: Grant) -> str:
    """A role and its municipality as the value of a form's field."""
    return f"{grant.role}@{grant.municipality_code or ''}"


def read_grant(posted: Posted) -> Grant | None:
    """The role that the form's field `roll` names, or None where it names none that there is."""
    role, _, code = posted.text("roll").partition("@")
    return Grant(Role(role), code or None) if role in ROLES else None
