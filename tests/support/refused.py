"""Submissions that are refused, each a file of tests/refusals/ with the very report beside it.

The report is in ``<name>.txt``: English, an empty line, Spanish. ``python -m tests.support.refused`` writes
those that are missing (``--again``: all), to be read with one's own eyes before they are committed.
"""

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from kg import ontology
from kg.changes import Quads
from kg.errors import KGError
from kg.facts import submissions
from kg.formats import from_path
from kg.gate import reports
from kg.gate.gate import Gate
from kg.gate.reports import Report
from kg.gate.rules.wording import LANGUAGES
from kg.importers.catalogue import FACTS_FORMATS
from tests.support.stores import open_store

FOLDER = Path(__file__).parents[1] / "refusals"


def refused() -> list[Path]:
    """Name all the submissions."""
    return sorted(file for file in FOLDER.rglob("*.*") if file.suffix != ".txt")


def report_of(data: bytes, file_name: str | Path, store: Quads, gate: Gate) -> Report | KGError:
    """Judge a submission, the way any goes; the error where it cannot be read."""
    try:
        return submissions.check(store, gate, submissions.parse(data, from_path(file_name, FACTS_FORMATS)))
    except KGError as refusal:
        return refusal


def said_of(report: Report | KGError) -> str:
    """Say what is wrong, in each language."""
    if isinstance(report, KGError):
        return "\n".join(f"{report.in_language(language)}\n" for language in LANGUAGES)
    return "\n".join(reports.as_text(report, language) for language in LANGUAGES)


def write(*, again: bool) -> None:
    """Write the reports that are not there yet, or all again, and show those that are new."""
    release = ontology.load()
    gate = Gate.of(release)
    with TemporaryDirectory() as folder, open_store(Path(folder), release) as store:
        for file in refused():
            beside = file.with_name(f"{file.name}.txt")
            before = beside.read_text(encoding="utf-8") if beside.exists() else ""
            said = before
            if again or not before:
                said = said_of(report_of(file.read_bytes(), file, store, gate))
            if said != before:
                beside.write_text(said, encoding="utf-8")
                print(f"{file.relative_to(FOLDER)}\n{said}")


if __name__ == "__main__":
    write(again="--again" in sys.argv)
