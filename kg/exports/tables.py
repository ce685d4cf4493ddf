"""Tables of an export: those of the columnar projection, for the whole graph or a part of it.

If the projection beside the store is at the version, it is read; otherwise a temporary one is built. A row
keeps its context: its layer, claimant, sources, hedges and bases, and its graph.
"""

import tempfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

import duckdb
from duckdb import DuckDBPyConnection
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, serialize

from kg import iris
from kg.errors import NoRoom, NotAcceptable
from kg.exports.address_space import room_to_build
from kg.exports.extract import Extract
from kg.query.columnar import building, coded_sql, connection, manifest, record_sql, upkeep
from kg.query.columnar.building import Files
from kg.query.columnar.lines import NAMING, quoted
from kg.query.columnar.tables import TABLES, RecordTable
from kg.store.store import Contents
from kg.terms import SKOS

MEMORY = 1 << 29
"""Bytes of memory that DuckDB may use while it makes a file; beyond that it writes temporary files."""
_GENERAL = {
    "record": "The IRI of the record that the row describes; a server of this graph resolves it.",
    "label": "Its name, in English where it has one.",
    "class": "Its class, as the graph of the row states it.",
    "date": "Its date, as precisely as known: a day, a month or a year.",
    "earliest": "Earliest day on which it can have begun.",
    "latest": "Latest day on which it can have ended.",
    "date_as_written": "The source's words for the date.",
    "date_precision": "Precision of the date.",
    "date_basis": "Whether the date is stated, inferred, or only that of publication.",
    "layer": "Its layer of the model: source, statement (claims too), happening or assessment.",
    "claimant": "Who made the claim, judgement or coding: it is theirs, not a fact. Empty for others.",
    "report": "The reports of this graph that support the row; the next columns describe them in this order.",
    "source": "The source.",
    "source_title": "The titles of the sources.",
    "publisher": "Who published the sources.",
    "hedge": "How each source hedges it.",
    "basis": "The basis on which each source states it: own voice, attributed, announced by the performer.",
    "quote": "The words of each source that state it.",
    "graph": "The submission that states it; another submission about the same record has its own row.",
    "names": "The names that this graph gives it, in any language.",
    "also_known_as": "Other names that sources use.",
    "note": "Remarks of the curators.",
    "title": "Its titles.",
    "pref_label": "The name of the kind.",
    "definition": "The definition of the kind.",
    "broader": "Its kinds.",
    "in_scheme": "The lists that contain it.",
    "creator": "Who made it.",
    "made_from": "The sources that the submission was made from.",
    "licence": "Its licence.",
    "rights": "Its terms of use, as its publisher words them.",
}
"""Meanings of the columns that several tables share."""

