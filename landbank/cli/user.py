"""`landbank user`: who may sign in, with which roles. The first administrator is made here."""

from __future__ import annotations

import sys
from collections.abc import Iterator
from contextlib import contextmanager
from typing import TYPE_CHECKING, Annotated

import typer

from landbank.cli.common import console, open_from_environment
from landbank.domain.people import IN_ALL, SYSTEM, Grant, Role
from landbank.errors import Invalid, NotFound

if TYPE_CHECKING:
    from landbank.domain.accounts import Person
    from landbank.services.door import Door
    from landbank.wiring import Landbank

app = typer.Typer(
    no_args_is_help=True,
    help="Let people sign in, give them roles and take them away.\n\n"
    "Example: `landbank user add anna --role administrator --municipality 1441 --link`",
    rich_markup_mode="markdown",
)

Name = Annotated[str, typer.Argument(help="Sign-in name, or the number that `landbank user list` shows.")]
RoleOption = Annotated[Role, typer.Option("--role", help="Role to give or take.")]
Place = Annotated[
    str | None,
    typer.Option("--municipality", help="Code or name of the municipality; none for regional and operator."),
]


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="Name to sign in with.")],
    *,
    role: RoleOption,
    municipality: Place = None,
    shown: Annotated[str | None, typer.Option("--name", help="Name that others see.")] = None,
    email: Annotated[str | None, typer.Option(help="E-mail address, if it is needed.")] = None,
    link: Annotated[
        bool, typer.Option("--link", help="Print a one-time link instead of asking for a password.")
    ] = False,
) -> None:
    """Make an account with a first role.

    The password is asked for here, twice, or chosen by the person with a one-time link (`--link`, and wherever no
    terminal is there to ask). It never stands in a command line.

    Example: `landbank user add anna --role administrator --municipality 1441 --link`
    """
    from landbank.services.manage_people import invite

    with door_from_environment() as (landbank, door):
        grant = grant_of(landbank, role, municipality)
        invited = invite(door, SYSTEM, login=name, display_name=shown or name, email=email, grant=grant)
        if link or not sys.stdin.isatty():
            tell_link(landbank, invited.secret)
            return
        from landbank.services.choose_password import set_by_link

        while True:
            password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
            try:
                set_by_link(door, invited.secret, password)
                break
            except Invalid as fault:
                console().print(str(fault), style="red", markup=False)
        console().print(f"{name} can sign in.", markup=False)


@app.command("list")
def list_() -> None:
    """Show everybody with an account: number, sign-in name, name, roles.

    Example: `landbank user list`
    """
    from rich.table import Table
    from rich.text import Text

    with door_from_environment() as (_, door), door.people(SYSTEM) as people:
        table = Table("Number", "Sign-in name", "Name", "Roles", box=None, pad_edge=False)
        for person in people.persons.all():
            login = person.login or ", ".join(people.persons.identities(person.id)) or "–"
            roles = ", ".join(sorted(told(grant) for grant in person.grants)) or "none yet"
            state = "disabled" if person.is_disabled else roles
            table.add_row(str(person.id), Text(login), Text(person.display_name), state)
    console().print(table)


@app.command()
def grant(name: Name, role: RoleOption, municipality: Place = None) -> None:
    """Give a role.

    Example: `landbank user grant anna --role planner --municipality Lerum`
    """
    from landbank.services.manage_people import give_role

    with door_from_environment() as (landbank, door):
        given = grant_of(landbank, role, municipality)
        is_new = give_role(door, SYSTEM, find(door, name).id, given)
        console().print(f"{name} {'now is' if is_new else 'was'} {told(given)}.", markup=False)


@app.command()
def revoke(name: Name, role: RoleOption, municipality: Place = None) -> None:
    """Take a role away; it holds no more from the person's next request on.

    Example: `landbank user revoke anna --role planner --municipality 1441`
    """
    from landbank.services.manage_people import take_role

    with door_from_environment() as (landbank, door):
        taken = grant_of(landbank, role, municipality)
        if not take_role(door, SYSTEM, find(door, name).id, taken):
            raise NotFound(f"{name} is not {told(taken)}.", hint="`landbank user list` shows the roles.")
        console().print(f"{name} is no longer {told(taken)}.", markup=False)


@app.command()
def disable(name: Name) -> None:
    """Disable an account: every session and key of it is dead at once.

    Example: `landbank user disable anna`
    """
    from landbank.services.manage_people import disable as disable_person

    with door_from_environment() as (_, door):
        disable_person(door, SYSTEM, find(door, name).id)
        console().print(f"{name} is disabled.", markup=False)


