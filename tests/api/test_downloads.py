"""Downloads hold exactly the plots of the shown search, in its order; the dictionary is there as JSON and page."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import httpx
import openpyxl
import pyogrio


def frame(reply: httpx.Response, folder: Path) -> Any:
    """What GDAL reads in a GeoPackage that was sent."""
    path = folder / "sent.gpkg"
    path.write_bytes(reply.content)
    return pyogrio.read_dataframe(path, layer="plots")


def test_without_a_search_all_current_plots_come(client: httpx.Client, tmp_path: Path) -> None:
    reply = client.get("/export.gpkg")
    assert reply.headers["content-type"] == "application/geopackage+sqlite3"
    assert 'filename="landbank-' in reply.headers["content-disposition"]
    assert sorted(frame(reply, tmp_path)["reference"]) == ["H0", "H1", "H2", "H3", "H4", "L1", "L2"]


def test_search_is_downloaded_with_rank_and_tier(client: httpx.Client, tmp_path: Path) -> None:
    reply = client.get("/export.gpkg", params={"kommun": "1441", "kommun_krav": "krav"})
    told = frame(reply, tmp_path)
    assert list(told["reference"]) == ["L1", "L2"]
    assert list(told["tier"]) == ["A", "A"]


def test_workbook_opens(client: httpx.Client) -> None:
    book = openpyxl.load_workbook(io.BytesIO(client.get("/export.xlsx").content))
    assert book.sheetnames == ["Tomter", "Datakatalog"]
    assert book["Tomter"].max_row == 8


def test_search_that_cannot_be_read_is_refused_and_named(client: httpx.Client) -> None:
    reply = client.get("/export.csv", params={"yta_min": "stor"})
    assert reply.status_code == 400
    assert reply.headers["content-type"] == "application/problem+json"
    assert "yta_min" in reply.json()["detail"]


def test_unknown_format_is_not_found(client: httpx.Client) -> None:
    assert client.get("/export.dwg").status_code == 404


def test_dictionary_is_json_and_a_page_in_both_languages(client: httpx.Client) -> None:
    tables = {table["name"] for table in client.get("/api/dictionary").json()["tables"]}
    assert {"plot", "plot_facts", "price"} <= tables
    swedish, english = client.get("/datakatalog").text, client.get("/en/dictionary").text
    assert "Avstånd till närmaste hamn" in swedish
    assert "Distance to the nearest port" in english
    assert "Betydelse" not in english
