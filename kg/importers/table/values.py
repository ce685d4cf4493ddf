"""Cell types: things, kinds and classes here, texts and numbers in ``literals``."""

import re
from dataclasses import dataclass
from typing import Protocol, TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.importers.table.bilingual import Bilingual, Misread
from kg.importers.table.faults import nearest
from kg.importers.table.release_words import released
from kg.iris import DATA, KINDS, SHAPES, TERMS, expand, slug

Value: TypeAlias = NamedNode | Literal

SLUG = re.compile(r"[a-z0-9][a-z0-9-]*")


class Reads(Protocol):
    """A cell type: reads one value."""

    @property
    def hint(self) -> Bilingual:
        """Description of the cell's content, for the documentation."""
        ...

    def read(self, text: str) -> Value:
        """Return the RDF term of a text; raises Misread with what is wrong and what to do."""
        ...


@dataclass(frozen=True)
class Thing:
    """A thing in this table or in the graph: its slug, or an IRI."""

    hint: Bilingual = Bilingual("slug", "slug")

    def read(self, text: str) -> NamedNode:
        try:
            iri = expand(text)
            node = NamedNode(iri)
        except ValueError:
            raise Misread(
                f"this is not a slug; write the slug of the intended thing{_like(text, 'for instance')}",
                f"esto no es un slug; escriba el de lo que quiere decir{_like(text, 'por ejemplo')}",
            ) from None
        if iri.startswith((TERMS, KINDS, SHAPES)):
            name = re.split("[/#]", iri)[-1]
            raise Misread(
                f"{name} is a term of the ontology or its lists, not a thing; name an actor, an "
                "event or another thing",
                f"{name} es una palabra de las listas, no una cosa; nombre un actor, un suceso o algo así",
            )
        if iri == DATA:
            raise Misread(
                "the slug is missing; write it after the colon",
                "falta el slug; escríbalo tras los dos puntos",
            )
        return node


def _like(text: str, for_instance: str) -> str:
    return f", {for_instance} {slug(text)}" if slug(text) else ""


@dataclass(frozen=True)
class Name:
    """The slug of the row's own thing."""

    hint: Bilingual = Bilingual("new slug", "slug nuevo")

    def read(self, text: str) -> NamedNode:
        name = text.removeprefix("dipid:").removeprefix(DATA)
        if not SLUG.fullmatch(name):
            raise Misread(
                f"an id is made of lower-case letters, digits and hyphens{_like(text, 'for instance')}",
                f"un id se compone de minúsculas, cifras y guiones{_like(text, 'por ejemplo')}",
            )
        return NamedNode(DATA + name)


OPEN_LISTS = (
    "event-kinds",
    "gesture-kinds",
    "office-kinds",
    "participant-roles",
    "source-kinds",
    "statement-kinds",
)
"""Lists to which a submission may add its own narrower kinds."""


@dataclass(frozen=True)
class Kind:
    """A concept of one of our lists, by slug; open lists accept ``dipid:`` and a kind of a submission."""

    lists: tuple[str, ...]

    @property
    def hint(self) -> Bilingual:
        english, spanish = "` or `".join(self.lists), "` o `".join(self.lists)
        if not self._is_open:
            return Bilingual(f"kind of `{english}`", f"tipo de `{spanish}`")
        return Bilingual(
            f"kind of `{english}`, or `dipid:` and a kind of a submission",
            f"tipo de `{spanish}`, o `dipid:` y un tipo de un envío",
        )

    @property
    def _is_open(self) -> bool:
        return set(self.lists) <= set(OPEN_LISTS)

    def read(self, text: str) -> NamedNode:
        if self._is_open and text.startswith(("dipid:", DATA)):
            return Thing().read(text)
        name = text.removeprefix("dipk:").removeprefix(KINDS)
        kinds = frozenset[str]().union(*(released().kinds[each] for each in self.lists))
        if name not in kinds:
            near = nearest(name, kinds)
            raise Misread(
                f"this is not a kind of the list {' or '.join(self.lists)}; {near.en}",
                f"esto no es un tipo de la lista {' o '.join(self.lists)}; {near.es}",
            )
        return NamedNode(KINDS + name)


@dataclass(frozen=True)
class ThingOrTopic:
    """A thing, or a topic with the prefix ``dipk:``."""

    hint: Bilingual = Bilingual(
        "slug, or `dipk:` and a kind of `topics`", "slug, o `dipk:` y un tipo de `topics`"
    )

    def read(self, text: str) -> NamedNode:
        reader = Kind(("topics",)) if text.startswith(("dipk:", KINDS)) else Thing()
        return reader.read(text)


@dataclass(frozen=True)
class Class:
    """A subclass of one of our classes, by name."""

    root: str
    named: Bilingual
    may_be_root: bool = False

    @property
    def known(self) -> frozenset[str]:
        """The permitted names."""
        return released().classes[self.root] | (frozenset({self.root}) if self.may_be_root else frozenset())

    @property
    def hint(self) -> Bilingual:
        names = f"`{'`, `'.join(sorted(self.known))}`"
        return Bilingual(f"class: {names}", f"clase: {names}")

    def read(self, text: str) -> NamedNode:
        name = text.removeprefix("dip:").removeprefix(TERMS)
        if name not in self.known:
            near = nearest(name, self.known)
            raise Misread(
                f"this is not a class of {self.named.en}; {near.en}",
                f"esto no es una clase de {self.named.es}; {near.es}",
            )
        return NamedNode(TERMS + name)


@dataclass(frozen=True)
class WikidataItem:
    """A Wikidata item, by number."""

    hint: Bilingual = Bilingual("number such as `Q42`", "número como `Q42`")

    def read(self, text: str) -> NamedNode:
        match = re.fullmatch(r"(?:https?://www\.wikidata\.org/(?:entity|wiki)/)?(Q[1-9][0-9]{0,11})", text)
        if match is None:
            raise Misread(
                "this is not an item of Wikidata; write its number, for instance Q42",
                "esto no es un elemento de Wikidata; escriba su número, por ejemplo Q42",
            )
        return NamedNode(f"http://www.wikidata.org/entity/{match[1]}")
