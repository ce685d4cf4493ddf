"""The commands validate and add."""

import gc
import json
import os
import sys
from collections.abc import Callable, Sequence
from dataclasses import replace
from enum import StrEnum
from typing import Annotated

import typer
from pyoxigraph import NamedNode

from kg.cli import output
from kg.cli.colours import coloured
from kg.cli.options import Data, Endpoint, Facts, FactsFormat, Spoken, SpokenLanguage, documents
from kg.cli.reaching import reached
from kg.client.access import Access, Document, merged
from kg.client.interruption import terminable
from kg.client.naming import graph_named
from kg.client.verdict import Members, Verdict
from kg.errors import Invalid, KGError, Unreadable

_NOTHING_STORED = {"en": "Nothing was stored.", "es": "No se guardó nada."}
Supersedes = Annotated[
    str | None, typer.Option(metavar="GRAPH", help="The graph that these facts correct and replace.")
]


class ReportFormat(StrEnum):
    """Format of a validation report."""

    TEXT = "text"
    JSON = "json"
    TTL = "ttl"


def validate(
    files: Facts,
    format_name: Annotated[
        ReportFormat, typer.Option("--format", "-f", help="Format of the report.")
    ] = ReportFormat.TEXT,
    language: Spoken = SpokenLanguage.EN,
    input_format: FactsFormat = None,
    supersedes: Supersedes = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Say whether facts would be accepted, and if not, why.

    Several files are validated as one submission:
    kg validate new.ttl
    """
    file_documents = documents(files, input_format)
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    try:
        whole = replace(merged(file_documents), supersedes=_superseded(access, supersedes))
        with output.working("Validating"):
            verdict = access.validate(whole)
            report = access.report(whole) if format_name is ReportFormat.TTL else b""
    except KGError as fault:
        fault.detail = fault.in_language(language)
        raise
    if format_name is ReportFormat.TEXT:
        lines = [*verdict.lines(_places(file_documents), language), verdict.summary_in(language)]
        output.line(coloured("\n".join(lines), sys.stdout))
    elif format_name is ReportFormat.JSON:
        output.line(json.dumps(verdict.members, ensure_ascii=False, indent=2))
    else:
        output.send(lambda file: file.writelines([report]))
    raise typer.Exit(0 if verdict.conforms else 1)


def add(
    files: Facts,
    source: Annotated[str | None, typer.Option(help="Source of the facts: an IRI, or words.")] = None,
    by: Annotated[str | None, typer.Option(help="Author of the facts, if not you.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason, in a sentence.")] = None,
    input_format: FactsFormat = None,
    supersedes: Supersedes = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Keep rejected facts to fix them (see kg quarantine).")
    ] = False,
    language: Spoken = SpokenLanguage.EN,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Store facts that conform, all or nothing.

    Several files become one commit. Prints the graphs that hold the facts:
    kg add new.ttl --source https://example.org/article --by 'Ana Ruiz'
    """
    file_documents = documents(files, input_format)
    together = merged(file_documents)
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"), makes=True)
    whole = replace(together, supersedes=_superseded(access, supersedes))
    gc.disable()  # the process ends soon, and garbage collection with many terms takes seconds
    try:
        with output.working("Adding"), terminable():
            verdict = access.add(whole, by=by, source=source, reason=reason, quarantine=quarantine)
    except KeyboardInterrupt:
        output.print_message(f"kg: {access.if_interrupted}")
        raise typer.Exit(output.INTERRUPTED) from None
    except Invalid as refusal:
        verdict = Verdict(refusal.extra)
    except Unreadable as refusal:
        _print_quarantine_name(refusal.extra)
        refusal.detail = refusal.in_language(language)
        raise
    for line in verdict.lines(_places(file_documents), language):
        output.print_message(line)
    if proposal := verdict.proposal:
        output.print_message(f"{verdict.summary} It waits for a curator: kg review show {proposal}.")
        output.line(proposal)
        return
    if not verdict.conforms:
        output.print_message(f"{verdict.summary_in(language)} {_NOTHING_STORED[language]}")
        _print_quarantine_name(verdict.members)
        raise typer.Exit(1)
    output.print_message(
        "The graph holds these facts already." if verdict.is_known else f"Added in version {verdict.version}."
    )
    output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in verdict.graphs))


def _superseded(access: Access, graph: str | None) -> str | None:
    """Return the IRI of the graph to supersede, given its IRI or title."""
    return graph_named(access, graph) if graph else None


def _print_quarantine_name(report: Members) -> None:
    if name := report.get("quarantined"):
        output.print_message(f"Kept in quarantine: kg quarantine show {name}, kg quarantine resubmit {name}.")


def _places(file_documents: Sequence[Document]) -> Callable[[str], str]:
    """Return a function that returns a node's file and line.

    Both are empty if there is only one file, because its messages contain line numbers.
    """
    from kg.facts.submissions import parse

    if len(file_documents) == 1:
        file_documents = ()

    submissions = [(document.name, parse(document.data, document.format)) for document in file_documents]

    def place(focus: str) -> str:
        for name, submission in submissions:
            if line := submission.line_of(NamedNode(focus)):
                return f"{name}:{line}: "
        return ""

    return place
