"""Search: things by label, alternative name or quoted words, with type and one line of description each."""

import re
import sqlite3
from collections.abc import Iterable, Mapping
from dataclasses import asdict, dataclass
from typing import Any

from kg import iris
from kg.errors import JSON, BadInput, NotFound
from kg.query.job import read_language
from kg.query.search.describing import Describer, GivenName, shown_words
from kg.query.search.index import SECONDS, SearchIndex
from kg.query.search.indexed import NameKind, is_numbered
from kg.query.search.matching import FoldedText, Match, NameRow, Tier, find
from kg.query.search.tables import read_standing
from kg.terms import OWL

LONGEST_TEXT = 200
"""Maximum characters of a search text."""
MOST_HITS = 100
"""Maximum things in one answer."""
MOST_FOUND = 1000
"""Maximum things in all pages of one search."""
HITS = 20

_SCORES = {Tier.EXACT: 100.0, Tier.WORDS: 85.0, Tier.PREFIX: 70.0, Tier.WITHIN: 50.0, Tier.SIMILAR: 40.0}
_DESCRIBED = """SELECT id, mentions, classes FROM thing AS this WHERE iri = ? AND (
EXISTS (SELECT 1 FROM name WHERE thing = this.id) OR EXISTS (SELECT 1 FROM fact WHERE thing = this.id))"""
_BORDER = re.compile(r"(?<=[a-z0-9])(?=[A-Z])")
_KINDS = {
    NameKind.LABEL: "label",
    NameKind.ALTERNATIVE: "alternative",
    NameKind.QUOTED: "quotation",
    NameKind.REPHRASED: "paraphrase",
}


@dataclass(frozen=True)
class SearchQuery:
    """A text to search, the classes (IRIs) to search in, and the language of the descriptions.

    Raises BadInput for a text that is empty or too long, for an invalid language tag, and for numbers out of
    range.
    """

    text: str
    classes: tuple[str, ...] = ()
    lang: str = "en"
    limit: int = HITS
    offset: int = 0

    def __post_init__(self) -> None:
        if not self.text.strip():
            raise BadInput("There is nothing to search for: the text is empty.")
        if len(self.text) > LONGEST_TEXT:
            raise BadInput(f"The text is longer than {LONGEST_TEXT} characters; search for some words.")
        read_language(self.lang)
        if not 1 <= self.limit <= MOST_HITS:
            raise BadInput(f"One answer lists 1 to {MOST_HITS} things, not {self.limit}.")
        if not 0 <= self.offset < MOST_FOUND:
            raise BadInput(f"The offset lies between 0 and {MOST_FOUND - 1}; search for more words.")


@dataclass(frozen=True)
class MatchedName:
    """The name that was found, if it is not the heading; ``kind`` says how it names the thing."""

    text: str
    lang: str
    kind: str


@dataclass(frozen=True)
class Hit:
    """A thing that was found. ``score`` is 100 for an exact name, and less for a less exact one.

    ``fit`` says how well the name that was found fits (a Tier, in lower case), ``by`` what it is: label,
    alternative, quotation, paraphrase, or the IRI.
    """

    iri: str
    label: str
    lang: str
    type: str
    type_label: str
    description: str
    matched: MatchedName | None
    mentions: int
    fit: str
    by: str
    score: float

    def __str__(self) -> str:
        text = f"{self.label} ({self.type_label})" if self.type_label else self.label
        return f"{text}: {self.description}" if self.description else text


@dataclass(frozen=True)
class SearchAnswer:
    """Some of the things found, whether there are more, and the version of the graph that was searched."""

    query: SearchQuery
    version: int
    hits: tuple[Hit, ...]
    has_more: bool

    @property
    def following(self) -> int | None:
        """The offset of the next page; None if there is none."""
        offset = self.query.offset + len(self.hits)
        return offset if self.has_more and offset < MOST_FOUND else None

    @classmethod
    def from_json(cls, query: SearchQuery, members: Mapping[str, Any]) -> "SearchAnswer":
        """Return the answer from the members that ``as_json`` returns."""
        hits = (
            Hit(**{**hit, "matched": hit["matched"] and MatchedName(**hit["matched"])})
            for hit in members["results"]
        )
        return cls(query, int(members["version"]), tuple(hits), bool(members["has_more"]))

    def as_json(self, path: str | None = None) -> dict[str, JSON]:
        """Return the answer as JSON members; ``path`` is the path of the next page."""
        return {
            "query": self.query.text,
            "version": self.version,
            "results": [asdict(hit) for hit in self.hits],
            "has_more": self.has_more,
            "next": path,
        }


