"""PLOVER records in JSON, one per line or in an array, with the names of version 0.5 or the current ones.

A record with several events becomes several rows. Records of PLOVER's own gold standard are refused: they are
edited examples, not history.
"""

from collections.abc import Iterator, Mapping
from datetime import date
from decimal import Decimal, InvalidOperation
from typing import Any

from kg.importers.events import records
from kg.importers.events.countries import countries
from kg.importers.events.plover_codes import code, contexts, is_exact
from kg.importers.events.reading import FilePart
from kg.importers.events.rows import Mapped
from kg.importers.events.several import CodedParty, listed
from kg.importers.events.tables_of_records import RecordPlace, RecordRow, RecordRows

_SAMPLE = "PLOVER-GSR"
_Fields = Mapping[str, Any]


def mapped(part: FilePart) -> Iterator[Mapped]:
    """Map a file of records."""
    for batch in records.batches(records.of_json(part.name, part.stream)):
        rows = RecordRows("plover")
        for line, text, record in batch:
            try:
                if isinstance(record, str):
                    raise ValueError(record)
                rows.taken.extend(_rows(line, text, record, rows))
            except (ValueError, TypeError, AttributeError) as fault:
                rows.refused.append((line, _reason(fault), text))
        yield rows.mapped()


def _reason(fault: Exception) -> str:
    return (
        str(fault)
        if isinstance(fault, ValueError)
        else "a field of the record has a form that PLOVER does not define"
    )


def _rows(line: int, text: str, record: _Fields, rows: RecordRows) -> Iterator[RecordRow]:
    name = str(record.get("id") or "")
    if not name:
        raise ValueError("the record has no id")
    if name.startswith(_SAMPLE):
        raise ValueError("a record of the gold standard is an edited example, not a real event")
    day = _day(record.get("date"))
    actors = _parties(record.get("actor", record.get("source")))
    targets = _parties(record.get("recipient", record.get("target")))
    if not (actors or targets):
        raise ValueError("the record names no actor")
    events = _strings(record.get("event"))
    if not events:
        raise ValueError("the record has no event")
    context_concepts, strange = contexts(_strings(record.get("context")))
    rows.notes["contexts that PLOVER does not define"] += strange
    where, scale, story = (
        _place(record.get("event_loc", record.get("eventLoc"))),
        _scale(record),
        _story(record),
    )
    coded = [_code(event, _strings(record.get("mode")), rows) for event in events]
    for number, concept in enumerate(coded, 1):
        own = name if len(events) == 1 else f"{name}-{number}"
        yield RecordRow(
            *(line, text, own, concept, day, actors, targets, context_concepts, where, scale, story)
        )


def _code(event: str, modes: list[str], rows: RecordRows) -> str:
    concept = code(event, modes)
    if concept is None:
        raise ValueError(f"'{event[:60]}' is not a PLOVER event type")
    if not is_exact(event, modes, concept):
        rows.notes["coded by event type only, because the row has no PLOVER mode, or several"] += 1
    return concept


def _day(value: object) -> date:
    try:
        return date.fromisoformat(str(value or ""))
    except ValueError:
        raise ValueError(f"'{str(value or '')[:60]}' is not a valid date in the form 2023-01-31") from None


def _strings(value: object) -> list[str]:
    """Return the texts of a text, a list of texts, or a list written as text."""
    if isinstance(value, str):
        return [each for each in listed(value.replace(",", ";")) if each]
    return [str(each) for each in value if each] if isinstance(value, list) else []


def _parties(value: object) -> list[CodedParty]:
    """Return the parties of a field: an object, a text, or a list of either."""
    items = value if isinstance(value, list) else [value]
    found = (_party(each) for each in items if each)
    return [each for each in found if each.name or each.code]


def _party(value: Any) -> CodedParty:  # any JSON value
    if isinstance(value, str):
        return CodedParty(code=value, country=countries().by_cameo.get(value[:3]))
    code_, sectors = value.get("code"), _strings(value.get("sector"))
    name = value.get("identifier_text") or value.get("entity_text") or value.get("actorText")
    country = countries().by_cameo.get(str(code_ or "")[:3])
    return CodedParty(
        str(name) if name else None, str(code_) if code_ else None, country, tuple(sorted(sectors))
    )


def _place(value: Any) -> RecordPlace | None:  # any JSON value
    if isinstance(value, str):
        return RecordPlace(value) if value.strip() else None
    if not isinstance(value, dict):
        return None
    name = value.get("resolved_place") or value.get("extracted_place")
    letters = str(value.get("country_code") or "")
    country = countries().by_two.get(letters) or countries().by_cameo.get(letters)
    spot = (str(value[key]) if value.get(key) is not None else None for key in ("lat", "lon"))
    return RecordPlace(str(name), country, *spot) if name else None


def _scale(record: _Fields) -> str | None:
    value = record.get("event_scale")
    if value in (None, ""):
        return None
    try:
        scale = Decimal(str(value))
    except InvalidOperation:
        raise ValueError(f"'{value}' is not a valid intensity") from None
    if not abs(scale) <= 10:
        raise ValueError(f"'{value}' is outside the scale, -10 to 10")
    return format(scale, "f")


def _story(record: _Fields) -> str | None:
    cited = record.get("cite_info")
    found = record.get("link") or (cited.get("url") if isinstance(cited, dict) else None)
    return str(found) if found else None
