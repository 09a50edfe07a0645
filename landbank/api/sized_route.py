"""How large a body with a file may be: as the operator's setting says, and refused in the form of every other error."""

from __future__ import annotations

from collections.abc import Callable, Coroutine
from typing import Any

from fastapi import Request, Response
from fastapi.routing import APIRoute
from starlette.exceptions import HTTPException
from starlette.types import Message, Receive

FORM_BYTES = 1_000_000
"""What a form may hold beside its file."""


class SizedRoute(APIRoute):
    """A route that refuses a body that is too large: before a byte is read where its length is told, else at the limit.

    The limit of Starlette's own routers answers in plain text, where a program expects a problem.
    """

    def get_route_handler(self) -> Callable[[Request], Coroutine[Any, Any, Response]]:
        """The usual handler, of a request that is counted while it comes."""
        handle = super().get_route_handler()

        async def sized(request: Request) -> Response:
            upload_max_mb = request.app.state.landbank.settings.upload_max_mb
            told = request.headers.get("content-length", "")
            if told.isdecimal() and int(told) > upload_max_mb * 1_000_000 + FORM_BYTES:
                raise too_large(upload_max_mb)
            return await handle(Request(request.scope, counted(request.receive, upload_max_mb)))

        return sized


def counted(receive: Receive, upload_max_mb: int) -> Receive:
    """The same messages, up to the most bytes that a file and its form may have; then HTTPException (413)."""
    left = upload_max_mb * 1_000_000 + FORM_BYTES

    async def count() -> Message:
        nonlocal left
        message = await receive()
        left -= len(message.get("body", b""))
        if left < 0:
            raise too_large(upload_max_mb)
        return message

    return count


def too_large(upload_max_mb: int) -> HTTPException:
    """The refusal of a body that is too large."""
    return HTTPException(
        413,
        f"The file is larger than {upload_max_mb} MB. Split it, let the operator import it by command,"
        " or raise LANDBANK_UPLOAD_MAX_MB.",
    )
