"""The commands retract and undo."""

import os
from collections.abc import Callable, Sequence
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import Data, Endpoint, reached, version_number
from kg.client.access import Access
from kg.client.verdict import Members, Verdict
from kg.errors import Conflict
from kg.iris import compact, read_iri

MOST_FAULTS = 5
"""What would be wrong afterwards is the same in every place that rests on a graph; so many are shown."""

Cascade = Annotated[bool, typer.Option("--cascade", help="What rests on them goes too.")]
By = Annotated[str | None, typer.Option(help="Who withdraws them, if that is not you.")]


def retract(
    graph: Annotated[str, typer.Argument(help="The graph of a submission.", metavar="GRAPH")],
    reason: Annotated[str, typer.Option(help="Why, in a sentence.")],
    cascade: Cascade = False,
    by: By = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Withdraw facts, with a reason.

    A submission goes whole, and stays in the history; refused where others rest on it:
    kg retract dipid:graph-gestures --reason 'The article was corrected.'
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    _tell(_withdraw(access, [read_iri(graph).value], reason, cascade, by))


def undo(
    what: Annotated[str, typer.Argument(help="A version (v17) or a graph.", metavar="COMMIT|GRAPH")],
    cascade: Cascade = False,
    by: By = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Withdraw what a commit added.

    It is a retraction like any other, also of what an update wrote to a graph; what the commit itself
    withdrew is added again by hand: kg undo v17, or kg show GRAPH | kg add -
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    version = version_number(what)
    if version is None:
        graph = read_iri(what).value
        _tell(_withdraw(access, [graph], f"Undone: {compact(graph)}.", cascade, by))
        return
    commit = access.commit(version)
    _tell(_withdrawn(lambda: access.undo(version, f"Undone: v{version}.", cascade=cascade, by=by)))
    for pair in commit["superseding"]:
        old = compact(pair["supersedes"])
        output.talk(f"{old}, which v{version} replaced, stays withdrawn: kg show {old} | kg add -")


def _withdraw(access: Access, graphs: Sequence[str], reason: str, cascade: bool, by: str | None) -> Members:
    return _withdrawn(lambda: access.retract(graphs, reason, cascade=cascade, by=by))


def _withdrawn(withdraw: Callable[[], Members]) -> Members:
    try:
        with output.working("Withdrawing"):
            return withdraw()
    except Conflict as refusal:
        if "violations" in refusal.extra:
            _tell_some(Verdict(refusal.extra).lines())
        raise


def _tell_some(lines: Sequence[str]) -> None:
    """Say the first of many faults; what rests on a graph before what shapes would miss of it."""
    for line in sorted(lines, key=lambda line: not line.endswith("[dipsh:stranded-reference]"))[:MOST_FAULTS]:
        output.talk(line)
    if len(lines) > MOST_FAULTS:
        output.talk(f"... and {len(lines) - MOST_FAULTS} more of this kind.")


def _tell(commit: Members) -> None:
    output.talk(f"Withdrawn in version {commit['version']}.")
    output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in commit["withdrawn"]))
