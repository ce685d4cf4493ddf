"""The commands query and stats."""

from typing import Annotated

import typer

from kg.cli import answers, output
from kg.cli.options import AsOf, Data, Endpoint, Format, Labels, Language, labelling
from kg.cli.reaching import reached
from kg.errors import BadInput


def query(
    file: Annotated[str | None, typer.Argument(help="A file with a query, or - for standard input.")] = None,
    text: Annotated[
        str | None, typer.Option("-e", "--text", metavar="TEXT", help="The text of the query.")
    ] = None,
    format_name: Format = None,
    labels: Labels = None,
    language: Language = None,
    as_of: AsOf = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Run a SPARQL query.

    The default graph is the merge of all graphs, and our prefixes need not be declared:
    kg query -e 'SELECT ?person WHERE { ?person a dip:Person }'
    """
    if (file is None) == (text is None):
        raise BadInput("Give one query: a file, - for standard input, or -e TEXT.")
    query_text = text if file is None else _decoded(output.read(file), file)
    with output.interruptible():
        access = reached(data, endpoint)
        with output.working("Asking"):
            default = "on" if answers.is_table(format_name) else "off"
            labelling_choice = labelling(labels, language, default)
            answer = access.query(query_text or "", answers.accept(format_name), as_of, labelling_choice)
        answers.show(answer, format_name)


def stats(format_name: Format = None, data: Data = None, endpoint: Endpoint = None) -> None:
    """Count what the graph holds, by layer, class and named graph."""
    from kg.client.statistics import counts

    with output.interruptible():
        access = reached(data, endpoint)
        with output.working("Counting"):
            rows = [(count.of, count.name, str(count.count)) for count in counts(access)]
    answers.show_rows(("of", "name", "count"), rows, format_name)


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 text: byte {error.start} cannot be read.") from None
