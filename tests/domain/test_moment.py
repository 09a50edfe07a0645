"""Reading the two times: days and moments as RFC 3339 writes them, nothing else, nothing in the future."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta, timezone

import pytest

from landbank.domain.moment import Asked, read_asked, refuse_future
from landbank.errors import Invalid

CET = timezone(timedelta(hours=1))
NOW = datetime(2026, 11, 24, 12, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("as_of", "valid_on", "asked"),
    [
        (None, None, None),
        ("", "", None),
        ("2026-03-01", None, Asked(date(2026, 3, 1))),
        ("2026-03-01T12:30:00+01:00", None, Asked(datetime(2026, 3, 1, 12, 30, tzinfo=CET))),
        ("2026-03-01T12:30:00 01:00", None, Asked(datetime(2026, 3, 1, 12, 30, tzinfo=CET))),
        ("2026-03-01t11:30:00.25z", None, Asked(datetime(2026, 3, 1, 11, 30, 0, 250_000, tzinfo=UTC))),
        (None, "2026-03-01", Asked(None, date(2026, 3, 1))),
        ("2026-03-01", "2026-01-01T10:00Z", Asked(date(2026, 3, 1), date(2026, 1, 1))),
    ],
)
def test_days_and_moments_are_read(as_of: str | None, valid_on: str | None, asked: Asked | None) -> None:
    assert read_asked(as_of, valid_on) == asked


@pytest.mark.parametrize(
    "text",
    ["i går", "2026-02-30", "2026-13-01", "2026-W09-1", "20260301", "2026-03-01T12:00", "2026-03-01T25:00Z", "2026-03-01 12:00:00",
     "２０２６-03-01", "1' OR 1=1", "2026-03-01T12:00:00+01:00:00", "9" * 400],
)  # fmt: skip
@pytest.mark.parametrize("name", ["as_of", "valid_on"])
def test_anything_else_is_refused_by_name(text: str, name: str) -> None:
    with pytest.raises(Invalid) as refusal:
        read_asked(**{"as_of": None, "valid_on": None, name: text})
    assert refusal.value.where == name
    assert "2026-03-01" in (refusal.value.hint or "")


@pytest.mark.parametrize(
    ("asked", "where"),
    [
        (Asked(date(2026, 11, 25)), "as_of"),
        (Asked(NOW + timedelta(seconds=1)), "as_of"),
        (Asked(date(2026, 1, 1), date(2026, 11, 25)), "valid_on"),
    ],
)
def test_future_is_refused(asked: Asked, where: str) -> None:
    with pytest.raises(Invalid, match="future") as refusal:
        refuse_future(asked, now=NOW, today=date(2026, 11, 24))
    assert refusal.value.where == where


@pytest.mark.parametrize(
    "asked", [Asked(date(2026, 11, 24), date(2026, 11, 24)), Asked(NOW), Asked(date(1, 1, 1))]
)
def test_up_to_now_is_allowed(asked: Asked) -> None:
    refuse_future(asked, now=NOW, today=date(2026, 11, 24))


def test_parameters_ask_for_the_same_again() -> None:
    asked = Asked(datetime(2026, 3, 1, 12, 30, 0, 5, tzinfo=CET), date(2026, 1, 1))
    assert read_asked(**asked.parameters()) == asked
