"""Options that several commands share, and the labelling and documents that they specify."""

from enum import StrEnum
from os.path import isdir
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import completion, output
from kg.client.access import Document
from kg.client.documents import of_folder
from kg.errors import BadInput
from kg.formats import RDF_FORMATS, RESULT_FORMATS, from_name, from_path
from kg.importers.catalogue import FACTS_FORMATS
from kg.query.job import LABEL_MODES, Labelling, read_language


class SpokenLanguage(StrEnum):
    """Language of verdicts and explanations."""

    EN = "en"
    ES = "es"


Spoken = Annotated[SpokenLanguage, typer.Option("--lang", help="Language of messages.")]
Data = Annotated[
    Path | None,
    typer.Option(help="The data directory.", envvar="KG_DATA", metavar="DIR", show_default="data"),
]
Endpoint = Annotated[
    str | None, typer.Option(help="Address of a server, instead of a data directory.", metavar="URL")
]
Format = Annotated[
    str | None,
    typer.Option(
        "--format",
        "-f",
        metavar="FORMAT",
        help=f"table, {', '.join(RESULT_FORMATS)}; for triples {', '.join(RDF_FORMATS)}."
        " Default: a table on a terminal, tsv or turtle in a pipe.",
        autocompletion=completion.one_of(("table", *RESULT_FORMATS, *RDF_FORMATS)),
    ),
]
Labels = Annotated[
    str | None,
    typer.Option(
        metavar="|".join(LABEL_MODES),
        help="Labels beside the IRIs of rows, instead of them, or none. "
        "Default: beside them in tables and answers of questions.",
        autocompletion=completion.one_of(LABEL_MODES),
    ),
]
Language = Annotated[
    str | None,
    typer.Option("--lang", metavar="TAG", help="Language of labels; by default that of the terminal."),
]
AsOf = Annotated[
    str | None,
    typer.Option(metavar="TIME", help="Answer as of a time (2026-02-03T12:00) or a version (v17, 17)."),
]
Facts = Annotated[
    list[str],
    typer.Argument(
        help="Files of RDF, tables, bundles that kg export wrote, or - for standard input.", metavar="FILE..."
    ),
]
FactsFormat = Annotated[
    str | None, typer.Option("--input-format", help="Format of the files, if the suffix does not show it.")
]


def labelling(labels: str | None, language: str | None, default: str) -> Labelling:
    """Return the labelling for the options. In a pipe the default language is always English."""
    if labels not in (None, *LABEL_MODES):
        raise BadInput(f"--labels must be {', '.join(LABEL_MODES)}, not {labels!r}.")
    of_terminal = output.language() if output.on_terminal() else "en"
    return Labelling(labels or default, read_language(language) if language else of_terminal)


def documents(files: list[str], format_name: str | None) -> list[Document]:
    """Read files of facts. Standard input is TriG, which includes Turtle; a folder is a bundle."""
    facts_format = from_name(format_name, FACTS_FORMATS) if format_name else None
    return [
        of_folder(Path(file))
        if isdir(file)
        else Document(
            output.read(file),
            facts_format or (RDF_FORMATS["trig"] if file == "-" else from_path(file, FACTS_FORMATS)),
            file,
        )
        for file in files
    ]
