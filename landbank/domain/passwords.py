"""Which passwords are refused: short ones, and those that anyone would guess first. No rule asks for kinds of signs.

The words are the commonest bases of guessed passwords in Swedish and English, put together by hand.
Source: OWASP ASVS 5.0.0, 6.2.1-6.2.12; NIST SP 800-63B, 5.1.1.2.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterable
from enum import StrEnum
from typing import Final

SHORTEST: Final = 12
LONGEST: Final = 256

GUESSED: Final = """
abc access account adgang admin administrator ale alingsås apple april asd asdf at august augusti autumn
baby backup batman blomma boll bollen bonde business changeme chef choklad computer daniel dator de december
default demo den det dig dragon drift du edet eight elias emma en england erik ett eva exploatering extra
fastighet februari february fem fisk five flower football fotboll four fredag freedom friday fyra för god
goteborg gott gud guest gäst göteborg hallo hammarby hast hej hejhej hejsan hello hemlig hemligt hest hockey
host hund härryda häst höst i iloveyou in industri info inloggning is it jag januari january johan johanna
jord juli july june juni kaffe kalle kanin karlek katt kattunge killer klaver kom kommun konto kungen
kungsbacka kungälv kärlek land landbank lerum letmein lilla liverpool logga login losen losenord lov lunch
lösen lösenord maj mamma mandag mango march maria mark markbank mars master match may me michael midsommar
mig min mitt monday monkey morgon mormor mus my måndag mölndal namn natt netto nine nio november ny nytt och
october offentlig okej oktober on one onsdag oss ost padda pappa partille pass passord passw password
passwort pizza plan planer planering plot princess prinsessa qwe qwer qwert qwerty qwertyui qwertyuiop
region regnbåge robin root s samhalle secret secure september service sesam sesamöppnadig seven sex shadow
six sju skogen sol soleil solen solsken solskenet sommar sommaren sparta spindelmannen spring stad start
starwars stenungsund stockholm summer sun sunday sunshine super superman svenska sverige sverigeärbäst
sweden system teacher temp ten tennis test testar tester the three tiger till tio tisdag tjörn tomt tomten
torsdag tre trustno trädgård två two user valkommen var verksamhet vi vinter vintern volvo välkommen vår
webb welcome winter xyz you zxc älg älskar älskling ängel är åsa åtta öckerö öppna
"""
WORDS: Final = frozenset(GUESSED.split())

ROWS: Final = (
    "1234567890",
    "qwertyuiopå",
    "asdfghjklöä",
    "zxcvbnm",
    "abcdefghijklmnopqrstuvwxyzåäö",
    "1qaz2wsx3edc4rfv5tgb6yhn7ujm8ik",
)
LOOKS_LIKE: Final = str.maketrans("@43015$7!", "aaeoissti")
"""Signs that stand for letters in guessed passwords."""
EDGES: Final = re.compile(r"^[\W\d_]+|[\W\d_]+$")


class Fault(StrEnum):
    """Why a password is refused."""

    SHORT = "short"
    LONG = "long"
    ABOUT_YOU = "about_you"
    COMMON = "common"


def fault_of(password: str, *, about: Iterable[str] = ()) -> Fault | None:
    """Why the password is refused, or None. `about` are the person's own names and addresses."""
    if len(password) < SHORTEST:
        return Fault.SHORT
    if len(password) > LONGEST:
        return Fault.LONG
    plain = simplified(password)
    if is_guessable(plain, WORDS):
        return Fault.COMMON
    own = {part for text in about for part in re.findall(r"\w{3,}", simplified(text))}
    return Fault.ABOUT_YOU if is_guessable(plain, own | WORDS) else None


def simplified(text: str) -> str:
    """The text in small letters, in one form of Unicode."""
    return unicodedata.normalize("NFKC", text).casefold()


def is_guessable(plain: str, words: frozenset[str] | set[str]) -> bool:
    """Whether it is a few signs repeated, a run along the keyboard, a number, or known words with signs between."""
    if len(set(plain)) <= 4 or is_repeated(plain):
        return True
    rest = strip_runs(plain)
    if len(letters_of(rest)) <= 3 and (len(rest) <= 3 or (len(rest) < 16 and rest.isalnum())):
        return True  # dates, telephone and identity numbers
    read = rest.translate(LOOKS_LIKE), EDGES.sub("", rest).translate(LOOKS_LIKE)
    spelt = [letters_of(text) for text in (plain, rest, *read)]
    return any(is_made_of(text, words) for text in spelt if text)


def letters_of(text: str) -> str:
    """The letters alone."""
    return "".join(sign for sign in text if sign.isalpha())


def is_repeated(text: str) -> bool:
    """Whether the text is one piece of at most six signs, again and again."""
    return any(
        text == (text[:size] * len(text))[: len(text)] for size in range(1, min(7, len(text) // 2 + 1))
    )


def strip_runs(text: str) -> str:
    """The text without runs of four signs or more along a row, in either direction."""
    for row in ROWS:
        for way in (row * 2, row[::-1] * 2):
            for size in range(min(len(text), len(way)), 3, -1):
                for start in range(len(row)):
                    text = text.replace(way[start : start + size], "")
    return text


def is_made_of(text: str, words: frozenset[str] | set[str]) -> bool:
    """Whether the text is nothing but words of the list, one after the other."""
    longest = max(map(len, words))
    reached = [True] + [False] * len(text)
    for end in range(1, len(text) + 1):
        reached[end] = any(
            reached[start] and text[start:end] in words for start in range(max(0, end - longest), end)
        )
    return reached[-1]
