"""Formats of items and how one is chosen; links to pages that hold across restarts; numbers; who sees which layer."""

from __future__ import annotations

import csv
import io
import json
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas
import httpx
import pyogrio
import pytest
import shapely

from landbank.api.app import create_app
from landbank.api.ogc_formats import Format, best_of
from landbank.api.page_links import PageLinks
from landbank.domain.filter import Kind
from landbank.domain.people import ANONYMOUS, Actor, Grant, Role
from landbank.errors import Invalid

EPSG_3006 = "http://www.opengis.net/def/crs/EPSG/0/3006"
ITEMS = "/collections/wells/items"


@pytest.mark.parametrize(
    ("accept", "chosen"),
    [
        ("*/*", Format.JSON),
        ("", Format.JSON),
        ("text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8", Format.HTML),
        ("application/geo+json", Format.JSON),
        ("application/json, text/html;q=0.9", Format.JSON),
        ("text/html;q=0.2, text/csv;q=0.7", Format.CSV),
        ("text/*", Format.HTML),
        ("application/vnd.ogc.fg+json", Format.JSONFG),
        ("application/flatgeobuf", Format.FGB),
        ("application/vnd.apache.parquet;q=0.1", Format.PARQUET),
        ("text/html;q=0, application/json;q=0.1", Format.JSON),
        ("image/png", None),
        ("text/html;q=zero", None),
    ],
)
def test_format_is_the_one_that_is_accepted_best(accept: str, chosen: Format | None) -> None:
    assert best_of(accept, tuple(Format)) is chosen


def test_format_that_nobody_writes_is_406(open_data: Any) -> None:
    answer = open_data.client.get(f"/ogc{ITEMS}", headers={"Accept": "image/png"})
    assert (answer.status_code, answer.headers["content-type"]) == (406, "application/problem+json")


def test_csv_holds_all_properties_and_the_shape_in_its_systems_axis_order(open_data: Any) -> None:
    answer = open_data.ask(ITEMS, f="csv", crs=EPSG_3006)
    assert answer.headers["content-type"] == "text/csv; charset=utf-8"
    rows = list(csv.DictReader(io.StringIO(answer.text)))
    assert list(rows[0]) == ["fid", "Namn", "depth m", "count", "open", "dug", "seen", "geometry"]
    assert rows[0] == {
        "fid": "1", "Namn": "Älvdal", "depth m": "10.5", "count": "1", "open": "true", "dug": "2020-01-01",
        "seen": "2024-01-01T00:00:00+00:00", "geometry": "POINT (6400000 310000)",
    }  # fmt: skip
    assert rows[5]["Namn"] == ""


def test_text_that_a_spreadsheet_would_run_is_disarmed() -> None:
    from landbank.exchange.write_items import csv_of

    told = csv_of({"=a": Kind.TEXT}, [({"=a": "=1+1"}, None)], is_northing_first=False, decimals=3).decode()
    assert told == "'=a,geometry\r\n'=1+1,\r\n"


@pytest.mark.parametrize("ending", ["fgb", "parquet"])
def test_binary_files_hold_the_same_items(open_data: Any, tmp_path: Path, ending: str) -> None:
    answer = open_data.ask(ITEMS, f=ending, crs=EPSG_3006)
    path = tmp_path / f"wells.{ending}"
    path.write_bytes(answer.content)
    read = geopandas.read_parquet(path) if ending == "parquet" else pyogrio.read_dataframe(path)
    assert read.crs.to_epsg() == 3006
    assert list(read["Namn"].fillna("-")) == ["Älvdal", "alvdal", "Åby", "Bjørn", "straße", "-"]
    assert list(read["count"]) == [1, 2, 3, 4, 5, 9_007_199_254_740_993]
    assert read.geometry.iloc[0].equals(shapely.Point(310000, 6400000))


