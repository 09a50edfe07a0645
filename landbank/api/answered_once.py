"""Requests of the import that are answered once: sent again under their Idempotency-Key they get the first answer.

The key and its rules are those of single changes; see landbank/api/making_changes.py.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from typing import Any, TypeVar

from fastapi import Request

from landbank.api.making_changes import Change
from landbank.api.permits import actor_of
from landbank.services.run_imports import role_of
from landbank.store.idempotency import KeptAnswer
from landbank.store.unit import Store
from landbank.wiring import Landbank

Found = TypeVar("Found")


class Once:
    """A request; `content` is what makes it the same as another at its address."""

    def __init__(self, request: Request, content: str) -> None:
        change = Change(request, content.encode())
        self._landbank: Landbank = request.app.state.landbank
        self._actor = actor_of(request)
        self._request_id: str | None = getattr(request.state, "request_id", None)
        self._key, self._fingerprint = change.key(), change.fingerprint()

    def in_change(self, make: Callable[[Store], KeptAnswer], *, reason: str) -> KeptAnswer:
        """The answer to a change of the inventory, made and kept in one transaction, or remembered."""
        settings = self._landbank.settings
        with self._landbank.changing(
            actor=self._actor,
            role=role_of(self._actor),
            request_id=self._request_id,
            reason=reason,
            timeout_ms=settings.import_timeout_s * 1000,
        ) as store:
            return self._recalled(store) or self._kept(store, make(store))

    def beside(self, find: Callable[[], Found], note: Callable[[Store, Found], KeptAnswer]) -> KeptAnswer:
        """The answer to what leaves the inventory as it is, or the one remembered.

        `find` takes its time and holds no connection for the key meanwhile. Whoever sends the same twice at once lets
        it be found twice, and both get the answer that was noted first.
        """
        if self._key:
            with self._landbank.noting(self._actor) as store:
                known = self._recalled(store)
            if known:
                return known
        found = find()
        with self._landbank.noting(self._actor) as store:
            return self._recalled(store) or self._kept(store, note(store, found))

    def _recalled(self, store: Store) -> KeptAnswer | None:
        if not self._key:
            return None
        return store.kept_answers.recall(self._actor.id, self._key, self._fingerprint)

    def _kept(self, store: Store, answer: KeptAnswer) -> KeptAnswer:
        if self._key:
            store.kept_answers.keep(self._actor.id, self._key, self._fingerprint, answer)
        return answer


def json_answer(told: Any, *, status: int = 200, location: str | None = None) -> KeptAnswer:
    """An answer of JSON; `location` is the address of what it made."""
    headers = {"Content-Type": "application/json"} | ({"Location": location} if location else {})
    return KeptAnswer(status, headers, json.dumps(told, ensure_ascii=False, default=str).encode())
