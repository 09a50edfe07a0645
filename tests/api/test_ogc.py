"""OGC API Features, Part 1: the documents, pages by key, boxes and times, single items and what became of them."""

from __future__ import annotations

import json
import re
import subprocess
import sys
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from landbank.wiring import Landbank

PLOTS = "/ogc/collections/plots/items"
COLLECTIONS = ["plots", "plans", "restrictions", "municipalities", "parks", "infrastructure"]


def get(client: httpx.Client, address: str, **headers: str) -> Any:
    """The JSON of a good answer."""
    answer = client.get(address, headers={name.replace("_", "-"): value for name, value in headers.items()})
    assert answer.status_code == 200, answer.text
    return answer.json()


def href(document: Any, rel: str) -> str | None:
    """The address of the one link with that relation; of several, as to each format, the first."""
    found = [link["href"] for link in document["links"] if link["rel"] == rel]
    assert len(found) <= 1 or rel in ("items", "alternate")
    return found[0] if found else None


def plot_id(landbank: Landbank, reference: str) -> int:
    """Id of a plot of the small inventory."""
    with landbank.reading() as store:
        statement = text("SELECT id FROM landbank.plot WHERE reference = :reference")
        return int(store.connection.execute(statement, {"reference": reference}).scalar_one())


def test_landing_page_leads_to_description_conformance_and_collections(client: httpx.Client) -> None:
    landing = get(client, "/ogc")
    assert get(client, href(landing, "conformance") or "")["conformsTo"][:4] == [
        f"http://www.opengis.net/spec/ogcapi-features-1/1.0/conf/{name}"
        for name in ("core", "oas30", "html", "geojson")
    ]
    told = get(client, href(landing, "data") or "")["collections"]
    assert [collection["id"] for collection in told] == COLLECTIONS
    described = client.get(href(landing, "service-desc") or "")
    assert described.headers["content-type"] == "application/vnd.oai.openapi+json;version=3.0"
    assert "/collections/plots/items" in described.json()["paths"]


@pytest.mark.parametrize("name", COLLECTIONS)
def test_each_collection_leads_to_items_that_are_valid_geojson(
    client: httpx.Client, name: str, feature_collection: Any
) -> None:
    items = client.get(href(get(client, f"/ogc/collections/{name}"), "items") or "")
    assert items.headers["content-type"] == "application/geo+json"
    page = items.json()
    feature_collection.validate(page)
    assert page["numberReturned"] == len(page["features"]) > 0
    assert "crs" not in items.text.split('"links"')[0]


def test_properties_are_all_flat_facts_but_geometry_and_tile_columns(
    client: httpx.Client, inventory: Landbank
) -> None:
    with inventory.reading() as store:
        view = store.connection.execute(text("SELECT * FROM landbank.plot_facts LIMIT 0")).keys()
    hidden = {"morton", "geometry", "location", "geometry_tile", "location_tile"}
    assert set(get(client, PLOTS)["features"][0]["properties"]) == set(view) - hidden


def test_column_kinds_are_those_of_the_database(inventory: Landbank) -> None:
    from landbank.store.collections import COLLECTIONS as DESCRIBED

    names = {
        "text": "text",
        "bigint": "integer",
        "integer": "integer",
        "smallint": "integer",
        "double precision": "number",
        "boolean": "boolean",
        "date": "date",
        "timestamp with time zone": "datetime",
        "text[]": "texts",
        "uuid": "uuid",
    }
    with inventory.reading() as store:
        for collection in DESCRIBED.values():
            rows = store.connection.execute(
                text(
                    "SELECT attname, format_type(atttypid, atttypmod) FROM pg_attribute"
                    " WHERE attrelid = CAST(:name AS regclass)"
                ),
                {"name": collection.facts},
            )
            kinds = {name: names.get(kind) for name, kind in rows}
            assert {c.name: kinds[c.column] for c in collection.columns} == {
                c.name: c.kind for c in collection.columns
            }


