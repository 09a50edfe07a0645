"""Tell the quality of each municipality's inventory: the newest counts, the region's, and its course by week."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final, Protocol

from landbank.domain.quality import SHARES, Quality

SHOWN: Final = timedelta(weeks=52)
"""How far back the course goes."""


class QualityDay(Protocol):
    """A municipality's counts of a day."""

    @property
    def municipality_code(self) -> str: ...
    @property
    def day(self) -> date: ...
    @property
    def quality(self) -> Quality: ...


class QualityReader(Protocol):
    """What telling needs of the store."""

    def newest(self) -> Sequence[QualityDay]: ...
    def weeks(self, since: date) -> Sequence[QualityDay]: ...


@dataclass(frozen=True, slots=True)
class MunicipalQuality:
    """A municipality's newest counts, and the day they are of."""

    code: str
    name: str
    day: date
    quality: Quality


@dataclass(frozen=True, slots=True)
class Week:
    """The counts at the end of a week: its Monday, and the counts of the municipalities together."""

    monday: date
    quality: Quality


@dataclass(frozen=True, slots=True)
class QualityReport:
    """The newest counts by municipality in the order of their names, together, and the course of the past year."""

    municipalities: tuple[MunicipalQuality, ...]
    region: Quality
    weeks: tuple[Week, ...]
    day: date | None


def tell_quality(
    reader: QualityReader, names: Mapping[str, str], *, today: date, municipality_code: str | None = None
) -> QualityReport:
    """The report; its course is that of one municipality where one is named, else of all together.

    A municipality whose quality was never counted, or that has no plots, is left out. `day` is the newest that
    anything was counted on, None where nothing ever was.
    """
    newest = {one.municipality_code: one for one in reader.newest()}
    told = tuple(
        MunicipalQuality(code, name, newest[code].day, newest[code].quality)
        for code, name in names.items()
        if code in newest and newest[code].quality.plots
    )
    return QualityReport(
        municipalities=told,
        region=sum((one.quality for one in told), Quality()),
        weeks=_weeks(reader.weeks(today - SHOWN), municipality_code),
        day=max((one.day for one in newest.values()), default=None),
    )


def _weeks(days: Sequence[QualityDay], municipality_code: str | None) -> tuple[Week, ...]:
    by_week: dict[date, Quality] = {}
    for one in days:
        if municipality_code in (None, one.municipality_code):
            monday = one.day - timedelta(days=one.day.weekday())
            by_week[monday] = by_week.get(monday, Quality()) + one.quality
    return tuple(Week(monday, by_week[monday]) for monday in sorted(by_week) if by_week[monday].plots)


def quality_document(report: QualityReport) -> dict[str, Any]:
    """The report as plain JSON values; shares are 0 to 1, scores 0 to 100."""
    return {
        "formula": "score = 100 * (known + fresh + outlined + reachable + sound) / 5",
        "day": report.day.isoformat() if report.day else None,
        "region": counts_document(report.region),
        "municipalities": [
            {"code": one.code, "name": one.name, "day": one.day.isoformat(), **counts_document(one.quality)}
            for one in report.municipalities
        ],
        "weeks": [
            {"week_of": week.monday.isoformat(), **counts_document(week.quality)} for week in report.weeks
        ],
    }


def counts_document(quality: Quality) -> dict[str, Any]:
    """Score, shares and the counts they are made of."""
    score = quality.score
    return {
        "score": None if score is None else round(score, 1),
        "shares": {name: round(getattr(quality, name), 4) for name in SHARES},
        "plots": quality.plots,
        "counts": {
            "values_counted": quality.values_counted,
            "values_known": quality.values_known,
            "values_aging": quality.values_aging,
            "values_fresh": quality.values_fresh,
            "plots_outlined": quality.plots_outlined,
            "plots_reachable": quality.plots_reachable,
            "plots_sound": quality.plots_sound,
        },
    }
