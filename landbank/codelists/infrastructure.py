"""Points that access distances are measured to."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cache

from landbank.codelists.files import read_list
from landbank.domain.codes import AccessKind

SOURCE = "landbank: ungefärligt läge ur allmän kännedom, ej inmätt (data/infrastructure.toml)"


@dataclass(frozen=True, slots=True)
class InfrastructurePoint:
    """A motorway junction, rail terminal, port or airport; longitude and latitude are within about `accuracy_m`."""

    kind: AccessKind
    name: str
    lonlat: tuple[float, float]
    accuracy_m: int


@cache
def infrastructure() -> tuple[InfrastructurePoint, ...]:
    """The points in the order of the list."""
    return tuple(
        InfrastructurePoint(
            AccessKind(row["kind"]), row["name"], (row["lonlat"][0], row["lonlat"][1]), row["accuracy_m"]
        )
        for row in read_list("infrastructure")["point"]
    )