def test_coordinates_are_longitude_and_latitude_with_seven_decimals(
    client: httpx.Client, inventory: Landbank
) -> None:
    item = client.get(f"{PLOTS}/{plot_id(inventory, 'L1')}")
    # 335000 E, 6400000 N of SWEREF 99 TM, by `cs2cs EPSG:3006 EPSG:4326` (PROJ 9.1.1).
    lon, lat = item.json()["geometry"]["coordinates"]
    with inventory.reading() as store:
        expected = store.connection.execute(
            text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_Point(335000, 6400000, 3006), 4326) p")
        ).one()
    assert (lon, lat) == pytest.approx(tuple(expected), abs=1e-7)
    assert 12 < lon < 13
    assert 57 < lat < 58
    numbers = re.findall(r"\d+\.\d+", json.dumps(item.json()["geometry"]))
    assert max(len(number.split(".")[1]) for number in numbers) <= 7


def test_pages_follow_one_another_without_gap_or_repetition(client: httpx.Client) -> None:
    address: str | None = f"{PLOTS}?limit=3"
    seen, sizes = [], []
    while address:
        page = get(client, address)
        assert page["numberMatched"] == 7
        seen += [feature["id"] for feature in page["features"]]
        sizes.append(page["numberReturned"])
        address = href(page, "next")
    assert sizes == [3, 3, 1]
    assert seen == sorted(set(seen))


def test_page_that_ends_exactly_has_no_next(client: httpx.Client) -> None:
    assert href(get(client, f"{PLOTS}?limit=7"), "next") is None


def test_page_begins_after_a_plot_that_ended_meanwhile(client: httpx.Client, inventory: Landbank) -> None:
    first = get(client, f"{PLOTS}?limit=2")
    with inventory.changing(actor="test") as store:
        store.connection.execute(
            text("UPDATE landbank.plot SET valid_to = current_date WHERE id = :id"),
            {"id": first["features"][1]["id"]},
        )
    second = get(client, href(first, "next") or "")
    assert second["features"][0]["id"] == first["features"][1]["id"] + 1


def test_box_gives_what_touches_it(client: httpx.Client, inventory: Landbank) -> None:
    lon, lat = get(client, f"{PLOTS}/{plot_id(inventory, 'L1')}")["geometry"]["coordinates"]
    box = f"{lon - 0.005},{lat - 0.005},{lon + 0.005},{lat + 0.005}"
    page = get(client, f"{PLOTS}?bbox={box}")
    assert [feature["properties"]["reference"] for feature in page["features"]] == ["L1"]
    assert page["numberMatched"] == 1


def test_box_and_limit_go_along_to_the_next_page(client: httpx.Client) -> None:
    first = get(client, f"{PLOTS}?bbox=11,57,13,58.5&limit=4")
    second = get(client, href(first, "next") or "")
    assert first["numberMatched"] == second["numberMatched"] == 7
    assert (first["numberReturned"], second["numberReturned"]) == (4, 3)


def test_box_across_180_degrees_is_two_boxes(client: httpx.Client) -> None:
    assert get(client, f"{PLOTS}?bbox=170,50,13,60")["numberMatched"] == 7
    assert get(client, f"{PLOTS}?bbox=13,50,-170,60")["numberMatched"] == 0


def test_box_with_heights_is_the_same_box(client: httpx.Client) -> None:
    assert get(client, f"{PLOTS}?bbox=11,57,0,13,58.5,100")["numberMatched"] == 7


def test_time_gives_plots_that_hold_then(client: httpx.Client, inventory: Landbank) -> None:
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET valid_from = '2020-01-01'"))
        store.connection.execute(
            text("UPDATE landbank.plot SET valid_from = '2022-06-01' WHERE reference = 'H0'")
        )
    for time, number in [
        ("2021-01-01", 6),
        ("2022-06-01T00:00:00Z", 7),
        ("../2019-12-31", 0),
        ("2019-01-01/2020-01-01", 6),
        ("2022-01-01/..", 7),
    ]:
        assert get(client, f"{PLOTS}?datetime={time}")["numberMatched"] == number, time


def test_time_leaves_collections_without_one_as_they_are(client: httpx.Client) -> None:
    assert get(client, "/ogc/collections/parks/items?datetime=1900-01-01")["numberMatched"] == 1


def test_larger_limit_than_the_largest_is_the_largest(client: httpx.Client) -> None:
    # OGC 17-069r4, 7.15.2: a limit above the maximum is no error.
    assert get(client, f"{PLOTS}?limit=100000")["numberReturned"] == 7


