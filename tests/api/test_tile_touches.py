"""An edit is seen at once in every process, on the tiles that it touches and on no other."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Any

import httpx
import mapbox_vector_tile
import psycopg
import pytest
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.api.tile_address import Wanted
from landbank.api.tile_touches import hits
from landbank.geo.grid import WEB_MERCATOR
from landbank.geo.tile import Tile, tile_at
from landbank.settings import Settings
from landbank.store.tiles import Touch
from landbank.wiring import Landbank, open_landbank

H0, L1 = (310_050.0, 6_400_050.0), (335_000.0, 6_400_000.0)
"""Locations of two plots in EPSG:3006, 25 km apart."""


@pytest.fixture
def workers(
    inventory: Landbank, database_url: str, serving: Any
) -> Iterator[tuple[httpx.Client, httpx.Client]]:
    """Two applications over one database, each with its own connections and memory."""
    other = open_landbank(Settings(), database_url)
    with (
        serving(create_app(inventory)) as one,
        serving(create_app(other)) as two,
        httpx.Client(base_url=one, timeout=20) as first,
        httpx.Client(base_url=two, timeout=20) as second,
    ):
        yield first, second
    other.close()


def over(landbank: Landbank, place: tuple[float, float], z: int = 14) -> str:
    """The address of the tile of plots over a place."""
    with landbank.reading() as store:
        x, y = store.connection.execute(
            text("SELECT ST_X(p), ST_Y(p) FROM ST_Transform(ST_Point(:e, :n, 3006), 3857) p"),
            {"e": place[0], "n": place[1]},
        ).one()
    tile = tile_at(x, y, z)
    return f"/tiles/plots/{tile.z}/{tile.x}/{tile.y}"


def change(landbank: Landbank, setting: str, reference: str = "H0") -> None:
    """Change a plot."""
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text(f"UPDATE landbank.plot SET {setting} WHERE reference = :reference"), {"reference": reference}
        )


def heard(worker: httpx.Client, revision: int) -> bool:
    """Whether a change was announced to a process: the tile of the whole world is drawn from its state."""
    return int(worker.get("/tiles/plots/0/0/0").headers["etag"].strip('"').split("-")[0]) >= revision


def revision_of(landbank: Landbank) -> int:
    """The inventory's revision."""
    with landbank.reading() as store:
        return store.standing.inventory().revision


@pytest.fixture
def heard_by_all(
    workers: tuple[httpx.Client, httpx.Client], inventory: Landbank, until: Any
) -> Callable[[], None]:
    """Waits until each process heard of the last change."""
    return lambda: [until(lambda w=worker: heard(w, revision_of(inventory))) for worker in workers] and None


def labels(answer: httpx.Response) -> set[str]:
    """The labels of the plots in a tile."""
    layers = mapbox_vector_tile.decode(answer.content) if answer.content else {"plots": {"features": []}}
    return {one["properties"]["label"] for one in layers["plots"]["features"]}


def test_edit_shows_in_every_process_and_leaves_other_tiles_where_they_are(
    workers: tuple[httpx.Client, httpx.Client],
    inventory: Landbank,
    blocked: Any,
    heard_by_all: Callable[[], None],
) -> None:
    touched, untouched, base = over(inventory, H0), over(inventory, L1), "/tiles/base/8/135/77"
    before = [{path: worker.get(path) for path in (touched, untouched, base)} for worker in workers]
    change(inventory, "availability = 'sald'")
    heard_by_all()
    for worker, was in zip(workers, before, strict=True):
        now = worker.get(touched, headers={"If-None-Match": was[touched].headers["etag"]})
        assert (now.status_code, "sald" in labels(now), "sald" in labels(was[touched])) == (200, True, False)
        assert now.headers["etag"] != was[touched].headers["etag"]
    # Nothing can be drawn from here on: what is answered comes from memory.
    blocked()
    for worker, was in zip(workers, before, strict=True):
        for path in (untouched, base):
            again = worker.get(path)
            assert (again.content, again.headers["etag"]) == (was[path].content, was[path].headers["etag"])
            kept = worker.get(path, headers={"If-None-Match": was[path].headers["etag"]})
            assert (kept.status_code, kept.headers["etag"]) == (304, was[path].headers["etag"])


