"""How far a plot's values can be relied on, in words: when it was confirmed, its certainty, what is old or unknown."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import date
from typing import Final

from landbank.api.i18n import Words
from landbank.codelists import terms
from landbank.codelists.fields import load_fields
from landbank.domain.codes import AttributeClass, KeyFact
from landbank.domain.freshness import PlotFreshness, is_stale

MOST_NAMED: Final = 3
"""So many old values a list names; the plot's page names all."""


def fresh_text(confirmed_on: date | None, today: date, words: Words) -> str:
    """When a plot was last confirmed, and that it is too long ago where it is.

    Too long: older than whether it can be had at all may be, the value that grows old first.
    """
    if confirmed_on is None:
        return words.gettext("Aldrig bekräftad. Fråga innan ni räknar med uppgifterna.")
    confirmed = words.gettext("Bekräftad %(day)s") % {"day": words.day(confirmed_on)}
    if not is_stale(confirmed_on, load_fields().max_ages[AttributeClass.SALE], today):
        return confirmed
    days = (today - confirmed_on).days
    return confirmed + words.ngettext(
        ", för %(days)s dag sedan: fråga om det stämmer",
        ", för %(days)s dagar sedan: fråga om det stämmer",
        days,
    ) % {"days": words.number(days, 0)}


def certainty_text(told: PlotFreshness, words: Words) -> str:
    """A plot's certainty in a list, with the first few of the values that are too old."""
    share = words.gettext("Säkerhet %(share)s") % {"share": words.percent(told.certainty)}
    if not told.stale:
        return share
    named = listed(told.stale[:MOST_NAMED], words)
    more = len(told.stale) - MOST_NAMED
    if more > 0:
        named = words.gettext("%(names)s och %(number)s till") % {
            "names": named,
            "number": words.number(more, 0),
        }
    return words.gettext("%(certainty)s. Gammalt: %(names)s") % {"certainty": share, "names": named}


def certainty_lines(told: PlotFreshness, words: Words) -> tuple[str, ...]:
    """A plot's certainty on its own page: what it is made of, what is old and what is unknown."""
    whole = words.gettext(
        "Säkerhet %(share)s: %(sound)s av %(counted)s nyckeluppgifter är kända och aktuella."
    )
    lines = [
        whole
        % {
            "share": words.percent(told.certainty),
            "sound": words.number(told.sound, 0),
            "counted": words.number(told.counted, 0),
        }
    ]
    if told.stale:
        lines.append(words.gettext("För gammalt: %(names)s.") % {"names": listed(told.stale, words)})
    if told.unknown:
        lines.append(words.gettext("Okänt: %(names)s.") % {"names": listed(told.unknown, words)})
    return tuple(lines)


def listed(facts: Sequence[KeyFact], words: Words) -> str:
    """The names of some key facts."""
    return ", ".join(terms("key_fact")[fact].label(words.language) for fact in facts)
