"""What can be done at an address: the methods of all its routes together, for `Allow`.

The router answers for the first route that fits the path; an address whose methods stand in several routes would tell
only of one. Source: RFC 9110, 10.2.1 and 15.5.6; RFC 5789, 3.1.
"""

from __future__ import annotations

from fastapi import Request
from fastapi.routing import iter_route_contexts

ORDER = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")
PATCH_TYPES = "application/merge-patch+json, application/json"
"""What a PATCH is written in, wherever there is one."""


def allowed(request: Request) -> dict[str, str]:
    """The headers `Allow` and, where something can be patched, `Accept-Patch`."""
    found = {"OPTIONS"}
    for route in iter_route_contexts(request.app.routes):
        if route.methods and route.path_regex.match(request.url.path):
            found |= route.methods
    headers = {"Allow": ", ".join(method for method in ORDER if method in found)}
    return headers | ({"Accept-Patch": PATCH_TYPES} if "PATCH" in found else {})
