"""Import of a file: its blocks of N-Triples, the description of its run, and the refused rows.

A file becomes one graph: a coding run with coder, code book and version, one report that supports all rows,
the rows, and the nodes that they name. The graph's name and key are computed from the bytes of the file, the
version of the mapping and the table of actors, so that the same file is recognized.
"""

import csv
from collections import Counter
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date
from pathlib import Path
from typing import IO, Any, Self

import polars as pl
from pyoxigraph import Literal, NamedNode, Quad

from kg.errors import Unreadable
from kg.facts.loads.source import LoadSource
from kg.importers.events import actors, quads, reading
from kg.importers.events.actors import ActorTable
from kg.importers.events.datasets import DataSet
from kg.importers.events.repetitions import Folding, Seen
from kg.importers.events.rows import Mapped
from kg.iris import DATA, KINDS
from kg.terms import DCTERMS, DIP, DIPK, RDF, RDFS

MAPPING = "2"
"""Version of the mapping: increment it when the same file yields other triples; graphs then get new names."""
_NAME = 16


@dataclass
class RowCounts:
    """Counts of a file's rows by outcome."""

    rows: int = 0
    taken: int = 0
    folded: int = 0
    refused: Counter[str] = field(default_factory=Counter)
    notes: Counter[str] = field(default_factory=Counter)
    triples: int = 0

    def __str__(self) -> str:
        parts = [f"{self.rows:,} rows read", f"{self.taken:,} taken"]
        parts += [f"{self.folded:,} merged with their mirror row", f"{self.refused.total():,} in quarantine"]
        return "; ".join(
            (*parts, *(f"{count:,} {note}" for note, count in sorted(self.notes.items()) if count))
        )


class RefusedRows:
    """The file of refused rows: file, line, reason, row; created with the first such row."""

    def __init__(self, path: Path) -> None:
        self.path = path
        self._file: IO[str] | None = None
        self._writer: Any = None  # the csv module does not export its type

    def add(self, name: str, refused: pl.DataFrame) -> None:
        """Write rows with their reasons."""
        if refused.is_empty():
            return
        if self._file is None:
            self._file = self.path.open("w", encoding="utf-8", newline="")
            self._writer = csv.writer(self._file, lineterminator="\n")
            self._writer.writerow(("file", "line", "reason", "row"))
        self._writer.writerows((name, *row) for row in refused.iter_rows())

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        if self._file is not None:
            self._file.close()


