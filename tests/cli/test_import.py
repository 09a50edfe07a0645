"""`landbank import`: a dry run by default, all or nothing, the same file twice changes nothing."""

from __future__ import annotations

import json
import random
import threading
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import pytest
import shapely
from sqlalchemy import text
from typer.testing import CliRunner

from landbank.cli.main import app
from landbank.services.load_demo import load_reference
from landbank.wiring import Landbank

SQUARE = shapely.box(330_000, 6_408_000, 330_200, 6_408_100)
"""20 000 m² in Lerum; 20 000 / 20 006.3 of it in the plane (k = 0.99984 at 12.2 E)."""

Run = Callable[..., Any]


@pytest.fixture
def run(landbank: Landbank, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Run:
    """Runs `landbank import` against an inventory that knows the 13 municipalities."""
    with landbank.changing(actor="test") as store:
        load_reference(store)
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    runner = CliRunner()
    return lambda *words: runner.invoke(app, ["import", *map(str, words)])


def plots(folder: Path, rows: list[dict[str, Any]], name: str = "plots.gpkg") -> Path:
    """A GeoPackage of plots in EPSG:3006."""
    path = folder / name
    geopandas.GeoDataFrame(rows, crs=3006).to_file(path, layer="plots")
    return path


def square(column: int, **fields: Any) -> dict[str, Any]:
    """One of a row of squares that do not touch."""
    return {"geometry": shapely.affinity.translate(SQUARE, 300 * column), **fields}


def three(folder: Path, **first: Any) -> Path:
    """Three plots of Lerum with a few facts."""
    rows = [
        square(
            n,
            referens=f"L{n}",
            kommun="Lerum",
            areal_ha=2.0,
            anvandning="J; Z",
            el_mw=1.5,
            pris_kr_m2=400 + n,
        )
        for n in range(3)
    ]
    rows[0] |= first
    return plots(folder, rows)


def revision(landbank: Landbank) -> int:
    """The inventory's revision."""
    with landbank.reading() as store:
        return int(store.connection.execute(text("SELECT revision FROM landbank.inventory")).scalar_one())


def facts(landbank: Landbank, columns: str) -> list[tuple[Any, ...]]:
    """Columns of the current plots, by reference."""
    with landbank.reading() as store:
        found = store.connection.execute(
            text(f"SELECT {columns} FROM landbank.plot_facts ORDER BY reference")
        )
        return [tuple(row) for row in found]


def test_without_apply_nothing_is_written(run: Run, landbank: Landbank, tmp_path: Path) -> None:
    before = revision(landbank)
    result = run(three(tmp_path))
    assert result.exit_code == 0
    assert "Nothing was written" in result.output
    assert (revision(landbank), facts(landbank, "reference")) == (before, [])


def test_applied_plots_stand_with_their_facts_and_one_event_each(
    run: Run, landbank: Landbank, tmp_path: Path
) -> None:
    before = revision(landbank)
    assert run(three(tmp_path), "--apply").exit_code == 0
    told = facts(
        landbank, "reference, municipality_code, use_codes, power_mw, price_sek_per_m2, area_declared_m2"
    )
    assert told[1] == ("L1", "1441", ["J", "Z"], 1.5, 401.0, 20_000.0)
    assert revision(landbank) == before + 3
    (area,) = facts(landbank, "area_m2")[0]
    assert area == pytest.approx(20_003, abs=8)  # geodesic, a little more than the plane's 20 000


def test_same_file_twice_changes_nothing(run: Run, landbank: Landbank, tmp_path: Path) -> None:
    path = three(tmp_path)
    run(path, "--apply")
    before = revision(landbank)
    result = run(path, "--apply", "--report", tmp_path / "again.json")
    told = json.loads((tmp_path / "again.json").read_text())
    assert (result.exit_code, told["unchanged"], told["new"], told["changed"]) == (0, 3, 0, 0)
    assert revision(landbank) == before


def test_changed_field_is_shown_and_leaves_one_event_with_before_and_after(
    run: Run, landbank: Landbank, tmp_path: Path
) -> None:
    run(three(tmp_path), "--apply")
    (tmp_path / "plots.gpkg").unlink()
    result = run(three(tmp_path, areal_ha=2.5), "--apply")
    assert "1 changed" in result.output
    assert "area_declared_m2" in result.output
    with landbank.reading() as store:
        (changes,) = store.connection.execute(
            text("SELECT changes FROM landbank.event WHERE kind = 'changed' AND noun = 'plot'")
        ).scalars()
    assert changes["area_declared_m2"] == [20_000, 25_000]


def test_order_of_rows_columns_vertices_and_turn_of_rings_are_no_change(
    run: Run, landbank: Landbank, tmp_path: Path
) -> None:
    run(three(tmp_path), "--apply")
    before = revision(landbank)
    frame = geopandas.read_file(tmp_path / "plots.gpkg")
    random.Random(1).shuffle(columns := list(frame.columns))
    corners = [list(shape.exterior.coords)[:-1] for shape in frame.geometry]
    frame["geometry"] = [shapely.Polygon([*ring[2:], *ring[:2]][::-1]) for ring in corners]
    (tmp_path / "other").mkdir()
    frame.iloc[::-1][columns].to_file(tmp_path / "other" / "plots.gpkg", layer="plots")
    result = run(tmp_path / "other" / "plots.gpkg", "--apply")
    assert "0 new, 0 changed" in result.output
    assert revision(landbank) == before


def test_missing_plots_are_told_and_stay(run: Run, landbank: Landbank, tmp_path: Path) -> None:
    run(three(tmp_path), "--apply")
    (tmp_path / "plots.gpkg").unlink()
    result = run(plots(tmp_path, [square(0, referens="L0", kommun="Lerum")]), "--apply")
    assert "2 missing" in result.output
    assert [row[0] for row in facts(landbank, "reference")] == ["L0", "L1", "L2"]


def test_bad_rows_are_refused_one_by_one_and_the_counts_add_up(
    run: Run, landbank: Landbank, tmp_path: Path
) -> None:
    bow = shapely.Polygon([(0, 0), (100, 100), (100, 0), (0, 100)])
    rows = [
        square(0, referens="good", kommun="Lerum"),
        square(1, referens="nowhere", kommun="Atlantis"),
        {"geometry": None, "referens": "shapeless", "kommun": "Lerum"},
        {
            "geometry": shapely.affinity.translate(bow, 331_000, 6_408_000),
            "referens": "bow",
            "kommun": "Lerum",
        },
    ]
    result = run(plots(tmp_path, rows), "--apply", "--report", tmp_path / "report.json")
    told = json.loads((tmp_path / "report.json").read_text())
    assert result.exit_code == 1
    assert [told[name] for name in ("rows", "landed", "repaired", "refused", "unchanged")] == [4, 1, 1, 2, 0]
    named = {(finding["row"], finding["code"]) for finding in told["findings"]}
    assert {(2, "unknown_municipality"), (3, "no_geometry")} <= {(row, code) for row, code in named}
    assert [row[0] for row in facts(landbank, "reference")] == ["bow", "good"]


def test_swapped_axes_are_refused_with_their_likely_cause(run: Run, tmp_path: Path) -> None:
    turned = shapely.transform(SQUARE, lambda xy: xy[:, ::-1])
    result = run(plots(tmp_path, [{"geometry": turned, "referens": "A", "kommun": "Lerum"}]))
    assert result.exit_code == 3
    assert "if x and y changed places" in " ".join(result.output.split())
    assert "Nothing landed" in result.output


@pytest.mark.parametrize(
    ("name", "content", "says"),
    [
        ("empty.gpkg", b"", "empty"),
        ("words.gpkg", b"these are only words", "words.gpkg"),
        ("plots.docx", b"PK\x03\x04", "plots.docx"),
        ("metres.csv", b"referens;kommun;x;y\nA;Lerum;330000;6408000\n", "coordinate"),
    ],
)
def test_file_that_cannot_be_used_is_a_usage_error(
    run: Run, tmp_path: Path, name: str, content: bytes, says: str
) -> None:
    (tmp_path / name).write_bytes(content)
    result = run(tmp_path / name)
    assert result.exit_code == 2
    assert says in result.output
    assert "Traceback" not in result.output


def test_two_importers_at_once_leave_each_plot_once(
    run: Run, landbank: Landbank, tmp_path: Path, database_url: str
) -> None:
    from landbank.cli.import_ import run_import
    from landbank.exchange.read import open_source
    from landbank.services.import_plots import Request
    from landbank.settings import Settings
    from landbank.wiring import open_landbank

    path = three(tmp_path)
    before, faults = revision(landbank), []

    def bring_in() -> None:
        opened = open_landbank(Settings(), database_url)
        try:
            with open_source(path) as source:
                request = Request(path, opened.settings.extent, is_applied=True)
                run_import(opened, request, source).close()
        except Exception as fault:
            faults.append(fault)
        finally:
            opened.close()

    writers = [threading.Thread(target=bring_in) for _ in range(2)]
    for writer in writers:
        writer.start()
    for writer in writers:
        writer.join()
    assert faults == []
    assert len(facts(landbank, "reference")) == 3
    assert revision(landbank) == before + 3


def test_profile_is_saved_and_used(run: Run, tmp_path: Path) -> None:
    path = plots(tmp_path, [square(0, a="L0", b="Lerum", c=2.0)])
    (tmp_path / "p.toml").write_text(
        '[columns]\nreference = "a"\nmunicipality = "b"\n\n[columns.area_declared_m2]\ncolumn = "c"\nunit = "ha"\n'
    )
    result = run(path, "--profile", tmp_path / "p.toml", "--report", tmp_path / "report.json")
    assert result.exit_code == 0, result.output
    assert json.loads((tmp_path / "report.json").read_text())["area_m2_declared"] == 20_000
