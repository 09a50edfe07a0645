"""Reference layers: a file's columns, types and ids are kept, whatever their names; where shapes are kept; what ends."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any

import geopandas
import pandas
import pyarrow as pa
import pyogrio
import pytest
import shapely
from sqlalchemy import text

from landbank.domain.filter import Kind, Selection
from landbank.domain.filter_check import checked
from landbank.domain.filter_text import read_text
from landbank.domain.people import Actor, Grant, Role
from landbank.errors import Conflict, Gone, Invalid, NotFound, Unavailable
from landbank.exchange.read import open_source
from landbank.geo.named_crs import CRS84
from landbank.geo.place_filter import placed
from landbank.services.check_history import check_history
from landbank.services.load_layer import LayerRequest, LoadedLayer, load_layers
from landbank.settings import Settings
from landbank.store.collections import COLLECTIONS
from landbank.wiring import Landbank, open_landbank

Load = Callable[..., list[LoadedLayer]]


@pytest.fixture(scope="module")
def landbank(databases: Callable[[], str]) -> Iterator[Landbank]:
    """One landbank for all tests here; each loads layers under names of its own."""
    opened = open_landbank(Settings(), databases())
    yield opened
    opened.close()


@pytest.fixture(scope="module")
def load(landbank: Landbank) -> Load:
    """Loads a file's layers into the tests' landbank."""

    def run(path: Path, name: str, *, crs: str | None = None, **asked: Any) -> list[LoadedLayer]:
        request = LayerRequest(path.name, name, taken=frozenset(COLLECTIONS), **asked)
        with landbank.preparing(actor="test") as (store, begin_change):
            return load_layers(
                request,
                lambda layer: open_source(path, layer=layer, crs=crs, verbatim=True),
                store.layers,
                begin_change=begin_change,
            )

    return run


def square(x: float, y: float, side: float = 100) -> Any:
    return shapely.box(x, y, x + side, y + side)


def frame(rows: int = 3, crs: int = 3006, **columns: Any) -> geopandas.GeoDataFrame:
    """A frame of squares east of one another."""
    return geopandas.GeoDataFrame(
        columns or {"n": list(range(rows))},
        geometry=[square(310000 + 200 * n, 6400000) for n in range(rows)],
        crs=crs,
    )


def written(folder: Path, told: geopandas.GeoDataFrame, name: str = "some.gpkg", **options: Any) -> Path:
    """The frame as a GeoPackage."""
    told.to_file(folder / name, driver="GPKG", **options)
    return folder / name


HOSTILE = [
    "name", "Name", "select", "end", "fid_", "geom", "å ä ö", 'quo"te', "semi;colon", "drop table plot", "%s", "{x}",
    "tab\there", "x" * 120, "p_name",
]  # fmt: skip


def test_names_of_a_file_never_become_names_of_the_database(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    told = frame(1, **{name: [name] for name in HOSTILE})
    path = tmp_path / "hostile.geojson"
    told.to_crs(4326).to_file(path, driver="GeoJSON")
    (loaded,) = load(path, "hostile")
    with landbank.reading() as store:
        collection = store.collections.find("hostile", planning=True)
        (feature,) = store.features.page(collection).features
        columns = store.connection.scalars(
            text(
                "SELECT attname FROM pg_attribute WHERE attrelid = CAST(:name AS regclass) AND attnum > 0"
                " AND NOT attisdropped"
            ),
            {"name": collection.table},
        ).all()
    assert len(loaded.found.columns) == len(HOSTILE)
    assert sorted(feature.properties.values(), key=str) == sorted([0, *HOSTILE], key=str)
    assert all(name.replace("_", "").isalnum() and name.isascii() and name.islower() for name in columns)
    for name, called in (("select", "select"), ("semi;colon", "semi;colon"), ("geom", "geom_1")):
        with landbank.reading() as store:
            root = checked(read_text(f"\"{called}\" = '{name}'"), collection.queryables)
            assert store.features.count(collection, Selection(root)) == 1


def test_types_are_kept(landbank: Landbank, load: Load, tmp_path: Path) -> None:
    told = frame(
        2,
        words=["a", None],
        whole=pandas.array([2**60, -1], dtype="int64"),
        number=[0.1, float("nan")],
        claim=pandas.array([True, False]),
        day=pandas.array([date(2024, 2, 29), None], dtype="object"),
        moment=pandas.to_datetime(["2024-02-29T12:00:00.250Z", "1969-12-31T23:59:59.000Z"]),
    )
    table = pa.table(told.to_arrow(index=False, geometry_encoding="WKB"))
    place = table.column_names.index("day")
    table = table.set_column(place, "day", table.column("day").cast(pa.date32()))
    path = tmp_path / "typed.gpkg"
    pyogrio.write_arrow(
        table, path, driver="GPKG", geometry_name="geometry", geometry_type="Polygon", crs="EPSG:3006"
    )
    load(path, "typed")
    with landbank.reading() as store:
        collection = store.collections.find("typed", planning=True)
        first, second = store.features.page(collection).features
    kinds = {one.name: one.kind for one in collection.columns}
    assert kinds == {
        "fid": Kind.INTEGER,
        "words": Kind.TEXT,
        "whole": Kind.INTEGER,
        "number": Kind.NUMBER,
        "claim": Kind.BOOLEAN,
        "day": Kind.DATE,
        "moment": Kind.DATETIME,
    }
    assert first.properties == {
        "fid": 1,
        "words": "a",
        "whole": 2**60,
        "number": 0.1,
        "claim": True,
        "day": date(2024, 2, 29),
        "moment": datetime(2024, 2, 29, 12, 0, 0, 250_000, tzinfo=UTC),
    }
    assert (second.properties["words"], second.properties["day"]) == (None, None)
    assert second.properties["moment"] == datetime(1969, 12, 31, 23, 59, 59, tzinfo=UTC)


def test_ids_of_the_file_are_kept(landbank: Landbank, load: Load, tmp_path: Path) -> None:
    import sqlite3

    path = written(tmp_path, frame(3))
    with sqlite3.connect(path) as database:
        for trigger in database.execute("SELECT name FROM sqlite_master WHERE type = 'trigger'").fetchall():
            database.execute(f'DROP TRIGGER "{trigger[0]}"')
        database.execute("UPDATE some SET fid = fid * 100")
    database.close()
    load(path, "numbered")
    with landbank.reading() as store:
        collection = store.collections.find("numbered", planning=True)
        assert [feature.key for feature in store.features.page(collection).features] == [100, 200, 300]


def test_file_with_several_layers_gives_one_collection_each(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    path = written(tmp_path, frame(2), layer="Höga vatten")
    written(tmp_path, frame(1), layer="buller", mode="a")
    loaded = load(path, "risk", title="Risker")
    assert [(one.name, one.found.rows) for one in loaded] == [("risk_hoga_vatten", 2), ("risk_buller", 1)]
    with landbank.reading() as store:
        titles = [one.title for one in store.layers.current() if one.name.startswith("risk_")]
    assert titles == ["Risker: buller", "Risker: Höga vatten"]


def test_one_layer_of_several_keeps_the_name_alone(load: Load, tmp_path: Path) -> None:
    path = written(tmp_path, frame(2), layer="a")
    written(tmp_path, frame(1), layer="b", mode="a")
    assert [one.name for one in load(path, "chosen", layer="b")] == ["chosen"]


def test_layer_beyond_sweden_keeps_its_coordinates(landbank: Landbank, load: Load, tmp_path: Path) -> None:
    shapes = [shapely.Point(-175.2205645, -21.1385124), shapely.box(-180, -90, 180, -60)]
    told = geopandas.GeoDataFrame({"n": [1, 2]}, geometry=shapes, crs=4326)
    (loaded,) = load(written(tmp_path, told), "world")
    with landbank.reading() as store:
        collection = store.collections.find("world", planning=True)
        geojson = [str(feature.geometry) for feature in store.features.page(collection).features]
        root = checked(read_text("S_EQUALS(geom, POINT(-175.2205645 -21.1385124))"), collection.queryables)
        assert store.features.count(collection, Selection(placed(root, CRS84, collection.outline_srid))) == 1
        lowest = store.connection.scalar(text(f"SELECT min(ST_YMin(geometry_tile)) FROM {collection.table}"))
    assert (loaded.srid, collection.outline_srid) == (4326, 4326)
    assert geojson[0] == '{"type":"Point","coordinates":[-175.2205645,-21.1385124]}'
    assert lowest == pytest.approx(-20037508.34, abs=0.01)


def test_layer_in_sweden_is_kept_in_the_inventorys_crs_and_found_by_an_index(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    (loaded,) = load(written(tmp_path, frame(3).to_crs(3007)), "near")
    with landbank.reading() as store:
        collection = store.collections.find("near", planning=True)
        (middle,) = store.connection.execute(
            text(
                f"SELECT ST_AsText(ST_SnapToGrid(ST_Centroid(geometry), 1)) FROM {collection.table} WHERE fid = 2"
            )
        ).one()
        indexes = store.connection.scalars(
            text("SELECT indexdef FROM pg_indexes WHERE schemaname || '.' || tablename = :name"),
            {"name": collection.table},
        ).all()
    assert loaded.srid == 3006
    assert middle == "POINT(310250 6400050)"
    assert sum("gist" in one for one in indexes) == 2


def test_file_without_crs_is_loaded_once_it_is_given(load: Load, tmp_path: Path) -> None:
    path = tmp_path / "bare.csv"
    path.write_text("x,y,n\n310000,6400000,1\n", encoding="utf-8")
    with pytest.raises(Invalid, match="--crs"):
        load(path, "bare")
    (loaded,) = load(path, "bare", crs="EPSG:3006")
    assert (loaded.found.rows, loaded.found.geometry_kind) == (1, "point")


def test_coordinates_that_are_nowhere_are_refused(load: Load, tmp_path: Path) -> None:
    told = geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1e12, 1e12)], crs=3006)
    with pytest.raises(Invalid, match="nowhere on earth"):
        load(written(tmp_path, told), "lost")


@pytest.mark.parametrize("name", ["", "Flood", "1st", "a b", "drop;table", "å", "x" * 64])
def test_name_that_can_not_be_one_is_refused(load: Load, tmp_path: Path, name: str) -> None:
    with pytest.raises(Invalid, match="can't be a layer's name"):
        load(written(tmp_path, frame(1)), name)


def test_name_that_is_taken_is_refused_unless_it_is_replaced(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    path = written(tmp_path, frame(1))
    load(path, "flood")
    with pytest.raises(Conflict, match="--replace"):
        load(path, "flood")
    with pytest.raises(Conflict, match="inventory itself"):
        load(path, "plots")
    load(written(tmp_path, frame(3), "newer.gpkg"), "flood", is_replacing=True)
    with landbank.reading() as store:
        current = store.layers.current()
        assert [(one.name, one.row_count) for one in current if one.name == "flood"] == [("flood", 3)]
        kept = store.connection.scalar(text("SELECT count(*) FROM landbank.layer WHERE name = 'flood'"))
    assert kept == 2


def test_nothing_is_loaded_where_one_of_several_layers_fails(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    path = written(tmp_path, frame(1), layer="good")
    bad = geopandas.GeoDataFrame({"n": [1]}, geometry=[shapely.Point(1e12, 1e12)], crs=3006)
    written(tmp_path, bad, layer="bad", mode="a")
    with pytest.raises(Invalid):
        load(path, "both")
    tables = text("SELECT count(*) FROM pg_tables WHERE schemaname = 'landbank_layers'")
    with landbank.reading() as store:
        assert [one.name for one in store.layers.current() if one.name.startswith("both")] == []
        known = store.connection.scalar(text("SELECT count(*) FROM landbank.layer"))
        assert store.connection.scalar(tables) == known


def test_layer_is_shown_to_planners_alone_until_it_is_published(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    load(written(tmp_path, frame(1)), "secret")
    with landbank.reading() as store:
        assert store.collections.find("secret", planning=True).name == "secret"
        with pytest.raises(NotFound, match="planners"):
            store.collections.find("secret", planning=False)
        assert "secret" not in [one.name for one in store.collections.all(planning=False)]
    with landbank.changing(actor="test") as store:
        store.layers.publish("secret", is_public=True)
    with landbank.reading() as store:
        assert store.collections.find("secret", planning=False).is_public


def test_ended_layer_is_gone_and_its_changes_are_events(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    load(written(tmp_path, frame(1)), "old", is_public=True)
    with landbank.changing(actor="test") as store:
        store.layers.end("old")
    with landbank.reading() as store:
        with pytest.raises(Gone):
            store.collections.find("old", planning=False)
        events = store.connection.execute(
            text(
                "SELECT e.kind FROM landbank.event e JOIN landbank.layer l ON l.id::text = e.noun_id"
                " WHERE e.noun = 'layer' AND l.name = 'old' ORDER BY e.revision"
            )
        ).scalars()
        assert list(events) == ["created", "changed"]
        assert list(check_history(store.audit, store.ledger)) == []
    with landbank.changing(actor="test") as store, pytest.raises(NotFound):
        store.layers.end("old")


def test_application_reads_the_rows_of_layers_and_writes_none(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    load(written(tmp_path, frame(2)), "fixed")
    with landbank.reading() as store:
        table = store.collections.find("fixed", planning=True).table
        assert store.features.count(store.collections.find("fixed", planning=True)) == 2
    for statement in (f"UPDATE {table} SET fid = 9", f"DELETE FROM {table}", f"DROP TABLE {table}",
                      "UPDATE landbank.signing_key SET key = ''"):  # fmt: skip
        with pytest.raises(Unavailable, match="may not"), landbank.changing(actor="test") as store:
            store.connection.execute(text(statement))
    somebody = Actor("user:1", frozenset({Grant(Role.PLANNER, "1480")}))
    with pytest.raises(NotFound), landbank.changing(actor=somebody, municipality_code="1480") as store:
        store.layers.publish("fixed", is_public=True)  # a planner of one municipality changes no line of it


def test_other_changes_wait_only_for_the_catalogues_line(
    landbank: Landbank, load: Load, tmp_path: Path
) -> None:
    path = written(tmp_path, frame(2))
    request = LayerRequest(path.name, "patient")
    with landbank.preparing(actor="test") as (store, begin_change):
        load_layers(
            request,
            lambda layer: open_source(path, layer=layer, verbatim=True),
            store.layers,
            begin_change=lambda: (_change(landbank), begin_change())[-1],
        )
    with landbank.reading() as store:
        assert "patient" in [one.name for one in store.layers.current()]


def _change(landbank: Landbank) -> None:
    """A change by somebody else while the rows have been written and nothing is entered yet."""
    with landbank.changing(actor="other") as store:
        store.connection.execute(
            text("INSERT INTO landbank.municipality (code, name) VALUES ('1480', 'Göteborg')")
        )
