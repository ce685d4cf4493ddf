"""ACLED CSV exports: quoted text with commas and line breaks, a byte order mark, and dates in two forms.

Actor 1 and actor 2 become actor and target, because rows have these two roles; ACLED implies no direction.
"""

import re
from collections.abc import Iterator, Mapping
from datetime import date, datetime
from typing import Any

from kg.importers.events import records
from kg.importers.events.codes import codes
from kg.importers.events.countries import countries
from kg.importers.events.reading import FilePart
from kg.importers.events.rows import Mapped
from kg.importers.events.several import CodedParty
from kg.importers.events.tables_of_records import RecordPlace, RecordRow, RecordRows

_ASKED = (
    *("event_id_cnty", "event_date", "event_type", "sub_event_type", "actor1", "actor2"),
    *("country", "location", "latitude", "longitude"),
)
_OF_A_COUNTRY = re.compile(r"^(Military|Police) Forces of (.+?) \(")
_ROLES = {"Military": "MIL", "Police": "COP"}


def mapped(part: FilePart) -> Iterator[Mapped]:
    """Map an export."""
    for batch in records.batches(records.of_csv(part.name, part.stream, _ASKED)):
        rows = RecordRows("acled")
        for line, text, record in batch:
            try:
                if isinstance(record, str):
                    raise ValueError(record)
                rows.taken.append(_row(line, text, record))
            except ValueError as fault:
                rows.refused.append((line, str(fault), text))
        yield rows.mapped()


def _row(line: int, text: str, record: Mapping[str, Any]) -> RecordRow:
    if not record["event_id_cnty"]:
        raise ValueError("the row has no event id")
    actors, targets = (_party(record[name]) for name in ("actor1", "actor2"))
    if not (actors or targets):
        raise ValueError("the row names no actor")
    country = countries().by_name.get(record["country"].casefold())
    name = ", ".join(filter(None, (record["location"], record["country"])))
    place = (
        RecordPlace(name, country, record["latitude"] or None, record["longitude"] or None) if name else None
    )
    return RecordRow(
        *(line, text, record["event_id_cnty"], _code(record), _day(record["event_date"]), actors, targets),
        place=place,
    )


def _code(record: Mapping[str, Any]) -> str:
    concepts = codes("acled-codes")
    narrow, wide = record["sub_event_type"], record["event_type"]
    if found := concepts.get(narrow) or concepts.get(wide):
        return found
    raise ValueError(f"'{(narrow or wide)[:60]}' is not an ACLED event type")


def _day(text: str) -> date:
    for form in ("%Y-%m-%d", "%d %B %Y"):
        try:
            return datetime.strptime(text, form).date()  # a day has no time zone
        except ValueError:
            continue
    raise ValueError(f"'{text[:60]}' is not a valid date; write it as 2022-06-30 or 30 June 2022")


def _party(name: str) -> tuple[CodedParty, ...]:
    if not name:
        return ()
    match = _OF_A_COUNTRY.match(name)
    country = countries().by_name.get(match[2].casefold()) if match else None
    return (CodedParty(name, None, country, (_ROLES[match[1]],) if match else ("other",)),)
