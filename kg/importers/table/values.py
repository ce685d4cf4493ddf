"""What a cell can hold: things, kinds, classes, texts, dates, and how each is read."""

import re
import unicodedata
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Protocol, TypeAlias

from pyoxigraph import Literal, NamedNode, Quad

from kg import ontology
from kg.gate.dates.calendar import Period
from kg.importers.table.faults import nearest
from kg.importers.table.spreadsheet_dates import meant
from kg.iris import DATA, KINDS, KINDS_GRAPH, SHAPES, TERMS, TERMS_GRAPH, compact, expand, slug
from kg.terms import RDFS, SKOS, XSD

Value: TypeAlias = NamedNode | Literal

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")
_DATE = re.compile(r"-?\d{4}(-\d\d)?(-\d\d)?", re.ASCII)
ENGLISH = "en"


@dataclass(frozen=True)
class Released:
    """The words of a release that cells may use: the kinds of each list, the classes below each class.

    ``class_of`` gives the class that the shapes ask of a thing of some kind, by kind.
    """

    kinds: Mapping[str, frozenset[str]]
    classes: Mapping[str, frozenset[str]]
    class_of: Mapping[str, str]
    explained: Mapping[str, str]
    """By the name of a kind or class: its definition in English, with an example if it has one."""


@cache
def released() -> Released:
    """Read the lists and classes of the release this software came with."""
    release = ontology.load()
    graphs = release.graphs
    kinds: dict[str, set[str]] = {}
    above: dict[str, set[str]] = {}
    for quads, predicate, found in (
        (graphs[KINDS_GRAPH], SKOS.IN_SCHEME, kinds),
        (graphs[TERMS_GRAPH], RDFS.SUB_CLASS_OF, above),
    ):
        for quad in quads:
            if quad.predicate == predicate and isinstance(quad.object, NamedNode):
                found.setdefault(_local(quad.object.value), set()).add(_local(str(quad.subject)[1:-1]))
    return Released(
        {name: frozenset(members) for name, members in kinds.items()},
        {name: frozenset(_below(name, above)) for name in above},
        {_local(kind): _local(class_) for kind, class_ in release.classes_of_kinds.items()},
        _explanations((*graphs[TERMS_GRAPH], *graphs[KINDS_GRAPH])),
    )


def _explanations(quads: Iterable[Quad]) -> Mapping[str, str]:
    found: dict[NamedNode, dict[str, str]] = {SKOS.DEFINITION: {}, SKOS.EXAMPLE: {}}
    for quad in quads:
        if quad.predicate in found and isinstance(quad.object, Literal) and quad.object.language == ENGLISH:
            found[quad.predicate].setdefault(_local(str(quad.subject)[1:-1]), quad.object.value)
    examples = found[SKOS.EXAMPLE]
    return {
        name: f"{definition} For example: {examples[name]}" if name in examples else definition
        for name, definition in found[SKOS.DEFINITION].items()
    }


class Reads(Protocol):
    """A way to read one value of a cell."""

    @property
    def hint(self) -> str:
        """What the cell holds, for the documentation."""
        ...

    def read(self, text: str) -> Value:
        """Make an RDF term of a text; raises ValueError with what is wrong and what to do."""
        ...


@dataclass(frozen=True)
class Thing:
    """Something described here or in the graph: its slug, or an IRI."""

    hint: str = "slug"

    def read(self, text: str) -> NamedNode:
        """See Reads."""
        try:
            iri = expand(text)
            node = NamedNode(iri)
        except ValueError:
            like = f", for instance {slug(text)}" if slug(text) else ""
            raise ValueError(f"this is no slug and no IRI; write the slug of what is meant{like}") from None
        if iri.startswith((TERMS, KINDS, SHAPES)):
            raise ValueError(
                f"{compact(iri)} is a word of the ontology, not a thing; name an actor, event or the like"
            )
        if iri == DATA:
            raise ValueError("the slug is missing; write it behind the colon")
        return node


@dataclass(frozen=True)
class Name:
    """The slug that a row's own thing gets."""

    hint: str = "new slug"

    def read(self, text: str) -> NamedNode:
        """See Reads."""
        name = text.removeprefix("dipid:").removeprefix(DATA)
        if not SLUG.fullmatch(name):
            like = f", for instance {slug(text)}" if slug(text) else ""
            raise ValueError(f"an id is made of lower-case letters, digits and hyphens{like}")
        return NamedNode(DATA + name)


OPEN_LISTS = ("event-kinds", "gesture-kinds", "office-kinds", "source-kinds", "statement-kinds")
"""Lists below whose kinds a submission may put kinds of its own."""


@dataclass(frozen=True)
class Kind:
    """A concept of one of our lists, by its slug; open lists take ``dipid:`` and a kind of a submission."""

    lists: tuple[str, ...]

    @property
    def hint(self) -> str:
        """See Reads."""
        own = ", or `dipid:` and a kind of a submission" if self._is_open else ""
        return f"kind of `{'` or `'.join(self.lists)}`{own}"

    @property
    def _is_open(self) -> bool:
        return set(self.lists) <= set(OPEN_LISTS)

    def read(self, text: str) -> NamedNode:
        """See Reads."""
        if self._is_open and text.startswith(("dipid:", DATA)):
            return Thing().read(text)
        name = text.removeprefix("dipk:").removeprefix(KINDS)
        known = frozenset[str]().union(*(released().kinds[each] for each in self.lists))
        if name not in known:
            raise ValueError(f"this is no kind of the list {' or '.join(self.lists)}; {nearest(name, known)}")
        return NamedNode(KINDS + name)


