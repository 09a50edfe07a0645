"""`landbank match`: rank the plots for a need in the terminal, with reasons in words."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.cli.common import AsOf, ValidOn

if TYPE_CHECKING:
    from landbank.api.i18n import Language
    from landbank.api.match import Asking
    from landbank.domain.need import Need
    from landbank.wiring import Landbank


def match(  # noqa: PLR0917 - typer reads a command's options from its parameters
    need: Annotated[
        Path | None, typer.Argument(metavar="NEED.json", help="The need as JSON; - reads standard input.")
    ] = None,
    as_json: Annotated[
        bool,
        typer.Option("--json", help="Print the whole answer as JSON, the same as POST /api/match gives."),
    ] = False,
    limit: Annotated[
        int | None, typer.Option(min=1, max=1000, help="How many plots to explain; else what the need says.")
    ] = None,
    explain: Annotated[
        int | None, typer.Option(metavar="PLOT_ID", help="Explain one plot in full, wherever it ranks.")
    ] = None,
    template: Annotated[
        str | None,
        typer.Option(
            help="Start from a template: logistics, manufacturing, workshop, data_centre, office, retail, energy."
        ),
    ] = None,
    print_need: Annotated[
        bool, typer.Option("--print", help="Print the need that would be matched, to edit it, and stop.")
    ] = False,
    plain: Annotated[
        bool,
        typer.Option(
            "--plain", help="The ranked list alone, without what to relax, how sure it is, what to ask."
        ),
    ] = False,
    against: Annotated[
        int | None,
        typer.Option(metavar="PLOT_ID", help="Tell how many points each plot is ahead of this one, by wish."),
    ] = None,
    cost: Annotated[
        list[str] | None,
        typer.Option(
            metavar="CRITERION:AMOUNT", help="What a unit costs to change, for the cheapest pair of changes."
        ),
    ] = None,
    report: Annotated[
        Path | None,
        typer.Option(
            metavar="OUT.html", help="Write the answer as one HTML file, to keep, mail or print; see --lang."
        ),
    ] = None,
    lang: Annotated[str, typer.Option(help="Language of the sentences: en or sv.")] = "en",
    as_of: AsOf = None,
    valid_on: ValidOn = None,
) -> None:
    """Rank the plots for a need: tier A meets every must, B all that is known, C misses something.

    Points add up to the score of 100. What is unknown is asked for, never counted as a no.

    Example: landbank match --template logistics --print > need.json, then landbank match need.json
    """
    from dataclasses import replace

    asked = need_of(need, template)
    if limit is not None:
        asked = replace(asked, limit=limit)
    if print_need:
        print_as_json(asked)
        return
    from landbank.api.match import Asking, Detail, read_costs
    from landbank.cli.common import open_from_environment
    from landbank.domain.moment import read_asked

    asking = Asking(
        Detail.PLAIN if plain else Detail.FULL,
        language_of(lang),
        against,
        read_costs(cost or ()),
        read_asked(as_of, valid_on),
    )
    with open_from_environment() as landbank:
        if report is not None:
            write_report(landbank, asked, report, asking=asking)
        elif explain is not None:
            show_one(landbank, asked, explain, asking=asking, as_json=as_json)
        else:
            show_all(landbank, asked, asking=asking, as_json=as_json)


def write_report(landbank: Landbank, need: Need, path: Path, *, asking: Asking) -> None:
    """Write the answer as one HTML file, and say where it stands.

    Raises
    ------
    Invalid
        The file can't be written.
    """
    from landbank.api.report import report_html
    from landbank.cli.common import console
    from landbank.errors import Invalid

    told = report_html(landbank, need, asking)
    try:
        path.write_text(told, encoding="utf-8")
    except OSError as error:
        raise Invalid(
            f"{path} can't be written: {error.strerror}.", hint="Name a file in a folder that is there."
        ) from error
    console().print(f"The answer stands in {path}.", markup=False)


def language_of(code: str) -> Language:
    """The language of a code.

    Raises
    ------
    Invalid
        Landbank does not speak it.
    """
    from landbank.api.i18n import Language
    from landbank.errors import Invalid

    if code not in list(Language):
        raise Invalid(f"There is no language {code!r}.", hint="Say en or sv.", where="--lang")
    return Language(code)


def need_of(path: Path | None, template: str | None) -> Need:
    """The need in a file, or that of a template.

    Raises
    ------
    Invalid
        Neither is given, or both, or the one given can't be read.
    """
    from landbank.api.need_in import read_need as checked
    from landbank.errors import Invalid

    if (path is None) == (template is None):
        raise Invalid(
            "Say what is needed: either a file or a template.",
            hint="`landbank match --template logistics --print > need.json` makes a file to start from.",
        )
    return read_need(path) if path is not None else checked({"template": template})


def read_need(path: Path) -> Need:
    """The need in a JSON file, or on standard input for `-`.

    Raises
    ------
    Invalid
        The file can't be read or holds no need; the fault is told with the pointer of its field.
    """
    import sys

    from landbank.api.need_in import read_need as checked
    from landbank.errors import Invalid

    try:
        given = sys.stdin.buffer.read() if str(path) == "-" else path.read_bytes()
    except OSError as error:
        raise Invalid(
            f"{path} can't be read: {error.strerror}.", hint="Give the path of a JSON file."
        ) from error
    return checked(given)


def print_as_json(need: Need) -> None:
    """Print the need as a file to edit: one field a line, one must or wish a line."""
    import json

    from landbank.services.match_document import need_document

    lines = []
    for name, value in need_document(need).items():
        told = json.dumps(value, ensure_ascii=False)
        if isinstance(value, list) and value:
            told = (
                "[\n" + ",\n".join(f"    {json.dumps(part, ensure_ascii=False)}" for part in value) + "\n  ]"
            )
        lines.append(f'  "{name}": {told}')
    typer.echo("{\n" + ",\n".join(lines) + "\n}")


def show_all(landbank: Landbank, need: Need, *, asking: Asking, as_json: bool) -> None:
    """Print the answer as a table, or as JSON."""
    from landbank.api.match import answer_document_to
    from landbank.services.match_document import as_json as to_bytes

    answer = answer_document_to(landbank, need, asking)
    if as_json:
        typer.echo(to_bytes(answer))
        return
    from landbank.cli.common import console
    from landbank.cli.match_table import print_answer

    print_answer(answer, console())


def show_one(landbank: Landbank, need: Need, plot_id: int, *, asking: Asking, as_json: bool) -> None:
    """Print one plot's answer in full."""
    from landbank.api.match import plot_document_to
    from landbank.services.match_document import as_json as to_bytes

    document = plot_document_to(landbank, need, plot_id, asking)
    if as_json:
        typer.echo(to_bytes(document))
        return
    from landbank.cli.common import console
    from landbank.cli.match_table import print_match

    print_match(document, console())
