"""The pages' own files: styles, scripts and the third-party bundle, under an address that names their state.

The address holds a hash of the whole tree, so a browser may keep every file for a year and still never mixes
files of two versions; relative imports between scripts need no manifest.
"""

from __future__ import annotations

import gzip
import hashlib
import mimetypes
from collections.abc import Awaitable, Callable, MutableMapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import landbank
from landbank.domain.people import Permission
from landbank.errors import Unavailable

TYPES = mimetypes.MimeTypes(filenames=())

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]

FOR_EVER = b"public, max-age=31536000, immutable"
TEXT_SUFFIXES = frozenset({".css", ".js", ".json", ".svg", ".txt", ".webmanifest"})
NEEDED = ("vendor/leaflet/leaflet.js", "vendor/leaflet/leaflet.css", "vendor/decode-tile.js")


def find_web() -> Path:
    """The folder with static/, templates/ and locale/: of the installed package, else of the repository.

    Raises
    ------
    Unavailable
        Neither is there.
    """
    package = Path(landbank.__file__).parent
    for folder in (package / "_web", package.parent / "web"):
        if (folder / "templates").is_dir():
            return folder
    raise Unavailable(
        "The pages' templates and scripts are not installed.", hint="Install landbank again: `make setup`."
    )


@dataclass(frozen=True, slots=True)
class WebFile:
    """One file as it is sent: its bytes, the same gzipped where that is shorter, and its media type."""

    body: bytes
    gzipped: bytes | None
    media_type: str


class WebFiles:
    """All static files of one process, read once; an ASGI application for everything under `/static`.

    Raises
    ------
    Unavailable
        The third-party bundle in static/vendor is missing: the web assets were never built.
    """

    permission = Permission.READ_PUBLIC

    def __init__(self, web: Path) -> None:
        folder = web / "static"
        missing = [name for name in NEEDED if not (folder / name).is_file()]
        if missing:
            raise Unavailable(
                f"The web assets are not built: {', '.join(missing)} missing in {folder}.",
                hint="Run `make setup`, or `npm ci && npm run build` in the folder web.",
            )
        self.files = {
            path.relative_to(folder).as_posix(): read_file(path)
            for path in sorted(folder.rglob("*"))
            if path.is_file()
        }
        self.version = tree_hash(self.files)

    def url(self, name: str) -> str:
        """The address of a file, for example `/static/1f0c…/css/site.css`.

        Raises
        ------
        KeyError
            There is no such file, so a page would ask for something that answers 404.
        """
        if name not in self.files:
            raise KeyError(f"no static file {name!r}")
        return f"/static/{self.version}/{name}"

    async def __call__(self, scope: Scope, _receive: Receive, send: Send) -> None:
        """Answer GET and HEAD of `/static/<version>/<name>`."""
        path = str(scope["path"]).removeprefix("/static")
        _, version, name = (*path.split("/", 2), "", "")[:3]
        file = self.files.get(name)
        if file is None or scope["method"] not in {"GET", "HEAD"}:
            await answer(send, 404, [(b"content-type", b"text/plain; charset=utf-8")], b"Not found")
            return
        headers = [(b"content-type", file.media_type.encode()), (b"vary", b"accept-encoding")]
        # A page of the version before may still be open: it gets today's file, and keeps nothing of it.
        headers.append((b"cache-control", FOR_EVER if version == self.version else b"no-store"))
        body = file.body
        if file.gzipped is not None and accepts_gzip(scope):
            body = file.gzipped
            headers.append((b"content-encoding", b"gzip"))
        await answer(send, 200, headers, body, is_head=scope["method"] == "HEAD")


def read_file(path: Path) -> WebFile:
    """A file with its gzipped form and media type."""
    body = path.read_bytes()
    is_text = path.suffix in TEXT_SUFFIXES
    gzipped = gzip.compress(body, 9, mtime=0) if is_text else None
    media_type = TYPES.guess_type(path.name)[0] or "application/octet-stream"
    return WebFile(
        body,
        gzipped if gzipped and len(gzipped) < len(body) else None,
        f"{media_type}; charset=utf-8" if is_text else media_type,
    )


def tree_hash(files: dict[str, WebFile]) -> str:
    """Twelve hexadecimal digits over all names and contents, in the order of the names."""
    digest = hashlib.sha256()
    for name in sorted(files):
        digest.update(f"{name}\0{len(files[name].body)}\0".encode())
        digest.update(files[name].body)
    return digest.hexdigest()[:12]


def accepts_gzip(scope: Scope) -> bool:
    """Whether the request says that it takes gzip."""
    return any(name == b"accept-encoding" and b"gzip" in value for name, value in scope["headers"])


async def answer(
    send: Send, status: int, headers: list[tuple[bytes, bytes]], body: bytes, *, is_head: bool = False
) -> None:
    """Send one whole answer; to HEAD the headers alone."""
    headers = [*headers, (b"content-length", str(len(body)).encode())]
    await send({"type": "http.response.start", "status": status, "headers": headers})
    await send({"type": "http.response.body", "body": b"" if is_head else body})
