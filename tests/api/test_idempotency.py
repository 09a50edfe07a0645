"""A request that is sent again is carried out once: the same key and body give the first answer for a day."""

from __future__ import annotations

import uuid
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import httpx
import pytest
from sqlalchemy import text


def post(desk: Any, document: Any, key: str, who: str = "planner") -> httpx.Response:
    """A new plot, asked for with a key; tried again while the server has too much to do."""
    while True:
        answer = desk.clients[who].post("/api/plots", json=document, headers={"Idempotency-Key": key})
        if answer.status_code != 503:
            return answer


def count(desk: Any, reference: str) -> int:
    """How many plots have a reference."""
    return int(
        desk.rows(
            "SELECT count(*) AS n FROM landbank.plot WHERE reference = :reference", reference=reference
        )[0].n
    )


def test_twenty_retries_at_once_make_one_plot_and_get_one_answer(desk: Any) -> None:
    document, key = desk.document("I1"), str(uuid.uuid4())
    with ThreadPoolExecutor(20) as pool:
        answers = list(pool.map(lambda _: post(desk, document, key), range(20)))

    assert {answer.status_code for answer in answers} == {201}
    assert len({answer.content for answer in answers}) == 1
    assert len({answer.headers["location"] for answer in answers}) == 1
    assert count(desk, "I1") == 1


def test_key_of_another_request_is_a_conflict(desk: Any) -> None:
    key = str(uuid.uuid4())
    post(desk, desk.document("I2"), key)
    answer = post(desk, desk.document("I3"), key)

    assert (answer.status_code, answer.json()["where"]) == (409, "Idempotency-Key")
    assert count(desk, "I3") == 0


def test_key_is_the_askers_own(desk: Any) -> None:
    key = str(uuid.uuid4())
    document = desk.document("I4")
    post(desk, document, key)

    assert post(desk, document, key, "elsewhere").status_code == 403


def test_refused_request_may_be_mended_under_its_key(desk: Any) -> None:
    key, document = str(uuid.uuid4()), desk.document("I5")
    assert post(desk, document | {"name": 5}, key).status_code == 400
    assert post(desk, document, key).status_code == 201


def test_answer_is_kept_for_a_day(desk: Any) -> None:
    key, document = str(uuid.uuid4()), desk.document("I6")
    post(desk, document, key)
    with desk.landbank.engine.begin() as connection:
        connection.execute(
            text("UPDATE landbank.kept_answer SET kept_at = now() - interval '23 hours' WHERE key = :key"),
            {"key": key},
        )
    assert post(desk, document, key).status_code == 201
    with desk.landbank.engine.begin() as connection:
        connection.execute(
            text("UPDATE landbank.kept_answer SET kept_at = now() - interval '25 hours' WHERE key = :key"),
            {"key": key},
        )
    assert post(desk, document, key).status_code == 409
    with desk.landbank.changing(actor="test") as store:
        assert store.kept_answers.forget() == 1
    assert desk.rows("SELECT 1 FROM landbank.kept_answer WHERE key = :key", key=key) == []


def test_status_sent_again_is_made_once_though_its_version_is_old_by_then(desk: Any) -> None:
    plot = desk.add("I7")
    headers = {"If-Match": desk.tag(plot["id"]), "Idempotency-Key": str(uuid.uuid4())}
    body = {"to": "reserverad", "party": {"name": "Alfa AB"}, "valid_until": "2999-12-31"}
    answers = [
        desk.planner.post(f"/api/plots/{plot['id']}/status", json=body, headers=headers) for _ in range(2)
    ]

    assert [answer.status_code for answer in answers] == [200, 200]
    assert answers[0].content == answers[1].content
    assert answers[0].headers["etag"] == answers[1].headers["etag"]
    assert (
        desk.rows("SELECT count(*) AS n FROM landbank.commitment WHERE plot_id = :id", id=plot["id"])[0].n
        == 1
    )


@pytest.mark.parametrize("key", ["", "a b", "å", "x" * 201])
def test_key_that_is_none_is_refused(desk: Any, key: str) -> None:
    answer = desk.planner.post(
        "/api/plots", json=desk.document("I8"), headers=[(b"Idempotency-Key", key.encode("utf-8"))]
    )
    assert (answer.status_code, count(desk, "I8")) == (400, 0)
