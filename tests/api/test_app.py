"""What holds for every answer: health, problems, headers, log, overload, and a database that goes away."""

from __future__ import annotations

import logging
import threading
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import httpx
import orjson
import psycopg
import pytest
from fastapi import FastAPI

from landbank.api.app import create_app
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

NOWHERE = "postgresql://nobody@127.0.0.1:1/nothing?connect_timeout=1"
ITEMS = "/ogc/collections/plots/items"


@contextmanager
def client_of(app: FastAPI, serving: Any) -> Iterator[httpx.Client]:
    """A client of a served application."""
    with serving(app) as address, httpx.Client(base_url=address, timeout=20) as client:
        yield client


def test_live_ready_and_version(client: httpx.Client) -> None:
    assert client.get("/live").json() == {"status": "live"}
    assert client.get("/ready").json() == {"status": "ready"}
    told = client.get("/version").json()
    assert told["name"] == "landbank"
    assert set(told) == {"name", "version", "schema_revision"}


def test_without_a_database_it_lives_and_is_not_ready(serving: Any) -> None:
    with client_of(create_app(open_landbank(Settings(), NOWHERE)), serving) as client:
        assert client.get("/live").status_code == 200
        ready = client.get("/ready")
        assert (ready.status_code, ready.json()["detail"]) == (503, "The database does not answer.")
        assert ready.headers["retry-after"].isdigit()
        for address in (ITEMS, "/tiles/plots/0/0/0"):
            answer = client.get(address)
            assert answer.status_code == 503
            assert answer.headers["retry-after"].isdigit()
            assert answer.headers["content-type"] == "application/problem+json"


def test_database_of_another_schema_is_not_ready(
    inventory: Landbank, database_url: str, serving: Any
) -> None:
    with psycopg.connect(database_url) as owner:
        owner.execute("UPDATE landbank.schema_version SET version_num = '9999'")
    with client_of(create_app(inventory), serving) as client:
        ready = client.get("/ready")
    assert (ready.status_code, ready.json()["where"]) == (503, "schema")
    assert "9999" in ready.json()["detail"]


def test_problem_names_type_title_status_detail_and_request(client: httpx.Client) -> None:
    answer = client.get("/ogc/collections/wells")
    told = answer.json()
    assert answer.headers["content-type"] == "application/problem+json"
    assert told.pop("request_id") == answer.headers["x-request-id"]
    assert told == {
        "type": "/problems/not-found",
        "title": "Not found",
        "status": 404,
        "detail": "There is no collection 'wells'.",
        "hint": "There are plots, plans, restrictions, municipalities, parks, infrastructure, and reference layers; some only for planners who signed in.",
        "where": "wells",
    }


def test_type_of_a_problem_can_be_read(client: httpx.Client) -> None:
    told = client.get(client.get("/ogc/collections/wells").json()["type"])
    assert told.status_code == 200
    assert told.json()["title"] == "Not found"
    assert client.get("/problems/unheard-of").status_code == 404


def test_address_and_method_that_are_not_there(client: httpx.Client) -> None:
    assert client.get("/ogc/wells").status_code == 404
    refused = client.post(ITEMS)
    assert (refused.status_code, set(refused.headers["allow"].split(", "))) == (
        405,
        {"GET", "HEAD", "OPTIONS"},
    )
    assert refused.headers["content-type"] == "application/problem+json"


@pytest.mark.parametrize(
    "address", ["/live", "/ogc", "/nowhere", "/tiles/plots/0/0/0", "/tiles/plots/99/0/0", ITEMS]
)
def test_every_answer_protects_its_reader(client: httpx.Client, address: str) -> None:
    headers = client.get(address).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["content-security-policy"].startswith("default-src 'none'")
    assert headers["cross-origin-opener-policy"] == "same-origin"
    assert "referrer-policy" in headers
    assert "permissions-policy" in headers


def test_request_id_of_the_proxy_is_kept_and_a_strange_one_is_not(client: httpx.Client) -> None:
    kept = client.get("/live", headers={"X-Request-ID": "proxy-0001"})
    assert kept.headers["x-request-id"] == "proxy-0001"
    new = client.get("/live", headers={"X-Request-ID": 'no "quotes" here'})
    assert '"' not in new.headers["x-request-id"]
    assert new.headers["x-request-id"] != client.get("/live").headers["x-request-id"]


