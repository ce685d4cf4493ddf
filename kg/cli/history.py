"""The commands log, show, diff and why."""

import json
import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import typer

from kg.changes import version_number
from kg.cli import answers, completion, output
from kg.cli.options import Data, Endpoint, Format, Language, labelling
from kg.cli.reaching import reached
from kg.client.access import Access
from kg.client.naming import graph_named
from kg.client.verdict import Members
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import Selection
from kg.iris import PREFIXES, compact

_ALL = 10**8
_COLUMNS = ("version", "time", "by", "did", "added", "removed", "source", "reason", "warnings")
_MOST_DEEDS = 3


def log(
    number: Annotated[int, typer.Option("-n", "--number", help="How many.", min=1)] = 50,
    graph: Annotated[
        str | None,
        typer.Option(
            metavar="GRAPH", help="Only commits that changed this graph.", autocompletion=completion.graphs
        ),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Only commits by this author or drafter.")] = None,
    format_name: Format = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """List commits, newest first."""
    access = reached(data, endpoint)
    graph_iri = graph_named(access, graph) if graph else None
    commits = access.commits(graph=graph_iri, by=by, limit=number)
    if commits and not graph and not by and (ahead := _ahead(commits[0])):
        output.print_message(ahead)
    if format_name == "json":
        output.line(json.dumps(commits, ensure_ascii=False, indent=2))
    else:
        answers.show_rows(_COLUMNS, [_row(commit) for commit in commits], format_name)


def show(
    what: Annotated[
        str,
        typer.Argument(
            help="A graph, or a version (v17, 17).",
            metavar="GRAPH|VERSION",
            autocompletion=completion.graphs,
        ),
    ],
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Show a submission or a version.

    Author, time, reason, warnings, later changes, and the facts. The output is TriG with the metadata
    in comments; withdrawn facts are shown too:
    kg show dipid:graph-gestures
    """
    access = reached(data, endpoint)
    version = version_number(what)
    if version is not None:
        commits = [access.commit(version)]
        parts = [(commits[0], graph) for graph in commits[0]["graphs"]]
    else:
        graph = graph_named(access, what)
        commits = access.commits(graph=graph, limit=_ALL)
        parts = [(next(commit for commit in commits if graph in commit["graphs"]), graph)]
    lines = [f"# {line}\n" for commit in reversed(commits) for line in _commit_lines(commit)]
    chunks = _contents(access, parts) if parts or version is None else iter(())
    output.send(lambda file: file.writelines([*(line.encode() for line in lines), *chunks]))


class DiffFormat(StrEnum):
    """Format of differences."""

    TEXT = "text"
    NQUADS = "nquads"


def diff(
    start: Annotated[str, typer.Argument(metavar="FROM", help="A version (v17, 17) or a time.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="A version or a time.")],
    everything: Annotated[bool, typer.Option("--all", help="Include the provenance graph.")] = False,
    format_name: Annotated[
        DiffFormat, typer.Option("--format", "-f", help="Sentences, or quads.")
    ] = DiffFormat.TEXT,
    language: Language = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Show the quads added and removed between two versions.

    As sentences, or as N-Quads with + for added and - for removed quads:
    kg diff v2 v3
    kg diff v2 v3 --format nquads
    """
    access = reached(data, endpoint)
    changes = access.changes(start, end, everything=everything)
    if format_name is DiffFormat.NQUADS:
        lines = [f"- {quad}\n" for quad in changes["removed"]] + [f"+ {quad}\n" for quad in changes["added"]]
        output.send(lambda file: file.writelines(line.encode() for line in lines))
        return
    from kg.client.differences import sentences

    spoken_language = labelling(None, language, "on").language
    with output.working("Reading the names"):
        sentence_list = list(sentences(access, changes, start, end, spoken_language))
    output.line("\n".join(map(output.visible, sentence_list)))


def why(
    what: Annotated[
        list[str], typer.Argument(help="A thing, a triple of Turtle, or several.", metavar="TRIPLE|THING...")
    ],
    format_name: Format = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Show the evidence for a fact.

    For each graph that states it: author, time, source, and the reports and quoted words of that graph:
    kg why 'dipid:tenure-petro dip:heldBy dipid:gustavo-petro'
    kg why "Gustavo Petro"
    kg why dipid:gift-of-the-hat dipid:alteration-of-the-slogan
    """
    access = reached(data, endpoint)
    language = labelling(None, None, "on").language
    facts = _facts(what)
    found = access.why(facts[0], language) if len(facts) == 1 else access.why_all(facts, language)
    if format_name == "json":
        output.line(json.dumps(found, ensure_ascii=False, indent=2))
        return
    if len(facts) == 1:
        rows = [row for graph in found["graphs"] for row in _grounds(graph)]
        answers.show_rows(("rests on", "which", "details"), rows, format_name)
        return
    several = [
        (_short(fact["fact"]), *row)
        for fact in found["facts"]
        for graph in fact["graphs"]
        for row in _grounds(graph)
    ]
    answers.show_rows(("what", "rests on", "which", "details"), several, format_name)


def _facts(what: Sequence[str]) -> Sequence[str]:
    """Return the facts in the arguments; three arguments that form a triple are one fact."""
    properties = PREFIXES.keys() - {"dipid", "dipk"}
    is_triple = len(what) == 3 and (what[1] == "a" or what[1].partition(":")[0] in properties)
    return [" ".join(what)] if is_triple else what


def _ahead(commit: Members) -> str | None:
    """Return a warning if the last commit is later than the clock, which was then set back; else None."""
    ahead = datetime.fromisoformat(commit["time"]) - datetime.now(UTC)
    if ahead <= timedelta(seconds=1):
        return None
    return f"Commit times run ahead of the clock by {timedelta(seconds=int(ahead.total_seconds()))}."


def _row(commit: Members) -> tuple[str, ...]:
    return (
        f"v{commit['version']}",
        commit["time"][:19] + "Z",
        _by(commit["agent"], commit["drafter"]),
        _summed_up(list(_deeds(commit))),
        str(commit["added"]),
        str(commit["removed"]),
        commit["source"] or "",
        commit["reason"] or "",
        str(len(commit["warnings"]) or ""),
    )


def _by(agent: str, drafter: str | None) -> str:
    """Return who made a commit, and who drafted the proposal that it accepted."""
    return f"{agent}, drafted by {drafter}" if drafter else agent


def _summed_up(deeds: Sequence[str]) -> str:
    more = f"; and {len(deeds) - _MOST_DEEDS} more" if len(deeds) > _MOST_DEEDS else ""
    return "; ".join(deeds[:_MOST_DEEDS]) + more


def _deeds(commit: Members) -> Iterator[str]:
    replaced = {pair["supersedes"]: pair["graph"] for pair in commit["superseding"]}
    for graph in commit["graphs"]:
        yield f"wrote {compact(graph)}"
    if not commit["graphs"] and not commit["withdrawn"]:
        yield "edited the default graph"
    for graph in commit["withdrawn"]:
        by = f", superseded by {compact(replaced[graph])}" if graph in replaced else ""
        yield f"withdrew {compact(graph)}{by}"


def _commit_lines(commit: Members) -> Iterator[str]:
    """Yield lines that describe a commit; none contains a line break."""
    source = f", from {commit['source']}" if commit["source"] else ""
    reason = f": {commit['reason']}" if commit["reason"] else ""
    agent = _by(commit["agent"], commit["drafter"])
    heading = f"Version {commit['version']}, {commit['time']}, by {agent}{source}{reason}"
    warnings = [f"  warning: {warning}" for warning in commit["warnings"]]
    hashed = [f"  content hash {commit['hash']}, {commit['software']}"] if commit["hash"] else []
    deeds = [f"  {deed}" for deed in _deeds(commit)]
    yield from (
        " ".join(line.split("\n")).replace("\r", " ") for line in [heading, *deeds, *hashed, *warnings]
    )


def _contents(access: Access, parts: Sequence[tuple[Members, str]]) -> Iterator[bytes]:
    """Yield graphs as TriG, each as its commit left it."""
    by_version: dict[int, list[str]] = {}
    for commit, graph in parts:
        by_version.setdefault(commit["version"], []).append(graph)
    for version, graphs in by_version.items():
        yield from access.export(EXPORT_FORMATS["trig"], Selection(tuple(graphs)), as_of=f"v{version}")


def _grounds(graph: Members) -> Iterator[tuple[str, str, str]]:
    """Yield the grounds of one graph: the commits that wrote it, then its own reports."""
    for commit in graph["commits"]:
        source = f", from {_short(commit['source'])}" if commit["source"] else ""
        reason = f": {commit['reason']}" if commit["reason"] else ""
        curator = _by(commit["curator"], commit["drafter"])
        heading = f"v{commit['version']}, {commit['time'][:19]}Z, by {curator}{source}{reason}"
        yield "graph", compact(graph["graph"]), heading
    for report in graph["reports"]:
        yield "report", compact(report["report"]), _report_line(report)


def _report_line(report: Members) -> str:
    """Describe a report: its record if that is another thing, source, hedge, basis and words."""
    things = {name: thing for name, thing in report.items() if isinstance(thing, dict) and "iri" in thing}
    names = {name: _short(thing["iri"]) for name, thing in things.items()}
    carrier = f"of {names['carrier']}, " if "carrier" in names else ""
    how = ", ".join(names[name] for name in ("hedge", "basis") if name in names)
    citation = f", not read but seen in {names['seen']}" if "seen" in names else ""
    words = f": “{report['passage']['text']}”" if report["passage"] else ""
    return f"{carrier}{names['source']}{citation}{f' ({how})' if how else ''}{words}"


def _short(text: str) -> str:
    """Return an IRI with its prefix; other text unchanged."""
    return compact(text) if re.match(r"https?://|urn:", text) else text
