"""Plots that are together enough, in sentences: which, how large, whose, under which plans, when, and for how much."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from landbank.api.i18n import Words
from landbank.codelists import municipalities, terms
from landbank.domain.plot_name import PlotName
from landbank.services.offer_assemblies import Offered


def names_text(plot_ids: Iterable[int], names: Mapping[int, PlotName], words: Words) -> str:
    """The plots' names: 'A, B och C'."""
    told = [names[plot_id].name or names[plot_id].reference for plot_id in plot_ids]
    if len(told) < 2:
        return "".join(told)
    joined = words.gettext("%(first)s och %(last)s")
    return joined % {"first": ", ".join(told[:-1]), "last": told[-1]}


def assembly_text(one: Offered, names: Mapping[int, PlotName], words: Words) -> str:
    """'Lyckan 2 och Lyckan 3 är tillsammans 8,4 ha.' and the facts after it."""
    told = words.gettext("%(plots)s är tillsammans %(size)s.") % {
        "plots": names_text(one.facts.plot_ids, names, words),
        "size": size_of(one, words),
    }
    return " ".join((told, *(f"{name}: {text}." for name, text in assembly_facts(one, words))))


def size_of(one: Offered, words: Words) -> str:
    """How large the whole is."""
    return words.gettext("okänd storlek") if one.facts.area_m2 is None else words.hectares(one.facts.area_m2)


def assembly_facts(one: Offered, words: Words) -> list[tuple[str, str]]:
    """Name and text of each fact, in the order in which they are shown; what is unknown is said to be."""
    facts = one.facts
    unknown = words.gettext("okänt")
    return [
        (
            words.gettext("Ägare"),
            listed(labels("owner_kind", facts.owner_kinds, words), facts.owners_unknown, words),
        ),
        (words.gettext("Planer"), listed(facts.plans, facts.plans_unknown, words)),
        (
            words.gettext("Planläge"),
            listed(labels("planning_state", facts.planning_states, words), facts.states_unknown, words),
        ),
        (words.gettext("Kommun"), ", ".join(municipalities()[code].name for code in facts.municipalities)),
        (words.gettext("Alla byggklara"), words.day(facts.earliest_on) if facts.earliest_on else unknown),
        (
            words.gettext("Pris tillsammans"),
            unknown
            if facts.price_sek is None
            else words.gettext("%(amount)s kr") % {"amount": words.number(facts.price_sek, 0)},
        ),
    ]


def labels(codelist: str, codes: Iterable[str], words: Words) -> list[str]:
    """Codes as their labels."""
    named = terms(codelist)
    return [named[code].label(words.language) if code in named else code for code in codes]


def listed(told: Iterable[str], unknown: int, words: Words) -> str:
    """Names with commas between, and for how many plots it is unknown."""
    parts = list(told)
    if unknown:
        parts.append(
            words.ngettext("okänt för %(number)s tomt", "okänt för %(number)s tomter", unknown)
            % {"number": words.number(unknown, 0)}
        )
    return ", ".join(parts)
