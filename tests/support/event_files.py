"""Invented rows of event data sets, and what an importer makes of a file of them."""

import csv
from dataclasses import dataclass
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg.importers.events import actors
from kg.importers.events.datasets import DATA_SETS
from kg.importers.events.imports import FileImport, RefusedRows, RowCounts
from kg.iris import DATA, KINDS, TERMS

CODING = """
@prefix dip: <https://w3id.org/regional-diplomacy/terms#> .
@prefix dipid: <https://w3id.org/regional-diplomacy/id/> .
@prefix dipk: <https://w3id.org/regional-diplomacy/kinds/> .
@prefix dcterms: <http://purl.org/dc/terms/> .
@prefix rdfs: <http://www.w3.org/2000/01/rdf-schema#> .
dipid:graph-of-the-coding {
    dipid:ana-ruiz a dip:Person ; rdfs:label "Ana Ruiz"@en ; dip:foundIn dipid:my-review .
    dipid:my-review a dip:Source ; dcterms:title "Rows reviewed"@en ; dip:hasKind dipk:data-table ;
        dip:publishedBy dipid:ana-ruiz .
    dipid:my-coding a dip:EventCoding ; dip:assessedBy dipid:ana-ruiz ;
        dip:assesses dipid:standoff-january-2025 ; dip:restsOn dipid:gdelt-1 ;
        dip:usesScheme dipk:cameo ; dip:schemeVersion "1.1b3" ; dip:code "040" .
    dipid:my-report a dip:Report ; dip:reports dipid:my-coding ; dip:foundIn dipid:my-review ;
        dip:hedgedAs dipk:plain ; dip:basedOn dipk:recorded-as-data .
}
"""
"""Ana Ruiz judges that the row of ``gdelt()`` and a happening of the seed are the same."""


@dataclass(frozen=True)
class Imported:
    """What became of a file: its triples, its counts, and the rows in quarantine as (line, reason)."""

    store: Store
    counts: RowCounts
    quarantine: list[tuple[int, str]]
    file: FileImport

    def values(self, subject: str, name: str) -> list[str]:
        """Return the values of a property of ours, without our namespaces."""
        quads = self.store.quads_for_pattern(NamedNode(DATA + subject), NamedNode(TERMS + name), None, None)
        return sorted(_short(str(quad.object.value)) for quad in quads)  # type: ignore[union-attr]  # no triples

    def of_party(self, subject: str, name: str, of: str) -> list[str]:
        """Return the values of a property of the parties or places that a row names."""
        return sorted(value for each in self.values(subject, name) for value in self.values(each, of))

    def rows(self) -> list[str]:
        """Return the names of the rows."""
        type_ = NamedNode("http://www.w3.org/1999/02/22-rdf-syntax-ns#type")
        found = self.store.quads_for_pattern(None, type_, NamedNode(TERMS + "CodedOccurrence"), None)
        return sorted(_short(quad.subject.value) for quad in found)  # type: ignore[union-attr]  # no triples

    @property
    def quads(self) -> list[Quad]:
        """All quads, in the graph of the file."""
        graph = NamedNode(self.file.graph)
        return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in self.store]


def _short(value: str) -> str:
    return value.removeprefix(DATA).removeprefix(KINDS).removeprefix(TERMS)


def imported(path: Path, data_set: str, content: bytes | str, table: Path | None = None) -> Imported:
    """Write a file and import it, without a store of facts."""
    path.write_bytes(content.encode() if isinstance(content, str) else content)
    store = Store()
    with RefusedRows(path.with_suffix(".quarantine.csv")) as kept:
        file = FileImport(path, DATA_SETS[data_set], actors.read(table), kept)
        for block in file.blocks():
            store.extend(parse(block, RdfFormat.N_TRIPLES))
        store.extend(file.closing())
    return Imported(store, file.counts, read_quarantine(kept.path), file)


def read_quarantine(path: Path) -> list[tuple[int, str]]:
    """Return line and reason of each row in a file of quarantine; nothing if there is no file."""
    if not path.exists():
        return []
    with path.open(encoding="utf-8", newline="") as file:
        return [(int(row["line"]), row["reason"]) for row in csv.DictReader(file)]


def gdelt(**given: str) -> str:
    """Return a row of GDELT 2.0 events: the United States consult Colombia, in Bogotá."""
    fields = {
        "id": "1",
        "day": "20191024",
        "code1": "USAGOV",
        "name1": "UNITED STATES",
        "country1": "USA",
        "type1": "GOV",
        "code2": "COL",
        "name2": "COLOMBIA",
        "country2": "COL",
        "type2": "",
        "code": "040",
        "base": "040",
        "root": "04",
        "quad": "1",
        "scale": "1.0",
        "geo": "Bogota, Colombia",
        "fips": "CO",
        "lat": "4.6",
        "long": "-74.08",
        "feature": "-592318",
        "added": "20191024143000",
        "url": "https://example.org/1",
        **given,
    }
    places = {
        "id": 0,
        "day": 1,
        "code1": 5,
        "name1": 6,
        "country1": 7,
        "type1": 12,
        "code2": 15,
        "name2": 16,
        "country2": 17,
        "type2": 22,
        "code": 26,
        "base": 27,
        "root": 28,
        "quad": 29,
        "scale": 30,
        "geo": 52,
        "fips": 53,
        "lat": 56,
        "long": 57,
        "feature": 58,
        "added": 59,
        "url": 60,
    }
    row = [""] * 61
    for name, value in fields.items():
        row[places[name]] = value
    return "\t".join(row) + "\n"
