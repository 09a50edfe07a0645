"""Two people in the same plot at the same time: nothing that either of them did is lost."""

from __future__ import annotations

import threading
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from landbank.services.change_plot import patch_plot
from landbank.services.plot_document import PlotMoved

ROUNDS = 1_000


def test_two_writers_in_a_thousand_rounds_lose_no_update(land: Any) -> None:
    """Each writer adds 1 to a number that it read; whoever was overtaken starts the round again from what stands.

    So the number counts the changes: had one overwritten another's, it would be smaller.
    """
    plot = land.add("TW1", dwelling_distance_m=0)
    together = threading.Barrier(2)
    overtaken = [0, 0]

    def write(writer: int) -> int:
        seen, successes = land.plot(plot.id), 0
        together.wait()
        for _ in range(ROUNDS):
            patch = {"dwelling_distance_m": seen.content.values["dwelling_distance_m"] + 1}
            try:
                seen = land.change(patch_plot, plot.id, seen.row_version, patch).plot
                successes += 1
            except PlotMoved as moved:
                overtaken[writer] += 1
                seen = moved.current
        return successes

    with ThreadPoolExecutor(2) as pool:
        successes = sum(pool.map(write, (0, 1)))

    after = land.plot(plot.id)
    assert successes == after.row_version - 1
    assert after.content.values["dwelling_distance_m"] == successes
    assert successes + sum(overtaken) == 2 * ROUNDS
    assert all(overtaken), "the writers never met, so that nothing was tested"
    events = land.events(plot.id)
    assert len(events) == after.row_version
    steps = [tuple(event.changes["dwelling_distance_m"]) for event in events[1:]]
    assert steps == [(number, number + 1) for number in range(successes)]