@app.command()
def enable(name: Name) -> None:
    """Let a disabled account hold again.

    Example: `landbank user enable anna`
    """
    from landbank.services.manage_people import enable as enable_person

    with door_from_environment() as (_, door):
        enable_person(door, SYSTEM, find(door, name).id)
        console().print(f"{name} is enabled.", markup=False)


@app.command()
def reset(
    name: Name,
    second_factor: Annotated[
        bool, typer.Option("--second-factor", help="Forget the second factor too, when the phone is lost.")
    ] = False,
) -> None:
    """Print a one-time link for a new password; every session of the person ends, and the old password with it.

    Example: `landbank user reset anna --second-factor`
    """
    from landbank.services.door import Caller
    from landbank.services.manage_people import reset as reset_person

    with door_from_environment() as (landbank, door):
        number = find(door, name).id
        secret = reset_person(
            door, SYSTEM, number, with_second_factor=second_factor, caller=Caller("", "landbank user reset")
        )
        tell_link(landbank, secret)


@app.command()
def forget(name: Name) -> None:
    """Erase a person's name, addresses and everything they sign in with; the history keeps the number alone.

    Example: `landbank user forget anna`
    """
    from landbank.services.manage_people import forget as forget_person

    with door_from_environment() as (_, door):
        person = find(door, name)
        forget_person(door, person.id)
        console().print(f"Person {person.id} is forgotten.", markup=False)


@app.command()
def log(
    count: Annotated[int, typer.Option(min=1, max=10_000, help="How many of the last lines.")] = 50,
) -> None:
    """Show the security log: sign-ins, refusals, roles, keys; the newest first.

    Example: `landbank user log --count 100`
    """
    with open_from_environment() as landbank, landbank.people(SYSTEM) as people:
        for line in people.log.latest(count):
            parts = (line.subject, line.municipality_code, line.request_id)
            rest = " ".join(part for part in parts if part)
            console().print(
                f"{line.occurred_at:%Y-%m-%d %H:%M:%S} {line.kind} {line.actor} {rest}".rstrip(), markup=False
            )


@contextmanager
def door_from_environment() -> Iterator[tuple[Landbank, Door]]:
    """The landbank that the environment names, and its door."""
    from landbank.wiring import open_door

    with open_from_environment() as landbank:
        yield landbank, open_door(landbank)


def find(door: Door, name: str) -> Person:
    """The person with this sign-in name or number; raises `NotFound`."""
    from landbank.services.sign_in import clean_login

    with door.people(SYSTEM) as people:
        person = people.persons.by_login(clean_login(name))
        if person is None and name.isascii() and name.isdigit():
            person = people.persons.find(int(name[:18]))
    if person is None:
        raise NotFound(f"There is no account '{name}'.", hint="`landbank user list` shows who there is.")
    return person


def grant_of(landbank: Landbank, role: Role, municipality: str | None) -> Grant:
    """The role in the municipality named by code or name.

    Raises
    ------
    Invalid
        The role needs a municipality and none was given, or the other way round, or there is no such municipality.
    """
    if role in IN_ALL:
        if municipality is not None:
            raise Invalid(
                f"The role '{role}' holds everywhere.", hint="Leave --municipality out.", where="municipality"
            )
        return Grant(role)
    return Grant(
        role, municipality_code(landbank, municipality, f"The role '{role}' is held in a municipality.")
    )


def municipality_code(landbank: Landbank, told_place: str | None, why: str) -> str:
    """The code of the municipality with this code or name; raises `Invalid`."""
    with landbank.reading() as store:
        names = store.standing.municipalities()
    known = ", ".join(f"{code} {name}" for code, name in names.items())
    if told_place is None:
        raise Invalid(why, hint=f"Name it with --municipality. Known: {known}.", where="municipality")
    for code, name in names.items():
        if told_place in (code, name) or told_place.casefold() == name.casefold():
            return code
    raise Invalid(f"There is no municipality '{told_place}'.", hint=f"Known: {known}.", where="municipality")


def told(grant: Grant) -> str:
    """A role as the commands say it."""
    return f"{grant.role} {grant.municipality_code}" if grant.municipality_code else str(grant.role)


def tell_link(landbank: Landbank, secret: str) -> None:
    """Print the address with which somebody chooses their password, once."""
    from landbank.cli.serving import told_address

    settings = landbank.settings
    place = settings.public_url or told_address(settings.home) or f"http://{settings.host}:{settings.port}"
    console().print("Hand this to the person, and to nobody else. It holds once, for 72 hours:")
    console().print(f"{place.rstrip('/')}/valkommen?kod={secret}", soft_wrap=True, markup=False)
