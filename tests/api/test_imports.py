"""Imports over HTTP: looked at, applied by number, listed, taken back; to whom they belong, and within limits."""

from __future__ import annotations

import json
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from sqlalchemy import text

from landbank.api.app import create_app
from landbank.domain.people import Actor, Grant, Role
from landbank.settings import Settings
from landbank.wiring import Landbank, open_landbank

PEOPLE = {
    "lerum": Actor("user:1", frozenset({Grant(Role.PLANNER, "1441")})),
    "goteborg": Actor("user:2", frozenset({Grant(Role.PLANNER, "1480")})),
    "lots": Actor("user:3", frozenset({Grant(Role.LOTS, "1441")})),
}


@pytest.fixture(scope="module")
def landbank_of_module(
    databases: Callable[[], str], tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Landbank]:
    """An inventory with two municipalities, for all tests of this file; each has plots of its own."""
    settings = Settings(upload_folder=tmp_path_factory.mktemp("uploads") / "here", upload_max_mb=1)
    landbank = open_landbank(settings, databases())
    with landbank.changing(actor="test") as store:
        store.connection.execute(
            text(
                "INSERT INTO landbank.municipality (code, name) VALUES ('1441', 'Lerum'), ('1480', 'Göteborg')"
            )
        )
    yield landbank
    landbank.close()


@pytest.fixture(scope="module")
def people(landbank_of_module: Landbank, serving: Any) -> Iterator[Callable[[str], httpx.Client]]:
    """Gives a client of the application for a person of `PEOPLE`, or for nobody."""
    app = create_app(landbank_of_module)
    app.state.identify = lambda request: PEOPLE.get(request.headers.get("x-person", ""), Actor("anonymous"))
    clients: list[httpx.Client] = []
    with serving(app) as address:

        def of(name: str) -> httpx.Client:
            clients.append(httpx.Client(base_url=address, timeout=60, headers={"x-person": name}))
            return clients[-1]

        yield of
        for client in clients:
            client.close()


def geojson(*rows: tuple[str, int, str], **fields: Any) -> bytes:
    """Rows of (reference, column of a row of squares, municipality) in EPSG:3006."""
    features = []
    for reference, column, code in rows:
        x, y = 330_000 + 300 * column, 6_400_000
        ring = [[x, y], [x + 100, y], [x + 100, y + 100], [x, y + 100], [x, y]]
        told = {"referens": reference, "kommun": code, "namn": "Tomt"} | fields
        features.append(
            {"type": "Feature", "properties": told, "geometry": {"type": "Polygon", "coordinates": [ring]}}
        )
    crs = {"type": "name", "properties": {"name": "urn:ogc:def:crs:EPSG::3006"}}
    return json.dumps({"type": "FeatureCollection", "crs": crs, "features": features}).encode()


def send(client: httpx.Client, content: bytes, name: str = "tomter.geojson", **more: Any) -> httpx.Response:
    """Upload a file."""
    headers = more.pop("headers", {})
    return client.post("/api/imports", files={"file": (name, content)}, data=more, headers=headers)


def count(landbank: Landbank, statement: str) -> int:
    """What a counting statement says."""
    with landbank.reading() as store:
        return int(store.connection.execute(text(statement)).scalar_one())


def test_file_is_looked_at_then_applied_by_its_number_then_listed(
    people: Any, landbank_of_module: Landbank
) -> None:
    lerum = people("lerum")
    seen = send(lerum, geojson(("A1", 1, "1441"), ("A2", 2, "1480")), dataset="lerum")
    told = seen.json()
    assert (seen.status_code, seen.headers["location"]) == (201, f"/api/imports/{told['id']}")
    assert (told["state"], told["counts"]["new"], told["counts"]["refused"]) == ("proposed", 1, 1)
    assert [one["code"] for one in told["report"]["findings"]] == ["foreign_municipality"]
    assert "upload" not in told
    assert count(landbank_of_module, "SELECT count(*) FROM landbank.plot WHERE reference = 'A1'") == 0

    done = lerum.post(f"/api/imports/{told['id']}/apply", json={"hash": told["hash"]})

    assert (done.status_code, done.json()["state"], done.json()["report"]["applied"]) == (
        200,
        "applied",
        True,
    )
    assert count(landbank_of_module, "SELECT count(*) FROM landbank.plot WHERE reference = 'A1'") == 1
    assert not list(landbank_of_module.settings.upload_folder.iterdir())  # type: ignore[union-attr]
    again = lerum.post(f"/api/imports/{told['id']}/apply", json={"hash": told["hash"]})
    assert again.status_code == 409
    assert told["id"] in [one["id"] for one in lerum.get("/api/imports").json()["imports"]]
    assert lerum.get(f"/api/imports/{told['id']}/report").json()["hash"] == told["hash"]