_CODED = {
    "occurrence": "The IRI of one coder's reading of a story, on one day.",
    "coder": "The coder: the row is the coder's judgement, not a fact.",
    "scheme": "The code book.",
    "scheme_version": "Its version.",
    "code": "The IRI of the code.",
    "notation": "The code as the code book writes it, including leading zeros.",
    "code_label": "The meaning of the code.",
    "side": "Whether the code is of words (rhetoric) or of deeds (conduct).",
    "quad_class_by_gdelt": (
        "GDELT's quad class: 1 verbal cooperation, 2 material cooperation, 3 verbal conflict,"
        " 4 material conflict."
    ),
    "quad_class_by_plover": "The quad class by PLOVER's rule.",
    "day": "The day that the coder gives.",
    "day_is_inferred": "True if the day is exactly a week, a month or a year before the day of the file.",
    "actor": "The curated actor that a reviewed resolution names for the coder's actor.",
    "actor_label": "The name of that actor.",
    "target": "The curated actor that a reviewed resolution names for the coder's target.",
    "target_label": "The name of that target.",
    "coded_actor_name": "The actor as the coder names it.",
    "coded_actor_code": "The actor's code.",
    "coded_target_name": "The target as the coder names it.",
    "coded_target_code": "The target's code.",
    "place": "The place as the coder names it.",
    "intensity": "The conflict-cooperation value that the row states.",
    "row_ids": "The ids of the coder's rows; two if it coded one occurrence in both directions.",
    "story": "The address or number of the story.",
    "rights": "The terms under which the coder publishes its rows.",
    "mention": "The IRI of one mention of a coder's row in a story.",
    "row_id": "The id of the row that the story names.",
    "score": "How sure the coder is that the story names it, from 0 to 1.",
}
_OF_ROWS = """
SELECT occurrence, coded.coder, scheme, scheme_version, rows.code, notation, codes.label AS code_label,
  regexp_extract(side, '[^/]*$') AS side, quad_class_by_gdelt, quad_class_by_plover, day, day_is_inferred,
  rows.actor, actor_name.label AS actor_label, rows.target, target_name.label AS target_label,
  sender.name AS coded_actor_name, sender.actor_code AS coded_actor_code,
  receiver.name AS coded_target_name, receiver.actor_code AS coded_target_code,
  coded_places.name AS place, intensity, row_ids, story,
  'assessment' AS layer, [coded.coder] AS claimant, [source] AS source, [source_title] AS source_title,
  [hedge] AS hedge, [basis] AS basis, rights, rows.graph
FROM coded_occurrences AS rows
LEFT JOIN coding_runs AS coded ON coded.run = rows.run AND coded.graph = rows.graph
LEFT JOIN codes USING (code) LEFT JOIN coded_places USING (coded_place)
LEFT JOIN coded_actors AS sender ON sender.coded_actor = rows.coded_actor
LEFT JOIN coded_actors AS receiver ON receiver.coded_actor = rows.coded_target
LEFT JOIN (SELECT DISTINCT actor AS iri, actor_label AS label FROM actor_resolutions) AS actor_name
  ON actor_name.iri = rows.actor
LEFT JOIN (SELECT DISTINCT actor AS iri, actor_label AS label FROM actor_resolutions) AS target_name
  ON target_name.iri = rows.target
ORDER BY occurrence, rows.graph, rows.coded_actor, rows.coded_target, rows.actor, rows.target"""
_OF_MENTIONS = """
SELECT mention, row_id, coded.coder, day, story, score, 'assessment' AS layer, [coded.coder] AS claimant,
  [source] AS source, [source_title] AS source_title, [hedge] AS hedge, [basis] AS basis, rights, rows.graph
FROM coded_mentions AS rows
LEFT JOIN coding_runs AS coded ON coded.run = rows.run AND coded.graph = rows.graph
ORDER BY mention, rows.graph"""
_ABOUT_MENTIONS = "Mentions of coders' rows in stories: one row for each mention."
_ABOUT_KINDS = "Kinds that submissions add to the lists of the release."
_ABOUT_CODED = "What one actor did to another on a day, according to coders: one row for each pair of actors."


@dataclass(frozen=True)
class ExportTable:
    """An exported table: its query, its columns with types, and their meanings."""

    name: str
    about: str
    query: str
    columns: Mapping[str, str]
    """The type of each column, as DuckDB names it."""
    meanings: Mapping[str, str]


@dataclass(frozen=True)
class TableSet:
    """The tables of one export, in an open database."""

    database: DuckDBPyConnection
    tables: Sequence[ExportTable]
    scratch: Path

    @property
    def rights(self) -> list[tuple[str, str]]:
        """The titles and terms of use of the imported sources."""
        query = "SELECT DISTINCT source_title, rights FROM coding_runs WHERE rights IS NOT NULL ORDER BY ALL"
        return [(title or "", rights) for title, rights in self.database.execute(query).fetchall()]


@contextmanager
def opened(extract: Extract) -> Iterator[TableSet]:
    """Open the tables of an extract.

    Raises NotAcceptable without a version, which the tables need, and NoRoom if there is too little memory or
    room for temporary files.
    """
    if extract.contents is None:
        raise NotAcceptable("Tables are made from a version of the graph, not from one graph alone.")
    with (
        _disk_errors(),
        room_to_build(),
        tempfile.TemporaryDirectory(prefix="kg-tables-") as name,
        connection.to_ask(memory=MEMORY) as database,
    ):
        scratch = Path(name)
        database.execute(f"SET temp_directory = '{scratch}/spill'; SET preserve_insertion_order = true")
        # Otherwise a column without nulls today is NOT NULL in Parquet, and its schema changes later.
        database.execute("SET disabled_optimizers = 'statistics_propagation'")
        folder, files = _projected(extract, scratch)
        building.attach(database, folder, files)
        of_rows = (
            (coded_sql.OCCURRENCES.name, _ABOUT_CODED, _OF_ROWS),
            (coded_sql.MENTIONS.name, _ABOUT_MENTIONS, _OF_MENTIONS),
        )
        tables = [
            *_of_the_record(extract, extract.contents, database),
            *(_of_coded_rows(extract, database, *each) for each in of_rows),
        ]
        yield TableSet(database, tables, scratch)


