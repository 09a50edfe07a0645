"""Findings are all kept, whatever their number, and told with what to do."""

from __future__ import annotations

import re
from pathlib import Path

from landbank.exchange.findings import CATALOGUE, REPAIRS, Finding, FindingLog

ROOT = Path(__file__).resolve().parents[2]


def test_a_hundred_thousand_findings_are_all_kept() -> None:
    with FindingLog("f.csv") as log:
        log.extend(Finding("point_only", "A point.", row) for row in range(100_000))
        log.extend([Finding("no_geometry", "None.", 7)])
        assert len(log) == 100_001
        assert [(one.code, one.count, len(one.examples)) for one in log.summary()] == [
            ("no_geometry", 1, 1),
            ("point_only", 100_000, 3),
        ]
        assert sum(1 for _ in log.lines()) == 100_001


def test_finding_tells_file_row_value_severity_and_what_to_do() -> None:
    told = Finding("text_kept", "Prose.", 3, "yta", "4 lots").as_dict("f.csv")
    assert (told["file"], told["row"], told["field"], told["value"]) == ("f.csv", 3, "yta", "4 lots")
    assert told["severity"] == "warning"
    assert told["what_to_do"] == CATALOGUE["text_kept"].what_to_do


def test_every_code_in_the_catalogue_is_used_and_every_used_one_is_in_it() -> None:
    sources = [*(ROOT / "landbank/geo").glob("*.py"), *(ROOT / "landbank/exchange").glob("*.py"),
               *(ROOT / "landbank/services").glob("*.py")]  # fmt: skip
    text = "\n".join(path.read_text(encoding="utf-8") for path in sources if path.name != "findings.py")
    unused = [code for code in CATALOGUE if not re.search(rf'"{code}"', text)]
    assert unused == []
    assert set(CATALOGUE) >= REPAIRS
