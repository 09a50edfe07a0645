"""The history as plain JSON values: events for a feed, and the heads of the chain."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from landbank.domain.history import SHAPES, Event
from landbank.domain.ledger import Head

Document = dict[str, Any]

ALGORITHM = (
    "hash = SHA-256(hash of the revision before + line of the revision in UTF-8), from 32 zero bytes before revision 1;"
    " line = revision, noun, id, event and first state, apart by tabs"
)


def change_document(event: Event, *, is_planner: bool) -> Document:
    """An event. For everybody: what changed, when, in which role; for planners also who, why and every field.

    Outlines are named among the fields and left out of the changes: the item has the newest.
    """
    told: Document = {
        "revision": event.revision,
        "noun": event.noun,
        "id": event.noun_id,
        "kind": event.kind,
        "occurred_at": event.occurred_at.isoformat(),
        "municipality_code": event.municipality_code,
        "role": event.role,
    }
    changes = dict(event.changes or {}) if is_planner else dict(event.public_changes())
    told["fields"] = sorted(changes)
    told["changes"] = {field: list(pair) for field, pair in changes.items() if field not in SHAPES}
    if is_planner:
        told |= {"actor": event.actor, "reason": event.reason, "request_id": event.request_id}
    return told


def changes_document(
    events: Sequence[Event], *, revision: int, since: int, limit: int, is_planner: bool
) -> Document:
    """A page of the feed: what to ask for next stands in `next_since`, and whether there is more at once."""
    has_more = len(events) > limit
    shown = events[:limit]
    return {
        "inventory_revision": revision,
        "since": since,
        "next_since": shown[-1].revision if has_more else max(revision, since),
        "has_more": has_more,
        "changes": [change_document(event, is_planner=is_planner) for event in shown],
    }


def heads_document(heads: Sequence[Head]) -> Document:
    """The daily heads, and how their hashes are made."""
    return {
        "algorithm": ALGORITHM,
        "heads": [
            {
                "day": head.day.isoformat(),
                "revision": head.revision,
                "hash": head.hash.hex(),
                "taken_at": None if head.taken_at is None else head.taken_at.isoformat(),
            }
            for head in heads
        ],
    }
