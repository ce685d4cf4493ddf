"""The command import."""

import getpass
import os
import sys
from collections.abc import Sequence
from contextlib import ExitStack
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path
from tempfile import TemporaryDirectory
from time import monotonic
from typing import IO, TYPE_CHECKING, Annotated

import typer

from kg.cli import output
from kg.cli.options import Data
from kg.cli.reaching import directory, reached
from kg.client.interruption import terminable
from kg.client.verdict import Members, Verdict
from kg.errors import BadInput, Invalid
from kg.store.server_file import find_server

if TYPE_CHECKING:
    from kg.importers.events.imports import FileImport, RefusedRows


class DataSetName(StrEnum):
    """An event data set."""

    GDELT = "gdelt"
    ICEWS = "icews"
    POLECAT = "polecat"
    PLOVER = "plover"
    ACLED = "acled"


@dataclass(frozen=True)
class ImportOutcome:
    """Outcome of an import: the last version, the files already known, and totals for the others."""

    version: int | None = None
    known: tuple[str, ...] = ()
    graphs: tuple[str, ...] = ()
    quads: int = 0
    warnings: tuple[str, ...] = ()

    def with_load(self, result: Members) -> "ImportOutcome":
        """Return this outcome combined with a server's result of one load."""
        return ImportOutcome(
            result["version"] or self.version,
            (*self.known, *result["known"]),
            (*self.graphs, *result["graphs"]),
            self.quads + result["quads"],
            (*self.warnings, *result["warnings"]),
        )


def import_(
    data_set: Annotated[DataSetName, typer.Argument(help="The data set that the files come from.")],
    files: Annotated[list[Path], typer.Argument(help="Files, plain, .gz or .zip.", metavar="FILE...")],
    actors: Annotated[
        Path | None, typer.Option(metavar="FILE", help="Your own table of actors, in addition to that of kg.")
    ] = None,
    quarantine: Annotated[
        Path, typer.Option(metavar="FILE", help="File for rejected rows, with line and reason.")
    ] = Path("quarantine.csv"),
    out: Annotated[
        Path | None,
        typer.Option("--output", "-o", metavar="FILE", help="Write N-Quads for kg load, and store nothing."),
    ] = None,
    by: Annotated[str | None, typer.Option(help="Author of the import, if not you.")] = None,
    reason: Annotated[str | None, typer.Option(help="Reason, in a sentence.")] = None,
    data: Data = None,
) -> None:
    """Import rows of event data: what their coder claims.

    Each file becomes a graph. Importing the same file again adds nothing; kg undo withdraws an import:
    kg import gdelt 20191024143000.export.CSV
    """
    from kg.importers.events.imports import RefusedRows

    with RefusedRows(quarantine) as refused_rows:
        imports = _given(files, data_set, actors, refused_rows)
        start = monotonic()
        try:
            with terminable():
                outcome = _written(imports, out) if out else _stored(imports, by, reason, data)
        except Invalid as refusal:
            _refuse(refusal)
        except KeyboardInterrupt:
            output.print_message("kg: interrupted; nothing was stored.")
            raise typer.Exit(output.INTERRUPTED) from None
    _print_outcome(imports, outcome, monotonic() - start, refused_rows)


def _given(
    files: Sequence[Path], data_set: DataSetName, table: Path | None, refused_rows: "RefusedRows"
) -> "list[FileImport]":
    from kg.importers.events.actors import read
    from kg.importers.events.datasets import DATA_SETS
    from kg.importers.events.imports import FileImport

    for file in files:
        if not file.is_file():
            raise BadInput(f"{file} cannot be read: there is no such file.")
    reviewed = read(table)
    imports = {
        each.key: each for each in (FileImport(f, DATA_SETS[data_set], reviewed, refused_rows) for f in files)
    }
    return list(imports.values())  # a repeated file counts once


def _stored(
    imports: "Sequence[FileImport]", by: str | None, reason: str | None, data: Path | None
) -> ImportOutcome:
    """Load the files as one commit, or through the server that has the directory open."""
    from kg.changes import Provenance
    from kg.facts.loads.load import load
    from kg.facts.releases import open_store

    place = directory(data)
    if find_server(place):
        return _sent(imports, by, reason, place)
    provenance = Provenance(by or getpass.getuser(), _source(imports), reason, is_admin=True)
    with output.working("Importing"), open_store(place) as store:
        loaded = load(store, [file.source() for file in imports], provenance)
    version = loaded.commit.version if loaded.commit else None
    warnings = tuple(sorted({each.sentence() for each in loaded.report.warnings}))
    return ImportOutcome(version, loaded.known, loaded.graphs, loaded.quads, warnings)


def _sent(imports: "Sequence[FileImport]", by: str | None, reason: str | None, place: Path) -> ImportOutcome:
    """Load each file as one commit through a server."""
    from kg.facts.loads.files import LoadFile
    from kg.facts.loads.source import unheard

    outcome = ImportOutcome()
    access = reached(place, None, os.environ.get("KG_TOKEN"))
    with output.working("Importing"), TemporaryDirectory(prefix="kg-import-") as folder:
        for file in imports:
            path = Path(folder) / "rows.nq"
            _written([file], path)
            load_file = LoadFile.named(path, name=file.name)
            result = access.load([load_file], by=by, source=_source([file]), reason=reason, progress=unheard)
            outcome = outcome.with_load(result)
    return outcome


def _source(imports: "Sequence[FileImport]") -> str:
    return f"{imports[0].data_set.coder}: {', '.join(file.name for file in imports)}"


def _written(imports: "Sequence[FileImport]", path: Path) -> ImportOutcome:
    """Write the triples of a load as N-Quads."""
    with ExitStack() as stack:
        file: IO[bytes] = sys.stdout.buffer if _is_stdout(path) else stack.enter_context(path.open("wb"))
        for each in imports:
            end = f" <{each.graph}> .\n".encode()
            for block in each.blocks():
                file.write(block.replace(b" .\n", end))
            file.writelines(f"{quad} .\n".encode().replace(b" .\n", end) for quad in each.closing())
    return ImportOutcome(graphs=() if _is_stdout(path) else tuple(each.graph for each in imports))


def _is_stdout(path: Path) -> bool:
    return str(path) == "-"


def _refuse(refusal: Invalid) -> None:
    verdict = Verdict(refusal.extra)
    for line in verdict.lines():
        output.print_message(line)
    output.print_message(f"{verdict.summary} Nothing was stored.")
    raise typer.Exit(1)


def _print_outcome(
    imports: "Sequence[FileImport]", outcome: ImportOutcome, seconds: float, refused_rows: "RefusedRows"
) -> None:
    """Print the outcome of each file: counts, reasons for refused rows, and where those rows are."""
    for name in outcome.known:
        output.print_message(f"The graph holds {name} already.")
    for file in imports:
        if file.name in outcome.known:
            continue
        output.print_message(f"{file.name}: {file.counts}.")
        for reason, count in file.counts.refused.most_common():
            output.print_message(f"  {count:,} rejected: {reason}")
    if any(file.counts.refused for file in imports):
        output.print_message(f"The rejected rows are in {refused_rows.path}.")
    for warning in outcome.warnings:
        output.print_message(f"Warning: {warning}")
    if outcome.version is not None:
        rate = sum(file.counts.rows for file in imports) / max(seconds, 0.001)
        output.print_message(
            f"Imported {outcome.quads:,} triples in version {outcome.version},"
            f" in {seconds:.1f} s ({rate:,.0f} rows a second)."
        )
    output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in outcome.graphs))