@pytest.mark.parametrize(
    ("query", "where"),
    [
        ("color=red", "color"),
        ("limit=0", "limit"),
        ("limit=ten", "limit"),
        ("limit=1&limit=2", "limit"),
        ("f=gml", "f"),
        ("bbox=1,2,3", "bbox"),
        ("bbox=a,b,c,d", "bbox"),
        ("bbox=11,nan,12,58", "bbox"),
        ("bbox=11,58,12,57", "bbox"),
        ("bbox=11,57,190,58", "bbox"),
        ("datetime=yesterday", "datetime"),
        ("datetime=2026-01-01T00:00:00", "datetime"),
        ("datetime=2026-02-01/2026-01-01", "datetime"),
        ("datetime=2026-01-01/2026-02-01/2026-03-01", "datetime"),
        ("next=abc", "next"),
        ("next=%00", "next"),
    ],
)
def test_wrong_or_unknown_parameter_is_400_and_named(client: httpx.Client, query: str, where: str) -> None:
    answer = client.get(f"{PLOTS}?{query}")
    assert (answer.status_code, answer.json().get("where")) == (400, where)
    assert answer.headers["content-type"] == "application/problem+json"


def test_next_of_another_question_is_refused(client: httpx.Client) -> None:
    token = httpx.URL(href(get(client, f"{PLOTS}?limit=2"), "next") or "").params["next"]
    assert client.get(f"{PLOTS}?bbox=11,57,13,58&next={token}").status_code == 400
    assert client.get(f"/ogc/collections/parks/items?next={token}").status_code == 400
    assert client.get(f"{PLOTS}?limit=5&next={token}").status_code == 200


@pytest.mark.parametrize(
    "address",
    [
        "/ogc/collections/wells",
        "/ogc/collections/wells/items",
        f"{PLOTS}/999999",
        f"{PLOTS}/x",
        f"{PLOTS}/-1",
        f"{PLOTS}/99999999999999999999",
        "/ogc/collections/municipalities/items/0000",
        "/ogc/collections/municipalities/items/%00",
    ],
)
def test_what_never_was_is_404(client: httpx.Client, address: str) -> None:
    answer = client.get(address)
    assert answer.status_code == 404
    assert answer.headers["content-type"] == "application/problem+json"


def test_item_of_a_municipality_has_its_code_as_id(client: httpx.Client) -> None:
    item = get(client, "/ogc/collections/municipalities/items/1480")
    assert (item["id"], item["properties"]["name"]) == ("1480", "Göteborg")


def test_item_has_a_strong_tag_and_is_304_while_nothing_changes(
    client: httpx.Client, inventory: Landbank
) -> None:
    address = f"{PLOTS}/{plot_id(inventory, 'H0')}"
    first = client.get(address)
    assert re.fullmatch(r'"1-[0-9a-f]{16}(-gz)?"', first.headers["etag"])
    again = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert again.headers["etag"] == first.headers["etag"]
    assert client.get(address, headers={"If-None-Match": '"other", W/"b"'}).status_code == 200
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plot SET readiness = 'ramark' WHERE reference = 'H0'"))
    changed = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert changed.status_code == 200
    assert changed.headers["etag"].startswith('"2-')


def test_change_of_the_plan_alone_changes_the_items_tag(client: httpx.Client, inventory: Landbank) -> None:
    address = f"{PLOTS}/{plot_id(inventory, 'H0')}"
    first = client.get(address)
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plan SET state = 'overklagad'"))
    second = client.get(address, headers={"If-None-Match": first.headers["etag"]})
    assert second.status_code == 200
    assert second.json()["properties"]["label"] == "kommande"


def test_plain_and_gzipped_item_have_different_tags(client: httpx.Client, inventory: Landbank) -> None:
    address = f"{PLOTS}/{plot_id(inventory, 'H0')}"
    tags = {
        coding: client.get(address, headers={"Accept-Encoding": coding}).headers["etag"]
        for coding in ("gzip", "identity")
    }
    assert tags["gzip"] == tags["identity"][:-1] + '-gz"'


def end(landbank: Landbank, reference: str, *successors: str) -> int:
    """End a plot today, the successors in its place; its id comes back."""
    ended = plot_id(landbank, reference)
    with landbank.changing(actor="test") as store:
        for successor in successors:
            store.connection.execute(
                text("INSERT INTO landbank.plot_lineage VALUES (:ended, :next, 'split', current_date)"),
                {"ended": ended, "next": plot_id(landbank, successor)},
            )
        store.connection.execute(
            text("UPDATE landbank.plot SET valid_to = current_date WHERE id = :id"), {"id": ended}
        )
    return ended


