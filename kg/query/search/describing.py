"""Descriptions of found things: a heading, a type, and one line that distinguishes each.

A claim is headed as a claim, with the claimant and the words: no heading states as fact what somebody says.
The heading of a happening that somebody denies names who does. Quoted words are in quotation marks, with
their speaker.
"""

import sqlite3
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import NamedTuple

from pyoxigraph import NamedNode

from kg import iris
from kg.query.search.indexed import FACTS, NameKind
from kg.terms import DIP, OWL, RDF, RDFS, SKOS

LONGEST_WORDS = 120
"""Maximum characters of quoted words in a heading."""
LONGEST_LINE = 160
_MOST_FACTS = 500
"""Maximum facts that are read to describe one thing."""
_MOST_NAMED = 2
"""Maximum things that one line names for one reason."""

_PHRASES: Mapping[str, Mapping[str, str]] = {
    "claim": {"en": "Claim by {}", "es": "Afirmación de {}"},
    "claimed": {"en": "a claim, not a fact of this graph", "es": "una afirmación, no un hecho de este grafo"},
    "somebody": {"en": "somebody", "es": "alguien"},
    "by": {"en": "by {}", "es": "de {}"},
    "of": {"en": "of {}", "es": "de {}"},
    "in": {"en": "in {}", "es": "en {}"},
    "on": {"en": "on {}", "es": "en {}"},
    "words of": {"en": "words of {}", "es": "palabras de {}"},
    "published": {"en": "published by {}", "es": "publicado por {}"},
    "office": {"en": "office: {}", "es": "cargo: {}"},
    "list": {"en": "in the list {}", "es": "en la lista {}"},
    "part": {"en": "part of {}", "es": "parte de {}"},
    "denied": {"en": "{} (denied by {})", "es": "{} (lo niega {})"},
    "held out": {"en": "announced, not carried out; by {}", "es": "anunciado, no hecho; de {}"},
}
_CLASSES_OF_OTHERS: Mapping[str, Mapping[str, str]] = {
    OWL.CLASS.value: {"en": "class", "es": "clase"},
    OWL.OBJECT_PROPERTY.value: {"en": "property", "es": "propiedad"},
    OWL.DATATYPE_PROPERTY.value: {"en": "property", "es": "propiedad"},
    OWL.ONTOLOGY.value: {"en": "ontology", "es": "ontología"},
    SKOS.CONCEPT.value: {"en": "kind", "es": "tipo"},
    SKOS.CONCEPT_SCHEME.value: {"en": "list of kinds", "es": "lista de tipos"},
}


class GivenName(NamedTuple):
    """A name of a thing, its language, and how it names it."""

    text: str
    lang: str
    kind: int


