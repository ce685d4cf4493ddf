"""Declarations of the tables of the record: which class, and which properties are its columns.

A row is what one graph says of one record. The meaning of a column is that of its property in the ontology.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from kg.iris import TERMS


class ColumnForm(Enum):
    """What the values of a property become: a list or one value, of IRIs, texts, numbers or days."""

    IRIS = "VARCHAR[]"
    TEXTS = "VARCHAR[] "
    TEXT = "VARCHAR"
    NUMBER = "DOUBLE"
    COUNT = "BIGINT"


@dataclass(frozen=True)
class RecordColumn:
    """A column that holds the values of one property."""

    term: str
    form: ColumnForm

    @property
    def name(self) -> str:
        """The name of the column: that of the property, in small letters.

        >>> RecordColumn("madeBy", ColumnForm.IRIS).name
        'made_by'
        """
        return re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.term).lower()

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return TERMS + self.term


@dataclass(frozen=True)
class RecordTable:
    """A table: the things of a class, with columns beside those that every table has.

    ``claimant`` is the property that names whose claim or judgement a row is, if it is one. The time is that
    of ``dip:occursAt``; tables of what has no time of its own lack its columns.
    """

    name: str
    of_class: str
    columns: tuple[RecordColumn, ...]
    claimant: str = ""
    has_time: bool = True

    @property
    def of_class_iri(self) -> str:
        """The IRI of the class."""
        return TERMS + self.of_class


def _iris(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.IRIS) for term in terms)


def _texts(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.TEXTS) for term in terms)


def _text(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.TEXT) for term in terms)


def _counts(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.COUNT) for term in terms)


_ACT = _iris("hasTopic", "partOf", "follows", "sameDayAs", "respondsTo", "hasOccasion", "madeInOffice")
_HAPPENING = _iris("hasKind", "performedBy", "directedAt", "involves", "takesPlaceIn") + _ACT
_HAPPENING += _iris("madeWith", "hasQuantity") + _texts("outcome", "duration")
_JUDGEMENT = _iris("assessedBy", "assesses", "concerns", "hasTopic")
_AMOUNT = RecordColumn("amount", ColumnForm.NUMBER)
_WORDS = _texts("quotation", "paraphrase")

TABLES: Mapping[str, RecordTable] = {
    table.name: table
    for table in (
        RecordTable(
            "actors",
            "Actor",
            _iris("hasKind", "speaksFor", "governs", "partOf", "wikidataItem"),
            has_time=False,
        ),
        RecordTable(
            "offices", "Office", _iris("hasKind", "officeOf", "partOf", "wikidataItem"), has_time=False
        ),
        RecordTable(
            "office_holdings",
            "OfficeHolding",
            _iris("heldBy", "holdsOffice", "startsAt", "attestedAt", "endsAt"),
            has_time=False,
        ),
        RecordTable(
            "places",
            "Place",
            _iris("hasKind", "partOf", "wikidataItem"),
            has_time=False,
        ),
        RecordTable(
            "events",
            "Event",
            _HAPPENING + _iris("refuses", "hostedBy", "carries", "departsFrom", "boundFor", "recordedIn"),
        ),
        RecordTable(
            "gestures",
            "Gesture",
            _HAPPENING + _iris("givenBy", "receivedBy", "inscriptionBefore", "inscriptionAfter"),
        ),
        RecordTable(
            "statements",
            "Statement",
            _iris("madeBy", "addressedTo", "concerns", "hasKind", "hasMedium")
            + _WORDS
            + _iris("advances", "denies", "holdsOut", "asksFor", "announces", "givesReasonFor", "disclaims")
            + _iris("versionOf", "predicts", "hasQuantity")
            + _ACT,
        ),
        RecordTable(
            "claims",
            "Claim",
            _iris("claimedBy")
            + _texts("content", "contestedWord", "equivalentWord")
            + _iris("allegedActor", "allegedKind", "allegedTarget", "allegedPlace", "allegedTime")
            + _iris("concerns", "hasTopic", "hasQuantity")
            + _text("claimKey"),
            claimant="claimedBy",
            has_time=False,
        ),
        RecordTable(
            "prospective_acts",
            "ProspectiveAct",
            _iris("hasKind", "wouldBePerformedBy", "wouldBeDirectedAt", "hasTopic", "hasQuantity")
            + _texts("condition", "duration"),
        ),
        RecordTable(
            "statuses",
            "StatusRecord",
            _iris("appliesTo", "hasStatus", "heldBy", "settledBy", "hasDeadline") + _texts("duration"),
            claimant="heldBy",
        ),
        RecordTable(
            "participations",
            "Participation",
            _iris("heldBy", "takesPartIn", "hasKind"),
            has_time=False,
        ),
        RecordTable(
            "quantities",
            "Quantity",
            (
                RecordColumn("amount", ColumnForm.NUMBER),
                *_texts("unit", "amountAsWritten"),
                *_iris("hasKind"),
            ),
            has_time=False,
        ),
        RecordTable(
            "accounts",
            "Account",
            _iris("recounts", "heldBy", "comprises", "givenIn") + _texts("inferenceNote"),
            claimant="heldBy",
            has_time=False,
        ),
        RecordTable("disputed_points", "DisputedPoint", _iris("concerns", "disputes"), has_time=False),
        RecordTable(
            "stances",
            "Stance",
            _JUDGEMENT + _iris("heldBy", "toward", "hasMode", "position", "exceeds") + _WORDS,
            claimant="assessedBy",
        ),
        RecordTable(
            "codings",
            "EventCoding",
            _JUDGEMENT
            + _iris("usesScheme", "restsOn")
            + _text("schemeVersion", "code")
            + (RecordColumn("intensity", ColumnForm.NUMBER),),
            claimant="assessedBy",
        ),
        RecordTable(
            "other_assessments",
            "Assessment",
            _JUDGEMENT
            + _iris("hasTone", "hasVerdict", "comparedWith", "predicts", "exceeds", "givesReasonFor")
            + _texts("meaning")
            + _WORDS
            + _texts("inferenceNote"),
            claimant="assessedBy",
        ),
        RecordTable(
            "sources",
            "Source",
            _iris("hasKind", "publishedBy", "cites")
            + _texts("url")
            + _text("textHash")
            + _counts("textLength"),
        ),
        RecordTable(
            "passages",
            "Passage",
            _iris("occursIn")
            + _text("exactText", "prefix", "suffix", "exactHash")
            + _counts("startOffset", "endOffset"),
            has_time=False,
        ),
        RecordTable(
            "reports",
            "Report",
            _iris("reports", "foundIn", "seenIn", "quotes", "hedgedAs", "basedOn", "relayedThrough")
            + _iris("hasTopic")
            + _texts("qualifier", "inferenceNote"),
            has_time=False,
        ),
        RecordTable(
            "symbolic_objects", "SymbolicObject", _iris("hasKind", "bears", "partOf"), has_time=False
        ),
        RecordTable("inscriptions", "Inscription", _iris("adaptedFrom") + _texts("text"), has_time=False),
        RecordTable(
            "time_spans",
            "TimeSpan",
            _text("date", "dateAsWritten", "earliest", "latest")
            + _iris("hasPrecision", "dateBasis")
            + _texts("inferenceNote"),
            has_time=False,
        ),
    )
}
"""The tables of the record, by name."""
