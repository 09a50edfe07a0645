"""Signing in at an organisation's own service: OpenID Connect, authorization code with PKCE, state and nonce.

What comes back says who somebody is, as the service's subject; what they may do here, landbank alone decides.
Source: OpenID Connect Core 1.0, 3.1; RFC 7636; RFC 9207; RFC 9700.
"""

from __future__ import annotations

import hmac
import warnings
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

import httpx
from authlib.deprecate import AuthlibDeprecationWarning
from joserfc import jwt
from joserfc.errors import InvalidKeyIdError, JoseError
from joserfc.jwk import KeySet

from landbank.errors import Forbidden, NotSignedIn, Unavailable
from landbank.identity.openid_keys import TIMEOUT_S, Published
from landbank.identity.tokens import Random, new_secret

with warnings.catch_warnings():
    # Authlib would rather have httpx's successor, which it works without.
    warnings.simplefilter("ignore", AuthlibDeprecationWarning)
    from authlib.integrations.base_client.errors import OAuthError
    from authlib.integrations.httpx_client import OAuth2Client

ALGORITHMS = ("RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512")
"""Signatures that a service may be allowed: all with a key pair, none with a shared secret, and never none."""

SKEW_S = 60
LONGEST_SUBJECT = 255


@dataclass(frozen=True, slots=True)
class Service:
    """An organisation's sign-in service as the operator configured it.

    `name` stands in addresses; of `acr` and `amr`, where given, the token must carry one: that a second factor was
    asked for, for example.
    """

    name: str
    label_sv: str
    label_en: str
    issuer: str
    client_id: str
    secret_file: Path | None
    scopes: tuple[str, ...] = ("openid", "profile")
    algorithms: tuple[str, ...] = ("RS256",)
    acr: tuple[str, ...] = ()
    amr: tuple[str, ...] = ()
    client_auth: str = "client_secret_basic"


@dataclass(frozen=True, slots=True)
class Begun:
    """A sign-in under way: where the browser goes, and what must come back with it."""

    address: str
    state: str
    nonce: str
    verifier: str


@dataclass(frozen=True, slots=True)
class Claimed:
    """Who somebody is, as the service says. Name and address are for show: `issuer` and `subject` decide."""

    issuer: str
    subject: str
    name: str | None
    email: str | None


class SignInService:
    """One service, spoken to. Called in a thread: it waits for the network, up to some seconds."""

    def __init__(self, service: Service, *, clock: Callable[[], datetime], random: Random) -> None:
        self.service = service
        self.clock = clock
        self.random = random
        self.published = Published(service.issuer, clock)

    def begin(self, back: str) -> Begun:
        """Where to send the browser; `back` is the address that it returns to.

        Raises
        ------
        Unavailable
            The service does not answer.
        """
        state, nonce, verifier = (new_secret(self.random) for _ in range(3))
        with self._client(back) as client:
            address, _ = client.create_authorization_url(
                self.published.metadata()["authorization_endpoint"],
                state=state,
                code_verifier=verifier,
                nonce=nonce,
                **({"acr_values": " ".join(self.service.acr)} if self.service.acr else {}),
            )
        return Begun(address, state, nonce, verifier)

    def finish(self, back: str, begun: Begun, answer: Mapping[str, str]) -> Claimed:
        """Who came back, from the parameters of the address they came back to.

        Raises
        ------
        NotSignedIn
            The service let the person not in, or they gave up.
        Forbidden
            The answer is not one to what was asked here, or its token is not to be trusted; the text says why.
        Unavailable
            The service does not answer.
        """
        if not hmac.compare_digest(answer.get("state", "").encode(), begun.state.encode()):
            raise refused("the state is not the one that was sent")
        if "iss" in answer and answer["iss"] != self.service.issuer:
            raise refused("another service answers")
        if "error" in answer:
            raise NotSignedIn(f"The sign-in service says: {answer['error'][:100]}.", hint="Try again.")
        with self._client(back) as client:
            token = self._exchange(client, answer.get("code", ""), begun.verifier)
        return self.read_token(str(token.get("id_token", "")), nonce=begun.nonce)

    def read_token(self, text: str, *, nonce: str) -> Claimed:
        """Who the token is about, once everything about it is right; raises `Forbidden` else."""
        claims = self._verified(text)
        fault = fault_of(claims, self.service, nonce=nonce, now=self.clock().timestamp())
        if fault is not None:
            raise refused(fault)
        return Claimed(
            self.service.issuer,
            claims["sub"],
            text_of(claims, "name") or text_of(claims, "preferred_username"),
            text_of(claims, "email"),
        )

    def _client(self, back: str) -> Any:
        service = self.service
        secret = read_secret(service.secret_file) if service.secret_file else None
        return OAuth2Client(
            service.client_id,
            secret,
            token_endpoint_auth_method=service.client_auth if secret else "none",
            scope=" ".join(service.scopes),
            redirect_uri=back,
            code_challenge_method="S256",
            timeout=TIMEOUT_S,
        )

    def _exchange(self, client: Any, code: str, verifier: str) -> Mapping[str, Any]:
        try:
            token: Mapping[str, Any] = client.fetch_token(
                self.published.metadata()["token_endpoint"],
                grant_type="authorization_code",
                code=code,
                code_verifier=verifier,
            )
        except OAuthError as error:
            raise refused(f"the service refuses the code ({error.error})") from error
        except (httpx.HTTPError, ValueError) as error:
            raise Unavailable(
                f"The sign-in service {self.service.issuer} does not answer.", hint="Try again in a moment."
            ) from error
        return token

    def _verified(self, text: str) -> Mapping[str, Any]:
        """The claims of a token whose signature is the service's; its keys are fetched again once if need be."""
        try:
            return self._decoded(text, self.published.keys())
        except InvalidKeyIdError:
            keys = self.published.keys_anew()
        try:
            if keys is not None:
                return self._decoded(text, keys)
        except InvalidKeyIdError:
            pass
        raise refused("the token is signed with a key that the service does not publish")

    def _decoded(self, text: str, keys: KeySet) -> Mapping[str, Any]:
        try:
            return jwt.decode(text, keys, algorithms=list(self.service.algorithms)).claims
        except InvalidKeyIdError:
            raise
        except (JoseError, ValueError) as error:
            raise refused(f"the token's signature does not hold ({type(error).__name__})") from error


