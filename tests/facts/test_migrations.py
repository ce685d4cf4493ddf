"""Migrations: which of them lead from one version to another, and what they make of facts."""

from pathlib import Path

import pytest
from pyoxigraph import DefaultGraph, NamedNode, Quad

from kg import scratch
from kg.changes import Delta
from kg.errors import KGError
from kg.facts.migrations import Migration, between, migrate
from kg.gate.rules.claims import key
from kg.ontology import Ontology, OntologyVersion
from kg.terms import DIP, RDF

GRAPH = NamedNode("urn:graph")


def version(text: str) -> OntologyVersion:
    return OntologyVersion.parse(text)


def migration(folder: Path, text: str) -> Migration:
    path = folder / "0.2.0.ru"
    path.write_text(text, encoding="utf-8")
    return Migration(version("0.2.0"), path)


def test_the_migrations_between_two_versions_come_in_the_order_of_numbers(tmp_path: Path) -> None:
    folder = tmp_path / "migrations"
    folder.mkdir()
    for name in ("0.10.0", "0.9.0", "0.2.0", "0.3.0", "1.0.0"):
        (folder / f"{name}.ru").write_text("")
    found = between(Ontology(tmp_path), version("0.2.3"), version("0.10.1"))
    assert [str(each.version) for each in found] == ["0.3.0", "0.9.0", "0.10.0"]


@pytest.mark.parametrize(
    ("old", "new", "is_major"),
    [
        ("0.3.0", "0.3.9", False),
        ("0.3.0", "0.4.0", True),
        ("0.9.0", "1.0.0", True),
        ("1.0.0", "1.9.0", False),
        ("1.9.0", "2.0.0", True),
    ],
)
def test_below_one_the_second_number_is_the_major(old: str, new: str, is_major: bool) -> None:
    assert version(old).is_major_to(version(new)) == is_major


@pytest.mark.parametrize("text", ["0.3", "v0.3.0", "0.3.0-beta", ""])
def test_a_version_of_another_form_is_refused(text: str) -> None:
    with pytest.raises(KGError, match="three numbers"):
        version(text)


def test_each_migration_sees_what_the_one_before_made(tmp_path: Path) -> None:
    steps = []
    for name, old, new in (("0.2.0", "a", "b"), ("0.3.0", "b", "c")):
        path = tmp_path / f"{name}.ru"
        going, coming = (f"{{ GRAPH ?g {{ ?s <urn:{part}> ?o }} }}" for part in (old, new))
        path.write_text(f"DELETE {going} INSERT {coming} WHERE {going}")
        steps.append(Migration(version(name), path))
    before = [
        Quad(GRAPH, NamedNode("urn:a"), GRAPH, GRAPH),
        Quad(GRAPH, NamedNode("urn:a"), GRAPH, DefaultGraph()),
    ]
    after = [Quad(quad.subject, NamedNode("urn:c"), quad.object, quad.graph_name) for quad in before]
    delta = migrate(scratch.filled(before), ["urn:graph"], steps)
    assert (set(delta.added), set(delta.removed)) == (set(after), set(before))


def test_a_claim_whose_key_a_migration_deletes_gets_a_new_one(tmp_path: Path) -> None:
    claim, actor, kind, other = (NamedNode(f"urn:{name}") for name in ("claim", "actor", "kind", "other"))
    facts = scratch.filled(
        [
            Quad(claim, RDF.TYPE, DIP.CLAIM, GRAPH),
            Quad(claim, DIP.ALLEGED_ACTOR, actor, GRAPH),
            Quad(claim, DIP.ALLEGED_KIND, kind, GRAPH),
            Quad(claim, DIP.CLAIM_KEY, NamedNode("urn:old-key"), GRAPH),
        ]
    )
    step = migration(
        tmp_path,
        f"""DELETE {{ GRAPH ?g {{ ?claim {DIP.ALLEGED_KIND} {kind} ; {DIP.CLAIM_KEY} ?key }} }}
        INSERT {{ GRAPH ?g {{ ?claim {DIP.ALLEGED_KIND} {other} }} }}
        WHERE {{ GRAPH ?g {{ ?claim {DIP.ALLEGED_KIND} {kind} ; {DIP.CLAIM_KEY} ?key }} }}""",
    )
    added = migrate(facts, ["urn:graph"], [step]).added
    keys = [quad.object.value for quad in added if quad.predicate == DIP.CLAIM_KEY]  # type: ignore[union-attr]
    assert keys == [key([actor], other, [])]


def test_without_migrations_nothing_changes() -> None:
    assert migrate(scratch.filled(), ["urn:graph"], []) == Delta()
