"""The guard at Folium's door: only constants of our own code may enter.

Folium renders what it made a second time as a Jinja2 template without a sandbox, so a text with template
marks would run on the server, and one with markup would run in the browser. Texts from data travel as tiles
or JSON instead and are put in place by the page's script.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence

FORBIDDEN = ("{{", "{%", "{#", "<", "\\", "`", "${")


def refuse_markup(value: object, *, where: str) -> None:
    """Walk through a value and everything in it; nothing comes back.

    Raises
    ------
    ValueError
        A text in it, a key included, holds the beginning of a template mark, of a tag, or an escape.
    TypeError
        Something in it is neither text, number, truth value, None, list nor mapping.
    """
    if isinstance(value, str):
        for mark in FORBIDDEN:
            if mark in value:
                raise ValueError(f"{where} holds {mark!r}: only constants of our own code may enter Folium")
    elif isinstance(value, Mapping):
        for key, entry in value.items():
            refuse_markup(key, where=f"a key of {where}")
            refuse_markup(entry, where=f"{where}.{key}")
    elif isinstance(value, Sequence):
        for entry in value:
            refuse_markup(entry, where=where)
    elif value is not None and not isinstance(value, bool | int | float):
        raise TypeError(
            f"{where} is a {type(value).__name__}: only constants of our own code may enter Folium"
        )