class Describer:
    """Describes things of an index in one language, if they have names in it; used for one answer."""

    def __init__(self, connection: sqlite3.Connection, lang: str) -> None:
        self._connection = connection
        self._order = (lang.lower(), lang.partition("-")[0].lower(), "en", "")
        self._spoken = "es" if lang.partition("-")[0].lower() == "es" else "en"
        self.iri: Callable[[int], str] = lru_cache(None)(self._iri)
        self.name: Callable[[int], GivenName] = lru_cache(None)(self._name)
        self.classes: Callable[[int], frozenset[str]] = lru_cache(None)(self._classes_of)
        """Returns the IRIs of a thing's classes and their superclasses."""
        self._facts = lru_cache(None)(self._read_facts)
        self._names = lru_cache(None)(self._read_names)
        self._upwards = lru_cache(None)(self._classes_above)
        self._rules: tuple[tuple[NamedNode, Callable[[int], Iterator[str]]], ...] = (
            (DIP.CLAIM, self._claim),
            (DIP.PROSPECTIVE_ACT, self._act_held_out),
            (DIP.PERSON, self._person),
            (DIP.OFFICE, lambda thing: self._sentence("of", self.values(thing, DIP.OFFICE_OF))),
            (DIP.STATEMENT, self._statement),
            (DIP.HAPPENING, self._happening),
            (DIP.SOURCE, self._source),
            (DIP.PASSAGE, self._passage),
            (DIP.INSCRIPTION, lambda thing: self._sentence("on", self.subjects(DIP.BEARS, thing))),
            (DIP.ASSESSMENT, self._assessment),
            (SKOS.CONCEPT, lambda thing: self._sentence("list", self.values(thing, SKOS.IN_SCHEME))),
        )

    def heading(self, thing: int) -> GivenName:
        """Return the heading of a thing."""
        if self.is_of(thing, DIP.CLAIM):
            claimants = [self.name(each).text for each in self.values(thing, DIP.CLAIMED_BY)]
            who = ", ".join(claimants[:_MOST_NAMED]) or self._phrase("somebody")
            words = self._words(thing)
            text = self._phrase("claim").format(who) + (f": {_in_marks(words.text)}" if words else "")
            return GivenName(text, self._spoken, NameKind.LABEL)
        name = self.name(thing)
        if self.is_of(thing, DIP.HAPPENING) and (denials := self.subjects(DIP.DENIES, thing)):
            deniers = self._named(each for one in denials for each in self.values(one, DIP.MADE_BY))
            return name._replace(text=self._phrase("denied").format(name.text, deniers))
        return name

    def type_of(self, thing: int) -> tuple[str, str]:
        """Return the IRI and the label of the class of a thing; empty if it has none."""
        own = self._types(thing)
        if not own:
            return "", ""
        iri = self.iri(own[0])
        if iri in _CLASSES_OF_OTHERS:
            return iri, _CLASSES_OF_OTHERS[iri][self._spoken]
        return iri, self.name(own[0]).text

    def line(self, thing: int) -> str:
        """Return one line that distinguishes a thing from others of the same name."""
        rule = next((rule for of, rule in self._rules if self.is_of(thing, of)), self._anything)
        line = "; ".join(dict.fromkeys(part for part in rule(thing) if part))
        return _cut(line, LONGEST_LINE)

    def is_of(self, thing: int, class_node: NamedNode) -> bool:
        """Return whether a thing is in a class or one of its subclasses."""
        return class_node.value in self.classes(thing)

    def values(self, thing: int, *properties: NamedNode) -> list[int]:
        """Return the things that are values of some properties of a thing, in the order of the properties."""
        facts = self._facts(thing)
        return [
            value for each in properties for value, _ in facts.get(FACTS[each], ()) if isinstance(value, int)
        ]

    def subjects(self, property_node: NamedNode, thing: int) -> list[int]:
        """Return some of the things that have a thing as the value of a property."""
        return [
            row[0]
            for row in self._connection.execute(
                "SELECT thing FROM fact"
                " WHERE value = ? AND property = ? AND typeof(value) = 'integer' LIMIT 10",
                (thing, FACTS[property_node]),
            )
        ]

    def _claim(self, _: int) -> Iterator[str]:
        yield self._phrase("claimed")

    def _act_held_out(self, thing: int) -> Iterator[str]:
        yield from self._sentence("held out", self.values(thing, DIP.WOULD_BE_PERFORMED_BY))

    def _person(self, thing: int) -> Iterator[str]:
        tenures = self.subjects(DIP.HELD_BY, thing)
        yield from self._sentence(
            "office", [each for one in tenures for each in self.values(one, DIP.HOLDS_OFFICE)]
        )
        yield from self._anything(thing)

    def _statement(self, thing: int) -> Iterator[str]:
        yield ", ".join([*self._sentence("by", self.values(thing, DIP.MADE_BY)), *self._dates(thing)])

    def _happening(self, thing: int) -> Iterator[str]:
        kinds = self._named(self.values(thing, DIP.HAS_KIND))
        places = self._named(self.values(thing, DIP.TAKES_PLACE_IN))
        yield ", ".join(filter(None, [kinds, *self._dates(thing), places]))
        yield from self._sentence("by", self.values(thing, DIP.PERFORMED_BY))

    def _source(self, thing: int) -> Iterator[str]:
        yield self._named(self.values(thing, DIP.HAS_KIND))
        yield ", ".join(
            [*self._sentence("published", self.values(thing, DIP.PUBLISHED_BY)), *self._dates(thing)]
        )

    def _passage(self, thing: int) -> Iterator[str]:
        reported = [
            each for report in self.subjects(DIP.QUOTES, thing) for each in self.values(report, DIP.REPORTS)
        ]
        speakers = [who for each in reported for who in self.values(each, DIP.MADE_BY)]
        yield from self._sentence("words of", speakers)
        yield from self._sentence("in", self.values(thing, DIP.OCCURS_IN))

    def _assessment(self, thing: int) -> Iterator[str]:
        yield from self._sentence("by", self.values(thing, DIP.ASSESSED_BY))
        yield from self._sentence("of", self.values(thing, DIP.ASSESSES))

    def _anything(self, thing: int) -> Iterator[str]:
        yield self._defined(thing) or self._named(self.values(thing, DIP.HAS_KIND))
        yield from self._sentence("part", self.values(thing, DIP.PART_OF))

    def _defined(self, thing: int) -> str:
        found = [(str(text), lang) for text, lang in self._facts(thing).get(FACTS[SKOS.DEFINITION], ())]
        return min(found, key=lambda each: (self._preference(each[1]), each[0]))[0] if found else ""

    def _dates(self, thing: int) -> Iterator[str]:
        for span in self.values(thing, DIP.OCCURS_AT)[:1]:
            yield from sorted(str(date) for date, _ in self._facts(span).get(FACTS[DIP.DATE], ()))[:1]

    def _sentence(self, phrase: str, things: Iterable[int]) -> Iterator[str]:
        if names := self._named(things):
            yield self._phrase(phrase).format(names)

    def _named(self, things: Iterable[int]) -> str:
        names = dict.fromkeys(self.heading(thing).text for thing in dict.fromkeys(things))
        return ", ".join(list(names)[:_MOST_NAMED])

    def _phrase(self, name: str) -> str:
        return _PHRASES[name][self._spoken]

    def _words(self, thing: int) -> GivenName | None:
        """Return the longest words quoted of a thing, in the reader's language if there are any."""
        found = [name for name in self._names(thing) if name.kind == NameKind.QUOTED]
        return min(found, key=lambda name: (self._preference(name.lang), -len(name.text)), default=None)

    def _name(self, thing: int) -> GivenName:
        found = self._names(thing)
        if not found:
            return GivenName(iris.compact(self.iri(thing)).strip("<>"), "", NameKind.LABEL)
        best = min(found, key=lambda name: (name.kind, self._preference(name.lang), name.text))
        if best.kind == NameKind.QUOTED:
            best = self._words(thing) or best
        text = _cut(best.text, LONGEST_WORDS) if best.kind >= NameKind.QUOTED else best.text
        return GivenName(_in_marks(text) if best.kind == NameKind.QUOTED else text, best.lang, best.kind)

    def _read_names(self, thing: int) -> list[GivenName]:
        found = self._connection.execute("SELECT text, lang, kind FROM name WHERE thing = ?", (thing,))
        return [GivenName(*row) for row in found]

    def _preference(self, lang: str) -> int:
        code = lang.lower()
        return self._order.index(code) if code in self._order else len(self._order)

    def _types(self, thing: int) -> list[int]:
        """Return the direct classes of a thing: ours first, without superclasses of each other."""
        own = self.values(thing, RDF.TYPE)
        above = {each for one in own for each in self._upwards(one)[1:]}
        return sorted(
            (each for each in own if each not in above),
            key=lambda each: (not self.iri(each).startswith(iris.TERMS), self.iri(each)),
        )

    def _classes_of(self, thing: int) -> frozenset[str]:
        return frozenset(
            self.iri(each) for one in self.values(thing, RDF.TYPE) for each in self._upwards(one)
        )

    def _classes_above(self, class_id: int) -> list[int]:
        found = [class_id]
        for each in found:  # the list grows during the iteration
            found += [above for above in self.values(each, RDFS.SUB_CLASS_OF) if above not in found]
        return found

    def _read_facts(self, thing: int) -> dict[int, list[tuple[int | str, str]]]:
        """Return the facts that describe a thing: values with their languages, by number of the property."""
        facts: dict[int, list[tuple[int | str, str]]] = {}
        for number, value, lang in self._connection.execute(
            f"SELECT property, value, lang FROM fact WHERE thing = ? LIMIT {_MOST_FACTS}", (thing,)
        ):
            facts.setdefault(number, []).append((value, lang))
        return facts

    def _iri(self, thing: int) -> str:
        return str(self._connection.execute("SELECT iri FROM thing WHERE id = ?", (thing,)).fetchone()[0])


def shown_words(text: str, kind: int) -> str:
    """Return the text of a name as shown to people: quoted words are in quotation marks, and shortened.

    >>> shown_words("very good", NameKind.QUOTED)
    '“very good”'
    """
    cut = _cut(text, LONGEST_WORDS)
    return _in_marks(cut) if kind == NameKind.QUOTED else cut


def _in_marks(text: str) -> str:
    return f"“{_cut(text, LONGEST_WORDS)}”"


def _cut(text: str, longest: int) -> str:
    """Shorten a text at the end of a word.

    >>> _cut("one two three", 9)
    'one two …'
    """
    plain = " ".join(text.split())
    return plain if len(plain) <= longest else plain[: longest - 1].rsplit(" ", 1)[0] + " …"
