"""Secrets that landbank gives out, and the digests that it keeps of them: sessions, keys, links, recovery codes.

Each has 100 bits or more of chance, so a plain SHA-256 can't be searched backwards.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import re
from collections.abc import Callable

Random = Callable[[int], bytes]
"""Gives so many random bytes, as `secrets.token_bytes` does."""

KEY = re.compile(r"lb_([1-9][0-9]{0,17})_([A-Za-z0-9_-]{43})")
CODE_SIGNS = "23456789ABCDEFGHJKLMNPQRSTUVWXYZ"
"""What recovery codes are written in: nothing that looks like something else."""
CODE_LENGTH = 20


def new_secret(random: Random) -> str:
    """256 random bits as 43 signs that can stand in an address or a header."""
    return base64.urlsafe_b64encode(random(32)).rstrip(b"=").decode()


def digest(secret: str) -> bytes:
    """What is kept of a secret."""
    return hashlib.sha256(secret.encode()).digest()


def is_digest_of(kept: bytes, secret: str) -> bool:
    """Whether the digest is the secret's, in the same time whatever differs."""
    return hmac.compare_digest(kept, digest(secret))


def write_key(number: int, secret: str) -> str:
    """The text of an API key: `lb_<number>_<secret>`."""
    return f"lb_{number}_{secret}"


def read_key(text: str) -> tuple[int, str] | None:
    """Number and secret of an API key's text, or None where it is none."""
    match = KEY.fullmatch(text)
    return (int(match[1]), match[2]) if match else None


def new_code(random: Random) -> str:
    """A recovery code: 100 random bits in four groups, to be written down."""
    signs = "".join(CODE_SIGNS[byte % len(CODE_SIGNS)] for byte in random(CODE_LENGTH))
    return "-".join(signs[start : start + 5] for start in range(0, CODE_LENGTH, 5))


def read_code(text: str) -> str | None:
    """A recovery code as it was given out, however it was typed; None where it can't be one."""
    signs = re.sub(r"[\s-]+", "", text).upper()
    if len(signs) != CODE_LENGTH or not set(signs) <= set(CODE_SIGNS):
        return None
    return "-".join(signs[start : start + 5] for start in range(0, CODE_LENGTH, 5))
