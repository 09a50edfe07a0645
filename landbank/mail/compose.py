"""Letters from templates: text and HTML twins in Swedish and English, from plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any, Final

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from landbank.domain.codes import MailKind

FOLDER: Final = Path(__file__).parent / "templates"
LONGEST_SUBJECT: Final = 150


@dataclass(frozen=True, slots=True)
class Letter:
    """A letter without its reader."""

    subject: str
    text: str
    html: str


def one_line(value: Any) -> Any:
    """Text without line breaks and runs of spaces: nothing from the inventory begins a line of its own in a letter."""
    return " ".join(value.split()) if isinstance(value, str) else value


def _plain() -> Environment:
    return Environment(  # noqa: S701 - text, not HTML
        loader=FileSystemLoader(FOLDER),
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
        keep_trailing_newline=True,
        finalize=one_line,
    )


def _html() -> Environment:
    return Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )


@dataclass(frozen=True, slots=True)
class Composer:
    """Fills the templates `<kind>.<language>.txt`, whose first line is the subject, and `<kind>.<language>.html`."""

    plain: Environment = field(default_factory=_plain)
    html: Environment = field(default_factory=_html)

    def letter(self, kind: MailKind, language: str, **values: Any) -> Letter:
        """The letter of a kind in 'sv' or 'en'; a value that a template misses is an error."""
        told = self.plain.get_template(f"{kind}.{language}.txt").render(language=language, **values)
        first, _, text = told.partition("\n")
        subject = str(one_line(first))[:LONGEST_SUBJECT]
        html = self.html.get_template(f"{kind}.{language}.html").render(
            language=language, subject=subject, **values
        )
        return Letter(subject, text.strip("\n") + "\n", html)
