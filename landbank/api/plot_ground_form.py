"""What the form of a new plot states once: where it lies, as coordinates, and where on the lifecycle it begins."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from landbank.api.i18n import N_, Words
from landbank.api.posted import Posted
from landbank.codelists import terms
from landbank.domain.lifecycle import Axis, Lifecycle

SYSTEMS: Mapping[str, str] = {
    "EPSG:3006": N_("SWEREF 99 TM: öst, nord i meter"),
    "EPSG:3007": N_("SWEREF 99 12 00 (Göteborg): öst, nord i meter"),
    "EPSG:4326": N_("WGS 84: längdgrad, breddgrad"),
}
"""The systems that coordinates can be typed in."""

GROUND_FIELDS: Mapping[str, str] = {"geometry": "punkter", "location": "punkter", "crs": "crs"}
"""The form's field by the member of the document."""

NUMBER = re.compile(r"-?\d{1,9}([.,]\d{1,12})?")
MOST_POINTS = 10_000
NO_PAIR = N_(
    "Rad %(line)s är inga två tal. Skriv öst och nord med mellanslag emellan, till exempel 318000,5 6400120."
)
TOO_FEW = N_("Skriv en punkt, eller minst tre hörn av en gräns.")
TOO_MANY = N_("Skriv högst %(number)s punkter.")


@dataclass(frozen=True, slots=True)
class StartView:
    """A list of the form of a new plot."""

    name: str
    label: str
    options: tuple[tuple[str, str, bool], ...]
    error: str


def starts_of(
    lifecycle: Lifecycle, typed: Posted, errors: Mapping[str, str], words: Words
) -> tuple[StartView, ...]:
    """The system of the coordinates, and the states that a new plot may have."""
    told = typed.text("crs") or next(iter(SYSTEMS))
    systems = tuple((code, words.gettext(text), code == told) for code, text in SYSTEMS.items())
    found = [StartView("crs", words.gettext("Koordinatsystem"), systems, errors.get("crs", ""))]
    for axis, label in ((Axis.AVAILABILITY, N_("Försäljning")), (Axis.READINESS, N_("Marken"))):
        track, chosen = lifecycle.track(axis), typed.text(str(axis))
        options = [("", words.gettext("okänt"), not chosen)]
        options += [
            (str(state), terms(str(axis))[state].label(words.language), state == chosen)
            for state in track.states
            if state in track.initial
        ]
        found.append(StartView(str(axis), words.gettext(label), tuple(options), errors.get(str(axis), "")))
    return tuple(found)


def read_ground(posted: Posted, words: Words) -> tuple[dict[str, Any], dict[str, str]]:
    """The members of a document that say where the plot lies, and what is wrong by field: one point, or a ring."""
    crs = posted.text("crs")
    if crs not in SYSTEMS:
        return {}, {"crs": words.gettext("Välj något i listan.")}
    points = []
    for line, text in enumerate(posted.text("punkter").splitlines(), 1):
        pair = read_pair(text)
        if text.strip() and pair is None:
            return {}, {"punkter": words.gettext(NO_PAIR) % {"line": words.number(line, 0)}}
        points += [pair] if pair is not None else []
    if len(points) > MOST_POINTS:
        return {}, {"punkter": words.gettext(TOO_MANY) % {"number": words.number(MOST_POINTS, 0)}}
    if len(points) == 1:
        return {"crs": crs, "location": {"type": "Point", "coordinates": points[0]}}, {}
    ring = points if points[:1] == points[-1:] else [*points, *points[:1]]
    if len(ring) < 4:
        return {}, {"punkter": words.gettext(TOO_FEW)}
    return {"crs": crs, "geometry": {"type": "Polygon", "coordinates": [ring]}}, {}


def read_pair(line: str) -> list[float] | None:
    """Two numbers of a line, apart by spaces or a semicolon, with decimal comma or point; or by a comma alone."""
    parts = [part.strip(",") for part in re.split(r"[\s;]+", line.strip()) if part.strip(",")]
    if len(parts) == 1 and parts[0].count(",") == 1 and "." in parts[0]:
        parts = parts[0].split(",")
    if len(parts) != 2 or not all(part.isascii() and NUMBER.fullmatch(part) for part in parts):
        return None
    return [float(part.replace(",", ".")) for part in parts]
