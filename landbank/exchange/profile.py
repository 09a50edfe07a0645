"""Column profiles: a TOML file that fixes what the columns of one sender's files mean."""

from __future__ import annotations

import json
import re
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from landbank.errors import Invalid
from landbank.exchange.columns import Choice, Columns
from landbank.exchange.targets import TARGETS, plain, words
from landbank.exchange.units import UNITS

KEYS = ("dataset", "crs", "layer", "municipality", "columns", "ignore")


@dataclass(frozen=True, slots=True)
class Profile:
    """What a profile fixes; None or empty leaves it to the file, the flags and the suggestion."""

    dataset: str | None = None
    crs: str | None = None
    layer: str | None = None
    municipality: str | None = None
    columns: tuple[Choice, ...] = ()
    ignore: tuple[str, ...] = field(default=())


def load_profile(path: Path) -> Profile:
    """The profile in a file.

    Raises
    ------
    Invalid
        There is no such file, it is no TOML, or a key, field, unit or code in it is unknown.
    """
    try:
        return read_profile(path.read_text(encoding="utf-8"), f"'{path.name}'")
    except FileNotFoundError:
        raise Invalid(f"There is no profile '{path.name}'.", hint="Make one with --save-profile.") from None
    except UnicodeDecodeError as error:
        raise Invalid(f"'{path.name}' is no TOML: {error}.", hint="Make one with --save-profile.") from error


def read_profile(text: str, name: str) -> Profile:
    """The profile in a text; `name` is what messages call it.

    Raises
    ------
    Invalid
        It is no TOML, or a key, field, unit or code in it is unknown.
    """
    try:
        told = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise Invalid(f"{name} is no TOML: {error}.", hint="Make one with --save-profile.") from error
    unknown = sorted(set(told) - set(KEYS))
    if unknown:
        raise Invalid(
            f"The profile {name} has an unknown key '{unknown[0]}'.", hint=f"Known: {', '.join(KEYS)}."
        )
    return Profile(
        dataset=_text(told, "dataset"),
        crs=_text(told, "crs"),
        layer=_text(told, "layer"),
        municipality=_text(told, "municipality"),
        columns=tuple(_choice(name, entry) for name, entry in told.get("columns", {}).items()),
        ignore=tuple(told.get("ignore", ())),
    )


def _text(told: Mapping[str, Any], key: str) -> str | None:
    value = told.get(key)
    if value is not None and not isinstance(value, str):
        raise Invalid(f"`{key}` in the profile must be a text.", hint=f'Write {key} = "{value}".', where=key)
    return value


def _choice(name: str, entry: object) -> Choice:
    target = TARGETS.get(name)
    if target is None:
        raise Invalid(
            f"The profile fills '{name}', which is no field.",
            hint=f"Fields: {', '.join(TARGETS)}.",
            where=name,
        )
    if isinstance(entry, str):
        return Choice(name, entry, _default_unit(name))
    if not isinstance(entry, dict) or not isinstance(entry.get("column"), str):
        raise Invalid(
            f"`{name}` in the profile names no column.", hint=f'Write {name} = "header".', where=name
        )
    unit = entry.get("unit", _default_unit(name))
    if unit is not None and unit not in UNITS.get(target.kind, {}):
        units = ", ".join(UNITS.get(target.kind, {})) or "none"
        raise Invalid(f"`{name}` has no unit '{unit}'.", hint=f"Units: {units}.", where=name)
    own = {plain(word): str(code) for word, code in entry.get("values", {}).items()}
    known = set(words(target.code_list).values()) if target.code_list else set()
    wrong = [code for code in own.values() if code not in known]
    if wrong:
        raise Invalid(
            f"`{name}` has no code '{wrong[0]}'.",
            hint=f"Codes: {', '.join(sorted(known)) or 'none'}.",
            where=name,
        )
    return Choice(name, entry["column"], unit, words=own)


def _default_unit(name: str) -> str | None:
    return {"price": "kr", "length": "m", "time": "min", "share": "procent"}.get(TARGETS[name].kind)


def fixed_columns(profile: Profile, names: Sequence[str]) -> Columns:
    """The mapping that a profile fixes for a file with these columns; what it does not name is left out.

    Raises
    ------
    Invalid
        The file lacks a column that the profile names.
    """
    for choice in profile.columns:
        if choice.column not in names:
            raise Invalid(
                f"The file has no column '{choice.column}', which the profile takes for `{choice.target}`.",
                hint=f"Columns of the file: {', '.join(names)}.",
                where=choice.target,
            )
    used = {choice.column for choice in profile.columns}
    rest = {
        name: "ignored by the profile" if name in profile.ignore else "not named in the profile"
        for name in names
    }
    return Columns(profile.columns, {name: why for name, why in rest.items() if name not in used})


def profile_toml(profile: Profile, columns: Columns) -> str:
    """The mapping in use as a profile, ready to be saved, changed and used the next time."""
    lines = ["# Column profile of landbank: field = column of the file, with its unit where it has one."]
    for key in ("dataset", "crs", "layer", "municipality"):
        value = getattr(profile, key)
        if value is not None:
            lines.append(f"{key} = {_quoted(value)}")
    if columns.unmapped:
        lines.append("# Columns that fill no field:")
        lines.append(f"ignore = [{', '.join(_quoted(name) for name in columns.unmapped)}]")
    lines += ["", "[columns]", *(_line(choice) for choice in columns.choices)]
    return "\n".join(lines) + "\n"


def _line(choice: Choice) -> str:
    parts = [f"column = {_quoted(choice.column)}"]
    if choice.unit and choice.unit != _default_unit(choice.target):
        parts.append(f"unit = {_quoted(choice.unit)}")
    if choice.words:
        pairs = ", ".join(f"{_quoted(word)} = {_quoted(code)}" for word, code in choice.words.items())
        parts.append(f"values = {{ {pairs} }}")
    return f"{choice.target} = " + (
        _quoted(choice.column) if len(parts) == 1 else f"{{ {', '.join(parts)} }}"
    )


def _quoted(text: str) -> str:
    """A TOML basic string: JSON's escapes are TOML's too, and DEL is the one character that JSON leaves alone."""
    return re.sub("\x7f", r"\\u007f", json.dumps(text, ensure_ascii=False))
