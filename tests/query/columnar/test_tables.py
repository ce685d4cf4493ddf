"""The tables name terms of the ontology, and leave out none that a record may have."""

import re
from collections.abc import Iterator, Mapping
from pathlib import Path

from pyoxigraph import NamedNode, QuerySolutions, Store

from kg import iris, ontology
from kg.query.columnar import coded_sql, record_sql
from kg.query.columnar.tables import TABLES, ColumnForm, RecordColumn
from kg.terms import OWL, RDF

OF_EVERY_TABLE = {"reports", "hedgedAs", "basedOn", "quotes", "publishedBy"}
"""Told by the columns that all tables have."""
OF_THE_GRAPH = {"contentHash", "retracts", "supersedes", "version", "reason", "softwareVersion", "warning"}
"""Told of commits and submissions, which are no records."""
NAMED = re.compile(r'(?:_dip|_one|_all|_of_class)\("(\w+)"\)')


def properties() -> dict[str, NamedNode]:
    """The properties of our terms that facts may use, with what they are."""
    kinds = (OWL.OBJECT_PROPERTY, OWL.DATATYPE_PROPERTY)
    return {
        quad.subject.value.removeprefix(iris.TERMS): quad.object
        for quad in ontology.load().graphs[iris.TERMS_GRAPH]
        if quad.predicate == RDF.TYPE and quad.object in kinds and isinstance(quad.subject, NamedNode)
        if isinstance(quad.object, NamedNode) and quad.subject.value.startswith(iris.TERMS)
    }


def columns() -> Iterator[RecordColumn]:
    """The columns of all tables."""
    return (column for table in TABLES.values() for column in table.all_columns)


def test_each_class_and_each_column_is_a_term_of_the_ontology() -> None:
    known = ontology.load().known_terms
    named = {table.of_class_iri for table in TABLES.values() if table.namespace == iris.TERMS}
    named |= {column.iri for column in columns() if column.namespace == iris.TERMS}
    assert named - known == set()


def test_each_term_that_the_statements_name_is_one_of_the_ontology() -> None:
    sources = [Path(module.__file__ or "").read_text(encoding="utf-8") for module in (coded_sql, record_sql)]
    named = {iris.TERMS + name for source in sources for name in NAMED.findall(source)}
    assert named - ontology.load().known_terms == set()


def test_what_a_record_may_have_is_in_some_table() -> None:
    held = {column.term for column in columns() if column.namespace == iris.TERMS}
    coded = set(NAMED.findall(Path(coded_sql.__file__ or "").read_text(encoding="utf-8")))
    assert set(properties()) - held - coded - OF_EVERY_TABLE - OF_THE_GRAPH == set()


def test_columns_of_iris_are_object_properties_and_the_others_are_not() -> None:
    known = properties()
    for column in columns():
        if column.namespace == iris.TERMS:
            is_object = known[column.term] == OWL.OBJECT_PROPERTY
            assert is_object == (column.form is ColumnForm.IRIS), column.term


def test_the_form_of_a_column_is_that_of_the_datatypes_that_the_shapes_ask_for() -> None:
    asked = datatypes()
    for column in columns():
        if column.namespace == iris.TERMS and column.iri in asked:
            assert column.form.has_language == ("langString" in asked[column.iri]), column.term
            assert (column.form is ColumnForm.NUMBER) == (asked[column.iri] == {"decimal"}), column.term
            assert (column.form is ColumnForm.COUNT) == (asked[column.iri] == {"integer"}), column.term


def datatypes() -> Mapping[str, set[str]]:
    """The local names of the datatypes that the shapes ask for, by property."""
    query = """
    PREFIX sh: <http://www.w3.org/ns/shacl#> PREFIX rdf: <http://www.w3.org/1999/02/22-rdf-syntax-ns#>
    SELECT ?path ?datatype { GRAPH ?g {
      ?shape sh:path ?path . { ?shape sh:datatype ?datatype }
      UNION { ?shape sh:or/rdf:rest*/rdf:first/sh:datatype ?datatype } FILTER (isIRI(?path))
    } }"""
    asked: dict[str, set[str]] = {}
    store = Store()
    store.extend(ontology.load().quads)
    rows = store.query(query)
    assert isinstance(rows, QuerySolutions)
    for path, datatype in rows:
        assert isinstance(path, NamedNode)
        assert isinstance(datatype, NamedNode)
        asked.setdefault(path.value, set()).add(datatype.value.rpartition("#")[2])
    return asked
