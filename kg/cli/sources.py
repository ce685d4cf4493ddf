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
    help="Keep texts of sources privately, to check passages.",
    no_args_is_help=True,
    context_settings={"help_option_names": ["-h", "--help"]},
)


@app.command()
def add(
    file: Annotated[str, typer.Argument(help="A text in UTF-8, or - for standard input.", metavar="FILE")],
    by: Annotated[str | None, typer.Option(help="Who adds it, if that is not you.")] = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Keep a text, and print its hash.

    The hash is to be the dip:textHash of the source, or in a table its text_hash. Passages of a source with
    this hash get their offsets, and are refused if they do not stand in the text. Exit code 1 if the graph
    has a passage that does not. The text itself is never given again.

    kg source add article.txt
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    with output.working("Adding"):
        told = access.add_source(output.read(file), by=by)
    for each in told["violations"]:
        output.talk(f"error: {in_language(each['sentence'], 'en')}")
    begun = "Kept" if told["new"] else "Kept before"
    output.talk(f"{begun}: {told['length']} characters, of {_sources(told) or 'no source in the graph yet'}.")
    if told["passages"]:
        output.talk(f"{told['passages']} passages of it, {len(told['violations'])} not where they should be.")
    output.line(told["hash"])
    raise typer.Exit(1 if told["violations"] else 0)


@app.command("list")
def show(format_name: Format = None, data: Data = None, endpoint: Endpoint = None) -> None:
    """List the kept texts, with the sources that have their hashes."""
    texts = reached(data, endpoint, os.environ.get("KG_TOKEN")).sources()
    rows = [
        (each["hash"], str(each["length"]), f"{each['since'][:19]}Z", each["by"], _sources(each))
        for each in texts
    ]
    answers.show_rows(("hash", "length", "since", "by", "sources"), rows, format_name)


@app.command()
def remove(
    name: Annotated[str, typer.Argument(help="Its hash, the beginning of it, or a source that has it.")],
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Remove a kept text.

    Passages, and the hash in the graph, stay as they are.
    """
    access = reached(data, endpoint, os.environ.get("KG_TOKEN"))
    digest = text_named(access.sources(), name)
    access.remove_source(digest)
    output.talk(f"The text {digest} is kept no longer.")


def _sources(told: Members) -> str:
    return ", ".join(map(compact, told["sources"]))
