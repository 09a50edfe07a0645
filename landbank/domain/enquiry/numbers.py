"""Numbers as people write them: 5 000, 5.000, 5,000, 3,5, 1,2 miljoner, 10k, fem tusen, twenty."""

from __future__ import annotations

import re
from typing import Final

WORDS: Final[dict[str, float]] = {
    "en": 1, "ett": 1, "två": 2, "tre": 3, "fyra": 4, "fem": 5, "sex": 6, "sju": 7, "åtta": 8, "nio": 9, "tio": 10,
    "elva": 11, "tolv": 12, "tretton": 13, "fjorton": 14, "femton": 15, "sexton": 16, "arton": 18, "tjugo": 20,
    "tjugofem": 25, "trettio": 30, "fyrtio": 40, "femtio": 50, "sextio": 60, "åttio": 80, "hundra": 100,
    "tvåhundra": 200, "femhundra": 500, "tusen": 1_000, "halv": 0.5, "halvt": 0.5, "one": 1, "two": 2, "three": 3,
    "four": 4, "five": 5, "six": 6, "seven": 7, "eight": 8, "nine": 9, "ten": 10, "twelve": 12, "fifteen": 15,
    "eighteen": 18, "twenty": 20, "thirty": 30, "forty": 40, "fifty": 50, "hundred": 100, "thousand": 1_000, "half": 0.5,
}  # fmt: skip
TIMES: Final[dict[str, float]] = {
    "tusen": 1e3, "thousand": 1e3, "k": 1e3, "t": 1e3, "hundra": 100, "hundred": 100, "miljoner": 1e6, "miljon": 1e6,
    "million": 1e6, "millions": 1e6, "milj": 1e6,
}  # fmt: skip

DIGITS: Final = r"\d{1,3}(?:[ '.,]\d{3})+(?![\d])(?:[.,]\d{1,2}(?!\d))?|\d+(?:[.,]\d+)?"
SPELT: Final = "|".join(sorted(WORDS, key=len, reverse=True))
TIMES_WORD: Final = "|".join(sorted(TIMES, key=len, reverse=True))
NUMBER: Final = rf"(?<![\w.,])(?<!par )(?:{DIGITS}|(?:{SPELT})\b)(?:\s?(?:{TIMES_WORD})\b\.?)?"
"""The pattern of a number, with a word of thousands or millions behind it."""

RANGE: Final = rf"(?P<low>{NUMBER})(?:\s?(?:-|till|to|upp till)\s?(?P<high>{NUMBER}))?"
"""One number, or two with a dash or `till` between."""

PAIR: Final = rf"(?P<low>{NUMBER})\s?(?:-|till|to|och|and)\s?(?P<high>{NUMBER})"
"""Two numbers, as they stand after `mellan`."""

NO_BREAK_LEFT = re.compile(r"^(?P<head>.+?)\s?(?P<times>" + TIMES_WORD + r")?\.?$")


def read_number(text: str, *, has_decimals: bool = False) -> float:
    """The number that the text writes.

    A point or comma before exactly three digits parts thousands; where the unit makes thousands absurd (hectares,
    megawatts, metres) `has_decimals` says that it parts decimals, if it is the only one.
    """
    found = NO_BREAK_LEFT.match(text.strip())
    head, times = (found["head"], found["times"]) if found else (text, None)
    if head in WORDS:
        return WORDS[head] * TIMES.get(times or "", 1)
    return read_digits(head, has_decimals=has_decimals) * TIMES.get(times or "", 1)


def shared_times(low: str, high: str | None) -> str:
    """The lower number of a pair with the thousands or millions that stand behind the higher: 4-8 miljoner."""
    times = NO_BREAK_LEFT.match(high.strip()) if high else None
    own = NO_BREAK_LEFT.match(low.strip())
    if times and times["times"] and own and not own["times"]:
        return f"{low} {times['times']}"
    return low


def read_digits(text: str, *, has_decimals: bool) -> float:
    """The number of some digits with their signs between."""
    compact = text.replace(" ", "").replace("'", "")
    signs = [sign for sign in compact if sign in ".,"]
    if not signs:
        return float(compact)
    last = max(compact.rfind("."), compact.rfind(","))
    decimals = len(compact) - last - 1
    parts_thousands = decimals == 3 and not (len(signs) == 1 and (has_decimals or compact.startswith("0")))
    if parts_thousands or (len(signs) > 1 and len(set(signs)) == 1):
        return float(compact.replace(".", "").replace(",", ""))
    whole = compact[:last].replace(".", "").replace(",", "")
    return float(f"{whole}.{compact[last + 1 :]}")