def test_ended_plot_is_410_and_no_longer_listed(client: httpx.Client, inventory: Landbank) -> None:
    ended = end(inventory, "H0")
    answer = client.get(f"{PLOTS}/{ended}")
    assert (answer.status_code, answer.json()["title"]) == (410, "Gone")
    page = get(client, PLOTS)
    assert ended not in [feature["id"] for feature in page["features"]]
    assert page["numberMatched"] == 6


def test_replaced_plot_redirects_to_the_plot_in_its_place_at_last(
    client: httpx.Client, inventory: Landbank
) -> None:
    first = end(inventory, "H0", "H1")
    end(inventory, "H1", "H2")
    answer = client.get(f"{PLOTS}/{first}")
    assert answer.status_code == 301
    assert answer.headers["location"] == f"{client.base_url}{PLOTS}/{plot_id(inventory, 'H2')}"


def test_split_plot_is_410_with_links_to_all_its_parts(client: httpx.Client, inventory: Landbank) -> None:
    ended = end(inventory, "H0", "H1", "H2")
    answer = client.get(f"{PLOTS}/{ended}")
    parts = [plot_id(inventory, reference) for reference in ("H1", "H2")]
    assert answer.status_code == 410
    assert answer.json()["hint"] == f"In its place: {parts[0]}, {parts[1]}."
    assert [
        int(number)
        for number in re.findall(r'/items/(\d+)>; rel="successor-version"', answer.headers["link"])
    ] == parts


@pytest.mark.parametrize(
    ("address", "number"),
    [
        ("/ogc", 0),
        ("/ogc/conformance", 0),
        ("/ogc/collections", 1),
        ("/ogc/collections/plots", 0),
        (PLOTS, 1),
        (f"{PLOTS}?bbox=11,57,13,58.5&limit=1", 4),
        ("/ogc/collections/plans/items", 1),
        ("/ogc/collections/municipalities/items/1480", 1),
        (f"{PLOTS}/999999", 2),
        (f"{PLOTS}?bbox=1", 0),
        ("/ogc/collections/wells/items", 1),
    ],
)
def test_number_of_statements(client: httpx.Client, statements: list[str], address: str, number: int) -> None:
    statements.clear()
    client.get(address)
    asked = [statement for statement in statements if not statement.startswith("SET TRANSACTION")]
    assert len(asked) == number


def test_scripts_of_other_sites_may_read(client: httpx.Client) -> None:
    assert client.get(PLOTS).headers["access-control-allow-origin"] == "*"


def test_links_use_the_public_address(inventory: Landbank, serving: Any) -> None:
    from landbank.api.app import create_app
    from landbank.settings import Settings
    from landbank.wiring import Landbank as Opened

    behind = Opened(Settings(public_url="https://mark.example.org/"), inventory.engine)
    with serving(create_app(behind)) as address:
        landing = httpx.get(f"{address}/ogc").json()
    assert href(landing, "data") == "https://mark.example.org/ogc/collections"


def test_owslib_reads_pages_and_items(client: httpx.Client, inventory: Landbank) -> None:
    from owslib.ogcapi.features import Features

    reader = Features(f"{client.base_url}/ogc")
    assert reader.feature_collections() == COLLECTIONS
    page = reader.collection_items("plots", bbox=[11, 57, 13, 58.5], limit=3)
    assert (page["numberMatched"], page["numberReturned"]) == (7, 3)
    item = reader.collection_item("plots", str(plot_id(inventory, "L2")))
    assert item["properties"]["label"] == "sald"


def test_gdal_reads_all_pages(client: httpx.Client) -> None:
    # In a process of its own: GDAL keeps the interpreter's lock while it waits for the server, which needs it.
    program = (
        "import sys, pyogrio; frame = pyogrio.read_dataframe(sys.argv[1], layer='plots', PAGE_SIZE='3');"
        "print(*sorted(frame['reference']))"
    )
    command = [sys.executable, "-c", program, f"OAPIF:{client.base_url}/ogc"]
    read = subprocess.run(command, capture_output=True, text=True, timeout=60, check=True)
    assert read.stdout.split() == ["H0", "H1", "H2", "H3", "H4", "L1", "L2"]
