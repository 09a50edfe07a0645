"""How a plot is named to people."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class PlotName:
    """A plot's reference in its municipality, its own name if it has one, and where it lies."""

    reference: str
    name: str | None
    municipality_code: str
    municipality: str
    area: str | None
