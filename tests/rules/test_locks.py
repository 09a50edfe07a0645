"""The locked requirements agree with pyproject.toml, carry digests, and say nothing of where they come from."""

from __future__ import annotations

import json
import re
import tomllib
from pathlib import Path
from typing import Any

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name

FILES = ("runtime", "build", "node", "dev")
NPM_FOLDERS = ("web", "tests/provider")
PIN = re.compile(r"^([A-Za-z0-9._-]+)==(\S+)", re.MULTILINE)


def read_lock(root: Path, name: str) -> str:
    """The text of a lock file."""
    return (root / "requirements" / f"{name}.txt").read_text(encoding="utf-8")


def pins(text: str) -> dict[str, set[str]]:
    """Versions by name; a package may have one for each Python."""
    found: dict[str, set[str]] = {}
    for name, version in PIN.findall(text):
        found.setdefault(canonicalize_name(name), set()).add(version)
    return found


def wanted(project: dict[str, Any], group: str) -> list[Requirement]:
    """What pyproject.toml asks for in a group, included groups too."""
    found: list[Requirement] = []
    for entry in project["dependency-groups"][group]:
        found += [Requirement(entry)] if isinstance(entry, str) else wanted(project, entry["include-group"])
    return found


@pytest.fixture(scope="module")
def project(root: Path) -> dict[str, Any]:
    """pyproject.toml."""
    return tomllib.loads((root / "pyproject.toml").read_text(encoding="utf-8"))


@pytest.mark.parametrize("name", FILES)
def test_each_lock_holds_what_pyproject_asks_for(root: Path, project: dict[str, Any], name: str) -> None:
    asked = [] if name == "runtime" else wanted(project, name)
    if name in ("runtime", "dev"):
        asked += [Requirement(text) for text in project["project"]["dependencies"]]
    locked = pins(read_lock(root, name))

    missing = [
        str(requirement)
        for requirement in asked
        if not any(
            requirement.specifier.contains(version)
            for version in locked.get(canonicalize_name(requirement.name), ())
        )
    ]
    assert missing == [], "run `make lock`"


def test_tests_run_with_the_versions_that_people_run(root: Path) -> None:
    runtime, dev = pins(read_lock(root, "runtime")), pins(read_lock(root, "dev"))

    assert {name for name, versions in runtime.items() if dev.get(name) != versions} == set()


@pytest.mark.parametrize("name", FILES)
def test_every_locked_version_has_its_digests(root: Path, name: str) -> None:
    text = read_lock(root, name)
    entries = re.split(r"\n(?=\S)", text)

    assert [
        entry.split("\n")[0] for entry in entries if "==" in entry and "--hash=sha256:" not in entry
    ] == []


@pytest.mark.parametrize("name", FILES)
def test_no_lock_says_where_to_download(root: Path, name: str) -> None:
    text = read_lock(root, name)

    assert re.findall(r"https?://|--index|--extra-index|--find-links|file:", text) == []


@pytest.mark.parametrize("folder", NPM_FOLDERS)
def test_npm_lock_has_digests_and_no_addresses(root: Path, folder: str) -> None:
    text = (root / folder / "package-lock.json").read_text(encoding="utf-8")
    packages = json.loads(text)["packages"]

    assert [name for name, package in packages.items() if name and "integrity" not in package] == []
    assert [name for name, package in packages.items() if "resolved" in package] == []
    assert re.findall(r"registry\S*", text) == []


@pytest.mark.parametrize("folder", NPM_FOLDERS)
def test_npm_lock_agrees_with_its_package(root: Path, folder: str) -> None:
    package = json.loads((root / folder / "package.json").read_text(encoding="utf-8"))
    locked = json.loads((root / folder / "package-lock.json").read_text(encoding="utf-8"))["packages"][""]

    for kind in ("dependencies", "devDependencies"):
        assert locked.get(kind, {}) == package.get(kind, {})
