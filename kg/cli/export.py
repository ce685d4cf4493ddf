"""The command export."""

from pathlib import Path
from typing import Annotated

import typer

from kg.cli import completion, output
from kg.cli.options import AsOf, Data, Endpoint
from kg.cli.reaching import reached
from kg.client.naming import graph_named, thing_named
from kg.client.progress import counted
from kg.exports import compression
from kg.exports.catalogue import DEFAULT, EXPORT_FORMATS
from kg.exports.compression import COMPRESSIONS
from kg.exports.selection import LAYERS, Selection
from kg.formats import from_name, from_path


def export(
    format_name: Annotated[
        str | None,
        typer.Option(
            "--format",
            "-f",
            metavar="FORMAT",
            help=f"{', '.join(EXPORT_FORMATS)}; by default the suffix of -o decides, else {DEFAULT.name}."
            " These formats keep the graphs apart: "
            f"{', '.join(each.name for each in EXPORT_FORMATS.values() if each.holds_graphs)}.",
            autocompletion=completion.one_of(EXPORT_FORMATS),
        ),
    ] = None,
    graphs: Annotated[
        list[str] | None,
        typer.Option(
            "--graph",
            metavar="IRI",
            help="Only this graph; may be repeated.",
            autocompletion=completion.graphs,
        ),
    ] = None,
    everything: Annotated[
        bool, typer.Option("--all", help="Include terms, kinds, shapes and provenance.")
    ] = False,
    actors: Annotated[
        list[str] | None,
        typer.Option("--actor", metavar="NAME", help="Only records that name this actor; may be repeated."),
    ] = None,
    since: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only records possibly dated on this day or later.")
    ] = None,
    until: Annotated[
        str | None, typer.Option(metavar="DAY", help="Only records possibly dated on this day or before.")
    ] = None,
    layers: Annotated[
        list[str] | None,
        typer.Option(
            "--layer",
            metavar="LAYER",
            help=f"Only records of this layer: {', '.join(LAYERS)}; may be repeated.",
            autocompletion=completion.one_of(LAYERS),
        ),
    ] = None,
    question: Annotated[
        str | None,
        typer.Option(
            metavar="QUESTION", help="Only the answer of this question: 'offices-of-a-person?person=dipid:x'."
        ),
    ] = None,
    target: Annotated[
        Path | None,
        typer.Option(
            "-o",
            "--output",
            metavar="FILE",
            help="Output file, written completely or not at all; .gz or .zst compresses it.",
        ),
    ] = None,
    packing: Annotated[
        str | None,
        typer.Option(
            "--compression",
            metavar="NAME",
            help=f"{' or '.join(COMPRESSIONS)}, if the file's name does not say so.",
            autocompletion=completion.one_of(COMPRESSIONS),
        ),
    ] = None,
    as_of: AsOf = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Write graphs to a file or standard output.

    kg export --format turtle -o diplomacy.ttl
    kg export --actor "Gustavo Petro" --since 2025-01 -o petro.nq.gz
    """
    file = target if target is not None and str(target) != "-" else None
    unpacked, packed = compression.of_path(file) if file else (None, None)
    if packing:
        packed = compression.from_name(packing)
    named_format = from_name(format_name, EXPORT_FORMATS) if format_name else None
    export_format = named_format or (from_path(unpacked, EXPORT_FORMATS) if unpacked else DEFAULT)
    access = reached(data, endpoint)
    selection = Selection(
        tuple(graph_named(access, graph) for graph in graphs or []),
        everything,
        tuple(thing_named(access, actor, "Actor") for actor in actors or []),
        since,
        until,
        tuple(layers or ()),
        question,
    )
    chunks = access.export(export_format, selection, as_of=as_of)
    chunks = packed.compressed(chunks) if packed else chunks
    if file:
        with output.working(f"Writing {file}"):
            output.write_file(file, counted(chunks, f"Writing {file}"))
    else:
        output.send(
            lambda stream: stream.writelines(chunks), is_text=packed is None and not export_format.is_binary
        )
