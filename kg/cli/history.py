"""The commands log, show, diff and why."""

import json
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from typing import Annotated

import pyoxigraph
import typer
from pyoxigraph import NamedNode, RdfFormat, Triple

from kg.changes import version_number
from kg.cli import answers, completion, output
from kg.cli.options import Data, Endpoint, Format, Language, labelling
from kg.cli.reaching import reached
from kg.client.access import Access, result_of
from kg.client.verdict import Members
from kg.errors import BadInput, NotFound
from kg.exports.catalogue import EXPORT_FORMATS
from kg.iris import PREFIXES, PROVENANCE_GRAPH, compact, read_iri
from kg.query.reports import pattern

_ALL = 10**8
_COLUMNS = ("version", "time", "by", "did", "added", "removed", "source", "reason", "warnings")
_MOST_DEEDS = 3
_SAID = "{{ {0} ?property ?value }} UNION {{ ?report dip:reports {0} }}"
_FACT = f"""SELECT DISTINCT ?graph ?commit ?time ?by ?source ?reason WHERE {{
  GRAPH ?graph {{ %s }} FILTER (?graph != <{PROVENANCE_GRAPH}>)
  GRAPH <{PROVENANCE_GRAPH}> {{
    ?graph prov:wasGeneratedBy/dip:version ?commit .
    ?made dip:version ?commit ; prov:endedAtTime ?time ; prov:wasAssociatedWith/rdfs:label ?by .
    OPTIONAL {{ ?made dip:reason ?reason }} OPTIONAL {{ ?made prov:used|dcterms:source ?source }}
  }}
}} ORDER BY ?commit ?graph ?by"""
_REPORTS = """SELECT DISTINCT ?graph ?report ?carrier ?source ?seen ?hedge ?basis ?words WHERE {
  %s
  OPTIONAL { ?report dip:seenIn ?seen }
  OPTIONAL { ?report dip:hedgedAs ?hedge } OPTIONAL { ?report dip:basedOn ?basis }
  OPTIONAL { ?report dip:quotes/dip:exactText ?words }
} ORDER BY ?report ?carrier ?source ?words"""


