"""The commands token add, list and revoke. A running server applies a change at once."""

from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import Data
from kg.cli.reaching import directory
from kg.errors import BadInput, NotFound
from kg.store.tokens import Role, Tokens, fresh

app = typer.Typer(
    help="Create, list and revoke tokens for writing.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)
_ROLES = ", ".join(role.name.lower() for role in Role)


@app.command()
def add(
    name: Annotated[str, typer.Argument(help="The name of its owner, which commits record.")],
    role: Annotated[str, typer.Option(help=f"Its role: {_ROLES}.")] = "curate",
    data: Data = None,
) -> None:
    """Create a token and print it; it is not shown again.

    kg token add "Ana Pérez" --role curate
    """
    place = directory(data)
    if role.upper() not in Role.__members__:
        raise BadInput(f"There is no role {role!r}; the roles are {_ROLES}.")
    if not place.exists():
        raise NotFound(f"There is no data directory {place} yet; kg serve creates one.")
    tokens = Tokens.read(place)
    if any(token.name == name for token in tokens.kept):
        raise BadInput(f"{name} has a token already; revoke it first.")
    tokens.add(plain := fresh(), name, Role[role.upper()])
    tokens.write(place)
    output.line(plain)


@app.command("list")
def show(data: Data = None) -> None:
    """List the owners of tokens, with their roles."""
    for token in Tokens.read(directory(data)).kept:
        output.line(f"{token.role}\t{token.name}")


@app.command()
def revoke(name: Annotated[str, typer.Argument(help="The owner of the token.")], data: Data = None) -> None:
    """Revoke a token."""
    place = directory(data)
    tokens = Tokens.read(place)
    if not tokens.revoke(name):
        raise NotFound(f"{name} has no token here.")
    tokens.write(place)
    output.print_message(f"The token of {name} is revoked.")
