"""Commitments: what a municipality has promised whom about a plot, from an expression of interest to a sale.

Interests stand side by side in a queue; everything else is exclusive: one holder at a time.
"""

from __future__ import annotations

import unicodedata
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Final

from landbank.domain.codes import Availability, CommitmentEnd, CommitmentKind
from landbank.domain.organisation import LegalForm, parse_organisation_number
from landbank.errors import Invalid

KIND_OF_STATE: Final[dict[Availability, CommitmentKind]] = {
    Availability.INTRESSE: CommitmentKind.INTEREST,
    Availability.RESERVERAD: CommitmentKind.RESERVATION,
    Availability.MARKANVISAD: CommitmentKind.ALLOCATION,
    Availability.AVTALAD: CommitmentKind.AGREEMENT,
    Availability.SALD: CommitmentKind.SALE,
}
"""The commitment that stands behind a state; the other states have none."""

EXCLUSIVE: Final = frozenset(KIND_OF_STATE) - {Availability.INTRESSE}
"""States in which one party has the plot to itself."""

TIMED: Final = frozenset({Availability.RESERVERAD, Availability.MARKANVISAD})
"""States that end by themselves on their last day."""

LONGEST_NAME: Final = 200


@dataclass(frozen=True, slots=True)
class Party:
    """Who a commitment is made to.

    `number` is a legal person's ten digits; None where it is not known. A sole trader's own number is a personal
    identity number: it is checked and never kept, and `is_personal` says that the name is a person's data too.
    """

    name: str
    number: str | None = None
    form: LegalForm | None = None
    is_personal: bool = False

    def is_same_as(self, other: Party) -> bool:
        """Whether both are the same: by number where both have one, by name otherwise."""
        if self.number and other.number:
            return self.number == other.number
        return self.name.casefold() == other.name.casefold()


def party_of(name: str, number: str | None = None, *, is_personal: bool = False) -> Party:
    """The party with this name and organisation number; `is_personal` says that the name is a person's.

    Raises
    ------
    Invalid
        The name is empty, too long or holds control characters, or the number is none; `where` is /party/...
    """
    told = " ".join(unicodedata.normalize("NFC", name).split())
    if not told or len(told) > LONGEST_NAME or not told.isprintable():
        raise Invalid(
            f"The party's name is no name of 1 to {LONGEST_NAME} printable characters.",
            hint="Give the name as the register has it.",
            where="/party/name",
        )
    if number is None or not number.strip():
        return Party(told, is_personal=is_personal)
    try:
        found = parse_organisation_number(number)
    except Invalid as error:
        # The number is not repeated: it may be somebody's personal identity number, mistyped.
        raise Invalid(error.message, hint=error.hint, where="/party/organisation_number") from None
    if is_personal and not found.is_personal:
        raise Invalid(
            "The number is a legal person's, whose name is no personal data.", where="/party/is_personal"
        )
    return Party(told, None if found.is_personal else found.digits, found.form, found.is_personal)


@dataclass(frozen=True, slots=True)
class Commitment:
    """One commitment that stands or stood; `party` is None where the name is not known or was erased.

    `id` orders those of the same day.
    """

    id: int
    plot_id: int
    kind: CommitmentKind
    party: Party | None
    valid_from: date
    valid_until: date | None = None
    decision_reference: str | None = None
    reason: str | None = None
    ended_on: date | None = None
    ended_why: CommitmentEnd | None = None

    @property
    def is_exclusive(self) -> bool:
        """Whether nobody else can have the plot meanwhile."""
        return self.kind is not CommitmentKind.INTEREST


def queue(commitments: Iterable[Commitment]) -> dict[int, int]:
    """The place of each standing interest, from 1, by its id: the earliest day first, then the earliest noted."""
    standing = [one for one in commitments if not one.is_exclusive and one.ended_on is None]
    ordered = sorted(standing, key=lambda one: (one.valid_from, one.id))
    return {one.id: place for place, one in enumerate(ordered, 1)}
