"""Whether a need's buildings fit on the first plots of its answer: outlines from the store, certainty from the domain.

The work is bounded by numbers of plots, never by time, so that the same need at the same revision has the same answer;
how many were judged is part of it.
"""

from __future__ import annotations

import threading
from collections import OrderedDict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from enum import StrEnum
from typing import Final, Protocol

from shapely.geometry.base import BaseGeometry

from landbank.domain.assembly.facts import Holding
from landbank.domain.building import Building
from landbank.domain.fit.footprint import FitAnswer, Footprint
from landbank.domain.fitted import refused, with_fit
from landbank.domain.kleene import FALSE, TRUE, UNKNOWN
from landbank.domain.match import Assessment, Places
from landbank.services.fit_plots import FittedPlot, ShapeOfPlot, fit_on

WANTED: Final = 20
"""So many plots that are not proved to be too small are looked for, unless fewer are shown."""

MOST_JUDGED: Final = 60
"""So many plots are judged at most."""

MOST_HELD: Final = 2_000
PAST: Final = "past"


class ShapesReader(Protocol):
    """What judging fit, alone or together, needs of the store."""

    def shapes(self, plot_ids: Iterable[int]) -> Mapping[int, ShapeOfPlot]:
        """Current plots with their outlines, by id."""

    def outlines(self, plot_ids: Iterable[int]) -> Mapping[int, BaseGeometry]:
        """Outlines by plot id, EPSG:3006; a plot without one is left out."""

    def holdings(self, plot_ids: Iterable[int]) -> Mapping[int, Holding]:
        """Kind of owner and plan by plot id."""


class FitVerdict(StrEnum):
    """The answer of the fit test, or that a plot has no outline to judge."""

    FITS = "fits"
    BORDERLINE = "borderline"
    UNDECIDED = "undecided"
    UNKNOWN = "unknown"
    DOES_NOT_FIT = "does_not_fit"


TRI: Final[Mapping[FitVerdict, int]] = {
    FitVerdict.FITS: int(TRUE),
    FitVerdict.BORDERLINE: int(UNKNOWN),
    FitVerdict.UNDECIDED: int(UNKNOWN),
    FitVerdict.UNKNOWN: int(UNKNOWN),
    FitVerdict.DOES_NOT_FIT: int(FALSE),
}


@dataclass(frozen=True, slots=True, eq=False)
class PlotFit:
    """Whether the buildings fit on one plot; `because` says why it is unknown. `fitted` holds places and proofs."""

    verdict: FitVerdict
    because: str | None
    fitted: FittedPlot | None


@dataclass(frozen=True, slots=True, eq=False)
class FitCheck:
    """The plots that were judged, by id; `not_judged` counts those of tiers A and B that were not."""

    buildings: tuple[Building, ...]
    by_plot: Mapping[int, PlotFit]
    not_judged: int

    def count(self, verdict: FitVerdict) -> int:
        """How many plots have a verdict."""
        return sum(one.verdict is verdict for one in self.by_plot.values())


@dataclass(slots=True, eq=False)
class HeldFits:
    """Answers of the fit test that are kept in the process, the last used: each is of one version of a plot."""

    _kept: OrderedDict[tuple[str, float], FittedPlot] = field(default_factory=OrderedDict)
    _lock: threading.Lock = field(default_factory=threading.Lock)

    def fit(self, plot: ShapeOfPlot, footprints: Sequence[Footprint], set_back_m: float) -> FittedPlot:
        """The answer for footprints on a plot, made where it is not kept."""
        sizes = ",".join(f"{one.width_m!r}x{one.depth_m!r}" for one in footprints)
        key = (f"{plot.plot_id}-{plot.row_version}-{sizes}", set_back_m)
        with self._lock:
            if key in self._kept:
                self._kept.move_to_end(key)
                return self._kept[key]
        made = fit_on(plot, footprints, set_back_m=set_back_m)
        with self._lock:
            self._kept[key] = made
            while len(self._kept) > MOST_HELD:
                self._kept.popitem(last=False)
        return made


@dataclass(frozen=True, slots=True, eq=False)
class Fitting:
    """What judges fit: where outlines are read (None where they are of another moment than the plots), what is kept."""

    reader: ShapesReader | None
    held: HeldFits

    def judge(self, found: Assessment) -> tuple[Assessment, FitCheck, Places]:
        """The assessment with the fit taken in, what was judged, and the places of plots that fail nothing but it."""
        buildings = found.need.footprints
        wanted = min(WANTED, found.need.limit)
        judged: dict[int, PlotFit] = {}
        kept, at = 0, 0
        while kept < wanted and at < min(len(found.places), MOST_JUDGED):
            part = found.places[at : min(at + wanted - kept, MOST_JUDGED)]
            told = self.plots(found.columns.plot_id[part].tolist(), buildings)
            judged |= told
            kept += sum(one.verdict is not FitVerdict.DOES_NOT_FIT for one in told.values())
            at += len(part)
        verdicts = {
            int(place): TRI[judged[int(found.columns.plot_id[place])].verdict] for place in found.places[:at]
        }
        check = FitCheck(buildings, judged, not_judged=len(found.places) - at)
        return with_fit(found, verdicts), check, refused(found, verdicts)

    def plots(self, plot_ids: Sequence[int], buildings: Sequence[Building]) -> dict[int, PlotFit]:
        """Each plot judged, by id."""
        if self.reader is None:
            return dict.fromkeys(plot_ids, PlotFit(FitVerdict.UNKNOWN, PAST, None))
        shapes = self.reader.shapes(plot_ids)
        return {plot_id: self.plot(shapes[plot_id], buildings) for plot_id in plot_ids}

    def plot(self, shape: ShapeOfPlot, buildings: Sequence[Building]) -> PlotFit:
        """One plot judged.

        Where buildings have different set-backs, all of them fit if they do with the largest, and they do not if they
        do not with the least; between that nothing is proved.
        """
        footprints = [one for building in buildings for one in building.footprints]
        distances = sorted({building.set_back_m for building in buildings})
        strict = self.held.fit(shape, footprints, distances[-1])
        if strict.together is None:
            return PlotFit(FitVerdict.UNKNOWN, strict.because, strict)
        if len(distances) == 1 or strict.together.answer is FitAnswer.FITS:
            return PlotFit(FitVerdict(strict.together.answer.value), None, strict)
        lax = self.held.fit(shape, footprints, distances[0])
        if lax.together is not None and lax.together.answer is FitAnswer.DOES_NOT_FIT:
            return PlotFit(FitVerdict.DOES_NOT_FIT, None, lax)
        return PlotFit(FitVerdict.UNDECIDED, None, strict)
