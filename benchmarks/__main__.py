"""All benchmarks one after the other, with their usual sizes: `python -m benchmarks [NAME ...]`."""

from __future__ import annotations

import importlib
import sys
from pathlib import Path

HELPERS = {"__init__", "__main__", "common", "tile_load"}


def main(names: list[str]) -> None:
    """Run those named, or all that are there."""
    there = sorted(path.stem for path in Path(__file__).parent.glob("*.py") if path.stem not in HELPERS)
    for name in names or there:
        if name not in there:
            raise SystemExit(f"There is no benchmark '{name}'; there are {', '.join(there)}.")
        importlib.import_module(f"benchmarks.{name}").main()


if __name__ == "__main__":
    main(sys.argv[1:])
