"""The abstract tests of OGC API - Features - Part 2: Coordinate Reference Systems by Reference (OGC 18-058r1, annex A)."""

from __future__ import annotations

import json
import re
from typing import Any

import pytest
import shapely
from pyproj import Transformer

CRS = "ogcapi-features-2/1.0/crs"
CRS84 = "http://www.opengis.net/def/crs/OGC/1.3/CRS84"
EPSG = "http://www.opengis.net/def/crs/EPSG/0/"
OFFERED = [CRS84, *(f"{EPSG}{number}" for number in (4326, 4258, 3006, 3007, 3857))]
NAMES = ("plots", "municipalities", "infrastructure", "wells")


def shape(feature: Any) -> Any:
    """The geometry of a feature as it was sent."""
    return shapely.from_geojson(json.dumps(feature["geometry"]))


def to_lonlat(geometry: Any, uri: str) -> Any:
    """A geometry in a CRS's own axis order, in longitude and latitude; by pyproj, which knows each axis order."""
    if uri == CRS84:
        return geometry
    change = Transformer.from_crs(f"EPSG:{uri.rsplit('/', 1)[1]}", "OGC:CRS84", always_xy=False)

    def move(xy: Any) -> Any:
        first, second = change.transform(xy[:, 0], xy[:, 1])
        return shapely.get_coordinates(shapely.points(first, second))

    return shapely.transform(geometry, move)


@pytest.mark.proves(CRS, "A.1 /conf/crs/crs-uri", "A.2 /conf/crs/default-crs", "A.3 /conf/crs/storageCrs")
def test_collections_name_their_systems(open_data: Any) -> None:
    told = open_data.get("/collections")
    for one in told["collections"]:
        assert one["crs"] == OFFERED
        assert all(
            re.fullmatch(r"http://www\.opengis\.net/def/crs/(EPSG/0/\d+|OGC/1\.3/CRS84)", uri)
            for uri in one["crs"]
        )
        assert one["storageCrs"] == f"{EPSG}3006"
        assert one["storageCrs"] in one["crs"]


@pytest.mark.proves(CRS, "A.4 /conf/crs/crs-parameter", "A.7 /conf/crs/crs-parameter-transform")
@pytest.mark.parametrize("uri", OFFERED)
def test_coordinates_come_in_the_system_that_is_asked_for(open_data: Any, uri: str) -> None:
    for name in NAMES:
        plain = open_data.get(f"/collections/{name}/items")["features"]
        answer = open_data.ask(f"/collections/{name}/items", crs=uri)
        assert answer.headers["content-crs"] == f"<{uri}>"
        asked = answer.json()["features"]
        assert [one["id"] for one in asked] == [one["id"] for one in plain]
        for one, other in zip(asked, plain, strict=True):
            assert shapely.hausdorff_distance(to_lonlat(shape(one), uri), shape(other)) < 2e-7
        key = plain[0]["id"]
        alone = open_data.ask(f"/collections/{name}/items/{key}", crs=uri)
        assert (alone.headers["content-crs"], alone.json()["geometry"]) == (f"<{uri}>", asked[0]["geometry"])


@pytest.mark.proves(CRS, "A.5 /conf/crs/crs-parameter-invalid", "A.9 /conf/crs/bbox-crs-parameter-invalid")
def test_system_that_is_not_offered_is_400(open_data: Any) -> None:
    for wrong in (f"{EPSG}27700", "EPSG:3006", "", "x"):
        assert open_data.ask("/collections/plots/items", crs=wrong).status_code == 400
        assert open_data.ask("/collections/plots/items/1", crs=wrong).status_code == 400
        assert open_data.ask("/collections/plots/items", bbox="1,2,3,4", bbox_crs=wrong).status_code == 400


@pytest.mark.proves(CRS, "A.6 /conf/crs/crs-parameter-default")
def test_without_a_system_coordinates_are_longitude_and_latitude(open_data: Any) -> None:
    for name in NAMES:
        assert open_data.ask(f"/collections/{name}/items").headers["content-crs"] == f"<{CRS84}>"


def box_in(uri: str, lonlat: tuple[float, float, float, float]) -> str:
    """A box of degrees as a box of another system, in its own axis order."""
    if uri == CRS84:
        return ",".join(map(str, lonlat))
    change = Transformer.from_crs("OGC:CRS84", f"EPSG:{uri.rsplit('/', 1)[1]}", always_xy=False)
    west, south, east, north = lonlat
    corners = [change.transform(x, y) for x in (west, east) for y in (south, north)]
    first, second = zip(*corners, strict=True)
    return f"{min(first)},{min(second)},{max(first)},{max(second)}"


@pytest.mark.proves(CRS, "A.8 /conf/crs/bbox-crs-parameter", "A.10 /conf/crs/bbox-crs-parameter-default")
@pytest.mark.parametrize("uri", OFFERED)
def test_box_is_read_in_the_system_that_is_named(open_data: Any, uri: str) -> None:
    first = open_data.get("/collections/wells/items", limit=1)["features"][0]
    lon, lat = first["geometry"]["coordinates"]
    box = box_in(uri, (lon - 0.01, lat - 0.01, lon + 0.01, lat + 0.01))
    found = open_data.get("/collections/wells/items", bbox=box, bbox_crs=uri)["features"]
    assert [one["id"] for one in found] == [first["id"]]
    assert (
        open_data.get("/collections/plots/items", bbox=box_in(uri, (11, 57, 13.5, 59)), bbox_crs=uri)[
            "numberMatched"
        ]
        == 7
    )
