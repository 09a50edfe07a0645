"""Who visits: found out before a page is made, for those alone who bring a session's cookie.

A page for somebody who is signed in is kept by no cache, and no cached page for everybody stands in its place. Requests
without a cookie and without a key pass as they are: no lookup, no other header, nothing that keeps them from a cache.
"""

from __future__ import annotations

from dataclasses import dataclass

from fastapi import Request, Response
from starlette.concurrency import run_in_threadpool
from starlette.datastructures import MutableHeaders

from landbank.api import problems
from landbank.api.cross_site import SAFE, refuse_foreign, token_for
from landbank.api.middleware import App, Message, Receive, Scope, Send
from landbank.api.page_frame import VISITOR, Visitor
from landbank.api.presented import SESSION, api_key, drop_cookie, session_cookie
from landbank.domain.accounts import Session, Stage
from landbank.domain.people import ANONYMOUS, Actor
from landbank.errors import Forbidden, LandbankError
from landbank.services.door import Caller, Door
from landbank.services.identify import key_of, session_of

TAGGED = ("etag", "last-modified")


@dataclass(frozen=True, slots=True)
class Identify:
    """Tells who acts by a request: a program by its key, else a person by a whole session, else nobody."""

    door: Door

    def __call__(self, request: Request) -> Actor:
        """The actor.

        Raises
        ------
        NotSignedIn
            An API key was sent that does not hold.
        """
        text = api_key(request)
        if text is not None:
            return key_of(self.door, text).actor
        session = self.session(request)
        return session.person.actor if session and session.stage is Stage.WHOLE else ANONYMOUS

    def session(self, request: Request) -> Session | None:
        """The live session of the request's cookie, at whatever stage; looked up once a request."""
        if not hasattr(request.state, "session"):
            cookie = session_cookie(request)
            request.state.session = session_of(self.door, cookie) if cookie else None
        held: Session | None = request.state.session
        return held


def session_in(request: Request) -> Session | None:
    """The live session of a request, at whatever stage, or None."""
    identify = request.app.state.sessions
    held: Session | None = identify.session(request)
    return held


def caller_of(request: Request) -> Caller:
    """What is known of whoever calls, for the sign-in."""
    address = request.client.host if request.client else ""
    return Caller(address, device_of(request), getattr(request.state, "request_id", None))


BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)
SYSTEMS = (
    ("Windows", "Windows"), ("Android", "Android"), ("iPhone", "iPhone"), ("iPad", "iPad"), ("Mac OS X", "macOS"),
    ("Linux", "Linux"),
)  # fmt: skip


def device_of(request: Request) -> str:
    """Browser and system, as far as the browser tells them; nothing that would tell two of the same kind apart."""
    told = request.headers.get("user-agent", "")
    parts = [next((name for mark, name in known if mark in told), "") for known in (BROWSERS, SYSTEMS)]
    return ", ".join(part for part in parts if part) or "–"


class Visitors:
    """Refuses what other sites send, and knows the visitor before a page is made."""

    def __init__(self, app: App) -> None:
        self.app = app

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith("/static"):
            await self.app(scope, receive, send)
            return
        request = Request(scope, receive)
        is_page = problems.may_be_page(request)
        cookie = session_cookie(request)
        try:
            if scope["method"] not in SAFE and (cookie or is_page) and api_key(request) is None:
                refuse_foreign(request)
            visitor = await self.welcome(request, cookie) if cookie and is_page else None
        except LandbankError as fault:
            answer = problems.answer(request, problems.of_family(fault))
            await answer(scope, receive, send)
            return
        before = VISITOR.set(visitor)
        try:
            await self.app(scope, receive, kept_private(request, send, has_cookie=bool(cookie) and is_page))
        finally:
            VISITOR.reset(before)

    async def welcome(self, request: Request, cookie: str) -> Visitor | None:
        """Who visits, for the page's frame; whether the browser has a copy of the page is not asked."""
        headers = request.scope["headers"]
        request.scope["headers"] = [one for one in headers if one[0] != b"if-none-match"]
        sessions: Identify = request.app.state.sessions
        session = await run_in_threadpool(sessions.session, request)
        if session is None or session.stage is not Stage.WHOLE:
            return None
        request.state.actor = session.person.actor
        return Visitor(session.person.display_name, token_for(cookie), session.person.actor)


def kept_private(request: Request, send: Send, *, has_cookie: bool) -> Send:
    """A way to send that marks what was made for somebody as kept by nobody, and ends the cookie of a dead session."""

    async def send_marked(message: Message) -> None:
        actor: Actor | None = getattr(request.state, "actor", None)
        if message["type"] == "http.response.start" and (
            has_cookie or (actor is not None and not actor.is_anonymous)
        ):
            headers = MutableHeaders(raw=list(message.get("headers", ())))
            headers["cache-control"] = "no-store"
            # What is no page keeps the tag that changes are made against.
            for name in TAGGED if has_cookie else ():
                if name in headers:
                    del headers[name]
            if has_cookie and getattr(request.state, "session", None) is None and not sets_session(headers):
                dead = Response()
                drop_cookie(dead, SESSION)
                headers.append("set-cookie", dead.headers["set-cookie"])
            message["headers"] = headers.raw
        await send(message)

    return send_marked


def sets_session(headers: MutableHeaders) -> bool:
    """Whether the answer says something of the session's cookie itself."""
    return any(value.startswith(f"{SESSION}=") for value in headers.getlist("set-cookie"))


def person_session(request: Request) -> Session:
    """The whole session of the person who acts; for pages that a program has no business with.

    Raises
    ------
    Forbidden
        No person acts.
    """
    session = session_in(request)
    if session is None or session.stage is not Stage.WHOLE:
        raise Forbidden("This is for people, in a browser.", hint="Sign in there.")
    return session
