"""Many-valued facts in one cell: entries set apart by `;`, their parts by `|`, in the order of the data dictionary.

`fororening | hindrar | Miljöförvaltningen | 2027-06-30 | PCB i marken; arkeologi` is two restrictions. A part that
says nothing may be empty, and empty parts at the end may be left out. A backslash before `;`, `|` or another backslash
makes it a plain character.
"""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from types import MappingProxyType
from typing import Any, Literal

from landbank.exchange.targets import FALSE_WORDS, TRUE_WORDS, UNSAID_WORDS, plain, words

PartKind = Literal["text", "code", "number", "day", "claim", "address"]
Record = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Part:
    """One part of an entry. A claim has a word that says yes; nothing there says no."""

    name: str
    kind: PartKind
    code_list: str | None = None
    is_needed: bool = False
    yes: str = ""


RECORDS: Mapping[str, tuple[Part, ...]] = MappingProxyType(
    {
        "restrictions": (
            Part("kind", "code", "restriction_kind", is_needed=True),
            Part("is_blocking", "claim", yes="hindrar"),
            Part("owner", "text"),
            Part("due_on", "day"),
            Part("description", "text"),
            Part("evidence_url", "address"),
        ),
        "use_degrees": (
            Part("code", "code", "land_use", is_needed=True),
            Part("degree", "number"),
            Part("degree_code", "text"),
            Part("degree_bound", "code", "degree_bound"),
            Part("precision_text", "text"),
        ),
        "rents": (
            Part("tenure", "code", "tenure", is_needed=True),
            Part("price_sek_per_m2", "number", is_needed=True),
            Part("price_max_sek_per_m2", "number"),
            Part("basis", "code", "price_basis", is_needed=True),
            Part("is_yearly", "claim", yes="årligen"),
            Part("decided_on", "day"),
        ),
    }
)
"""The parts of each kind of record, with the names of their columns."""


class NotARecord(ValueError):
    """The text is no list of records; the message says why."""


def write_records(field: str, records: Sequence[Record]) -> str | None:
    """The records as the text of a cell, None where there is none."""
    entries = [
        _entry([_written(part, record.get(part.name)) for part in RECORDS[field]]) for record in records
    ]
    return "; ".join(entries) or None


def _entry(parts: list[str]) -> str:
    while parts and not parts[-1]:
        parts.pop()
    return " | ".join(parts)


def _written(part: Part, value: Any) -> str:
    if value is None:
        return ""
    if part.kind == "claim":
        return part.yes if value else ""
    if part.kind == "number":
        return f"{value:.12g}"
    return re.sub(r"([\\|;])", r"\\\1", str(value))


def read_records(field: str, text: str) -> str:
    """The records that a cell states, as JSON: a list of objects without empty members.

    Raises
    ------
    NotARecord
        A part is missing, one too many, or no value of its kind.
    """
    parts = RECORDS[field]
    entries = [[piece.strip() for piece in entry] for entry in _split(text)]
    records = [_read_entry(parts, entry) for entry in entries if any(entry)]
    return json.dumps(records, ensure_ascii=False)


def _split(text: str) -> list[list[str]]:
    """The entries with their parts, backslashes taken off."""
    entries: list[list[str]] = [[""]]
    for escaped, sign, rest in re.findall(r"\\(.)|([;|])|([^;|\\]+|\\$)", text):
        if sign == ";":
            entries.append([""])
        elif sign == "|":
            entries[-1].append("")
        else:
            entries[-1][-1] += escaped or rest
    return entries


def _read_entry(parts: tuple[Part, ...], entry: list[str]) -> Record:
    if len(entry) > len(parts):
        raise NotARecord(
            f"an entry has {len(parts)} parts at most, set apart by |, and '{entry[0]}' has {len(entry)}"
        )
    told = {part.name: _read(part, text) for part, text in zip(parts, entry, strict=False)}
    for part in parts:
        if part.kind == "claim":
            told[part.name] = bool(told.get(part.name))
        elif part.is_needed and told.get(part.name) is None:
            raise NotARecord(f"the part {part.name} is missing")
    if (told.get("degree") is None) != (told.get("degree_code") is None):
        raise NotARecord("a degree names its provision, and a provision has a degree")
    return {name: value for name, value in told.items() if value is not None}


def _read(part: Part, text: str) -> Any:
    if text.casefold() in UNSAID_WORDS:
        return None
    if part.kind == "code":
        code = words(part.code_list or "").get(plain(text))
        if code is None and part.code_list != "land_use":  # uses are an open list
            raise NotARecord(f"'{text}' is no known word for {part.name}")
        return code or text
    readers = {"claim": _claim, "number": _number, "day": _day, "address": _address}
    return readers[part.kind](part, text) if part.kind in readers else text


def _address(part: Part, text: str) -> str:
    if not re.fullmatch(r"https?://\S+", text):
        raise NotARecord(f"'{text}' is no address for {part.name}; write it as https://example.org/decision")
    return text


def _claim(part: Part, text: str) -> bool:
    if text.casefold() in (part.yes, *TRUE_WORDS):
        return True
    if text.casefold() in FALSE_WORDS:
        return False
    raise NotARecord(f"'{text}' in place of {part.name} is neither '{part.yes}' nor empty")


def _number(part: Part, text: str) -> float:
    try:
        value = float(re.sub(r"\s", "", text).replace(",", "."))
    except ValueError:
        raise NotARecord(f"'{text}' is no number for {part.name}") from None
    if not 0 <= value < 1e12:
        raise NotARecord(f"{part.name} can't be {text}")
    return value


def _day(part: Part, text: str) -> str:
    try:
        return date.fromisoformat(text[:10]).isoformat()
    except ValueError:
        raise NotARecord(f"'{text}' is no day for {part.name}; write it as 2027-06-30") from None
