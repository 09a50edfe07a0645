"""The name under which an answer may be kept: it holds as long as nothing that it depends on has changed."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from hashlib import blake2b
from typing import Final

import shapely

from landbank.domain.fit.centres import Shape
from landbank.domain.fit.footprint import Footprint

METHOD: Final = 1
"""Raised when the method or its tolerance changes, so that kept answers are not mixed with new ones."""


def fit_key(
    plot_id: int,
    row_version: int,
    *,
    footprints: Sequence[Footprint],
    set_back_m: float = 0.0,
    gap_m: float = 0.0,
    areas: Mapping[str, Sequence[Shape]] | None = None,
) -> str:
    """A short text that is the same for the same version of a plot, footprints, distances and areas taken out.

    A footprint and the same one turned are the same; their order matters, as the answer has it.
    """
    told = [f"{float(one.long_m)!r}x{float(one.short_m)!r}" for one in footprints]
    digest = blake2b(
        f"{METHOD}|{float(set_back_m)!r}|{float(gap_m)!r}|{'|'.join(told)}".encode(), digest_size=12
    )
    for kind in sorted(areas or {}):
        digest.update(kind.encode() + b"\0")
        for wkb in sorted(shapely.to_wkb(shapely.normalize(list((areas or {})[kind])))):
            digest.update(wkb)
    return f"{plot_id}-{row_version}-{digest.hexdigest()}"
