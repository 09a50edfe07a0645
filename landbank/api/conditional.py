"""Conditional requests: whether the caller's copy is still the right one."""

from __future__ import annotations

from hashlib import blake2b

from fastapi import Request, Response

FRESH = "public, max-age=0, must-revalidate"
"""How an answer about now may be kept: by anybody, who asks each time whether it still holds."""
SETTLED = "public, max-age=86400, immutable"
"""How long an answer about an earlier moment may be kept once nothing can be added to it: a day, since a new release
may tell the same in another form."""


def strong_tag(body: bytes, version: object = None) -> str:
    """The entity tag of these bytes; `version` of the row stands in front, for conditional changes later."""
    digest = blake2b(body, digest_size=8).hexdigest()
    return f'"{digest}"' if version is None else f'"{version}-{digest}"'


def held_tag(request: Request, tag: str) -> str | None:
    """The tag among those of If-None-Match that names this body, plain or gzipped (`-gz`); None without one.

    Compared weakly, as RFC 9110, 13.1.2 has it.
    """
    asked = request.headers.get("if-none-match")
    if asked is None:
        return None
    if asked.strip() == "*":
        return tag
    given = {part.strip().removeprefix("W/") for part in asked.split(",")}
    return next((form for form in (tag[:-1] + '-gz"', tag) if form in given), None)


def answer(
    request: Request, body: bytes, *, tag: str, media_type: str, headers: dict[str, str] | None = None
) -> Response:
    """The body under its tag, or 304 without one where the caller has it."""
    kept = {
        "Cache-Control": FRESH,
        "Vary": "Accept-Encoding",
        **(headers or {}),
    }
    held = held_tag(request, tag)
    if held is not None:
        return Response(status_code=304, headers={**kept, "ETag": held})
    return Response(body, headers={**kept, "ETag": tag}, media_type=media_type)
