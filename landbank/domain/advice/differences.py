"""Why one plot has more points than another: the difference of each wish, adding up exactly, also as displayed."""

from __future__ import annotations

from dataclasses import dataclass

from landbank.domain.explain import Contribution, Match
from landbank.domain.shown import parts_in_tenths, tenths


@dataclass(frozen=True, slots=True)
class Difference:
    """By how many points one plot is ahead of another on a wish: exactly, and in tenths as displayed."""

    criterion: str
    points: float
    shown_tenths: int


@dataclass(frozen=True, slots=True)
class Differences:
    """The difference of two scores and its parts, which sum to it, exactly and as displayed."""

    plot_id: int
    points: float
    shown_tenths: int
    parts: tuple[Difference, ...]


def differences(one: Match, other: Match) -> Differences | None:
    """How far one plot is ahead of another, by wish; None where nothing is wished for.

    What is displayed is the difference of the displayed points (which largest remainders make sum to the displayed
    scores), so that a reader who subtracts one row from another finds what is told.
    """
    if one.score is None or other.score is None:
        return None
    ours, theirs = shown(one.contributions), shown(other.contributions)
    return Differences(
        plot_id=one.plot_id,
        points=one.score - other.score,
        shown_tenths=sum(ours) - sum(theirs),
        parts=tuple(
            Difference(left.wish.criterion, left.points - right.points, left_tenths - right_tenths)
            for left, right, left_tenths, right_tenths in zip(
                one.contributions, other.contributions, ours, theirs, strict=True
            )
        ),
    )


def shown(parts: tuple[Contribution, ...]) -> tuple[int, ...]:
    """The points of each part in tenths as they are displayed; they sum to the displayed score."""
    return parts_in_tenths([part.points for part in parts], tenths(sum(part.points for part in parts)))