def test_difference_that_moved_is_409_and_changes_nothing(people: Any, landbank_of_module: Landbank) -> None:
    lerum = people("lerum")
    told = send(lerum, geojson(("B1", 11, "1441"), namn="Ett")).json()
    other = send(lerum, geojson(("B1", 11, "1441"), namn="Två")).json()
    assert lerum.post(f"/api/imports/{told['id']}/apply", json={"hash": other["hash"]}).status_code == 409
    assert lerum.post(f"/api/imports/{other['id']}/apply", json={"hash": other["hash"]}).status_code == 200
    stale = lerum.post(f"/api/imports/{told['id']}/apply", json={"hash": told["hash"]})
    assert (stale.status_code, stale.headers["content-type"]) == (409, "application/problem+json")
    assert count(landbank_of_module, "SELECT count(*) FROM landbank.plot WHERE name = 'Två'") == 1


def test_only_whoever_may_import_and_whom_it_concerns(people: Any) -> None:
    content = geojson(("C1", 21, "1441"))
    assert send(people("nobody"), content).status_code == 401
    assert people("nobody").get("/api/imports").status_code == 401
    assert send(people("lots"), content).status_code == 403
    assert send(people("lerum"), content, municipality="1480").status_code == 403
    number = send(people("lerum"), content).json()
    stranger = people("goteborg")
    assert stranger.get(f"/api/imports/{number['id']}").status_code == 404
    assert stranger.get(f"/api/imports/{number['id']}/report").status_code == 404
    assert (
        stranger.post(f"/api/imports/{number['id']}/apply", json={"hash": number["hash"]}).status_code == 404
    )
    assert number["id"] not in [one["id"] for one in stranger.get("/api/imports").json()["imports"]]


def test_request_that_comes_again_under_its_key_is_done_once(
    people: Any, landbank_of_module: Landbank
) -> None:
    content, headers = geojson(("D1", 31, "1441")), {"Idempotency-Key": "9f1c"}
    answers: list[httpx.Response] = []

    def ask() -> None:
        answers.append(send(people("lerum"), content, headers=headers))

    askers = [threading.Thread(target=ask) for _ in range(4)]
    for asker in askers:
        asker.start()
    for asker in askers:
        asker.join()
    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.text for answer in answers}) == 1
    told = answers[0].json()
    waiting = "SELECT count(*) FROM landbank.plot_import WHERE upload IS NOT NULL"
    folder = landbank_of_module.settings.upload_folder
    assert folder is not None
    assert len(list(folder.iterdir())) == count(landbank_of_module, waiting)
    lerum = people("lerum")
    assert send(lerum, geojson(("D2", 32, "1441")), headers=headers).status_code == 409
    for _ in range(2):
        done = lerum.post(
            f"/api/imports/{told['id']}/apply",
            json={"hash": told["hash"]},
            headers={"Idempotency-Key": "9f1d"},
        )
        assert (done.status_code, done.json()["state"]) == (200, "applied")


def test_import_is_taken_back_over_http(people: Any, landbank_of_module: Landbank) -> None:
    lerum = people("lerum")
    told = send(lerum, geojson(("E1", 41, "1441"))).json()
    lerum.post(f"/api/imports/{told['id']}/apply", json={"hash": told["hash"]})
    address = f"/api/imports/{told['id']}/rollback"
    seen = lerum.post(address, json={}).json()
    assert (seen["ended"], seen["applied"]) == (1, False)
    assert people("goteborg").post(address, json={}).status_code == 403
    done = lerum.post(address, json={"apply": True, "hash": seen["hash"]})
    assert (done.status_code, done.json()["applied"]) == (200, True)
    assert count(
        landbank_of_module,
        "SELECT count(*) FROM landbank.plot WHERE reference = 'E1' AND valid_to IS NOT NULL",
    )
    assert lerum.post(address, json={"apply": True}).status_code == 409