def log(
    number: Annotated[int, typer.Option("-n", "--number", help="How many.", min=1)] = 50,
    graph: Annotated[
        str | None,
        typer.Option(
            metavar="GRAPH", help="Only what became of this graph.", autocompletion=completion.graphs
        ),
    ] = None,
    format_name: Format = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """List what was done to the graph, newest first."""
    access = reached(data, endpoint)
    commits = access.commits(graph=read_iri(graph).value if graph else None, limit=number)
    if commits and not graph and (ahead := _ahead(commits[0])):
        output.talk(ahead)
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

    By whom, when, why, what was warned of, what became of it, and its facts. It is TriG, what is told of it
    in comments; what was withdrawn is shown as it was:
    kg show dipid:graph-gestures
    """
    access = reached(data, endpoint)
    version = version_number(what)
    commits = (
        [access.commit(version)]
        if version is not None
        else access.commits(graph=read_iri(what).value, limit=_ALL)
    )
    lines = [f"# {line}\n" for commit in reversed(commits) for line in _told(commit)]
    parts = [(commits[0], graph) for graph in commits[0]["graphs"]] if version is not None else []
    if version is None:
        writer = next(commit for commit in commits if read_iri(what).value in commit["graphs"])
        parts = [(writer, read_iri(what).value)]
    chunks = _contents(access, parts) if parts or version is None else iter(())
    output.send(lambda file: file.writelines([*(line.encode() for line in lines), *chunks]))


class DiffFormat(StrEnum):
    """How differences are written."""

    TEXT = "text"
    NQUADS = "nquads"


def diff(
    start: Annotated[str, typer.Argument(metavar="FROM", help="A version (v17, 17) or a time.")],
    end: Annotated[str, typer.Argument(metavar="TO", help="A version or a time.")],
    everything: Annotated[bool, typer.Option("--all", help="In the provenance graph too.")] = False,
    format_name: Annotated[
        DiffFormat, typer.Option("--format", "-f", help="Sentences, or the quads.")
    ] = DiffFormat.TEXT,
    language: Language = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Show what came and went between two versions.

    In sentences, or as N-Quads with + before what came and - before what went:
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

    named = labelling(None, language, "on").language
    with output.working("Reading the names"):
        told = list(sentences(access, changes, start, end, named))
    output.line("\n".join(map(output.visible, told)))


def why(
    what: Annotated[str, typer.Argument(help="A thing, or a triple of Turtle.", metavar="TRIPLE|IRI")],
    format_name: Format = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Show what a fact rests on.

    Each graph that says it: who stated it when, from which source, and the graph's own reports and words:
    kg why 'dipid:tenure-petro dip:heldBy dipid:gustavo-petro'
    kg why dipid:tenure-petro
    """
    triple = _triple(what)
    access = reached(data, endpoint)
    subject = triple.subject if triple else read_iri(what)
    said = " ".join(map(str, triple)) if triple else _SAID.format(subject)
    stated = list(_rows(access, _FACT % said))
    if not stated:  # what nobody states rests on nothing, whatever is reported of its subject
        raise NotFound(f"Nothing in the graph says {what}; kg log tells what was withdrawn.")
    reporting = list(_rows(access, _REPORTS % pattern(str(subject))))
    rows = [row for graph in _by_graph(stated) for row in _grounds(graph, reporting)]
    answers.show_rows(("rests on", "which", "details"), rows, format_name)


def _ahead(commit: Members) -> str | None:
    """Say by how much the time of the last commit is ahead of the clock, which then was set back."""
    ahead = datetime.fromisoformat(commit["time"]) - datetime.now(UTC)
    if ahead <= timedelta(seconds=1):
        return None
    return f"Commit times run ahead of the clock by {timedelta(seconds=int(ahead.total_seconds()))}."


def _row(commit: Members) -> tuple[str, ...]:
    return (
        f"v{commit['version']}",
        commit["time"][:19] + "Z",
        commit["agent"],
        _summed_up(list(_deeds(commit))),
        str(commit["added"]),
        str(commit["removed"]),
        commit["source"] or "",
        commit["reason"] or "",
        str(len(commit["warnings"]) or ""),
    )


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


def _told(commit: Members) -> Iterator[str]:
    """Describe a commit in lines that contain no line ends."""
    source = f", from {commit['source']}" if commit["source"] else ""
    reason = f": {commit['reason']}" if commit["reason"] else ""
    begun = f"Version {commit['version']}, {commit['time']}, by {commit['agent']}{source}{reason}"
    warnings = [f"  warning: {warning}" for warning in commit["warnings"]]
    hashed = [f"  content hash {commit['hash']}, {commit['software']}"] if commit["hash"] else []
    deeds = [f"  {deed}" for deed in _deeds(commit)]
    yield from (" ".join(line.split("\n")).replace("\r", " ") for line in [begun, *deeds, *hashed, *warnings])


def _contents(access: Access, parts: Sequence[tuple[Members, str]]) -> Iterator[bytes]:
    """Write graphs as the commits that wrote them left them."""
    by_version: dict[int, list[str]] = {}
    for commit, graph in parts:
        by_version.setdefault(commit["version"], []).append(graph)
    for version, graphs in by_version.items():
        yield from access.export(EXPORT_FORMATS["trig"], graphs, everything=False, as_of=f"v{version}")


def _by_graph(stated: Iterable[dict[str, str]]) -> Iterator[list[dict[str, str]]]:
    """Yield the rows of each graph together, the graphs in the order of their first rows."""
    found: dict[str, list[dict[str, str]]] = {}
    for row in stated:
        found.setdefault(row["graph"], []).append(row)
    yield from found.values()


def _grounds(
    stated: Sequence[dict[str, str]], reporting: Iterable[dict[str, str]]
) -> Iterator[tuple[str, str, str]]:
    """Yield what one graph rests on: the commits that wrote it, then its own reports."""
    for row in stated:
        source = f", from {row['source']}" if row["source"] else ""
        reason = f": {row['reason']}" if row["reason"] else ""
        yield "graph", row["graph"], f"v{row['commit']}, {row['time'][:19]}Z, by {row['by']}{source}{reason}"
    for row in reporting:
        if row["graph"] == stated[0]["graph"]:
            yield "report", row["report"], _told_by(row)


def _told_by(row: dict[str, str]) -> str:
    """Describe a report: its record if that is not the thing itself, source, hedge, basis and words."""
    carrier = f"of {row['carrier']}, " if row["carrier"] else ""
    how = ", ".join(row[name] for name in ("hedge", "basis") if row[name])
    seen = f", not read but seen in {row['seen']}" if row["seen"] else ""
    words = f": “{row['words']}”" if row["words"] else ""
    return f"{carrier}{row['source']}{seen}{f' ({how})' if how else ''}{words}"


def _rows(access: Access, text: str) -> Iterator[dict[str, str]]:
    from kg.client.results import ACCEPT

    for row in result_of(access.query(text, ACCEPT)).terms():
        yield {name: _plain(term) for name, term in row.items()}


def _plain(term: object) -> str:
    if isinstance(term, NamedNode):
        return compact(term.value)
    return "" if term is None else str(getattr(term, "value", term))


def _triple(what: str) -> Triple | None:
    """Parse a triple in Turtle with the usual prefixes; None if the text is a single name."""
    if not any(letter.isspace() for letter in what.strip()):
        return None
    header = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in PREFIXES.items())
    text = f"{header}{what.strip().removesuffix('.')} ."
    try:
        (quad,) = pyoxigraph.parse(text.encode(), format=RdfFormat.TURTLE)
    except (SyntaxError, ValueError):
        raise BadInput(f"A triple reads dipid:a dip:b dipid:c, as in Turtle, not {what!r}.") from None
    triple: Triple = quad.triple
    return triple
