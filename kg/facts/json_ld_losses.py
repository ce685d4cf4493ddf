"""JSON-LD losses: the parts of a document that yield no triple, for warnings to its author.

JSON-LD drops a property that no context maps to an IRI, an ill-formed language tag, a relative IRI without a
base, a name that cannot be an IRI, and a value in place of a node. The walk follows the expansion of JSON-LD
1.1 (section 5.1 of its API) as far as names depend on it: terms, prefixes, ``@vocab`` and scoped contexts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from enum import Enum
from itertools import chain

from pyoxigraph import Literal, NamedNode

from kg.changes import Subject
from kg.facts.json_ld_contexts import KEYWORD, Context, JSONValue, Term, is_absolute
from kg.gate.reports import Violation, display
from kg.iris import SHAPES

RULE = SHAPES + "lost-in-reading"
MOST_NAMED = 1000
"""Maximum distinct losses recorded for one document."""
_FIRST_SEGMENT = re.compile(r"[^/?#]*+")
_SOME_BASE = "http://base/"
_KEYWORDS = frozenset(
    {
        *("@base", "@container", "@context", "@direction", "@graph", "@id", "@import", "@included", "@index"),
        *("@json", "@language", "@list", "@nest", "@none", "@prefix", "@propagate", "@protected", "@reverse"),
        *("@set", "@type", "@value", "@version", "@vocab"),
    }
)
_MAPS = ("@index", "@id", "@type", "@graph")
"""Containers whose keys are not properties."""


class LossKind(Enum):
    """Why JSON-LD drops something."""

    KEY = "key"
    LANGUAGE = "language"
    IRI = "iri"
    NAME = "name"
    VALUE = "value"


@dataclass(frozen=True)
class Loss:
    """A name in a document that yields no triple, and why."""

    kind: LossKind
    name: str


def of(text: str, base: str | None = None) -> tuple[Loss, ...]:
    """Return the losses of a document that parsed without error: each once, in document order."""
    try:
        document = json.loads(text, strict=False, parse_int=str, parse_float=str, object_pairs_hook=_object)
    except ValueError:  # the engine's parser accepts it
        return ()
    losses: dict[Loss, None] = {}
    walked = _Walk().value(document, Context(has_base=base is not None))
    for loss in chain(_beside_nodes("null" if document is None else document), walked):
        losses[loss] = None
        if len(losses) == MOST_NAMED:
            break
    return tuple(losses)


def _beside_nodes(value: JSONValue) -> Iterator[Loss]:
    """Yield the values in place of nodes, in the document or in a graph."""
    for each in _listed(value):
        if isinstance(each, Mapping):
            if "@value" in each:
                yield Loss(LossKind.VALUE, str(each["@value"]))
        elif isinstance(each, list):
            yield from _beside_nodes(each)
        elif each is not None:
            yield Loss(LossKind.VALUE, str(each))


def _object(pairs: list[tuple[str, JSONValue]]) -> Mapping[str, JSONValue]:
    """Return an object from its entries; like the engine, it keeps all values of a repeated key."""
    found = dict(pairs)
    if len(found) < len(pairs):
        values: dict[str, list[JSONValue]] = {}
        for key, value in pairs:
            values.setdefault(key, []).append(value)
        found |= {key: several for key, several in values.items() if len(several) > 1}
    return found


class _Walk:
    """Walk over the values of a document; nodes that share a context share one Context object."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int], tuple[Context, Context]] = {}
        self._properties: dict[str, bool] = {}

    def _scoped(self, context: Context, definition: JSONValue) -> Context:
        """Return a context extended by a ``@context``."""
        key = id(context), id(definition)
        if key not in self._made:
            self._made[key] = (
                context,
                context.extended(definition),
            )  # keeps a reference to the first, so that its id is not reused
        return self._made[key][1]

    def value(self, value: JSONValue, context: Context, term: Term | None = None) -> Iterator[Loss]:
        """Yield the losses in a value of a property, or in the document."""
        if isinstance(value, list):
            for each in value:
                yield from self.value(each, context, term)
        elif isinstance(value, Mapping):
            yield from self._object(value, context, term)

    def _object(self, value: Mapping[str, JSONValue], context: Context, term: Term | None) -> Iterator[Loss]:
        if term is not None and "@language" in term.container:
            yield from _languages(value)
        elif term is not None and any(each in term.container for each in _MAPS):
            inner = replace(term, container=())
            for each in value.values():
                yield from self.value(each, context, inner)
        else:
            yield from self._node(value, context)

    def _node(self, node: Mapping[str, JSONValue], context: Context) -> Iterator[Loss]:
        """Walk an object with properties; contexts scoped to its types apply to this object alone."""
        if "@context" in node:
            context = self._scoped(context, node["@context"])
            yield from _default_language(node["@context"])
        own = self._of_types(node, context)
        for key, value in node.items():
            if key != "@context":
                yield from self._entry(key, value, own, context)

    def _of_types(self, node: Mapping[str, JSONValue], context: Context) -> Context:
        own = context
        for key, value in node.items() if context.has_scoped_terms else ():
            if context.meaning(key) == "@type":
                for name in sorted(each for each in _listed(value) if isinstance(each, str)):
                    term = context.terms.get(name)
                    own = self._scoped(own, term.context) if term and term.has_context else own
        return own

    def _entry(self, key: str, value: JSONValue, own: Context, context: Context) -> Iterator[Loss]:
        """Walk one entry: contexts of the object's types expand its name, but do not apply to its value."""
        iri = own.meaning(key)
        if iri is None or value is None:  # the author excluded it
            return
        if iri in _KEYWORDS:
            yield from self._keyword(iri, value, own)
        elif not self._is_property(iri):
            yield Loss(LossKind.KEY, key)
        else:
            yield from self._property(own.terms.get(key), value, own, context)

    def _is_property(self, iri: str) -> bool:
        if iri not in self._properties:
            self._properties[iri] = is_absolute(iri)
        return self._properties[iri]

    def _property(
        self, term: Term | None, value: JSONValue, own: Context, context: Context
    ) -> Iterator[Loss]:
        """Walk the values of a property."""
        if term is not None and term.type == "@json":
            return
        if isinstance(value, list | Mapping):
            inner = self._scoped(context, term.context) if term is not None and term.has_context else context
            yield from self.value(value, inner, term)
        if term is not None and term.type in ("@id", "@vocab"):
            yield from _iris(value, own, by_term=term.type == "@vocab")

    def _keyword(self, keyword: str, value: JSONValue, context: Context) -> Iterator[Loss]:
        if keyword == "@id":
            yield from _iris(value, context, by_term=False)
        elif keyword == "@type":
            yield from _iris(value, context, by_term=True)
        elif keyword == "@language" and isinstance(value, str):
            yield from _language(value)
        elif keyword == "@nest":
            for each in _listed(value):
                if isinstance(each, Mapping):
                    yield from self._node(each, context)
        elif keyword == "@graph":
            yield from _beside_nodes(value)
            yield from self.value(value, context)
        elif keyword in ("@included", "@list", "@set", "@reverse"):
            yield from self.value(value, context)


