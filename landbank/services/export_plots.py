"""Take plots out into a file: all of them, or exactly those of a search with their rank, tier and score."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from landbank.codelists.fields import VIEW, FieldCatalogue
from landbank.exchange.attributes import ATTRIBUTES, RANKING
from landbank.exchange.write import DictionaryRow, Export, ExportFormat, write

RANKING_TEXTS = {
    "rank": ("Plats i den rangordnade listan", "Place in the ranked list"),
    "tier": (
        "A uppfyller alla krav, B alla som är kända, C missar minst ett",
        "A meets all musts, B all that are known, C misses at least one",
    ),
    "score": ("Poäng 0-100 mot det sökta behovet", "Score 0-100 against the need searched for"),
}


class PlotReader(Protocol):
    """What an export needs of the store."""

    def batches(self, plot_ids: Sequence[int] | None = None) -> Iterator[list[dict[str, Any]]]:
        """Batches of plots as dictionaries with `wkb`."""


@dataclass(frozen=True, slots=True)
class Ranked:
    """A plot's place in a search."""

    plot_id: int
    rank: int
    tier: str
    score: float | None


def export_plots(
    plots: PlotReader,
    path: Path,
    *,
    export_format: ExportFormat,
    fields: FieldCatalogue,
    ranking: Sequence[Ranked] | None = None,
    progress: Callable[[int], None] | None = None,
) -> int:
    """Write plots to `path`; how many were written comes back.

    `ranking` gives the plots of a search in their order; None means all current plots. `progress` is told the
    number of plots of each batch.
    """
    attributes = (*RANKING, *ATTRIBUTES) if ranking is not None else ATTRIBUTES
    names = [attribute.name for attribute in attributes]
    ids = [placed.plot_id for placed in ranking] if ranking is not None else None
    batches = _told(_with_rank(plots.batches(ids), ranking), progress)
    dictionary = tuple(describe_attribute(name, fields) for name in names)
    short = {row.field: row.short_name for row in dictionary if row.short_name}
    return write(path, export_format, Export(batches, attributes, dictionary, short))


def describe_attribute(name: str, fields: FieldCatalogue) -> DictionaryRow:
    """The data dictionary's line for an exported column."""
    if name in RANKING_TEXTS:
        return DictionaryRow(name, name, *RANKING_TEXTS[name], "", "")
    field = fields.field(VIEW, name)
    return DictionaryRow(
        name,
        field.short_name or name[:10],
        field.meaning_sv,
        field.meaning_en,
        field.unit or "",
        field.code_list or "",
    )


def _with_rank(
    batches: Iterable[list[dict[str, Any]]], ranking: Sequence[Ranked] | None
) -> Iterator[list[dict[str, Any]]]:
    placed = {place.plot_id: place for place in ranking or ()}
    for rows in batches:
        if ranking is not None:
            for row in rows:
                place = placed[row["plot_id"]]
                row.update(rank=place.rank, tier=place.tier, score=place.score)
        yield rows


def _told(
    batches: Iterable[list[dict[str, Any]]], progress: Callable[[int], None] | None
) -> Iterator[list[dict[str, Any]]]:
    for rows in batches:
        yield rows
        if progress is not None:
            progress(len(rows))
