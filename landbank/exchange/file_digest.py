"""The SHA-256 of a file's bytes, or of all files of a folder."""

from __future__ import annotations

import hashlib
from pathlib import Path


def file_digest(path: Path) -> str:
    """Hexadecimal; of a folder (a File Geodatabase) the names and bytes of its files in order."""
    if path.is_file():
        with path.open("rb") as file:
            return hashlib.file_digest(file, "sha256").hexdigest()
    sha = hashlib.sha256()
    for part in sorted(path.rglob("*")):
        if part.is_file():
            sha.update(f"{part.relative_to(path)}\n{file_digest(part)}\n".encode())
    return sha.hexdigest()