def test_clients_copy_of_an_untouched_tile_holds_in_a_process_that_never_drew_it(
    workers: tuple[httpx.Client, httpx.Client],
    inventory: Landbank,
    blocked: Any,
    heard_by_all: Callable[[], None],
) -> None:
    first, second = workers
    second.get("/tiles/plots/0/0/0")  # the state before the change is known here, the tile is not
    held = first.get(over(inventory, L1)).headers["etag"]
    touched = first.get(over(inventory, H0)).headers["etag"]
    change(inventory, "availability = 'sald'")
    heard_by_all()
    blocked()
    assert second.get(over(inventory, L1), headers={"If-None-Match": held}).status_code == 304
    strange = held.replace('"', '"9', 1)
    for tag in (touched, strange):
        with pytest.raises(httpx.ReadTimeout):
            second.get(over(inventory, H0), headers={"If-None-Match": tag}, timeout=0.5)


def test_plot_that_moves_changes_the_tile_it_left_and_the_one_it_came_to(
    workers: tuple[httpx.Client, httpx.Client], inventory: Landbank, heard_by_all: Callable[[], None]
) -> None:
    second = workers[1]
    left, between, reached = (over(inventory, place) for place in (H0, (322_000.0, 6_400_050.0), L1))
    before = {path: second.get(path).headers["etag"] for path in (left, between, reached)}
    change(
        inventory,
        "geometry = ST_Translate(geometry, 25000, 0), location = ST_Translate(location, 25000, 0)",
    )
    heard_by_all()
    now = {path: second.get(path).headers["etag"] for path in (left, between, reached)}
    assert [now[path] == before[path] for path in (left, between, reached)] == [False, True, False]


def test_plan_changes_the_tiles_of_plots_and_not_the_base_map(
    workers: tuple[httpx.Client, httpx.Client], inventory: Landbank, heard_by_all: Callable[[], None]
) -> None:
    second, paths = workers[1], (over(inventory, L1), "/tiles/base/8/135/77", "/tiles/plans/8/135/77")
    before = [second.get(path).headers["etag"] for path in paths]
    with inventory.changing(actor="test") as store:
        store.connection.execute(text("UPDATE landbank.plan SET state = 'samrad'"))
    heard_by_all()
    now = [second.get(path).headers["etag"] for path in paths]
    assert [one == other for one, other in zip(before, now, strict=True)] == [False, True, False]


def test_tile_in_memory_is_sent_and_said_to_be_old_while_the_database_is_away(
    workers: tuple[httpx.Client, httpx.Client],
    inventory: Landbank,
    database_url: str,
    server: str,
    until: Any,
) -> None:
    first, name = workers[0], psycopg.conninfo.conninfo_to_dict(database_url)["dbname"]
    kept = first.get("/tiles/plots/0/0/0")
    assert "cache-status" not in kept.headers
    with psycopg.connect(server, autocommit=True) as owner:
        owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS false')
        owner.execute("SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE datname = %s", (name,))
        until(lambda: "cache-status" in first.get("/tiles/plots/0/0/0").headers)
        stale = first.get("/tiles/plots/0/0/0")
        assert (stale.status_code, stale.content, stale.headers["etag"]) == (
            200,
            kept.content,
            kept.headers["etag"],
        )
        assert first.get("/tiles/plots/1/1/0").status_code == 503
        owner.execute(f'ALTER DATABASE "{name}" ALLOW_CONNECTIONS true')
    until(lambda: first.get("/tiles/plots/1/1/0").status_code == 200)
    assert "cache-status" not in first.get("/tiles/plots/0/0/0").headers


@pytest.mark.parametrize(
    ("noun", "box", "layers", "is_hit"),
    [
        ("plot", (0.0, 0.0, 10.0, 10.0), ("plots",), True),
        ("plot", (0.0, 0.0, 10.0, 10.0), ("base",), False),
        ("plot", (-3e6, -3e6, -2e6, -2e6), ("plots",), False),
        (
            "plot",
            (0.0, -40_000.0, 10.0, -30_000.0),
            ("plots",),
            True,
        ),  # in the margin: 1/16 of 1 252 344 m below
        ("plot", (0.0, -90_000.0, 10.0, -80_000.0), ("plots",), False),
        ("area", None, ("plots",), False),
        ("area", None, ("plots", "parks"), True),
        ("contact", None, ("plots", "base"), False),
        ("something new", None, ("base",), True),
    ],
)
def test_change_hits_the_tiles_that_show_it(
    noun: str, box: Any, layers: tuple[str, ...], is_hit: bool
) -> None:
    from datetime import UTC, datetime

    # The tile of zoom 5 whose south-west corner is the point 0, 0.
    wanted = Wanted(layers, WEB_MERCATOR, Tile(5, 16, 15))
    assert hits(Touch(7, datetime(2026, 11, 25, tzinfo=UTC), noun, box), wanted) is is_hit
