"""Uploaded files while they wait to be applied: each in a folder of its own whose name nobody can guess."""

from __future__ import annotations

import re
import secrets
import shutil
from collections.abc import AsyncIterator, Callable
from pathlib import Path

from landbank.errors import Gone, Invalid

_TOKEN = re.compile(r"[A-Za-z0-9_-]{43}")
LONGEST_NAME = 100


class Uploads:
    """The scratch folder of uploaded files; made at the first of them, open to this user alone."""

    def __init__(self, folder: Path, *, max_mb: int) -> None:
        self._folder = folder
        self._most_bytes = max_mb * 1_000_000

    async def take(self, chunks: AsyncIterator[bytes], file_name: str) -> str:
        """Keep the bytes of a file; the token that it is found by comes back.

        Raises
        ------
        Invalid
            It is larger than the limit, or has no bytes; nothing of it is kept.
        """
        token = secrets.token_urlsafe(32)
        folder = self._folder / token
        self._folder.mkdir(mode=0o700, parents=True, exist_ok=True)
        folder.mkdir(mode=0o700)
        try:
            await self._write(folder / plain_name(file_name), chunks)
        except BaseException:
            shutil.rmtree(folder)
            raise
        return token

    async def _write(self, path: Path, chunks: AsyncIterator[bytes]) -> None:
        size = 0
        with path.open("xb") as file:
            async for chunk in chunks:
                size += len(chunk)
                if size > self._most_bytes:
                    raise Invalid(
                        f"{path.name} is larger than {self._most_bytes // 1_000_000} MB.",
                        hint="Split it, or let the operator import it by command, or raise LANDBANK_UPLOAD_MAX_MB.",
                        where="file",
                    )
                file.write(chunk)
        if size == 0:
            raise Invalid(f"{path.name} is empty (0 bytes).", hint="Export or copy it again.", where="file")

    def path(self, token: str) -> Path:
        """Where a file lies.

        Raises
        ------
        Gone
            It is not there any more.
        """
        folder = self._folder / token
        files = list(folder.iterdir()) if _TOKEN.fullmatch(token) and folder.is_dir() else []
        if not files:
            raise Gone("The uploaded file is gone.", hint="Upload it again.", where="file")
        return files[0]

    def remove(self, token: str) -> None:
        """Remove a file; harmless to repeat."""
        if _TOKEN.fullmatch(token):
            shutil.rmtree(self._folder / token, ignore_errors=True)

    def remove_strays(self, is_old: Callable[[float], bool]) -> None:
        """Remove files that no record speaks of any more, by the time (seconds of the epoch) when they came."""
        if self._folder.is_dir():
            for folder in self._folder.iterdir():
                if _TOKEN.fullmatch(folder.name) and is_old(folder.stat().st_mtime):
                    shutil.rmtree(folder, ignore_errors=True)


def plain_name(file_name: str) -> str:
    """The file's own name without folders and strange signs: letters, digits and a few others, ending kept."""
    name = re.sub(r"[^\w .()+-]", "_", file_name.replace("\\", "/").rsplit("/", 1)[-1]).strip(" .")
    return name[-LONGEST_NAME:] or "upload"
