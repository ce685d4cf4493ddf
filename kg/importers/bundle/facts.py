"""Facts of a bundle's row: its cells as triples in the graph of the row."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from decimal import Decimal, InvalidOperation
from functools import cache, lru_cache
from typing import TypeVar

from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad

from kg import iris, ontology
from kg.changes import GraphName, Object
from kg.errors import BadInput
from kg.importers.bundle.columns import CLASS, GRAPH, RECORD
from kg.importers.bundle.rows import BundleRow, Cell
from kg.importers.table.bilingual import Misread
from kg.importers.table.faults import Fault, nearest, shortened
from kg.iris import TERMS
from kg.query.columnar.record_sql import LANGUAGE
from kg.query.columnar.tables import ColumnForm, RecordColumn, RecordTable
from kg.terms import OWL, RDF, SKOS, XSD

T = TypeVar("T")

_SEPARATOR = " | "
_BAR = re.compile(r" \\(\\*)\|")
"""A bar that is not a separator (``kg.exports.csv_bundle``)."""
_DATATYPES: Mapping[str, NamedNode] = {
    "amount": XSD.DECIMAL,
    "intensity": XSD.DECIMAL,
    "score": XSD.DECIMAL,
    "duration": XSD.DURATION,
    "earliest": XSD.DATE,
    "latest": XSD.DATE,
    "url": XSD.ANY_URI,
}
"""Datatypes of values without a language, by property, other than texts and counts."""
_YEAR, _MONTH = re.compile(r"-?[0-9]{4,9}"), re.compile(r"-?[0-9]{4,9}-[0-9]{2}")


def of(table: RecordTable, row: BundleRow, faults: list[Fault]) -> list[Quad]:
    """Return the quads of a row, classes first; appends a fault for each unreadable cell."""

    def read(name: str, terms: Iterable[T]) -> Iterator[T]:
        try:
            yield from terms
        except Misread as fault:
            cell = row.cells.get(name, "")
            value = cell if isinstance(cell, str) else _SEPARATOR.join(cell)
            faults.append(Fault(row.line, name, value, fault.wrong))

    records = [*read(RECORD, _record(row.cells))]
    graph: GraphName = next(read(GRAPH, _iris(row.cells.get(GRAPH, ""))), DefaultGraph())
    pairs: list[tuple[NamedNode, Object]]
    pairs = [(RDF.TYPE, term) for term in read(CLASS, _classes(row.cells.get(CLASS, "")))]
    for column in table.all_columns:
        terms = read(column.name, _terms(column, row.cells))
        pairs += [(NamedNode(column.iri), term) for term in terms]
    return [Quad(record, *pair, graph) for record in records[:1] for pair in pairs]


def words(table: RecordTable) -> Mapping[str, str]:
    """Return the columns by the compact names of their properties, for the gate's messages about a row."""
    return {iris.compact(column.iri): column.name for column in table.all_columns}


def _record(cells: Mapping[str, Cell]) -> Iterator[NamedNode]:
    cell = cells.get(RECORD)
    if not cell:
        raise Misread(
            "this row has no record; give the IRI of the record that it describes",
            "esta fila no dice de qué trata; ponga el IRI del registro",
        )
    yield from _iris(cell)


def _classes(cell: Cell) -> Iterator[NamedNode]:
    class_names = _known_classes()
    for name in parts(cell):
        if name not in class_names:
            near = nearest(name, class_names)
            raise Misread(f"there is no such class; {near.en}", f"no existe esa clase; {near.es}")
        yield class_names[name]


@cache
def _known_classes() -> Mapping[str, NamedNode]:
    """Return the classes of the installed release, and that of kinds, by name."""
    found = {
        quad.subject.value.removeprefix(TERMS): quad.subject
        for quad in ontology.load().graphs[iris.TERMS_GRAPH]
        if quad.predicate == RDF.TYPE and quad.object == OWL.CLASS and isinstance(quad.subject, NamedNode)
    }
    return {**found, SKOS.CONCEPT.value.rpartition("#")[2]: SKOS.CONCEPT}


