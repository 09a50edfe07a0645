"""What holds for every answer: an id, a line in the log, protecting headers, and an end to overload.

Plain ASGI, outermost first: `Frame`, `Admission`, `Compressed`, then the routes; tiles have a frame of their own.
"""

from __future__ import annotations

import itertools
import logging
import os
import re
from collections.abc import Awaitable, Callable, MutableMapping, Sequence
from time import perf_counter
from typing import Any

import orjson
from starlette.middleware.gzip import GZipMiddleware

from landbank.api import problems

Scope = MutableMapping[str, Any]
Message = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[Message]]
Send = Callable[[Message], Awaitable[None]]
App = Callable[[Scope, Receive, Send], Awaitable[None]]

access = logging.getLogger("landbank.access")
faults = logging.getLogger("landbank.fault")

GIVEN_ID = re.compile(rb"[A-Za-z0-9._-]{8,64}")
OPEN_TO_ALL = ("/ogc", "/tiles", "/api")
"""Public reading without credentials: scripts of other sites may read these."""

OPEN = [
    (b"access-control-allow-origin", b"*"),
    (
        b"access-control-expose-headers",
        b"content-crs, etag, link, ogc-numbermatched, ogc-numberreturned, retry-after, x-request-id",
    ),
]
UNCOUNTED = ("/static", "/live", "/ready", "/version")
"""Answered even when the server has as much to do as it takes on: they take none of the pool's connections."""


def protecting_headers(policy: str) -> list[tuple[bytes, bytes]]:
    """Headers of every answer, errors and 304 included; `policy` is the content security policy.

    Source: OWASP ASVS 5.0.0, 3.4; strict transport security belongs to whoever terminates TLS.
    """
    return [
        (b"content-security-policy", policy.encode("ascii")),
        (b"x-content-type-options", b"nosniff"),
        (b"referrer-policy", b"strict-origin-when-cross-origin"),
        (b"permissions-policy", b"geolocation=(), camera=(), microphone=(), payment=()"),
        (b"cross-origin-opener-policy", b"same-origin"),
    ]


class Frame:
    """Gives each request its id, headers and log line, and turns what nobody foresaw into a 500 problem.

    The log line holds no query and no address of the caller: what a company looks for is its own business.
    """

    def __init__(self, app: App, *, policy: str) -> None:
        self.app = app
        self.headers = protecting_headers(policy)
        self.open_headers = [*self.headers, *OPEN]
        self.tile_headers = [*protecting_headers("default-src 'none'; frame-ancestors 'none'"), *OPEN]
        self.start = os.urandom(6).hex().encode()
        self.count = itertools.count(1)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, framed."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        began = perf_counter()
        request_id = self.request_id(scope)
        scope.setdefault("state", {})["request_id"] = request_id.decode("ascii")
        added = [*self.headers_for(scope), (b"x-request-id", request_id)]
        status = size = 0

        async def send_framed(message: Message) -> None:
            nonlocal status, size
            if message["type"] == "http.response.start":
                status = message["status"]
                message["headers"] = [*message.get("headers", ()), *added]
            else:
                size += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, receive, send_framed)
        except Exception:
            faults.exception(
                "request %s %s failed, id %s", scope["method"], scope["path"], request_id.decode()
            )
            if status:
                raise
            await send_problem(send_framed, problems.of_a_bug(), scope)
        finally:
            if access.isEnabledFor(logging.INFO):
                access.info("%s", log_line(scope, status, size, perf_counter() - began))

    def request_id(self, scope: Scope) -> bytes:
        """The id that the proxy in front gave, where it is a plain one, else a new one."""
        for name, value in scope["headers"]:
            if name == b"x-request-id" and GIVEN_ID.fullmatch(value):
                return bytes(value)
        return b"%s-%x" % (self.start, next(self.count))

    def headers_for(self, scope: Scope) -> list[tuple[bytes, bytes]]:
        """The protecting headers, open to scripts of other sites where the path is; short ones for tiles."""
        path = scope["path"]
        if path.startswith("/tiles/"):
            return self.tile_headers
        return self.open_headers if path.startswith(OPEN_TO_ALL) else self.headers


def log_line(scope: Scope, status: int, size: int, seconds: float) -> str:
    """One line of JSON on an answer: who, what, status (0: none was sent), milliseconds, bytes sent."""
    return orjson.dumps(
        {
            "request_id": scope["state"]["request_id"],
            "method": scope["method"],
            "path": scope["path"].encode("utf-8", "replace").decode(),
            "status": status,
            "ms": round(seconds * 1000, 2),
            "bytes": size,
        }
    ).decode()


async def send_problem(
    send: Send, problem: problems.Problem, scope: Scope, added: Sequence[tuple[bytes, bytes]] = ()
) -> None:
    """Send a problem where there is no Request, only ASGI."""
    body = problems.render(problems.with_request_id(problem, scope.get("state", {}).get("request_id")))
    headers = [(name.lower().encode(), value.encode()) for name, value in problem.headers().items()]
    headers += [
        *added,
        (b"content-type", problems.MEDIA_TYPE.encode()),
        (b"content-length", b"%d" % len(body)),
    ]
    await send({"type": "http.response.start", "status": problem.status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})


class Admission:
    """Lets so many requests work at once; one more is told at once to come back, and does not wait."""

    def __init__(self, app: App, *, most: int) -> None:
        self.app = app
        self.most = most
        self.working = 0

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on, or refuse it."""
        if scope["type"] != "http" or scope["path"].startswith(UNCOUNTED):
            await self.app(scope, receive, send)
            return
        if self.working >= self.most:
            await send_problem(
                send, problems.overloaded("landbank has as much to do as it takes on at once."), scope
            )
            return
        self.working += 1
        try:
            await self.app(scope, receive, send)
        finally:
            self.working -= 1


class Compressed:
    """Gzip for pages and JSON, with an entity tag of its own for the gzipped bytes.

    A strong tag names bytes (RFC 9110, 8.8.1), so the gzipped form of `"a"` is tagged `"a-gz"`; see
    `landbank.api.conditional` for the way back.
    """

    def __init__(self, app: App) -> None:
        self.app = GZipMiddleware(app, minimum_size=1000, compresslevel=5)

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass the request on and compress its answer where the caller takes gzip."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def send_tagged(message: Message) -> None:
            if message["type"] == "http.response.start":
                message["headers"] = tagged(message["headers"])
            await send(message)

        await self.app(scope, receive, send_tagged)


def tagged(headers: list[tuple[bytes, bytes]]) -> list[tuple[bytes, bytes]]:
    """The headers, a strong entity tag marked where the body was gzipped."""
    if (b"content-encoding", b"gzip") not in headers:
        return headers
    return [
        (
            name,
            value[:-1] + b'-gz"'
            if name == b"etag" and value[:1] == b'"' and value[-4:] != b'-gz"'
            else value,
        )
        for name, value in headers
    ]
