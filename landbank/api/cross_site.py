"""What other sites can't make a visitor's browser do: requests that change something come from our own pages.

Two walls. The browser says where a request comes from (Origin, Sec-Fetch-Site); and what changes something by a
session's cookie brings a token that only our own pages know. A program with an API key has neither cookie nor page.

Source: OWASP ASVS 5.0.0, 3.5.1-3.5.3.
"""

from __future__ import annotations

import hashlib
import hmac
from urllib.parse import urlsplit

from fastapi import Request

from landbank.api.presented import session_cookie
from landbank.errors import Forbidden

SAFE = frozenset({"GET", "HEAD", "OPTIONS"})
FIELD = "_token"
HEADER = "x-csrf-token"
OWN = frozenset({"same-origin", "none"})
"""Sec-Fetch-Site of requests from our own pages, and of those that a person makes without any page."""

FORMS = ("application/x-www-form-urlencoded", "multipart/form-data")


def token_for(cookie: str) -> str:
    """The token of the pages that are made for a session: known to who knows the cookie, which no script can read."""
    return hmac.new(cookie.encode(), b"landbank form", hashlib.sha256).hexdigest()


def refuse_foreign(request: Request) -> None:
    """Return if the request was made by our own pages, or by no page.

    Raises
    ------
    Forbidden
        Another site's page made it; or a browser's session is used without saying where the request comes from.
    """
    site, origin = request.headers.get("sec-fetch-site"), request.headers.get("origin")
    if site is not None and site not in OWN:
        raise _foreign(origin or site)
    if origin is not None:
        if origin not in own_origins(request):
            raise _foreign(origin)
    elif site is None and session_cookie(request):
        raise Forbidden(
            "The browser does not say which page this comes from.",
            hint="Use a browser that sends Origin, or an API key.",
        )


def _foreign(told: str) -> Forbidden:
    return Forbidden(
        f"This was sent by another site's page ({told[:100]}).",
        hint="Open the page in landbank itself. Behind a proxy, LANDBANK_PUBLIC_URL must be the address people use.",
    )


def own_origins(request: Request) -> frozenset[str]:
    """The origins of our own pages: as the request names it, and as people do where a proxy stands in front."""
    told: str | None = request.app.state.landbank.settings.public_url
    here = f"{request.url.scheme}://{request.url.netloc}"
    return frozenset({here} if told is None else {here, origin_of(told)})


def origin_of(address: str) -> str:
    """Scheme and host of an address, as browsers write them."""
    parts = urlsplit(address)
    return f"{parts.scheme}://{parts.netloc}".lower()


async def demand_token(request: Request) -> None:
    """Return if nothing is changed, no session's cookie is used, or the session's token comes along.

    Raises
    ------
    Forbidden
        The token is missing or another session's.
    """
    cookie = session_cookie(request)
    if request.method in SAFE or cookie is None:
        return
    given: object = request.headers.get(HEADER)
    form = None
    if given is None and request.headers.get("content-type", "").startswith(FORMS):
        form = await request.form()
        given = form.get(FIELD)
    if not isinstance(given, str) or not hmac.compare_digest(given.encode(), token_for(cookie).encode()):
        if form is not None:
            await form.close()  # its files: nobody else will
        raise Forbidden(
            "The form is older than your session, or did not come from it.",
            hint="Load the page again and repeat what you did.",
        )
