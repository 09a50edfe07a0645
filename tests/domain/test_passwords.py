"""Which passwords are refused: too short or long, and those that anyone would guess first."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from landbank.domain.passwords import WORDS, Fault, fault_of

ABOUT = ("anna.andersson", "Anna Andersson", "anna@example.org")


@pytest.mark.parametrize(
    "password",
    [
        "Sommar2026!!!", "Lösenord123!", "p@ssw0rd1234", "aaaaaaaaaaaa", "abcabcabcabc", "123456789012",
        "qwertyuiopas", "1qaz2wsx3edc", "landbank2026!", "GöteborgsStad2026", "Välkommen2026!!", "iloveyou1234",
        "admin1234admin", "198501011234", "sommarvinter2026", "$sommar$2026$",
    ],
)  # fmt: skip
def test_what_anyone_would_guess_is_refused(password: str) -> None:
    assert fault_of(password) is Fault.COMMON


@pytest.mark.parametrize("password", ["annaandersson1", "4nnaAndersson!", "Andersson2026!"])
def test_own_name_is_refused_for_oneself_only(password: str) -> None:
    assert fault_of(password, about=ABOUT) is Fault.ABOUT_YOU
    assert fault_of(password, about=("bo",)) is None


@pytest.mark.parametrize(
    "password",
    [
        "korrekt häst batteri häftklammer", "vXq8-tR2m-Lz0p", "trollhättan-bro-77", "12 blå kamelers ö",
        "3f9a0c71be25", "skiftnyckelns melodi", "8261 4039 7715 2204 9", "++--//**==%%&&((",
    ],
)  # fmt: skip
def test_phrases_and_random_signs_are_taken_without_rules_of_composition(password: str) -> None:
    assert fault_of(password, about=ABOUT) is None


def test_length_counts_signs_and_has_both_bounds() -> None:
    assert fault_of("åäöåäö-xkqz") is Fault.SHORT
    assert fault_of("kv7 mdl trå x" * 20) is Fault.LONG


@given(st.text(max_size=300))
def test_any_text_is_judged(password: str) -> None:
    assert fault_of(password, about=ABOUT) in {None, *Fault}


@given(
    st.lists(st.sampled_from(sorted(WORDS)), min_size=1, max_size=4), st.sampled_from(["", "1", "2026", "!"])
)
def test_no_row_of_known_words_is_taken(words: list[str], behind: str) -> None:
    assert fault_of("".join(words) + behind) is not None
