"""What must be readable again and is kept sealed: with a key in a file, outside the database and its backups.

AES-256-GCM; each seal is bound to what it is for, so that one person's secret can't be put in another's place.
"""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
import os
import secrets
from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM

from landbank.errors import Invalid, Unavailable

NONCE_BYTES = 12


@dataclass(frozen=True, slots=True)
class Seal:
    """Something sealed, and the name of the key that opens it."""

    key_id: str
    content: bytes


class Sealer:
    """Seals and opens with the key of a file, which is made at its first use; nothing is read before that.

    Parameters
    ----------
    path
        The file: 32 bytes in base64. Readable by its owner alone.
    random
        Gives random bytes.
    """

    def __init__(self, path: Path, random: Callable[[int], bytes] = secrets.token_bytes) -> None:
        self.path = path
        self.random = random
        self._key: bytes | None = None

    @property
    def key(self) -> bytes:
        """The key, 32 bytes.

        Raises
        ------
        Unavailable
            The file can't be made or read, or others may read it.
        Invalid
            It holds no key.
        """
        if self._key is None:
            self._key = read_or_make(self.path, self.random)
        return self._key

    @property
    def key_id(self) -> str:
        """A name of the key that tells nothing of it."""
        return hashlib.sha256(b"landbank key name" + self.key).hexdigest()[:12]

    def seal(self, secret: bytes, purpose: str) -> Seal:
        """The secret, sealed for a purpose (`totp user:7`)."""
        nonce = self.random(NONCE_BYTES)
        sealed = AESGCM(self.key).encrypt(nonce, secret, purpose.encode())
        return Seal(self.key_id, nonce + sealed)

    def open(self, seal: Seal, purpose: str) -> bytes:
        """What was sealed for this purpose.

        Raises
        ------
        Unavailable
            It was sealed with another key, or for something else, or was changed.
        """
        try:
            return AESGCM(self.key).decrypt(
                seal.content[:NONCE_BYTES], seal.content[NONCE_BYTES:], purpose.encode()
            )
        except InvalidTag as error:
            raise Unavailable(
                f"A secret that was sealed with the key {seal.key_id} can't be opened with {self.key_id}.",
                hint=f"Restore {self.path.name}; docs/operations/sign-in.md says what is lost without it.",
            ) from error

    def seal_text(self, text: str, purpose: str) -> str:
        """A text, sealed and written so that it can stand in a cookie."""
        return base64.urlsafe_b64encode(self.seal(text.encode(), purpose).content).decode()

    def open_text(self, sealed: str, purpose: str) -> str | None:
        """The text, or None where it was not sealed here for this purpose."""
        try:
            content = base64.urlsafe_b64decode(sealed.encode())
            return self.open(Seal("", content), purpose).decode()
        except (Unavailable, binascii.Error, ValueError):
            return None

    def mark(self, text: str) -> bytes:
        """A digest of the text that nobody can search backwards who has not the key."""
        return hmac.new(self.key, b"landbank mark" + text.encode(), hashlib.sha256).digest()


def read_or_make(path: Path, random: Callable[[int], bytes]) -> bytes:
    """The key of the file, which is made where it is missing; two that make it at once end with the same one."""
    try:
        if not path.exists():
            make(path, random(32))
        if path.stat().st_mode & 0o077:
            raise Unavailable(
                f"Others than its owner may read the key file {path}.", hint=f"Run: chmod 600 {path}"
            )
        text = path.read_text(encoding="ascii")
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"The key file {path} can't be read or made: {error}.",
            hint="Set LANDBANK_SECRET_FILE to a file that landbank may read, or LANDBANK_HOME to a folder of its own.",
            where="LANDBANK_SECRET_FILE",
        ) from error
    try:
        key = base64.b64decode(text.strip(), validate=True)
    except binascii.Error:
        key = b""
    if len(key) != 32:
        raise Invalid(
            f"The key file {path} does not hold 32 bytes in base64.",
            hint="Make one with: openssl rand -base64 32",
            where="LANDBANK_SECRET_FILE",
        )
    return key


def make(path: Path, key: bytes) -> None:
    """Write a key to a new file, whole or not at all; one that somebody made meanwhile stays."""
    path.parent.mkdir(parents=True, exist_ok=True)
    fresh = path.with_name(f"{path.name}.{os.getpid()}.{secrets.token_hex(4)}")
    handle = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(handle, "w") as file:
        file.write(base64.b64encode(key).decode() + "\n")
        file.flush()
        os.fsync(file.fileno())
    try:
        os.link(fresh, path)
    except FileExistsError:
        return
    finally:
        fresh.unlink()
