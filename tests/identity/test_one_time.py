"""Codes of the second factor, against the standard's own table; secrets, keys and recovery codes."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest

from landbank.identity.one_time import address_of, as_text, step_of
from landbank.identity.tokens import (
    digest,
    is_digest_of,
    new_code,
    new_secret,
    read_code,
    read_key,
    write_key,
)

SECRET = b"12345678901234567890"


@pytest.mark.parametrize(
    ("seconds", "code"),
    # RFC 6238, appendix B (SHA-1), the last six of the eight digits
    [(59, "287082"), (1111111109, "081804"), (1111111111, "050471"), (1234567890, "005924"), (2000000000, "279037")],
)  # fmt: skip
def test_codes_are_those_of_the_standard(seconds: int, code: str) -> None:
    now = datetime.fromtimestamp(seconds, UTC)
    assert step_of(code, SECRET, now) == seconds // 30
    assert step_of(f"{code[:3]} {code[3:]}", SECRET, now) == seconds // 30


@pytest.mark.parametrize(("late_s", "is_taken"), [(-31, True), (31, True), (-61, False), (61, False)])
def test_code_is_taken_one_step_early_or_late_and_no_more(late_s: int, is_taken: bool) -> None:
    # 1111111111 is one second into its step
    now = datetime.fromtimestamp(1111111111 + late_s, UTC)
    assert (step_of("050471", SECRET, now) is not None) is is_taken


@pytest.mark.parametrize("code", ["", "05047", "0504711", "05047a", "٠٥٠٤٧١", "-50471"])
def test_what_is_no_code_is_refused(code: str) -> None:
    assert step_of(code, SECRET, datetime.fromtimestamp(1111111111, UTC)) is None


def test_address_for_the_app_holds_the_secret_the_name_and_the_place() -> None:
    assert as_text(SECRET) == "GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ"
    told = address_of(SECRET, "anna", "tomter.example.org")
    assert told.startswith("otpauth://totp/tomter.example.org:anna?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ")


def test_secret_has_256_bits_and_its_digest_is_the_sha_256() -> None:
    secret = new_secret(lambda count: b"\xff" * count)
    assert secret == "_" * 42 + "8"
    assert digest("abc").hex().startswith("ba7816bf8f01cfea414140de5dae2223")  # FIPS 180-2, B.1
    assert is_digest_of(digest(secret), secret)
    assert not is_digest_of(digest(secret), secret[:-1] + "9")


def test_key_is_read_as_it_was_written() -> None:
    secret = new_secret(bytes)
    assert read_key(write_key(3, secret)) == (3, secret)


@pytest.mark.parametrize(
    "text", ["", "lb_3", "lb_3_short", "lb_0_" + "A" * 43, "lb_x_" + "A" * 43, "LB_3_" + "A" * 43]
)
def test_what_is_no_key_is_none(text: str) -> None:
    assert read_key(text) is None


def test_recovery_code_is_read_however_it_is_typed() -> None:
    code = new_code(lambda count: bytes(range(count)))
    assert code == "23456-789AB-CDEFG-HJKLM"
    assert (
        read_code(code) == read_code("23456789abcdefghjklm") == read_code(" 23456 789ab cdefg hjklm ") == code
    )
    assert read_code("23456-789AB-CDEFG-HJKL") is None
    assert read_code("O3456-789AB-CDEFG-HJKLM") is None
