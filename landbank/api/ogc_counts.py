"""Numbers of selected items, kept while the inventory stays as it is: counted once a question, not once a page."""

from __future__ import annotations

from collections import OrderedDict
from threading import Lock

from landbank.domain.filter import Selection
from landbank.store.collections import Collection
from landbank.store.features import Features, Number

MOST_KEPT = 2_000

Question = tuple[str, int | None, Selection, object]


class Counts:
    """Remembers the last numbers asked for."""

    def __init__(self) -> None:
        self._kept: OrderedDict[Question, Number] = OrderedDict()
        self._lock = Lock()

    def number(
        self, features: Features, collection: Collection, selection: Selection, state: object
    ) -> Number:
        """How many items are selected in that state of the inventory (hashable)."""
        question = (collection.name, collection.layer_id, selection, state)
        with self._lock:
            known = self._kept.get(question)
            if known is not None:
                self._kept.move_to_end(question)
                return known
        counted = features.number(collection, selection)
        with self._lock:
            self._kept[question] = counted
            while len(self._kept) > MOST_KEPT:
                self._kept.popitem(last=False)
        return counted
