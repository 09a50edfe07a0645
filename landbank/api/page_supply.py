"""The supply page's content: the waterfall as a picture and as a table, and the municipalities side by side."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from urllib.parse import urlencode

from markupsafe import Markup

from landbank.api.i18n import N_, Words
from landbank.api.need_form import NeedForm, query_of
from landbank.charts import Bar, BarRow, Tone, bar_chart
from landbank.domain.shown import parts_in_tenths, tenths
from landbank.domain.waterfall import Amount, Part, Step, Waterfall
from landbank.services.account_supply import Supply

STEP_TEXTS: Final[Mapping[Step, tuple[str, str]]] = {
    Step.GROSS: (N_("Brutto"), N_("Den beräknade arean av alla tomter, också de sålda.")),
    Step.NET: (
        N_("Netto"),
        N_("Utan gata, slänt och annat som inte går att sälja, så långt den säljbara delen är angiven."),
    ),
    Step.USABLE: (
        N_("Användbart"),
        N_(
            "Utan det som är sålt, reserverat, inte till salu eller hindrat, och utan det ingen vet om det går att få."
        ),
    ),
    Step.READY_NOW: (
        N_("Ledigt nu"),
        N_("Planen har laga kraft, marken är byggklar, tomten erbjuds och inget känt hindrar."),
    ),
}
"""Name and definition of each step."""

PART_TEXTS: Final[Mapping[Part, str]] = {
    Part.UNSALEABLE: N_("Inte säljbar del av tomterna"),
    Part.SOLD: N_("Sålt eller under avtal"),
    Part.RESERVED: N_("Reserverat eller markanvisat"),
    Part.NOT_FOR_SALE: N_("Inte till salu"),
    Part.BLOCKED: N_("Hindrat av en begränsning"),
    Part.UNKNOWN_SALE: N_("Okänt om det går att få"),
    Part.COMING: N_("Kommande"),
    Part.UNKNOWN_GROUND: N_("Okänt planläge eller okänd mark"),
    Part.LATER: N_("Byggklart senare"),
    Part.READY_NOW: N_("Ledigt nu"),
}

ORDER: Final[tuple[tuple[Step, tuple[Part, ...]], ...]] = (
    (Step.GROSS, (Part.UNSALEABLE,)),
    (Step.NET, (Part.SOLD, Part.RESERVED, Part.NOT_FOR_SALE, Part.BLOCKED, Part.UNKNOWN_SALE)),
    (Step.USABLE, (Part.COMING, Part.UNKNOWN_GROUND, Part.LATER)),
    (Step.READY_NOW, ()),
)
"""Each step, and what goes off it on the way to the next."""


@dataclass(frozen=True, slots=True)
class Line:
    """A line of the table: a step or a part, its hectares (of which with a stated saleable part), and its plots."""

    name: str
    meaning: str
    is_step: bool
    hectares: str
    unstated: str
    plots: str


@dataclass(frozen=True, slots=True)
class MunicipalityLine:
    """A municipality's steps in hectares, and the share of its gross land that is ready now."""

    name: str
    url: str
    hectares: tuple[str, ...]
    share: str


@dataclass(frozen=True, slots=True)
class SupplyView:
    """What the template shows."""

    title: str
    scope: str
    chart: Markup
    lines: tuple[Line, ...]
    steps: tuple[tuple[str, str], ...]
    heads: tuple[str, ...]
    municipalities: tuple[MunicipalityLine, ...]
    total: MunicipalityLine
    unmeasured: str
    search_url: str
    choices: tuple[tuple[str, str, bool], ...]
    is_empty: bool


def supply_view(
    supply: Supply, form: NeedForm, *, names: Mapping[str, str], words: Words, action: str, search: str
) -> SupplyView:
    """The page's content in one language; `action` and `search` are the addresses of this page and of the search."""
    account = supply.region
    gross = account.step(Step.GROSS)
    lines = table_lines(account, words)
    return SupplyView(
        title=words.gettext("Utbud av mark"),
        scope=scope_text(form, names, words),
        chart=chart_of(account, lines, words),
        lines=lines,
        steps=tuple((words.gettext(name), words.gettext(text)) for name, text in STEP_TEXTS.values()),
        heads=tuple(words.gettext(name) for name, _ in STEP_TEXTS.values()),
        municipalities=municipality_lines(supply, words, action),
        total=total_line(supply, words, action),
        unmeasured=unmeasured_text(gross, words),
        search_url=search + query_of(form),
        choices=tuple((code, name, form.chosen("kommun") == (code,)) for code, name in names.items()),
        is_empty=not gross.plots,
    )


def scope_text(form: NeedForm, names: Mapping[str, str], words: Words) -> str:
    """Which plots the account is of."""
    only = form.chosen("kommun")
    if not form.asks:
        return words.gettext("Gäller alla gällande tomter i inventeringen.")
    if len(form.values) == 1 and len(only) == 1:
        return words.gettext("Gäller %(municipality)s.") % {"municipality": names.get(only[0], only[0])}
    return words.gettext("Gäller tomterna som uppfyller eller kan uppfylla kraven i sökningen.")


