"""Starts the process that reads a file, takes its frames, and ends it."""

from __future__ import annotations

import contextlib
import dataclasses
import fcntl
import json
import logging
import os
import selectors
import shutil
import signal
import subprocess
import sys
import tempfile
import time
import weakref
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Literal

import pyarrow as pa

from landbank.errors import Invalid, LandbankError, Unavailable
from landbank.exchange import read_frames as frames
from landbank.exchange.read import Batch, CrsFrom, ReadLimits, Source, TableOptions
from landbank.exchange.sandbox import child_environment

_log = logging.getLogger(__name__)


def start(
    path: Path,
    *,
    layer: str | None,
    crs: str | None,
    crs_override: bool,
    limits: ReadLimits,
    table: TableOptions,
    of_roads: bool = False,
    verbatim: bool,
    meanwhile: Callable[[], None] = lambda: None,
) -> Source:
    """The opened file; see `landbank.exchange.read.open_source`."""
    _check(path, limits)
    request = {
        "path": str(path.absolute()),
        "layer": layer,
        "crs": crs,
        "crs_override": crs_override,
        "limits": dataclasses.asdict(limits),
        "table": dataclasses.asdict(table),
        "of_roads": of_roads,
        "verbatim": verbatim,
    }
    child = _Child(path.name, request, limits)
    try:
        meanwhile()
        opened = child.opened()
    except BaseException:
        child.close()
        raise
    crs_from: CrsFrom | None = opened["crs_from"]
    return Source(
        layers=tuple(frames.unpack_layer(values) for values in opened["layers"]),
        layer=frames.unpack_layer(opened["layer"]),
        driver=str(opened["driver"]),
        crs_from=crs_from,
        notes=frames.unpack_notes(opened["notes"]),
        _batches=child.batches,
        _close=child.close,
    )


def _check(path: Path, limits: ReadLimits) -> None:
    """Refuse what needs no process to see: nothing there, nothing in it, too large."""
    if not path.exists():
        raise Invalid(f"There is no file {path}.", hint="Check the path.", where=str(path))
    if path.is_dir():
        return
    if not path.is_file():
        raise Invalid(f"{path.name} is neither a file nor a folder.", where=str(path))
    size = path.stat().st_size
    if size == 0:
        raise Invalid(f"{path.name} is empty (0 bytes).", hint="Export or copy it again.", where=path.name)
    if size > limits.max_mb * 1_000_000:
        raise Invalid(
            f"{path.name} has {size / 1e6:,.0f} MB, and the limit is {limits.max_mb} MB.",
            hint="Split it, or raise LANDBANK_IMPORT_MAX_MB.",
            where=path.name,
        )


