"""The languages that answers are given in, for what is no page: the API and the command."""

from __future__ import annotations

from functools import cache

from landbank.api.i18n import Language, Words, read_words
from landbank.api.static import find_web


@cache
def words_in(language: Language) -> Words:
    """How a language is spoken, read once a process.

    Raises
    ------
    Unavailable
        The folder with the catalogues is not installed.
    """
    return read_words(find_web() / "locale")[language]
