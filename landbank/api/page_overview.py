"""What can be had at all: from all land in the inventory down to what is ready now, and by municipality."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass
from urllib.parse import urlencode

from landbank.api.i18n import N_, Words
from landbank.api.page_labels import LABEL_ORDER
from landbank.codelists import terms
from landbank.domain.codes import PublicLabel
from landbank.store.standing import LabelSum

STEPS: tuple[tuple[str, str, tuple[PublicLabel, ...]], ...] = (
    (N_("All mark i inventeringen"), N_("Alla tomter som finns här, också de sålda."), LABEL_ORDER),
    (
        N_("Inte såld"),
        N_("Utan det som är sålt, avtalat eller inte till salu."),
        (
            PublicLabel.LEDIG_NU,
            PublicLabel.LEDIG_SENARE,
            PublicLabel.KOMMANDE,
            PublicLabel.BEGRANSAD,
            PublicLabel.RESERVERAD,
        ),
    ),
    (
        N_("Fri att förhandla om"),
        N_("Också utan det som är reserverat eller hindras av en begränsning."),
        (PublicLabel.LEDIG_NU, PublicLabel.LEDIG_SENARE, PublicLabel.KOMMANDE),
    ),
    (
        N_("Ledig nu"),
        N_("Planen har laga kraft, marken är byggklar och inget känt hindrar."),
        (PublicLabel.LEDIG_NU,),
    ),
)
"""Name, meaning and labels of each step; each keeps some of the labels of the step before."""


@dataclass(frozen=True, slots=True)
class Step:
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
    steps: tuple[Step, ...]
    labels: tuple[LabelHead, ...]
    rows: tuple[MunicipalityRow, ...]


def overview(
    sums: Iterable[LabelSum], names: Mapping[str, str], words: Words, action: str, moment_query: str = ""
) -> Overview:
    """The overview from the sums by municipality and label; `names` gives municipalities in their order.

    `moment_query` is added to the rows' addresses: what asks for the same moment.
    """
    listed = list(sums)
    total = sum(one.area_m2 for one in listed)
    return Overview(
        lead=words.gettext(
            "Ange ett behov för att få tomterna rangordnade. Siffrorna nedan är summor av inventeringens tomter."
        ),
        steps=tuple(
            step(listed, (name, meaning), labels, total=total, words=words) for name, meaning, labels in STEPS
        ),
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


def step(
    sums: list[LabelSum], texts: tuple[str, str], labels: Collection[str], *, total: float, words: Words
) -> Step:
    """One step of the waterfall; `texts` are its name and meaning."""
    kept = [one for one in sums if one.label in labels]
    area, plots = sum(one.area_m2 for one in kept), sum(one.plots for one in kept)
    return Step(
        name=words.gettext(texts[0]),
        meaning=words.gettext(texts[1]),
        area=words.hectares(area),
        plots=words.ngettext("%(number)s tomt", "%(number)s tomter", plots)
        % {"number": words.number(plots, 0)},
        width=round(100 * area / total, 1) if total else 0.0,
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
