"""Free text over HTTP."""

from __future__ import annotations

import httpx


def test_text_becomes_a_need_that_matches(client: httpx.Client) -> None:
    read = client.post(
        "/api/match/text", json={"text": "tomt minst 1 ha i Göteborg, gärna nära hamnen"}
    ).json()

    assert [(slot["name"], slot["strength"], slot["words"]) for slot in read["slots"]] == [
        ("area_m2", "must", "minst 1 ha"),
        ("municipality", "wish", "Göteborg"),
        ("port_m", "wish", "nära hamnen"),
    ]
    answer = client.post("/api/match", json=read["need"]).json()
    assert answer["matches"][0]["municipality"] == "Göteborg"


def test_open_area_is_asked_and_the_answer_taken(client: httpx.Client) -> None:
    text = {"text": "5 000 kvm lager"}
    asked = client.post("/api/match/text", json=text).json()
    assert [(one["words"], one["suggested"]) for one in asked["questions"]] == [("5 000 kvm", "floor")]

    told = client.post("/api/match/text", json=text | {"areas_are": "plot"}).json()
    assert told["questions"] == []
    assert told["need"]["wishes"][0]["criterion"] == "area_m2"


def test_template_is_offered_and_not_taken(client: httpx.Client) -> None:
    read = client.post("/api/match/text", json={"text": "verkstad"}).json()
    assert read["suggested_template"] == "workshop"
    assert "musts" not in read["need"] or read["need"]["musts"] == []
    assert {must["criterion"] for must in read["suggested_musts"]} >= {"use", "water"}


def test_empty_text_and_unknown_field_are_refused(client: httpx.Client) -> None:
    assert client.post("/api/match/text", json={"text": " "}).status_code == 400
    assert client.post("/api/match/text", json={"text": "1 ha", "mail": "x"}).status_code == 400
