"""Each migration of the ontology says why, belongs to a version, and turns its sample into the other."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from pyoxigraph import Quad, RdfFormat, parse

from kg import ontology, scratch
from kg.errors import KGError
from kg.facts import migrations
from kg.ontology import Ontology, OntologyVersion
from tests.support.two_versions import NEW, OLD, write_version

SAMPLES = Path(__file__).parents[1] / "migrations"
FIRST = OntologyVersion(0, 0, 0)
BEFORE = "<urn:g> { <urn:ana> <https://w3id.org/regional-diplomacy/terms#name> 'Ana' }"


def faults(release: Ontology, samples: Path) -> Iterator[str]:
    """Say what is wrong with the migrations of a release and their samples."""
    files = set((release.folder / migrations.FOLDER).glob("*.ru"))
    assert release.version is not None
    known = migrations.between(release, FIRST, release.version)
    yield from (f"{path.name} leads beyond the ontology" for path in files - {each.path for each in known})
    names = {str(each.version) for each in known}
    yield from (f"{path.name} has no migration" for path in samples.glob("*") if path.name not in names)
    for migration in known:
        if not migration.path.read_text(encoding="utf-8").startswith("# "):
            yield f"{migration.path.name} does not say why"
        if not (samples / str(migration.version)).is_dir():
            yield f"{migration.path.name} has no sample"
        elif not is_right(migration, samples / str(migration.version)):
            yield f"{migration.path.name} does not turn its sample into the other"


def is_right(migration: migrations.Migration, sample: Path) -> bool:
    before, after = (read(sample / f"{name}.trig") for name in ("before", "after"))
    graphs = {str(quad.graph_name).strip("<>") for quad in before}
    delta = migrations.migrate(scratch.filled(before), graphs, [migration])
    return before != after and (before - set(delta.removed)) | set(delta.added) == after


def read(path: Path) -> set[Quad]:
    return set(parse(path=path, format=RdfFormat.TRIG))


def write_sample(samples: Path, version: str, after: str) -> None:
    (samples / version).mkdir(parents=True)
    (samples / version / "before.trig").write_text(BEFORE, encoding="utf-8")
    (samples / version / "after.trig").write_text(after, encoding="utf-8")


def test_the_migrations_of_the_ontology_are_tested() -> None:
    assert list(faults(ontology.load(), SAMPLES)) == []


def test_a_migration_that_is_right_has_no_fault(tmp_path: Path) -> None:
    release = write_version(tmp_path / "ontology", NEW)
    write_sample(tmp_path / "samples", NEW, BEFORE.replace("#name", "#fullName"))
    assert list(faults(release, tmp_path / "samples")) == []


@pytest.mark.parametrize("after", [BEFORE, "<urn:other> { <urn:a> <urn:b> 1 }"])
def test_a_migration_that_makes_something_else_is_found(tmp_path: Path, after: str) -> None:
    release = write_version(tmp_path / "ontology", NEW)
    write_sample(tmp_path / "samples", NEW, after)
    assert list(faults(release, tmp_path / "samples")) == [
        f"{NEW}.ru does not turn its sample into the other"
    ]


def test_what_lacks_a_sample_a_reason_or_a_version_is_found(tmp_path: Path) -> None:
    release = write_version(tmp_path / "ontology", NEW)
    folder = release.folder / migrations.FOLDER
    (folder / f"{NEW}.ru").write_text((folder / f"{NEW}.ru").read_text().partition("\n")[2])
    (folder / "0.3.0.ru").write_text("# For a version to come.\n")
    write_sample(tmp_path / "samples", OLD, BEFORE)
    assert set(faults(release, tmp_path / "samples")) == {
        "0.3.0.ru leads beyond the ontology",
        f"{OLD} has no migration",
        f"{NEW}.ru does not say why",
        f"{NEW}.ru has no sample",
    }


@pytest.mark.parametrize("text", ["DELETE WHERE { ?s ?p", "INSERT DATA { <urn:a> <urn:b> <urn:c> }"])
def test_a_file_that_is_no_migration_is_refused(tmp_path: Path, text: str) -> None:
    path = tmp_path / "0.2.0.ru"
    path.write_text(text)
    with pytest.raises(KGError, match=r"0\.2\.0\.ru"):
        migrations.migrate(scratch.filled(), [], [migrations.Migration(OntologyVersion.parse("0.2.0"), path)])
