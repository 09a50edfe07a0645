"""What is answered for a plot that is not current: 301 to the one in its place, 410 for one that ended or was divided.

A plot that several others replaced has no one address to lead to, so that it is gone, with links to all of them.
"""

from __future__ import annotations

from fastapi import Request, Response
from fastapi.responses import RedirectResponse

from landbank.api import problems
from landbank.errors import Gone
from landbank.store.plots import Fate


def ended_answer(request: Request, plot_id: object, fate: Fate, address: str, *, query: str = "") -> Response:
    """The answer for an ended plot; `address` is that of plots, to which an id and the query are added."""
    if len(fate.successors) == 1:
        return RedirectResponse(f"{address}/{fate.successors[0]}{query}", status_code=301)
    ended = f"Plot {plot_id} ended on {fate.ended_on}."
    hint = f"In its place: {', '.join(map(str, fate.successors))}." if fate.successors else None
    answer = problems.answer(request, problems.of_family(Gone(ended, hint=hint, where=str(plot_id))))
    if fate.successors:
        answer.headers["Link"] = ", ".join(
            f'<{address}/{successor}>; rel="successor-version"' for successor in fate.successors
        )
    return answer
