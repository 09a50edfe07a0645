"""Files that somebody made to hurt: other files, addresses, memory, time; each ends in a clear refusal."""

from __future__ import annotations

import http.server
import json
import os
import stat
import threading
import zipfile
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

from landbank.errors import Invalid
from landbank.exchange.read import ReadLimits, open_source

SECRET = "id,hemligt\n1,LOSEN"
VRT = (
    '<OGRVRTDataSource><OGRVRTLayer name="a"><SrcDataSource>{}</SrcDataSource>'
    "<SrcLayer>secret</SrcLayer></OGRVRTLayer></OGRVRTDataSource>"
)


def refusal(path: Path, **options: Any) -> str:
    """The whole text of the refusal of a file, from opening it or from reading it on."""
    with pytest.raises(Invalid) as caught, open_source(path, **options) as source:
        for _ in source.batches():
            pass
    return str(caught.value)


def archive(tmp_path: Path, members: dict[str, bytes | str]) -> Path:
    """A zip archive with these members."""
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as packed:
        for name, content in members.items():
            packed.writestr(name, content)
    return path


@pytest.fixture
def listener() -> Iterator[tuple[str, list[str]]]:
    """The address of a server on the loopback, and what has been asked of it."""
    asked: list[str] = []

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            asked.append(self.path)
            self.send_error(404)

        def log_message(self, *_: object) -> None:
            return

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    thread = threading.Thread(target=server.serve_forever)
    thread.start()
    yield f"http://127.0.0.1:{server.server_address[1]}", asked
    server.shutdown()
    thread.join()
    server.server_close()


@pytest.mark.parametrize("name", ["a.geojson", "a.gml", "a.xml", "a.vrt", "a.csv"])
def test_virtual_file_under_any_name_reads_no_other_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(SECRET)
    (tmp_path / name).write_text(VRT.format(tmp_path / "secret.csv"))
    told = refusal(tmp_path / name)
    assert "virtual file" in told
    assert "LOSEN" not in told


