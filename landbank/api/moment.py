"""`as_of` and `valid_on` over HTTP: the same two parameters wherever the inventory is read."""

from __future__ import annotations

from typing import Annotated, Any
from urllib.parse import urlencode

from fastapi import Query, Request

from landbank.domain.moment import Asked, Moment, read_asked
from landbank.services.match_document import moment_document as told_moment

AS_OF = "as_of"
VALID_ON = "valid_on"
PARAMETERS = (AS_OF, VALID_ON)

MEANINGS = {
    AS_OF: "What the inventory said then: a day (its end), or a moment as RFC 3339 has it; not in the future.",
    VALID_ON: "What held on that day: validity, reservations, readiness and restrictions are judged on it. Left out:"
    " the day of as_of.",
}


def asked_moment(
    as_of: Annotated[str | None, Query(description=MEANINGS[AS_OF])] = None,
    valid_on: Annotated[str | None, Query(description=MEANINGS[VALID_ON])] = None,
) -> Asked | None:
    """The moment that a request asks for; None for now.

    Raises
    ------
    Invalid
        One of the parameters is no day and no moment.
    """
    return read_asked(as_of, valid_on)


def asked_of(request: Request) -> Asked | None:
    """The same for a handler that reads its query itself."""
    return read_asked(request.query_params.get(AS_OF), request.query_params.get(VALID_ON))


def query_of_moment(asked: Asked | None, lead: str = "?") -> str:
    """What asks for the same moment in an address; empty for now."""
    told = {} if asked is None else asked.parameters()
    return lead + urlencode(told) if told else ""


def moment_document(moment: Moment | None) -> dict[str, Any]:
    """What an answer says of its moment; nothing for now."""
    return {} if moment is None else {**told_moment(moment), "inventory_revision": moment.revision}


def moment_parameters() -> list[dict[str, Any]]:
    """The two parameters as OpenAPI describes them, for what is answered in front of the routes."""
    return [
        {"name": name, "in": "query", "required": False, "description": meaning, "schema": {"type": "string"}}
        for name, meaning in MEANINGS.items()
    ]
