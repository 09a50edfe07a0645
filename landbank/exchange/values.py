"""Reads a column's values into the kind that a field wants; what can't be read is told, never turned into 0.

Each distinct value is read once, so that a column of 200 000 statuses costs as much as its handful of words.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landbank.exchange.records import NotARecord, read_records
from landbank.exchange.targets import FALSE_WORDS, TRUE_WORDS, UNSAID_WORDS, Kind, Target, plain, words
from landbank.exchange.units import UNITS, NotAQuantity, Quantity, parse_quantity

SEPARATOR = "\x1f"
"""Between the parts of a many-valued text on its way to the database."""

ARROW_TYPES: dict[Kind, Any] = {
    **dict.fromkeys(("text", "texts", "code", "codes", "records", "municipality"), pa.string()),
    **dict.fromkeys(("area", "length", "power", "price", "time", "share"), pa.float64()),
    "day": pa.date32(),
    "claim": pa.bool_(),
}


_STRANGE = r"[\x00-\x1f\x7f]|\s\s|[\x{80}-\x{9f}\x{a0}\x{2000}-\x{200f}\x{feff}]"
"""Control characters, runs of spaces and unusual spaces: texts that need tidying."""


_BETWEEN = r"\s*(?:(?:[;,]|\boch\b)\s*)+"
"""What stands between the parts of a many-valued text."""


@dataclass(frozen=True, slots=True)
class Misread:
    """Why one value was not taken: a code of the findings' catalogue and a text."""

    code: str
    text: str


@dataclass(frozen=True, slots=True)
class Problem:
    """One value that was not taken (or not as it stood), and the positions where it occurs."""

    code: str
    text: str
    value: str
    positions: NDArray[np.int64]


@dataclass(frozen=True, slots=True)
class Converted:
    """A column in the field's kind; null where nothing was said or the value was not taken."""

    values: pa.Array
    problems: tuple[Problem, ...] = ()
    high: pa.Array | None = None
    """Upper ends where a price was given as a range."""

    @property
    def misread(self) -> tuple[Problem, ...]:
        """Problems whose value was not taken."""
        return tuple(problem for problem in self.problems if problem.code != "control_characters")


def convert(array: pa.Array, target: Target, *, unit: str | None, own_words: Mapping[str, str]) -> Converted:
    """The column as the target wants it; `own_words` are the profile's, in plain form, and win over the known ones."""
    array = _as_plain_array(array)
    if target.kind in UNITS and _is_number(array.type) and unit is not None:
        return _scale(array, target, UNITS[target.kind][unit])
    if target.kind == "day" and pa.types.is_temporal(array.type):
        return Converted(array.cast(pa.date32(), safe=False))
    if target.kind == "claim" and pa.types.is_boolean(array.type):
        return Converted(array)
    if target.kind in ("text", "texts") and pa.types.is_string(array.type):
        return _tidy_texts(array, target)
    return _read_distinct(array, target, _reader(target, unit, own_words))


def _tidy_texts(array: pa.Array, target: Target) -> Converted:
    """Texts as they stand where they are tidy, as nearly all are; the rest one by one."""
    strange = pc.fill_null(pc.match_substring_regex(array, _STRANGE), False)
    rest = pc.if_else(strange, array, pa.scalar(None, pa.string()))
    plain_texts = pc.utf8_trim_whitespace(pc.utf8_normalize(array, "NFC"))
    says_nothing = pc.fill_null(pc.is_in(pc.utf8_lower(plain_texts), pa.array(sorted(UNSAID_WORDS))), True)
    plain_texts = pc.if_else(says_nothing, pa.scalar(None, pa.string()), plain_texts)
    if target.kind == "texts":
        parted = pc.replace_substring_regex(plain_texts, _BETWEEN, SEPARATOR)
        plain_texts = pc.utf8_trim(parted, f"{SEPARATOR} ")
    if not pc.any(strange).as_py():
        return Converted(plain_texts)
    told = _read_distinct(rest, target, _read_texts if target.kind == "texts" else str)
    return Converted(pc.if_else(strange, told.values, plain_texts), told.problems)


