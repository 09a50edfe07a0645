"""Breaks the matching on purpose, one place at a time, and shows that the tests notice: scripts/mutate_match.py.

Each mutation is a textual change of one file in a scratch copy; the tests of the matching then run against the copy
until one fails. A mutation that no test notices is a hole in the tests. The result is written to docs/mutations.md.
"""

from __future__ import annotations

import argparse
import os
import re
import shutil
import subprocess
import sys
import tempfile
import tomllib
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[1]
TOLD = ROOT / "docs" / "mutations.md"
MUTATIONS = ROOT / "scripts" / "mutations.toml"
BASE = (
    "tests/domain/test_value.py",
    "tests/domain/test_power.py",
    "tests/domain/test_reading.py",
    "tests/domain/test_criteria_list.py",
    "tests/domain/test_shown.py",
    "tests/domain/test_match_examples.py",
    "tests/domain/test_match_properties.py",
    "tests/domain/test_match_oracle.py",
)
"""The tests of the answer itself, quick files first."""

ADVICE = ("tests/domain/advice",)
"""The tests of what is said beyond it. None of either needs a database."""


@dataclass(frozen=True, slots=True)
class Mutation:
    """One way to break the matching: in a file of landbank/domain, a text that occurs once and what replaces it."""

    what: str
    file: str
    old: str
    new: str

    @property
    def suite(self) -> tuple[str, ...]:
        """The tests that have to notice it."""
        return ADVICE if self.file.startswith("advice/") else (*BASE, *ADVICE)


@dataclass(frozen=True, slots=True)
class Outcome:
    """What became of a mutation: the first test that noticed, or None."""

    mutation: Mutation
    noticed_by: str | None


def main(names: list[str]) -> int:
    """Try all mutations, or those whose description holds one of the words; 1 if any goes unnoticed."""
    listed = tomllib.loads(MUTATIONS.read_text(encoding="utf-8"))["mutation"]
    every = [Mutation(**entry) for entry in listed]
    chosen = [one for one in every if not names or any(name in one.what for name in names)]
    with tempfile.TemporaryDirectory(prefix="landbank-mutants-") as folder:
        scratch = copy_of_code(Path(folder))
        if (failed := first_failure(scratch, (*BASE, *ADVICE))) is not None:
            print(f"The tests fail without any mutation: {failed}", file=sys.stderr)
            return 1
        outcomes = []
        for number, mutation in enumerate(chosen, 1):
            outcomes.append(Outcome(mutation, noticed(scratch, mutation)))
            print(
                f"{number}/{len(chosen)} {mutation.what}: {outcomes[-1].noticed_by or 'NOT NOTICED'}",
                flush=True,
            )
    if not names:
        TOLD.write_text(report(outcomes), encoding="utf-8")
        print(f"Written to {TOLD.relative_to(ROOT)}.")
    return int(any(one.noticed_by is None for one in outcomes))


def copy_of_code(folder: Path) -> Path:
    """A scratch copy of what the tests of the matching need."""
    for name in ("landbank", "tests", "web/locale"):
        shutil.copytree(
            ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__", "_web", "_data")
        )
    shutil.copytree(ROOT / "data", folder / "data")
    shutil.copy(ROOT / "pyproject.toml", folder)
    return folder


def noticed(scratch: Path, mutation: Mutation) -> str | None:
    """The first test that fails with the mutation in place; the file is put back."""
    path = scratch / "landbank" / "domain" / mutation.file
    whole = path.read_text(encoding="utf-8")
    if whole.count(mutation.old) != 1:
        raise SystemExit(
            f"{mutation.file} holds {mutation.old!r} {whole.count(mutation.old)} times, not once."
        )
    path.write_text(whole.replace(mutation.old, mutation.new), encoding="utf-8")
    try:
        return first_failure(scratch, mutation.suite)
    finally:
        path.write_text(whole, encoding="utf-8")


def first_failure(scratch: Path, suite: tuple[str, ...]) -> str | None:
    """The name of the first of these tests that fails in the copy, or None."""
    environment = {
        **os.environ,
        "PYTHONPATH": str(scratch),
        "PYTHONDONTWRITEBYTECODE": "1",
        "LANDBANK_TEST_SERVER": "postgresql:///not-needed",
    }
    command = [sys.executable, "-m", "pytest", "-x", "-q", "-n", "0", "-p", "no:cacheprovider", *suite]
    done = subprocess.run(command, cwd=scratch, env=environment, capture_output=True, text=True, check=False)
    if done.returncode == 0:
        return None
    found = re.search(r"^(?:FAILED|ERROR) tests/(\S+)", done.stdout, re.MULTILINE)
    if found is None:
        raise SystemExit(f"The tests did not run:\n{done.stdout[-2000:]}{done.stderr[-2000:]}")
    return found[1].removeprefix("domain/").split("[")[0]


def report(outcomes: list[Outcome]) -> str:
    """The outcomes as a document."""
    rows = "\n".join(
        f"| {one.mutation.what} | {one.mutation.file} | {one.noticed_by or '**not noticed**'} |"
        for one in outcomes
    )
    caught = sum(one.noticed_by is not None for one in outcomes)
    return f"""# Mutations of the matching

Written by `python scripts/mutate_match.py`, which breaks one place of landbank/domain at a time in a scratch copy and
runs the tests of the matching until one fails. {caught} of {len(outcomes)} mutations are noticed.

| What is broken | File | First test that notices |
|---|---|---|
{rows}
"""


if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("words", nargs="*", help="only mutations whose description holds one of these")
    sys.exit(main(parser.parse_args().words))
