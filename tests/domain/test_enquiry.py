"""Free text to a need: a corpus of enquiries, each slot written down by a reader, and what must hold for any text."""

from __future__ import annotations

import csv
from collections.abc import Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from landbank.domain.enquiry.need import draft_need
from landbank.domain.enquiry.numbers import read_number
from landbank.domain.enquiry.read import read_enquiry
from landbank.domain.enquiry.slots import Enquiry, Slot, Strength
from landbank.domain.need import Must
from landbank.errors import Invalid

ON = date(2026, 11, 24)
NAMES = {
    "Ale": "1440", "Alingsås": "1489", "Göteborg": "1480", "Härryda": "1401", "Kungsbacka": "1384", "Kungälv": "1482",
    "Lerum": "1441", "Lilla Edet": "1462", "Mölndal": "1481", "Partille": "1402", "Stenungsund": "1415",
    "Tjörn": "1419", "Öckerö": "1407",
}  # fmt: skip
CORPUS = Path(__file__).parent / "enquiries.txt"


@dataclass
class Written:
    """One enquiry of the corpus with what its reader wrote down."""

    text: str
    slots: list[str] = field(default_factory=list)
    asks: list[str] = field(default_factory=list)
    rest: str = ""


def corpus() -> Iterator[Written]:
    """The enquiries of the corpus."""
    one: Written | None = None
    for line in CORPUS.read_text(encoding="utf-8").splitlines():
        if line.startswith("> "):
            one = Written(line[2:])
        elif one and line.startswith(("M ", "W ")):
            one.slots.append(line)
        elif one and line.startswith("? "):
            one.asks.append(line[2:])
        elif one and line.startswith("-"):
            one.rest = line[1:].strip().lower()
        elif one and not line:
            yield one
            one = None
    if one:
        yield one


def told(slot: Slot) -> str:
    """A slot as the corpus writes it."""
    value = slot.value
    parts = value if isinstance(value, tuple) else (value,)
    texts = [f"{part:.10g}" if isinstance(part, float) else str(part) for part in parts]
    texts = ["true" if text == "True" else "false" if text == "False" else text for text in texts]
    shown = [] if (slot.sense.value, texts) == ("near", ["true"]) else texts
    return " ".join(["M" if slot.strength is Strength.MUST else "W", slot.name, slot.sense.value, *shown])


def read(text: str) -> Enquiry:
    """The text read on the corpus's day."""
    return read_enquiry(text, on=ON, municipality_names=NAMES)


@pytest.mark.parametrize("written", list(corpus()), ids=lambda written: written.text[:60])
def test_enquiry_is_understood_as_a_reader_does(written: Written) -> None:
    found = read(written.text)

    assert sorted(told(slot) for slot in found.slots) == sorted(written.slots)
    assert [question.words for question in found.questions] == written.asks
    assert " ".join(words_of(found)).lower() == written.rest


def words_of(found: Enquiry) -> list[str]:
    """The words that were not understood."""
    return [
        word.strip(".,*()<>={}?!;:'\"")
        for span in found.not_understood
        for word in found.text[span.start : span.end].split()
    ]


def test_corpus_is_large() -> None:
    assert sum(1 for _ in corpus()) >= 150


@given(st.text(max_size=200))
@settings(max_examples=300, deadline=None)
def test_any_text_is_read_and_its_words_are_its_own(text: str) -> None:
    if not text.strip():
        return
    found = read(text)
    for slot in found.slots:
        assert 0 <= slot.span.start < slot.span.end <= len(text)
    assert all(text[span.start : span.end].strip() for span in found.not_understood)
    draft_need(found)


PIECES = (
    "minst ",
    "högst ",
    "gärna ",
    "ca ",
    "5 000 kvm ",
    "2 MW ",
    "tomt ",
    "nära E6, ",
    "Lerum ",
    "2028 ",
    "fiber ",
    "krav ",
)


