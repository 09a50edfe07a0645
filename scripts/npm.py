"""Run npm with the Node.js that the build hook finds: `python scripts/npm.py run check`, or `--in FOLDER` first."""

from __future__ import annotations

import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import find_node  # noqa: E402 - the hook is a file of the repository, not of a package

if __name__ == "__main__":
    arguments, folder = sys.argv[1:], "web"
    if arguments[:1] == ["--in"]:
        folder, arguments = arguments[1], arguments[2:]
    _, npm = find_node()
    sys.exit(npm(["--silent", *arguments], ROOT / folder))
