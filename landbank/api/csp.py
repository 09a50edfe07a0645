"""The content security policy: what a page may load, derived from the backgrounds on offer."""

from __future__ import annotations

from collections.abc import Iterable

from landbank.api.base_maps import BaseMap


def policy(base_maps: Iterable[BaseMap]) -> str:
    """The value of the Content-Security-Policy header.

    Everything comes from landbank itself; only pictures may also come from the hosts of the backgrounds that
    the operator offers. There is no nonce and no inline script or style: Folium's script is served as a file.

    Source: W3C Content Security Policy Level 3, https://www.w3.org/TR/CSP3/
    """
    images = " ".join(["'self'", "data:", *sorted({base_map.origin for base_map in base_maps})])
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            f"img-src {images}",
            "connect-src 'self'",
            "font-src 'self'",
            "manifest-src 'self'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        ]
    )
