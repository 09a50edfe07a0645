"""What the server logs: lines for people on a terminal, one JSON object a line anywhere else."""

from __future__ import annotations

import json
import logging
from datetime import UTC, datetime
from typing import Any

ACCESS = "landbank.access"
"""The logger of requests, whose message is a JSON object already."""


class ForPeople(logging.Formatter):
    """`14:03:07 GET /ogc/collections 200 3.1 ms` for a request; time, level and message for the rest."""

    def __init__(self) -> None:
        super().__init__("%(asctime)s %(levelname)s %(message)s", datefmt="%H:%M:%S")

    def format(self, record: logging.LogRecord) -> str:
        """The line to print."""
        if record.name != ACCESS:
            return super().format(record)
        told = json.loads(record.getMessage())
        at = self.formatTime(record, self.datefmt)
        return f"{at} {told['method']} {told['path']} {told['status']} {told['ms']:.1f} ms"


class ForMachines(logging.Formatter):
    """One JSON object a line, with time (UTC) and level first; a traceback is one field of it."""

    def format(self, record: logging.LogRecord) -> str:
        """The line to print."""
        at = datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds")
        told: dict[str, Any] = {"time": at, "level": record.levelname.lower(), "logger": record.name}
        if record.name == ACCESS:
            told |= json.loads(record.getMessage())
        else:
            told["message"] = record.getMessage()
        if record.exc_info:
            told["traceback"] = self.formatException(record.exc_info)
        return json.dumps(told, ensure_ascii=False)


def log_configuration(level: str, *, for_people: bool) -> dict[str, Any]:
    """Configuration for `logging.config.dictConfig`; everything goes to standard error."""
    formatter = ForPeople if for_people else ForMachines
    return {
        "version": 1,
        "disable_existing_loggers": False,
        "formatters": {"line": {"()": formatter}},
        "handlers": {"stderr": {"class": "logging.StreamHandler", "formatter": "line"}},
        "root": {"handlers": ["stderr"], "level": "WARNING"},
        "loggers": {
            "landbank": {"level": level.upper()},
            "uvicorn": {"level": "WARNING"},
            "uvicorn.error": {"level": "WARNING"},
        },
    }
