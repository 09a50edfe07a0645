"""A private cluster: made once, started by the first, stopped by the last, and whole after any accident."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import time
from collections.abc import Callable
from pathlib import Path

import psycopg
import pytest

from landbank.cluster import Binaries, Cluster
from landbank.errors import Conflict, Unavailable

Make = Callable[..., Cluster]
as_root = pytest.mark.skipif(os.geteuid() != 0, reason="only root steps down to another account")

START_AND_STOP = """
import sys, time
from pathlib import Path
from landbank.cluster import Cluster, find_binaries
cluster = Cluster(Path(sys.argv[1]), find_binaries(None), durable=False)
cluster.start()
print(cluster.running().pid, flush=True)
sys.stdin.readline()
print(cluster.stop(), flush=True)
"""


def ask(cluster: Cluster, question: str) -> object:
    """The single value that a query answers with."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        row = connection.execute(question).fetchone()
    assert row is not None
    return row[0]


def tell(cluster: Cluster, statement: str) -> None:
    """Run a statement and commit it."""
    with psycopg.connect(cluster.url("postgres"), autocommit=True) as connection:
        connection.execute(statement)


def is_alive(pid: int) -> bool:
    """Whether a process runs; one that is dead and only waits for its parent does not."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] != "Z"
    except FileNotFoundError:
        return False


def test_it_listens_on_its_socket_and_on_no_port(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()

    assert ask(cluster, "SHOW listen_addresses") == ""
    assert ask(cluster, "SELECT current_user") == "landbank"
    assert ask(cluster, "SHOW server_encoding") == "UTF8"


def test_durable_cluster_keeps_what_was_committed_and_checks_its_pages(make_cluster: Make) -> None:
    cluster = make_cluster(durable=True)
    cluster.start()

    assert ask(cluster, "SHOW fsync") == "on"
    assert ask(cluster, "SHOW full_page_writes") == "on"
    assert ask(cluster, "SHOW data_checksums") == "on"


def test_what_was_written_is_there_after_stop_and_start(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()
    tell(cluster, "CREATE TABLE kept AS SELECT 41 AS n")

    assert cluster.stop() is True
    assert cluster.running() is None
    cluster.start()

    assert ask(cluster, "SELECT n + 1 FROM kept") == 42


def test_letters_of_swedish_have_case_whatever_the_machine_speaks(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()

    assert ask(cluster, "SELECT upper('ängelholm')") == "ÄNGELHOLM"


def test_killed_server_comes_back_with_what_was_committed(make_cluster: Make) -> None:
    cluster = make_cluster(durable=True)
    cluster.start()
    tell(cluster, "CREATE TABLE kept AS SELECT 42 AS n")
    running = cluster.running()
    assert running is not None

    os.kill(running.pid, signal.SIGKILL)
    cluster.stop()
    cluster.start()

    assert ask(cluster, "SELECT n FROM kept") == 42


def test_pid_file_that_names_another_program_does_not_hinder(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()
    pid_file = cluster.data / "postmaster.pid"
    lines = pid_file.read_text().splitlines()
    cluster.stop()
    pid_file.write_text("\n".join([str(os.getpid()), *lines[1:], ""]))
    facts = cluster.data.stat()
    os.chown(pid_file, facts.st_uid, facts.st_gid)

    assert cluster.running() is None
    cluster.start()

    assert ask(cluster, "SELECT 1") == 1


def test_last_user_stops_it_and_no_other(make_cluster: Make) -> None:
    first, second = make_cluster(), make_cluster()
    first.start()
    second.start()

    assert first.stop() is False
    assert ask(second, "SELECT 1") == 1
    assert second.stop() is True
    assert second.running() is None


def test_two_processes_that_start_at_once_share_one_server(folder: Path) -> None:
    command = [sys.executable, "-c", START_AND_STOP, str(folder / "cluster")]
    pipes = {"stdin": subprocess.PIPE, "stdout": subprocess.PIPE, "text": True}
    with subprocess.Popen(command, **pipes) as one, subprocess.Popen(command, **pipes) as two:
        pids = {process.stdout.readline().strip() for process in (one, two)}
        stopped = [process.communicate("\n")[0].strip() for process in (one, two)]

    assert len(pids) == 1
    assert stopped == ["False", "True"]
    assert not is_alive(int(pids.pop()))


def test_server_left_by_a_killed_landbank_is_taken_over_and_stopped(folder: Path, make_cluster: Make) -> None:
    command = [sys.executable, "-c", START_AND_STOP, str(folder / "cluster")]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as other:
        pid = int(other.stdout.readline())
        other.kill()
    cluster = make_cluster()

    cluster.start()

    running = cluster.running()
    assert running is not None
    assert running.pid == pid
    assert cluster.stop() is True


def test_server_whose_socket_was_swept_away_is_started_again(make_cluster: Make) -> None:
    first, second = make_cluster(), make_cluster()
    first.start()
    running = first.running()
    assert running is not None
    running.socket_file.unlink()

    second.start()

    assert ask(second, "SELECT 1") == 1


def test_half_made_cluster_is_made_anew(make_cluster: Make) -> None:
    cluster = make_cluster()
    (cluster.folder / "data.new" / "base").mkdir(parents=True)

    cluster.start()

    assert ask(cluster, "SELECT 1") == 1
    assert not (cluster.folder / "data.new").exists()


def test_foreign_files_are_refused_and_left_alone(folder: Path, binaries: Binaries) -> None:
    own = folder / "cluster" / "data" / "thesis.txt"
    own.parent.mkdir(parents=True)
    own.write_text("mine")
    if os.geteuid() == 0:
        os.chown(own.parent, 65534, 65534)

    with pytest.raises(Conflict, match="no PostgreSQL cluster"):
        Cluster(folder / "cluster", binaries, durable=False).start()

    assert own.read_text() == "mine"


def test_files_of_another_major_version_are_refused_with_both_numbers(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    number = cluster.data / "PG_VERSION"
    number.write_text("14\n")

    with pytest.raises(Conflict, match=r"made by PostgreSQL 14, and PostgreSQL") as refusal:
        cluster.start()

    assert "Install PostgreSQL 14" in str(refusal.value.hint)
    assert number.read_text() == "14\n"


def test_broken_start_tells_the_servers_own_words(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()
    cluster.stop()
    with (cluster.data / "postgresql.conf").open("a") as configuration:
        configuration.write("shared_preload_libraries = 'no_such_library'\n")

    with pytest.raises(Unavailable, match="no_such_library"):
        cluster.start()

    assert cluster.running() is None


def test_folder_with_a_long_name_still_gets_a_short_socket(make_cluster: Make) -> None:
    cluster = make_cluster("a-name-of-some-length-" * 6)

    cluster.start()

    assert ask(cluster, "SELECT 1") == 1


def test_folder_with_quotes_and_spaces_in_its_name_works(make_cluster: Make) -> None:
    cluster = make_cluster("O'Hara's $HOME; \"tomter\"")

    cluster.start()

    assert ask(cluster, "SELECT 1") == 1


def test_remove_leaves_nothing_behind(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()
    running = cluster.running()
    assert running is not None

    cluster.remove()

    assert not cluster.folder.exists()
    assert not running.sockets.exists()
    assert not is_alive(running.pid)


def test_remove_spares_a_cluster_that_another_uses(make_cluster: Make) -> None:
    first, second = make_cluster(), make_cluster()
    first.start()
    second.start()

    with pytest.raises(Conflict, match="Another process uses"):
        first.remove()

    assert ask(second, "SELECT 1") == 1


@as_root
def test_another_account_can_not_connect(make_cluster: Make, binaries: Binaries) -> None:
    cluster = make_cluster()
    cluster.start()
    running = cluster.running()
    assert running is not None
    running.sockets.chmod(0o755)  # the folder's lock taken away, the server itself must refuse

    refused = subprocess.run(
        [binaries.program("psql"), cluster.url("postgres"), "-c", "SELECT 1"],
        user=65534,
        group=65534,
        extra_groups=[],
        capture_output=True,
        text=True,
        check=False,
    )

    assert refused.returncode != 0
    assert "Peer authentication failed" in refused.stderr


@as_root
def test_folder_that_the_servers_account_may_not_enter_is_named(folder: Path, binaries: Binaries) -> None:
    closed = folder / "closed"
    closed.mkdir(mode=0o700)

    with pytest.raises(Unavailable, match=f"may not enter {closed}") as refusal:
        Cluster(closed / "cluster", binaries, durable=False).start()

    assert refusal.value.where == "LANDBANK_HOME"


@as_root
def test_socket_folder_that_somebody_else_made_is_refused(make_cluster: Make) -> None:
    cluster = make_cluster()
    cluster.start()
    running = cluster.running()
    assert running is not None
    cluster.stop()
    running.sockets.mkdir(mode=0o700)
    os.chown(running.sockets, 65534, 65534)

    with pytest.raises(Unavailable, match="alone"):
        cluster.start()

    running.sockets.rmdir()


def test_cold_start_takes_seconds(make_cluster: Make) -> None:
    began = time.monotonic()

    make_cluster().start()

    assert time.monotonic() - began < 30
