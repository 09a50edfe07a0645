"""The web server of `landbank up`: uvicorn on a socket that is bound already."""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable
from typing import Any

import uvicorn

from landbank.cli.logs import log_configuration

GRACE_S = 20
"""How long requests under way may take to finish once the server is asked to stop."""


class AnnouncingServer(uvicorn.Server):
    """Says when it is ready to answer."""

    def __init__(self, config: uvicorn.Config, on_ready: Callable[[], None]) -> None:
        super().__init__(config)
        self._on_ready = on_ready

    async def startup(self, sockets: list[socket.socket] | None = None) -> None:
        """Start, then announce it."""
        await super().startup(sockets=sockets)
        if self.started:
            self._on_ready()


def serve(app: Any, listener: socket.socket, *, log_level: str, on_ready: Callable[[], None]) -> None:
    """Serve until SIGINT or SIGTERM; requests under way are finished first."""
    config = uvicorn.Config(
        app,
        log_config=log_configuration(log_level, for_people=sys.stderr.isatty()),
        access_log=False,  # the application writes one line a request itself, without what people looked for
        server_header=False,
        timeout_graceful_shutdown=GRACE_S,
        timeout_keep_alive=20,
        lifespan="on",
    )
    AnnouncingServer(config, on_ready).run(sockets=[listener])
