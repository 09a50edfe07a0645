"""What can be had at all: from all land in the inventory down to what is ready now, and by municipality."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from landbank.api.i18n import Words
from landbank.api.page_frame import ADDRESSES
from landbank.api.page_labels import LABEL_ORDER
from landbank.api.page_supply import STEP_TEXTS
from landbank.codelists import terms
from landbank.domain.codes import PublicLabel
from landbank.domain.waterfall import Step, Waterfall
from landbank.store.standing import LabelSum


@dataclass(frozen=True, slots=True)
class StepView:
    """A step of the waterfall; `width` is its share of the first in per cent."""

    name: str
    meaning: str
    area: str
    plots: str
    width: float


@dataclass(frozen=True, slots=True)
class LabelHead:
    """A column of the table."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class MunicipalityRow:
    """A municipality's plots by label, and its hectares that are available now."""

    name: str
    url: str
    numbers: tuple[str, ...]
    area: str


@dataclass(frozen=True, slots=True)
class Overview:
    """What the template shows."""

    lead: str
    steps: tuple[StepView, ...]
    more_url: str
    labels: tuple[LabelHead, ...]
    rows: tuple[MunicipalityRow, ...]


def overview(  # noqa: PLR0917 - what it is made from, in the order it is shown
    account: Waterfall,
    sums: Iterable[LabelSum],
    names: Mapping[str, str],
    words: Words,
    action: str,
    moment_query: str = "",
) -> Overview:
    """The overview from the account of all plots and the sums by municipality and label.

    `names` gives the municipalities in their order; `moment_query` is added to the rows' addresses: what asks for the
    same moment.
    """
    listed = list(sums)
    return Overview(
        lead=words.gettext(
            "Ange ett behov för att få tomterna rangordnade. Siffrorna nedan är summor av inventeringens tomter."
        ),
        steps=tuple(step_view(account, step, words) for step in Step),
        more_url=ADDRESSES["supply"][words.language],
        labels=tuple(
            LabelHead(code, terms("public_label")[code].label(words.language)) for code in LABEL_ORDER
        ),
        rows=tuple(
            municipality_row(
                listed, code, name, words, f"{action}?{urlencode({'kommun': code})}{moment_query}"
            )
            for code, name in names.items()
        ),
    )


def step_view(account: Waterfall, step: Step, words: Words) -> StepView:
    """One step of the waterfall, as the supply page defines it."""
    amount, gross = account.step(step), account.step(Step.GROSS).area_m2
    name, meaning = STEP_TEXTS[step]
    return StepView(
        name=words.gettext(name),
        meaning=words.gettext(meaning),
        area=words.hectares(amount.area_m2),
        plots=words.ngettext("%(number)s tomt", "%(number)s tomter", amount.plots)
        % {"number": words.number(amount.plots, 0)},
        width=round(100 * amount.area_m2 / gross, 1) if gross else 0.0,
    )


def municipality_row(sums: list[LabelSum], code: str, name: str, words: Words, url: str) -> MunicipalityRow:
    """One municipality's row; its name leads to a search there."""
    found = {one.label: one for one in sums if one.municipality_code == code}
    ready = found.get(PublicLabel.LEDIG_NU)
    return MunicipalityRow(
        name=name,
        url=url,
        numbers=tuple(words.number(found[label].plots if label in found else 0, 0) for label in LABEL_ORDER),
        area=words.number(ready.area_m2 / 10_000 if ready else 0.0, 1),
    )
