"""The command ask: answers saved questions, lists them, and shows the help of each."""

from collections.abc import Iterator, Sequence
from shlex import quote
from typing import TYPE_CHECKING, Annotated

import typer

from kg.cli import answers, completion, output
from kg.cli.options import AsOf, Data, Endpoint, Format, Labels, Language, labelling
from kg.cli.reaching import known_questions, reached
from kg.errors import BadInput

if TYPE_CHECKING:
    from kg.query.questions import Question


def ask(
    context: typer.Context,
    name: Annotated[
        str | None,
        typer.Argument(
            help="A saved question; without one, all are listed.", autocompletion=completion.question_names
        ),
    ] = None,
    params: Annotated[
        list[str] | None,
        typer.Option(
            "-p",
            "--param",
            metavar="NAME=VALUE",
            help="A parameter; may be repeated.",
            autocompletion=completion.parameters,
        ),
    ] = None,
    format_name: Format = None,
    labels: Labels = None,
    language: Language = None,
    as_of: AsOf = None,
    data: Data = None,
    endpoint: Endpoint = None,
    wants_help: Annotated[
        bool, typer.Option("--help", "-h", help="Show this help, or that of a question.")
    ] = False,
) -> None:
    """Answer a saved question, or list all with their parameters.

    kg ask claims-about-an-actor --help
    kg ask claims-about-an-actor -p actor="United States"
    """
    if wants_help and name is None:
        output.line(context.get_help())
        return
    with output.interruptible():
        if name is None or wants_help:
            saved_questions = known_questions(data, endpoint)
            if name is None:
                rows = [(each.name, each.question, _parameters(each)) for each in saved_questions.values()]
                answers.show_rows(("name", "question", "parameters"), sorted(rows), format_name)
            else:
                from kg.query import questions

                output.line("\n".join(help_lines(questions.find(name, saved_questions))))
            return
        access = reached(data, endpoint)
        with output.working("Asking"):
            labelling_choice = labelling(labels, language, "on")
            answer = access.ask(
                name, _values(params or []), answers.accept(format_name), as_of, labelling_choice
            )
        answers.show(answer, format_name)


def help_lines(question: "Question") -> Iterator[str]:
    """Yield help on a question: its sentence, parameters and result, with an example that can be copied."""
    yield question.question
    yield f"Returns {question.returns}."
    if question.params:
        yield ""
        yield "Parameters:"
        width = max(len(each.name) for each in question.params)
        for each in question.params:
            default = f"; left out, {each.default}" if each.default is not None else ""
            yield f"  {each.name:{width}}  {each.asked_for}, such as {each.example}{default} ({each.type})"
    yield ""
    values = "".join(f" -p {each.name}={quote(each.example)}" for each in question.params)
    yield f"kg ask {question.name}{values}"


def _parameters(question: "Question") -> str:
    """List the parameters of a question, optional ones in brackets."""
    return ", ".join(each.name if each.default is None else f"[{each.name}]" for each in question.params)


def _values(params: Sequence[str]) -> dict[str, str]:
    """Parse ``name=value`` parameters."""
    values: dict[str, str] = {}
    for param in params:
        name, sign, value = param.partition("=")
        if not sign or not name:
            raise BadInput(f"A parameter is written name=value, not {param!r}.")
        if name in values:
            raise BadInput(f"The parameter {name!r} is given twice.")
        values[name] = value
    return values
