"""Event data sets: the coder, code book, terms of use and mapping of each."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass

from kg.importers.events import acled, gdelt, icews, plover, polecat
from kg.importers.events.reading import FilePart
from kg.importers.events.rows import Mapped


@dataclass(frozen=True)
class DataSet:
    """An event data set."""

    name: str
    coder: str
    """The name of its coder; ``name`` determines the coder's IRI."""
    scheme: str
    """The code book, among dipk:coding-schemes."""
    version: str
    rights: str
    mapped: Callable[[FilePart], Iterator[Mapped]]


DATA_SETS: Mapping[str, DataSet] = {
    each.name: each
    for each in (
        DataSet(
            *("gdelt", "GDELT Project", "cameo", "1.1b3"),
            "GDELT: unlimited use and redistribution, with citation of the GDELT Project.",
            gdelt.mapped,
        ),
        DataSet(
            *("icews", "ICEWS Coded Event Data", "cameo", "1.1b3"),
            "ICEWS: rows may not be redistributed; see the terms of its Dataverse.",
            icews.mapped,
        ),
        DataSet(
            *("polecat", "POLECAT (NGEC)", "plover", "0.8"),
            "POLECAT: research and education only; rows may not be redistributed.",
            polecat.mapped,
        ),
        DataSet(
            *("plover", "PLOVER records", "plover", "0.8"),
            "PLOVER records: the terms that the file states; its own gold standard is CC BY-SA 4.0.",
            plover.mapped,
        ),
        DataSet(
            *("acled", "ACLED", "acled", "2024"),
            "ACLED: raw rows may not be redistributed; cite with date of access and filters.",
            acled.mapped,
        ),
    )
}
