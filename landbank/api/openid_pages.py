"""The way to an organisation's sign-in service, and back.

What must be remembered meanwhile lies sealed in a cookie of ten minutes: nobody can change it, use it for another
service, or have one made in their place; and starting costs the database nothing.
"""

from __future__ import annotations

import logging
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import orjson
from fastapi import APIRouter, Request, Response

from landbank.api.i18n import N_, Language
from landbank.api.links import public_address
from landbank.api.page_frame import ADDRESSES
from landbank.api.permits import permit
from landbank.api.posted import go_to, own_path
from landbank.api.presented import FLOW, SESSION, drop_cookie, read_cookie, set_cookie
from landbank.api.sign_in_pages import SignInPages
from landbank.api.visitors import caller_of, session_in
from landbank.domain.people import SYSTEM, Permission
from landbank.errors import Forbidden, LandbankError, NotFound, NotSignedIn, Unavailable
from landbank.identity.openid import Begun, SignInService
from landbank.services.sign_in_openid import sign_in_openid
from landbank.services.sign_out import sign_out

security = logging.getLogger("landbank.security")

BACK = "/logga-in/svar"
PURPOSE = "openid flow"
HOLDS = timedelta(minutes=10)

TEXTS: Mapping[type[LandbankError], str] = {
    NotSignedIn: N_("Din organisation släppte inte in dig, eller så avbröt du. Försök igen."),
    Forbidden: N_(
        "Svaret från din organisations inloggning gick inte att lita på, eller så är kontot avstängt här."
    ),
    Unavailable: N_("Din organisations inloggning svarar inte just nu. Försök igen om en stund."),
}


def router(pages_of: Mapping[Language, SignInPages], services: Mapping[str, SignInService]) -> APIRouter:
    """The routes: one for each language to go, one for all to come back."""
    routes = APIRouter(include_in_schema=False, dependencies=[permit(Permission.READ_PUBLIC)])
    made = OpenIdPages(pages_of, services)
    for language in Language:
        path = f"{ADDRESSES['service'][language]}/{{name}}"
        routes.add_api_route(path, made.begin_in(language), methods=["GET"])
    routes.add_api_route(BACK + "/{name}", made.finish, methods=["GET"])
    return routes


@dataclass(frozen=True, slots=True)
class OpenIdPages:
    """Sends browsers to the services, and takes them back."""

    pages_of: Mapping[Language, SignInPages]
    services: Mapping[str, SignInService]

    def begin_in(self, language: Language) -> Any:
        """The endpoint that begins a sign-in for who reads this language."""

        def begin(name: str, request: Request) -> Response:
            pages, service = self.pages_of[language], self.service(name)
            target = pages.target(request.query_params.get("vidare", ""))
            try:
                begun = service.begin(back_address(request, name))
            except Unavailable as fault:
                return self.refused(pages, target, fault)
            response = go_to(begun.address)
            flow = {
                "state": begun.state,
                "nonce": begun.nonce,
                "verifier": begun.verifier,
                "name": name,
                "language": language.value,
                "target": target,
                "until": (pages.door.clock() + HOLDS).timestamp(),
            }
            sealed = pages.door.sealer.seal_text(orjson.dumps(flow).decode(), PURPOSE)
            set_cookie(response, FLOW, sealed, seconds=int(HOLDS.total_seconds()))
            return response

        return begin

    def finish(self, name: str, request: Request) -> Response:
        """Take back who was sent to the service."""
        service, flow = self.service(name), self.flow_of(request, name)
        pages = self.pages_of[Language(flow["language"]) if flow else Language.SV]
        target = pages.target(own_path(flow["target"], "") if flow else "")
        before = session_in(request)
        try:
            if flow is None:
                raise Forbidden("No sign-in was begun in this browser.", hint="Begin with the sign-in page.")
            begun = Begun("", flow["state"], flow["nonce"], flow["verifier"])
            claimed = service.finish(back_address(request, name), begun, request.query_params)
            opened = sign_in_openid(pages.door, claimed, caller=caller_of(request))
        except (Forbidden, NotSignedIn, Unavailable) as fault:
            with pages.door.people(SYSTEM) as people:
                people.log.note("openid_refused", actor="anonymous", request_id=caller_of(request).request_id)
            security.warning("openid: %s", fault.message)
            response = self.refused(pages, target, fault)
        else:
            if before is not None:
                sign_out(pages.door, before, caller=caller_of(request))
            response = go_to(target)
            set_cookie(response, SESSION, opened.secret)
        drop_cookie(response, FLOW)
        return response

    def service(self, name: str) -> SignInService:
        """The service with this name; raises `NotFound`."""
        if name not in self.services:
            raise NotFound("There is no such sign-in service.", where=name[:40])
        return self.services[name]

    def flow_of(self, request: Request, name: str) -> Mapping[str, Any] | None:
        """What was remembered of the sign-in that this browser began at this service; None where nothing is."""
        cookie, door = read_cookie(request, FLOW), self.pages_of[Language.SV].door
        text = door.sealer.open_text(cookie, PURPOSE) if cookie else None
        flow: Mapping[str, Any] | None = orjson.loads(text) if text else None
        if flow is None or flow["name"] != name or flow["until"] < door.clock().timestamp():
            return None
        return flow

    def refused(self, pages: SignInPages, target: str, fault: LandbankError) -> Response:
        """The sign-in page with what went wrong."""
        text = next(text for family, text in TEXTS.items() if isinstance(fault, family))
        return pages.refused_page(target, text, fault)


def back_address(request: Request, name: str) -> str:
    """The address that a service sends people back to; it is registered there."""
    return f"{public_address(request)}{BACK}/{name}"
