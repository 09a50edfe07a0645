"""Plots as documents over HTTP: reading, adding, replacing, patching, confirming, ending; versions and refusals."""

from __future__ import annotations

from typing import Any

import httpx
import jsonschema
import pytest
from sqlalchemy import event

from landbank.api.plot_form_fields import GROUPS
from landbank.domain.plot_fields import NOUNS, PLOT_FIELDS
from landbank.store.all_tables import metadata

PATCH = "application/merge-patch+json"


def patch(client: httpx.Client, plot_id: int, tag: str | None, change: Any, **headers: str) -> httpx.Response:
    """A patch against a version."""
    told = {"Content-Type": PATCH, **headers} | ({} if tag is None else {"If-Match": tag})
    return client.patch(f"/api/plots/{plot_id}", json=change, headers=told)


@pytest.fixture(scope="module")
def schema(desk: Any) -> jsonschema.Draft202012Validator:
    """The published form of a plot."""
    answer = desk.anonymous.get("/api/plots/schema")
    assert answer.headers["content-type"] == "application/schema+json"
    jsonschema.Draft202012Validator.check_schema(answer.json())
    return jsonschema.Draft202012Validator(answer.json())


def test_document_has_the_published_form_under_a_strong_tag(desk: Any, schema: Any) -> None:
    plot = desk.add(
        "D1", uses=[{"code": "J"}], utilities=[{"kind": "el", "capacity": 2, "capacity_unit": "MW"}],
        sources={"height_max_m": {"source": "Plankarta"}}, tenures=["forsaljning"], height_max_m=12,
    )  # fmt: skip
    answer = desk.anonymous.get(f"/api/plots/{plot['id']}")

    assert answer.json() == plot
    schema.validate(plot)
    assert answer.headers["etag"].startswith('"1-')
    again = desk.anonymous.get(f"/api/plots/{plot['id']}", headers={"If-None-Match": answer.headers["etag"]})
    assert (again.status_code, again.content) == (304, b"")
    assert desk.anonymous.head(f"/api/plots/{plot['id']}").status_code == 200


def test_plots_that_were_imported_have_the_published_form_too(desk: Any, schema: Any) -> None:
    imported = desk.rows("SELECT id FROM landbank.plot WHERE dataset = 'test'")
    assert imported
    for row in imported:
        schema.validate(desk.anonymous.get(f"/api/plots/{row.id}").json())


@pytest.mark.parametrize(
    "document", [{"reference": 5}, {"name": "x"}, {"reference": "x", "colour": "y"},
                 {"reference": "x", "uses": [{"code": "q"}]},
                 {"reference": "x", "utilities": [{"kind": "el", "capacity_unit": "hk"}]}]
)  # fmt: skip
def test_published_form_refuses_what_the_check_refuses(desk: Any, schema: Any, document: Any) -> None:
    assert not schema.is_valid(document)
    told = {**desk.document("x"), **document}
    if "reference" not in document:
        del told["reference"]
    assert desk.planner.post("/api/plots", json=told).status_code == 400


def test_coordinates_come_in_the_system_that_is_asked_for(desk: Any) -> None:
    plot = desk.add("D2")
    document = desk.anonymous.get(f"/api/plots/{plot['id']}", params={"crs": "EPSG:4326"}).json()
    x, y = document["geometry"]["coordinates"][0][0][0]

    assert (document["crs"], 11 < x < 12.5, 57 < y < 58) == ("EPSG:4326", True, True)
    refused = desk.anonymous.get(f"/api/plots/{plot['id']}", params={"crs": "EPSG:2154"})
    assert (refused.status_code, refused.json()["where"]) == (400, "crs")


def test_new_plot_has_an_address_and_a_tag_that_holds(desk: Any) -> None:
    answer = desk.planner.post("/api/plots?reason=ny%20etapp", json=desk.document("N1"))
    told = answer.json()

    assert answer.status_code == 201
    assert answer.headers["location"] == f"/api/plots/{told['plot']['id']}"
    assert answer.headers["etag"].rstrip('"').removesuffix("-gz") == told["etag"].rstrip('"')
    assert told["findings"] == []
    read = desk.anonymous.get(answer.headers["location"], headers={"Accept-Encoding": "identity"})
    assert read.headers["etag"] == told["etag"]
    (row,) = desk.rows(
        "SELECT actor, role, municipality_code, reason, request_id FROM landbank.event"
        " WHERE noun = 'plot' AND noun_id = :id",
        id=str(told["plot"]["id"]),
    )
    assert tuple(row)[:4] == ("user:1", "planner", "1480", "ny etapp")
    assert row.request_id == answer.headers["x-request-id"]


