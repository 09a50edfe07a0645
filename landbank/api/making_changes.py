"""How a route makes a change: the version that the caller saw, one transaction, one answer however often it is asked.

A change names the version that it was made against (`If-Match`); 428 without, 412 with what stands now when others were
first. A request with an `Idempotency-Key` is carried out once: sent again it gets the answer of the first.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass, replace
from hashlib import blake2b
from typing import Any

import orjson
from fastapi import Request, Response

from landbank.api import problems
from landbank.api.conditional import strong_tag
from landbank.api.permits import actor_of
from landbank.errors import Invalid, Unconditional
from landbank.exchange.findings import CATALOGUE, Finding
from landbank.services.plot_document import PlotMoved, StoredPlot, plot_document
from landbank.services.plot_editing import Changed, Editing
from landbank.store.idempotency import KeptAnswer
from landbank.store.unit import Store
from landbank.wiring import Landbank

TAG = re.compile(r'^"(?P<version>\d{1,18})-[0-9a-f]{16}(?:-gz)?"$')
KEY = re.compile(r'^"?[\x21\x23-\x7e]{1,200}"?$')
NO_VERSION = -1
"""What a tag names that landbank never gave: no version is it."""

Make = Callable[[Store, Editing], KeptAnswer]


@dataclass(frozen=True, slots=True)
class Change:
    """One change that a request asks for, in the municipality of a plot, or in the one that is named."""

    request: Request
    body: bytes
    reason: str | None = None

    def of_plot(self, plot_id: int, make: Make) -> Response:
        """The answer to a change of a plot."""
        landbank: Landbank = self.request.app.state.landbank
        with landbank.reading() as store:
            code = store.plots.municipality_of(plot_id) if 0 < plot_id < 2**63 else None
        return self.within(code, make)

    def within(self, municipality_code: str | None, make: Make) -> Response:
        """The answer to a change in a municipality, made or remembered."""
        landbank: Landbank = self.request.app.state.landbank
        actor, key = actor_of(self.request), self.key()
        fingerprint = self.fingerprint()
        try:
            with landbank.changing(
                actor=actor,
                role=actor.role_in(municipality_code),
                municipality_code=municipality_code,
                request_id=getattr(self.request.state, "request_id", None),
                reason=self.reason,
            ) as store:
                answer = store.kept_answers.recall(actor.id, key, fingerprint) if key else None
                if answer is None:
                    day = store.plot_changes.today()
                    answer = make(store, Editing(actor, day, landbank.settings.extent))
                    if key:
                        store.kept_answers.keep(actor.id, key, fingerprint, answer)
        except PlotMoved as moved:
            return overtaken(self.request, moved)
        return Response(answer.body, answer.status, headers={**answer.headers, "Cache-Control": "no-store"})

    def key(self) -> str | None:
        """The request's Idempotency-Key; None without one, and where the method makes none needed."""
        told = self.request.headers.get("idempotency-key")
        if told is None or self.request.method != "POST":
            return None
        if not KEY.match(told):
            raise Invalid(
                "The Idempotency-Key is none.",
                hint="Use up to 200 visible ASCII characters, such as a UUID.",
                where="Idempotency-Key",
            )
        return told.strip('"')

    def fingerprint(self) -> str:
        """What makes this request the same as another: its method, address and body."""
        told = (
            f"{self.request.method} {self.request.url.path}?{self.request.url.query}\n".encode() + self.body
        )
        return blake2b(told, digest_size=16).hexdigest()


def seen_version(request: Request) -> int:
    """The version that the caller saw, from the strong tag in If-Match.

    A tag of any form of the plot will do: all begin with its version. A weak one matches nothing (RFC 9110, 13.1.1).

    Raises
    ------
    Unconditional
        No version is named, or any (`*`) would do.
    """
    told = request.headers.get("if-match")
    if told is None or told.strip() == "*":
        raise Unconditional(
            "A change names the version that it was made against.",
            hint="Send the ETag of what you saw in If-Match; landbank tells what others changed since.",
            where="If-Match",
        )
    found = [TAG.match(part.strip()) for part in told.split(",")]
    versions = {int(match["version"]) for match in found if match}
    return max(versions) if versions else NO_VERSION


def overtaken(request: Request, moved: PlotMoved) -> Response:
    """412 with the plot as it stands, its tag, and field by field what others changed."""
    document, tag = tagged_document(moved.current)
    more = {"current": document, "etag": tag, "difference": moved.difference}
    return problems.answer(request, replace(problems.of_family(moved), more=more), {"ETag": tag})


def tagged_document(plot: StoredPlot) -> tuple[dict[str, Any], str]:
    """A plot's document, and the tag under which it is served."""
    document = plot_document(plot)
    return document, strong_tag(orjson.dumps(document), plot.row_version)


def changed_answer(changed: Changed, *, made: str | None = None, is_put: bool = False) -> KeptAnswer:
    """The answer to a change of one plot: the plot, its tag, and what somebody should look at.

    `made` says below the plot's address what the change made ('' is the plot itself); the answer is 201 then.

    An answer to PUT has the tag in its body alone: in the header it would say that the plot was kept byte by byte as it
    was sent (RFC 9110, 9.3.4).
    """
    document, tag = tagged_document(changed.plot)
    address = f"/api/plots/{changed.plot.id}"
    headers = {"Content-Type": "application/json", "Content-Location": address}
    headers |= {} if made is None else {"Location": address + made}
    headers |= {} if is_put else {"ETag": tag}
    body = {"plot": document, "etag": tag, "findings": [finding_document(one) for one in changed.findings]}
    return KeptAnswer(200 if made is None else 201, headers, orjson.dumps(body))


def finding_document(finding: Finding) -> dict[str, Any]:
    """What somebody should look at, as JSON values."""
    told = {
        "code": finding.code,
        "severity": str(finding.severity),
        "text": finding.text,
        "field": finding.field,
        "value": finding.value,
        "what_to_do": CATALOGUE[finding.code].what_to_do,
    }
    return {name: value for name, value in told.items() if value is not None}
