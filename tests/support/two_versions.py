"""A small ontology in two major versions, with the migration from one to the other."""

import shutil
from pathlib import Path

from kg import iris
from kg.changes import Provenance
from kg.facts import submissions
from kg.facts.judgement import Outcome
from kg.facts.submissions import Submission
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.ontology import Ontology, ontology_folder
from kg.store.store import Store

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
OLD, NEW = "0.1.0", "0.2.0"

_KEPT = "dip:Person a owl:Class . dip:knows a owl:ObjectProperty . dip:supersedes a owl:ObjectProperty ."
_TERMS = {
    OLD: "dip:name a owl:DatatypeProperty .",
    NEW: "dip:fullName a owl:DatatypeProperty .",
}
_SHAPES = {
    OLD: """
    dipsh:Person a sh:NodeShape ; sh:targetClass dip:Person ; sh:property dipsh:name , dipsh:knows .
    dipsh:name a sh:PropertyShape ; sh:path dip:name ; sh:minCount 1 .
    dipsh:knows a sh:PropertyShape ; sh:path dip:knows ; sh:class dip:Person .
    """,
    NEW: """
    dipsh:Person a sh:NodeShape ; sh:targetClass dip:Person ; sh:property dipsh:fullName , dipsh:knows .
    dipsh:fullName a sh:PropertyShape ; sh:path dip:fullName ; sh:minCount 1 .
    dipsh:knows a sh:PropertyShape ; sh:path dip:knows ; sh:class dip:Person ; sh:maxCount 1 .
    """,
}
_SEED = {
    OLD: "dipid:graph-seed { dipid:eva a dip:Person ; dip:name 'Eva' . }",
    NEW: "dipid:graph-seed { dipid:eva a dip:Person ; dip:fullName 'Eva' . }"
    " dipid:graph-second { dipid:flo a dip:Person ; dip:fullName 'Flo' . }",
}
MIGRATION = f"""# dip:name is called dip:fullName, for a person may go by many names.
PREFIX dip: <{iris.TERMS}>
DELETE {{ GRAPH ?graph {{ ?person dip:name ?name }} }}
INSERT {{ GRAPH ?graph {{ ?person dip:fullName ?name }} }}
WHERE {{ GRAPH ?graph {{ ?person dip:name ?name }} }}
"""
ANA, BO = (Provenance(name, "https://example.org/letter", "To tell of friends.") for name in ("Ana", "Bo"))
CONFORMING = "dipid:graph-note { <urn:note> <urn:about> <urn:friends> }"
MIGRATED = "dipid:graph-ana { dipid:ana a dip:Person ; dip:name 'Ana' ; dip:knows dipid:eva . }"
TWO_FRIENDS = "dipid:graph-bo { dipid:bo a dip:Person ; dip:name 'Bo' ; dip:knows dipid:ana , dipid:eva . }"
DEPENDENT = "dipid:graph-cy { dipid:cy a dip:Person ; dip:name 'Cy' ; dip:knows dipid:bo . }"


def write_version(folder: Path, version: str, seed: str | None = None) -> Ontology:
    """Write a version of the ontology to a folder that is there or not."""
    header = f"<{iris.TERMS_GRAPH}> a owl:Ontology ; owl:versionInfo '{version}' ."
    files = {
        "diplomacy.ttl": f"{header} {_KEPT} {_TERMS[version]}",
        "diplomacy.shapes.ttl": _SHAPES[version],
        "seed/story.trig": seed or _SEED[version],
    }
    for name, text in files.items():
        path = folder / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(HEADER + text, encoding="utf-8")
    words = "contested-words.txt"  # which the gate reads
    shutil.copy(ontology_folder() / words, folder / words)
    if version == NEW:
        migration = folder / "migrations" / f"{NEW}.ru"
        migration.parent.mkdir(exist_ok=True)
        migration.write_text(MIGRATION, encoding="utf-8")
    return Ontology(folder)


def submission(text: str, supersedes: str | None = None) -> Submission:
    """Read a document of TriG."""
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"], supersedes=supersedes)


def add(store: Store, gate: Gate, text: str, by: Provenance = ANA) -> Outcome:
    """Submit a document of TriG."""
    return submissions.add(store, gate, submission(text), by)
