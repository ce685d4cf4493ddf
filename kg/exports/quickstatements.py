"""QuickStatements writer (version 1): offices of persons, for Wikidata.

A line states that a person held an office (P39), with start (P580) and end (P582) at their known precision,
and the URL of the source (S854). Only reviewed and undisputed facts are written: curators have found the
items of person and office, and no judgement of identity rejects them; at least one source with a URL, other
than Wikidata, reports the tenure plainly and on its own authority. Claims, statements, stances and codings
are never written. A line ends with a comment on version and licence.
"""

import re
from collections.abc import Iterator
from itertools import chain

from pyoxigraph import NamedNode

from kg.exports import chunks
from kg.exports.edition import LICENCE_NAME
from kg.exports.extract import Extract
from kg.exports.records import Records, Time
from kg.terms import DIP, DIPK

_ITEM = re.compile(r"https?://www\.wikidata\.org/(?:entity|wiki)/(Q[1-9][0-9]*)")
_OF_WIKIDATA = re.compile(r"https?://(?:[a-z-]+\.)*wiki(?:data|pedia|media)\.org/", re.IGNORECASE)
_PLAIN = (DIPK.OWN_VOICE, DIPK.ANNOUNCED_BY_PERFORMER, DIPK.RECORDED_AS_DATA)
_PRECISIONS = {4: "9", 7: "10", 10: "11"}
"""Wikidata's codes for the precisions year, month and day, by the length of the date's text."""


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    return chunks.gather(_lines(extract))


def _lines(extract: Extract) -> Iterator[str]:
    about = f"Regional diplomacy {extract.edition.name}, {LICENCE_NAME}" if extract.edition else ""
    records = Records(extract)
    for tenure in records.of(DIP.OFFICE_HOLDING):
        addresses = [*_addresses(records, tenure)]
        persons = chain.from_iterable(_items(records, each) for each in records.things(tenure, DIP.HELD_BY))
        offices = [
            *chain.from_iterable(_items(records, each) for each in records.things(tenure, DIP.HOLDS_OFFICE))
        ]
        for person in persons if addresses else ():
            for office in offices:
                fields = [person, "P39", office, *_times(records, tenure), *_references(addresses)]
                yield "\t".join(fields) + (f" /* {about} */" if about else "") + "\n"


def _items(records: Records, thing: NamedNode) -> Iterator[str]:
    """Yield the Wikidata item of a thing, if it has exactly one and no judgement rejects it."""
    items = [
        match[1]
        for each in records.things(thing, DIP.WIKIDATA_ITEM)
        if (match := _ITEM.fullmatch(each.value))
    ]
    if len(items) == 1 and not _is_doubted(records, thing):
        yield items[0]


def _is_doubted(records: Records, thing: NamedNode) -> bool:
    """Return True if a judgement of identity other than "same" concerns a thing."""
    judged = (*records.pointing(DIP.ASSESSES, thing), *records.pointing(DIP.COMPARED_WITH, thing))
    verdicts = [records.things(each, DIP.HAS_VERDICT) for each in judged]
    return any(found and found != [DIPK.SAME] for found in verdicts)


def _addresses(records: Records, tenure: NamedNode) -> Iterator[str]:
    """Yield the URLs of sources that report a tenure plainly and on their own authority."""
    for report in records.pointing(DIP.REPORTS, tenure):
        is_plain = records.things(report, DIP.HEDGED_AS) == [DIPK.PLAIN]
        bases = records.things(report, DIP.BASED_ON)
        if is_plain and bases and all(base in _PLAIN for base in bases):
            for source in records.things(report, DIP.FOUND_IN):
                address = records.text(source, DIP.URL)
                if address.startswith(("http://", "https://")) and not _OF_WIKIDATA.match(address):
                    yield address


def _times(records: Records, tenure: NamedNode) -> Iterator[str]:
    for item, predicate in (("P580", DIP.STARTS_AT), ("P582", DIP.ENDS_AT)):
        if time := _time(records.when(tenure, predicate)):
            yield from (item, time)


def _time(time: Time) -> str:
    """Return a date at its known precision; empty for a date with bounds only.

    >>> _time(Time("2026-02")), _time(Time(earliest="2026-01-01"))
    ('+2026-02-00T00:00:00Z/10', '')
    """
    if len(time.date) not in _PRECISIONS or not time.date.replace("-", "").isdigit():
        return ""
    return f"+{time.date}{'-00' * (3 - len(time.date.split('-')))}T00:00:00Z/{_PRECISIONS[len(time.date)]}"


def _references(addresses: list[str]) -> Iterator[str]:
    """Yield the first URL as reference; QuickStatements gives a line one reference."""
    yield from ("S854", '"' + addresses[0].replace('"', "%22") + '"')
