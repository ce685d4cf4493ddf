"""The command purge."""

import getpass
import sys
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import Data
from kg.cli.reaching import directory, reached
from kg.errors import BadInput, NotFound, Unavailable
from kg.iris import compact, read_iri


def purge(
    graph: Annotated[str, typer.Argument(help="The graph to erase.", metavar="GRAPH")],
    reason: Annotated[str, typer.Option(help="Reason, in a sentence; the tombstone keeps it.")],
    backups: Annotated[
        list[Path] | None,
        typer.Option("--backup", metavar="DIR", help="A backup to purge too; may be repeated."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Author of the purge, if not you.")] = None,
    yes: Annotated[bool, typer.Option("--yes", help="Do not ask for confirmation.")] = False,
    data: Data = None,
) -> None:
    """Erase a graph permanently from store, log and history.

    For facts that the law obliges you to erase, from the store, the log and every earlier version.

    A tombstone stays, with name, time, reason, author and content hash. This cannot be undone;
    facts about the same things in other graphs stay. Stop any server of the data directory first:
    kg purge dipid:graph-gestures --reason 'Erasure, request of 3 February.' --backup backups/2026-02-03
    """
    from kg.changes import Provenance
    from kg.facts.purging import purge_graph

    place = directory(data)
    _require_alone(place, [place, *(backups or ())])
    name = _named(place, graph)
    if not yes:
        _confirm(f"Erase {compact(name)} from {place} and every version of it, for good?")
    author = Provenance(by or getpass.getuser(), reason=reason, is_admin=True)
    found = 0
    for each in (place, *(backups or ())):
        try:
            with output.working(f"Purging {each}"):
                tombstone = purge_graph(each, name, author)
        except NotFound as fault:
            output.print_message(fault.detail)
            continue
        found += 1
        output.print_message(f"{compact(name)} was purged from {each} in version {tombstone.version}.")
    if not found:
        raise NotFound(f"Nothing was purged: none of the directories holds {compact(name)}.")


def _named(data: Path, graph: str) -> str:
    """Return the IRI of a graph, given its IRI or, for a current graph, its title."""
    from kg.client.naming import graph_named
    from kg.query.naming import needs_search

    return graph_named(reached(data), graph) if needs_search(graph) else read_iri(graph).value


def _require_alone(data: Path, directories: list[Path]) -> None:
    """Raise NotFound for a directory without a log, Unavailable if a server has the data directory open."""
    from kg.store.server_file import find_server

    for each in directories:
        if not (each / "log").is_dir() or not (each / "store").is_dir():
            raise NotFound(f"{each} holds no graph: it has no folders 'log' and 'store'.")
    if server := find_server(data):
        raise Unavailable(
            f"The server at {server.url} holds {data}, and its processes hold copies of the graph:"
            " stop it, purge, and start it again."
        )


def _confirm(question: str) -> None:
    """Ask on a terminal; raise BadInput without a terminal, or if the answer is not yes."""
    if not sys.stdin.isatty():
        raise BadInput("A purge cannot be undone: give --yes to confirm it.")
    output.print_message(f"{question} Type yes:")
    if sys.stdin.readline().strip().lower() != "yes":
        raise BadInput("Nothing was purged.")