def test_patch_needs_a_version(desk: Any) -> None:
    plot = desk.add("P1")
    for tag in (None, "*"):
        answer = patch(desk.planner, plot["id"], tag, {"name": "x"})
        assert (answer.status_code, answer.json()["type"]) == (428, "/problems/version-required")


def test_patch_against_the_version_that_stands_is_made(desk: Any) -> None:
    plot = desk.add("P2")
    answer = patch(desk.planner, plot["id"], desk.tag(plot["id"]), {"name": "Norra", "height_max_m": 12.5})

    assert answer.status_code == 200
    assert (answer.json()["plot"]["name"], answer.json()["plot"]["row_version"]) == ("Norra", 2)
    assert answer.headers["etag"].startswith('"2-')
    assert answer.headers["content-location"] == f"/api/plots/{plot['id']}"


def test_second_of_two_gets_what_stands_with_its_tag_and_what_the_first_changed(desk: Any) -> None:
    plot = desk.add("P3", name="Norra")
    tag = desk.tag(plot["id"])
    patch(desk.planner, plot["id"], tag, {"height_max_m": 18, "uses": [{"code": "J"}]})
    answer = patch(desk.planner, plot["id"], tag, {"height_max_m": 15})
    told = answer.json()

    assert (answer.status_code, told["type"]) == (412, "/problems/stale")
    assert told["difference"]["height_max_m"] == [None, 18.0]
    assert [[use["code"] for use in uses] for uses in told["difference"]["uses"]] == [[], ["J"]]
    assert set(told["difference"]) == {"height_max_m", "uses"}
    assert told["current"] == desk.anonymous.get(f"/api/plots/{plot['id']}").json()
    merged = patch(desk.planner, plot["id"], told["etag"], {"height_max_m": 15})
    assert (merged.status_code, merged.json()["plot"]["uses"][0]["code"]) == (200, "J")


@pytest.mark.parametrize(
    "tag", ['W/"1-0123456789abcdef"', '"other"', "1", '"99-0123456789abcdef"', '"1-x", W/"1"']
)
def test_tag_that_names_no_version_that_stands_is_stale(desk: Any, tag: str) -> None:
    plot = desk.add(f"P4{tag}")
    assert patch(desk.planner, plot["id"], tag, {"name": "x"}).status_code == 412


def test_tag_of_the_item_or_of_a_gzipped_answer_will_do(desk: Any) -> None:
    plot = desk.add("P5")
    item = desk.anonymous.get(f"/ogc/collections/plots/items/{plot['id']}").headers["etag"]
    assert patch(desk.planner, plot["id"], item, {"name": "x"}).status_code == 200
    tag = desk.tag(plot["id"])
    assert tag.endswith('-gz"')
    assert patch(desk.planner, plot["id"], f'"else", {tag}', {"name": "y"}).status_code == 200


def test_replacing_answers_with_the_tag_in_the_body_alone(desk: Any) -> None:
    plot = desk.add("R1", name="Norra", uses=[{"code": "J"}])
    document = {name: plot[name] for name in ("reference", "crs", "geometry")} | {"owner_kind": "kommun"}
    answer = desk.planner.put(
        f"/api/plots/{plot['id']}", json=document, headers={"If-Match": desk.tag(plot["id"])}
    )
    told = answer.json()

    assert answer.status_code == 200
    assert "etag" not in answer.headers
    assert (told["plot"]["name"], told["plot"]["uses"], told["plot"]["owner_kind"]) == (None, [], "kommun")
    assert told["plot"]["availability"] == "ledig"
    assert patch(desk.planner, plot["id"], told["etag"], {"name": "x"}).status_code == 200


