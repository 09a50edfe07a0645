"""The second factor: codes of an authenticator app, each good for half a minute and for one use.

Source: RFC 6238. SHA-1, 6 digits and 30 s, since many apps read nothing else from a QR code.
"""

from __future__ import annotations

import base64
from datetime import datetime

import pyotp

from landbank.identity.tokens import Random

STEP_S = 30
LATE_STEPS = 1
"""A code is taken for so many steps before and after its own: clocks differ, and people type slowly."""
SECRET_BYTES = 20


def new_totp_secret(random: Random) -> bytes:
    """A new secret, 160 bits."""
    return random(SECRET_BYTES)


def as_text(secret: bytes) -> str:
    """The secret as an app takes it when it is typed."""
    return base64.b32encode(secret).decode()


def address_of(secret: bytes, login: str, place: str) -> str:
    """The address that a QR code holds; `place` is what the app shows beside the name."""
    return pyotp.TOTP(as_text(secret)).provisioning_uri(name=login, issuer_name=place)


def step_of(code: str, secret: bytes, now: datetime) -> int | None:
    """The time step that the code belongs to, or None where it is wrong, too old or too early."""
    digits = "".join(code.split())
    if len(digits) != 6 or not (digits.isascii() and digits.isdigit()):
        return None
    app = pyotp.TOTP(as_text(secret))
    current = int(now.timestamp()) // STEP_S
    steps = range(current - LATE_STEPS, current + LATE_STEPS + 1)
    return next((step for step in steps if pyotp.utils.strings_equal(app.generate_otp(step), digits)), None)
