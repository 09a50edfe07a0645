"""Column profiles: written, read, refused by name."""

from __future__ import annotations

from pathlib import Path

import pytest

from landbank.errors import Invalid
from landbank.exchange.columns import Choice, Columns
from landbank.exchange.profile import Profile, fixed_columns, load_profile, profile_toml


def written(tmp_path: Path, text: str) -> Profile:
    """A profile with this text."""
    path = tmp_path / "p.toml"
    path.write_text(text, encoding="utf-8")
    return load_profile(path)


def test_profile_fixes_column_unit_and_words(tmp_path: Path) -> None:
    profile = written(
        tmp_path,
        'dataset = "lerum"\n[columns]\nreference = "Tomt nr"\n'
        'area_declared_m2 = { column = "Yta", unit = "ha" }\n'
        'availability = { column = "Läge", values = { "På gång" = "kommande" } }\n',
    )
    assert profile.dataset == "lerum"
    assert [(choice.target, choice.column, choice.unit) for choice in profile.columns] == [
        ("reference", "Tomt nr", None),
        ("area_declared_m2", "Yta", "ha"),
        ("availability", "Läge", None),
    ]
    assert profile.columns[2].words == {"pagang": "kommande"}


def test_profile_that_is_written_reads_the_same(tmp_path: Path) -> None:
    choices = (
        Choice("reference", 'Tomt "nr"\\ \x7f'),
        Choice("area_declared_m2", "Yta", "tunnland"),
        Choice("price_sek_per_m2", "pris", "kr"),
        Choice("availability", "läge", words={"pagang": "kommande"}),
    )
    text = profile_toml(Profile(dataset="d", crs="EPSG:3007"), Columns(choices, {"övrigt": "no field"}))
    profile = written(tmp_path, text)
    assert profile.ignore == ("övrigt",)
    assert [(c.target, c.column, c.unit, dict(c.words)) for c in profile.columns] == [
        (c.target, c.column, c.unit, dict(c.words)) for c in choices
    ]


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("colums = {}", "colums"),
        ('[columns]\ncolour = "x"', "colour"),
        ('[columns]\narea_declared_m2 = { column = "x", unit = "furlong" }', "furlong"),
        ('[columns]\navailability = { column = "x", values = { a = "gratis" } }', "gratis"),
        ("[columns]\nname = 3", "name"),
        ("not toml", "TOML"),
    ],
)
def test_fault_in_a_profile_is_named(tmp_path: Path, text: str, named: str) -> None:
    with pytest.raises(Invalid, match=named):
        written(tmp_path, text)


def test_column_that_the_file_lacks_is_named() -> None:
    with pytest.raises(Invalid, match="'Tomt nr'"):
        fixed_columns(Profile(columns=(Choice("reference", "Tomt nr"),)), ["namn"])