@pytest.mark.parametrize("name", ["a.vrt", "a.geojson", "a.shp"])
def test_virtual_file_in_an_archive_reads_no_other_file(name: str, tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(SECRET)
    assert "LOSEN" not in refusal(archive(tmp_path, {name: VRT.format(tmp_path / "secret.csv")}))


GML = """<ogr:FeatureCollection xmlns:xsi="http://www.w3.org/2001/XMLSchema-instance"
 xmlns:ogr="http://ogr.maptools.org/" xmlns:gml="http://www.opengis.net/gml" xmlns:xlink="http://www.w3.org/1999/xlink"
 xsi:schemaLocation="http://ogr.maptools.org/ {address}/wfs?SERVICE=WFS&amp;REQUEST=DescribeFeatureType">
<gml:featureMember><ogr:a fid="a.1"><ogr:geometryProperty><gml:Point srsName="{srs}">
<gml:coordinates>12,57</gml:coordinates></gml:Point></ogr:geometryProperty><ogr:namn xlink:href="{address}/x#a"/>
</ogr:a></gml:featureMember></ogr:FeatureCollection>"""


def test_gml_fetches_neither_schema_nor_link_nor_crs(
    listener: tuple[str, list[str]], tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    address, asked = listener
    (tmp_path / "a.gml").write_text(GML.format(address=address, srs=f"{address}/crs"))
    assert read_file(tmp_path / "a.gml").rows == 1
    assert asked == []


@pytest.mark.parametrize("kind", ["link", "url", "name"])
def test_geojson_fetches_no_crs(kind: str, listener: tuple[str, list[str]], tmp_path: Path) -> None:
    address, asked = listener
    place = "name" if kind == "name" else "href"
    crs = {"type": kind, "properties": {place: f"{address}/crs", "type": "esriwkt", "url": f"{address}/crs"}}
    text = json.dumps({"type": "FeatureCollection", "crs": crs, "features": []})
    (tmp_path / "a.geojson").write_text(text)
    assert "fetched" in refusal(tmp_path / "a.geojson")
    (tmp_path / "b.geojson").write_text(text.replace('"crs"', '"\\u0063rs"', 1))
    assert "fetched" in refusal(tmp_path / "b.geojson")
    assert asked == []


def test_second_crs_member_is_refused(tmp_path: Path) -> None:
    name = '"crs": {"type": "name", "properties": {"name": "EPSG:3006"}}'
    (tmp_path / "a.geojson").write_text(f'{{"type": "FeatureCollection", {name}, "features": [], {name}}}')
    assert "twice" in refusal(tmp_path / "a.geojson")


def test_kml_network_link_is_not_followed(
    listener: tuple[str, list[str]], tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    address, asked = listener
    link = f"<NetworkLink><Link><href>{address}/a.kml</href></Link></NetworkLink>"
    (tmp_path / "a.kml").write_text(
        f'<kml xmlns="http://www.opengis.net/kml/2.2"><Document>{link}</Document></kml>'
    )
    read = read_file(tmp_path / "a.kml")
    assert (read.source.layer.name, read.rows) == ("a", 0)
    assert asked == []


@pytest.mark.parametrize(
    "name", ["http://127.0.0.1:9/a.gpkg", "/vsicurl/http://127.0.0.1:9/a", "WFS:http://127.0.0.1:9"]
)
def test_address_as_file_name_is_no_file(name: str) -> None:
    assert "no file" in refusal(Path(name))


def test_quotes_and_prefixes_in_a_file_name_mean_nothing(
    tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    path = tmp_path / "WFS:\"a';b?.gpkg"
    gpd.GeoDataFrame(geometry=[shapely.Point(1, 2)], crs=3006).to_file(tmp_path / "a.gpkg")
    (tmp_path / "a.gpkg").rename(path)
    assert read_file(path).rows == 1


ENTITIES = '<!DOCTYPE a [<!ENTITY x "LOSEN"><!ENTITY y "&x;&x;&x;&x;&x;&x;&x;&x;">]>'


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
@pytest.mark.parametrize("suffix", ["gml", "kml"])
def test_document_types_are_refused_in_any_encoding(suffix: str, encoding: str, tmp_path: Path) -> None:
    text = f'<?xml version="1.0" encoding="{encoding}"?>{ENTITIES}<kml xmlns="http://www.opengis.net/kml/2.2">&y;</kml>'
    (tmp_path / f"a.{suffix}").write_bytes(text.encode(encoding))
    assert "DOCTYPE" in refusal(tmp_path / f"a.{suffix}")


def test_external_entity_in_gml_is_refused(tmp_path: Path) -> None:
    (tmp_path / "secret").write_text("LOSEN")
    text = f'<!DOCTYPE a [<!ENTITY x SYSTEM "file://{tmp_path}/secret">]>' + GML.format(
        address="x", srs="EPSG:3006"
    )
    (tmp_path / "a.gml").write_text(text.replace("12,57", "&x;"))
    told = refusal(tmp_path / "a.gml")
    assert "DOCTYPE" in told
    assert "LOSEN" not in told


def test_entities_in_a_workbook_are_refused(tmp_path: Path) -> None:
    sheet = f'<?xml version="1.0"?>{ENTITIES}<worksheet/>'
    path = archive(
        tmp_path,
        {
            "[Content_Types].xml": "<Types/>",
            "xl/workbook.xml": "<workbook/>",
            "xl/worksheets/sheet1.xml": sheet,
        },
    )
    assert "DOCTYPE" in refusal(path.rename(tmp_path / "a.xlsx"))


def test_deep_xml_is_refused(tmp_path: Path) -> None:
    inner = "<a>" * 100_000 + "</a>" * 100_000
    (tmp_path / "a.gml").write_text(f'<b xmlns:gml="http://www.opengis.net/gml">{inner}</b>')
    assert "nests" in refusal(tmp_path / "a.gml")


def test_deep_json_is_refused(tmp_path: Path) -> None:
    deep = "[" * 200_000 + "]" * 200_000
    (tmp_path / "a.geojson").write_text('{"type": "Polygon", "coordinates": ' + deep + "}")
    assert "too deep" in refusal(tmp_path / "a.geojson")


def test_number_beyond_all_bounds_is_refused(tmp_path: Path) -> None:
    feature = (
        '{"type": "Feature", "properties": {}, "geometry": {"type": "Point", "coordinates": [1e400, 1]}}'
    )
    (tmp_path / "a.geojson").write_text('{"type": "FeatureCollection", "features": [' + feature + "]}")
    assert "1e400" in refusal(tmp_path / "a.geojson")


def test_number_beyond_all_bounds_in_a_bare_geometry_is_infinite(
    tmp_path: Path, read_file: Callable[..., Any]
) -> None:
    (tmp_path / "a.geojson").write_text('{"type": "Point", "coordinates": [1e400, 1]}')
    read = read_file(tmp_path / "a.geojson")
    assert (read.shapes[0].x, read.noted("crs_default_impossible")) == (float("inf"), [])


@pytest.mark.parametrize("name", ["../../a.geojson", "/etc/a.geojson", "..\\a.geojson", "C:\\a.geojson"])
def test_path_that_leads_out_of_an_archive_is_refused(name: str, tmp_path: Path) -> None:
    assert "leads outside" in refusal(archive(tmp_path, {name: "{}"}))


def test_link_in_an_archive_is_not_followed(tmp_path: Path) -> None:
    (tmp_path / "secret.csv").write_text(SECRET)
    entry = zipfile.ZipInfo("a.csv")
    entry.external_attr = (stat.S_IFLNK | 0o777) << 16
    path = tmp_path / "sent.zip"
    with zipfile.ZipFile(path, "w") as packed:
        packed.writestr(entry, str(tmp_path / "secret.csv"))
    told = refusal(path)
    assert "link" in told
    assert "LOSEN" not in told


def test_bomb_is_stopped_while_it_inflates(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": b"a;b\n" + b"0" * 40_000_000})
    assert path.stat().st_size < 100_000
    assert "more than 100 times" in refusal(path)


def test_bomb_that_lies_about_its_size_is_stopped(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": b"a;b\n" + b"0" * 40_000_000})
    raw = bytearray(path.read_bytes())
    told = (40_000_004).to_bytes(4, "little")
    while (at := raw.find(told)) >= 0:
        raw[at : at + 4] = (1000).to_bytes(4, "little")
    path.write_bytes(raw)
    assert "zip" in refusal(path)


def test_archive_larger_than_allowed_is_stopped(tmp_path: Path) -> None:
    path = archive(tmp_path, {"a.csv": os.urandom(700_000).hex(), "b.txt": os.urandom(700_000).hex()})
    assert "more than 2 MB" in refusal(path, limits=ReadLimits(max_mb=2))


def test_too_many_entries_are_refused(tmp_path: Path) -> None:
    assert "21 files; at most 20" in refusal(archive(tmp_path, {f"{n}.txt": "a" for n in range(21)}))


def test_archive_in_an_archive_is_refused(tmp_path: Path) -> None:
    assert "another archive" in refusal(archive(tmp_path, {"inner.zip": b"PK\x03\x04"}))


def test_archive_without_anything_readable_names_what_is_in_it(tmp_path: Path) -> None:
    assert "'readme.md'" in refusal(archive(tmp_path, {"readme.md": "hej"}))


def test_workbook_bomb_is_stopped(tmp_path: Path) -> None:
    path = archive(tmp_path, {"[Content_Types].xml": "<Types/>", "xl/workbook.xml": b" " * 40_000_000})
    assert "more than 100 times" in refusal(path.rename(tmp_path / "a.xlsx"))


def test_file_larger_than_allowed_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n" + "1;2\n" * 300_000)
    assert "limit is 1 MB" in refusal(tmp_path / "a.csv", limits=ReadLimits(max_mb=1))


def test_file_that_needs_too_much_memory_is_stopped(tmp_path: Path) -> None:
    cell = "x" * 1_000_000
    (tmp_path / "a.csv").write_text("a;b\n" + f"{cell};1\n" * 150)
    assert "50 MB" in refusal(tmp_path / "a.csv", limits=ReadLimits(memory_mb=50))


def test_file_that_takes_too_long_is_stopped(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("a;b\n" + "1,5;2\n" * 2_000_000)
    assert "longer than 1 s" in refusal(tmp_path / "a.csv", limits=ReadLimits(timeout_s=1))


@pytest.mark.parametrize(
    ("name", "content", "expected"),
    [
        (
            "a.geojson",
            b"SQLite format 3\x00" + bytes(200),
            "named as GeoJSON, but what is in it is GeoPackage",
        ),
        ("a.gpkg", b"SQLite format 3\x00" + bytes(200), "no GeoPackage"),
        ("a.gpkg", b"a;b\n1;2\n", "plain text or CSV"),
        ("a.shp", b"hej", "plain text or CSV"),
        ("a.dxf", b"AC1032\x00\x00", "DWG drawing"),
        ("a.xls", b"\xd0\xcf\x11\xe0" + bytes(100), "old Excel"),
        ("a.pdf", b"%PDF-1.7", "a PDF"),
        ("a.osm.pbf", b"\x00\x00\x00\x0e\x0a\x09OSMHeader\x18", "OpenStreetMap extract"),
        ("a.bin", bytes(range(256)), "no format that is known"),
        ("a.gml", b"<html></html>", "neither GML nor KML"),
        ("a.gml", b"<gml", "no element"),
        ("a.csv", b" \n \n", "blank"),
        ("a.geojson", b"", "empty (0 bytes)"),
        ("a.xlsx", b"PK\x03\x04hej", "no whole zip archive"),
        ("a.parquet", b"PAR1hejPAR1", "no whole Parquet file"),
        ("a.fgb", b"fgb\x03fgb\x00" + bytes(50), "can't be read"),
        ("a.geojson", b'{"type": "FeatureCollection", "features": [', "can't be read"),
        ("a.json", b'{"a": 1}', "not GeoJSON"),
        ("a.tab", b"!table\n!version 300\n", "can't be read"),
        ("a.dxf", b"  0\nSECTION\n  2\nENTITIES\n", "no whole DXF"),
    ],
)
def test_file_that_is_not_what_it_says_is_refused(
    name: str, content: bytes, expected: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert expected in refusal(tmp_path / name)


@pytest.mark.parametrize("suffix", ["gpkg", "fgb", "geojson", "gml", "shp", "kml"])
def test_file_cut_off_at_two_thirds_is_refused(suffix: str, tmp_path: Path) -> None:
    drivers = {"gml": "GML", "kml": "LIBKML"}
    squares = [shapely.box(12 + n / 1000, 57, 12.001 + n / 1000, 57.001) for n in range(300)]
    path = tmp_path / f"a.{suffix}"
    gpd.GeoDataFrame({"namn": ["Öckerö"] * 300}, geometry=squares, crs=4326).to_file(
        path, driver=drivers.get(suffix)
    )
    whole = path.read_bytes()
    path.write_bytes(whole[: len(whole) * 2 // 3])
    assert path.name in refusal(path)


def test_damage_inside_a_geopackage_is_no_short_answer(tmp_path: Path) -> None:
    path = tmp_path / "a.gpkg"
    points = shapely.points([[12.0, 57.0]] * 20_000)
    gpd.GeoDataFrame({"namn": ["Öckerö"] * 20_000}, geometry=points, crs=4326).to_file(
        path, SPATIAL_INDEX="NO"
    )
    raw = bytearray(path.read_bytes())
    raw[len(raw) // 2 : len(raw) // 2 + 40_000] = b"\xff" * 40_000
    path.write_bytes(raw)
    assert path.name in refusal(path)


def test_pipe_as_a_file_is_refused(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "a.csv")
    assert "neither a file nor a folder" in refusal(tmp_path / "a.csv")


def test_nul_in_text_is_taken_out_and_told(tmp_path: Path, read_file: Callable[..., Any]) -> None:
    (tmp_path / "a.geojson").write_text(
        '{"type": "Feature", "properties": {"a": "x\\u0000y"}, "geometry": {"type": "Point", "coordinates": [12, 57]}}'
    )
    assert "\x00" not in read_file(tmp_path / "a.geojson").columns["a"][0]
