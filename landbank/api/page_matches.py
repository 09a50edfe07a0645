"""The ranked list's content: each plot with its reasons in words, what to ask, and points that add up."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any
from urllib.parse import urlencode

from markupsafe import Markup

from landbank.api.fit_words import fit_picture
from landbank.api.form_fields import WEIGHT_TEXTS
from landbank.api.i18n import N_, Words
from landbank.api.need_form import SOONEST
from landbank.api.page_form import Link
from landbank.api.page_freshness import certainty_text, fresh_text
from landbank.api.page_labels import label_text, place_text, plot_name, use_text
from landbank.api.page_relax import RelaxMaker
from landbank.api.page_values import amount_text, distance_text, held_text, name_of, wanted_text
from landbank.charts import ScorePart, score_bar
from landbank.domain.advice.advise import NOTHING, PlotAdvice
from landbank.domain.advice.counterfactual import Goal
from landbank.domain.advice.rank_range import RankRange
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind
from landbank.domain.explain import Contribution, Judged, Match, Verdict
from landbank.domain.freshness import PlotFreshness
from landbank.domain.shown import parts_in_tenths, tenths, tenths_down, tenths_up
from landbank.services.check_fit import FitCheck, FitVerdict, PlotFit

Row = Mapping[str, Any]

FIT_KINDS: Mapping[FitVerdict, str] = {
    FitVerdict.FITS: "pass",
    FitVerdict.BORDERLINE: "unknown",
    FitVerdict.UNDECIDED: "unknown",
    FitVerdict.UNKNOWN: "unknown",
    FitVerdict.DOES_NOT_FIT: "fail",
}

LEAST_TOLD = 10
"""Tenths of a point from which on a loss is told in words."""

MARKS: Mapping[str, tuple[str, str]] = {
    "pass": ("✓", N_("Uppfyllt")),
    "partly": ("≈", N_("Delvis")),
    "fail": ("✗", N_("Inte uppfyllt")),
    "unknown": ("?", N_("Okänt")),
    "fact": ("·", N_("Uppgift")),
}


@dataclass(frozen=True, slots=True)
class Reason:
    """One line of why: its kind, its mark, what the mark says, and the text."""

    kind: str
    mark: str
    mark_text: str
    text: str


@dataclass(frozen=True, slots=True)
class PointRow:
    """One wish in the table of points."""

    name: str
    weight: str
    value: str
    points: str
    lost: str
    most: str


@dataclass(frozen=True, slots=True)
class Card:
    """What the list shows of one plot."""

    plot_id: int
    rank: int | None
    tier: str
    name: str
    url: str
    place: str
    label: str
    label_text: str
    bar: Markup | None
    score_text: str
    lost_text: str
    lost_most: str
    score_range: str
    rank_range: str
    has_score: bool
    reasons: tuple[Reason, ...]
    ask: str
    near: str
    near_link: Link | None
    beaten: str
    changes: tuple[str, ...]
    drawing: Markup | None
    fit_query: str
    points: tuple[PointRow, ...]
    points_note: str
    fresh: str
    certainty: str
    is_stale: bool
    longitude: str
    latitude: str


@dataclass(frozen=True, slots=True)
class CardMaker:
    """Makes cards in one language on one day. `plot_url` ends with what follows the plot's id."""

    words: Words
    today: date
    plot_path: str
    query: str
    with_score: bool
    with_facts: bool
    freshness: Mapping[int, PlotFreshness]
    fit: FitCheck | None
    advice: Mapping[int, PlotAdvice]
    relax: RelaxMaker

    def card(self, match: Match, row: Row, rank: int | None) -> Card:
        """The card of a match; `row` is what the store tells of the plot."""
        scored = self.with_score and match.score is not None
        told = self.advice.get(match.plot_id, NOTHING)
        points, lost = shown_points(match) if scored else ((), ())
        whole = tenths(match.score or 0.0)
        low, high = tenths_down(match.score_low or 0.0), tenths_up(match.score_high or 0.0)
        fresh = self.freshness.get(match.plot_id)
        return Card(
            plot_id=match.plot_id,
            rank=rank,
            tier=match.tier.value,
            name=plot_name(row),
            url=f"{self.plot_path}/{match.plot_id}{self.query}",
            place=self.place(row),
            label=row["label"],
            label_text=label_text(row, self.words),
            bar=self.bar(match) if scored else None,
            score_text=self.words.fixed(whole / 10),
            lost_text=self.words.fixed((1000 - whole) / 10),
            lost_most=self.lost_most(match, lost) if scored else "",
            score_range=self.range_text(low, high) if scored and high - low > 1 else "",
            rank_range=self.rank_text(told.rank_range) if scored else "",
            has_score=scored,
            reasons=self.reasons(match, row),
            ask=self.ask(match.ask),
            near=self.relax.say.near_miss(told.near_miss) if told.near_miss else "",
            near_link=self.relax.near(told.near_miss) if told.near_miss else None,
            beaten=self.relax.say.dominated(told.dominated) if scored and told.dominated else "",
            changes=tuple(
                self.relax.say.counterfactual(one)
                for one in told.counterfactuals
                if scored or one.goal is not Goal.FIRST
            ),
            drawing=self.drawing(match.plot_id),
            fit_query=self.fit_query() if match.plot_id in self.judged else "",
            points=tuple(
                self.point_row(part, row, points[place], lost[place])
                for place, part in enumerate(match.contributions if scored else ())
            ),
            points_note=self.note(match) if scored else "",
            fresh=fresh_text(row["confirmed_on"], self.today, self.words),
            certainty=certainty_text(fresh, self.words) if fresh else "",
            is_stale=bool(fresh and fresh.stale),
            longitude=f"{row['longitude']:.5f}",
            latitude=f"{row['latitude']:.5f}",
        )

    def place(self, row: Row) -> str:
        """Size, business park and municipality."""
        size = self.words.hectares(row["area_m2"]) if row["area_m2"] else self.words.gettext("okänd storlek")
        return f"{size} · {place_text(row)}"

    def range_text(self, low: int, high: int) -> str:
        """Between what the score lies, depending on what is not known."""
        return self.words.gettext("mellan %(low)s och %(high)s, beroende på det som är okänt") % {
            "low": self.words.fixed(low / 10),
            "high": self.words.fixed(high / 10),
        }

    def rank_text(self, ranks: RankRange | None) -> str:
        """Which ranks are possible once everything is known; nothing where there is only one."""
        if ranks is None or ranks.best == ranks.worst:
            return ""
        return self.words.gettext("plats %(best)s–%(worst)s när allt är känt") % {
            "best": self.words.number(ranks.best, 0),
            "worst": self.words.number(ranks.worst, 0),
        }

    def ask(self, criteria: Sequence[str]) -> str:
        """What is not known, and who knows it."""
        phrases = self.relax.say.phrases
        return ", ".join(
            f"{name_of(criterion, self.words)} ({phrases.parties([CRITERIA[criterion].known_by])})"
            for criterion in criteria
        )

    def lost_most(self, match: Match, lost: Sequence[int]) -> str:
        """The wishes that cost most points, in words; nothing where hardly any are lost."""
        costly = sorted(zip(lost, match.contributions, strict=True), key=lambda pair: -pair[0])
        told = [
            self.words.gettext("%(name)s (−%(points)s)")
            % {"name": name_of(part.wish.criterion, self.words), "points": self.words.fixed(points / 10)}
            for points, part in costly[:2]
            if points >= LEAST_TOLD
        ]
        return self.words.gettext("Tappar mest på %(names)s.") % {"names": ", ".join(told)} if told else ""

    def bar(self, match: Match) -> Markup:
        """The score as a bar of its parts."""
        parts = [
            ScorePart(
                self.part_text(part),
                part.share,
                part.points_low / 100,
                max(part.points_low, part.points_high) / 100,
            )
            for part in match.contributions
        ]
        drawn = score_bar(
            parts,
            key=f"bar-{match.plot_id}",
            title=self.words.gettext("Poängens delar"),
            description="; ".join(part.name for part in parts),
        )
        return Markup(drawn)  # noqa: S704 - landbank.charts escapes every text

    def part_text(self, part: Contribution) -> str:
        """One wish's points of those that it could give."""
        return self.words.gettext("%(name)s: %(points)s av %(most)s") % {
            "name": name_of(part.wish.criterion, self.words),
            "points": self.words.fixed(tenths(part.points) / 10),
            "most": self.words.fixed(tenths(100 * part.share) / 10),
        }

    def note(self, match: Match) -> str:
        """What stands in for unknown values, where there are any."""
        if match.coverage is None or match.coverage > 1 - 1e-9:
            return ""
        return self.words.gettext(
            "Okända värden räknas tills vidare som medianen för liknande tomter. "
            "%(share)s av vikten vilar på kända värden."
        ) % {"share": self.words.percent(match.coverage)}

    def reasons(self, match: Match, row: Row) -> tuple[Reason, ...]:
        """Musts that fail first, then the unknown, then what holds, then the wishes."""
        order = (Verdict.FAIL, Verdict.UNKNOWN, Verdict.PASS)
        judged = sorted(match.musts, key=lambda one: order.index(one.verdict))
        lines = [self.of_must(one, row) for one in judged]
        if self.fit is not None:
            lines.insert(0, self.of_fit(match.plot_id))
        if self.with_score:
            # The label stands above already; as a reason it counts only where it was asked for.
            lines += [self.of_wish(one, row) for one in match.contributions if one.wish != SOONEST]
        return tuple(lines) if lines or not self.with_facts else self.facts(row)

    @property
    def judged(self) -> Mapping[int, PlotFit]:
        """The plots that were judged for the buildings."""
        return self.fit.by_plot if self.fit is not None else {}

    def of_fit(self, plot_id: int) -> Reason:
        """Whether the buildings fit."""
        judged = self.judged.get(plot_id)
        if judged is None:
            return self.reason("unknown", self.words.gettext("Inte prövat om byggnaden får plats"))
        return self.reason(FIT_KINDS[judged.verdict], self.relax.say.plot_fit(judged))

    def drawing(self, plot_id: int) -> Markup | None:
        """The ground with the buildings."""
        judged = self.judged.get(plot_id)
        return None if judged is None else fit_picture(judged, self.relax.say.plot_fit(judged), self.words)

    def fit_query(self) -> str:
        """The query that draws the buildings on the map; it takes one distance to the border for all."""
        buildings = self.fit.buildings if self.fit is not None else ()
        sizes = [(size.width_m, size.depth_m) for building in buildings for size in building.footprints]
        (width, depth), *others = sizes
        told = {
            "width_m": f"{width:g}",
            "depth_m": f"{depth:g}",
            "set_back_m": f"{buildings[0].set_back_m:g}",
        }
        if others:
            told["also"] = ",".join(f"{one:g}x{other:g}" for one, other in others)
        return urlencode(told)

    def reason(self, kind: str, text: str) -> Reason:
        """A line with its mark."""
        mark, meaning = MARKS[kind]
        return Reason(kind, mark, self.words.gettext(meaning), text[:1].upper() + text[1:])

    def of_must(self, judged: Judged, row: Row) -> Reason:
        """A must's line: what the plot holds, and what was asked for where that is not met."""
        criterion = judged.must.criterion
        text = held_text(criterion, judged.held, row, self.words)
        wanted = wanted_text(judged.must, self.words)
        if judged.verdict is Verdict.PASS:
            return self.reason("pass", text or wanted)
        if text is None:
            return self.reason("unknown", self.unknown(criterion, wanted))
        if judged.verdict is Verdict.FAIL and isinstance(judged.held.value, float) and wanted:
            text = self.told_apart(criterion, judged.held.value, text, wanted)
        return self.reason(judged.verdict.value, self.against(criterion, text, wanted, row))

    def of_wish(self, part: Contribution, row: Row) -> Reason:
        """A wish's line: met, partly met, not met, or not known."""
        criterion = part.wish.criterion
        text = held_text(criterion, part.held, row, self.words)
        wanted = wanted_text(part.wish, self.words)
        if text is None or not part.is_known:
            return self.reason("unknown", self.unknown(criterion, wanted) if text is None else text)
        if part.lost <= 1e-9:
            return self.reason("pass", text)
        if isinstance(part.held.value, float):
            text = self.told_apart(criterion, part.held.value, text, wanted)
        return self.reason(
            "partly" if part.points > 1e-9 else "fail", self.against(criterion, text, wanted, row)
        )

    def told_apart(self, criterion: str, value: float, text: str, wanted: str) -> str:
        """The text with more digits where rounding makes the value look like the limit that it misses."""
        if CRITERIA[criterion].kind is Kind.DAYS:
            return text
        rounded = amount_text(criterion, value, self.words)
        if rounded not in wanted:
            return text
        return text.replace(rounded, amount_text(criterion, value, self.words, exactly=True))

    def against(self, criterion: str, text: str, wanted: str, row: Row) -> str:
        """What the plot holds beside what was wanted; for power also what comes later."""
        if CRITERIA[criterion].kind is Kind.DAYS:
            return text
        later = ""
        if criterion == "power_mw" and row["power_max_on"] and row["power_max_on"] > self.today:
            later = self.words.gettext(" (%(power)s från %(day)s)") % {
                "power": self.words.megawatts(row["power_max_mw"]),
                "day": self.words.day(row["power_max_on"]),
            }
        return self.words.gettext("%(held)s, ni ville ha %(wanted)s") % {
            "held": text + later,
            "wanted": wanted,
        }

    def unknown(self, criterion: str, wanted: str) -> str:
        """That nothing is known of what was asked for."""
        if criterion == "ready_by":
            return self.words.gettext("Ingen uppgift om när tomten är byggklar")
        return self.words.gettext("Ingen uppgift om %(name)s, ni ville ha %(wanted)s") % {
            "name": name_of(criterion, self.words),
            "wanted": wanted,
        }

    def point_row(self, part: Contribution, row: Row, points: int, lost: int) -> PointRow:
        """A wish's row in the table of points."""
        name = name_of(part.wish.criterion, self.words)
        weight = WEIGHT_TEXTS.get(str(part.wish.weight))
        return PointRow(
            name[:1].upper() + name[1:],
            self.words.gettext(weight) if weight else self.words.number(part.wish.units),
            held_text(part.wish.criterion, part.held, row, self.words) or self.words.gettext("okänt"),
            self.words.fixed(points / 10),
            self.words.fixed(lost / 10),
            self.words.fixed((points + lost) / 10),
        )

    def facts(self, row: Row) -> tuple[Reason, ...]:
        """The main facts of a plot, for a visitor who has asked for nothing."""
        texts = []
        if row["use_codes"]:
            texts.append(", ".join(use_text(code, self.words.language) for code in row["use_codes"]))
        if row["power_mw"]:
            texts.append(
                self.words.gettext("%(value)s el") % {"value": self.words.megawatts(row["power_mw"])}
            )
        if row["price_sek_per_m2"] is not None:
            texts.append(self.words.price(row["price_sek_per_m2"]))
        if row["motorway_m"] is not None:
            texts.append(distance_text("motorway_m", row["motorway_m"], row, self.words))
        return tuple(self.reason("fact", text) for text in texts)


def shown_points(match: Match) -> tuple[tuple[int, ...], tuple[int, ...]]:
    """Points won and lost of each wish in tenths; they add up to the shown score and to 100."""
    whole = tenths(match.score or 0.0)
    won = parts_in_tenths([part.points for part in match.contributions], whole)
    lost = parts_in_tenths([part.lost for part in match.contributions], 1000 - whole)
    return won, lost
