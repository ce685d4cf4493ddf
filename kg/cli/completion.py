"""Shell completion: formats, graphs, records of the table, questions and their parameters.

A shell completes at every Tab, so these functions print nothing and create nothing: without a graph, they
return no completions.
"""

from collections.abc import Callable, Iterable
from contextlib import suppress
from pathlib import Path

import typer

from kg.cli.reaching import known_questions, reached
from kg.errors import KGError
from kg.iris import DATA, compact


def one_of(words: Iterable[str]) -> Callable[[str], list[str]]:
    """Return a function that completes one of the words."""

    def complete(begun: str) -> list[str]:
        return [word for word in words if word.startswith(begun)]

    return complete


def question_names(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete the name of a saved question, with its sentence."""
    with suppress(KGError, OSError):
        questions = known_questions(_data(context), context.params.get("endpoint"))
        return [(name, each.question) for name, each in questions.items() if name.startswith(incomplete)]
    return []


def parameters(context: typer.Context, incomplete: str) -> list[tuple[str, str]]:
    """Complete a parameter of the question on the command line, with its meaning and an example."""
    with suppress(KGError, OSError):
        questions = known_questions(_data(context), context.params.get("endpoint"))
        words = (context.params.get("name") or "", *context.args)  # a "-p" without a value leaves all in args
        question = next((questions[word] for word in words if word in questions), None)
        return [
            (f"{each.name}=", f"{each.asked_for}, such as {each.example}")
            for each in (question.params if question else ())
            if f"{each.name}=".startswith(incomplete)
        ]
    return []


def graphs(context: typer.Context, incomplete: str) -> list[str]:
    """Complete the name of a graph; those in our data lose their prefix: shells split words at colons."""
    from kg.client.access import result_of
    from kg.client.results import ACCEPT

    with suppress(KGError, OSError):
        access = reached(_data(context), context.params.get("endpoint"))
        rows = result_of(access.query("SELECT ?graph { GRAPH ?graph {} } ORDER BY ?graph", ACCEPT)).rows()
        iris = (str(row["graph"]) for row in rows)
        names = (iri.removeprefix(DATA) if iri.startswith(DATA) else compact(iri) for iri in iris)
        return [name for name in names if name.startswith(incomplete)]
    return []


def records(incomplete: str) -> list[str]:
    """Complete the name of a record of the curators' table."""
    from kg.importers.table.records import RECORDS

    return [name for name in RECORDS if name.startswith(incomplete)]


def _data(context: typer.Context) -> Path | None:
    data = context.params.get("data")
    return Path(data) if data else None
