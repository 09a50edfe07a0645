"""The quality page's content: scores with what they are made of, their course by week, and the freshness contract."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from landbank.api.i18n import N_, Language, Words
from landbank.charts import Bar, BarRow, Line, Tone, bar_chart, line_chart
from landbank.codelists import terms
from landbank.codelists.fields import FieldCatalogue
from landbank.domain.freshness import KEY_FACTS
from landbank.domain.quality import SHARES, Quality
from landbank.services.tell_quality import QualityReport, Week

SHARE_TEXTS: Final[Mapping[str, tuple[str, str]]] = {
    "known": (N_("Kända"), N_("nyckeluppgifter som är kända, av alla som tomterna borde ha")),
    "fresh": (N_("Aktuella"), N_("kända uppgifter som inte är äldre än de får vara")),
    "outlined": (N_("Ritade"), N_("tomter vars gräns är inritad")),
    "reachable": (N_("Nåbara"), N_("tomter vars säljkontakt har e-post eller telefon")),
    "sound": (N_("Utan anmärkning"), N_("tomter där kontrollerna inte har funnit något fel")),
}
"""Head and meaning of each share."""


@dataclass(frozen=True, slots=True)
class ScoreLine:
    """A municipality's line: its score, its five shares, its plots, and the day it was counted."""

    name: str
    url: str
    score: str
    shares: tuple[str, ...]
    plots: str
    day: str


@dataclass(frozen=True, slots=True)
class WeekLine:
    """A week's line."""

    week: str
    score: str
    shares: tuple[str, ...]
    plots: str


@dataclass(frozen=True, slots=True)
class AgeLine:
    """A line of the freshness contract."""

    name: str
    meaning: str
    most: str
    keeper: str


@dataclass(frozen=True, slots=True)
class QualityView:
    """What the template shows."""

    title: str
    counted: str
    heads: tuple[str, ...]
    shares: tuple[tuple[str, str], ...]
    lines: tuple[ScoreLine, ...]
    total: ScoreLine | None
    bars: Markup
    course_of: str
    course: Markup
    weeks: tuple[WeekLine, ...]
    key_facts: str
    contract: tuple[AgeLine, ...]


def quality_view(
    report: QualityReport,
    words: Words,
    *,
    names: Mapping[str, str],
    code: str | None,
    action: str,
    fields: FieldCatalogue,
) -> QualityView:
    """The page's content in one language; `code` names the municipality whose course is shown, None for all."""
    _ = words.gettext
    lines = tuple(
        score_line(one.name, f"{action}?{urlencode({'kommun': one.code})}", one.quality, one.day, words)
        for one in report.municipalities
    )
    return QualityView(
        title=_("Inventeringens kvalitet"),
        counted=_("Räknat %(day)s.") % {"day": words.day(report.day)} if report.day else "",
        heads=tuple(_(SHARE_TEXTS[name][0]) for name in SHARES),
        shares=tuple((_(SHARE_TEXTS[name][0]), _(SHARE_TEXTS[name][1])) for name in SHARES),
        lines=lines,
        total=score_line(_("Alla"), action, report.region, report.day, words) if lines else None,
        bars=bars_of(report, words),
        course_of=names[code] if code else _("alla kommuner tillsammans"),
        course=course_of(report.weeks, words),
        weeks=tuple(week_line(week, words) for week in reversed(report.weeks)),
        key_facts=", ".join(terms("key_fact")[key.name].label(words.language) for key in KEY_FACTS),
        contract=contract_lines(fields, words),
    )


def score_line(name: str, url: str, quality: Quality, day: date | None, words: Words) -> ScoreLine:
    """A line of the table."""
    return ScoreLine(
        name=name,
        url=url,
        score=score_text(quality, words),
        shares=shares_text(quality, words),
        plots=words.number(quality.plots, 0),
        day=words.day(day) if day else "",
    )


def score_text(quality: Quality, words: Words) -> str:
    """The score with one decimal, a dash where there is none."""
    return "–" if quality.score is None else words.fixed(quality.score)


def shares_text(quality: Quality, words: Words) -> tuple[str, ...]:
    """The five shares in per cent."""
    return tuple(words.percent(getattr(quality, name)) for name in SHARES)


def bars_of(report: QualityReport, words: Words) -> Markup:
    """The scores as bars, the best first."""
    ordered = sorted(report.municipalities, key=lambda one: (-(one.quality.score or 0.0), one.code))
    rows = [
        BarRow(
            one.name,
            score_text(one.quality, words),
            (Bar(0.0, (one.quality.score or 0.0) / 100, Tone.GOOD),),
            is_main=False,
        )
        for one in ordered
    ]
    drawn = bar_chart(
        rows,
        key="scores",
        title=words.gettext("Kvalitetstal per kommun"),
        description=words.gettext(
            "En stapel för varje kommun, 0 till 100, den högsta först. Talen står i tabellen."
        ),
    )
    return Markup(drawn)  # noqa: S704 - landbank.charts escapes every text


def course_of(weeks: Sequence[Week], words: Words) -> Markup:
    """The score by week as a line; empty where nothing was kept yet."""
    if not weeks:
        return Markup("")
    first, last = weeks[0].monday, weeks[-1].monday
    span = max((last - first).days, 1)
    points = tuple(
        ((week.monday - first).days / span if len(weeks) > 1 else 0.5, (week.quality.score or 0.0) / 100)
        for week in weeks
    )
    ends = ((0.0, words.day(first)), (1.0, words.day(last))) if len(weeks) > 1 else ((0.5, words.day(first)),)
    drawn = line_chart(
        [Line(words.gettext("Kvalitetstal"), points)],
        key="course",
        title=words.gettext("Kvalitetstalet vecka för vecka"),
        description=words.gettext(
            "En linje med en punkt för varje vecka, 0 till 100. Talen står i tabellen."
        ),
        x_ticks=ends,
        y_ticks=((0.0, "0"), (0.5, "50"), (1.0, "100")),
    )
    return Markup(drawn)  # noqa: S704 - landbank.charts escapes every text


def week_line(week: Week, words: Words) -> WeekLine:
    """A week of the table."""
    return WeekLine(
        words.day(week.monday),
        score_text(week.quality, words),
        shares_text(week.quality, words),
        words.number(week.quality.plots, 0),
    )


def contract_lines(fields: FieldCatalogue, words: Words) -> tuple[AgeLine, ...]:
    """How old the values of each class may be, and who answers for them."""
    language = words.language
    return tuple(
        AgeLine(
            name=terms("attribute_class")[name].label(language),
            meaning=terms("attribute_class")[name].definition(language),
            most=words.ngettext("%(number)s dag", "%(number)s dagar", contract.max_age_days)
            % {"number": words.number(contract.max_age_days, 0)},
            keeper=fields.keepers[contract.keeper][0 if language is Language.SV else 1],
        )
        for name, contract in fields.classes.items()
    )
