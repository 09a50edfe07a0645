"""The wheel holds everything that an installed landbank needs, and nothing that only builds it."""

from __future__ import annotations

import shutil
import subprocess
import sys
import zipfile
from pathlib import Path

import pytest


@pytest.fixture(scope="module")
def wheel(root: Path, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The wheel, built from this repository."""
    if not (root / "web" / "static" / "vendor").is_dir():
        pytest.skip("the web assets are not built: `make setup`")
    folder = tmp_path_factory.mktemp("wheel")
    command = [sys.executable, "-m", "hatchling", "build", "--target", "wheel", "--directory", str(folder)]
    subprocess.run(command, cwd=root, check=True, capture_output=True)
    [built] = folder.glob("landbank-*.whl")
    return built


@pytest.fixture(scope="module")
def names(wheel: Path) -> list[str]:
    """The names of the wheel's files."""
    with zipfile.ZipFile(wheel) as archive:
        return archive.namelist()


@pytest.mark.parametrize(
    "name",
    [
        "landbank/py.typed",
        "landbank/_web/static/vendor/leaflet/leaflet.js",
        "landbank/_web/static/vendor/decode-tile.js",
        "landbank/_web/static/vendor/licences/leaflet.txt",
        "landbank/_web/locale/en.po",
        "landbank/_migrations/env.py",
        "landbank/_migrations/versions/0001_the_inventory.py",
        "landbank/_migrations/sql/0002_history.sql",
    ],
)
def test_wheel_holds_what_an_installed_landbank_needs(names: list[str], name: str) -> None:
    assert name in names


def test_wheel_holds_every_statement_template_and_code_list(root: Path, names: list[str]) -> None:
    folders = {
        "landbank/store/sql": "landbank/store/sql",
        "web/templates": "landbank/_web/templates",
        "web/static/js": "landbank/_web/static/js",
        "web/static/css": "landbank/_web/static/css",
        "data": "landbank/_data",
    }
    wanted = {
        f"{there}/{path.relative_to(root / here)}"
        for here, there in folders.items()
        for path in (root / here).rglob("*")
        if path.is_file() and "__pycache__" not in path.parts
    }

    assert len(wanted) > 20
    assert wanted - set(names) == set()


def test_wheel_holds_no_tests_and_no_build_tools(names: list[str]) -> None:
    foreign = ("node_modules", "__pycache__", ".vendor-state", "package-lock", "tests/", "benchmarks/")

    assert [name for name in names if any(part in name for part in foreign)] == []


def test_wheel_carries_the_licence_and_the_program(wheel: Path, names: list[str]) -> None:
    [licence] = [name for name in names if name.endswith("/licenses/LICENSE")]
    [programs] = [name for name in names if name.endswith("/entry_points.txt")]
    with zipfile.ZipFile(wheel) as archive:
        assert "EUPL-1.2" in archive.read(licence).decode()
        assert "landbank = landbank.cli.main:run" in archive.read(programs).decode()


def test_installed_wheel_finds_its_own_files(wheel: Path, tmp_path: Path) -> None:
    with zipfile.ZipFile(wheel) as archive:
        archive.extractall(tmp_path / "site")
    code = (
        "from landbank.api.static import find_web; from landbank.store.migrate import head_revision, migrations_folder;"
        " from landbank import codelists; print(find_web()); print(migrations_folder()); print(head_revision());"
        " print(len(codelists.municipalities()))"
    )
    done = subprocess.run(
        [sys.executable, "-P", "-c", code],
        cwd=tmp_path,
        env={"PYTHONPATH": str(tmp_path / "site"), "PATH": str(shutil.which("env") or "")},
        capture_output=True,
        text=True,
        check=True,
    )

    package = tmp_path / "site" / "landbank"
    web, migrations, revision, municipalities = done.stdout.split()
    assert (web, migrations) == (str(package / "_web"), str(package / "_migrations"))
    assert revision.isdigit()
    assert municipalities == "13"
