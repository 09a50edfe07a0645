"""The ranked list's content: each plot with its reasons in words, what to ask, and points that add up."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from landbank.api.form_fields import WEIGHT_TEXTS
from landbank.api.i18n import N_, Words
from landbank.api.need_form import SOONEST
from landbank.api.page_freshness import certainty_text, fresh_text
from landbank.api.page_labels import label_text, place_text, plot_name, use_text
from landbank.api.page_values import amount_text, distance_text, held_text, name_of, wanted_text
from landbank.domain.criteria import CRITERIA
from landbank.domain.criterion import Kind
from landbank.domain.explain import Contribution, Judged, Match, Verdict
from landbank.domain.freshness import PlotFreshness
from landbank.domain.shown import parts_in_tenths, tenths, tenths_down, tenths_up

Row = Mapping[str, Any]

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


@dataclass(frozen=True, slots=True)
class Card:
    """What the list shows of one plot. `score`, `score_low` and `score_high` are 0 to 100 with one decimal."""

    plot_id: int
    rank: int | None
    tier: str
    name: str
    url: str
    place: str
    label: str
    label_text: str
    score: float
    score_low: float
    score_high: float
    score_text: str
    lost_text: str
    score_range: str
    has_score: bool
    reasons: tuple[Reason, ...]
    ask: str
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

    def card(self, match: Match, row: Row, rank: int | None) -> Card:
        """The card of a match; `row` is what the store tells of the plot."""
        scored = self.with_score and match.score is not None
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
            score=whole / 10,
            score_low=low / 10,
            score_high=high / 10,
            score_text=self.words.fixed(whole / 10),
            lost_text=self.words.fixed((1000 - whole) / 10),
            score_range=self.range_text(low, high) if scored and high - low > 1 else "",
            has_score=scored,
            reasons=self.reasons(match, row),
            ask=", ".join(name_of(criterion, self.words) for criterion in match.ask),
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
        if self.with_score:
            # The label stands above already; as a reason it counts only where it was asked for.
            lines += [self.of_wish(one, row) for one in match.contributions if one.wish != SOONEST]
        return tuple(lines) if lines or not self.with_facts else self.facts(row)

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
