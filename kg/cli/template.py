"""The command template, which prints the curators' table."""

from typing import Annotated

import typer

from kg.cli import completion, output


def template(
    record: Annotated[
        str | None,
        typer.Argument(
            help="One record (statement, event, gesture, stance ...); left out, all of them.",
            autocompletion=completion.records,
        ),
    ] = None,
    explain: Annotated[
        bool,
        typer.Option(
            "--explain",
            help="Say what each column is for and what each kind is, instead of printing the table.",
        ),
    ] = False,
    empty: Annotated[bool, typer.Option("--empty", help="Leave the example rows out.")] = False,
) -> None:
    """Print the CSV table that curators fill in.

    Its example rows are there to be replaced:
    kg template statement > statements.csv
    """
    from kg.importers import table as table

    if explain:
        output.line(table.explanation(record).rstrip("\n"))
        return
    output.line(table.text(record, has_examples=not empty).rstrip("\n"))
    asked = " ".join(["kg template", *([record] if record else []), "--explain"])
    output.talk(f"Replace the example rows by your own. {asked} says what goes into each column.")
