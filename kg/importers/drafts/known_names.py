"""Names in the graph: looks up actors by label or alternative name, and sources by address or text."""

from collections.abc import Iterator
from functools import cached_property
from typing import NamedTuple, Protocol

from pyoxigraph import Literal, NamedNode

from kg.changes import Quads
from kg.importers.table.release_words import local_name, released
from kg.iris import DATA
from kg.terms import DIP, RDF, RDFS, SKOS, XSD

_LANGUAGES = ("en", "es", None)
_SPELT = (str, lambda name: name.replace("'", "’"), lambda name: name.replace("’", "'"))


class KnownSource(NamedTuple):
    """A source in the graph: its slug, and the hash of its text if it matches the article's text."""

    id: str
    text_hash: str


class KnownNames(Protocol):
    """The look-ups in the graph that the rules need."""

    def actor(self, name: str) -> str:
        """Return the slug of the only actor with a name; empty if there is none, or several."""
        ...

    def is_person(self, slug: str) -> bool:
        """Return whether an actor is a person."""
        ...

    def source(self, url: str, text_hash: str) -> KnownSource | None:
        """Return the only source with a text of a hash, else the only one with an address."""
        ...


class NamesOfGraph:
    """The names of one version of the graph; each question costs some look-ups."""

    def __init__(self, quads: Quads) -> None:
        self._quads = quads
        self._asked: dict[str, str] = {}

    def actor(self, name: str) -> str:
        """Return the slug of the only actor with a name; empty if there is none, or several."""
        if name not in self._asked:
            found = set(self._actors(name)) if name.strip() else set()
            self._asked[name] = found.pop().removeprefix(DATA) if len(found) == 1 else ""
        return self._asked[name]

    def is_person(self, slug: str) -> bool:
        """Return whether an actor is a person."""
        return DIP.PERSON in self._classes(NamedNode(DATA + slug))

    def source(self, url: str, text_hash: str) -> KnownSource | None:
        """Return the only source with a text of a hash, else the only one with an address."""
        if found := self._only_source(DIP.TEXT_HASH, Literal(text_hash)):
            return KnownSource(found.removeprefix(DATA), text_hash)
        found = self._only_source(DIP.URL, Literal(url, datatype=XSD.ANY_URI)) if url else None
        return KnownSource(found.removeprefix(DATA), "") if found else None

    def _only_source(self, predicate: NamedNode, value: Literal) -> str | None:
        found = self._quads.quads_for_pattern(None, predicate, value)
        sources = {quad.subject.value for quad in found if isinstance(quad.subject, NamedNode)}
        only = sources.pop() if len(sources) == 1 else ""
        return only if only.startswith(DATA) else None

    def _actors(self, name: str) -> Iterator[str]:
        for spelt in dict.fromkeys(spell(name) for spell in _SPELT):
            for predicate in (RDFS.LABEL, SKOS.ALT_LABEL):
                for language in _LANGUAGES:
                    label = Literal(spelt, language=language) if language else Literal(spelt)
                    for quad in self._quads.quads_for_pattern(None, predicate, label):
                        if self._is_actor(quad.subject) and isinstance(quad.subject, NamedNode):
                            yield quad.subject.value

    def _is_actor(self, node: object) -> bool:
        if not isinstance(node, NamedNode) or not node.value.startswith(DATA):
            return False
        return any(local_name(each.value) in self._actor_classes for each in self._classes(node))

    def _classes(self, node: NamedNode) -> set[NamedNode]:
        found = self._quads.quads_for_pattern(node, RDF.TYPE, None)
        return {quad.object for quad in found if isinstance(quad.object, NamedNode)}

    @cached_property
    def _actor_classes(self) -> frozenset[str]:
        return released().classes["Actor"]