def test_all_faults_of_a_document_are_members_of_the_problem(desk: Any) -> None:
    plot = desk.add("F1")
    answer = patch(
        desk.planner,
        plot["id"],
        desk.tag(plot["id"]),
        {"name": 5, "tenures": ["x"], "municipality_code": "1441"},
    )

    assert answer.status_code == 400
    assert {fault["pointer"] for fault in answer.json()["faults"]} == {
        "/name",
        "/tenures",
        "/municipality_code",
    }


@pytest.mark.parametrize(("who", "status"), [("anonymous", 401), ("elsewhere", 403), ("lots", 403)])
def test_others_change_nothing(desk: Any, who: str, status: int) -> None:
    plot = desk.add(f"O1{who}")
    client, tag = desk.clients[who], desk.tag(plot["id"])
    address = f"/api/plots/{plot['id']}"
    answers = [
        patch(client, plot["id"], tag, {"name": "x"}),
        client.put(address, json=plot, headers={"If-Match": tag}),
        client.post("/api/plots", json=desk.document("O2")),
        client.post(f"{address}/end", json={"reason": "x"}, headers={"If-Match": tag}),
        client.post(f"{address}/confirm", json={}, headers={"If-Match": tag}),
    ]
    assert [answer.status_code for answer in answers] == [status] * 5
    assert desk.tag(plot["id"]) == tag


def test_municipality_is_never_taken_from_the_body(desk: Any) -> None:
    plot = desk.add("M1")
    answer = patch(
        desk.elsewhere, plot["id"], desk.tag(plot["id"]), {"municipality_code": "1441", "name": "x"}
    )
    assert answer.status_code == 403


@pytest.mark.parametrize(
    ("content", "media_type", "status"),
    [
        (b'{"name": "a", "name": "b"}', PATCH, 400),
        (b'{"height_max_m": NaN}', PATCH, 400),
        (b"{", PATCH, 400),
        (b"[" * 100_000, PATCH, 400),
        (b'"\xff"', PATCH, 400),
        (b"[]", PATCH, 400),
        (b"name=x", "application/x-www-form-urlencoded", 415),
        (b"{}", "text/plain", 415),
        (b"", "", 415),
    ],
)
def test_body_that_is_no_patch_is_refused(desk: Any, content: bytes, media_type: str, status: int) -> None:
    plot = desk.add(f"B{content[:9]!r}{len(media_type)}")
    headers = {"If-Match": desk.tag(plot["id"]), "Content-Type": media_type}
    answer = desk.planner.patch(f"/api/plots/{plot['id']}", content=content, headers=headers)

    assert answer.status_code == status
    assert answer.headers["content-type"] == "application/problem+json"
    if status == 415:
        assert "application/merge-patch+json" in answer.headers["accept-patch"]


def test_hostile_texts_are_kept_as_texts(desk: Any) -> None:
    hostile = "<img src=x onerror=alert(1)>{{7*7}}'; DROP TABLE plot; --"
    plot = desk.add("X1", name=hostile)
    assert desk.anonymous.get(f"/api/plots/{plot['id']}").json()["name"] == hostile
    page = desk.anonymous.get(f"/tomt/{plot['id']}").text
    assert "<img src=x" not in page
    assert "{{7*7}}" in page


def test_what_can_be_done_is_told(desk: Any) -> None:
    plot = desk.add("A1")
    one = desk.anonymous.options(f"/api/plots/{plot['id']}")
    assert (one.status_code, one.headers["allow"]) == (204, "GET, HEAD, PUT, PATCH, OPTIONS")
    assert one.headers["accept-patch"].startswith("application/merge-patch+json")
    assert desk.anonymous.options("/api/plots").headers["allow"] == "POST, OPTIONS"
    assert desk.anonymous.options("/api/plots/split").headers["allow"] == "POST, OPTIONS"
    refused = desk.anonymous.delete(f"/api/plots/{plot['id']}")
    assert (refused.status_code, refused.headers["allow"]) == (405, "GET, HEAD, PUT, PATCH, OPTIONS")
    assert desk.anonymous.options("/nowhere").status_code == 404


def test_confirming_is_one_event_with_its_reason(desk: Any) -> None:
    plot = desk.add("C1")
    answer = desk.planner.post(
        f"/api/plots/{plot['id']}/confirm",
        json={"reason": "kontrollerad"},
        headers={"If-Match": desk.tag(plot["id"])},
    )
    today = desk.rows("SELECT current_date AS day")[0].day.isoformat()

    assert answer.json()["plot"]["confirmed_on"] == today
    (row,) = desk.rows(
        "SELECT changes FROM landbank.event WHERE noun_id = :id AND reason = 'kontrollerad'",
        id=str(plot["id"]),
    )
    assert row.changes == {"confirmed_on": [None, today]}


