"""What is settled of a batch's plots before their facts are drawn."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from landbank.demo.draw import Bools, Floats, Objects

SOURCE = "Syntetiska uppgifter (landbank demo)"


@dataclass(frozen=True, slots=True)
class Context:
    """The plots of a batch: numbers from 1, place, size and what their park gives them.

    `is_plan_unknown` marks the plots of which nobody knows plan and planning state.
    `area`, `plan` and `sales`, `steward` are numbers of rows (0: none). `state` is the park's planning state,
    `theme` its character, `level` its price level in SEK per m², `xy` the plots' positions in EPSG:3006 metres.
    """

    on: np.datetime64
    id: NDArray[np.int64]
    municipality: Objects
    municipality_name: Objects
    stem: Objects
    number: NDArray[np.int64]
    area: NDArray[np.int64]
    plan: NDArray[np.int64]
    sales: NDArray[np.int64]
    steward: NDArray[np.int64]
    state: Objects
    is_plan_unknown: Bools
    theme: Objects
    level: Floats
    area_m2: Floats
    xy: Floats

    @property
    def n(self) -> int:
        """How many plots."""
        return len(self.id)

    @property
    def in_force(self) -> NDArray[np.bool_]:
        """Whose plan is in force."""
        return np.asarray(self.state == "laga_kraft", dtype=np.bool_)
