"""Forms that a page posts: read once, handled in a thread, and answered with a page or an address to go to."""

from __future__ import annotations

import re
from collections.abc import Awaitable, Callable, Mapping
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass

from fastapi import Request, Response
from fastapi.responses import HTMLResponse, RedirectResponse
from starlette.concurrency import run_in_threadpool

from landbank.errors import Unavailable

MOST_BYTES = 20_000
"""Bytes that a form of these pages has at most: `max_body_size` of their routers."""

PRIVATE = {"Cache-Control": "no-store"}
OWN_PATH = re.compile(r"/(?![/\\])[^\\\x00-\x20\x7f]{0,1000}")


@dataclass(frozen=True, slots=True)
class Posted:
    """What a form says: texts by field, those of fields with many values as a list. Files are left out."""

    values: Mapping[str, tuple[str, ...]]

    def text(self, name: str) -> str:
        """What stands in a field; empty where it was not sent."""
        return next(iter(self.values.get(name, ())), "")

    def chosen(self, name: str) -> tuple[str, ...]:
        """The ticked values of a field."""
        return self.values.get(name, ())


Handled = Callable[[Request, Posted], Response]


class Gate:
    """Lets so many in at once; one more is refused before anything is done for it.

    For what takes long on purpose: a flood of sign-ins must leave threads, connections and processors to others.
    Used within one event loop.
    """

    def __init__(self, most: int) -> None:
        self.most = most
        self.inside = 0

    def __enter__(self) -> None:
        if self.inside >= self.most:
            raise Unavailable("Too many people sign in at once.", hint="Try again in a moment.")
        self.inside += 1

    def __exit__(self, *_raised: object) -> None:
        self.inside -= 1


def posting(
    handle: Handled, *, gate: AbstractContextManager[None] | None = None
) -> Callable[[Request], Awaitable[Response]]:
    """The endpoint that reads the form and lets `handle` answer it in a thread: it may ask the database and hash.

    `gate` may refuse whoever comes while too many are inside.
    """

    async def endpoint(request: Request) -> Response:
        with gate or nullcontext():
            return await run_in_threadpool(handle, request, await read_posted(request))

    return endpoint


async def read_posted(request: Request) -> Posted:
    """The form of the request's body; empty where the body is none."""
    form = await request.form()
    values: dict[str, tuple[str, ...]] = {}
    for name, value in form.multi_items():
        if isinstance(value, str):
            values[name] = (*values.get(name, ()), value.replace("\x00", ""))
    return Posted(values)


def private_page(html: str, status: int = 200, headers: Mapping[str, str] | None = None) -> HTMLResponse:
    """A page that nobody keeps."""
    return HTMLResponse(html, status, headers=PRIVATE | dict(headers or {}))


def go_to(address: str) -> RedirectResponse:
    """Send the browser on, with GET."""
    return RedirectResponse(address, 303, headers=PRIVATE)


def own_path(text: str, otherwise: str) -> str:
    """The text if it is a path of this site, and never another host's address; else the other one."""
    return text if OWN_PATH.fullmatch(text) else otherwise
