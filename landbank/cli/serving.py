"""One `landbank up` a home: who serves it, and at which address."""

from __future__ import annotations

import errno
import fcntl
import ipaddress
import json
import os
import socket
from pathlib import Path

from landbank.cluster import make_folder
from landbank.errors import Conflict, Invalid, Unavailable


class Claim:
    """The right to serve one home, held until the process ends or lets go.

    Raises
    ------
    Conflict
        Another process serves this home; its address is told.
    Unavailable
        The home can't be written to.
    """

    def __init__(self, home: Path) -> None:
        self._path = home / "serving.json"
        try:
            make_folder(home)
            self._handle = os.open(self._path, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC | os.O_NOFOLLOW, 0o600)
        except OSError as error:
            raise Unavailable(
                f"The folder {home} can't be used: {error.strerror}.",
                hint="Set LANDBANK_HOME to a folder that you may write to.",
                where="LANDBANK_HOME",
            ) from error
        try:
            fcntl.flock(self._handle, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError as error:
            told = self._read()
            os.close(self._handle)
            raise Conflict(
                f"landbank already serves {home}{told}.",
                hint="Open that address, or stop it there with Ctrl-C; a second one needs its own LANDBANK_HOME"
                " and its own --port.",
            ) from error

    def tell(self, address: str) -> None:
        """Note the address, for whoever tries to serve the same home."""
        os.ftruncate(self._handle, 0)
        os.pwrite(self._handle, json.dumps({"address": address, "pid": os.getpid()}).encode(), 0)

    def release(self) -> None:
        """Let go of the home."""
        os.ftruncate(self._handle, 0)
        os.close(self._handle)

    def _read(self) -> str:
        try:
            told = json.loads(os.pread(self._handle, 4096, 0))
        except ValueError:
            return " (it is just starting)"
        return f" at {told['address']} (process {told['pid']})"


def told_address(home: Path) -> str | None:
    """The address at which this home is served now, or None."""
    try:
        told = json.loads((home / "serving.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return str(told["address"])


def claim_port(host: str, port: int) -> socket.socket:
    """A socket bound to the address, so that the port is ours before anything long begins; 0 takes a free one.

    Raises
    ------
    Conflict
        Another program uses the port.
    Invalid
        The host is not an address of this machine, or the port is not allowed.
    """
    try:
        family, kind, _, _, address = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)[0]
    except socket.gaierror as error:
        raise Invalid(f"{host} is not an address.", hint="Try --host 127.0.0.1.", where="host") from error
    listener = socket.socket(family, kind)
    listener.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        listener.bind(address)
        listener.listen(2048)
    except OSError as error:
        listener.close()
        raise _refusal(error, host, port) from error
    return listener


def address_of(listener: socket.socket) -> str:
    """The address to open in a browser on this machine."""
    host, port = listener.getsockname()[:2]
    shown = ipaddress.ip_address(host)
    if shown.is_unspecified:
        return f"http://127.0.0.1:{port}"
    return f"http://[{host}]:{port}" if shown.version == 6 else f"http://{host}:{port}"


def _refusal(error: OSError, host: str, port: int) -> Conflict | Invalid:
    if error.errno == errno.EADDRINUSE:
        return Conflict(
            f"Another program uses port {port} on {host}.",
            hint=f"Choose another: landbank up --port {port + 1 if port < 65535 else 8000}",
            where="port",
        )
    if error.errno == errno.EACCES:
        return Invalid(
            f"Port {port} is for the administrator only.", hint="Choose one above 1023.", where="port"
        )
    return Invalid(f"Can't serve on {host}: {error.strerror}.", hint="Try --host 127.0.0.1.", where="host")