def test_ended_plot_is_gone_everywhere(desk: Any) -> None:
    plot = desk.add("E1")
    address = f"/api/plots/{plot['id']}"
    without_reason = desk.planner.post(f"{address}/end", json={}, headers={"If-Match": desk.tag(plot["id"])})
    assert (without_reason.status_code, without_reason.json()["faults"][0]["pointer"]) == (400, "/reason")
    ended = desk.planner.post(
        f"{address}/end", json={"reason": "bebyggd"}, headers={"If-Match": desk.tag(plot["id"])}
    )

    assert ended.status_code == 200
    for place in (
        address,
        f"/ogc/collections/plots/items/{plot['id']}",
        f"/tomt/{plot['id']}",
        f"/en/plot/{plot['id']}",
    ):
        assert desk.anonymous.get(place).status_code == 410, place
    assert patch(desk.planner, plot["id"], ended.json()["etag"], {"name": "x"}).status_code == 410


@pytest.mark.parametrize("plot_id", ["999999", "0", "9" * 30])
def test_plot_that_never_was_is_404(desk: Any, plot_id: str) -> None:
    assert desk.anonymous.get(f"/api/plots/{plot_id}").status_code == 404
    assert patch(desk.planner, int(plot_id), '"1-0123456789abcdef"', {}).status_code == 404


def test_unknown_parameter_is_refused(desk: Any) -> None:
    plot = desk.add("U1")
    assert desk.anonymous.get(f"/api/plots/{plot['id']}?colour=red").status_code == 400


def test_document_is_read_in_one_statement(desk: Any) -> None:
    plot, run = desk.add("Q1"), []

    def note(_connection: Any, _cursor: Any, statement: str, *_rest: Any) -> None:
        run.append(statement[:6])

    event.listen(desk.landbank.engine, "before_cursor_execute", note)
    desk.anonymous.get(f"/api/plots/{plot['id']}")
    event.remove(desk.landbank.engine, "before_cursor_execute", note)

    assert run == ["SET TR", "SELECT"]


def test_routes_are_described_with_their_bodies(desk: Any) -> None:
    paths = desk.anonymous.get("/openapi.json").json()["paths"]

    assert set(paths["/api/plots/{plot_id}"]) == {"get", "put", "patch"}
    assert PATCH in paths["/api/plots/{plot_id}"]["patch"]["requestBody"]["content"]
    body = paths["/api/plots/{plot_id}/status"]["post"]["requestBody"]["content"]["application/json"]
    assert "valid_until" in body["schema"]["properties"]


def test_evidence_of_a_restriction_stays_when_something_else_of_it_is_changed(desk: Any) -> None:
    evidence = "https://example.org/utredning"
    plot = desk.add("evidence", restrictions=[{"kind": "buller", "evidence_url": evidence}])
    tag = desk.planner.get(f"/api/plots/{plot['id']}").headers["etag"]
    changed = [{**plot["restrictions"][0], "owner": "Miljöförvaltningen"}]

    answer = patch(desk.planner, plot["id"], tag, {"restrictions": changed})

    assert answer.status_code == 200, answer.text
    kept = desk.planner.get(f"/api/plots/{plot['id']}").json()["restrictions"][0]
    assert (kept["owner"], kept["evidence_url"]) == ("Miljöförvaltningen", evidence)


def test_every_column_of_a_fact_is_a_field_that_an_edit_hands_on() -> None:
    own = {"id", "plot_id", "recorded_at", "superseded_at"}
    lost = {
        noun: set(metadata.tables[f"landbank.{one.table}"].columns.keys())
        - own
        - {f.name for f in one.fields}
        for noun, one in NOUNS.items()
    }

    assert lost == {noun: set() for noun in NOUNS}


def test_form_of_a_plot_has_every_value_that_people_change() -> None:
    assert {name for group in GROUPS for name in group.fields} == {field.name for field in PLOT_FIELDS}
    assert {noun for group in GROUPS for noun in group.nouns} == set(NOUNS)