def _terms(column: RecordColumn, cells: Mapping[str, Cell]) -> Iterator[Object]:
    """Yield the values of a column; raises Misread."""
    cell = cells.get(column.name)
    if not cell:
        return
    match column.form:
        case ColumnForm.IRIS:
            yield from _iris(cell)
        case ColumnForm.TEXTS:
            yield from _texts(parts(cell), parts(cells.get(column.name + LANGUAGE, "")))
        case ColumnForm.WORDING:
            yield from _texts([_whole(cell)], parts(cells.get(column.name + LANGUAGE, "")))
        case ColumnForm.VALUES:
            yield from (_value(column, text) for text in parts(cell))
        case _:
            yield _value(column, _whole(cell))


def parts(cell: Cell) -> Sequence[str]:
    """Return the values of a list cell."""
    if not isinstance(cell, str):
        return cell
    return [_BAR.sub(r" \1|", part) for part in cell.split(_SEPARATOR)] if cell else []


def _whole(cell: Cell) -> str:
    return cell if isinstance(cell, str) else _SEPARATOR.join(cell)


def _iris(cell: Cell) -> Iterator[NamedNode]:
    parts = cell.split("|") if isinstance(cell, str) else cell  # IRIs contain no bar
    yield from (_iri(part.strip()) for part in parts if part.strip())


@lru_cache(1 << 14)
def _iri(text: str) -> NamedNode:
    try:
        return iris.read_iri(text)
    except BadInput:
        raise Misread(
            "this is not an IRI; write it in full, or as dipid:name",
            "esto no es un IRI; escríbalo entero, o como dipid:nombre",
        ) from None


def _texts(texts: Sequence[str], languages: Sequence[str]) -> Iterator[Literal]:
    if languages and len(languages) != len(texts):
        raise Misread(
            f"there are {len(texts)} texts here and {len(languages)} languages; give one"
            " language for each text, in the same order",
            f"aquí hay {len(texts)} textos y al lado {len(languages)} idiomas; dé a cada texto su idioma, en"
            " el mismo orden",
        )
    for text, language in zip(texts, languages or [""] * len(texts), strict=True):
        try:
            yield Literal(text, language=language.strip()) if language.strip() else Literal(text)
        except ValueError:
            raise Misread(
                f"“{shortened(language)}” is not a language; write en, es or another tag",
                f"“{shortened(language)}” no es un idioma; escriba en, es u otra etiqueta",
            ) from None


def _value(column: RecordColumn, text: str) -> Literal:
    if column.form is ColumnForm.COUNT:
        return Literal(_integer(text), datatype=XSD.INTEGER)
    if column.term == "date":
        is_year, is_month = _YEAR.fullmatch(text), _MONTH.fullmatch(text)
        return Literal(text, datatype=XSD.G_YEAR if is_year else XSD.G_YEAR_MONTH if is_month else XSD.DATE)
    datatype = _DATATYPES.get(column.term, XSD.STRING)
    return Literal(_decimal(text) if datatype == XSD.DECIMAL else text, datatype=datatype)


def _integer(text: str) -> str:
    number = _number(text)
    if number != number.to_integral_value():
        raise _no_number()
    return f"{number:.0f}"


def _decimal(text: str) -> str:
    return f"{_number(text):f}"


def _number(text: str) -> Decimal:
    try:
        number = Decimal(text.strip())
    except InvalidOperation:
        raise _no_number() from None
    if not number.is_finite() or abs(number.adjusted()) > _MOST_DIGITS:
        raise _no_number()
    return number


_MOST_DIGITS = 30


def _no_number() -> Misread:
    return Misread(
        "this is not a number; write digits, with a decimal point",
        "esto no es un número; escriba cifras, con un punto ante los decimales",
    )
