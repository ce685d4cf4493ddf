"""The command search."""

import json
from typing import Annotated

import typer

from kg.cli import answers, output
from kg.cli.options import Data, Endpoint, Format, Language, labelling
from kg.cli.reaching import reached
from kg.iris import compact

_COLUMNS = ("name", "type", "description", "iri", "found as")


def search(
    text: Annotated[list[str], typer.Argument(help="A name, the beginning of one, or quoted words.")],
    classes: Annotated[
        list[str] | None,
        typer.Option("--class", "-c", metavar="CLASS", help="Only things of this class; may be repeated."),
    ] = None,
    language: Language = None,
    number: Annotated[int, typer.Option("-n", "--number", help="How many.", min=1, max=100)] = 20,
    format_name: Format = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Find things by name or by quoted words.

    Accents and case are ignored; prefixes match, and typing errors are tolerated:
    kg search gustavo --class Person
    """
    from kg.query.search.search import SearchQuery, read_class

    lang = labelling(None, language, "on").language
    query = SearchQuery(" ".join(text), tuple(map(read_class, classes or [])), lang, number)
    access = reached(data, endpoint)
    with output.working("Searching"):
        found = access.search(query)
    if format_name == "json":
        output.line(json.dumps(found.as_json(), ensure_ascii=False, indent=2))
        return
    rows = [
        (
            hit.label,
            hit.type_label,
            hit.description,
            compact(hit.iri),
            hit.matched.text if hit.matched else "",
        )
        for hit in found.hits
    ]
    answers.show_rows(_COLUMNS, rows, format_name)
    if found.has_more:
        output.print_message(f"There are more: -n {min(100, 2 * number)} shows more of them.")
