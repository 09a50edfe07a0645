"""Roads out of files."""

from __future__ import annotations

from pathlib import Path

import geopandas
import numpy as np
import pytest
from shapely.geometry import LineString, Point

from landbank.domain.roads import Way, build_network
from landbank.errors import Invalid
from landbank.exchange.read import open_source
from landbank.exchange.read_roads import RoadsRead, read_roads, read_speed, tags

SHARED = Path(__file__).parents[3] / "shared/data/osm"


def written(folder: Path, **columns: list[object]) -> Path:
    """A GeoPackage of lines from (320000, 6400000) on, each 100 m longer, with the columns."""
    rows = len(next(iter(columns.values())))
    lines = [LineString([(320_000, 6_400_000), (320_100 + 100 * n, 6_400_000)]) for n in range(rows)]
    path = folder / "roads.gpkg"
    geopandas.GeoDataFrame(columns, geometry=lines, crs="EPSG:3006").to_file(path, layer="vag")
    return path


def roads_of(path: Path, **options: object) -> RoadsRead:
    """What is read of a file."""
    with open_source(path, of_roads=True, layer="lines" if path.suffix == ".pbf" else None) as source:
        return read_roads(source, **options)  # type: ignore[arg-type]


def test_speed_and_direction_are_found_by_their_columns_names(tmp_path: Path) -> None:
    read = roads_of(written(tmp_path, hastighet=[70, 50, 0], riktning=["med", "mot", None]))
    assert [(road.speed_kmh, road.way) for road in read.roads] == [(70, Way.ALONG), (50, Way.AGAINST)]
    assert read.left_out == {"without speed": 1}


def test_road_without_speed_takes_the_default_and_is_counted(tmp_path: Path) -> None:
    read = roads_of(written(tmp_path, speed_kmh=[None, 90.0]), default_kmh=40)
    assert [road.speed_kmh for road in read.roads] == [40, 90]
    assert read.by_class == 1


def test_file_without_speeds_says_which_columns_there_are(tmp_path: Path) -> None:
    with pytest.raises(Invalid, match="hold speeds") as refused:
        roads_of(written(tmp_path, namn=["a"]))
    assert "namn" in str(refused.value.hint)


def test_points_are_no_roads(tmp_path: Path) -> None:
    path = tmp_path / "points.gpkg"
    geopandas.GeoDataFrame({"speed": [50]}, geometry=[Point(320_000, 6_400_000)], crs="EPSG:3006").to_file(
        path
    )
    with pytest.raises(Invalid, match="no road for cars: 1 no line"):
        roads_of(path)


@pytest.mark.parametrize(
    ("value", "kmh"),
    [(70, 70.0), ("70", 70.0), ("70 km/h", 70.0), ("40 mph", 64.37376), ("50;70", 50.0), ("none", None), ("", None),
     (None, None), (0, None), (500, None), ("walk", None), (True, None)],
)  # fmt: skip
def test_speeds_are_read_as_they_are_written(value: object, kmh: float | None) -> None:
    assert read_speed(value) == (None if kmh is None else pytest.approx(kmh))


def test_tags_with_quotes_inside_are_opened() -> None:
    assert tags(r'"oneway"=>"yes","name"=>"a \"b\", c"') == {"oneway": "yes", "name": r"a \"b\", c"}


def test_extract_of_openstreetmap_is_read_only_where_roads_are_asked_for() -> None:
    path = SHARED / "lund-station-sweden.osm.pbf"
    if not path.is_file():
        pytest.skip(f"{path} is not there")
    with pytest.raises(Invalid, match="OpenStreetMap"):
        open_source(path)
    read = roads_of(path)
    assert read.left_out["no road for cars"] > 0
    corners = np.concatenate([road.corners for road in read.roads])
    assert corners.min(axis=0) == pytest.approx(
        [386_000, 6_174_000], abs=3_000
    )  # Lund's station in EPSG:3006
    assert build_network(read.roads).length_m > 1_000
