"""The process that reads a file: takes one request on standard input, answers frames on standard output."""

from __future__ import annotations

import json
import os
import shutil
import sys
import traceback
from collections.abc import Callable
from pathlib import Path
from typing import Any

from landbank.errors import Invalid, LandbankError
from landbank.exchange import read_frames as frames
from landbank.exchange import sandbox
from landbank.exchange.read import ReadLimits, TableOptions
from landbank.exchange.read_request import Opened, Request


def main() -> int:
    """Read, send, and say what went wrong; the exit code."""
    out = os.dup(1)
    os.dup2(2, 1)  # what a library prints must not get between the frames
    sandbox.keep_to_listed_drivers()
    _open_request()  # what the readers import does not count against the memory limit
    asked = json.load(sys.stdin.buffer)
    limits = ReadLimits(**asked["limits"])
    sandbox.cut_network()
    sandbox.limit_resources(memory_mb=limits.memory_mb, cpu_s=limits.timeout_s, file_mb=3 * limits.max_mb)
    request = Request(
        path=Path(asked["path"]),
        scratch=Path.cwd(),
        layer=asked["layer"],
        crs=asked["crs"],
        crs_override=asked["crs_override"],
        limits=limits,
        table=TableOptions(**asked["table"]),
        of_roads=asked["of_roads"],
        verbatim=asked["verbatim"],
    )
    try:
        _answer(request, out)
    except BrokenPipeError:
        shutil.rmtree(request.scratch, ignore_errors=True)  # the parent is gone and can't do it
    except MemoryError:
        frames.send(out, frames.ERROR, frames.pack_json(_no_memory(request)))
    except LandbankError as error:
        frames.send(out, frames.ERROR, frames.pack_json(_told(error)))
    except Exception as error:  # whatever a parser raises on a hostile file, its sender gets a sentence
        traceback.print_exc()
        frames.send(out, frames.ERROR, frames.pack_json(_damaged(request, error)))
    return 0


def _open_request() -> Callable[[Request], Opened]:
    """The function that opens a file; GDAL comes with it, so only once its drivers are those listed."""
    from landbank.exchange.read_formats import open_request

    return open_request


def _answer(request: Request, out: int) -> None:
    opened = _open_request()(request)
    header = {
        "layers": [frames.pack_layer(layer) for layer in opened.layers],
        "layer": frames.pack_layer(opened.layer),
        "driver": opened.driver,
        "crs_from": opened.crs_from,
        "notes": frames.pack_notes(opened.notes),
    }
    frames.send(out, frames.OPENED, frames.pack_json(header))
    for batch in opened.batches():
        frames.send(out, frames.BATCH, frames.pack_batch(batch))
    frames.send(out, frames.END)


def _told(error: LandbankError) -> dict[str, Any]:
    return {
        "family": type(error).__name__,
        "message": error.message,
        "hint": error.hint,
        "where": error.where,
    }


def _no_memory(request: Request) -> dict[str, Any]:
    return _told(
        Invalid(
            f"Reading {request.path.name} needs more memory than the {request.limits.memory_mb} MB allowed.",
            hint="Split the file, or raise LANDBANK_IMPORT_MEMORY_MB.",
            where=request.path.name,
        )
    )


def _damaged(request: Request, error: Exception) -> dict[str, Any]:
    said = f"{type(error).__name__}: {error}".replace(str(request.scratch), "").strip()
    return _told(
        Invalid(
            f"{request.path.name} can't be read: it is damaged, or not what its name says ({said[:300]}).",
            hint="Open and save it again in a GIS, as GeoPackage if you can.",
            where=request.path.name,
        )
    )


if __name__ == "__main__":
    sys.exit(main())