def _as_plain_array(array: pa.Array) -> pa.Array:
    if pa.types.is_dictionary(array.type):
        array = array.dictionary_decode()
    if pa.types.is_large_string(array.type):
        return array.cast(pa.string())
    return array


def _is_number(kind: Any) -> bool:
    return bool(pa.types.is_integer(kind) or pa.types.is_floating(kind) or pa.types.is_decimal(kind))


def _scale(array: pa.Array, target: Target, factor: float) -> Converted:
    values = array.cast(pa.float64(), safe=False).to_numpy(zero_copy_only=False) * factor
    low = -np.inf if target.smallest is None else target.smallest
    high = np.inf if target.largest is None else target.largest
    with np.errstate(invalid="ignore"):
        wrong = (values < low) | (values > high)
    problems = [
        Problem(
            "out_of_range",
            _range_text(target, value),
            f"{value / factor:g}",
            np.flatnonzero(wrong & (values == value)),
        )
        for value in np.unique(values[wrong])
    ]
    return Converted(pa.array(np.where(wrong, np.nan, values), from_pandas=True), tuple(problems))


def _range_text(target: Target, value: float) -> str:
    return f"{target.name} can't be {value:g}: it lies between {target.smallest:g} and {target.largest:g}."


def _read_distinct(array: pa.Array, target: Target, read: Callable[[str], Any]) -> Converted:
    encoded = array.dictionary_encode()
    codes = encoded.indices.fill_null(-1).to_numpy(zero_copy_only=False)
    read_values: list[Any] = []
    problems: list[Problem] = []
    for place, raw in enumerate(encoded.dictionary.to_pylist()):
        text = as_text(raw.replace("\n", ";") if target.kind == "records" and isinstance(raw, str) else raw)
        told = None if text is None else read(text)
        if isinstance(told, Misread):
            problems.append(Problem(told.code, told.text, text or "", np.flatnonzero(codes == place)))
            told = None
        elif isinstance(raw, str) and target.kind == "text" and tidy_text(raw) != _spaced(raw):
            problems.append(Problem("control_characters", "Invisible control characters were left out.",
                                    tidy_text(raw), np.flatnonzero(codes == place)))  # fmt: skip
        read_values.append(told)
    return _spread(encoded.indices, read_values, target, tuple(problems))


def _spread(indices: pa.Array, values: list[Any], target: Target, problems: tuple[Problem, ...]) -> Converted:
    kind = ARROW_TYPES[target.kind]
    if not any(isinstance(value, Quantity) for value in values):
        return Converted(_decode(indices, pa.array(values, kind)), problems)
    low = pa.array([value and value.value for value in values], kind)
    high = pa.array([value and value.high for value in values], kind)
    return Converted(
        _decode(indices, low), problems, _decode(indices, high) if high.null_count < len(high) else None
    )


def _decode(indices: pa.Array, dictionary: pa.Array) -> pa.Array:
    if len(dictionary) == 0:
        return pa.nulls(len(indices), dictionary.type)
    return pc.take(dictionary, indices)


def as_text(value: Any) -> str | None:
    """The value as a person would write it, tidied; None where it says nothing."""
    if value is None:
        return None
    if isinstance(value, bool):
        return "ja" if value else "nej"
    if isinstance(value, float):
        if not np.isfinite(value):
            return None
        value = int(value) if value.is_integer() and abs(value) < 1e15 else repr(value)
    if isinstance(value, datetime | date):
        return value.isoformat()[:10]
    if isinstance(value, bytes):
        return None
    text = tidy_text(str(value))
    return None if text.casefold() in UNSAID_WORDS else text


