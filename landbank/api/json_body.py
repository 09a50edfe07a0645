"""Bodies of requests that change something: their media type, their size, and JSON read strictly."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any, TypeVar

from fastapi import Request
from pydantic import BaseModel, ConfigDict, ValidationError
from starlette.exceptions import HTTPException

from landbank.api.allowed import PATCH_TYPES
from landbank.domain.plot_content import Fault, InvalidDocument, escaped
from landbank.errors import Invalid

JSON = ("application/json",)
PATCH = tuple(PATCH_TYPES.split(", "))
MOST_BYTES = 8_000_000
"""An outline of 100 000 vertices has about 4 MB."""

Model = TypeVar("Model", bound="Body")


class Body(BaseModel):
    """A body, or a part of one: no unknown fields, no conversions."""

    model_config = ConfigDict(extra="forbid", strict=True, frozen=True, allow_inf_nan=False)


async def read_body(request: Request, types: Sequence[str] = JSON) -> bytes:
    """The body of a request.

    A form can't be posted with these media types from another site without asking first.

    Raises
    ------
    HTTPException
        415 for another media type.
    Invalid
        The body is larger than 8 MB.
    """
    told = request.headers.get("content-type", "").partition(";")[0].strip().lower()
    if told not in types:
        headers = {"Accept-Patch": PATCH_TYPES} if tuple(types) == PATCH else {}
        raise HTTPException(415, f"The body must be {' or '.join(types)}.", headers=headers)
    body = b""
    async for chunk in request.stream():
        body += chunk
        if len(body) > MOST_BYTES:
            raise Invalid(f"The body is larger than {MOST_BYTES // 1_000_000} MB.")
    return body


def read_json(body: bytes) -> Any:
    """The values of a JSON text; what JSON leaves open is refused: a member given twice, NaN and infinity.

    Raises
    ------
    Invalid
        The text is no JSON.
    """
    try:
        return json.loads(body, object_pairs_hook=each_once, parse_constant=refuse_constant)
    except RecursionError as error:
        raise Invalid("The body is nested too deeply.") from error
    except ValueError as error:
        raise Invalid(f"The body is no JSON: {error}.") from error


def each_once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    """An object's members; one that is given twice is refused rather than one of them dropped."""
    members = dict(pairs)
    if len(members) < len(pairs):
        names = [name for name, _ in pairs]
        twice = next(name for name in names if names.count(name) > 1)
        raise Invalid(f"The member '{twice[:100]}' is given twice.", hint="Give it once.")
    return members


def refuse_constant(told: str) -> Any:
    """Refuse what Python reads as a number though it is no JSON."""
    raise ValueError(f"{told} is no number")


def read_model(model: type[Model], body: bytes) -> Model:
    """The body as a model.

    Raises
    ------
    Invalid
        The body is no JSON, or a member is unknown, missing, or of the wrong kind; each fault has its pointer.
    """
    read_json(body)
    try:
        return model.model_validate_json(body)
    except ValidationError as error:
        faults = [
            Fault("".join(f"/{escaped(str(part))}" for part in fault["loc"]), f"{fault['msg']}.")
            for fault in error.errors(include_url=False, include_input=False)
        ]
        raise InvalidDocument(faults, hint="/openapi.json describes the body.") from error


def described(model: type[Body]) -> dict[str, Any]:
    """What OpenAPI is told of a body that the route reads itself."""
    schema = model.model_json_schema(ref_template="#/components/schemas/{model}")
    schema.pop("$defs", None)
    return {"requestBody": {"required": True, "content": {"application/json": {"schema": schema}}}}
