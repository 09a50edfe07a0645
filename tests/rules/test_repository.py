"""What must never be committed, and what the texts about commands promise."""

from __future__ import annotations

import re
from pathlib import Path

import yaml

MACHINE_PATHS = re.compile(r"(?<![\w.~-])/(?:root|work|Users|home/[a-z]\w*|mnt|scratch|builds)/[\w.-]")
REGISTRIES = re.compile(
    "|".join(("pypi" + r"\.org", "python" + "hosted", "npm" + r"js\.(?:org|com)", "yarn" + "pkg"))
)
TARGET = re.compile(r"^([a-z][a-z-]*):.*##", re.MULTILINE)
OWN = Path(__file__).name


def lines_with(pattern: re.Pattern[str], texts: dict[Path, str]) -> list[str]:
    """`file:line: text` of every match outside this file."""
    return [
        f"{path.name}:{number}: {line.strip()[:120]}"
        for path, text in texts.items()
        if path.name != OWN
        for number, line in enumerate(text.splitlines(), 1)
        if pattern.search(line)
    ]


def test_no_file_names_a_folder_of_somebodys_machine(texts: dict[Path, str]) -> None:
    assert lines_with(MACHINE_PATHS, texts) == []


def test_no_file_names_a_package_registry(texts: dict[Path, str]) -> None:
    assert lines_with(REGISTRIES, texts) == []


def test_no_file_holds_a_private_key_or_a_token(texts: dict[Path, str]) -> None:
    secret = re.compile(
        r"-----BEGIN [A-Z ]*PRIVATE KEY|\bgh[pousr]_\w{30}|\bAKIA[0-9A-Z]{16}\b|\bxox[abp]-\w{10}"
    )

    assert lines_with(secret, texts) == []


def test_nothing_built_is_committed(root: Path, committed: list[Path]) -> None:
    built = ("web/node_modules/", "web/static/vendor/", "tests/provider/node_modules/", "dist/", ".venv/")

    assert [path for path in committed if str(path.relative_to(root)).startswith(built)] == []


def test_no_file_is_larger_than_a_megabyte(committed: list[Path]) -> None:
    assert [path.name for path in committed if path.stat().st_size > 1_000_000] == []


def test_commands_that_the_documents_name_are_in_the_makefile(root: Path, texts: dict[Path, str]) -> None:
    targets = set(TARGET.findall((root / "Makefile").read_text(encoding="utf-8")))
    told = {
        (path.name, name)
        for path, text in texts.items()
        if path.suffix == ".md"
        for name in re.findall(r"(?:`|^\s*(?:\$ )?)make ([a-z][a-z-]*)", text, re.MULTILINE)
    }

    assert {(path, name) for path, name in told if name not in targets} == set()
    assert {"up", "test"} <= targets


def test_commands_of_landbank_that_the_documents_name_exist(texts: dict[Path, str]) -> None:
    from landbank.cli.main import COMMANDS

    names = {name for name, _, _ in COMMANDS}
    told = {
        (path.name, name)
        for path, text in texts.items()
        if path.suffix == ".md" and "decisions" not in path.parts
        for name in re.findall(r"`(?:\w+=\S+ )*landbank ([a-z][a-z-]*)", text)
    }

    assert {(path, name) for path, name in told if name not in names} == set()


def test_links_between_documents_lead_somewhere(texts: dict[Path, str]) -> None:
    broken = [
        f"{path.name}: {target}"
        for path, text in texts.items()
        if path.suffix == ".md"
        for target in re.findall(r"\]\(([^)#\s]+)(?:#[^)]*)?\)", text)
        if "://" not in target and not target.startswith("mailto:") and not (path.parent / target).exists()
    ]

    assert broken == []


def test_ci_runs_what_everyone_runs(root: Path) -> None:
    script = root / ".ci" / "run"

    assert "make test" in script.read_text(encoding="utf-8")
    assert script.stat().st_mode & 0o111


def test_compose_file_starts_postgis_for_the_documented_address(root: Path) -> None:
    told = yaml.safe_load((root / "compose.yaml").read_text(encoding="utf-8"))
    database = told["services"]["database"]

    assert database["image"].startswith("postgis/postgis:")
    assert database["ports"] == ["127.0.0.1:5432:5432"]
    assert database["environment"]["POSTGRES_DB"] == "landbank"
    assert database["environment"]["POSTGRES_PASSWORD"].startswith("${LANDBANK_DATABASE_PASSWORD:?")
    assert database["volumes"] == ["inventory:/var/lib/postgresql/data"]
    assert set(told["volumes"]) == {"inventory"}
    assert database["healthcheck"]["test"][0] == "CMD"


def test_pre_commit_runs_what_make_lint_runs(root: Path) -> None:
    told = yaml.safe_load((root / ".pre-commit-config.yaml").read_text(encoding="utf-8"))

    hooks = {hook["id"] for repository in told["repos"] for hook in repository["hooks"]}
    assert {"ruff-format", "ruff-check", "mypy", "import-contracts"} <= hooks
    assert {repository["repo"] for repository in told["repos"]} == {"local"}


def test_every_word_that_the_installer_offers_is_one_it_takes() -> None:
    script = (Path(__file__).parents[2] / "scripts/install-system").read_text(encoding="utf-8")
    offered = re.search(r"usage: scripts/install-system (\S+)\"", script)
    assert offered is not None
    assert {word for word in offered[1].split("|") if f"\n    {word})\n" not in script} == set()
