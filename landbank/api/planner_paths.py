"""Addresses of the planners' pages in both languages, and what somebody may do there."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from fastapi import Request

from landbank.api.i18n import Language
from landbank.api.page_frame import ADDRESSES
from landbank.domain.people import Actor, Permission, demand
from landbank.errors import NotFound
from landbank.store.unit import Store

WORDS: Mapping[str, Mapping[Language, str]] = {
    "plots": {Language.SV: "tomter", Language.EN: "plots"},
    "status": {Language.SV: "lage", Language.EN: "status"},
    "confirm": {Language.SV: "bekrafta", Language.EN: "confirm"},
    "many": {Language.SV: "flera", Language.EN: "many"},
    "apply": {Language.SV: "genomfor", Language.EN: "apply"},
    "new": {Language.SV: "ny-tomt", Language.EN: "new-plot"},
    "edit": {Language.SV: "andra", Language.EN: "edit"},
}
"""The parts of the addresses below a municipality's and a plot's."""

MOST_BYTES = 1_000_000
"""Bytes that a form of these pages has at most: a plot with many facts, or an outline of coordinates."""


def municipality_url(language: Language, code: str, *parts: str) -> str:
    """The address of a municipality's page, or of one below it: `municipality_url(sv, "1480", "plots", "status")`."""
    return "/".join((ADDRESSES["municipality"][language], code, *(WORDS[part][language] for part in parts)))


def plot_url(language: Language, plot_id: int, *parts: str) -> str:
    """The address of a plot's page, or of one below it."""
    return "/".join((ADDRESSES["plot"][language], str(plot_id), *(WORDS[part][language] for part in parts)))


@dataclass(frozen=True, slots=True)
class Rights:
    """What somebody may do with a municipality's plots."""

    actor: Actor
    municipality_code: str

    @property
    def confirm(self) -> bool:
        """Confirm that values still hold."""
        return self.actor.may(Permission.CONFIRM, self.municipality_code)

    @property
    def change(self) -> bool:
        """Change what is recorded of plots."""
        return self.actor.may(Permission.CHANGE_PLOT, self.municipality_code)

    @property
    def status(self) -> bool:
        """Change plots' state of sale."""
        return self.actor.may(Permission.CHANGE_STATUS, self.municipality_code)

    @property
    def any(self) -> bool:
        """Change anything at all."""
        return self.confirm or self.change or self.status

    def demand_any(self) -> None:
        """Raise `Forbidden`, or `NotSignedIn`, for who may change nothing there."""
        if not self.any:
            demand(self.actor, Permission.CHANGE_PLOT, self.municipality_code)


def name_of(store: Store, code: str) -> str:
    """The name of the municipality with this code.

    Raises
    ------
    NotFound
        The inventory knows none.
    """
    names = store.standing.municipalities()
    if code not in names:
        raise NotFound(f"The inventory knows no municipality '{code[:20]}'.", where="kommun")
    return names[code]


def query_of(request: Request) -> str:
    """The query of the address with its question mark; empty without one."""
    return f"?{request.url.query}" if request.url.query else ""