@given(st.lists(st.sampled_from(PIECES), min_size=1, max_size=8))
@settings(max_examples=300, deadline=None)
def test_no_must_without_a_word_of_demand(pieces: list[str]) -> None:
    text = "".join(pieces)
    demands = ("minst", "högst", "krav")
    if any(word in text for word in demands):
        return
    assert all(slot.strength is Strength.WISH for slot in read(text).slots)


def test_words_of_a_slot_stand_where_the_slot_says() -> None:
    text = "Vi söker minst 2\u00a0hektar – helst i Lerum"
    area = next(slot for slot in read(text).slots if slot.name == "area_m2")
    assert text[area.span.start : area.span.end] == "minst 2\u00a0hektar" == area.words


@pytest.mark.parametrize(
    ("text", "has_decimals", "value"),
    [
        ("5 000", False, 5000), ("5.000", False, 5000), ("5,000", False, 5000), ("3,5", False, 3.5), ("1 234 567,5", False, 1234567.5),
        ("1.234.567", False, 1234567), ("3,500", True, 3.5), ("0,500", False, 0.5), ("1,2 miljoner", False, 1.2e6),
        ("50k", False, 50_000), ("fem tusen", False, 5000), ("tio", False, 10), ("12'500", False, 12_500),
    ],
)  # fmt: skip
def test_number_is_read_as_it_is_written(text: str, has_decimals: bool, value: float) -> None:
    assert read_number(text, has_decimals=has_decimals) == value


def test_need_takes_demands_as_musts_and_the_rest_as_wishes() -> None:
    draft = draft_need(read("minst 3 ha tomt i Lerum, högst 500 kr/kvm, 2 MW, tillträde senast mars 2028"))

    assert [(must.criterion, str(must.op), must.threshold) for must in draft.need.musts] == [
        ("area_m2", ">=", 30_000.0),
        ("price_sek_per_m2", "<=", 500.0),
        ("ready_by", "<=", 0.0),
    ]
    assert [wish.criterion for wish in draft.need.wishes] == ["municipality", "power_mw"]
    assert draft.need.date == date(2028, 3, 31)


def test_open_area_waits_for_its_answer() -> None:
    found = read("5 000 kvm lager")
    assert draft_need(found).left_out[0][1] == "open"

    answered = draft_need(found, areas_are="floor_area_m2")
    assert [wish.criterion for wish in answered.need.wishes] == ["floor_area_m2", "use"]


def test_what_no_criterion_searches_is_told_apart() -> None:
    draft = draft_need(read("stickspår krävs, 30 anställda"))
    assert [(slot.name, reason) for slot, reason in draft.left_out] == [("jobs", "unsearchable")]
    assert draft.need.musts == (Must("siding", "is", threshold=True),)


@pytest.mark.parametrize("text", ["", "  \n ", "x" * 4_001])
def test_text_of_no_use_is_refused(text: str) -> None:
    with pytest.raises(Invalid) as refused:
        read(text)
    assert refused.value.where == "text"


def test_published_needs_of_companies_are_read() -> None:
    path = Path(__file__).parents[3] / "shared/data/sweden/needs_and_prices.csv"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with path.open(encoding="utf-8-sig", newline="") as file:
        rows = [row for row in csv.DictReader(file) if row["kind"] == "need"]
    assert len(rows) == 6
    sizes = {
        row["area_name"]: [slot.value for slot in read(row["what_the_source_says"]).slots] for row in rows
    }
    assert (4_000_000.0, 8_000_000.0) in sizes["industri och logistik"]
    assert 45_000.0 in sizes["Speed Group lager Viared"]
    assert 35_000.0 in sizes["Ellos"]
    assert 22_000.0 in sizes["Fristads"]
    assert 21_000.0 in sizes["Continental"]
    assert {380_000.0, 1_000_000.0} <= set(sizes["battericellstillverkare"])
