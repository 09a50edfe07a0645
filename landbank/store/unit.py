"""One transaction's view of the inventory: each noun's statements over the same connection."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from landbank.store.catalogue import Catalogue
from landbank.store.exports import Exports
from landbank.store.features import Features
from landbank.store.layers import Collections, Layers
from landbank.store.load import Load
from landbank.store.plot_page import PlotPages
from landbank.store.plots import Plots
from landbank.store.routes import Routes
from landbank.store.schema import Schema
from landbank.store.signing_keys import SigningKeys
from landbank.store.staging import KnownMunicipality, Staging, known_municipalities
from landbank.store.standing import Standing


@dataclass(frozen=True, slots=True)
class Store:
    """The nouns of one transaction. A noun's class stands in the file of its name and takes the connection."""

    connection: Connection

    @property
    def catalogue(self) -> Catalogue:
        """All plots as columns, for the matching."""
        return Catalogue(self.connection)

    @property
    def exports(self) -> Exports:
        """Whole plots for files."""
        return Exports(self.connection)

    @property
    def features(self) -> Features:
        """Items of the collections, page by page."""
        return Features(self.connection)

    @property
    def collections(self) -> Collections:
        """What there is to be asked for."""
        return Collections(self.connection)

    @property
    def layers(self) -> Layers:
        """Reference layers."""
        return Layers(self.connection)

    @property
    def plots(self) -> Plots:
        """Single plots and what became of them."""
        return Plots(self.connection)

    @property
    def routes(self) -> Routes:
        """Ways by road."""
        return Routes(self.connection)

    @property
    def load(self) -> Load:
        """Bulk rows, and the municipalities and points that others refer to."""
        return Load(self.connection)

    @property
    def schema(self) -> Schema:
        """What the schema says of its columns."""
        return Schema(self.connection)

    @property
    def signing_keys(self) -> SigningKeys:
        """What links are signed with."""
        return SigningKeys(self.connection)

    @property
    def plot_pages(self) -> PlotPages:
        """What the pages show of plots."""
        return PlotPages(self.connection)

    @property
    def standing(self) -> Standing:
        """The inventory as a whole."""
        return Standing(self.connection)

    def staging(self, *, dataset: str, timeout_ms: int, is_applied: bool) -> Staging:
        """The stage of one import."""
        return Staging(self.connection, dataset=dataset, timeout_ms=timeout_ms, is_applied=is_applied)

    def known_municipalities(self) -> list[KnownMunicipality]:
        """The municipalities of the inventory with their borders."""
        return known_municipalities(self.connection)
