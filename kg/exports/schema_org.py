"""schema.org writer: JSON-LD with Person, Event, Quotation, Claim and related types.

A claim stays a claim: its ``author`` is the claimant, its ``text`` the words; the alleged act is not an
event. A source's wording (hedge, basis) is under ``additionalProperty``. The context is in the document, so
that readers need not fetch it.
"""

import json
from collections.abc import Iterator, Mapping
from itertools import chain
from typing import TypeAlias

from pyoxigraph import NamedNode

from kg.errors import JSON
from kg.exports import chunks
from kg.exports.edition import AUTHOR, DESCRIPTION, LICENCE, TITLE, Edition
from kg.exports.extract import Extract
from kg.exports.records import Records
from kg.terms import DCTERMS, DIP

_CONTEXT = {"@vocab": "https://schema.org/", "id": "@id", "type": "@type"}
_ACTORS = {
    "Person": "Person",
    "State": "Country",
    "Government": "GovernmentOrganization",
    "Outlet": "NewsMediaOrganization",
    "Region": "Place",
}
_OTHER_ACTOR = "Organization"
Members: TypeAlias = dict[str, JSON]


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    nodes = chain(_dataset(extract.edition), _Describer(Records(extract)).nodes())
    pieces = (("" if number == 0 else ",\n") + _text(node) for number, node in enumerate(nodes))
    begin = f'{{"@context":{_text(_CONTEXT)},\n"@graph":[\n'
    return chunks.gather(chain([begin], pieces, ["\n]}\n"]))


def _dataset(edition: Edition | None) -> Iterator[Members]:
    if edition:
        yield {
            "type": "Dataset",
            "name": TITLE,
            "description": DESCRIPTION,
            "version": edition.name,
            "dateModified": edition.time,
            "license": LICENCE,
            "creditText": edition.citation,
            "creator": {"type": "Organization", "name": AUTHOR},
        }


class _Describer:
    """Describes the records of an extract."""

    def __init__(self, records: Records) -> None:
        self._records = records
        self._gestures = frozenset(records.of(DIP.GESTURE))

    def nodes(self) -> Iterator[Members]:
        """Yield the nodes: actors, places, sources, statements, claims, happenings."""
        for heads, describe in (
            ((DIP.ACTOR,), self._actor),
            ((DIP.PLACE,), self._place),
            ((DIP.SOURCE,), self._source),
            ((DIP.STATEMENT,), self._statement),
            ((DIP.CLAIM,), self._claim),
            ((DIP.HAPPENING,), self._happening),
        ):
            for node in self._records.of(*heads):
                yield {name: value for name, value in describe(node).items() if value not in ("", [], None)}

    def _actor(self, node: NamedNode) -> Members:
        kind = _ACTORS.get(self._records.class_name(node), _OTHER_ACTOR)
        return self._named(node, kind) | {"sameAs": self._ids(node, DIP.WIKIDATA_ITEM)}

    def _place(self, node: NamedNode) -> Members:
        return self._named(node, "Place") | {"sameAs": self._ids(node, DIP.WIKIDATA_ITEM)}

    def _source(self, node: NamedNode) -> Members:
        return self._named(node, "CreativeWork") | {
            "publisher": self._links(node, DIP.PUBLISHED_BY),
            "citation": self._links(node, DIP.CITES),
            "url": self._records.text(node, DIP.URL),
            "datePublished": self._records.when(node).date,
            "license": self._records.text(node, DCTERMS.LICENSE) or self._ids(node, DCTERMS.LICENSE),
        }

    def _statement(self, node: NamedNode) -> Members:
        records = self._records
        words = records.text(node, DIP.QUOTATION)
        return self._named(node, "Quotation" if words else "CreativeWork") | {
            "additionalType": f"{records.class_name(node)}; {records.names(node, DIP.HAS_KIND)}",
            "text": words,
            "abstract": records.text(node, DIP.PARAPHRASE),
            "creator": self._links(node, DIP.MADE_BY),
            "audience": self._links(node, DIP.ADDRESSED_TO),
            "about": self._links(node, DIP.CONCERNS),
            "mentions": self._links(node, DIP.ADVANCES),
            "dateCreated": records.when(node).date,
            **self._reported(node, "isBasedOn"),
        }

    def _claim(self, node: NamedNode) -> Members:
        records = self._records
        statements = records.pointing(DIP.ADVANCES, node)
        deniers: list[JSON] = [
            {"type": "Comment", "author": self._links(each, DIP.MADE_BY), "about": {"id": node.value}}
            for each in records.pointing(DIP.DENIES, node)
        ]
        return self._named(node, "Claim") | {
            "text": records.text(node, DIP.CONTENT),
            "author": self._links(node, DIP.CLAIMED_BY),
            "appearance": [_link(each) for each in statements],
            "about": self._links(node, DIP.CONCERNS, DIP.ALLEGED_ACTOR, DIP.ALLEGED_TARGET),
            "comment": deniers,
            **self._reported(node, "isBasedOn"),
        }

    def _happening(self, node: NamedNode) -> Members:
        """Return the description of an event; a gesture is an action, with its agent and its recipient."""
        records = self._records
        time = records.when(node)
        shared: dict[str, JSON] = {
            "additionalType": records.names(node, DIP.HAS_KIND),
            "location": self._links(node, DIP.TAKES_PLACE_IN),
            **self._reported(node, "subjectOf"),
        }
        if node in self._gestures:
            return self._named(node, "Action") | {
                "agent": self._links(node, DIP.PERFORMED_BY, DIP.GIVEN_BY),
                "participant": self._links(node, DIP.DIRECTED_AT, DIP.RECEIVED_BY),
                "startTime": time.date,
                **shared,
            }
        return self._named(node, "Event") | {
            "startDate": time.date or time.earliest,
            "endDate": time.date or time.latest,
            "organizer": self._links(node, DIP.PERFORMED_BY, DIP.HOSTED_BY),
            "attendee": self._links(node, DIP.INVOLVES, DIP.DIRECTED_AT),
            "description": records.text(node, DIP.OUTCOME),
            **shared,
        }

    def _named(self, node: NamedNode, kind: str) -> Members:
        labels = {language: self._records.label(node, language) for language in ("en", "es")}
        names: list[JSON] = [{"@value": text, "@language": tag} for tag, text in labels.items()]
        members: Members = {"id": node.value, "type": kind, "name": names}
        return members

    def _reported(self, node: NamedNode, relation: str) -> Members:
        """Return the sources of a record, with the wording of each."""
        reports = [*self._records.reports(node)]
        wordings: list[JSON] = [
            {"type": "PropertyValue", "name": name, "value": value}
            for report in reports
            for name, value in (("hedge", report.hedge), ("basis", report.basis), ("graph", report.graph))
            if value
        ]
        sources = dict.fromkeys(
            source for report in reports for source in report.source.split("; ") if source
        )
        return {relation: [{"id": source} for source in sources], "additionalProperty": wordings}

    def _links(self, node: NamedNode, *predicates: NamedNode) -> list[JSON]:
        return [_link(each) for each in self._records.things(node, *predicates)]

    def _ids(self, node: NamedNode, predicate: NamedNode) -> list[JSON]:
        return [each.value for each in self._records.things(node, predicate)]


def _link(node: NamedNode) -> JSON:
    return {"id": node.value}


def _text(value: Mapping[str, JSON]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
