"""What a page says of the moment that it shows, the way back to now, and the form that asks for another day."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, datetime
from urllib.parse import urlencode

from landbank.api.i18n import Words
from landbank.api.moment import PARAMETERS
from landbank.domain.moment import Asked, Moment

Pairs = Iterable[tuple[str, str]]


@dataclass(frozen=True, slots=True)
class PastNotice:
    """The banner of a page about an earlier moment."""

    heading: str
    note: str
    back_url: str


@dataclass(frozen=True, slots=True)
class DayForm:
    """The form that asks for a day: where it leads, what it keeps, the day chosen, and the last that there is."""

    action: str
    kept: tuple[tuple[str, str], ...]
    day: str
    last: str


def past_notice(moment: Moment | None, words: Words, path: str, query: Pairs) -> PastNotice | None:
    """The banner, or None for now; `query` are the page's parameters, which the way back keeps but for the moment."""
    if moment is None:
        return None
    rest = urlencode(without_moment(query))
    return PastNotice(
        heading_of(moment.asked, words), note_of(moment, words), path + (f"?{rest}" if rest else "")
    )


def heading_of(asked: Asked, words: Words) -> str:
    """What the page shows, in one line."""
    pattern = (
        words.gettext("Så här såg det ut %(day)s")
        if asked.as_of is not None
        else words.gettext("Så här var det %(day)s")
    )
    return pattern % {"day": asked.text}


def note_of(moment: Moment, words: Words) -> str:
    """What the moment means, in a sentence."""
    _ = words.gettext
    if moment.as_of is None:
        return _("Det som gällde den dagen, enligt vad landbank vet i dag.")
    day = words.day(moment.valid_on)
    if moment.is_valid_on_asked and moment.valid_on != day_of(moment):
        return _("Det som landbank då sade om läget %(day)s.") % {"day": day}
    if not moment.revision:
        return _("Då hade landbank inga uppgifter ännu.")
    return _("Det som landbank sade då, också det som har rättats sedan dess. Kontakterna är dagens.")


def day_of(moment: Moment) -> date | None:
    """The day that was asked for as the moment."""
    told = moment.asked.as_of
    return told.date() if isinstance(told, datetime) else told


def without_moment(query: Pairs) -> list[tuple[str, str]]:
    """The parameters that don't ask for a moment."""
    return [(name, value) for name, value in query if name not in PARAMETERS]


def day_form(asked: Asked | None, today: date, action: str, query: Pairs) -> DayForm:
    """The form for another day; what else the page was asked for is kept."""
    told = asked.as_of if asked is not None else None
    day = told.date() if isinstance(told, datetime) else told
    return DayForm(action, tuple(without_moment(query)), day.isoformat() if day else "", today.isoformat())