def test_log_line_tells_the_answer_and_nothing_of_the_caller(
    client: httpx.Client, caplog: pytest.LogCaptureFixture, until: Any
) -> None:
    with caplog.at_level(logging.INFO, logger="landbank.access"):
        answer = client.get(f"{ITEMS}?bbox=11,57,13,58.5", headers={"Accept-Encoding": "identity"})
        until(lambda: caplog.records)  # the line is written once the answer is on its way
    (line,) = (orjson.loads(record.getMessage()) for record in caplog.records)
    assert line.pop("ms") > 0
    assert line == {
        "request_id": answer.headers["x-request-id"],
        "method": "GET",
        "path": ITEMS,
        "status": 200,
        "bytes": len(answer.content),
    }


def test_fault_that_nobody_foresaw_is_500_and_tells_only_the_log_why(
    inventory: Landbank, serving: Any, caplog: pytest.LogCaptureFixture
) -> None:
    app = create_app(inventory)

    @app.get("/broken")
    def broken() -> None:
        raise RuntimeError("the secret reason")

    with client_of(app, serving) as client:
        answer = client.get("/broken")
    assert answer.status_code == 500
    assert answer.headers["content-type"] == "application/problem+json"
    assert "secret" not in answer.text
    assert "the secret reason" in caplog.text
    assert answer.json()["request_id"] in caplog.text


def test_json_is_gzipped_for_those_who_take_it(client: httpx.Client) -> None:
    assert client.get(ITEMS).headers["content-encoding"] == "gzip"
    assert "content-encoding" not in client.get(ITEMS, headers={"Accept-Encoding": "identity"}).headers


def test_one_request_more_than_is_taken_on_is_refused_at_once(
    inventory: Landbank, serving: Any, until: Any
) -> None:
    app = create_app(Landbank(Settings(pool_size=1), inventory.engine))
    go_on = threading.Event()
    started: list[int] = []

    @app.get("/slow")
    def slow() -> None:
        started.append(1)
        go_on.wait(20)

    with client_of(app, serving) as client, ThreadPoolExecutor(8) as pool:
        working = [pool.submit(client.get, "/slow") for _ in range(8)]
        until(lambda: len(started) == 8)
        began = time.monotonic()
        refused = client.get(ITEMS)
        assert time.monotonic() - began < 0.5
        assert (refused.status_code, refused.headers["retry-after"].isdigit()) == (503, True)
        assert client.get("/live").status_code == 200
        assert client.get("/ready").status_code == 200
        assert client.get("/tiles/plots/0/0/0").status_code == 200
        go_on.set()
        assert {answer.result().status_code for answer in working} == {200}
        assert client.get(ITEMS).status_code == 200


def test_full_pool_is_503_after_two_seconds_and_health_still_answers(
    database_url: str, inventory: Landbank, serving: Any
) -> None:
    small = open_landbank(Settings(pool_size=1), database_url)
    with client_of(create_app(small), serving) as client, small.engine.connect():
        began = time.monotonic()
        refused = client.get(ITEMS)
        assert 1.5 < time.monotonic() - began < 4
        assert (refused.status_code, refused.json()["detail"]) == (503, "All database connections are busy.")
        assert client.get("/ready").status_code == 200
    small.close()


def test_database_that_dies_is_503_and_works_again_once_it_is_back(
    serving: Any, cluster_folder: Callable[[str], Path]
) -> None:
    from landbank.cluster import Cluster, find_binaries

    # Not in pytest's folder: the account that serves for root can't enter it.
    cluster = Cluster(cluster_folder("landbank-dies-"), find_binaries(None), durable=False)
    cluster.start()
    landbank = open_landbank(Settings(), cluster.ensure_database("landbank"))
    try:
        landbank.migrate()
        with client_of(create_app(landbank), serving) as client:
            paths, kept = ("/tiles/plots/1/0/0", ITEMS), "/tiles/plots/0/0/0"
            tag = client.get(kept).headers["etag"]
            assert client.get(paths[1]).status_code == 200
            cluster.stop()
            for address in paths:
                began = time.monotonic()
                assert client.get(address).status_code == 503
                assert time.monotonic() - began < 5
            # A tile in memory is sent, and said to be of unknown age; never 304, which would say that it still holds.
            stale = client.get(kept, headers={"If-None-Match": tag})
            assert (stale.status_code, stale.headers["etag"]) == (200, tag)
            assert "database-does-not-answer" in stale.headers["cache-status"]
            assert client.get("/live").status_code == 200
            cluster.start()
            began = time.monotonic()
            for address in paths:
                assert client.get(address).status_code == 200
            assert time.monotonic() - began < 5
    finally:
        landbank.close()
        cluster.remove()