def tidy_text(text: str) -> str:
    """The text in NFC, without control characters, spaces single and none at the ends."""
    if text.isascii() and text.isprintable() and "  " not in text:
        return text.strip()
    visible = "".join(" " if char in "\t\r\n" else char for char in text)
    visible = "".join(char for char in visible if unicodedata.category(char) not in ("Cc", "Cs"))
    return _spaced(visible)


def _spaced(text: str) -> str:
    return re.sub(r"\s+", " ", unicodedata.normalize("NFC", text)).strip()


def _reader(target: Target, unit: str | None, own_words: Mapping[str, str]) -> Callable[[str], Any]:
    if target.kind in UNITS:
        return lambda text: _read_quantity(text, target, unit)
    if target.kind in ("code", "codes"):
        known = {**words(target.code_list or ""), **own_words}
        return lambda text: _read_codes(text, target, known)
    if target.kind == "records":
        return lambda text: _read_records(text, target)
    readers: dict[str, Callable[[str], Any]] = {"texts": _read_texts, "day": _read_day, "claim": _read_claim}
    return readers.get(target.kind, str)


def _read_records(text: str, target: Target) -> str | Misread | None:
    try:
        told = read_records(target.name, text)
    except NotARecord as error:
        return Misread("record_not_understood", f"'{text}' is no list for {target.name}: {error}.")
    return None if told == "[]" else told


def _read_quantity(text: str, target: Target, unit: str | None) -> Quantity | Misread:
    try:
        told = parse_quantity(text, target.kind, unit)
    except NotAQuantity as error:
        code = "unit_unknown" if "no unit" in str(error) else "text_kept"
        return Misread(code, f"'{text}' is no single value of {target.name}: {error}.")
    if told.high is not None and target.kind != "price":
        return Misread("text_kept", f"'{text}' is a range; {target.name} takes one value.")
    for value in (told.value, told.high):
        if value is not None and not (target.smallest or 0) <= value <= (target.largest or np.inf):
            return Misread("out_of_range", _range_text(target, value))
    return told


def _read_codes(text: str, target: Target, known: Mapping[str, str]) -> str | Misread:
    whole = known.get(plain(text))
    if whole is not None:
        return whole
    unknown = Misread("unknown_word", f"'{text}' is no known word for {target.name}.")
    if target.kind == "code":
        return unknown
    found: list[str] = []
    for part in re.split(r"[;,/+&|\s]+|\boch\b|\band\b", text):
        codes = _codes_in(part, target, known)
        if codes is None:
            return unknown
        found += [code for code in codes if code not in found]
    return SEPARATOR.join(sorted(found)) if found else unknown


def _codes_in(part: str, target: Target, known: Mapping[str, str]) -> list[str] | None:
    """The codes of one word: a word, a provision as on the map ('J1', 'Z#') or several letters in one ('JK')."""
    if not plain(part):
        return []
    if plain(part) in known:
        return [known[plain(part)]]
    letters = re.fullmatch(r"([A-ZÅÄÖ]{1,5})[0-9#]*", part)
    if target.code_list == "land_use" and letters and all(plain(one) in known for one in letters[1]):
        return [known[plain(one)] for one in letters[1]]
    return None


def _read_texts(text: str) -> str:
    parts = re.split(_BETWEEN, text)
    return SEPARATOR.join(part for part in parts if part)


_DAYS = ("%Y-%m-%d", "%Y%m%d", "%d/%m/%Y", "%d.%m.%Y", "%Y/%m/%d", "%d-%m-%Y")


def _read_day(text: str) -> date | Misread:
    for form in _DAYS:
        try:
            return datetime.strptime(text[:10], form).date()  # noqa: DTZ007 - a day has no time zone
        except ValueError:
            continue
    return Misread("text_kept", f"'{text}' is no single day; write it as 2026-09-30.")


def _read_claim(text: str) -> bool | Misread:
    told = text.casefold()
    if told in TRUE_WORDS:
        return True
    if told in FALSE_WORDS:
        return False
    return Misread("value_not_understood", f"'{text}' is neither yes nor no.")
