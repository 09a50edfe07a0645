"""The house rules that a program can check."""

from __future__ import annotations

import ast
import io
import subprocess
import sys
import tokenize
from collections.abc import Iterator
from pathlib import Path

import pytest

LONGEST_MODULE = 400
LONGEST_FUNCTION = 60
UNFINISHED = ("TODO", "FIXME", "XXX", "HACK")


@pytest.fixture(scope="module")
def modules(root: Path) -> dict[str, str]:
    """The text of every module of the package, by its path below it."""
    package = root / "landbank"
    return {
        str(path.relative_to(package)): path.read_text(encoding="utf-8")
        for path in sorted(package.rglob("*.py"))
        if not path.relative_to(package).parts[0].startswith("_")
    }


def functions(text: str) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function of a module, however deep."""
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            yield node


def test_rooms_know_only_what_lies_below_them(root: Path) -> None:
    program = Path(sys.executable).parent / "lint-imports"
    done = subprocess.run(
        [program, "--no-logo", "--no-cache"], cwd=root, capture_output=True, text=True, check=False
    )

    assert done.returncode == 0, done.stdout


def test_no_module_is_longer_than_a_reader_keeps_in_mind(modules: dict[str, str]) -> None:
    long = {name: len(text.splitlines()) for name, text in modules.items()}

    assert {name: count for name, count in long.items() if count > LONGEST_MODULE} == {}


def lines_of_body(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """Lines of what a function does, its signature and docstring left out."""
    body = function.body[1:] if ast.get_docstring(function) is not None else function.body
    return (function.end_lineno or 0) - body[0].lineno + 1 if body else 0


def test_no_function_does_more_than_fits_on_a_screen(modules: dict[str, str]) -> None:
    long = {
        f"{name}:{function.name}": lines_of_body(function)
        for name, text in modules.items()
        for function in functions(text)
    }

    assert {name: count for name, count in long.items() if count > LONGEST_FUNCTION} == {}


def test_every_module_says_what_it_is_for(modules: dict[str, str]) -> None:
    assert [name for name, text in modules.items() if not ast.get_docstring(ast.parse(text))] == []


def test_every_public_function_says_what_comes_back(modules: dict[str, str]) -> None:
    mute = [
        f"{name}:{node.name}"
        for name, text in modules.items()
        for node in ast.parse(text).body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
        and not node.name.startswith("_")
        and not ast.get_docstring(node)
    ]

    assert mute == []


def test_nothing_is_left_unfinished(modules: dict[str, str]) -> None:
    notes = [
        f"{name}:{token.start[0]}"
        for name, text in modules.items()
        for token in tokenize.generate_tokens(io.StringIO(text).readline)
        if token.type == tokenize.COMMENT and any(word in token.string for word in UNFINISHED)
    ]
    stubs = [
        f"{name}:{node.lineno}"
        for name, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Raise) and node.exc and "NotImplementedError" in ast.unparse(node.exc)
    ]

    assert notes + stubs == []


def test_no_fault_is_swallowed(modules: dict[str, str]) -> None:
    swallowed = [
        f"{name}:{node.lineno}"
        for name, text in modules.items()
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.ExceptHandler)
        and (node.type is None or ast.unparse(node.type) in ("Exception", "BaseException"))
        and all(isinstance(inner, ast.Pass | ast.Continue) for inner in node.body)
    ]

    assert swallowed == []