def fault_of(claims: Mapping[str, Any], service: Service, *, nonce: str, now: float) -> str | None:
    """What is wrong with the claims of a token whose signature holds, or None.

    Source: OpenID Connect Core 1.0, 3.1.3.7.
    """
    return (
        audience_fault(claims, service)
        or time_fault(claims, now)
        or person_fault(claims, nonce)
        or weakness_of(claims, service)
    )


def audience_fault(claims: Mapping[str, Any], service: Service) -> str | None:
    """How the token is not this service's for this landbank, or None."""
    audience = claims.get("aud")
    audiences = [audience] if isinstance(audience, str) else audience
    if claims.get("iss") != service.issuer:
        return "the token is another service's"
    if not isinstance(audiences, list) or service.client_id not in audiences:
        return "the token is for another program"
    if (len(audiences) > 1 or "azp" in claims) and claims.get("azp") != service.client_id:
        return "the token was given to another program"
    return None


def time_fault(claims: Mapping[str, Any], now: float) -> str | None:
    """How the token does not hold now, or None; clocks may differ by a minute."""
    if not is_number(claims.get("exp")) or claims["exp"] <= now - SKEW_S:
        return "the token has expired"
    if not is_number(claims.get("iat")) or claims["iat"] > now + SKEW_S:
        return "the token is from the future"
    if is_number(claims.get("nbf")) and claims["nbf"] > now + SKEW_S:
        return "the token does not hold yet"
    return None


def person_fault(claims: Mapping[str, Any], nonce: str) -> str | None:
    """How the token is not about whom was asked, or None."""
    told, subject = claims.get("nonce"), claims.get("sub")
    if not isinstance(told, str) or not hmac.compare_digest(told.encode(), nonce.encode()):
        return "the nonce is not the one that was sent"
    if not isinstance(subject, str) or not 1 <= len(subject) <= LONGEST_SUBJECT or not subject.isascii():
        return "the token names nobody"
    return None


def weakness_of(claims: Mapping[str, Any], service: Service) -> str | None:
    """How the service let somebody in more easily than is asked of it, or None."""
    if service.acr and claims.get("acr") not in service.acr:
        return "the sign-in was not as strong as asked (acr)"
    methods = claims.get("amr")
    if service.amr and not (isinstance(methods, list) and set(service.amr) & {str(one) for one in methods}):
        return "the sign-in was not as strong as asked (amr)"
    return None


def refused(why: str) -> Forbidden:
    """The refusal of an answer that is not to be trusted."""
    return Forbidden(f"The sign-in service's answer was refused: {why}.", hint="Begin the sign-in again.")


def read_secret(path: Path) -> str:
    """The secret that a file holds, without the line's end.

    Raises
    ------
    Unavailable
        The file can't be read.
    """
    try:
        return path.read_text(encoding="utf-8").strip()
    except (OSError, UnicodeDecodeError) as error:
        raise Unavailable(
            f"The file with the sign-in service's secret can't be read: {path.name}."
        ) from error


def is_number(value: object) -> bool:
    """Whether a claim is a moment in seconds."""
    return isinstance(value, int | float) and not isinstance(value, bool)


def text_of(claims: Mapping[str, Any], name: str) -> str | None:
    """A claim that is a text and says something, else None."""
    value = claims.get(name)
    return value if isinstance(value, str) and value.strip() else None
