"""The rows of one batch while they are checked: values by field, findings, and what was kept as text."""

from __future__ import annotations

import json
from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
from numpy.typing import NDArray

from landbank.domain.codes import AccessMethod
from landbank.exchange.findings import REPAIRS, Finding
from landbank.exchange.read import Batch
from landbank.exchange.targets import DISTANCES
from landbank.exchange.values import SEPARATOR, Converted, Problem
from landbank.geo.shape import Shapes

PART, PAIR = "\x1e", "\x1f"
"""Between notes, and between a note's field and its text, on their way to the database."""

MEASURES = (("_m", "_method"), ("_min", "_min_method"))
"""Ends of the fields that tell how far infrastructure is, and how that was found."""

Flags = NDArray[np.bool_]
Rows = NDArray[np.int64]


@dataclass(slots=True)
class RowWork:
    """One batch on its way; position i of every array is the i-th row of the batch."""

    rows: Rows
    """Row numbers as a person counts them: of the sheet for tables, of the layer otherwise."""
    findings: list[Finding]
    municipality: NDArray[np.object_]
    reference: NDArray[np.object_]
    is_repaired: Flags
    outline: pa.Array = field(default_factory=lambda: pa.nulls(0, pa.large_binary()))
    """EWKB of the outline in EPSG:3006; null where there is none."""
    values: dict[str, pa.Array] = field(default_factory=dict)
    columns: dict[str, str] = field(default_factory=dict)
    """The column of the file that fills each field."""
    _misread: list[tuple[str, Problem]] = field(default_factory=list)

    @classmethod
    def begin(cls, batch: Batch) -> RowWork:
        """The rows of a batch before anything is known of them."""
        n = batch.rows
        rows = np.arange(batch.first_row, batch.first_row + n, dtype=np.int64)
        if batch.sheet_rows is not None:
            rows = batch.sheet_rows.to_numpy(zero_copy_only=False).astype(np.int64)
        nothing = [np.full(n, None, dtype=object) for _ in range(2)]
        return cls(rows, [], nothing[0], nothing[1], np.zeros(n, dtype=bool))

    def outlines(self, positions: Rows) -> NDArray[np.object_]:
        """The outlines' bytes at these positions."""
        told = self.outline.take(pa.array(positions)).to_numpy(zero_copy_only=False)
        return np.asarray(told, dtype=object)

    def take(self, target: str, column: str, converted: Converted) -> None:
        """Keep a field's values, and tell what of them was not taken."""
        self.values[target] = converted.values
        self.columns[target] = column
        if converted.high is not None:
            self.values["price_max_sek_per_m2"] = converted.high
            self.columns["price_max_sek_per_m2"] = column
        self._misread += [(target, problem) for problem in converted.misread]
        for problem in converted.problems:
            self.tell(problem.code, problem.positions, problem.text, field=column, value=problem.value)

    def tell(
        self, code: str, positions: Rows, text: str, *, field: str | None = None, value: str | None = None
    ) -> None:
        """Add the same finding for several rows."""
        self.findings += [Finding(code, text, int(row), field, value) for row in self.rows[positions]]

    def texts(self, target: str) -> NDArray[np.object_]:
        """A field's texts, None where nothing is said or no column fills it."""
        array = self.values.get(target)
        if array is None:
            return np.full(len(self.rows), None, dtype=object)
        return np.asarray(array.to_numpy(zero_copy_only=False), dtype=object)

    def settle_power(self) -> None:
        """Where only one capacity is given, with a date, it is the capacity from that date."""
        if "power_max_on" in self.values and "power_mw" in self.values and "power_max_mw" not in self.values:
            self.values["power_max_mw"] = self.values.pop("power_mw")
            self.columns["power_max_mw"] = self.columns.pop("power_mw")
            self._misread = [
                ("power_max_mw" if t == "power_mw" else t, problem) for t, problem in self._misread
            ]

    def settle_prices(self) -> None:
        """Leave out a highest price that is below the price, and say so."""
        low, high = self.values.get("price_sek_per_m2"), self.values.get("price_max_sek_per_m2")
        if high is None:
            return
        wrong = pa.array([True] * len(high)) if low is None else pc.fill_null(pc.less(high, low), False)
        positions = np.flatnonzero(
            wrong.to_numpy(zero_copy_only=False) & high.is_valid().to_numpy(zero_copy_only=False)
        )
        if len(positions):
            self.values["price_max_sek_per_m2"] = pc.if_else(wrong, pa.scalar(None, pa.float64()), high)
            text = "The highest price is below the price, or there is no price beside it."
            self.tell("out_of_range", positions, text, field=self.columns["price_max_sek_per_m2"])

    def settle_distances(self) -> None:
        """A distance without a method is declared; one that says crow_fly is landbank's own and states nothing.

        The same holds of minutes.
        """
        for measure, told in (
            (f"{name}{end}", f"{name}{how}") for name in DISTANCES for end, how in MEASURES
        ):
            distance, method = self.values.get(measure), self.values.pop(told, None)
            if distance is None:
                continue
            if method is None:
                method = pa.repeat(str(AccessMethod.DECLARED), len(distance))
            method = pc.fill_null(method, str(AccessMethod.DECLARED))
            is_stated = pc.and_(distance.is_valid(), pc.not_equal(method, str(AccessMethod.CROW_FLY)))
            self.values[measure] = pc.if_else(is_stated, distance, None)
            self.values[told] = pc.if_else(is_stated, method, None)

    def settle_degrees(self) -> None:
        """Leave out degrees of uses that the row does not list, and say so."""
        degrees, uses = self.values.get("use_degrees"), self.values.get("use_codes")
        if degrees is None or uses is None or degrees.null_count == len(degrees):
            return
        told = degrees.to_pylist()
        for place in np.flatnonzero(degrees.is_valid().to_numpy(zero_copy_only=False)):
            listed = (uses[place].as_py() or "").split(SEPARATOR)
            records = json.loads(told[place])
            kept = [record for record in records if record["code"] in listed]
            for record in records:
                if record not in kept:
                    text = f"The use {record['code']} has a degree and is not among the row's uses."
                    column = self.columns["use_degrees"]
                    self.tell("degree_without_use", np.array([place]), text, field=column)
            told[place] = json.dumps(kept, ensure_ascii=False) if kept else None
        self.values["use_degrees"] = pa.array(told, pa.string())

    def add_marks(self, shapes: Shapes) -> None:
        """Turn what was found about the shapes into findings, and note which rows were repaired."""
        for mark in shapes.marks:
            if mark.code in REPAIRS:
                self.is_repaired[mark.rows] = True
            numbers = self.rows[mark.rows].tolist()
            self.findings += [
                Finding(mark.code, text, row) for row, text in zip(numbers, mark.texts, strict=True)
            ]

    def kept_fields(self) -> pa.Array:
        """The fields of each row that stay as they are in the inventory, since the value was not taken."""
        return self._joined([(target, problem, target) for target, problem in self._misread])

    def notes(self) -> pa.Array:
        """The texts of each row that were not taken, each with its field, to be kept beside the plot."""
        return self._joined(
            [(target, problem, f"{target}{PAIR}{problem.value}") for target, problem in self._misread]
        )

    def _joined(self, parts: list[tuple[str, Problem, str]]) -> pa.Array:
        if not parts:
            return pa.nulls(len(self.rows), pa.string())
        told = np.full(len(self.rows), None, dtype=object)
        for _, problem, text in parts:
            for position in problem.positions:
                told[position] = text if told[position] is None else f"{told[position]}{PART}{text}"
        return pa.array(told, pa.string())
