"""What a request presents to show who sends it: a session's cookie, or a program's API key.

Cookies are named `__Host-` and Secure on plain http too, as long as it is the loopback: browsers take it for safe
(seen with Chromium 156 on 127.0.0.1 and localhost). Reading costs nothing where neither header was sent.
"""

from __future__ import annotations

from fastapi import Request, Response

SESSION = "__Host-landbank"
FLOW = "__Host-landbank-flow"
"""Holds, sealed, what a sign-in at an organisation's service needs to remember until the browser comes back."""

LONGEST = 4096
KEY_SCHEME = "bearer lb_"


def session_cookie(request: Request) -> str | None:
    """The session's id as the browser sent it; None where there is none, or where an API key speaks instead."""
    return None if api_key(request) else read_cookie(request, SESSION)


def api_key(request: Request) -> str | None:
    """The API key of `Authorization: Bearer lb_…`, or None. Keys are read from nowhere else."""
    told = request.headers.get("authorization")
    if told is None or not told.lower().startswith(KEY_SCHEME):
        return None
    return told[len("bearer ") :].strip()[:LONGEST]


def read_cookie(request: Request, name: str) -> str | None:
    """A cookie's value; None where it is missing, empty or overlong."""
    if "cookie" not in request.headers:
        return None
    value = request.cookies.get(name)
    return value if value and len(value) <= LONGEST else None


def set_cookie(response: Response, name: str, value: str, *, seconds: int | None = None) -> None:
    """Let the browser keep a cookie: until it is closed, or so many seconds."""
    response.set_cookie(name, value, max_age=seconds, path="/", secure=True, httponly=True, samesite="lax")


def drop_cookie(response: Response, name: str) -> None:
    """Let the browser forget a cookie."""
    response.delete_cookie(name, path="/", secure=True, httponly=True, samesite="lax")
