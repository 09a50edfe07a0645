"""Which command installs PostgreSQL with PostGIS on this system; the text of every 'not installed' error."""

from __future__ import annotations

import sys
from pathlib import Path

OS_RELEASE = Path("/etc/os-release")


def read_system(os_release: Path = OS_RELEASE) -> frozenset[str]:
    """This system and its relatives: {"ubuntu", "debian"}, {"macos"}, {"fedora"}; empty if unknown."""
    if sys.platform == "darwin":
        return frozenset({"macos"})
    try:
        lines = os_release.read_text(encoding="utf-8").splitlines()
    except OSError:
        return frozenset()
    pairs = dict(line.split("=", 1) for line in lines if "=" in line)
    names = f"{pairs.get('ID', '')} {pairs.get('ID_LIKE', '')}".replace('"', "").replace("'", "")
    return frozenset(names.split())


def installation_hint(major: int | None, system: frozenset[str]) -> str:
    """The command that installs PostGIS for PostgreSQL `major`, or both where no server is there (None)."""
    number = "" if major is None else str(major)
    debian = (
        f"postgresql-{number} postgresql-{number}-postgis-3" if number else "postgresql postgresql-postgis"
    )
    commands = {
        "debian": f"sudo apt-get install {debian}",
        "ubuntu": f"sudo apt-get install {debian}",
        "fedora": "sudo dnf install postgresql-server postgis",
        "rhel": "sudo dnf install postgresql-server postgis",
        "arch": "sudo pacman -S --needed postgresql postgis",
        "suse": f"sudo zypper install postgresql{number}-server postgresql{number or 17}-postgis",
        "macos": "brew install postgis",
    }
    for name, command in commands.items():
        if name in system:
            return f"Install it: {command}"
    return (
        "Install PostgreSQL 15 or newer with PostGIS 3.3 or newer, or set LANDBANK_DATABASE_URL to a server."
    )
