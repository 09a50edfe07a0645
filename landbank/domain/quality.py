"""How good the inventory of a municipality is: five shares and their mean, from counts that are kept by day.

Score = 100 x (known + fresh + outlined + reachable + sound) / 5, where

- known: key facts that are known, of all key facts of all plots
- fresh: key facts that are not older than they may be, of those known values that grow old
- outlined: plots whose outline is drawn
- reachable: plots whose sales office can be reached
- sound: plots without findings of the standing checks

Where nothing is known at all, nothing is fresh. Without plots there is no score.
"""

from __future__ import annotations

from dataclasses import dataclass, fields
from typing import Final

import numpy as np
from numpy.typing import NDArray

from landbank.domain.codes import KeyFact
from landbank.domain.freshness import KEY_NAMES, stale_marks

SHARES: Final = ("known", "fresh", "outlined", "reachable", "sound")


@dataclass(frozen=True, slots=True)
class Quality:
    """Counts of current plots and of their key facts; they add up over municipalities, and the shares follow."""

    plots: int = 0
    values_counted: int = 0
    values_known: int = 0
    values_aging: int = 0
    values_fresh: int = 0
    plots_outlined: int = 0
    plots_reachable: int = 0
    plots_sound: int = 0

    def __add__(self, other: Quality) -> Quality:
        return Quality(*(getattr(self, part.name) + getattr(other, part.name) for part in fields(Quality)))

    @property
    def known(self) -> float:
        """Share of the key facts that are known."""
        return share(self.values_known, self.values_counted)

    @property
    def fresh(self) -> float:
        """Share of the known values that grow old that are not too old."""
        return share(self.values_fresh, self.values_aging)

    @property
    def outlined(self) -> float:
        """Share of the plots whose outline is drawn."""
        return share(self.plots_outlined, self.plots)

    @property
    def reachable(self) -> float:
        """Share of the plots whose sales office can be reached."""
        return share(self.plots_reachable, self.plots)

    @property
    def sound(self) -> float:
        """Share of the plots without findings."""
        return share(self.plots_sound, self.plots)

    @property
    def score(self) -> float | None:
        """0 to 100: the mean of the five shares; None without plots."""
        if not self.plots:
            return None
        shares = (self.known, self.fresh, self.outlined, self.reachable, self.sound)
        return 100.0 * sum(shares) / len(shares)


def share(part: int, whole: int) -> float:
    """The part's share of the whole, 0 of nothing."""
    return part / whole if whole else 0.0


def quality_of(
    known: NDArray[np.int8],
    age_days: NDArray[np.float64],
    max_age_days: NDArray[np.float64],
    has_finding: NDArray[np.bool_],
) -> Quality:
    """The counts of some plots; arrays as in `freshness.certainties`, and whether each plot has an open finding."""
    is_known = known == 1
    aging = is_known & np.isfinite(max_age_days)
    return Quality(
        plots=len(known),
        values_counted=int((known >= 0).sum()),
        values_known=int(is_known.sum()),
        values_aging=int(aging.sum()),
        values_fresh=int(aging.sum() - stale_marks(known, age_days, max_age_days).sum()),
        plots_outlined=int(is_known[:, KEY_NAMES.index(KeyFact.OUTLINE)].sum()),
        plots_reachable=int(is_known[:, KEY_NAMES.index(KeyFact.CONTACT)].sum()),
        plots_sound=int((~has_finding).sum()),
    )
