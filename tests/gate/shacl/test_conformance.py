"""Small cases in the manner of the W3C data-shapes suite: shapes, data, and the results stated by hand.

Each file of tests/conformance/ must be judged as its ``:report`` says by plain pySHACL, by the gate when all
the data are new, and by the gate when any one triple is new or is taken away.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import TypeAlias

import pyoxigraph
import pyshacl
import pytest
import rdflib
from pyoxigraph import NamedNode, Quad, RdfFormat, Store
from rdflib.namespace import SH

from kg.changes import Delta
from kg.gate.gate import Gate
from kg.gate.reports import Report, severity_iri
from kg.gate.shacl import paths
from kg.gate.shacl.rdflib_view import copy, from_rdflib
from kg.gate.shacl.reads import path_of

Row: TypeAlias = tuple[str, str, str, str, str]
"""Focus node, path, value, component, severity."""

CASES = sorted((Path(__file__).parents[2] / "conformance").glob("*.trig"))


def graph(case: Path, name: str) -> list[Quad]:
    quads = pyoxigraph.parse(path=case, format=RdfFormat.TRIG)
    return [quad for quad in quads if quad.graph_name == NamedNode(f"urn:ex:{name}")]


def as_rdflib(quads: Iterable[Quad]) -> rdflib.Graph:
    copied = rdflib.Graph()
    copy(quads, copied)
    return copied


def results(report: rdflib.Graph) -> Counter[Row]:
    """Read the results of a report, without the details of nested ones."""
    nodes = set(report.objects(None, SH.result)) or set(report.subjects(SH.focusNode))
    return Counter(row(report, node) for node in nodes)


def row(report: rdflib.Graph, node: rdflib.term.Node) -> Row:
    path = report.value(node, SH.resultPath)
    return (
        told(report.value(node, SH.focusNode)),
        "" if path is None else paths.text(path_of(report, path)),
        told(report.value(node, SH.value)),
        str(report.value(node, SH.sourceConstraintComponent)),
        str(report.value(node, SH.resultSeverity) or SH.Violation),
    )


def told(node: rdflib.term.Node | None) -> str:
    return "" if node is None else str(from_rdflib(node))


def found(report: Report) -> Counter[Row]:
    """Read what shapes find; the rules in code have no component."""
    return Counter(
        (
            str(violation.focus),
            paths.text(violation.path) if violation.path else "",
            "" if violation.value is None else str(violation.value),
            str(violation.component),
            severity_iri(violation.severity),
        )
        for violation in report.violations
        if violation.component
    )


def by_pyshacl(case: Path, data: Iterable[Quad]) -> Counter[Row]:
    _, report, _ = pyshacl.validate(as_rdflib(data), shacl_graph=as_rdflib(graph(case, "shapes")))
    assert isinstance(report, rdflib.Graph)
    return results(report)


def name_of(case: Path) -> str:
    return case.stem


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_is_judged_as_it_says(case: Path) -> None:
    expected = results(as_rdflib(graph(case, "report")))
    gate = Gate(graph(case, "shapes"), ())
    data = graph(case, "data")
    assert gate.unbounded == {}
    assert by_pyshacl(case, data) == expected
    assert found(gate.check(Delta(added=tuple(data)), Store())) == expected


@pytest.mark.parametrize("case", CASES, ids=name_of)
def test_a_case_is_judged_so_whichever_of_its_triples_comes_last_or_goes(case: Path) -> None:
    gate = Gate(graph(case, "shapes"), ())
    data = graph(case, "data")
    expected = results(as_rdflib(graph(case, "report")))
    for quad in data:
        rest = [other for other in data if other != quad]
        without = by_pyshacl(case, rest)
        with_it = found(gate.check(Delta(added=(quad,)), stored(rest)))
        assert with_it <= expected
        assert expected - without <= with_it
        gone = found(gate.check(Delta(removed=(quad,)), stored(data)))
        assert gone <= without
        assert without - expected <= gone


def stored(quads: Iterable[Quad]) -> Store:
    store = Store()
    store.extend(quads)
    return store


def test_there_are_cases_for_every_target_path_and_component() -> None:
    assert len(CASES) >= 40
    shapes = "".join(case.read_text(encoding="utf-8") for case in CASES)
    paths_used = ("inversePath", "alternativePath", "zeroOrMorePath", "oneOrMorePath", "zeroOrOnePath")
    targets = ("targetClass", "targetNode", "targetSubjectsOf", "targetObjectsOf")
    for word in (*paths_used, *targets, "qualifiedValueShapesDisjoint", "closed", "sparql"):
        assert f"sh:{word} " in shapes
