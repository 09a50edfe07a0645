"""Addresses that answers give to the outside."""

from __future__ import annotations

from fastapi import Request


def public_address(request: Request) -> str:
    """The address that people use, without a slash at the end: the setting `public_url`, else the request's own."""
    told: str | None = request.app.state.landbank.settings.public_url
    return (told or str(request.base_url)).rstrip("/")
