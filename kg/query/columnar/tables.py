"""Declarations of the tables of the record: which class, and which properties are its columns.

A row holds what one graph says about one record. The meaning of a column is that of its property in the
ontology.
"""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from enum import Enum

from kg.iris import TERMS
from kg.terms import DCTERMS, RDFS, SKOS


class ColumnForm(Enum):
    """Form of a column: one value or a list, of IRIs, texts or numbers.

    Texts in a language (``TEXTS``, ``WORDING``) have a column of their languages beside them.
    """

    IRIS = "IRIs"
    TEXTS = "texts in languages"
    WORDING = "a text in a language"
    VALUES = "values without a language"
    VALUE = "a value without a language"
    NUMBER = "DOUBLE"
    COUNT = "BIGINT"

    @property
    def is_list(self) -> bool:
        """True if a cell holds a list."""
        return self in (ColumnForm.IRIS, ColumnForm.TEXTS, ColumnForm.VALUES)

    @property
    def has_language(self) -> bool:
        """True if a column of languages stands beside it."""
        return self in (ColumnForm.TEXTS, ColumnForm.WORDING)


@dataclass(frozen=True)
class RecordColumn:
    """A column that holds the values of one property."""

    term: str
    form: ColumnForm
    namespace: str = TERMS
    called: str = ""

    @property
    def name(self) -> str:
        """The name of the column: by default that of the property, in lower case with underscores.

        >>> RecordColumn("madeBy", ColumnForm.IRIS).name
        'made_by'
        """
        return self.called or re.sub(r"(?<=[a-z])(?=[A-Z])", "_", self.term).lower()

    @property
    def iri(self) -> str:
        """The IRI of the property."""
        return self.namespace + self.term


@dataclass(frozen=True)
class RecordTable:
    """A table: the things of a class, with columns besides those that every table has.

    If a row is a claim or a judgement, ``claimant`` is the property that names its author. The time is that
    of ``dip:occursAt``; tables of things without a time of their own have no time columns.
    """

    name: str
    of_class: str
    columns: tuple[RecordColumn, ...]
    claimant: str = ""
    has_time: bool = True
    namespace: str = TERMS

    @property
    def of_class_iri(self) -> str:
        """The IRI of the class."""
        return self.namespace + self.of_class

    @property
    def all_columns(self) -> tuple[RecordColumn, ...]:
        """The table's own columns, and those that all tables share."""
        own = {column.term for column in self.columns}
        return self.columns + tuple(
            column
            for column in _SHARED
            if column.term not in own and (self.has_time or column.term != "occursAt")
        )


def _iris(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.IRIS) for term in terms)


def _texts(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.TEXTS) for term in terms)


def _values(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.VALUES) for term in terms)


def _value(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.VALUE) for term in terms)


def _counts(*terms: str) -> tuple[RecordColumn, ...]:
    return tuple(RecordColumn(term, ColumnForm.COUNT) for term in terms)


_RDFS, _SKOS = (class_.value.rpartition("#")[0] + "#" for class_ in (RDFS.LABEL, SKOS.NOTE))
_DCTERMS = DCTERMS.TITLE.value.removesuffix("title")
_SHARED = (
    *_iris("occursAt", "foundIn"),
    RecordColumn("label", ColumnForm.TEXTS, _RDFS, "names"),
    RecordColumn("altLabel", ColumnForm.TEXTS, _SKOS, "also_known_as"),
    RecordColumn("note", ColumnForm.TEXTS, _SKOS),
)
"""Columns of every table; the time columns only if its records have a time."""
_TITLE, _RIGHTS = (RecordColumn(term, ColumnForm.TEXTS, _DCTERMS) for term in ("title", "rights"))
_LICENCE = RecordColumn("license", ColumnForm.IRIS, _DCTERMS, "licence")
_ACT = _iris("hasTopic", "partOf", "follows", "sameDayAs", "respondsTo", "hasOccasion", "madeInOffice")
_HAPPENING = _iris("hasKind", "performedBy", "directedAt", "involves", "takesPlaceIn") + _ACT
_HAPPENING += _iris("madeWith", "hasQuantity") + _texts("outcome") + _values("duration")
_JUDGEMENT = _iris("assessedBy", "assesses", "concerns", "hasTopic")
_AMOUNT = RecordColumn("amount", ColumnForm.NUMBER)
_WORDS = _texts("quotation", "paraphrase")

