"""The organisations' sign-in services that the operator lists in a TOML file, as `[[service]]`."""

from __future__ import annotations

import tomllib
from pathlib import Path
from typing import Annotated, Literal

from pydantic import BaseModel, ConfigDict, Field, StringConstraints, ValidationError, field_validator

from landbank.errors import Invalid
from landbank.identity.openid import ALGORITHMS, Service
from landbank.identity.openid_keys import is_safe

Text = Annotated[str, StringConstraints(min_length=1, max_length=200, strip_whitespace=True)]
HINT = "docs/operations/sign-in.md shows the form."


class ServiceIn(BaseModel):
    """One `[[service]]` of the file."""

    model_config = ConfigDict(extra="forbid", frozen=True)

    name: Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9-]{0,39}$")]
    label_sv: Text
    label_en: Text
    issuer: Annotated[str, StringConstraints(max_length=500)]
    client_id: Text
    client_secret_file: Path | None = None
    client_auth: Literal["client_secret_basic", "client_secret_post"] = "client_secret_basic"
    scopes: tuple[Text, ...] = ("openid", "profile")
    algorithms: tuple[str, ...] = Field(default=("RS256",), min_length=1)
    acr: tuple[Text, ...] = ()
    amr: tuple[Text, ...] = ()

    @field_validator("issuer")
    @classmethod
    def is_safe_address(cls, issuer: str) -> str:
        """Refuse an address that others could answer at."""
        if not is_safe(issuer):
            raise ValueError("must begin with https:// (http:// on the loopback only)")
        return issuer

    @field_validator("scopes")
    @classmethod
    def asks_who(cls, scopes: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse scopes that would bring no token of who somebody is."""
        if "openid" not in scopes:
            raise ValueError("must hold openid")
        return scopes

    @field_validator("algorithms")
    @classmethod
    def are_known(cls, algorithms: tuple[str, ...]) -> tuple[str, ...]:
        """Refuse signatures that anybody could make."""
        strange = [one for one in algorithms if one not in ALGORITHMS]
        if strange:
            raise ValueError(f"{', '.join(strange)} is none of {', '.join(ALGORITHMS)}")
        return algorithms

    def to_service(self, folder: Path) -> Service:
        """The service; a relative path of its secret counts from the file's folder."""
        secret = self.client_secret_file
        return Service(
            name=self.name,
            label_sv=self.label_sv,
            label_en=self.label_en,
            issuer=self.issuer,
            client_id=self.client_id,
            secret_file=None if secret is None else folder / secret,
            scopes=self.scopes,
            algorithms=self.algorithms,
            acr=self.acr,
            amr=self.amr,
            client_auth=self.client_auth,
        )


def read_services(path: Path | None) -> tuple[Service, ...]:
    """The services of the file in its order; none where no file is named.

    Raises
    ------
    Invalid
        The file can't be read, is no TOML, or an entry has a wrong, missing or unknown field.
    """
    if path is None:
        return ()
    where = "LANDBANK_SIGN_IN_SERVICES"
    try:
        content = tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise Invalid(
            f"The list of sign-in services {path} can't be read: {error.strerror}.", where=where
        ) from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError) as error:
        raise Invalid(
            f"The list of sign-in services {path} is no valid TOML: {error}.", where=where
        ) from error
    entries = content.pop("service", [])
    if content or not isinstance(entries, list):
        raise Invalid(
            f"The list of sign-in services {path} holds something else than [[service]] entries.",
            hint=HINT,
            where=where,
        )
    services = tuple(read_entry(entry, number, path) for number, entry in enumerate(entries, start=1))
    for told in ([one.name for one in services], [one.issuer for one in services]):
        if len(set(told)) != len(told):
            raise Invalid(f"The list {path} names a name or an issuer twice.", hint=HINT, where=where)
    return services


def read_entry(entry: object, number: int, path: Path) -> Service:
    """One entry of the file."""
    try:
        return ServiceIn.model_validate(entry).to_service(path.resolve().parent)
    except ValidationError as error:
        faults = "; ".join(
            f"{'.'.join(map(str, fault['loc'])) or 'entry'}: {fault['msg']}" for fault in error.errors()
        )
        raise Invalid(
            f"Sign-in service {number} in {path} is wrong: {faults}.", hint=HINT, where=f"service {number}"
        ) from error
