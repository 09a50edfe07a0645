"""`landbank match` in the terminal: the API's answer, as a table or as JSON."""

from __future__ import annotations

import json
import re
from datetime import date
from pathlib import Path
from typing import Any

import pytest
from typer.testing import CliRunner, Result

from landbank.api.match import answer_to
from landbank.cli.main import app
from landbank.cli.match_table import value_text
from landbank.services.load_demo import load_demo
from landbank.wiring import Landbank

pytestmark = pytest.mark.postgis
runner = CliRunner()


@pytest.fixture
def demo(landbank: Landbank, database_url: str, monkeypatch: pytest.MonkeyPatch) -> Landbank:
    """Sixty synthetic plots, in the database that the command opens."""
    with landbank.changing(actor="test") as store:
        load_demo(store, on=date(2026, 11, 23), plots=60, seed=1)
    monkeypatch.setenv("LANDBANK_DATABASE_URL", database_url)
    monkeypatch.setenv("COLUMNS", "200")
    return landbank


def told(*arguments: str) -> Result:
    """What the command says."""
    return runner.invoke(app, ["match", *arguments])


def test_json_is_what_the_api_answers(demo: Landbank, tmp_path: Path) -> None:
    need = tmp_path / "need.json"
    need.write_text('{"template": "workshop", "limit": 3}', encoding="utf-8")
    assert told(str(need), "--json").stdout_bytes.rstrip(b"\n") == answer_to(demo, need.read_bytes())


def test_table_tells_tiers_scores_and_reasons(demo: Landbank) -> None:
    result = told("--template", "logistics", "--limit", "5")
    assert result.exit_code == 0, result.output
    assert "meets every must" in result.stdout
    assert "60 plots" in result.stdout
    assert "Göteborg" in result.stdout or "(id " in result.stdout


def test_table_says_how_sure_the_order_is_what_to_ask_and_what_to_relax(demo: Landbank) -> None:
    shown = told("--template", "logistics", "--limit", "3", "--against", "5").stdout
    for words in (
        "How sure: ",
        "of the cases",
        "To find more: ",
        "more plot",
        "Your weights: ",
        "Points ahead of",
    ):
        assert words in shown
    plain = told("--template", "logistics", "--plain").stdout
    assert "How sure" not in plain
    assert "motorvägsmot" in told("--template", "logistics", "--lang", "sv").stdout


def test_plain_json_is_the_answer_without_advice(demo: Landbank) -> None:
    plain = json.loads(told("--template", "office", "--plain", "--json").stdout)
    full = json.loads(told("--template", "office", "--json").stdout)
    assert full.items() > {name: part for name, part in plain.items() if name != "matches"}.items()
    assert "relaxations" in full.keys() - plain.keys()


def test_explained_plot_says_what_it_would_need(demo: Landbank) -> None:
    shown = told("--template", "data_centre", "--explain", "3").stdout
    assert "What it would need: You asked for" in shown


def test_printed_template_is_a_need_that_matches_alike(demo: Landbank, tmp_path: Path) -> None:
    printed = told("--template", "office", "--print")
    need = tmp_path / "need.json"
    need.write_text(printed.stdout, encoding="utf-8")
    assert json.loads(printed.stdout)["template"] == "office"
    assert told(str(need), "--json").stdout == told("--template", "office", "--json").stdout


def test_need_is_read_from_standard_input(demo: Landbank) -> None:
    result = runner.invoke(app, ["match", "-", "--json"], input='{"limit": 1}')
    assert len(json.loads(result.stdout)["matches"]) == 1


def test_one_plot_is_explained_in_full(demo: Landbank) -> None:
    (first,) = json.loads(told("--template", "logistics", "--limit", "1", "--json").stdout)["matches"]
    result = told("--template", "logistics", "--explain", str(first["plot_id"]))
    assert result.exit_code == 0, result.output
    for word in (first["reference"], "Plot area", "Price", "Sum", f"{first['score']:.1f}"):
        assert word in result.stdout
    as_json = told("--template", "logistics", "--explain", str(first["plot_id"]), "--json")
    assert json.loads(as_json.stdout) == first


