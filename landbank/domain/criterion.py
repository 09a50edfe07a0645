"""What a criterion is: its kind, its unit, its operators, and who stands behind its values."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Final, TypeAlias

from landbank.domain.parties import Party
from landbank.domain.reading import Reader


class Kind(StrEnum):
    """What a criterion's value is."""

    AMOUNT = "amount"
    DAYS = "days"
    CODE = "code"
    CODES = "codes"
    CLAIM = "claim"


class Op(StrEnum):
    """How a must compares."""

    AT_LEAST = ">="
    AT_MOST = "<="
    BETWEEN = "between"
    ANY_OF = "any_of"
    NONE_OF = "none_of"
    IS = "is"


OPERATORS: Final[dict[Kind, tuple[Op, ...]]] = {
    Kind.AMOUNT: (Op.AT_LEAST, Op.AT_MOST, Op.BETWEEN),
    Kind.DAYS: (Op.AT_MOST,),
    Kind.CODE: (Op.ANY_OF, Op.NONE_OF),
    Kind.CODES: (Op.ANY_OF, Op.NONE_OF),
    Kind.CLAIM: (Op.IS,),
}

Point: TypeAlias = tuple[float | str | bool, float]
Points: TypeAlias = tuple[Point, ...]


@dataclass(frozen=True, slots=True)
class Criterion:
    """One thing that a need can ask for.

    Attributes
    ----------
    unit
        Unit of amounts, or None.
    scale
        A difference in the unit that matters; relative shortfalls divide by it where the threshold is 0.
    codes
        Codes that can be asked for; empty where any text of `pattern` goes.
    default
        Points of the value function for a wish that names none; empty where there is no sensible one.
    is_legal
        A must on it can't be relaxed by either side alone: the law or the plan decides.
    known_by
        Who can tell the value where it is unknown.
    changed_by
        Who could change the value, all of them together; empty where nobody can, as with a distance.
    final_codes
        Codes of plots that are not to be had at all: accepting them gains a company nothing.
    """

    id: str
    kind: Kind
    label_sv: str
    label_en: str
    read: Reader
    unit: str | None = None
    scale: float = 1.0
    codes: tuple[str, ...] = ()
    pattern: str | None = None
    key_of: Callable[[str], int] | None = None
    default: Points = ()
    is_legal: bool = False
    can_be_conditional: bool = False
    known_by: Party = Party.MUNICIPALITY
    changed_by: tuple[Party, ...] = ()
    final_codes: tuple[str, ...] = ()

    @property
    def operators(self) -> tuple[Op, ...]:
        """The operators that a must on it may have."""
        return OPERATORS[self.kind]

    @property
    def is_numeric(self) -> bool:
        """Whether thresholds and curve points are numbers."""
        return self.kind in (Kind.AMOUNT, Kind.DAYS)

    def key(self, code: str) -> int:
        """The number that stands for a code in the columns: a place in the list, or a bit."""
        return self.key_of(code) if self.key_of else self.codes.index(code)
