"""Many-valued facts as the text of one cell, and long texts in fields of dBASE."""

from __future__ import annotations

import json

import pyarrow as pa
import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.exchange.long_texts import cut_long, join_long
from landbank.exchange.records import NotARecord, read_records, write_records


def test_restrictions_are_written_as_a_person_would_type_them() -> None:
    records = [
        {
            "kind": "fororening",
            "is_blocking": True,
            "owner": "Miljö",
            "due_on": "2027-06-30",
            "description": "PCB",
        },
        {"kind": "arkeologi", "is_blocking": False},
    ]
    assert (
        write_records("restrictions", records) == "fororening | hindrar | Miljö | 2027-06-30 | PCB; arkeologi"
    )
    assert write_records("restrictions", []) is None


def test_words_and_numbers_are_read_as_people_type_them() -> None:
    assert json.loads(read_records("restrictions", "Markförorening | JA || ;; arkeologi")) == [
        {"kind": "fororening", "is_blocking": True},
        {"kind": "arkeologi", "is_blocking": False},
    ]
    assert json.loads(
        read_records("use_degrees", "J | 1 200,5 | DP_KM_Eg_Utnytt_StorstaAreaKvm_BruttoEgen | max")
    ) == [
        {
            "code": "J",
            "degree": 1200.5,
            "degree_code": "DP_KM_Eg_Utnytt_StorstaAreaKvm_BruttoEgen",
            "degree_bound": "max",
        }
    ]


@pytest.mark.parametrize(
    ("field", "text", "says"),
    [
        ("restrictions", "drake", "no known word"),
        ("restrictions", "| hindrar", "kind is missing"),
        ("restrictions", "arkeologi | kanske", "neither"),
        ("restrictions", "arkeologi | | | i höst", "no day"),
        ("restrictions", "arkeologi | | | | a | https://b.se | c", "6 parts at most"),
        ("restrictions", "arkeologi | | | | a | ftp://b.se", "no address"),
        ("use_degrees", "J | 50", "names its provision"),
        ("use_degrees", "J | -5 | x", "can't be"),
        ("rents", "tomtratt | gratis | | tomtarea", "no number"),
        ("rents", "tomtratt | 25", "basis is missing"),
    ],
)
def test_what_is_no_record_is_refused_with_the_reason(field: str, text: str, says: str) -> None:
    with pytest.raises(NotARecord, match=says):
        read_records(field, text)


words = (
    st.text(st.sampled_from("aÅ;|\\ .=1"), max_size=12)
    .map(str.strip)
    .filter(lambda text: text not in ("", "-"))
)


@given(st.lists(st.tuples(words, words), min_size=1, max_size=4))
def test_any_text_comes_back_from_its_cell(pairs: list[tuple[str, str]]) -> None:
    records = [
        {"kind": "buller", "is_blocking": False, "owner": owner, "description": description}
        for owner, description in pairs
    ]
    assert json.loads(read_records("restrictions", write_records("restrictions", records) or "")) == records


@given(
    st.lists(
        st.none() | st.text(st.sampled_from("aåÅ b€"), max_size=700).map(str.strip), min_size=1, max_size=4
    )
)
def test_long_texts_are_cut_to_fit_and_joined_again(texts: list[str | None]) -> None:
    table = cut_long(
        pa.table({"begr_lista": pa.array(texts, pa.string()), "namn": pa.array(["x"] * len(texts))})
    )
    widths = [
        len((text or "").encode()) for name in table.column_names for text in table.column(name).to_pylist()
    ]
    assert max(widths) <= 254
    assert all(len(name) <= 10 for name in table.column_names)
    joined = join_long({name: table.column(name).combine_chunks() for name in table.column_names})
    assert list(joined) == ["begr_lista", "namn"]
    assert [text or None for text in joined["begr_lista"].to_pylist()] == [text or None for text in texts]


def test_somebody_elses_second_column_stays_a_column() -> None:
    columns = {"namn": pa.array(["Berg", "Ås"]), "namn_2": pa.array(["norra", None])}
    assert list(join_long(columns)) == ["namn", "namn_2"]