class _Child:
    """The reading process, its scratch folder and the time it has left."""

    def __init__(self, name: str, request: dict[str, Any], limits: ReadLimits) -> None:
        self._name = name
        self._limits = limits
        self._left_s = float(limits.timeout_s)
        self._scratch = Path(tempfile.mkdtemp(prefix="landbank-read-"))
        with (self._scratch / "stderr").open("wb") as stderr:
            self._process = subprocess.Popen(
                [sys.executable, "-P", "-s", "-X", "utf8", "-m", "landbank.exchange.read_child"],
                stdin=subprocess.PIPE,
                stdout=subprocess.PIPE,
                stderr=stderr,
                cwd=self._scratch,
                env=child_environment(self._scratch, of_roads=bool(request["of_roads"])),
            )
        _widen(self._process)
        self._end = weakref.finalize(self, _end, self._process, self._scratch)
        self._ask(request)

    def _ask(self, request: dict[str, Any]) -> None:
        assert self._process.stdin is not None  # noqa: S101 - given by PIPE
        with contextlib.suppress(BrokenPipeError), self._process.stdin as asking:
            asking.write(json.dumps(request).encode())

    def opened(self) -> dict[str, Any]:
        """What the process says of the file."""
        kind, payload = self._frame()
        if kind != frames.OPENED:
            raise self._broken()
        told: dict[str, Any] = json.loads(payload)
        return told

    def batches(self) -> Iterator[Batch]:
        """The batches in order; the process ends with the last one, or when the caller stops."""
        try:
            while True:
                kind, payload = self._frame()
                if kind == frames.END:
                    return
                if kind != frames.BATCH:
                    raise self._broken()
                yield self._unpacked(payload)
        finally:
            self.close()

    def _unpacked(self, payload: bytearray) -> Batch:
        try:
            return frames.unpack_batch(payload)
        except (pa.ArrowException, ValueError, KeyError, StopIteration) as error:
            raise self._broken() from error

    def close(self) -> None:
        """End the process and remove the scratch folder."""
        self._end()

    def _frame(self) -> tuple[bytes, bytearray]:
        if not self._end.alive:
            raise Invalid(f"{self._name} has been closed; its rows can be read once.", where=self._name)
        try:
            kind, payload = frames.receive(self._read)
        except ValueError as error:
            raise self._broken() from error
        if kind == frames.ERROR:
            raise _told_error(json.loads(payload))
        return kind, payload

    def _read(self, length: int) -> bytearray:
        """Exactly so many bytes of the process's answer, within the time that is left."""
        assert self._process.stdout is not None  # noqa: S101 - given by PIPE
        pipe = self._process.stdout.fileno()
        answer = bytearray(length)
        rest = memoryview(answer)
        with selectors.DefaultSelector() as selector:
            selector.register(pipe, selectors.EVENT_READ)
            while rest:
                self._wait(selector)
                taken = os.readv(pipe, [rest])
                if taken == 0:
                    raise self._died()
                rest = rest[taken:]
        return answer

    def _wait(self, selector: selectors.BaseSelector) -> None:
        since = time.monotonic()
        ready = selector.select(max(self._left_s, 0))
        self._left_s -= time.monotonic() - since
        if not ready:
            raise self._too_slow()

    def _too_slow(self) -> LandbankError:
        return Invalid(
            f"Reading {self._name} took longer than {self._limits.timeout_s} s and was ended.",
            hint="Split the file, or raise LANDBANK_IMPORT_TIMEOUT_S.",
            where=self._name,
        )

    def _died(self) -> LandbankError:
        """Why the process ended without saying so."""
        try:
            code = self._process.wait(timeout=10)
        except subprocess.TimeoutExpired:
            return self._broken()
        told = (self._scratch / "stderr").read_text(errors="replace")[-2000:]
        _log.debug("the process reading %s ended with %s: %s", self._name, code, told)
        if code == -signal.SIGXCPU:
            return self._too_slow()
        if "MemoryError" in told or "bad_alloc" in told or code == -signal.SIGKILL:
            return Invalid(
                f"Reading {self._name} needs more memory than the {self._limits.memory_mb} MB allowed.",
                hint="Split the file, or raise LANDBANK_IMPORT_MEMORY_MB.",
                where=self._name,
            )
        how = signal.Signals(-code).name if code < 0 else f"code {code}"
        return Invalid(
            f"The process that read {self._name} broke off ({how}): the file is damaged or hostile.",
            hint="Open and save it again in a GIS, as GeoPackage if you can.",
            where=self._name,
        )

    def _broken(self) -> LandbankError:
        return Invalid(
            f"The process that read {self._name} gave no understandable answer: the file is damaged or hostile.",
            hint="Open and save it again in a GIS, as GeoPackage if you can.",
            where=self._name,
        )


def _widen(process: subprocess.Popen[bytes]) -> None:
    """A pipe of a megabyte instead of 64 kB: fewer turns between the two processes."""
    set_size = getattr(fcntl, "F_SETPIPE_SZ", None)
    if set_size is not None and process.stdout is not None:
        with contextlib.suppress(OSError):
            fcntl.fcntl(process.stdout, set_size, 1 << 20)


def _told_error(told: dict[str, Any]) -> LandbankError:
    families: dict[str, type[LandbankError]] = {"Invalid": Invalid, "Unavailable": Unavailable}
    family = families.get(told.get("family", ""), Invalid)
    return family(str(told["message"]), hint=told.get("hint"), where=told.get("where"))


def _end(process: subprocess.Popen[bytes], scratch: Path) -> Literal[True]:
    process.kill()
    process.wait()
    if process.stdout is not None:
        process.stdout.close()
    shutil.rmtree(scratch, ignore_errors=True)
    return True
