"""What a sign-in service publishes of itself: its addresses, and the keys that it signs with; asked for seldom.

Source: OpenID Connect Discovery 1.0, 3 and 4; RFC 7517.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlsplit

import httpx
from joserfc.errors import JoseError
from joserfc.jwk import KeySet

from landbank.errors import Unavailable

TIMEOUT_S = 5.0
MOST_BYTES = 500_000
HOLDS = timedelta(hours=1)
"""How long what was published is taken for granted."""
AGAIN = timedelta(minutes=1)
"""An unknown key is looked for anew so often at most: whoever sends rubbish must not make us ask without end."""
LOOPBACK = frozenset({"127.0.0.1", "::1", "localhost"})
NEEDED = ("authorization_endpoint", "token_endpoint", "jwks_uri")


class Published:
    """What one service publishes.

    Parameters
    ----------
    issuer
        The service's address, exactly as its tokens name it.
    clock
        Gives the time in UTC.
    """

    def __init__(self, issuer: str, clock: Callable[[], datetime]) -> None:
        self.issuer = issuer
        self.clock = clock
        self._metadata: tuple[datetime, Mapping[str, Any]] | None = None
        self._keys: tuple[datetime, KeySet] | None = None
        self._looked_again: datetime | None = None

    def metadata(self) -> Mapping[str, Any]:
        """The service's addresses.

        Raises
        ------
        Unavailable
            The service does not answer, or its answer can't be used.
        """
        now = self.clock()
        if self._metadata is None or now - self._metadata[0] > HOLDS:
            told = fetch_json(f"{self.issuer.rstrip('/')}/.well-known/openid-configuration")
            if told.get("issuer") != self.issuer:
                raise Unavailable(
                    f"The sign-in service at {self.issuer} calls itself {str(told.get('issuer'))[:200]}.",
                    hint="The issuer in the configuration must be exactly what the service says.",
                )
            missing = [name for name in NEEDED if not is_safe(str(told.get(name, "")))]
            if missing:
                raise Unavailable(f"The sign-in service {self.issuer} has no safe {', '.join(missing)}.")
            self._metadata = (now, told)
        return self._metadata[1]

    def keys(self) -> KeySet:
        """The keys that the service signs with; raises as `metadata` does."""
        now = self.clock()
        if self._keys is None or now - self._keys[0] > HOLDS:
            self._keys = (now, self._fetch_keys())
        return self._keys[1]

    def keys_anew(self) -> KeySet | None:
        """The keys as they are now, for a token with an unknown one; None where that was asked a moment ago."""
        now = self.clock()
        if self._looked_again is not None and now - self._looked_again < AGAIN:
            return None
        self._looked_again = now
        self._keys = (now, self._fetch_keys())
        return self._keys[1]

    def _fetch_keys(self) -> KeySet:
        told = fetch_json(str(self.metadata()["jwks_uri"]))
        try:
            return KeySet.import_key_set(told)  # type: ignore[arg-type]
        except (JoseError, KeyError, TypeError, ValueError) as error:
            raise Unavailable(f"The keys of the sign-in service {self.issuer} can't be read.") from error


def fetch_json(address: str) -> dict[str, Any]:
    """The JSON object at an address; no redirect is followed.

    Raises
    ------
    Unavailable
        There is no answer, or it is no JSON object of a sensible size.
    """
    place = urlsplit(address).netloc
    try:
        answer = httpx.get(address, timeout=TIMEOUT_S, headers={"Accept": "application/json"})
        answer.raise_for_status()
        told = answer.json() if len(answer.content) <= MOST_BYTES else None
    except (httpx.HTTPError, ValueError) as error:
        raise Unavailable(
            f"The sign-in service at {place} does not answer.", hint="Try again in a moment."
        ) from error
    if not isinstance(told, dict):
        raise Unavailable(f"The sign-in service at {place} answers something else than JSON.")
    return told


def is_safe(address: str) -> bool:
    """Whether what is sent to an address is read by nobody on the way: https, or the loopback."""
    parts = urlsplit(address)
    return parts.scheme == "https" or (parts.scheme == "http" and parts.hostname in LOOPBACK)
