"""One transaction's view of the inventory: each noun's statements over the same connection."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from sqlalchemy import Connection

from landbank.domain.moment import Moment
from landbank.store.audit import Audit
from landbank.store.beside import Beside
from landbank.store.catalogue import Catalogue
from landbank.store.changes import Changes
from landbank.store.checks import Checks
from landbank.store.commitments import Commitments
from landbank.store.confirmations import Confirmations
from landbank.store.endings import Endings
from landbank.store.exports import Exports
from landbank.store.features import Features
from landbank.store.findings import Findings
from landbank.store.followers import Followers
from landbank.store.idempotency import KeptAnswers
from landbank.store.imports import Imports
from landbank.store.key_facts import KeyFacts
from landbank.store.layers import Collections, Layers
from landbank.store.ledger import Ledger
from landbank.store.load import Load
from landbank.store.mails import Mails
from landbank.store.notices import Notices
from landbank.store.plan_changes import PlanChanges
from landbank.store.plot_changes import PlotChanges
from landbank.store.plot_choices import PlotChoices
from landbank.store.plot_contents import PlotContents
from landbank.store.plot_page import PlotPages
from landbank.store.plot_shapes import PlotShapes
from landbank.store.plot_table import PlotTable
from landbank.store.plots import Plots
from landbank.store.quality import QualityDays
from landbank.store.queue import Queue
from landbank.store.rollback import Rollback
from landbank.store.routes import Routes
from landbank.store.schema import Schema
from landbank.store.signing_keys import SigningKeys
from landbank.store.staging import KnownMunicipality, Staging, known_municipalities
from landbank.store.standing import Standing


@dataclass(frozen=True, slots=True)
class Store:
    """The nouns of one transaction. A noun's class stands in the file of its name and takes the connection.

    `moment` is the earlier time that the transaction reads the inventory at; None means now.
    """

    connection: Connection
    moment: Moment | None = None

    @property
    def catalogue(self) -> Catalogue:
        """All plots as columns, for the matching."""
        return Catalogue(self.connection, self.moment)

    @property
    def beside(self) -> Beside:
        """Plots that lie beside a piece of ground."""
        return Beside(self.connection)

    @property
    def changes(self) -> Changes:
        """The events of the history."""
        return Changes(self.connection)

    @property
    def commitments(self) -> Commitments:
        """Who wants, holds or has bought plots."""
        return Commitments(self.connection)

    @property
    def exports(self) -> Exports:
        """Whole plots for files."""
        return Exports(self.connection, self.moment)

    @property
    def features(self) -> Features:
        """Items of the collections, page by page."""
        return Features(self.connection, self.moment)

    @property
    def kept_answers(self) -> KeptAnswers:
        """Answers to requests that may come twice."""
        return KeptAnswers(self.connection)

    @property
    def notices(self) -> Notices:
        """What somebody has to be told."""
        return Notices(self.connection)

    @property
    def plan_changes(self) -> PlanChanges:
        """Plans as they are changed, and the plots they touch."""
        return PlanChanges(self.connection)

    @property
    def plot_changes(self) -> PlotChanges:
        """Writes of single plots."""
        return PlotChanges(self.connection)

    @property
    def plot_choices(self) -> PlotChoices:
        """What plots can be linked to."""
        return PlotChoices(self.connection)

    @property
    def plot_table(self) -> PlotTable:
        """The plots of one municipality as its planners' table shows them."""
        return PlotTable(self.connection)

    @property
    def plot_contents(self) -> PlotContents:
        """All that is recorded of single plots, now and before."""
        return PlotContents(self.connection)

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
        return Plots(self.connection, self.moment)

    @property
    def routes(self) -> Routes:
        """Ways by road."""
        return Routes(self.connection)

    @property
    def load(self) -> Load:
        """Bulk rows, and the municipalities and points that others refer to."""
        return Load(self.connection)

    @property
    def audit(self) -> Audit:
        """What must hold of the history."""
        return Audit(self.connection)

    @property
    def ledger(self) -> Ledger:
        """The chain over the history."""
        return Ledger(self.connection)

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
        return PlotPages(self.connection, self.moment)

    @property
    def plot_shapes(self) -> PlotShapes:
        """Outlines of plots, for fitting, joining and dividing."""
        return PlotShapes(self.connection)

    @property
    def standing(self) -> Standing:
        """The inventory as a whole."""
        return Standing(self.connection, self.moment)

    @property
    def imports(self) -> Imports:
        """Imports as things that happened, with their reports."""
        return Imports(self.connection)

    def rollback(self, *, first_revision: int, last_revision: int, applied_at: datetime) -> Rollback:
        """The way back from one import."""
        return Rollback(
            self.connection, first_revision=first_revision, last_revision=last_revision, applied_at=applied_at
        )

    @property
    def key_facts(self) -> KeyFacts:
        """Key facts of plots as columns: what is known and how old it is."""
        return KeyFacts(self.connection, self.moment)

    @property
    def checks(self) -> Checks:
        """What the standing checks read and leave."""
        return Checks(self.connection)

    @property
    def findings(self) -> Findings:
        """The findings of the checks."""
        return Findings(self.connection)

    @property
    def followers(self) -> Followers:
        """Who follows the inventory's changes."""
        return Followers(self.connection)

    @property
    def endings(self) -> Endings:
        """Reservations and allotments by their last days."""
        return Endings(self.connection)

    @property
    def confirmations(self) -> Confirmations:
        """Confirming that values still hold."""
        return Confirmations(self.connection)

    @property
    def mails(self) -> Mails:
        """Letters, the offices that get them, and what these chose."""
        return Mails(self.connection)

    @property
    def queue(self) -> Queue:
        """The queue of jobs."""
        return Queue(self.connection)

    @property
    def quality(self) -> QualityDays:
        """The quality of each municipality by day."""
        return QualityDays(self.connection)

    def staging(self, *, dataset: str, timeout_ms: int, is_applied: bool) -> Staging:
        """The stage of one import."""
        return Staging(self.connection, dataset=dataset, timeout_ms=timeout_ms, is_applied=is_applied)

    def known_municipalities(self) -> list[KnownMunicipality]:
        """The municipalities of the inventory with their borders."""
        return known_municipalities(self.connection)
