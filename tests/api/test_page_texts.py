"""Every Swedish text has its English one, with the same places to fill in; numbers are written as each language does."""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path

import pytest
from babel.messages.extract import extract_from_file
from babel.messages.pofile import read_po
from jinja2.ext import babel_extract

from landbank.api.i18n import Language, Words, read_words

ROOT = Path(__file__).parents[2]
PLACES = re.compile(r"%\(\w+\)s")
Key = str | tuple[str, ...]


def as_key(message: str | tuple[str | None, ...] | list[str]) -> Key:
    """A message's id: its text, or singular and plural."""
    if isinstance(message, str):
        return message
    kept = tuple(text for text in message if text)
    return kept[0] if len(kept) == 1 else kept


def texts_used() -> set[Key]:
    """The ids of all texts in modules and templates."""
    keywords = {"_": None, "gettext": None, "ngettext": (1, 2), "N_": None}
    found: set[Key] = set()
    for path in (ROOT / "landbank/api").glob("*.py"):
        if path.name != "i18n.py":
            found |= {as_key(text) for _, text, _, _ in extract_from_file("python", path, keywords=keywords)}
    for path in (ROOT / "web/templates").glob("*.html"):
        with path.open("rb") as file:
            options = {"trim_blocks": "true", "lstrip_blocks": "true", "silent": "false"}
            found |= {as_key(text) for _, _, text, _ in babel_extract(file, ["_", "ngettext"], [], options)}
    return found


def texts_translated() -> dict[Key, Key]:
    """The catalogue: id -> translation."""
    with (ROOT / "web/locale/en.po").open("rb") as file:
        catalogue = read_po(file, locale="en")
    return {
        as_key(message.id): tuple(message.string)
        if isinstance(message.string, list | tuple)
        else message.string
        for message in catalogue
        if message.id
    }


def test_every_text_has_an_english_one() -> None:
    translated = texts_translated()

    assert {text for text in texts_used() if not translated.get(text)} == set()


def test_no_english_text_is_left_over() -> None:
    assert set(texts_translated()) - texts_used() == set()


def test_both_languages_fill_in_the_same_places() -> None:
    for text, english in texts_translated().items():
        for one, other in zip(
            [text] if isinstance(text, str) else text,
            [english] if isinstance(english, str) else english,
            strict=True,
        ):
            assert sorted(PLACES.findall(one)) == sorted(PLACES.findall(other)), text


@pytest.fixture(scope="module")
def words() -> dict[Language, Words]:
    """Both languages."""
    return read_words(ROOT / "web/locale")


def test_swedish_has_decimal_comma_and_narrow_spaces(words: dict[Language, Words]) -> None:
    sv = words[Language.SV]

    assert sv.number(12345.67, 1) == "12\u202f345,7"
    assert sv.hectares(83_200) == "8,3\u00a0ha"
    assert sv.hectares(4_500) == "0,45\u00a0ha"
    assert sv.hectares(1_234_000) == "123\u00a0ha"
    assert sv.kilometres(3_449) == "3,4\u00a0km"
    assert sv.kilometres(45) == "45\u00a0m"
    assert sv.price(1_250) == "1\u202f250\u00a0kr/m²"
    assert sv.percent(0.805) == "80\u00a0%"


def test_english_has_decimal_point_and_commas(words: dict[Language, Words]) -> None:
    en = words[Language.EN]

    assert en.number(12345.67, 1) == "12,345.7"
    assert en.price(1_250) == "1,250\u00a0SEK/m²"
    assert en.megawatts(0.25) == "0.25\u00a0MW"


def test_dates_are_written_alike_in_both_languages(words: dict[Language, Words]) -> None:
    assert {one.day(date(2026, 9, 12)) for one in words.values()} == {"2026-09-12"}


def test_one_and_many_differ(words: dict[Language, Words]) -> None:
    en = words[Language.EN]

    assert en.ngettext("%(number)s tomt", "%(number)s tomter", 1) == "%(number)s plot"
    assert en.ngettext("%(number)s tomt", "%(number)s tomter", 0) == "%(number)s plots"


def test_no_text_is_translated_twice() -> None:
    lines = (ROOT / "web/locale/en.po").read_text(encoding="utf-8").splitlines()
    told = [line for line in lines if line.startswith("msgid ") and line != 'msgid ""']

    assert sorted(line for line in set(told) if told.count(line) > 1) == []