@dataclass(frozen=True)
class ThingOrTopic:
    """A thing, or with ``dipk:`` before it a topic."""

    hint: str = "slug, or `dipk:` and a kind of `topics`"

    def read(self, text: str) -> NamedNode:
        """See Reads."""
        reader = Kind(("topics",)) if text.startswith(("dipk:", KINDS)) else Thing()
        return reader.read(text)


@dataclass(frozen=True)
class Class:
    """A class of ours below another, by its name."""

    root: str
    may_be_root: bool = False

    @property
    def known(self) -> frozenset[str]:
        """The names it may have."""
        return released().classes[self.root] | (frozenset({self.root}) if self.may_be_root else frozenset())

    @property
    def hint(self) -> str:
        """See Reads."""
        return f"class: `{'`, `'.join(sorted(self.known))}`"

    def read(self, text: str) -> NamedNode:
        """See Reads."""
        name = text.removeprefix("dip:").removeprefix(TERMS)
        if name not in self.known:
            raise ValueError(f"this is no class of {self.root.lower()}; {nearest(name, self.known)}")
        return NamedNode(TERMS + name)


@dataclass(frozen=True)
class Words:
    """A text: in the language of the row, in one of its own, or (empty) in none."""

    language: str | None = None

    @property
    def hint(self) -> str:
        """See Reads."""
        return "text"

    def read(self, text: str) -> Value:
        """See Reads."""
        return Literal(text)

    def spoken(self, value: Value, language: str) -> Value:
        """Give a text its language: that of the row, unless it has one of its own."""
        tag = language if self.language is None else self.language
        return Literal(value.value, language=tag) if isinstance(value, Literal) and tag else value


@dataclass(frozen=True)
class WordsOrThing(Words):
    """A text, or with ``dipid:`` before it a thing."""

    @property
    def hint(self) -> str:
        """See Reads."""
        return "text, or `dipid:` and a slug"

    def read(self, text: str) -> Value:
        """See Reads."""
        return Thing().read(text) if text.startswith("dipid:") else Literal(text)


@dataclass(frozen=True)
class Date:
    """A year, a month or a day that exist, at the precision known."""

    only_days: bool = False

    @property
    def hint(self) -> str:
        """See Reads."""
        return "day" if self.only_days else "year, month or day"

    def read(self, text: str) -> Literal:
        """See Reads."""
        _require_usual_digits(text)
        forms = "2025-01-26" if self.only_days else "2025, 2025-01 or 2025-01-26"
        match = _DATE.fullmatch(text)
        if not match and (days := meant(text)):
            raise ValueError(f"this is how a spreadsheet writes a date; write {' or '.join(days)}")
        if not match or (self.only_days and not match[2]):
            otherwise = "" if self.only_days else ", or leave it empty and keep the words in date_as_written"
            raise ValueError(f"this is no date here; write {forms}{otherwise}")
        datatype = XSD.DATE if match[2] else XSD.G_YEAR_MONTH if match[1] else XSD.G_YEAR
        literal = Literal(text, datatype=datatype)
        if text.lstrip("-").startswith("0000") or Period.of(literal) is None:
            raise ValueError("no calendar has this date; correct it")
        return literal


@dataclass(frozen=True)
class Number:
    """A whole number, zero or more."""

    hint: str = "number"

    def read(self, text: str) -> Literal:
        """See Reads."""
        _require_usual_digits(text)
        if not re.fullmatch(r"[0-9]{1,12}", text):
            raise ValueError("this is no whole number; count in characters from 0")
        return Literal(int(text))


@dataclass(frozen=True)
class Address:
    """A web address, which is never fetched."""

    hint: str = "web address"

    def read(self, text: str) -> Literal:
        """See Reads."""
        if not re.fullmatch(r"https?://[^\s<>\"]+", text):
            raise ValueError("this is no web address; it begins with http:// or https:// and holds no spaces")
        return Literal(text, datatype=XSD.ANY_URI)


@dataclass(frozen=True)
class Digest:
    """A SHA-256 in hexadecimal."""

    hint: str = "64 hexadecimal digits"

    def read(self, text: str) -> Literal:
        """See Reads."""
        if not re.fullmatch(r"[0-9a-f]{64}", text):
            raise ValueError("this is no SHA-256; it has 64 lower-case hexadecimal digits")
        return Literal(text)


@dataclass(frozen=True)
class Language:
    """The tag of a language."""

    hint: str = "language tag"

    def read(self, text: str) -> Literal:
        """See Reads."""
        try:
            Literal("", language=text.lower())
        except ValueError:
            raise ValueError("this is no language tag; write es, en, pt or the like") from None
        return Literal(text.lower())


def _require_usual_digits(text: str) -> None:
    """Raise ValueError for digits of full width, as East Asian keyboards give them: they look right.

    >>> _require_usual_digits("２０２５－０１")
    Traceback (most recent call last):
    ValueError: these are digits of full width; write 2025-01
    """
    plain = unicodedata.normalize("NFKC", text)
    if plain != text and plain.isascii():
        raise ValueError(f"these are digits of full width; write {plain}")


def _local(iri: str) -> str:
    return re.split(r"[/#]", iri)[-1]


def _below(name: str, above: Mapping[str, set[str]]) -> set[str]:
    """Give the classes below a class, at any depth."""
    found: set[str] = set()
    waiting = [name]
    while waiting:
        new = above.get(waiting.pop(), set()) - found
        found |= new
        waiting.extend(new)
    return found
