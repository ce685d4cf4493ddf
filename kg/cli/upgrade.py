"""The command upgrade: upgrades a data directory to another major version of the ontology."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, NoReturn

import typer

from kg.cli import output
from kg.cli.options import Data
from kg.cli.reaching import directory
from kg.errors import NotFound
from kg.iris import compact

if TYPE_CHECKING:
    from kg.gate.reports import Report
    from kg.ontology import Ontology, OntologyVersion
    from kg.store.store import Store

MOST_FAULTS = 3
"""Maximum faults listed for one graph."""


def upgrade(
    place: Annotated[
        Path | None, typer.Argument(metavar="DIR", help="The data directory; else that of --data.")
    ] = None,
    data: Data = None,
    backup_to: Annotated[
        Path | None,
        typer.Option(
            "--backup", metavar="DIR", help="Directory for a backup, made first.", show_default="beside it"
        ),
    ] = None,
    quarantine: Annotated[
        bool, typer.Option("--quarantine", help="Move graphs that no longer conform to the quarantine.")
    ] = False,
) -> None:
    """Upgrade the data directory to this program's ontology.

    Migrates the stored facts, checks them against the new shapes, copies the directory and makes one commit.
    If graphs no longer conform, lists them and changes nothing:
    kg upgrade data --backup backups/before-upgrade
    """
    from kg import ontology
    from kg.facts import releases
    from kg.store import format_marker
    from kg.store.store import Store

    target = place or directory(data)
    if not any((target / name).exists() for name in ("store", format_marker.STORE_OF_FORMAT_1)):
        raise NotFound(f"{target} holds no graph yet, so there is nothing to upgrade.")
    format_marker.upgrade(target)
    release = ontology.load()
    with Store.open(target) as store:
        step = releases.major_step(store, release)
        if step and step[0] < step[1]:
            _upgrade(store, release, step, backup_to, quarantine=quarantine)
        else:
            releases.bring_up_to_date(store, release)
            output.print_message(f"{target} has ontology {release.version}, in version {store.version}.")


def _upgrade(
    store: "Store",
    release: "Ontology",
    step: "tuple[OntologyVersion, OntologyVersion]",
    backup_to: Path | None,
    *,
    quarantine: bool,
) -> None:
    from kg.facts import upgrade as upgrades
    from kg.facts.quarantine import Quarantine
    from kg.gate.gate import Gate
    from kg.store import backup

    with output.working("Migrating"):
        prepared = upgrades.prepare(store, release, *step)
    with output.working("Checking all facts"):
        rejected = upgrades.judge(store, Gate.of(release), prepared)
    if rejected and not quarantine:
        _refuse(rejected, step[1])
    copy = backup_to or _beside(store.directory, str(step[1]))
    with output.working(f"Copying to {copy}"):
        backup.backup_of(store, copy)
    with output.working("Writing"):
        commit = upgrades.commit(store, prepared, rejected, Quarantine(store.directory))
    output.print_message(
        f"Upgraded to ontology {step[1]} in version {commit.version}; {copy} holds the previous state."
    )
    if rejected:
        output.print_message("Moved to the quarantine (see kg quarantine):")
        output.send(lambda file: file.writelines(f"{graph}\n".encode() for graph in rejected))


def _refuse(rejected: "Mapping[str, Report]", version: "OntologyVersion") -> NoReturn:
    output.send(lambda file: file.writelines(f"{line}\n".encode() for line in _lines(rejected)))
    output.print_message(
        f"Nothing was changed: with ontology {version} these graphs would not conform."
        " kg upgrade --quarantine moves them to the quarantine, where you can fix them."
    )
    raise typer.Exit(1)


def _beside(target: Path, version: str) -> Path:
    """Return an unused path for the backup, beside the data directory."""
    whole = target.resolve()
    path = whole.with_name(f"{whole.name}.before-{version}")
    number = 2
    free = path
    while free.exists():
        free = path.with_name(f"{path.name}-{number}")
        number += 1
    return free


def _lines(rejected: "Mapping[str, Report]") -> Iterator[str]:
    for graph, report in rejected.items():
        yield compact(graph)
        sentences = list(dict.fromkeys(violation.sentence() for violation in report.errors))
        yield from (f"  {sentence}" for sentence in sentences[:MOST_FAULTS])
        if len(sentences) > MOST_FAULTS:
            yield f"  ... and {len(sentences) - MOST_FAULTS} more"
