"""Import of a GeoPackage to committed rows, all checks included, beside ogr2ogr and geopandas, which check nothing."""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyogrio
import shapely
from numpy.typing import NDArray

from benchmarks.common import Figure, Ran, at_least, database, program, run, seen, server, show
from landbank.geo.crs import crs_wkt

TO_POSTGIS = """
import sys, geopandas, sqlalchemy
frame = geopandas.read_file(sys.argv[1])
engine = sqlalchemy.create_engine(sys.argv[2].replace("postgresql://", "postgresql+psycopg://"))
frame.to_postgis("plots", engine)
"""


FACTS = ("anvandning", "el_mw", "pris_kr_m2")
"""Columns that become rows of their own in the inventory: with them one row of the file makes about five."""


def write_plots(path: Path, rows: int, *, has_facts: bool, seed: int = 1) -> None:
    """A GeoPackage of five-cornered plots that do not touch, with 14 columns, in EPSG:3006 between Göteborg and Lerum.

    With `has_facts` three of the columns are uses, power and price; otherwise three more plain attributes.
    """
    rng = np.random.default_rng(seed)
    side = int(np.ceil(np.sqrt(rows)))
    cell = 30_000 / side
    x0 = 318_000 + cell * (np.arange(rows) % side)
    y0 = 6_392_000 + cell * (np.arange(rows) // side)
    size = np.maximum(cell * rng.uniform(0.3, 0.9, rows), 12.0)
    corners = np.array([[0, 0], [1, 0], [1, 0.7], [0.6, 1], [0, 1], [0, 0]])
    xy = np.column_stack((x0, y0))[:, None, :] + size[:, None, None] * corners[None]
    polygons = shapely.polygons(xy)
    area = shapely.area(polygons)
    columns = {
        "referens": [f"B{n}" for n in range(rows)],
        "namn": [f"Tomt {n}" for n in range(rows)],
        "kommunkod": municipality_at(x0, y0),
        "fastighet": [f"Lerum Berga {n % 90 + 1}:{n}" for n in range(rows)],
        "areal_m2": np.round(area),
        "status": rng.choice(["ledig", "reserverad", "sald"], rows),
        "byggklarhet": rng.choice(["ramark", "byggklar"], rows),
        "planlage": rng.choice(["laga_kraft", "antagen", "samrad"], rows),
        **(
            {
                "anvandning": rng.choice(["J", "Z", "J; Z"], rows),
                "el_mw": np.round(rng.uniform(0, 10, rows), 1),
                "pris_kr_m2": np.round(rng.uniform(50, 900, rows)),
            }
            if has_facts
            else {
                "nettoarea_m2": np.round(0.9 * area),
                "upplatelseform": rng.choice(["tomträtt", "försäljning"], rows),
                "tilltrade": np.datetime64("2027-01-01", "D") + rng.integers(0, 700, rows),
            }
        ),
        "kalla": ["benchmark"] * rows,
        "bekraftad": np.datetime64("2026-05-01", "D") + rng.integers(0, 150, rows),
        "beskrivning": [f"Plan mark nr {n}" for n in range(rows)],
    }
    geometry = pa.field("geometry", pa.binary(), metadata={"ARROW:extension:name": "geoarrow.wkb"})
    arrays = {name: pa.array(values) for name, values in columns.items()}
    schema = pa.schema([*((name, array.type) for name, array in arrays.items()), geometry])
    table = pa.Table.from_arrays(
        [*arrays.values(), pa.array(shapely.to_wkb(polygons), pa.binary())], schema=schema
    )
    pyogrio.write_arrow(
        table,
        path,
        layer="plots",
        driver="GPKG",
        geometry_name="geometry",
        geometry_type="Polygon",
        crs=crs_wkt(3006),
    )


def write_apart(path: Path, rows: int, *, has_facts: bool) -> None:
    """The same in a process of its own: the peak memory of a child counts that of whoever starts it."""
    code = "import sys; from pathlib import Path; from benchmarks.import_files import write_plots as w;"
    code += " w(Path(sys.argv[1]), int(sys.argv[2]), has_facts=sys.argv[3] == 'True')"
    run([sys.executable, "-c", code, str(path), str(rows), str(has_facts)])


def municipality_at(x: NDArray[np.floating], y: NDArray[np.floating]) -> NDArray[np.object_]:
    """The code of the municipality at each place; Lerum's where none of the region's is."""
    from landbank.exchange.borders import CRS, read_borders
    from landbank.geo.crs import STORAGE, reproject
    from landbank.geo.places import Borders

    told = read_borders(("1384", "1401", "1402", "1440", "1441", "1480", "1481", "1482"))
    shapes = reproject(np.array([one.geometry_lonlat for one in told], dtype=object), CRS, STORAGE)
    borders = {one.code: shapely.to_wkb(shape) for one, shape in zip(told, shapes, strict=True)}
    codes = Borders({one.code: one.name for one in told}, borders).codes(np.column_stack((x, y)))
    return np.where(codes == None, "1441", codes)  # noqa: E711 - element by element


def with_landbank(file: Path, url: str) -> Ran:
    """Import with all checks into a migrated inventory that knows the municipalities."""
    from landbank.services.load_demo import load_reference
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    opened = open_landbank(Settings(), url)
    opened.migrate()
    with opened.changing(actor="benchmark") as store:
        load_reference(store)
    opened.close()
    report = str(file.with_suffix(".json"))
    command = [sys.executable, "-m", "landbank", "import", str(file), "--apply", "--report", report]
    return run(command, LANDBANK_DATABASE_URL=url)


def with_ogr2ogr(ogr2ogr: str, file: Path, url: str) -> Ran:
    """The field's own copy into PostGIS, index included."""
    from sqlalchemy import make_url

    at = make_url(url)
    host, port = at.query.get("host", at.host), at.query.get("port", at.port or 5432)
    target = f"PG:host={host} port={port} user={at.username or ''} dbname={at.database}"
    return run([ogr2ogr, "-f", "PostgreSQL", target, str(file), "plots"], PG_USE_COPY="YES")


def main(rows: int = 200_000, big: int = 0) -> None:
    """Run all three on the same file, print the ratios and write them down."""
    with tempfile.TemporaryDirectory(prefix="landbank-bench-") as folder, server() as at:
        os.chmod(folder, 0o755)  # noqa: PTH101, S103 - the reading child may be another user
        file, rich = Path(folder) / "plots.gpkg", Path(folder) / "facts.gpkg"
        write_apart(file, rows, has_facts=False)
        write_apart(rich, rows, has_facts=True)
        with database(at) as url:
            own = with_landbank(file, url)
        with database(at) as url:
            own_rich = with_landbank(rich, url)
        figures: list[Figure] = [
            seen("landbank", rows / own.seconds, "rows/s"),
            seen("landbank peak memory", own.peak_mb, "MB"),
            seen("landbank, uses, power and price as facts", rows / own_rich.seconds, "rows/s"),
        ]
        if ogr2ogr := program("ogr2ogr"):
            with database(at) as url:
                peer = with_ogr2ogr(ogr2ogr, file, url)
            figures += [
                seen("ogr2ogr", rows / peer.seconds, "rows/s"),
                at_least("landbank against ogr2ogr", peer.seconds / own.seconds, 0.5),
            ]
        with database(at) as url:
            peer = run([sys.executable, "-c", TO_POSTGIS, str(file), url])
        figures += [
            seen("geopandas.to_postgis", rows / peer.seconds, "rows/s"),
            at_least("landbank against to_postgis", peer.seconds / own.seconds, 2),
        ]
        if big:
            write_apart(Path(folder) / "big.gpkg", big, has_facts=False)
            with database(at) as url:
                large = with_landbank(Path(folder) / "big.gpkg", url)
            figures += [
                seen(f"landbank, {big} rows", big / large.seconds, "rows/s"),
                seen(f"peak memory at {big} rows", large.peak_mb, "MB"),
                seen("memory against the smaller file", large.peak_mb / own.peak_mb, "x"),
            ]
    show("import: GeoPackage to committed rows", figures, rows=rows, columns=14)


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--rows", type=int, default=200_000)
    parser.add_argument("--big", type=int, default=0, help="a second, larger file: is memory flat?")
    main(**vars(parser.parse_args()))
