"""The command load."""

import os
import shutil
import sys
from collections.abc import Sequence
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import Data, Endpoint, FactsFormat
from kg.cli.reaching import reached
from kg.client.interruption import terminable
from kg.client.verdict import Members, Verdict
from kg.errors import BadInput, Invalid
from kg.facts.loads.files import LoadFile
from kg.facts.loads.source import Progress
from kg.formats import RDF_FORMATS, from_name

Files = Annotated[
    list[str],
    typer.Argument(help="Files of RDF, plain, .gz or .zst, or - for standard input.", metavar="FILE..."),
]


def load(
    files: Files,
    graph: Annotated[
        str | None,
        typer.Option(metavar="IRI", help="The graph for triples that the files do not put into a graph."),
    ] = None,
    each: Annotated[bool, typer.Option("--each", help="Commit each file separately.")] = False,
    source: Annotated[str | None, typer.Option(help="Source of the facts: an IRI, or words.")] = None,
    by: Annotated[str | None, typer.Option(help="Author of the facts, if not you.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason, in a sentence.")] = None,
    input_format: FactsFormat = None,
    data: Data = None,
    endpoint: Endpoint = None,
) -> None:
    """Load files of any size, all or nothing, as one commit.

    The gate judges them as in kg add, in bounded memory. Loading the same file again adds nothing:
    kg load dump.nq.zst more.ttl.gz --source https://example.org/dumps
    """
    with TemporaryDirectory(prefix="kg-load-") as folder:
        load_files = [_file(name, input_format, Path(folder)) for name in files]
        access = reached(data, endpoint, os.environ.get("KG_TOKEN"), makes=True)
        for some in [[file] for file in load_files] if each else [load_files]:
            try:
                with terminable():
                    result = access.load(
                        some, graph=graph, by=by, source=source, reason=reason, progress=_shown(some)
                    )
            except KeyboardInterrupt:
                output.print_message(f"kg: {access.if_interrupted}")
                raise typer.Exit(output.INTERRUPTED) from None
            except Invalid as refusal:
                _refuse(refusal)
            _print_outcome(result)


def _file(name: str, format_name: str | None, folder: Path) -> LoadFile:
    """Return the load file of a name; standard input is copied to a folder, because it is read twice."""
    rdf_format = from_name(format_name, RDF_FORMATS) if format_name else None
    if name != "-":
        if not Path(name).is_file():
            raise BadInput(f"{name} cannot be read: there is no such file.")
        return LoadFile.named(Path(name), rdf_format)
    copy = folder / "stdin"
    with copy.open("wb") as file:
        shutil.copyfileobj(sys.stdin.buffer, file)
    return LoadFile(copy, rdf_format or RDF_FORMATS["nquads"], "standard input")


def _refuse(refusal: Invalid) -> None:
    verdict = Verdict(refusal.extra)
    for line in verdict.lines():
        output.print_message(line)
    output.print_message(f"{verdict.summary} Nothing was stored.")
    raise typer.Exit(1)


def _print_outcome(outcome: Members) -> None:
    for name in outcome["known"]:
        output.print_message(f"The graph holds {name} already.")
    if outcome["version"] is None:
        return
    for warning in outcome["warnings"]:
        output.print_message(f"Warning: {warning}")
    seconds = max(outcome["seconds"], 0.001)
    output.print_message(
        f"Loaded {outcome['quads']:,} triples in version {outcome['version']}, in {_duration(seconds)}"
        f" ({outcome['quads'] / seconds:,.0f} a second)."
    )
    output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in outcome["graphs"]))


def _shown(files: Sequence[LoadFile]) -> Progress:
    """Return a function that shows a load's progress on a terminal: triples, rate and remaining time."""
    show, start, size = output.progress(), monotonic(), sum(file.size for file in files)

    def shown(step: str, done: int, _whole: int | None) -> None:
        passed = monotonic() - start
        share = sum(file.read for file in files) / size if size else 1.0
        time_left = f", {_duration(passed / share - passed)} left" if step == "loading" and share else ""
        show(f"{step.capitalize()}: {done:,} triples, {done / max(passed, 0.001):,.0f} a second{time_left}")

    return shown


def _duration(seconds: float) -> str:
    """Format a duration.

    >>> _duration(5.2), _duration(125)
    ('5.2 s', '2 min 5 s')
    """
    return f"{seconds:.1f} s" if seconds < 60 else f"{int(seconds) // 60} min {int(seconds) % 60} s"
