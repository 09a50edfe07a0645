"""`/karta.js`: the map's script in the page's language, as a file, so that no page needs an inline script."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from typing import Literal

from fastapi import APIRouter, Request, Response

from landbank.api.base_maps import BaseMap
from landbank.api.conditional import answer, strong_tag
from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.maps import MapParts, map_parts

Lang = Literal["sv", "en"]
LANGUAGES: tuple[Lang, ...] = ("sv", "en")


def maps_by_language(static: Callable[[str], str]) -> dict[Lang, MapParts]:
    """The map in each language, rendered once; `static` gives the address of a static file by its name."""
    return {lang: map_parts(lang, static=static) for lang in LANGUAGES}


def router(maps: dict[Lang, MapParts], base_maps: Sequence[BaseMap]) -> APIRouter:
    """The route of the map's script."""
    texts = {lang: script_text(parts, base_maps, lang) for lang, parts in maps.items()}
    tags = {lang: strong_tag(text) for lang, text in texts.items()}
    routes = APIRouter(dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.get("/karta.js", include_in_schema=False)
    def karta(request: Request, lang: Lang = "sv") -> Response:
        """The module that makes the map; the browser asks again each time and mostly hears 'unchanged'."""
        return answer(request, texts[lang], tag=tags[lang], media_type="text/javascript")

    return routes


def script_text(parts: MapParts, base_maps: Sequence[BaseMap], lang: Lang) -> bytes:
    """The module of the map, with the backgrounds on offer as one more export.

    The backgrounds' texts are the operator's; they are written as JSON here and never pass through Folium.
    """
    backgrounds = json.dumps([base_map.as_json(lang) for base_map in base_maps], ensure_ascii=True)
    return f"{parts.module}export const backgrounds = {backgrounds};\n".encode()
