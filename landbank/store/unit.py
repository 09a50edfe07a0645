"""One transaction's view of the inventory: each noun's statements over the same connection."""

from __future__ import annotations

from dataclasses import dataclass

from sqlalchemy import Connection

from landbank.store.exports import Exports
from landbank.store.schema import Schema


@dataclass(frozen=True, slots=True)
class Store:
    """The nouns of one transaction. A noun's class stands in the file of its name and takes the connection."""

    connection: Connection

    @property
    def exports(self) -> Exports:
        """Whole plots for files."""
        return Exports(self.connection)

    @property
    def schema(self) -> Schema:
        """What the schema says of its columns."""
        return Schema(self.connection)
