"""While `landbank up` serves: the history is sealed at the start and once an hour, beside everything else."""

from __future__ import annotations

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING

from landbank.errors import LandbankError
from landbank.services.seal_history import seal_history

if TYPE_CHECKING:
    from landbank.wiring import Landbank

EVERY_S = 3_600.0

log = logging.getLogger("landbank.seal")


@contextmanager
def sealing_hourly(landbank: Landbank, every_s: float = EVERY_S) -> Iterator[None]:
    """Seal now and then while the context lasts; a database that does not answer is told in the log and tried again."""
    stopping = threading.Event()

    def seal_until_stopped() -> None:
        while True:
            try:
                with landbank.sealing() as store:
                    sealed = seal_history(store.ledger)
                log.info("%d events sealed, up to revision %d", sealed.events, sealed.end.revision)
            except LandbankError as error:
                log.warning("the history was not sealed: %s", error)
            if stopping.wait(every_s):
                return

    thread = threading.Thread(target=seal_until_stopped, name="sealing", daemon=True)
    thread.start()
    try:
        yield
    finally:
        stopping.set()
        thread.join(timeout=5)
