"""What a token must say before it is believed: each fault is named, and the order of claims does not matter."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import pytest

from landbank.identity.openid import Service, fault_of
from landbank.identity.openid_keys import is_safe

NOW = 1_800_000_000.0
SERVICE = Service("stad", "Staden", "The city", "https://login.example.org", "landbank", None)
GOOD: dict[str, Any] = {
    "iss": "https://login.example.org", "aud": "landbank", "sub": "a1", "nonce": "n", "iat": NOW, "exp": NOW + 300,
}  # fmt: skip


def fault(service: Service = SERVICE, **changed: Any) -> str | None:
    """What is wrong with the good claims, some changed; None takes a claim away."""
    claims = {name: value for name, value in (GOOD | changed).items() if value is not None}
    return fault_of(claims, service, nonce="n", now=NOW)


@pytest.mark.parametrize(
    "changed",
    [{}, {"aud": ["landbank"]}, {"aud": ["landbank", "b"], "azp": "landbank"}, {"exp": NOW - 59}, {"iat": NOW + 59}],
)  # fmt: skip
def test_token_that_is_right_has_no_fault(changed: dict[str, Any]) -> None:
    assert fault(**changed) is None


@pytest.mark.parametrize(
    ("changed", "told"),
    [
        ({"iss": "https://other.example.org"}, "another service's"),
        ({"iss": "https://login.example.org/"}, "another service's"),
        ({"aud": "b"}, "another program"),
        ({"aud": None}, "another program"),
        ({"aud": {"landbank": 1}}, "another program"),
        ({"aud": ["landbank", "b"]}, "given to another program"),
        ({"azp": "b"}, "given to another program"),
        ({"exp": NOW - 61}, "expired"),
        ({"exp": None}, "expired"),
        ({"exp": "soon"}, "expired"),
        ({"exp": True}, "expired"),
        ({"iat": NOW + 61}, "future"),
        ({"iat": None}, "future"),
        ({"nbf": NOW + 61}, "not hold yet"),
        ({"nonce": "m"}, "nonce"),
        ({"nonce": None}, "nonce"),
        ({"nonce": 7}, "nonce"),
        ({"sub": None}, "nobody"),
        ({"sub": ""}, "nobody"),
        ({"sub": "a" * 256}, "nobody"),
        ({"sub": 7}, "nobody"),
        ({"sub": "\ud800"}, "nobody"),
    ],
)
def test_each_fault_is_named(changed: dict[str, Any], told: str) -> None:
    assert told in (fault(**changed) or "")


def test_sign_in_that_was_weaker_than_asked_is_refused() -> None:
    strong = replace(SERVICE, acr=("urn:loa3",), amr=("mfa", "hwk"))
    assert fault(strong, acr="urn:loa3", amr=["pwd", "mfa"]) is None
    assert "acr" in (fault(strong, acr="urn:loa2", amr=["mfa"]) or "")
    assert "acr" in (fault(strong, amr=["mfa"]) or "")
    assert "amr" in (fault(strong, acr="urn:loa3", amr=["pwd"]) or "")
    assert "amr" in (fault(strong, acr="urn:loa3", amr="mfa") or "")


@pytest.mark.parametrize(
    ("address", "is_taken"),
    [
        ("https://login.example.org/auth", True),
        ("http://127.0.0.1:9/auth", True),
        ("http://login.example.org/auth", False),
        ("javascript:alert(1)", False),
        ("", False),
    ],
)
def test_addresses_that_others_could_listen_to_are_refused(address: str, is_taken: bool) -> None:
    assert is_safe(address) is is_taken