def test_files_of_nothing_are_files(open_data: Any) -> None:
    for ending in ("csv", "fgb", "parquet", "jsonfg", "json"):
        answer = open_data.ask(ITEMS, f=ending, filter="false")
        assert answer.status_code == 200, ending
        assert answer.headers["ogc-numbermatched"] == "0"


def test_lists_of_plots_are_lists_in_parquet(open_data: Any, tmp_path: Path) -> None:
    path = tmp_path / "plots.parquet"
    path.write_bytes(
        open_data.ask("/collections/plots/items", f="parquet", filter="reference = 'H4'").content
    )
    read = geopandas.read_parquet(path)
    assert list(read["restriction_kinds"].iloc[0]) == ["arkeologi", "buller"]


def test_page_is_304_until_something_changes(client: httpx.Client, inventory: Any) -> None:
    from sqlalchemy import text

    address = "/ogc/collections/plots/items?limit=2&f=json"
    first = client.get(address)
    held = {"If-None-Match": first.headers["etag"]}
    assert first.headers["etag"].startswith('W/"')
    assert client.get(address, headers=held).status_code == 304
    assert client.get(address + "&sortby=-name", headers=held).status_code == 200
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET name = 'x' WHERE reference = 'H0'"))
    assert client.get(address, headers=held).status_code == 200


def follow(client: httpx.Client, address: str | None) -> list[list[Any]]:
    """The ids of each page from an address on."""
    pages = []
    while address:
        page = client.get(address).json()
        pages.append([one["id"] for one in page["features"]])
        address = next((link["href"] for link in page["links"] if link["rel"] == "next"), None)
    return pages


def test_pages_of_an_order_follow_one_another(open_data: Any) -> None:
    pages = follow(open_data.client, f"{open_data.address}/ogc{ITEMS}?sortby=-dug,Namn&limit=2&f=json")
    assert pages == [[5, 3], [2, 1], [6, 4]]


def test_link_of_one_process_holds_in_another(open_data: Any, serving: Any) -> None:
    page = open_data.get(ITEMS, limit=2, sortby="Namn")
    following = next(link["href"] for link in page["links"] if link["rel"] == "next")
    with serving(create_app(open_data.landbank)) as address, httpx.Client(base_url=address) as other:
        moved = httpx.URL(following).copy_with(port=httpx.URL(address).port)
        assert other.get(moved).json() | {"timeStamp": "", "links": []} == open_data.client.get(following).json() | {
            "timeStamp": "", "links": [],
        }  # fmt: skip


def test_link_is_signed_and_bound_to_its_question() -> None:
    links = PageLinks(b"key")
    token = links.write("wells?sortby=a", ("x", 7))
    kinds = [Kind.TEXT, Kind.INTEGER]
    assert links.read("wells?sortby=a", token, kinds) == ("x", 7)
    for other in (PageLinks(b"other"), links):
        for question, told, wanted in (
            ("wells?sortby=b", token, kinds),
            ("wells?sortby=a", token[:-2] + "AA", kinds),
            ("wells?sortby=a", "", kinds),
            ("wells?sortby=a", "åäö", kinds),
            ("wells?sortby=a", token * 2, kinds),
            ("wells?sortby=a", token, kinds[1:]),
        ):
            with pytest.raises(Invalid):
                other.read(question, told, wanted)
    with pytest.raises(Invalid):
        PageLinks(b"other").read("wells?sortby=a", token, kinds)


def test_number_is_the_same_in_items_headers_and_pages(open_data: Any) -> None:
    for condition in ("count > 2", "open", "S_INTERSECTS(geom, BBOX(11.7,57.5,12.2,58))"):
        totals = set()
        for limit in (1, 3, 100):
            answer = open_data.ask(ITEMS, filter=condition, limit=limit)
            told = answer.json()
            totals |= {told["numberMatched"], int(answer.headers["ogc-numbermatched"])}
            assert "numberMatchedIsEstimate" not in told
        pages = follow(open_data.client, f"{open_data.address}/ogc{ITEMS}?filter={condition}&limit=2&f=json")
        assert totals == {sum(map(len, pages))}


