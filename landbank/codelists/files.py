"""Where the lists lie and how a list is read."""

from __future__ import annotations

import tomllib
from functools import cache
from pathlib import Path
from typing import Any

from landbank.errors import Unavailable


@cache
def data_folder() -> Path:
    """The folder of the lists: inside the installed package, or data/ of the source tree.

    Raises
    ------
    Unavailable
        Neither is there: the installation is incomplete.
    """
    package = Path(__file__).resolve().parents[1]
    for folder in (package / "_data", package.parent / "data"):
        if (folder / "codes.toml").is_file():
            return folder
    raise Unavailable(
        "The code lists of landbank are missing.",
        hint="Install landbank again; the folder data/ belongs to it.",
    )


@cache
def read_list(name: str) -> dict[str, Any]:
    """The tables of data/<name>.toml. Not to be changed by the caller."""
    return tomllib.loads((data_folder() / f"{name}.toml").read_text(encoding="utf-8"))
