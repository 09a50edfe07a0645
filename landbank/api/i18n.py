"""Two languages: Swedish is the language that texts are written in, English comes from web/locale/en.po.

A page speaks through one `Words` object: it translates and writes numbers, measures and dates as the
language does. Nothing here knows of plots or pages.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, datetime
from enum import StrEnum
from pathlib import Path
from typing import Any

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from landbank.errors import Unavailable

THIN_SPACE = "\u202f"
"""Narrow no-break space: stands between thousands, and between a number and its unit."""

NO_BREAK_SPACE = "\u00a0"


class Language(StrEnum):
    """A language that every page exists in."""

    SV = "sv"
    EN = "en"


LOCALES = {Language.SV: Locale("sv", "SE"), Language.EN: Locale("en", "GB")}


def N_(text: str) -> str:  # noqa: N802 - the name that message extraction knows
    """The text itself; marks it for translation where no `Words` is at hand."""
    return text


@dataclass(frozen=True, slots=True)
class Words:
    """How a page speaks one language.

    `messages` maps a Swedish text to its translation, and (singular, plural) to the two translations.
    """

    language: Language
    messages: Mapping[str | tuple[str, str], str | tuple[str, str]]

    def gettext(self, text: str) -> str:
        """The text in this language; Swedish text that has no translation comes back as it is."""
        found = self.messages.get(text, text)
        return found if isinstance(found, str) else text

    def ngettext(self, singular: str, plural: str, number: int) -> str:
        """The text for that number of things; both languages have one form for 1 and one for the rest."""
        found = self.messages.get((singular, plural), (singular, plural))
        return found[0 if number == 1 else 1]

    def number(self, value: float, decimals: int = 1) -> str:
        """A number with at most so many decimals, thousands apart by a narrow space: 12 345,6."""
        pattern = "#,##0" + ("." + "#" * decimals if decimals else "")
        return self._spaced(format_decimal(value, pattern, locale=LOCALES[self.language]))

    def fixed(self, value: float, decimals: int = 1) -> str:
        """A number with exactly so many decimals, for columns that are added up."""
        pattern = "#,##0" + ("." + "0" * decimals if decimals else "")
        return self._spaced(format_decimal(value, pattern, locale=LOCALES[self.language]))

    def hectares(self, area_m2: float) -> str:
        """An area in hectares with about three digits: 0,45 ha, 8,3 ha, 42 ha."""
        hectares = area_m2 / 10_000
        return f"{self.number(hectares, 2 if hectares < 2 else 1 if hectares < 100 else 0)}{NO_BREAK_SPACE}ha"

    def square_metres(self, area_m2: float) -> str:
        """An area in whole square metres."""
        return f"{self.number(area_m2, 0)}{NO_BREAK_SPACE}m²"

    def kilometres(self, distance_m: float) -> str:
        """A distance in kilometres, one decimal below 100 km; below 100 m in whole metres."""
        if distance_m < 100:
            return f"{self.number(distance_m, 0)}{NO_BREAK_SPACE}m"
        return f"{self.number(distance_m / 1000, 1 if distance_m < 100_000 else 0)}{NO_BREAK_SPACE}km"

    def metres(self, distance_m: float) -> str:
        """A length in metres, at most one decimal."""
        return f"{self.number(distance_m, 1)}{NO_BREAK_SPACE}m"

    def megawatts(self, power_mw: float) -> str:
        """A power in MW, two decimals below 1 MW."""
        return f"{self.number(power_mw, 2 if power_mw < 1 else 1)}{NO_BREAK_SPACE}MW"

    def price(self, price_sek_per_m2: float) -> str:
        """A price in whole kronor per square metre."""
        unit = "kr/m²" if self.language is Language.SV else "SEK/m²"
        return f"{self.number(price_sek_per_m2, 0)}{NO_BREAK_SPACE}{unit}"

    def percent(self, share: float) -> str:
        """A share (0..1) in whole per cent."""
        gap = NO_BREAK_SPACE if self.language is Language.SV else ""
        return f"{self.number(share * 100, 0)}{gap}%"

    def day(self, day: date) -> str:
        """A date as 2026-09-12, the form that both languages read without doubt."""
        return day.isoformat()

    def month(self, day: date) -> str:
        """A date as a month: september 2027."""
        return format_date(day, "MMMM y", locale=LOCALES[self.language])

    def moment(self, moment: datetime) -> str:
        """A date with time of day, as 2026-09-12 14:05."""
        return moment.strftime("%Y-%m-%d %H:%M")

    def _spaced(self, text: str) -> str:
        group = LOCALES[self.language].number_symbols["latn"]["group"]
        return text.replace(group, THIN_SPACE) if self.language is Language.SV else text


def read_words(folder: Path) -> dict[Language, Words]:
    """Each language's `Words`, read from the folder with the catalogues.

    Raises
    ------
    Unavailable
        The catalogue is not there.
    """
    path = folder / "en.po"
    if not path.is_file():
        raise Unavailable(
            f"The English texts are missing: {path} is not there.",
            hint="Install landbank again, or check the repository out whole.",
        )
    return {
        Language.SV: Words(Language.SV, {}),
        Language.EN: Words(Language.EN, read_catalogue(path)),
    }


def read_catalogue(path: Path) -> dict[str | tuple[str, str], Any]:
    """The translated messages of a catalogue; those without translation are left out."""
    with path.open("rb") as file:
        catalogue = read_po(file, locale="en")
    messages: dict[str | tuple[str, str], Any] = {}
    for message in catalogue:
        if message.id and message.string and all(message.string):
            key: Any = tuple(message.id) if isinstance(message.id, list | tuple) else message.id
            messages[key] = (
                tuple(message.string) if isinstance(message.string, list | tuple) else message.string
            )
    return messages
