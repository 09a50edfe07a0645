"""Addresses that answers give to the outside."""

from __future__ import annotations

from urllib.parse import urlsplit

from fastapi import Request


def public_address(request: Request) -> str:
    """The address that people use, without a slash at the end: the setting `public_url`, else the request's own."""
    told: str | None = request.app.state.landbank.settings.public_url
    return (told or str(request.base_url)).rstrip("/")


def link(
    href: str,
    rel: str,
    media_type: str = "application/json",
    title: str | None = None,
    hreflang: str | None = None,
) -> dict[str, str]:
    """A link of an OGC document. Source: RFC 8288; OGC 17-069r4, 7.2."""
    told = {"href": href, "rel": rel, "type": media_type, "title": title, "hreflang": hreflang}
    return {name: value for name, value in told.items() if value is not None}


def is_web_address(address: str | None) -> bool:
    """Whether an address from the inventory may become a link: http or https and nothing else."""
    if not address:
        return False
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and bool(parts.netloc)
