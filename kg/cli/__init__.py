"""The command line ``kg``: the functions of the HTTP API, on a data directory or through a running server.

Data goes to standard output, messages to standard error. Exit codes: 0 done, 1 facts do not conform or a
check found a fault, 2 wrong usage or unreadable input, 3 refused or unavailable.
"""

import sys
from typing import Annotated

import typer

from kg import __version__
from kg.cli import (
    asking,
    export,
    facts,
    history,
    importing,
    load,
    mcp,
    output,
    purge,
    quarantine,
    query,
    retract,
    review,
    search,
    server,
    sources,
    template,
    tokens,
    upgrade,
)
from kg.errors import KGError
from kg.store import disk_space

app = typer.Typer(
    help="A knowledge graph of regional diplomacy: who said or did what to whom, and according to whom.",
    epilog="Exit codes: 0 done, 1 facts do not conform, 2 wrong usage or input, 3 refused or unavailable.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
    rich_markup_mode=None,  # plain help that can be copied, and one-sentence errors
    pretty_exceptions_enable=False,
)
for command in (
    *(
        server.init,
        server.serve,
        query.query,
        search.search,
        facts.validate,
        facts.add,
        load.load,
        export.export,
    ),
    *(history.log, history.show, history.diff, history.why, retract.retract, retract.undo),
    *(purge.purge, quarantine.quarantine),
    *(server.check, server.verify, query.stats, server.backup, server.restore),
    *(upgrade.upgrade, template.template, mcp.mcp),
):
    app.command(help=output.help_of(command))(command)
app.command(name="import", help=output.help_of(importing.import_))(importing.import_)
# ``ask`` has its own --help, which describes the question if one is named.
app.command(help=output.help_of(asking.ask), add_help_option=False)(asking.ask)
app.add_typer(tokens.app, name="token")
app.add_typer(sources.app, name="source")
app.add_typer(review.app, name="review")


def _show_version(asked: bool) -> None:
    if asked:
        output.line(f"kg {__version__}")
        raise typer.Exit


@app.callback()
def root(
    version: Annotated[
        bool, typer.Option("--version", help="Show the version.", is_eager=True, callback=_show_version)
    ] = False,
) -> None:
    """Read the options that stand before the command."""


def main() -> None:
    """Run a command; print an error as one sentence on standard error, and exit with its code."""
    output.open_closed_streams()
    try:
        app(prog_name="kg")
    except KGError as error:
        output.print_error(error)
        sys.exit(output.exit_code(error))
    except Exception as fault:
        if disk_error := disk_space.error_of(fault):
            output.print_error(disk_error)
        else:  # a bug: show everything
            sys.excepthook(*sys.exc_info())
            output.print_message("kg: This is a bug; please report it with the lines above.")
        sys.exit(3)
