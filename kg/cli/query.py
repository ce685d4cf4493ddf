"""The commands query, ask and stats."""

import signal
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Annotated

import typer

from kg.cli import answers, output
from kg.cli.options import AsOf, Data, Endpoint, Format, Labels, Language, labelling, reached
from kg.errors import BadInput


def _question_names(begun: str) -> list[str]:
    """Complete the name of a question in a shell."""
    from kg.query import questions

    return [name for name in questions.load() if name.startswith(begun)]


def query(
    file: Annotated[str | None, typer.Argument(help="A file with a query, or - for standard input.")] = None,
    text: Annotated[
        str | None, typer.Option("-e", "--text", metavar="TEXT", help="The query itself.")
    ] = None,
    format_name: Format = None,
    labels: Labels = None,
    language: Language = None,
    as_of: AsOf = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Ask a SPARQL query.

    The default graph is the merge of all graphs, and our prefixes need not be declared:
    kg query -e 'SELECT ?person WHERE { ?person a dip:Person }'
    """
    if (file is None) == (text is None):
        raise BadInput("Give one query: a file, - for standard input, or -e TEXT.")
    asked = text if file is None else _decoded(output.read(file), file)
    with _interruptible():
        access = reached(data, endpoint)
        with output.working("Asking"):
            default = "on" if answers.is_table(format_name) else "off"
            named = labelling(labels, language, default)
            answer = access.query(asked or "", answers.accept(format_name), as_of, named)
        answers.show(answer, format_name)


def ask(
    name: Annotated[
        str | None,
        typer.Argument(help="A saved question; without one, all are listed.", autocompletion=_question_names),
    ] = None,
    params: Annotated[
        list[str] | None,
        typer.Option("-p", "--param", metavar="NAME=VALUE", help="A parameter; may be repeated."),
    ] = None,
    format_name: Format = None,
    labels: Labels = None,
    language: Language = None,
    as_of: AsOf = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Ask a saved question, or list them all.

    kg ask claims-about-an-actor -p actor=dipid:united-states
    """
    with _interruptible():
        access = reached(data, endpoint)
        if name is None:
            rows = sorted((name, question.question) for name, question in access.questions().items())
            answers.show_rows(("name", "question"), rows, format_name)
        else:
            with output.working("Asking"):
                named = labelling(labels, language, "on")
                answer = access.ask(name, _values(params or []), answers.accept(format_name), as_of, named)
            answers.show(answer, format_name)


def stats(format_name: Format = None, data: Data = None, endpoint: Endpoint = None) -> None:
    """Count what the graph holds, by layer, class and named graph."""
    from kg.client.statistics import counts

    with _interruptible():
        access = reached(data, endpoint)
        with output.working("Counting"):
            rows = [(count.of, count.name, str(count.count)) for count in counts(access)]
    answers.show_rows(("of", "name", "count"), rows, format_name)


def _values(params: Sequence[str]) -> dict[str, str]:
    """Read ``name=value`` parameters."""
    values: dict[str, str] = {}
    for param in params:
        name, sign, value = param.partition("=")
        if not sign or not name:
            raise BadInput(f"A parameter reads name=value, not {param!r}.")
        if name in values:
            raise BadInput(f"The parameter {name!r} is given twice.")
        values[name] = value
    return values


def _decoded(data: bytes, file: str) -> str:
    try:
        return data.decode()
    except UnicodeDecodeError as error:
        raise BadInput(f"{file} is not UTF-8 text: byte {error.start} cannot be read.") from None


@contextmanager
def _interruptible() -> Iterator[None]:
    """Let Ctrl-C end the program at once: the engine looks up only when its answer is complete."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)
