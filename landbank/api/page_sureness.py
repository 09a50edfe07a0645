"""How sure an answer is, for the page and the report: the label, what to ask first, and the figures behind it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from markupsafe import Markup

from landbank.api.advice_words import AdviceWords
from landbank.api.i18n import N_, Words
from landbank.charts import Bar, BarRow, Tone, bar_chart
from landbank.domain.advice.advise import Advice
from landbank.domain.advice.robust import Label, Robustness, standard_error

MOST_ROWS = 10

LABELS: Mapping[Label, tuple[str, str]] = {
    Label.STABLE: (
        N_("Stabilt"),
        N_("Samma tomt är först i minst 80 % av fallen."),
    ),
    Label.LEANING: (
        N_("Lutar"),
        N_("Samma tomt är först i 50–80 % av fallen: små ändringar av behovet kan byta plats på de första."),
    ),
    Label.OPEN: (
        N_("Öppet"),
        N_("Ingen tomt är först i ens hälften av fallen: se de första som likvärdiga tills ni vet mer."),
    ),
}
"""What each label is called and means."""


@dataclass(frozen=True, slots=True)
class RankRow:
    """How often a plot gets the first ranks, in words."""

    name: str
    first: str
    top3: str
    later: str


@dataclass(frozen=True, slots=True)
class Sureness:
    """How sure the order is; without wishes there is only the question worth asking."""

    label: str
    label_text: str
    meaning: str
    text: str
    ask_first: str
    chart: Markup | None
    rows: tuple[RankRow, ...]
    method: str
    stability: tuple[str, ...]
    trade_offs: tuple[str, ...]
    alike: tuple[str, ...]


def sureness_of(advice: Advice, say: AdviceWords, *, has_wishes: bool) -> Sureness | None:
    """What is said of how sure an answer is; None where there is nothing to say."""
    question = say.question(advice.questions[0]) if advice.questions else ""
    found = advice.robustness if has_wishes else None
    if found is None:
        nothing = Sureness("", "", "", "", question, None, (), "", (), (), ())
        return nothing if question else None
    words = say.words
    name, meaning = LABELS[found.label]
    first = found.plots[0].plot_id
    return Sureness(
        label=str(found.label),
        label_text=words.gettext(name),
        meaning=words.gettext(meaning),
        text=say.robustness(found),
        ask_first=question,
        chart=chart_of(found, say),
        rows=tuple(
            RankRow(
                say.plot(one.plot_id),
                words.percent(one.first),
                words.percent(one.top3),
                words.percent(1 - one.top3),
            )
            for one in found.plots[:MOST_ROWS]
        ),
        method=method_of(found, words),
        stability=tuple(say.stability(one, first) for one in advice.stabilities),
        trade_offs=tuple(say.trade_off(one) for one in advice.trade_offs),
        alike=tuple(say.alike(one) for one in advice.alike),
    )


def chart_of(found: Robustness, say: AdviceWords) -> Markup:
    """How often each of the first plots is first, and among the first three."""
    words = say.words
    rows = [
        BarRow(
            say.plot(one.plot_id),
            words.gettext("%(first)s först") % {"first": words.percent(one.first)},
            (Bar(0.0, one.first, Tone.GOOD), Bar(one.first, one.top3, Tone.OPEN)),
        )
        for one in found.plots[:MOST_ROWS]
    ]
    drawn = bar_chart(
        rows,
        key="platser",
        title=words.gettext("Hur ofta varje tomt är först"),
        description=words.gettext("Fylld stapel: andel av fallen på plats 1. Streckad: på plats 2 eller 3."),
    )
    return Markup(drawn)  # noqa: S704 - landbank.charts escapes every text


def method_of(found: Robustness, words: Words) -> str:
    """How it was counted, and how exactly."""
    error = max(standard_error(one.first, found.samples) for one in found.plots)
    return words.gettext(
        "%(samples)s dragningar av vikter som stämmer med era ord och av värden som är okända; medelfelet är högst "
        "%(error)s procentenheter. Fel i uppgifterna räknas inte in."
    ) % {"samples": words.number(found.samples, 0), "error": words.number(100 * error, 1)}
