"""`POST /api/match/text`: a sentence or two in Swedish or English, read as a need that can be edited."""

from __future__ import annotations

from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from landbank.api.permits import permit
from landbank.domain.people import Permission
from landbank.services.match_document import as_json
from landbank.services.read_enquiry import enquiry_document


class TextIn(BaseModel):
    """What somebody wrote, and the answer to whether an open area is plot or floor."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True)

    text: Annotated[str, Field(max_length=4_000)]
    areas_are: Literal["plot", "floor"] | None = None


def router() -> APIRouter:
    """The route of free text."""
    routes = APIRouter(prefix="/api/match", tags=["match"], dependencies=[permit(Permission.READ_PUBLIC)])

    @routes.post("/text", summary="Read a need from free text", response_class=Response)
    def post_text(given: TextIn, request: Request) -> Response:
        """What the text asks for: slots with the words they came from, questions, words not understood, the need.

        Nothing of the text is kept. `need` can be sent to POST /api/match as it is.
        """
        with request.app.state.landbank.reading() as store:
            today = store.standing.inventory().today
            document = enquiry_document(given.text, store.standing, on=today, areas_are=given.areas_are)
        return Response(
            as_json(document), media_type="application/json", headers={"Cache-Control": "no-store"}
        )

    return routes
