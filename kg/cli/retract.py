"""The commands retract and undo."""

import os
import sys
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from kg.changes import version_number
from kg.cli import completion, output
from kg.cli.options import Data, Endpoint
from kg.cli.reaching import reached
from kg.client.access import Access
from kg.client.naming import graph_named
from kg.client.verdict import Members, Verdict
from kg.errors import BadInput, Conflict
from kg.iris import compact

MOST_FAULTS = 5
"""Maximum faults shown: faults after a withdrawal repeat in every graph that rests on the withdrawn one."""

Cascade = Annotated[bool, typer.Option("--cascade", help="Withdraw the graphs that depend on them too.")]
By = Annotated[str | None, typer.Option(help="Author of the withdrawal, if not you.")]


def retract(
    graph: Annotated[
        str,
        typer.Argument(help="A graph, or its title.", metavar="GRAPH", autocompletion=completion.graphs),
    ],
    reason: Annotated[str, typer.Option(help="Reason, in a sentence.")],
    cascade: Cascade = False,
    by: By = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Withdraw facts, with a reason.

    A submission is withdrawn whole, and stays in the history. Refused if other graphs depend on it:
    kg retract dipid:graph-gestures --reason 'The article was corrected.'
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    _print_withdrawal(_withdraw(access, [graph_named(access, graph)], reason, cascade, by))


def undo(
    what: Annotated[
        str, typer.Argument(help="A version (v17), a graph, or its title.", metavar="COMMIT|GRAPH")
    ],
    yes: Annotated[bool, typer.Option("--yes", "-y", help="Do not ask for confirmation.")] = False,
    cascade: Cascade = False,
    by: By = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Withdraw the additions of a commit.

    An undo is a retraction, also of quads that an update wrote to a graph. If the commit only withdrew
    facts, they are added again. Shows the changes and asks for confirmation first:
    kg undo v17
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    version = version_number(what)
    if version is None:
        graph = graph_named(access, what)
        _confirm([f"{compact(graph)} would be withdrawn."], yes)
        _print_withdrawal(_withdraw(access, [graph], f"Undone: {compact(graph)}.", cascade, by))
        return
    commit = access.commit(version)
    _confirm(_effects_of_undo(commit), yes)
    _print_withdrawal(
        _withdrawn(lambda: access.undo(version, f"Undone: v{version}.", cascade=cascade, by=by))
    )
    for pair in commit["superseding"]:
        old = compact(pair["supersedes"])
        output.print_message(f"{old}, which v{version} replaced, stays withdrawn: kg show {old} | kg add -")


def _effects_of_undo(commit: Members) -> list[str]:
    """Describe the commit to undo, and the graphs that this would withdraw or restore."""
    commit_text = f"v{commit['version']} of {commit['time'][:19]} by {commit['agent']}"
    facts = f"{commit_text} added {commit['added']} and removed {commit['removed']} facts."
    if commit["added"]:
        return [
            facts,
            *(f"Its additions to {compact(graph)} would be removed." for graph in commit["graphs"]),
        ]
    return [facts, *(f"{compact(graph)} would be added again." for graph in commit["withdrawn"])]


def _confirm(lines: Sequence[str], yes: bool) -> None:
    """Show the effects and ask on a terminal; raises BadInput without a terminal."""
    if yes:
        return
    for line in lines:
        output.print_message(line)
    if not (sys.stdin.isatty() and sys.stderr.isatty()):
        raise BadInput("Nothing was done, because there is no terminal to confirm on; add --yes to do it.")
    if not typer.confirm("Do this?", err=True):
        output.print_message("Nothing was done.")
        raise typer.Exit(3)


def _withdraw(access: Access, graphs: Sequence[str], reason: str, cascade: bool, by: str | None) -> Members:
    return _withdrawn(lambda: access.retract(graphs, reason, cascade=cascade, by=by))


def _withdrawn(withdraw: Callable[[], Members]) -> Members:
    try:
        with output.working("Withdrawing"):
            return withdraw()
    except Conflict as refusal:
        if "violations" in refusal.extra:
            _print_some(Verdict(refusal.extra).lines())
        raise


def _print_some(lines: Sequence[str]) -> None:
    """Print the first of many faults; stranded references come before shape violations."""
    for line in sorted(lines, key=lambda line: not line.endswith("[dipsh:stranded-reference]"))[:MOST_FAULTS]:
        output.print_message(line)
    if len(lines) > MOST_FAULTS:
        output.print_message(f"... and {len(lines) - MOST_FAULTS} more of this kind.")


def _print_withdrawal(commit: Members) -> None:
    is_back = commit["added"] and not commit["removed"]
    output.print_message(f"{'Added again' if is_back else 'Withdrawn'} in version {commit['version']}.")
    graphs = commit["graphs" if is_back else "withdrawn"]
    output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in graphs))
