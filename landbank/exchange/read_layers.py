"""Which layer is meant: the named one, the only one, the only one with areas, the one that says plots."""

from __future__ import annotations

import re

from landbank.errors import Invalid
from landbank.exchange.read import Layer, Note
from landbank.exchange.read_notes import note

_PLOTS = re.compile(
    r"(?i)tomt(er|mark)?\b|\bplots?\b|verksamhets(mark|omr)|planlagd_?mark|industrimark|n[aä]ringslivsmark"
    r"|BP_BaugebietsTeilFlaeche|ZoningElement"
)
"""Names of layers that hold building land: Swedish and English words, XPlanung's and INSPIRE's feature types."""


def choose_layer(
    layers: tuple[Layer, ...], wanted: str | None, name: str, *, verbatim: bool = False
) -> tuple[Layer, tuple[Note, ...]]:
    """The layer to read, with a note when it was chosen among several; `verbatim` takes the first with shapes.

    Raises
    ------
    Invalid
        No layer is called so, or several could be meant.
    """
    if not layers:
        raise Invalid(f"{name} holds no layer at all.", hint="Export it again.", where=name)
    if wanted is not None:
        return _named(layers, wanted, name), ()
    if len(layers) == 1:
        return layers[0], ()
    if verbatim:
        return next((layer for layer in layers if layer.geometry_kind is not None), layers[0]), ()
    for candidates, why in _candidates(layers):
        if len(candidates) == 1:
            text = f"Of {len(layers)} layers, '{candidates[0].name}' was taken, {why}. Others: --layer."
            return candidates[0], (note("layer_chosen", text, value=candidates[0].name),)
    raise Invalid(
        f"{name} holds {len(layers)} layers, and several could be meant: {listed(layers)}.",
        hint="Name one with --layer.",
        where=name,
    )


def _candidates(layers: tuple[Layer, ...]) -> list[tuple[list[Layer], str]]:
    shapes = [layer for layer in layers if layer.geometry_kind is not None and layer.rows != 0]
    areas = [layer for layer in shapes if "Polygon" in str(layer.geometry_kind)]
    mixed = [layer for layer in shapes if str(layer.geometry_kind).startswith(("Unknown", "GeometryColl"))]
    plots = [layer for layer in [*areas, *mixed] if _PLOTS.search(layer.name)]
    return [
        (areas if not mixed else [], "the only one with areas"),
        (plots, "the only one whose name says building land"),
        (shapes, "the only one with shapes"),
    ]


def _named(layers: tuple[Layer, ...], wanted: str, name: str) -> Layer:
    for same in (str, str.casefold):
        found = [layer for layer in layers if same(layer.name) == same(wanted)]
        if len(found) == 1:
            return found[0]
    raise Invalid(
        f"{name} has no layer '{wanted}'. It has {listed(layers)}.",
        hint="Name one of them with --layer.",
        where="layer",
    )


def listed(layers: tuple[Layer, ...]) -> str:
    """Layers in one line: name, rows, kind of geometry; at most forty."""
    told = [
        f"{layer.name} ({'?' if layer.rows is None else layer.rows} rows, {layer.geometry_kind or 'no geometry'})"
        for layer in layers[:40]
    ]
    more = [f"and {len(layers) - 40} more"] if len(layers) > 40 else []
    return ", ".join([*told, *more])
