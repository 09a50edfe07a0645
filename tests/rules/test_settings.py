"""docs/operations/settings.md lists every setting as the code has it."""

from __future__ import annotations

import re
from pathlib import Path

from landbank.settings import Settings

ROW = re.compile(r"^\| `(LANDBANK_[A-Z_]+)` \| (.*?) \| (.*?) \|$", re.MULTILINE)


def shown_default(name: str) -> str:
    """A setting's default as the page shows it."""
    if name == "home":
        return "the user's data folder; for root `/var/lib/landbank`"
    default = Settings.model_fields[name].default
    if default is None:
        return "-"
    if isinstance(default, tuple):
        return "`" + str(list(default)) + "`"
    return f"`{str(default).lower() if isinstance(default, bool) else default}`"


def test_page_lists_every_setting_with_its_default_and_meaning(root: Path) -> None:
    page = (root / "docs" / "operations" / "settings.md").read_text(encoding="utf-8")
    expected = [
        (f"LANDBANK_{name.upper()}", shown_default(name), field.description)
        for name, field in Settings.model_fields.items()
    ]

    assert ROW.findall(page) == expected