@pytest.mark.parametrize(
    ("content", "name", "fields", "status", "says"),
    [
        (b"x" * 2_100_000, "stor.geojson", {}, 413, "1 MB"),
        (b"", "tom.geojson", {}, 400, "empty"),
        (b"these are only words", "ord.gpkg", {}, 400, "ord.gpkg"),
        (geojson(("F1", 51, "1441")), "a.geojson", {"ends_missing": "kanske"}, 400, "neither true nor false"),
        (geojson(("F1", 51, "1441")), "a.geojson", {"colour": "red"}, 400, "no field 'colour'"),
        (geojson(("F1", 51, "1441")), "a.geojson", {"profile": "= broken"}, 400, "no TOML"),
        (geojson(("F1", 51, "1441")), "a.geojson", {"crs": "EPSG:99"}, 400, "coordinate reference system"),
    ],
)
def test_upload_that_cannot_be_used_says_why_and_is_not_kept(  # noqa: PLR0917
    people: Any, landbank_of_module: Landbank, content: bytes, name: str, fields: Any, status: int, says: str
) -> None:
    folder = landbank_of_module.settings.upload_folder
    assert folder is not None
    before = {path.name for path in folder.iterdir()} if folder.is_dir() else set()
    answer = send(people("lerum"), content, name, **fields)
    assert (answer.status_code, answer.headers["content-type"]) == (status, "application/problem+json")
    assert says in answer.text
    assert {path.name for path in folder.iterdir()} == before


def test_body_of_untold_length_is_cut_off_at_the_limit(people: Any) -> None:
    head = b'--x\r\nContent-Disposition: form-data; name="file"; filename="a.csv"\r\n\r\n'
    pieces = (head, *[b"a" * 100_000] * 25)
    headers = {"content-type": "multipart/form-data; boundary=x"}
    answer = people("lerum").post("/api/imports", content=iter(pieces), headers=headers)
    assert (answer.status_code, answer.headers["content-type"]) == (413, "application/problem+json")


def test_form_without_a_file_and_strange_bodies_are_refused(people: Any) -> None:
    lerum = people("lerum")
    assert lerum.post("/api/imports", data={"dataset": "x"}).status_code == 415
    assert lerum.post("/api/imports", files={"other": ("a.geojson", b"{}")}).status_code == 400
    assert lerum.post("/api/imports/1/apply", json={"hash": "kort"}).status_code == 400
    assert lerum.post("/api/imports/1/apply", json={"hash": "0" * 64, "force": True}).status_code == 400
    assert lerum.post("/api/imports/999999/apply", json={"hash": "0" * 64}).status_code == 404
    long_key = {"Idempotency-Key": "k" * 300}
    assert send(lerum, geojson(("G1", 61, "1441")), headers=long_key).status_code == 400


def test_name_of_a_file_reaches_no_path(people: Any, landbank_of_module: Landbank) -> None:
    told = send(people("lerum"), geojson(("H1", 71, "1441")), "../../<img onerror>.geojson").json()
    assert told["counts"]["new"] == 1
    folder = landbank_of_module.settings.upload_folder
    assert folder is not None
    assert all(".." not in path.name and "<" not in path.name for path in folder.rglob("*"))


def test_upload_that_waited_too_long_is_gone(people: Any, landbank_of_module: Landbank) -> None:
    lerum = people("lerum")
    told = send(lerum, geojson(("J1", 81, "1441"))).json()
    with landbank_of_module.noting(PEOPLE["lerum"]) as store:
        store.connection.execute(
            text("UPDATE landbank.plot_import SET proposed_at = now() - interval '25 hours' WHERE id = :id"),
            {"id": told["id"]},
        )
    send(lerum, geojson(("J2", 82, "1441")))
    gone = lerum.post(f"/api/imports/{told['id']}/apply", json={"hash": told["hash"]})
    assert (gone.status_code, lerum.get(f"/api/imports/{told['id']}").json()["state"]) == (410, "expired")


def test_uploads_lie_in_a_folder_of_this_user_alone(people: Any, landbank_of_module: Landbank) -> None:
    send(people("lerum"), geojson(("K1", 91, "1441")))
    folder = landbank_of_module.settings.upload_folder
    assert folder is not None
    assert {path.stat().st_mode & 0o77 for path in (folder, *folder.iterdir())} == {0}
    assert Path.cwd() not in folder.parents
