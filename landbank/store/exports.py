"""Plots with their flat facts, read in batches by a server-side cursor."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any

from sqlalchemy import Connection

from landbank.domain.moment import Moment
from landbank.store.past import Reader

BATCH_ROWS = 5_000


class Exports:
    """Reads of whole plots for files."""

    def __init__(self, connection: Connection, moment: Moment | None = None) -> None:
        self._reader = Reader(connection, moment)

    def batches(self, plot_ids: Sequence[int] | None = None) -> Iterator[list[dict[str, Any]]]:
        """Batches of current plots as dictionaries of `plot_facts` and `plot_records`, with `wkb` of outline or place.

        `plot_ids` gives the selection and its order; None means all plots, by plot id. WKB is EPSG:3006.
        """
        statement = f"""
            SELECT f.*, r.*, ST_AsBinary(coalesce(f.geometry, f.location)) AS wkb
            FROM landbank.plot_facts f JOIN landbank.plot_records r USING (plot_id) {
            "JOIN unnest(CAST(:ids AS bigint[])) WITH ORDINALITY u(id, place) ON u.id = f.plot_id"
            if plot_ids is not None
            else ""
        }
            ORDER BY {"u.place" if plot_ids is not None else "f.plot_id"}
        """  # noqa: S608 - both variants stand here, the ids are bound
        parameters = {"ids": list(plot_ids)} if plot_ids is not None else {}
        streamed = self._reader.execute(statement, parameters, yield_per=BATCH_ROWS)
        for part in streamed.mappings().partitions(BATCH_ROWS):
            yield [{**row, "wkb": bytes(row["wkb"])} for row in part]

    def count(self) -> int:
        """How many plots are current."""
        return int(self._reader.execute("SELECT count(*) FROM landbank.plot_facts").scalar_one())
