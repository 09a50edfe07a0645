"""Says which plot a row speaks of: its municipality and its reference there."""

from __future__ import annotations

import hashlib
import re
from collections.abc import Mapping

import numpy as np
import shapely
from numpy.typing import NDArray

from landbank.exchange.rows import RowWork
from landbank.exchange.seen import Seen
from landbank.exchange.targets import plain
from landbank.exchange.values import SEPARATOR
from landbank.geo.places import Borders
from landbank.geo.shape import Shapes, is_none

DIGEST_PREFIX = "geo-"


def municipality_words(names: Mapping[str, str]) -> dict[str, str]:
    """The code that each way of writing a municipality means: code, name, 'Lerums kommun', 'Göteborgs stad'."""
    told: dict[str, str] = {}
    for code, name in names.items():
        forms = (code, name, f"{name} kommun", f"{name}s kommun", f"{name} stad", f"{name}s stad")
        told |= {plain(form): code for form in forms}
    return told


class Identities:
    """Gives rows their municipality and reference, and refuses those that come twice."""

    def __init__(
        self,
        fixed: str | None,
        names: Mapping[str, str],
        borders: Borders,
        *,
        permitted: frozenset[str] | None,
    ) -> None:
        """`fixed` is the municipality of all rows, or None; `names` by code; rows outside `permitted` are refused."""
        self._fixed = fixed
        self._permitted = permitted
        self._words = municipality_words(names)
        self._names = names
        self._borders = borders
        self._met = Seen()

    def settle(self, work: RowWork, shapes: Shapes) -> None:
        """Fill `work.municipality` and `work.reference`; rows without a municipality are refused."""
        if self._fixed is not None:
            work.municipality[:] = self._fixed
        else:
            self._read_municipality(work, shapes)
            self._place_municipality(work, shapes)
        self._refuse_foreign(work, shapes)
        self._warn_outside(work, shapes)
        self._settle_reference(work, shapes)

    def _read_municipality(self, work: RowWork, shapes: Shapes) -> None:
        told = work.texts("municipality")
        for text in {text for text in told if text is not None}:
            rows = np.flatnonzero(told == text)
            code = self._words.get(plain(text)) or self._words.get(text.zfill(4))
            if code is not None:
                work.municipality[rows] = code
                continue
            rows = rows[shapes.alive[rows]]
            shapes.mark(
                "unknown_municipality", rows, f"The inventory knows no municipality '{text}'.", refuse=True
            )

    def _place_municipality(self, work: RowWork, shapes: Shapes) -> None:
        rows = np.flatnonzero(shapes.alive & is_none(work.municipality))
        if len(rows) == 0:
            return
        codes = self._borders.codes(shapes.location[rows])
        beyond = np.flatnonzero(is_none(codes))
        codes[beyond] = self._borders.codes_by_share(shapes.geometry[rows[beyond]])
        is_placed = ~is_none(codes)
        work.municipality[rows[is_placed]] = codes[is_placed]
        texts = [
            f"It lies in {self._names[code]}; the file names no municipality." for code in codes[is_placed]
        ]
        shapes.mark("municipality_by_place", rows[is_placed], texts)
        why = (
            "lies in none of the stored borders"
            if self._borders.known
            else "no borders are stored to find it by"
        )
        text = f"No municipality is given, and {'the place ' if self._borders.known else ''}{why}."
        shapes.mark("no_municipality", rows[~is_placed], text, refuse=True)

    def _refuse_foreign(self, work: RowWork, shapes: Shapes) -> None:
        if self._permitted is None:
            return
        alive = shapes.alive
        foreign = np.flatnonzero(
            [alive[row] and code not in self._permitted for row, code in enumerate(work.municipality)]
        )
        texts = [
            f"It belongs to {self._names.get(code, code)}, which you don't import for."
            for code in work.municipality[foreign]
        ]
        shapes.mark("foreign_municipality", foreign, texts, refuse=True)

    def _warn_outside(self, work: RowWork, shapes: Shapes) -> None:
        rows = np.flatnonzero(shapes.alive)
        if len(rows) == 0 or not self._borders.known:
            return
        outside = rows[~self._borders.is_within(shapes.location[rows], work.municipality[rows])]
        texts = [
            f"Its middle lies outside {self._names.get(code, code)}." for code in work.municipality[outside]
        ]
        shapes.mark("outside_municipality", outside, texts)

    def _settle_reference(self, work: RowWork, shapes: Shapes) -> None:
        work.reference[:] = work.texts("reference")
        designations = work.texts("property_designations")
        missing = np.flatnonzero(shapes.alive & is_none(work.reference))
        by_designation = missing[~is_none(designations[missing])]
        work.reference[by_designation] = [
            re.sub(SEPARATOR, ", ", designation) for designation in designations[by_designation]
        ]
        shapes.mark(
            "reference_is_designation", by_designation, "The property designation serves as its reference."
        )
        rest = missing[is_none(work.reference[missing])]
        work.reference[rest] = [
            digest(*place) for place in zip(shapes.geometry[rest], shapes.location[rest], strict=True)
        ]
        shapes.mark("reference_is_digest", rest, "Its reference is a digest of its coordinates.")

    def refuse_repeated(self, work: RowWork, shapes: Shapes) -> None:
        """Refuse rows with a municipality and reference that an earlier row has."""
        rows = np.flatnonzero(shapes.alive)
        keys = zip(work.municipality[rows], work.reference[rows], strict=True)
        before = self._met.first_rows(keys, work.rows[rows])
        again = before >= 0
        texts = [
            f"Row {row} has the reference '{reference}' already."
            for row, reference in zip(before[again], work.reference[rows[again]], strict=True)
        ]
        shapes.mark("duplicate_reference", rows[again], texts, refuse=True)


def digest(outline: shapely.Geometry | None, location: NDArray[np.float64]) -> str:
    """A reference made of a normal outline, or of a point, at whole centimetres: the same ground, the same digest."""
    if outline is None:
        told = np.round(location, 2).tobytes()
    else:
        parts = shapely.MultiPolygon(shapely.get_parts(outline).tolist())
        told = shapely.to_wkb(shapely.normalize(shapely.transform(parts, lambda xy: np.round(xy, 2))))
    return DIGEST_PREFIX + hashlib.blake2b(told, digest_size=6).hexdigest()
