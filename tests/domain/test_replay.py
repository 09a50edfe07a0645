"""Replay: states made by events alone, contradictions told, columns of another time no difference."""

from __future__ import annotations

import json
from typing import Any

from landbank.domain.ledger import Line
from landbank.domain.replay import Replay, compare

FACTS = ("price", "plot_use")


def line(
    revision: int, kind: str, changes: dict[str, Any] | None = None, state: dict[str, Any] | None = None
) -> Line:
    """An event of plot 7."""
    event = json.dumps({"kind": kind, "changes": changes or {}})
    return Line(revision, "plot", "7", event, json.dumps(state) if state is not None else "")


NEW = line(1, "created", state={"name": "A", "facts": {"plot_use": [{"id": 1, "code": "J"}]}})


def test_later_events_change_what_the_first_made() -> None:
    replay = Replay(FACTS)
    steps = [
        NEW,
        line(2, "changed", {"name": ["A", "B"], "price": [[], [{"id": 4, "price_sek_per_m2": 9}]]}),
        line(3, "replaced", {"valid_to": [None, "2026-01-01"], "successors": [[], [8]]}),
    ]
    assert [told for step in steps for told in replay.apply(step)] == []
    assert json.loads(replay.take("plot", "7") or "") == {
        "name": "B",
        "facts": {"plot_use": [{"id": 1, "code": "J"}], "price": [{"id": 4, "price_sek_per_m2": 9}]},
        "valid_to": "2026-01-01",
        "successors": [8],
    }
    assert replay.left() == []


def test_contradictions_are_told() -> None:
    replay = Replay(FACTS)
    assert replay.apply(line(1, "changed", {"name": ["A", "B"]})) == ["it changes what was never created"]
    replay.apply(NEW)
    assert replay.apply(NEW) == ["it is created a second time"]
    assert replay.apply(line(2, "changed", {"name": ["X", "B"]})) == ['name was "A" before, not "X"']
    assert replay.apply(line(3, "changed", {"plot_use": [[], []]})) == [
        'plot_use was [{"id": 1, "code": "J"}] before, not []'
    ]


def differences(replayed: dict[str, Any], standing: dict[str, Any]) -> list[str]:
    """The fields that differ."""
    return [field for field, _, _ in compare(json.dumps(replayed), json.dumps(standing), FACTS)]


def test_fields_and_facts_that_differ_are_named() -> None:
    use = {"id": 1, "code": "J"}
    assert differences({"name": "A"}, {"name": "A"}) == []
    assert differences({"name": "A"}, {"name": None}) == ["name"]
    assert differences({"facts": {"plot_use": [use]}}, {"facts": {}}) == ["plot_use"]
    assert differences({"facts": {}}, {"facts": {"price": [{"id": 1}]}}) == ["price"]
    assert differences({"facts": {"plot_use": [use]}}, {"facts": {"plot_use": [{**use, "code": "K"}]}}) == [
        "plot_use"
    ]
    assert differences({"successors": []}, {"successors": [8]}) == ["successors"]


def test_column_that_was_added_or_dropped_since_is_no_difference() -> None:
    assert differences({"name": "A", "old": 1}, {"name": "A", "young": False}) == []
    assert (
        differences(
            {"facts": {"price": [{"id": 1, "old": 2}]}}, {"facts": {"price": [{"id": 1, "young": None}]}}
        )
        == []
    )