def search(index: SearchIndex, query: SearchQuery, seconds: float = SECONDS) -> SearchAnswer:
    """Answer a search. Raises Unavailable without an index, QueryKilled if it takes too long."""
    with index.reading(seconds) as connection:
        _require_classes(connection, query.classes)
        end = query.offset + query.limit
        matches = found(connection, query.text, query.classes, end + 1)
        describer = Describer(connection, query.lang)
        hits = tuple(hit_of(describer, match) for match in matches[query.offset : end])
        standing = read_standing(connection)
        return SearchAnswer(query, standing.version if standing else 0, hits, len(matches) > end)


def read_class(text: str) -> str:
    """Read a class, or another term, as people write it: ``Person``, ``dip:Person``, or its IRI.

    Raises BadInput.

    >>> read_class("Person")
    'https://w3id.org/regional-diplomacy/terms#Person'
    """
    bare = text.strip()
    if bare.isascii() and bare.isalnum() and bare[0].isalpha():
        return f"{iris.TERMS}{bare}"
    if ":" not in bare:
        raise BadInput(f"{text[:LONGEST_TEXT]!r} names no class; write Person, dip:Person or an IRI.")
    return iris.read_iri(bare).value


def _require_classes(connection: sqlite3.Connection, classes: Iterable[str]) -> None:
    """Raise NotFound for a class that is not in the graph, with the nearest one that is."""
    for each in classes:
        if not each.startswith(iris.TERMS) and is_numbered(each):
            continue  # our terms and kinds use the class, even if this graph does not
        if connection.execute("SELECT 1 FROM thing WHERE iri = ?", (each,)).fetchone() is None:
            spelt = _BORDER.sub(" ", re.split("[#/]", each)[-1])
            near = find(connection, FoldedText.of(connection, spelt, [OWL.CLASS.value]))
            name = Describer(connection, "en").iri(near[0].name.thing) if near else None
            hint = f"the nearest is {iris.compact(name)}" if name else "the page /terms lists the classes"
            raise NotFound(f"There is no class {iris.compact(each)} in the graph; {hint}.")


def found(connection: sqlite3.Connection, text: str, classes: tuple[str, ...], needed: int) -> list[Match]:
    """Return the things that a text names, best first, at least ``needed``; an IRI names its thing."""
    query = FoldedText.of(connection, text, classes, needed)
    matches = find(connection, query)
    match_by_iri = _named_by_iri(connection, text, query)
    return ([match_by_iri] if match_by_iri else []) + [
        match for match in matches if match_by_iri is None or match.name.thing != match_by_iri.name.thing
    ]


def _named_by_iri(connection: sqlite3.Connection, text: str, query: FoldedText) -> Match | None:
    """Return the thing whose IRI the text is: in full, with a prefix, or as a bare name below our base."""
    try:
        iri = iris.expand(text.strip())
    except ValueError:
        return None
    row = connection.execute(_DESCRIBED, (iri,)).fetchone()
    if row is None or (query.is_narrowed and not any(letter in row[2] for letter in query.letters)):
        return None
    return Match(NameRow(0, row[0], NameKind.LABEL, iri, "", "", row[1]), Tier.EXACT)


def hit_of(describer: Describer, match: Match) -> Hit:
    """Describe a thing that was found."""
    thing = match.name.thing
    heading = describer.heading(thing)
    class_iri, class_label = describer.type_of(thing)
    return Hit(
        iri=describer.iri(thing),
        label=heading.text,
        lang=heading.lang,
        type=class_iri,
        type_label=class_label,
        description=describer.line(thing),
        matched=_matched(match.name, heading),
        mentions=match.name.mentions,
        fit=match.tier.name.lower(),
        by=_KINDS[NameKind(match.name.kind)] if match.name.row else "iri",
        score=_score(match),
    )


def _matched(name: NameRow, heading: GivenName) -> MatchedName | None:
    """Return the name that was found, unless it is the heading."""
    words = shown_words(name.text, name.kind)
    if name.row == 0 or words == heading.text or words.strip("“”") in heading.text:
        return None
    return MatchedName(words, name.lang, _KINDS[NameKind(name.kind)])


def _score(match: Match) -> float:
    words = 5.0 if match.name.kind >= NameKind.QUOTED else 0.0
    return max(_SCORES[match.tier] - 10.0 * max(match.edits - 1, 0) - words, 1.0)