def _listed(value: JSONValue) -> list[JSONValue]:
    return value if isinstance(value, list) else [value]


def _iris(value: JSONValue, context: Context, *, by_term: bool) -> Iterator[Loss]:
    """Yield the node names that are not IRIs."""
    for each in _listed(value):
        if isinstance(each, str) and not each.startswith("_:") and not KEYWORD.fullmatch(each):
            iri = context.meaning(each) if by_term else each
            if iri is not None and (kind := _fault(iri, context)):
                yield Loss(kind, each)


def _fault(iri: str, context: Context) -> LossKind | None:
    """Return why a name is not an IRI; None if it is one."""
    if iri.startswith("_:") or is_absolute(iri):
        return None
    if ":" in _FIRST_SEGMENT.match(iri)[0] or not is_absolute(_SOME_BASE + iri):  # type: ignore[index]
        return LossKind.NAME
    return None if context.has_base else LossKind.IRI


def _languages(value: Mapping[str, JSONValue]) -> Iterator[Loss]:
    for tag in value:
        if tag != "@none":
            yield from _language(tag)


def _default_language(context: JSONValue) -> Iterator[Loss]:
    for part in _listed(context):
        if isinstance(part, Mapping) and isinstance(tag := part.get("@language"), str):
            yield from _language(tag)


def _language(tag: str) -> Iterator[Loss]:
    try:
        Literal("", language=tag)
    except ValueError:
        yield Loss(LossKind.LANGUAGE, tag)


_SAID: Mapping[LossKind, tuple[str, str]] = {
    LossKind.KEY: (
        "these keys have no IRI and were ignored: {}; give each an IRI in @context",
        "estas claves no nombran ninguna propiedad y se omitieron: {}; dé un IRI a cada una en @context",
    ),
    LossKind.LANGUAGE: (
        "these are not language tags, and their strings were ignored: {}; write for example es or es-CO",
        "estas no son etiquetas de idioma y se omitieron sus textos: {}; escriba, por ejemplo, es o es-CO",
    ),
    LossKind.IRI: (
        "these IRIs are relative, and their triples were ignored: {}; write absolute IRIs, or set @base",
        "estos nombres son relativos y se omitió lo que se dice de ellos: {}; escriba IRI enteros o dé @base",
    ),
    LossKind.NAME: (
        "these are not IRIs, and their triples were left out: {}; write them without spaces, and "
        "percent-encode other characters",
        "estos no son IRI y se omitió lo que se dice de ellos: {}; escríbalos sin espacios, y los signos"
        " con sus códigos",
    ),
    LossKind.VALUE: (
        "these values have no subject and were left out: {}; write them in an object with @id",
        "estos valores no se dicen de nada y se omitieron: {}; escríbalos en un objeto con @id",
    ),
}
_MOST_SHOWN = 10


def warnings(losses: Iterable[Loss], graph: Subject) -> list[Violation]:
    """Return one warning about a graph for each kind of loss, with the first such name as its value."""
    home = graph if isinstance(graph, NamedNode) else None
    return [
        Violation(graph, RULE, _message(kind, names), value=names[0], graph=home, severity="warning")
        for kind, names in _by_kind(losses)
    ]


def messages(losses: Iterable[Loss]) -> list[dict[str, str]]:
    """Return one message for each kind of loss, by language, with the first names."""
    return [_message(kind, names) for kind, names in _by_kind(losses)]


def _by_kind(losses: Iterable[Loss]) -> Iterator[tuple[LossKind, list[Literal]]]:
    names: dict[LossKind, list[Literal]] = {}
    for loss in losses:
        names.setdefault(loss.kind, []).append(Literal(loss.name))
    yield from ((kind, names[kind]) for kind in LossKind if kind in names)


def _message(kind: LossKind, names: Sequence[Literal]) -> dict[str, str]:
    examples = ", ".join(map(display, names[:_MOST_SHOWN]))
    more = len(names) - _MOST_SHOWN
    english, spanish = _SAID[kind]
    return {
        "en": english.format(examples + (f" and {more} more" if more > 0 else "")),
        "es": spanish.format(examples + (f" y {more} más" if more > 0 else "")),
    }
