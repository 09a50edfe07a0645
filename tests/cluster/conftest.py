"""Clusters of a test's own, in short folders that any account may pass through."""

from __future__ import annotations

import shutil
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from landbank.cluster import Binaries, Cluster, find_binaries


@pytest.fixture(scope="session")
def binaries() -> Binaries:
    """The PostgreSQL of this machine."""
    return find_binaries(None)


@pytest.fixture
def folder(cluster_folder: Callable[[str], Path]) -> Iterator[Path]:
    """An empty folder that is gone afterwards."""
    place = cluster_folder("landbank-cluster-")
    yield place
    shutil.rmtree(place, ignore_errors=True)


@pytest.fixture
def make_cluster(folder: Path, binaries: Binaries) -> Iterator[Callable[..., Cluster]]:
    """Makes a cluster object on the test's folder; whatever runs there is stopped afterwards."""
    made: list[Cluster] = []

    def make(name: str = "cluster", *, durable: bool = False) -> Cluster:
        made.append(Cluster(folder / name, binaries, durable=durable))
        return made[-1]

    yield make
    for cluster in made:
        cluster.stop()
    for cluster in made:
        cluster.remove()


@pytest.fixture
def fake_programs(folder: Path) -> Callable[..., Path]:
    """Makes a folder with programs that only tell a version, and a PostGIS control file where one is given."""

    def make(version: str, postgis: str | None = None) -> Path:
        programs, share = folder / "bin", folder / "share"
        programs.mkdir()
        (share / "extension").mkdir(parents=True)
        texts = {
            "postgres": f"echo 'postgres (PostgreSQL) {version}'",
            "initdb": "exit 1",
            "pg_ctl": "exit 1",
            "pg_config": f"echo {share}",
        }
        for name, text in texts.items():
            (programs / name).write_text(f"#!/bin/sh\n{text}\n")
            (programs / name).chmod(0o755)
        if postgis:
            (share / "extension/postgis.control").write_text(f"default_version = '{postgis}'\n")
        return programs

    return make
