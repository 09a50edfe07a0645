"""The letter that tells somebody how their import went, written once it is done."""

from __future__ import annotations

import logging
from collections.abc import Mapping
from typing import Any

from fastapi import Request

from landbank.api.i18n import Language
from landbank.api.links import public_address
from landbank.api.page_frame import ADDRESSES
from landbank.api.permits import actor_of
from landbank.errors import LandbankError
from landbank.jobs import stop_tokens
from landbank.mail import Composer
from landbank.services.write_mail import ImportResult, Links, Writer
from landbank.wiring import Landbank

LOG = logging.getLogger("landbank.mail")


def tell_result(request: Request, told: Mapping[str, Any], language: Language) -> bool:
    """Whether a letter was written to whoever carried an import out; `told` is the import's record as JSON.

    Nobody is written to who has no address. The import stands, whether or not its letter could be written: what keeps
    the letter back is in the log.
    """
    landbank: Landbank = request.app.state.landbank
    recipient = address_of(request)
    if recipient is None:
        return False
    codes, counts = told["municipality_codes"], told["counts"]
    result = ImportResult(
        key=str(told["id"]),
        file=told["file_name"],
        dataset=told["dataset"] or "",
        applied=True,
        municipality_code=codes[0] if len(codes) == 1 else None,
        url=f"{public_address(request)}{ADDRESSES['imports'][language]}/{told['id']}",
        **{name: counts[name] for name in ("rows", "new", "changed", "unchanged", "refused", "missing")},
    )
    try:
        links = Links(public_address(request).rstrip("/"), stop_tokens(landbank.settings))
        with landbank.upkeep() as store:
            return Writer(Composer(), links).import_result(
                store, result, recipient=recipient, language=str(language)
            )
    except LandbankError as fault:
        LOG.warning("the letter about import %s was not written: %s", told["id"], fault)
        return False


def address_of(request: Request) -> str | None:
    """The mail address of the person who acts; None for a program, and where none is known."""
    landbank: Landbank = request.app.state.landbank
    actor = actor_of(request)
    kind, _, number = actor.id.partition(":")
    if kind != "user":
        return None
    with landbank.people(actor) as people:
        person = people.persons.find(int(number))
    return None if person is None else person.email
