"""Links by which a reader stops a kind of mail: signed, so that nobody stops another's, and holding no address."""

from __future__ import annotations

import base64
import binascii
import hashlib
import hmac
from dataclasses import dataclass
from typing import Final

from landbank.errors import NotFound

PURPOSE: Final = b"landbank mail choice v1\0"
LONGEST: Final = 200


@dataclass(frozen=True, slots=True, repr=False)
class StopTokens:
    """Signs and reads the tokens of stop links with a secret key of at least 32 bytes."""

    key: bytes

    def __post_init__(self) -> None:
        """Refuse a key that could be guessed."""
        if len(self.key) < 32:
            raise ValueError("the key of the stop links needs at least 32 bytes")

    def token(self, contact_id: int) -> str:
        """The token of a contact's link; it never expires, since letters are kept."""
        told = str(contact_id).encode()
        return _text(told) + "." + _text(self._signature(told))

    def contact_of(self, token: str) -> int:
        """The contact that a token was made for.

        Raises
        ------
        NotFound
            It is no token of ours.
        """
        try:
            first, second = token[:LONGEST].split(".")
            told, signature = _bytes(first), _bytes(second)
            if hmac.compare_digest(signature, self._signature(told)):
                return int(told)
        except (ValueError, binascii.Error):
            pass
        raise NotFound("This link is not one of ours, or a piece of it is missing.", where="t")

    def _signature(self, told: bytes) -> bytes:
        return hmac.new(self.key, PURPOSE + told, hashlib.sha256).digest()[:18]


def _text(raw: bytes) -> str:
    return base64.urlsafe_b64encode(raw).rstrip(b"=").decode()


def _bytes(text: str) -> bytes:
    return base64.b64decode(text.encode("ascii") + b"=" * (-len(text) % 4), altchars=b"-_", validate=True)