PLANNER = Actor("user:1", frozenset({Grant(Role.PLANNER, "1480")}))


@pytest.fixture
def as_whom(open_data: Any, serving: Any) -> Callable[[Actor], Any]:
    """Serves the same landbank to somebody else."""

    def serve(actor: Actor) -> Any:
        app = create_app(open_data.landbank)
        app.state.identify = lambda _request: actor
        return serving(app)

    return serve


def test_planners_layer_is_hidden_from_everybody_else(
    open_data: Any, as_whom: Callable[[Actor], Any]
) -> None:
    for tail in ("", "/items", "/items/1", "/queryables", "/sortables", "/schema"):
        assert open_data.ask(f"/collections/secret{tail}").status_code == 404
    assert "secret" not in json.dumps([open_data.get("/collections"), open_data.get("/api")])
    with as_whom(PLANNER) as address:
        assert httpx.get(f"{address}/ogc/collections/secret/items").json()["numberMatched"] == 6
        listed = httpx.get(f"{address}/ogc/collections")
        assert "secret" in [one["id"] for one in listed.json()["collections"]]
        assert listed.headers["cache-control"] == "no-store"
        item = httpx.get(f"{address}/ogc/collections/secret/items/1")
        assert item.headers["cache-control"] == "no-store"
    with as_whom(ANONYMOUS) as address:
        assert httpx.get(f"{address}/ogc/collections/secret/items").status_code == 404


@pytest.mark.parametrize("query", [{"as_of": "2026-01-01"}, {"valid_on": "2026-01-01"}])
@pytest.mark.parametrize("path", ["/collections/wells/items", "/collections/wells/items/1"])
def test_layer_never_answers_for_today_where_its_past_is_asked_for(
    open_data: Any, path: str, query: dict[str, str]
) -> None:
    answer = open_data.ask(path, **query)
    assert (answer.status_code, answer.json()["where"]) == (400, next(iter(query)))
    assert "has no past" in answer.json()["detail"]
    described = open_data.get("/api")["paths"]["/collections/wells/items"]["get"]["parameters"]
    assert not {"#/components/parameters/as_of", "#/components/parameters/valid_on"} & {
        one.get("$ref") for one in described
    }


def test_gdal_reads_a_layer_filtered_and_in_metres(open_data: Any) -> None:
    # In a process of its own: GDAL keeps the interpreter's lock while it waits for the server, which needs it.
    program = (
        "import sys, pyogrio; frame = pyogrio.read_dataframe(sys.argv[1], layer='wells', where='\"count\" BETWEEN 3 AND 5',"
        " CRS='EPSG:3006', PAGE_SIZE='2'); print(frame.crs.to_epsg(), sorted(frame['count']),"
        " *(f'{g.x:.0f} {g.y:.0f}' for g in frame.geometry))"
    )
    command = [sys.executable, "-c", program, f"OAPIF:{open_data.address}/ogc"]
    read = subprocess.run(command, capture_output=True, text=True, timeout=60, check=False)
    assert read.returncode == 0, read.stderr
    assert read.stdout.split("\n")[0] == ("3006 [3, 4, 5] 330000 6400000 340000 6400000 350000 6400000")


def test_owslib_reads_queryables_and_filters(open_data: Any) -> None:
    from owslib.ogcapi.features import Features

    reader = Features(f"{open_data.address}/ogc")
    assert "Namn" in reader.collection_queryables("wells")["properties"]
    found = reader.collection_items("wells", filter="CASEI(Namn) = casei('ÅBY')")
    assert [one["id"] for one in found["features"]] == [3]
    told = reader.collection_items("wells", limit=2)
    assert (told["numberMatched"], told["numberReturned"]) == (6, 2)
