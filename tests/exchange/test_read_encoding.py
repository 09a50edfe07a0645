"""Encodings of Shapefiles: what is said, what the text itself proves, and no letter lost."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import geopandas as gpd
import pytest
import shapely

NAMES = ["Härryda", "Öckerö", "Åby"]


def shapefile(tmp_path: Path, encoding: str, *, cpg: str | None, language_id: int) -> Path:
    """A Shapefile whose names are in `encoding`, whatever its .cpg and language id say."""
    path = tmp_path / "tomter.shp"
    points = [shapely.Point(150_000 + n, 6_400_000) for n in range(3)]
    gpd.GeoDataFrame({"namn": NAMES}, geometry=points, crs=3007).to_file(path, encoding=encoding)
    path.with_suffix(".cpg").unlink(missing_ok=True)
    if cpg is not None:
        path.with_suffix(".cpg").write_text(cpg)
    raw = bytearray(path.with_suffix(".dbf").read_bytes())
    assert NAMES[0].encode(encoding) in raw
    raw[29] = language_id
    path.with_suffix(".dbf").write_bytes(raw)
    return path


@pytest.mark.parametrize(
    ("encoding", "said", "told"),
    [
        ("cp1252", (None, 0), "Neither a .cpg nor a language id"),
        ("utf-8", (None, 0), "every text is valid UTF-8"),
        ("cp1252", ("1252", 0), "as the .cpg says"),
        ("cp1252", ("ANSI 1252", 0), "as the .cpg says"),
        ("cp1252", ("ISO 88591", 0), "as the .cpg says"),
        ("cp1252", ("ISO-8859-1", 0), "as the .cpg says"),
        ("utf-8", ("UTF-8", 0x57), "as the .cpg says"),
        ("cp1252", (None, 0x57), "as the language id"),
        ("cp850", (None, 0x02), "as the language id"),
        ("cp1252", ("UTF-8", 0), "says UTF-8, but the texts are not"),
        ("utf-8", ("1252", 0x57), "every text is valid UTF-8"),
        ("utf-8", ("nonsense", 0x57), "every text is valid UTF-8"),
    ],
)
def test_letters_come_right_whatever_is_said(
    encoding: str, said: tuple[str | None, int], told: str, tmp_path: Path, read_here: Callable[..., Any]
) -> None:
    cpg, language_id = said
    read = read_here(shapefile(tmp_path, encoding, cpg=cpg, language_id=language_id))
    assert read.columns["namn"] == NAMES
    assert told in read.noted("encoding")[0].text


def test_plain_ascii_needs_no_word(tmp_path: Path, read_here: Callable[..., Any]) -> None:
    frame = gpd.GeoDataFrame({"namn": ["Ale"]}, geometry=[shapely.Point(150_000, 6_400_000)], crs=3007)
    frame.to_file(tmp_path / "tomter.shp")
    (tmp_path / "tomter.cpg").unlink()
    assert not read_here(tmp_path / "tomter.shp").noted("encoding")
