"""A file against an inventory that holds its plots: how long until the difference is known, nothing written."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import pyogrio

from benchmarks.common import Figure, Ran, at_most, database, run, seen, server, show
from benchmarks.import_files import with_landbank, write_apart

EDITED = 0.05


def edit(path: Path, target: Path) -> int:
    """The same file with another price and state in every twentieth row; how many."""
    meta, table = pyogrio.read_arrow(path)
    is_edited = np.arange(len(table)) % int(1 / EDITED) == 0
    for name, made in (
        ("pris_kr_m2", pc.add(table.column("pris_kr_m2"), 1.0)),
        ("status", pa.chunked_array([["sald"] * len(table)])),
    ):
        place = table.column_names.index(name)
        table = table.set_column(place, name, pc.if_else(pa.array(is_edited), made, table.column(name)))
    pyogrio.write_arrow(
        table, target, layer="plots", driver="GPKG", geometry_name=meta["geometry_name"] or "geom",
        geometry_type="Polygon", crs=meta["crs"],
    )  # fmt: skip
    return int(is_edited.sum())


def looked_at(file: Path, url: str) -> Ran:
    """What would change, with all checks, in a process of its own."""
    command = [
        sys.executable,
        "-m",
        "landbank",
        "import",
        str(file),
        "--report",
        str(file.with_suffix(".json")),
    ]
    return run(command, LANDBANK_DATABASE_URL=url)


def main(rows: int = 100_000) -> None:
    """Fill an inventory, look at the edited file, print the figures and write them down."""
    with tempfile.TemporaryDirectory(prefix="landbank-bench-") as folder, server() as at:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the reading child may be another user
        (Path(folder) / "edited").mkdir()
        file, edited = Path(folder) / "plots.gpkg", Path(folder) / "edited" / "plots.gpkg"
        write_apart(file, rows, has_facts=True)
        changed = edit(file, edited)
        with database(at) as url:
            with_landbank(file, url)
            same, other = looked_at(file, url), looked_at(edited, url)
        limit_s = 10 * rows / 100_000
        figures: list[Figure] = [
            at_most("difference of the edited file", other.seconds, limit_s, "s"),
            seen("difference of the same file", same.seconds, "s"),
            seen("peak memory", other.peak_mb, "MB"),
        ]
    show("import_diff: a file against its own plots", figures, rows=rows, changed=changed)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=100_000)
    main(**vars(parser.parse_args()))
