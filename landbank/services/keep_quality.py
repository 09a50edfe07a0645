"""Count the quality of municipalities' inventories and keep it by day."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date, timedelta
from typing import Any, Final, Protocol

import numpy as np

from landbank.domain.freshness import MaxAges, key_max_ages
from landbank.domain.quality import Quality, quality_of

KEPT_DAILY: Final = timedelta(days=60)
"""So long every day is kept; before that the last day of each week."""


class Columns(Protocol):
    """Key facts of plots as columns."""

    @property
    def known(self) -> Any: ...
    @property
    def has_finding(self) -> Any: ...
    def age_days(self, day: date) -> Any: ...


class KeyFactReader(Protocol):
    """Reads the key facts of a municipality's current plots."""

    def columns(self, plot_ids: None = None, *, municipality_code: str | None = None) -> Columns: ...


class QualityKeeper(Protocol):
    """Keeps counts by day."""

    def keep(self, municipality_code: str, day: date, quality: Quality) -> None: ...
    def thin_out(self, before: date) -> int: ...


class Store(Protocol):
    """One transaction."""

    @property
    def key_facts(self) -> KeyFactReader: ...
    @property
    def quality(self) -> QualityKeeper: ...


def keep_quality(store: Store, municipality_codes: Iterable[str], *, day: date, ages: MaxAges) -> int:
    """Count each municipality's quality and keep it as that of the day; how many were kept.

    The findings are those of the checks' last run, so check first.
    """
    kept = 0
    most = key_max_ages(ages)
    for code in municipality_codes:
        columns = store.key_facts.columns(municipality_code=code)
        quality = quality_of(columns.known, columns.age_days(day), most, np.asarray(columns.has_finding))
        store.quality.keep(code, day, quality)
        kept += 1
    return kept


def thin_out_quality(store: Store, *, day: date) -> int:
    """Keep one day a week of what is older than two months; how many rows went."""
    return store.quality.thin_out(day - KEPT_DAILY)
