"""The commands source add, list and remove: full texts of sources, kept privately beside the store."""

import os
from typing import Annotated

import typer

from kg.cli import answers, output
from kg.cli.options import Data, Endpoint, Format
from kg.cli.reaching import reached
from kg.client.access import text_named
from kg.client.verdict import Members
from kg.gate.reports import in_language
from kg.iris import compact

app = typer.Typer(
    help="Store texts of sources privately, to check passages.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def add(
    file: Annotated[str, typer.Argument(help="A text in UTF-8, or - for standard input.", metavar="FILE")],
    by: Annotated[str | None, typer.Option(help="Author of the addition, if not you.")] = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Store a text, and print its hash.

    Write the hash as dip:textHash of the source, or in a table as text_hash. Passages of a source with
    this hash get their offsets, and are rejected if the text lacks them. The exit code is 1 if the graph
    has a passage that the text lacks. The text itself is never returned.

    kg source add article.txt
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    with output.working("Adding"):
        note = access.add_source(output.read(file), by=by)
    for each in note["violations"]:
        output.print_message(f"error: {in_language(each['sentence'], 'en')}")
    outcome = "Kept" if note["new"] else "Kept before"
    output.print_message(
        f"{outcome}: {note['length']} characters, of {_sources(note) or 'no source in the graph'}."
    )
    if note["passages"]:
        output.print_message(
            f"{note['passages']} passages quote it, {len(note['violations'])} of them not found at their "
            "place."
        )
    output.line(note["hash"])
    raise typer.Exit(1 if note["violations"] else 0)


@app.command("list")
def show(format_name: Format = None, data: Data = None, endpoint: Endpoint = None) -> None:
    """List the stored texts, with the sources that have their hashes."""
    texts = reached(data, endpoint, os.environ.get("KG_TOKEN")).sources()
    rows = [
        (each["hash"], str(each["length"]), f"{each['since'][:19]}Z", each["by"], _sources(each))
        for each in texts
    ]
    answers.show_rows(("hash", "length", "since", "by", "sources"), rows, format_name)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="The hash, its beginning, or a source with this hash.")],
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Remove a stored text.

    Passages, and the hash in the graph, are not changed.
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    digest = text_named(access.sources(), name)
    access.remove_source(digest)
    output.print_message(f"The text {digest} is no longer stored.")


def _sources(note: Members) -> str:
    return ", ".join(map(compact, note["sources"]))
