"""What is installed is judged before anything is created, and the text says which command helps."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import pytest

from landbank.cluster import find_binaries
from landbank.cluster.packages import installation_hint, read_system
from landbank.errors import Unavailable


def test_this_machine_has_a_server_with_postgis() -> None:
    found = find_binaries(None)

    assert found.major >= 15
    assert tuple(map(int, found.postgis.split(".")[:2])) >= (3, 3)
    assert Path(found.program("initdb")).exists()


def test_server_without_postgis_is_refused_with_the_package_to_install(
    fake_programs: Callable[..., Path],
) -> None:
    with pytest.raises(Unavailable) as refusal:
        find_binaries(fake_programs("97.1"))

    assert refusal.value.message == "PostGIS for PostgreSQL 97 is not installed."
    assert refusal.value.hint == installation_hint(97, read_system())


@pytest.mark.parametrize(
    ("version", "postgis", "told"),
    [
        ("14.9", "3.4.0", "PostgreSQL 14.9"),
        ("16.4 (Debian 16.4-1.pgdg120+1)", "3.2.1", "PostGIS 3.2.1 for PostgreSQL 16"),
    ],
)
def test_old_versions_are_refused_by_name(
    fake_programs: Callable[..., Path], version: str, postgis: str, told: str
) -> None:
    with pytest.raises(Unavailable, match="too old") as refusal:
        find_binaries(fake_programs(version, postgis))

    assert told in refusal.value.message


def test_new_enough_server_is_taken_with_its_versions(fake_programs: Callable[..., Path]) -> None:
    found = find_binaries(fake_programs("15.0", "3.3.0"))

    assert (found.major, found.version, found.postgis) == (15, "15.0", "3.3.0")


def test_folder_without_the_programs_is_refused_by_name(folder: Path) -> None:
    with pytest.raises(Unavailable, match=r"initdb, postgres, pg_ctl not found there") as refusal:
        find_binaries(folder)

    assert refusal.value.where == "LANDBANK_PG_BIN"


@pytest.mark.parametrize(
    ("text", "system", "command"),
    [
        ("ID=debian\n", {"debian"}, "sudo apt-get install postgresql-16 postgresql-16-postgis-3"),
        (
            'ID=ubuntu\nID_LIKE="debian"\n',
            {"ubuntu", "debian"},
            "sudo apt-get install postgresql-16 postgresql-16-postgis-3",
        ),
        ("ID=fedora\n", {"fedora"}, "sudo dnf install postgresql-server postgis"),
        (
            'ID="rocky"\nID_LIKE="rhel centos fedora"\n',
            {"rocky", "rhel", "centos", "fedora"},
            "sudo dnf install postgresql-server postgis",
        ),
        ("ID=arch\n", {"arch"}, "sudo pacman -S --needed postgresql postgis"),
        (
            'ID="opensuse-tumbleweed"\nID_LIKE="opensuse suse"\n',
            {"opensuse-tumbleweed", "opensuse", "suse"},
            "sudo zypper install postgresql16-server postgresql16-postgis",
        ),
    ],
)
def test_each_system_is_told_its_own_command(
    tmp_path: Path, text: str, system: set[str], command: str
) -> None:
    release = tmp_path / "os-release"
    release.write_text(text)

    assert read_system(release) == system
    assert installation_hint(16, frozenset(system)) == f"Install it: {command}"


def test_unknown_system_is_told_what_is_needed(tmp_path: Path) -> None:
    assert read_system(tmp_path / "nowhere") == frozenset()
    assert "LANDBANK_DATABASE_URL" in installation_hint(None, frozenset())