@contextmanager
def _disk_errors() -> Iterator[None]:
    """Raise NoRoom with a clear message for DuckDB's errors, which contain the path and the reason."""
    try:
        yield
    except (duckdb.IOException, duckdb.OutOfMemoryException) as fault:
        reason = str(fault).splitlines()[0].removeprefix("IO Error: ").rstrip(".")
        raise NoRoom(
            f"The tables need room for temporary files ({tempfile.gettempdir()}) and memory: {reason}."
        ) from None


def _projected(extract: Extract, scratch: Path) -> tuple[Path, Files]:
    """Return the folder and the files of the projection to read for an extract."""
    contents = extract.contents
    assert contents is not None
    is_whole = extract.quads is contents
    if is_whole and extract.directory is not None:
        current = upkeep.standing(extract.directory)
        if (
            current is not None
            and current.version == contents.version
            and current.made_by == building.MADE_BY
        ):
            return manifest.folder_in(extract.directory), current.tables
    folder = scratch / "tables"
    folder.mkdir()

    def dump(path: Path) -> None:
        with path.open("wb") as file:
            if is_whole:
                contents.dump(file)
            else:
                serialize(_part(extract, contents), file, RdfFormat.N_QUADS)

    return folder, building.build(folder, contents.version, dump, lambda _: None, MEMORY)


def _part(extract: Extract, contents: Contents) -> Iterator[Quad]:
    """Yield the quads of a part, and those that every part needs: terms, kinds and names.

    Names are put in a graph of the release, so that none of them is counted twice.
    """
    for graph in extract.graphs:
        yield from extract.quads.quads_for_pattern(None, None, None, graph)
    for released in (iris.TERMS_GRAPH, iris.KINDS_GRAPH):
        yield from contents.quads_for_pattern(None, None, None, NamedNode(released))
    for naming in NAMING:
        for quad in contents.quads_for_pattern(None, NamedNode(naming), None):
            yield Quad(quad.subject, quad.predicate, quad.object, NamedNode(iris.KINDS_GRAPH))


def _of_graphs(extract: Extract) -> str:
    """Return an SQL condition for the graphs of an extract, by default all facts."""
    names = ["" if isinstance(graph, DefaultGraph) else str(graph.value) for graph in extract.graphs]
    if "" in names:
        return "true"
    return f"graph IN (SELECT unnest([{', '.join(map(quoted, names))}]))"


def _of_the_record(
    extract: Extract, contents: Contents, database: DuckDBPyConnection
) -> Iterator[ExportTable]:
    for table in TABLES.values():
        query = f"SELECT * FROM {table.name} WHERE {_of_graphs(extract)} ORDER BY record, graph"
        columns = _columns(database, query)
        about = _definition(contents, table.of_class_iri) or _ABOUT_KINDS
        yield ExportTable(table.name, about, query, columns, _meanings(contents, table, columns))


def _of_coded_rows(
    extract: Extract, database: DuckDBPyConnection, name: str, about: str, rows: str
) -> ExportTable:
    query = f"SELECT * FROM ({rows}) WHERE {_of_graphs(extract)}"
    columns = _columns(database, query)
    meanings = {column: _CODED.get(column) or _GENERAL[column] for column in columns}
    return ExportTable(name, about, query, columns, meanings)


def _columns(database: DuckDBPyConnection, query: str) -> dict[str, str]:
    return {name: kind for name, kind, *_ in database.execute(f"DESCRIBE {query}").fetchall()}


def _meanings(contents: Contents, table: RecordTable, columns: Mapping[str, str]) -> dict[str, str]:
    """Return the meaning of each column; for a property, its definition in the ontology."""
    own = {
        column.name: _definition(contents, column.iri) or _GENERAL.get(column.name, "")
        for column in table.all_columns
    }
    beside = {
        f"{name}{suffix}": meaning.format(name)
        for name in own
        for suffix, meaning in (
            (record_sql.LABEL, "The names of the values of {}, in their order."),
            (record_sql.LANGUAGE, "The languages of the texts of {}, in their order; empty if none has one."),
        )
    }
    return {name: own.get(name) or beside.get(name) or _GENERAL.get(name, "") for name in columns}


def _definition(contents: Contents, term: str) -> str:
    found = contents.quads_for_pattern(NamedNode(term), SKOS.DEFINITION, None)
    texts = (quad.object for quad in found if isinstance(quad.object, Literal))
    return next(iter(sorted(text.value for text in texts if text.language == "en")), "")
