"""Commitments to parties: who wants, holds or has bought which plot. Not for the public."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from sqlalchemy import Connection, text

from landbank.domain.codes import CommitmentEnd, CommitmentKind
from landbank.domain.commitment import Commitment, Party
from landbank.domain.organisation import LegalForm

COLUMNS = """c.number, c.plot_id, c.kind, c.valid_from, c.valid_until, c.decision_reference, c.reason, c.ended_on,
    c.ended_why, p.name, p.organisation_number, p.legal_form, p.is_personal"""


@dataclass(frozen=True, slots=True)
class DuePlot:
    """A plot whose term ends, or has ended, on `until`."""

    plot_id: int
    municipality_code: str
    until: date


class Commitments:
    """Statements on commitments and their parties."""

    def __init__(self, connection: Connection) -> None:
        self._connection = connection

    def of_plot(self, plot_id: int) -> list[Commitment]:
        """All commitments of a plot, standing and ended, the earliest first."""
        rows = self._connection.execute(
            text(
                f"SELECT {COLUMNS} FROM landbank.commitment c JOIN landbank.party p ON p.id = c.party_id"  # noqa: S608
                " WHERE c.plot_id = :plot_id AND c.superseded_at IS NULL ORDER BY c.valid_from, c.number"
            ),
            {"plot_id": plot_id},
        )
        return [as_commitment(row) for row in rows]

    def standing(self, plot_id: int) -> list[Commitment]:
        """The commitments of a plot that have not ended, the earliest first."""
        return [one for one in self.of_plot(plot_id) if one.ended_on is None]

    def standing_of(self, plot_ids: Sequence[int]) -> dict[int, list[Commitment]]:
        """The commitments of several plots that stand, the earliest first, by plot; one without is left out."""
        rows = self._connection.execute(
            text(
                f"SELECT {COLUMNS} FROM landbank.commitment c JOIN landbank.party p ON p.id = c.party_id"  # noqa: S608
                " WHERE c.plot_id = ANY(CAST(:ids AS bigint[])) AND c.superseded_at IS NULL AND c.ended_on IS NULL"
                " ORDER BY c.valid_from, c.number"
            ),
            {"ids": list(plot_ids)},
        )
        found: dict[int, list[Commitment]] = {}
        for row in rows:
            found.setdefault(row.plot_id, []).append(as_commitment(row))
        return found

    def begin(
        self,
        plot_id: int,
        kind: CommitmentKind,
        party: Party,
        *,
        valid_from: date,
        valid_until: date | None = None,
        decision_reference: str | None = None,
        reason: str | None = None,
    ) -> int:
        """Record a commitment; its number comes back."""
        return int(
            self._connection.execute(
                text(
                    "INSERT INTO landbank.commitment"
                    " (plot_id, kind, party_id, valid_from, valid_until, decision_reference, reason)"
                    " VALUES (:plot_id, :kind, :party_id, :valid_from, :valid_until, :decision_reference, :reason)"
                    " RETURNING number"
                ),
                {
                    "plot_id": plot_id,
                    "kind": kind,
                    "party_id": self._party(party),
                    "valid_from": valid_from,
                    "valid_until": valid_until,
                    "decision_reference": decision_reference,
                    "reason": reason,
                },
            ).scalar_one()
        )

    def end(self, numbers: Collection[int], *, on: date, why: CommitmentEnd) -> None:
        """Let commitments end on a day: what stood is superseded by the same with its end.

        One that begins after that day, as one noted ahead, ends on the day that it would have begun.
        """
        if not numbers:
            return
        self._connection.execute(
            text(
                """WITH ended AS (
                  UPDATE landbank.commitment SET superseded_at = landbank.change_time()
                  WHERE number = ANY(:numbers) AND superseded_at IS NULL AND ended_on IS NULL
                  RETURNING number, plot_id, kind, party_id, decision_reference, reason, valid_from, valid_until
                )
                INSERT INTO landbank.commitment (number, plot_id, kind, party_id, decision_reference, reason,
                  valid_from, valid_until, ended_on, ended_why)
                SELECT number, plot_id, kind, party_id, decision_reference, reason, valid_from, valid_until,
                  greatest(CAST(:on AS date), valid_from), :why FROM ended ORDER BY number"""
            ),
            {"numbers": list(numbers), "on": on, "why": why},
        )

    def run_out(self, day: date) -> list[DuePlot]:
        """Current plots whose term ended before the day."""
        return self._due("availability_until < :day", day=day)

    def running_out(self, first: date, last: date) -> list[DuePlot]:
        """Current plots whose term ends between two days, both included."""
        return self._due("availability_until BETWEEN :first AND :last", first=first, last=last)

    def _due(self, condition: str, **days: date) -> list[DuePlot]:
        rows = self._connection.execute(
            text(
                "SELECT id, municipality_code, availability_until FROM landbank.plot"  # noqa: S608
                " WHERE availability IN ('reserverad', 'markanvisad') AND valid_to IS NULL"
                f" AND {condition} ORDER BY municipality_code, availability_until, id"
            ),
            days,
        )
        return [DuePlot(*row) for row in rows]

    def _party(self, party: Party) -> int:
        """The row of a party: a legal person's is found by its number, and takes the name that it has now."""
        told = {
            "name": party.name,
            "number": party.number,
            "form": party.form,
            "is_personal": party.is_personal,
        }
        if party.number is None:
            return self._first(
                "INSERT INTO landbank.party (name, legal_form, is_personal) VALUES (:name, :form, :is_personal)"
                " RETURNING id",
                **told,
            )
        return self._first(
            "INSERT INTO landbank.party (name, organisation_number, legal_form) VALUES (:name, :number, :form)"
            " ON CONFLICT (organisation_number) WHERE organisation_number IS NOT NULL"
            " DO UPDATE SET name = excluded.name, legal_form = excluded.legal_form RETURNING id",
            **told,
        )

    def _first(self, statement: str, **told: Any) -> int:
        return int(self._connection.execute(text(statement), told).scalar_one())

    def erase_people(self, *, ended_before: date, on: date) -> int:
        """Erase the names of sole traders whose commitments all ended before a day; how many were."""
        done = self._connection.execute(
            text(
                """UPDATE landbank.party p SET name = NULL, erased_on = :on
                WHERE p.is_personal AND p.name IS NOT NULL AND NOT EXISTS (
                  SELECT FROM landbank.commitment c WHERE c.party_id = p.id
                    AND c.superseded_at IS NULL AND (c.ended_on IS NULL OR c.ended_on >= :ended_before))"""
            ),
            {"on": on, "ended_before": ended_before},
        )
        return int(done.rowcount)


def as_commitment(row: Any) -> Commitment:
    """A row as the domain has it."""
    party = None
    if row.name is not None:
        form = None if row.legal_form is None else LegalForm(row.legal_form)
        party = Party(row.name, row.organisation_number, form, row.is_personal)
    return Commitment(
        id=row.number,
        plot_id=row.plot_id,
        kind=CommitmentKind(row.kind),
        party=party,
        valid_from=row.valid_from,
        valid_until=row.valid_until,
        decision_reference=row.decision_reference,
        reason=row.reason,
        ended_on=row.ended_on,
        ended_why=None if row.ended_why is None else CommitmentEnd(row.ended_why),
    )


def end_commitments_of(connection: Connection, plot_ids: Collection[int]) -> None:
    """Let what stands about plots that end today end with them."""
    standing = connection.execute(
        text(
            "SELECT number FROM landbank.commitment WHERE plot_id = ANY (CAST(:ids AS bigint[]))"
            " AND superseded_at IS NULL AND ended_on IS NULL ORDER BY number"
        ),
        {"ids": list(plot_ids)},
    ).scalars()
    today: date = connection.execute(text("SELECT current_date")).scalar_one()
    Commitments(connection).end(list(standing), on=today, why=CommitmentEnd.PLOT_ENDED)