TABLES: Mapping[str, RecordTable] = {
    table.name: table
    for table in (
        RecordTable(
            "submissions",
            "Submission",
            (
                _TITLE,
                RecordColumn("creator", ColumnForm.TEXTS, _DCTERMS),
                RecordColumn("source", ColumnForm.IRIS, _DCTERMS, "made_from"),
                _LICENCE,
                _RIGHTS,
            ),
            has_time=False,
        ),
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
            + _iris("versionOf", "predicts", "hasQuantity", "takesPlaceIn")
            + _ACT,
        ),
        RecordTable(
            "claims",
            "Claim",
            _iris("claimedBy")
            + _texts("content")
            + _values("contestedWord", "equivalentWord")
            + _iris("allegedActor", "allegedKind", "allegedTarget", "allegedPlace", "allegedTime")
            + _iris("concerns", "hasTopic", "hasQuantity")
            + _value("claimKey"),
            claimant="claimedBy",
            has_time=False,
        ),
        RecordTable(
            "prospective_acts",
            "ProspectiveAct",
            _iris("hasKind", "wouldBePerformedBy", "wouldBeDirectedAt", "hasTopic", "hasQuantity")
            + _texts("condition")
            + _values("duration"),
        ),
        RecordTable(
            "statuses",
            "StatusRecord",
            _iris("appliesTo", "hasStatus", "heldBy", "settledBy", "hasDeadline") + _values("duration"),
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
            _JUDGEMENT
            + _iris("heldBy", "toward", "hasMode", "position", "exceeds", "predicts", "givesReasonFor")
            + _WORDS,
            claimant="assessedBy",
        ),
        RecordTable(
            "codings",
            "EventCoding",
            _JUDGEMENT
            + _iris("usesScheme", "restsOn", "predicts", "givesReasonFor")
            + _value("schemeVersion", "code")
            + (RecordColumn("intensity", ColumnForm.NUMBER),),
            claimant="assessedBy",
        ),
        RecordTable(
            "other_assessments",
            "Assessment",
            _JUDGEMENT
            + _iris("hasTone", "hasVerdict", "comparedWith", "predicts", "exceeds", "givesReasonFor")
            + _iris("follows")
            + _texts("meaning")
            + _WORDS
            + _texts("inferenceNote"),
            claimant="assessedBy",
        ),
        RecordTable(
            "sources",
            "Source",
            _iris("hasKind", "publishedBy", "cites")
            + _values("url")
            + _value("textHash")
            + _counts("textLength")
            + (_TITLE, _LICENCE, _RIGHTS),
        ),
        RecordTable(
            "passages",
            "Passage",
            _iris("occursIn")
            + _value("exactText", "prefix", "suffix", "exactHash")
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
            "kinds",
            "Concept",
            (
                *(RecordColumn(term, ColumnForm.TEXTS, _SKOS) for term in ("prefLabel", "definition")),
                *(RecordColumn(term, ColumnForm.IRIS, _SKOS) for term in ("broader", "inScheme")),
            ),
            has_time=False,
            namespace=_SKOS,
        ),
        RecordTable(
            "designations",
            "CodedActor",
            _values("codedName", "sector") + _value("actorCode", "countryCode"),
            has_time=False,
        ),
        RecordTable(
            "resolutions",
            "ActorResolution",
            _iris("assessedBy", "assesses", "resolvesTo", "hasVerdict")
            + _texts("inferenceNote")
            + (RecordColumn("score", ColumnForm.NUMBER),),
            claimant="assessedBy",
            has_time=False,
        ),
        RecordTable(
            "symbolic_objects", "SymbolicObject", _iris("hasKind", "bears", "partOf"), has_time=False
        ),
        RecordTable("inscriptions", "Inscription", _iris("adaptedFrom") + _texts("text"), has_time=False),
        RecordTable(
            "time_spans",
            "TimeSpan",
            (
                RecordColumn("dateAsWritten", ColumnForm.WORDING),
                *_value("date", "earliest", "latest"),
                *_iris("hasPrecision", "dateBasis"),
                *_texts("inferenceNote"),
            ),
            has_time=False,
        ),
    )
}
"""The tables of the record, by name."""
