"""Compile requirements/*.txt and the npm lock files from what pyproject.toml and each package.json allow.

The files hold versions and digests for every supported Python and system, and no download addresses.
"""

from __future__ import annotations

import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
sys.path.insert(0, str(ROOT))

from hatch_build import find_node  # noqa: E402 - the hook is a file of the repository, not of a package

COMPILE = (
    *("-m", "uv", "pip", "compile", "--universal", "--python-version", "3.11", "--generate-hashes"),
    *("--no-emit-index-url", "--no-emit-find-links", "--no-header", "--quiet"),
)
RUNTIME = "requirements/runtime.txt"
TARGETS = (
    (RUNTIME, ("pyproject.toml",)),
    ("requirements/build.txt", ("--group", "build", "--constraint", RUNTIME)),
    ("requirements/node.txt", ("--group", "node", "--constraint", RUNTIME)),
    ("requirements/dev.txt", ("pyproject.toml", "--group", "dev", "--constraint", RUNTIME)),
)


def compile_all(extra: list[str]) -> None:
    """Write every lock file; what stands in it already is kept unless `--upgrade` is among `extra`."""
    for output, arguments in TARGETS:
        command = [sys.executable, *COMPILE, *extra, *arguments, "--output-file", output]
        subprocess.run(command, cwd=ROOT, check=True, stdout=subprocess.DEVNULL)
    _, npm = find_node()
    verb = "update" if "--upgrade" in extra else "install"
    for folder in ("web", "tests/provider"):
        if npm([verb, "--package-lock-only", "--ignore-scripts", "--silent"], ROOT / folder) != 0:
            raise SystemExit(f"npm could not write {folder}/package-lock.json")


if __name__ == "__main__":
    compile_all(sys.argv[1:])