@dataclass
class FileImport:
    """The import of one file of a data set into a graph."""

    path: Path
    data_set: DataSet
    table: ActorTable
    quarantine: RefusedRows
    counts: RowCounts = field(default_factory=RowCounts)
    _nodes: dict[str, set[str]] = field(default_factory=lambda: {"parties": set(), "places": set()})
    _days: set[tuple[date, bool]] = field(default_factory=set)
    _key: str = ""

    @property
    def key(self) -> str:
        """The SHA-256 (hex) of the file, the mapping's version and the table of actors."""
        if not self._key:
            self._key = reading.hash_of(self.path, MAPPING, self.data_set.name, self.table.hash)
        return self._key

    @property
    def graph(self) -> str:
        """The IRI of the file's graph."""
        return f"{DATA}coded-file-{self.key[:_NAME]}"

    @property
    def run(self) -> str:
        """The name of the file's coding run."""
        return f"coding-run-{self.key[:_NAME]}"

    @property
    def name(self) -> str:
        """The name of the file in messages."""
        return self.path.name

    def source(self) -> LoadSource:
        """Return the source of a load."""
        return LoadSource(self.name, self.key, self.graph, self.blocks, self.closing)

    def blocks(self) -> Iterator[bytes]:
        """Yield the triples of all rows, and of the nodes that they name, as lines."""
        seen_rows, folding = Seen(), Folding()
        with reading.parts(self.path) as parts:
            for part in parts:
                for mapped in self.data_set.mapped(part):
                    yield from self._of_block(part.name, mapped, seen_rows, folding)
        yield self._of_rows(folding.rest())
        self.counts.folded = folding.folded
        if not self.counts.taken:
            raise Unreadable(f"{self.path.name} holds no row that can be imported: {self.counts}.")

    def _of_block(self, name: str, mapped: Mapped, seen_rows: Seen, folding: Folding) -> Iterator[bytes]:
        rows, repeated = seen_rows.new(mapped.rows)
        refused = pl.concat([mapped.refused, repeated]).sort("line")
        self.counts.rows += mapped.rows.height + mapped.refused.height
        self.counts.refused.update(_kind(reason) for reason in refused["reason"])
        self.counts.notes.update(mapped.notes)
        self.quarantine.add(name, refused)
        yield self._described(mapped)
        yield self._of_rows(folding.ready(rows))

    def _described(self, mapped: Mapped) -> bytes:
        """Return the descriptions of a block's parties and places that no earlier block named."""
        parties = self._new("parties", mapped.parties)
        lines = quads.parties(parties) + quads.places(self._new("places", mapped.places))
        found = self.table.resolutions(parties)
        resolved = dict.fromkeys(f"{quad} .\n" for quad in actors.described(found, self.key[:_NAME]))
        return self._counted(lines + "".join(resolved).encode())

    def _new(self, kind: str, frame: pl.DataFrame) -> pl.DataFrame:
        earlier_slugs = self._nodes[kind]
        new = frame.filter(~pl.col("slug").is_in(list(earlier_slugs)))
        earlier_slugs.update(new["slug"])
        return new

    def _of_rows(self, rows: pl.DataFrame) -> bytes:
        days = set(rows.select("day", "inferred").unique().iter_rows()) - self._days
        self._days |= days
        self.counts.taken += rows.height
        is_of_mentions = rows.height > 0 and rows["score"].null_count() < rows.height
        lines = (quads.mentions if is_of_mentions else quads.occurrences)(rows, self.run)
        return self._counted("".join(quads.days(sorted(days))).encode() + lines)

    def _counted(self, lines: bytes) -> bytes:
        self.counts.triples += lines.count(b"\n")
        return lines

    def closing(self) -> Iterable[Quad]:
        """Return the description of the run: coder, code book, the file with terms and counts, report."""
        run, coder = _node(self.run), _node(f"{self.data_set.name}-coder")
        file, report = _node(f"file-{self.key[:_NAME]}"), _node(f"report-of-file-{self.key[:_NAME]}")
        description: dict[NamedNode, list[tuple[NamedNode, NamedNode | Literal]]] = {
            run: [
                (RDF.TYPE, DIP.CODING_RUN),
                (DIP.ASSESSED_BY, coder),
                (DIP.USES_SCHEME, NamedNode(KINDS + self.data_set.scheme)),
                (DIP.SCHEME_VERSION, Literal(self.data_set.version)),
            ],
            coder: [
                (RDF.TYPE, DIP.ORGANIZATION),
                (RDFS.LABEL, Literal(self.data_set.coder, language="en")),
                (DIP.FOUND_IN, file),
            ],
            file: [
                (RDF.TYPE, DIP.SOURCE),
                (DCTERMS.TITLE, Literal(self.path.name)),
                (DIP.HAS_KIND, DIPK.DATA_TABLE),
                (DIP.PUBLISHED_BY, coder),
                (DCTERMS.IDENTIFIER, Literal(f"sha256:{reading.hash_of(self.path)}")),
                (DCTERMS.RIGHTS, Literal(self.data_set.rights, language="en")),
                (DCTERMS.EXTENT, Literal(str(self.counts), language="en")),
            ],
            report: [
                (RDF.TYPE, DIP.REPORT),
                (DIP.REPORTS, run),
                (DIP.FOUND_IN, file),
                (DIP.HEDGED_AS, DIPK.PLAIN),
                (DIP.BASED_ON, DIPK.RECORDED_AS_DATA),
            ],
        }
        for node, pairs in description.items():
            for predicate, value in pairs:
                self.counts.triples += 1
                yield Quad(node, predicate, value)


def _kind(reason: str) -> str:
    """Return a reason without the value in it."""
    _, quote, rest = reason.rpartition("' ")
    return f"a value {rest}" if quote and reason.startswith("'") else reason


def _node(name: str) -> NamedNode:
    return NamedNode(DATA + name)
