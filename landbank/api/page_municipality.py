"""A municipality at a glance, in words: what needs doing, how its plots stand, what the checks found."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from landbank.api.i18n import Words
from landbank.api.page_labels import LABEL_ORDER
from landbank.api.planner_paths import municipality_url, plot_url
from landbank.codelists import terms
from landbank.domain.codes import CheckKind, TodoKind
from landbank.domain.plot_name import PlotName
from landbank.services.list_todo import Todo, TodoLine
from landbank.store.standing import LabelSum

NAMED = 5
"""So many plots of each kind of work the page names."""


@dataclass(frozen=True, slots=True)
class NamedPlot:
    """A plot that waits, with the day that it is about where there is one."""

    text: str
    url: str
    day: str


@dataclass(frozen=True, slots=True)
class WorkView:
    """Work of one kind: how many plots, what to do, and the table with just them."""

    title: str
    count: str
    is_empty: bool
    next_step: str
    url: str
    plots: tuple[NamedPlot, ...]
    more: str


@dataclass(frozen=True, slots=True)
class CountView:
    """How many plots stand in some way, and the table with just them."""

    text: str
    count: str
    url: str
    code: str = ""
    hectares: str = ""


@dataclass(frozen=True, slots=True)
class GlanceView:
    """The page."""

    work: tuple[WorkView, ...]
    done: tuple[str, ...]
    is_done: bool
    labels: tuple[CountView, ...]
    total: CountView
    findings: tuple[CountView, ...]


@dataclass(frozen=True, slots=True)
class GlanceTeller:
    """Puts a municipality into words; `names` and `ends` are of the plots that the page names."""

    words: Words
    municipality_code: str
    names: Mapping[int, PlotName]
    ends: Mapping[int, date]

    def view(
        self, todo: Todo, sums: Sequence[LabelSum], found: Mapping[tuple[str, CheckKind], int]
    ) -> GlanceView:
        """The page."""
        waiting = [line for line in todo.lines if line.count]
        return GlanceView(
            work=tuple(map(self.work, waiting)),
            done=tuple(self.title(line.kind) for line in todo.lines if not line.count),
            is_done=not waiting,
            labels=self.labels(sums),
            total=self.total(sums),
            findings=tuple(self.finding(kind, count) for (_, kind), count in found.items()),
        )

    def table(self, **parameters: str) -> str:
        """The address of the table with some plots."""
        query = "&".join(f"{name}={value}" for name, value in parameters.items())
        return municipality_url(self.words.language, self.municipality_code, "plots") + (
            f"?{query}" if query else ""
        )

    def title(self, kind: TodoKind) -> str:
        """What a kind of work is called."""
        return terms("todo_kind")[kind].label(self.words.language)

    def work(self, line: TodoLine) -> WorkView:
        """One kind of work."""
        named = [one for one in line.plot_ids[:NAMED] if one in self.names]
        more = line.count - len(named)
        return WorkView(
            self.title(line.kind),
            self.words.ngettext("%(count)s tomt", "%(count)s tomter", line.count)
            % {"count": self.words.number(line.count, 0)},
            line.count == 0,
            terms("todo_kind")[line.kind].definition(self.words.language),
            self.table(att=line.kind),
            tuple(self.named(one, line.kind) for one in named),
            self.words.gettext("och %(number)s till") % {"number": self.words.number(more, 0)}
            if more
            else "",
        )

    def named(self, plot_id: int, kind: TodoKind) -> NamedPlot:
        """One plot that waits."""
        name = self.names[plot_id]
        text = f"{name.reference}, {name.name}" if name.name else name.reference
        until = self.ends.get(plot_id) if kind is TodoKind.EXPIRING else None
        day = "" if until is None else self.words.gettext("till %(day)s") % {"day": self.words.day(until)}
        return NamedPlot(text, plot_url(self.words.language, plot_id), day)

    def labels(self, sums: Sequence[LabelSum]) -> tuple[CountView, ...]:
        """How the plots show to the public."""
        known = {one.label: one for one in sums}
        return tuple(
            CountView(
                terms("public_label")[label].label(self.words.language),
                self.words.number(known[label].plots, 0),
                self.table(skylt=label),
                label,
                self.words.hectares(known[label].area_m2),
            )
            for label in LABEL_ORDER
            if label in known
        )

    def total(self, sums: Sequence[LabelSum]) -> CountView:
        """All plots together."""
        return CountView(
            self.words.gettext("Alla tomter"),
            self.words.number(sum(one.plots for one in sums), 0),
            self.table(),
            hectares=self.words.hectares(sum(one.area_m2 for one in sums)),
        )

    def finding(self, kind: CheckKind, count: int) -> CountView:
        """What the checks found of one kind."""
        text = terms("check_kind")[kind].label(self.words.language)
        return CountView(text, self.words.number(count, 0), self.table(anm=kind))