def test_plot_that_is_not_there_is_told_with_exit_code_four(demo: Landbank) -> None:
    assert told("--template", "logistics", "--explain", "999999").exit_code == 4


def test_need_that_nothing_meets_says_which_must_excludes_most(demo: Landbank, tmp_path: Path) -> None:
    need = tmp_path / "need.json"
    need.write_text('{"musts": [{"criterion": "area_m2", "op": ">=", "threshold": 1e9}]}', encoding="utf-8")
    result = told(str(need))
    assert "No plot meets every must" in result.stdout
    assert "Plot area >= 1000000000" in result.stdout


@pytest.mark.parametrize(
    ("arguments", "word"),
    [
        ((), "template"),
        (("nowhere.json",), "nowhere.json"),
        (("--template", "spaceport"), "/template"),
        (("--template", "logistics", "need.json"), "either"),
        (("--template", "logistics", "--lang", "de"), "en or sv"),
        (("--template", "logistics", "--cost", "power_mw"), "power_mw:200"),
        (("--template", "logistics", "--plain", "--against", "1"), "detail=full"),
    ],
)
def test_wrong_usage_is_told_with_exit_code_two(arguments: tuple[str, ...], word: str) -> None:
    result = told(*arguments)
    assert result.exit_code == 2
    assert word in result.stderr


def test_fault_in_a_file_is_told_with_its_pointer(tmp_path: Path) -> None:
    need = tmp_path / "need.json"
    need.write_text('{"musts": [{"criterion": "colour", "op": ">=", "threshold": 1}]}', encoding="utf-8")
    result = told(str(need))
    assert result.exit_code == 2
    assert "/musts/0/criterion" in result.stderr


@pytest.mark.parametrize(
    ("part", "text"),
    [
        ({"value": 40, "unit": "d", "date": "2027-01-01"}, "2027-01-01"),
        ({"value": 40, "unit": "d"}, "40 days"),
        ({"value": 4.5, "unit": "%"}, "4.5 %"),
        ({"value": 12, "unit": "min"}, "12 min"),
        ({"value": 7.25, "unit": "km"}, "7.2 km"),
    ],
)
def test_amounts_are_told_with_their_unit_and_days_late_as_a_day(part: dict[str, Any], text: str) -> None:
    assert value_text(part) == text


@pytest.mark.parametrize(("lang", "words"), [("sv", "Så säkert är svaret"), ("en", "How sure the answer is")])
def test_report_is_one_file_that_fetches_nothing_and_says_what_it_rests_on(
    demo: Landbank, tmp_path: Path, lang: str, words: str
) -> None:
    need, out = tmp_path / "need.json", tmp_path / "out.html"
    asked = {
        "title": "<script>alert(1)</script>{{7*7}}",
        "musts": [{"criterion": "area_m2", "op": ">=", "threshold": 5000}],
        "wishes": [{"criterion": "motorway_m", "weight": "decisive"}, {"criterion": "price_sek_per_m2"}],
        "footprints": [{"width_m": 40, "depth_m": 30}],
        "limit": 4,
    }
    need.write_text(json.dumps(asked), encoding="utf-8")
    result = told(str(need), "--report", str(out), "--lang", lang)
    report = out.read_text(encoding="utf-8")

    assert result.exit_code == 0, result.output
    assert words in report
    assert ("Påhittade tomter" if lang == "sv" else "Invented plots") in report
    assert "&lt;script&gt;alert(1)" in report
    assert "<script" not in report
    assert not re.search(r'(src|href)="|url\(http|@import', report)
    assert report.count("ground-footprint") >= 4 + 1, "four drawings and the style"
    told(str(need), "--report", str(tmp_path / "again.html"), "--lang", lang)
    assert (tmp_path / "again.html").read_text(encoding="utf-8") == report


def test_report_that_cannot_be_written_is_refused(demo: Landbank, tmp_path: Path) -> None:
    result = told("--template", "office", "--report", str(tmp_path / "none" / "out.html"))

    assert result.exit_code != 0
    assert "can't be written" in result.output
