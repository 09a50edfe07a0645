"""Descriptions of coordinate reference systems and the codes they mean."""

from __future__ import annotations

import pytest
from pyproj import CRS

from landbank.geo.identify import crs_code, crs_name, same_crs

MAPINFO = (
    'PROJCS["unnamed",GEOGCS["unnamed",DATUM["GRS_80",SPHEROID["GRS 80",6378137,298.257222101]],'
    'PRIMEM["Greenwich",0],UNIT["degree",0.0174532925199433]],PROJECTION["Transverse_Mercator"],'
    'PARAMETER["latitude_of_origin",0],PARAMETER["central_meridian",{meridian}],PARAMETER["scale_factor",{scale}],'
    'PARAMETER["false_easting",{easting}],PARAMETER["false_northing",0],UNIT["metre",1]]'
)


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("EPSG:3007", "EPSG:3007"),
        ("urn:ogc:def:crs:EPSG::3007", "EPSG:3007"),
        ("http://www.opengis.net/def/crs/EPSG/0/4258", "EPSG:4258"),
        ("OGC:CRS84", "EPSG:4326"),
        ("urn:ogc:def:crs:OGC:1.3:CRS84", "EPSG:4326"),
        (CRS.from_epsg(3012).to_wkt("WKT1_ESRI"), "EPSG:3012"),
        ("hej", None),
        ("", None),
    ],
)
def test_description_means_a_code(text: str, code: str | None) -> None:
    assert crs_code(text) == code


@pytest.mark.parametrize(
    ("meridian", "scale", "easting", "code"),
    [
        (12, 1, 150_000, "EPSG:3007"),
        (13.5, 1, 150_000, "EPSG:3008"),
        (15, 0.9996, 500_000, "EPSG:3006"),
        (9, 0.9996, 500_000, "EPSG:25832"),
        (12, 1, 150_001, None),
    ],
)
def test_parameters_without_a_code_mean_the_swedish_system(
    meridian: float, scale: float, easting: int, code: str | None
) -> None:
    assert crs_code(MAPINFO.format(meridian=meridian, scale=scale, easting=easting)) == code


def test_height_does_not_hide_the_plane_system() -> None:
    # EPSG:5847 is SWEREF99 12 00 with RH2000 heights in the older listing, 3006 + 5613 = EPSG:5845
    assert crs_code("EPSG:5845") == "EPSG:3006"


def test_same_place_in_two_spellings() -> None:
    assert same_crs("EPSG:4326", "OGC:CRS84")
    assert not same_crs("EPSG:3006", "EPSG:3007")
    assert not same_crs("hej", "EPSG:3007")


def test_name_for_people() -> None:
    assert crs_name("EPSG:3007") == "EPSG:3007 (SWEREF99 12 00)"
    assert crs_name("hej") == "hej"
