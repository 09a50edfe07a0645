"""Three-valued logic over arrays: a claim about a plot is false, unknown or true.

Stored as int8 with false -1, unknown 0 and true 1, so that Kleene's `and` is the smallest part, `or` the
largest, and `not` the opposite sign.

Source: S. C. Kleene, Introduction to Metamathematics (1952), § 64, the strong tables.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final, TypeAlias

import numpy as np
from numpy.typing import NDArray

Tri: TypeAlias = NDArray[np.int8]
Bools: TypeAlias = NDArray[np.bool_]

FALSE: Final = np.int8(-1)
UNKNOWN: Final = np.int8(0)
TRUE: Final = np.int8(1)


def tri(is_true: Bools, is_false: Bools) -> Tri:
    """True where `is_true`, false where `is_false`, unknown where neither; both at once must not be."""
    return is_true.astype(np.int8) - is_false.astype(np.int8)


def negate(claim: Tri) -> Tri:
    """Not the claim; what is unknown stays unknown."""
    return np.negative(claim)


def every(claims: Iterable[Tri], size: int) -> Tri:
    """All claims together, per plot; true where there are none."""
    together = np.full(size, TRUE, dtype=np.int8)
    for claim in claims:
        np.minimum(together, claim, out=together)
    return together
