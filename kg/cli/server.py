"""The commands init, serve, check, verify, backup and restore."""

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from kg.cli import output
from kg.cli.options import Data, Endpoint
from kg.cli.reaching import directory, reached
from kg.errors import NotFound
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.selection import Selection
from kg.formats import RESULT_FORMATS
from kg.settings import Settings


def init(data: Data = None) -> None:
    """Create a data directory with the ontology and the seed graph.

    Does nothing if the directory holds a graph already:
    kg init --data data
    """
    place = directory(data)
    if (place / "store").exists():
        output.print_message(f"{place} holds a graph already.")
        return
    reached(place, makes=True).query("ASK {}", RESULT_FORMATS["json"].media_type).read()


def serve(
    host: Annotated[str | None, typer.Option(help="Address to listen on.", envvar="KG_HOST")] = None,
    port: Annotated[
        int | None, typer.Option(help="Port to listen on; 0 selects a free one.", envvar="KG_PORT")
    ] = None,
    data: Data = None,
    read_only: Annotated[bool, typer.Option("--read-only", help="Refuse all writes.")] = False,
) -> None:
    """Serve the graph over HTTP.

    The first start loads the ontology and the seed graph. A write token is shown if none is set (KG_TOKEN).
    """
    from kg import api

    settings = Settings.from_environment()
    settings = replace(
        settings,
        host=host or settings.host,
        port=settings.port if port is None else port,
        data=directory(data),
    )
    api.serve(settings, read_only=read_only)


def check(data: Data = None, endpoint: Endpoint = None) -> None:
    """Check the whole graph.

    Checks the hygiene of the ontology, the consistency of terms and facts (HermiT), and all shapes on all
    facts. Numbers and times are checked by value; the gate judges their spelling when they are added.
    """
    from kg import ontology
    from kg.gate import checks

    chunks = reached(data, endpoint).export(EXPORT_FORMATS["nquads"], Selection(everything=True))
    found = False
    with output.working("Checking"):
        for result in checks.run(checks.loaded(chunks), ontology.load()):
            found = found or bool(result.faults)
            output.line("\n".join([str(result), *(f"  {fault}" for fault in result.faults)]))
    output.print_message(
        "Literals were checked as the store keeps them: numbers and times by value, not spelling."
    )
    raise typer.Exit(1 if found else 0)


def verify(
    target: Annotated[
        Path | None,
        typer.Argument(metavar="DIR", help="A data directory or a backup; by default the data directory."),
    ] = None,
    data: Data = None,
) -> None:
    """Verify a data directory or a backup.

    Checks each record of the log by its hash, each block of the store's tables, and the store against a
    replay of the log. Prints a line for each fault; the exit code is then 1:
    kg verify backups/2026-02-03
    """
    from kg.store import verification

    place = target or directory(data)
    faults = 0
    for fault in verification.verify(place, output.progress()):
        faults += 1
        output.line(fault)
    if faults:
        raise typer.Exit(1)
    output.print_message(f"{place}: {verification.summary(place)}.")


def backup(
    target: Annotated[Path, typer.Argument(metavar="DIR", help="A directory that does not exist yet.")],
    data: Data = None,
) -> None:
    """Copy the data directory.

    Copies store, log and token hashes; a server may continue to write during the copy:
    kg backup backups/2026-02-03
    """
    from kg.store import backup as backups

    source = directory(data)
    if not (source / "store").exists():
        raise NotFound(f"{source} holds no graph yet, so there is nothing to copy.")
    with output.working(f"Copying to {target}"):
        version = backups.backup(source, target)
    output.print_message(f"Copied version {version} of {source} to {target}.")


def restore(
    source: Annotated[Path, typer.Argument(metavar="DIR", help="A directory made by kg backup.")],
    data: Data = None,
) -> None:
    """Create a data directory from a backup.

    The data directory must not exist yet, or be empty:
    kg restore backups/2026-02-03 --data data
    """
    from kg.store import backup as backups

    target = directory(data)
    with output.working(f"Restoring {target}"):
        version = backups.restore(source, target)
    output.print_message(f"{target} now holds version {version}.")