def unmeasured_text(gross: Amount, words: Words) -> str:
    """How many plots have no area, where there are any."""
    if not gross.unmeasured:
        return ""
    told = words.ngettext(
        "%(number)s tomt saknar area och är räknad utan den.",
        "%(number)s tomter saknar area och är räknade utan den.",
        gross.unmeasured,
    )
    return told % {"number": words.number(gross.unmeasured, 0)}


def table_lines(account: Waterfall, words: Words) -> tuple[Line, ...]:
    """Steps and parts in the order of the way down; the hectares of the parts add up to those of the steps."""
    leaves = [amount.area_m2 / 10_000 for amount in account.parts.values()]
    whole = tenths(account.step(Step.GROSS).area_m2 / 10_000)
    shown = dict(zip(account.parts, parts_in_tenths(leaves, whole), strict=True))
    left, lines = whole, []
    for step, leaving in ORDER:
        name, meaning = STEP_TEXTS[step]
        lines.append(line_of((name, meaning), left, account.step(step), words, is_step=True))
        for part in leaving:
            lines.append(line_of((PART_TEXTS[part], ""), shown[part], account.parts[part], words))
            left -= shown[part]
    return tuple(lines)


def line_of(
    texts: tuple[str, str], hectares_tenths: int, amount: Amount, words: Words, *, is_step: bool = False
) -> Line:
    """A line; `texts` are its name and meaning."""
    return Line(
        name=words.gettext(texts[0]),
        meaning=words.gettext(texts[1]) if texts[1] else "",
        is_step=is_step,
        hectares=words.fixed(hectares_tenths / 10),
        unstated=words.fixed(amount.unstated_m2 / 10_000) if amount.unstated_m2 else "",
        plots=words.number(amount.plots, 0),
    )


def chart_of(account: Waterfall, lines: Sequence[Line], words: Words) -> Markup:
    """The way down as a picture: steps from the left, between them what goes off at its place."""
    gross = account.step(Step.GROSS).area_m2 or 1.0
    rows, place = [], 0
    for step, leaving in ORDER:
        amount = account.step(step)
        end = amount.area_m2 / gross
        stated = amount.stated_m2 / gross
        rows.append(bar_row(lines[place], (Bar(0, stated, Tone.GOOD), Bar(stated, end, Tone.OPEN)), words))
        place += 1
        for part in leaving:
            size = account.parts[part].area_m2 / gross
            rows.append(bar_row(lines[place], (Bar(end - size, end, Tone.LOST),), words))
            place, end = place + 1, end - size
    drawn = bar_chart(
        rows,
        key="supply",
        title=words.gettext("Från brutto till ledigt nu"),
        description=words.gettext(
            "Staplar för varje steg och för det som faller bort. Talen står i tabellen."
        ),
    )
    return Markup(drawn)  # noqa: S704 - landbank.charts escapes every text


def bar_row(line: Line, bars: tuple[Bar, ...], words: Words) -> BarRow:
    """A row of the picture, named as in the table."""
    name = line.name if line.is_step else f"− {line.name}"
    drawn = tuple(bar for bar in bars if bar.end > bar.start)
    return BarRow(name, words.gettext("%(number)s ha") % {"number": line.hectares}, drawn, line.is_step)


def municipality_lines(supply: Supply, words: Words, action: str) -> tuple[MunicipalityLine, ...]:
    """The municipalities' steps; each column adds up to the total's."""
    accounts = [one.account for one in supply.municipalities]
    columns = [column_of(accounts, supply.region, step) for step in Step]
    return tuple(
        MunicipalityLine(
            name=one.name,
            url=f"{action}?{urlencode({'kommun': one.code})}",
            hectares=tuple(words.fixed(column[place] / 10) for column in columns),
            share=ready_share(one.account, words),
        )
        for place, one in enumerate(supply.municipalities)
    )


def column_of(accounts: Sequence[Waterfall], region: Waterfall, step: Step) -> tuple[int, ...]:
    """A step of each municipality in tenths of hectares, which add up to the region's."""
    whole = tenths(region.step(step).area_m2 / 10_000)
    return parts_in_tenths([account.step(step).area_m2 / 10_000 for account in accounts], whole)


def total_line(supply: Supply, words: Words, action: str) -> MunicipalityLine:
    """All of them together."""
    return MunicipalityLine(
        name=words.gettext("Alla"),
        url=action,
        hectares=tuple(words.fixed(tenths(supply.region.step(step).area_m2 / 10_000) / 10) for step in Step),
        share=ready_share(supply.region, words),
    )


def ready_share(account: Waterfall, words: Words) -> str:
    """The share of the gross land that is ready now; a dash where there is none."""
    gross = account.step(Step.GROSS).area_m2
    return words.percent(account.step(Step.READY_NOW).area_m2 / gross) if gross else "–"
