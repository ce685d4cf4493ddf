"""The format marker: written once, kept by backups, and read before anything is opened."""

import json
import shutil
from collections.abc import Callable
from pathlib import Path

import pytest

from kg.errors import Unavailable
from kg.ontology import Ontology
from kg.store import format_marker
from kg.store.backup import backup, restore
from kg.store.format_marker import FORMAT, FormatMarker
from kg.store.read_only import open_read_only
from kg.store.store import Store
from tests.support.stores import open_store


@pytest.fixture
def made(data: Path) -> Path:
    open_store(data, Ontology(data / "none")).close()
    return data


def write_marker(directory: Path, number: int) -> None:
    members = {"format": number, "software": "kg 9.1.0"}
    (directory / format_marker.FILE_NAME).write_text(json.dumps(members))


def test_a_fresh_directory_is_marked_with_format_and_program(made: Path) -> None:
    from kg import __version__

    assert format_marker.read(made) == FormatMarker(FORMAT, f"kg {__version__}")


def test_a_directory_without_marker_is_accepted_and_its_writer_marks_it(made: Path) -> None:
    marker = made / format_marker.FILE_NAME
    marker.unlink()
    assert open_read_only(made).version == 2
    assert not marker.exists()
    Store.open(made).close()
    assert format_marker.read(made).format == 1


OPENINGS: tuple[Callable[[Path], object], ...] = (
    Store.open,
    open_read_only,
    lambda data: backup(data, data.with_name("copy")),
    lambda data: restore(data, data.with_name("restored")),
)


@pytest.mark.parametrize("opening", OPENINGS)
@pytest.mark.parametrize(("number", "advice"), [(FORMAT + 1, "use kg 9.1.0 or newer"), (0, "run kg upgrade")])
def test_another_format_is_refused_with_what_to_do(
    made: Path, opening: Callable[[Path], object], number: int, advice: str
) -> None:
    write_marker(made, number)
    with pytest.raises(Unavailable, match=advice) as refusal:
        opening(made)
    assert f"format {number}" in refusal.value.detail


def test_a_marker_is_never_overwritten(made: Path) -> None:
    write_marker(made, FORMAT)
    Store.open(made).close()
    assert format_marker.read(made).software == "kg 9.1.0"


@pytest.mark.parametrize("text", ["", "[]", '{"format": "x"}', '{"format": 1}'])
def test_a_damaged_marker_is_refused(made: Path, text: str) -> None:
    (made / format_marker.FILE_NAME).write_text(text)
    with pytest.raises(Unavailable, match="damaged"):
        open_read_only(made)


def test_a_backup_and_what_is_restored_from_it_keep_the_marker(made: Path) -> None:
    write_marker(made, FORMAT)
    backup(made, made.with_name("copy"))
    shutil.rmtree(made)
    restore(made.with_name("copy"), made)
    assert format_marker.read(made) == FormatMarker(FORMAT, "kg 9.1.0")
