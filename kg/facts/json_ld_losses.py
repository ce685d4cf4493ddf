"""Finds what a JSON-LD document holds that makes no triple, so that its author can be told.

JSON-LD passes over a property that no context maps to an IRI, a language tag that is none, and a relative IRI
without a base. The document is walked as the expansion of JSON-LD 1.1 walks it (section 5.1 of its API), as
far as that decides on the names: terms, prefixes, ``@vocab`` and scoped contexts.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from enum import Enum
from typing import TypeAlias

from pyoxigraph import Literal, NamedNode

from kg.changes import Subject
from kg.gate.reports import Violation, told
from kg.iris import SHAPES

JSONValue: TypeAlias = "Mapping[str, JSONValue] | list[JSONValue] | str | float | bool | None"

RULE = SHAPES + "lost-in-reading"
MOST_NAMED = 1000
"""Different losses that are noted of one document."""
_KEYWORD = re.compile(r"@[A-Za-z]+")
_KEYWORDS = frozenset(
    {
        *("@base", "@container", "@context", "@direction", "@graph", "@id", "@import", "@included", "@index"),
        *("@json", "@language", "@list", "@nest", "@none", "@prefix", "@propagate", "@protected", "@reverse"),
        *("@set", "@type", "@value", "@version", "@vocab"),
    }
)
_MAPS = ("@index", "@id", "@type", "@graph")
"""Containers whose keys are no properties."""


class Kind(Enum):
    """Why something is passed over."""

    KEY = "key"
    LANGUAGE = "language"
    IRI = "iri"


@dataclass(frozen=True)
class Loss:
    """A name in a document that makes no triple, and why."""

    kind: Kind
    name: str


def of(text: str, base: str | None = None) -> tuple[Loss, ...]:
    """Find what a document, that has been parsed, loses: each once, in the order of the text."""
    try:
        document = json.loads(text, strict=False, parse_int=str, parse_float=str)
    except ValueError:  # the engine's parser takes it
        return ()
    losses: dict[Loss, None] = {}
    for loss in _Walk().value(document, _Context(has_base=base is not None)):
        losses[loss] = None
        if len(losses) == MOST_NAMED:
            break
    return tuple(losses)


@dataclass(frozen=True)
class _Term:
    """A term of a context: what it stands for (None: nothing, on purpose), and how its values are read."""

    iri: str | None
    container: tuple[str, ...] = ()
    type: str | None = None
    context: JSONValue = field(default=None)
    has_context: bool = False


@dataclass(frozen=True)
class _Context:
    """The terms that hold at a place, and whether names without a colon mean something there."""

    terms: Mapping[str, _Term] = field(default_factory=dict)
    vocabulary: str | None = None
    has_base: bool = False

    def with_(self, context: JSONValue) -> _Context:
        """Return the context that a ``@context`` makes of this one."""
        if context is None:
            return _Context(has_base=self.has_base)
        if isinstance(context, list):
            found = self
            for part in context:
                found = found.with_(part)
            return found
        return self._extended(context) if isinstance(context, Mapping) else self

    def _extended(self, context: Mapping[str, JSONValue]) -> _Context:
        terms = dict(self.terms)
        for name, definition in context.items():
            if not _KEYWORD.fullmatch(name):
                terms[name] = _term(name, definition)
        found = replace(self, terms=terms)
        if "@vocab" in context:
            vocabulary = context["@vocab"]
            found = replace(found, vocabulary=vocabulary if isinstance(vocabulary, str) else None)
        if "@base" in context:
            base = context["@base"]
            is_absolute = isinstance(base, str) and _is_absolute(base)
            found = replace(found, has_base=is_absolute or (self.has_base and base is not None))
        return found

    def expanded(self, name: str) -> str | None:
        """Return what a name of a property or a type stands for: an IRI, a keyword, or the name itself."""
        seen: set[str] = set()
        while name not in seen:
            seen.add(name)
            if name in self.terms:
                iri = self.terms[name].iri
                if iri is None or iri == name:
                    return iri
                name = iri
                continue
            prefix, colon, rest = name.partition(":")
            if colon and prefix in self.terms and not rest.startswith("//"):
                return (self.expanded_prefix(prefix) or "") + rest
            if not colon and self.vocabulary is not None and not name.startswith("@"):
                return self.vocabulary + name
        return name

    def expanded_prefix(self, prefix: str) -> str | None:
        """Return the IRI that a prefix stands for; a prefix may be made of another."""
        iri, seen = self.terms[prefix].iri, {prefix}
        ends: list[str] = []
        while iri is not None:
            before, colon, rest = iri.partition(":")
            if not colon or before not in self.terms or before in seen or rest.startswith("//"):
                return iri + "".join(reversed(ends))
            seen.add(before)
            ends.append(rest)
            iri = self.terms[before].iri
        return None


def _term(name: str, definition: JSONValue) -> _Term:
    if not isinstance(definition, Mapping):
        return _Term(definition if isinstance(definition, str) else None)
    iri = definition.get("@id", definition.get("@reverse", name))
    container = definition.get("@container")
    containers = container if isinstance(container, list) else [container]
    type_ = definition.get("@type")
    return _Term(
        iri if isinstance(iri, str) else None,
        tuple(each for each in containers if isinstance(each, str)),
        type_ if isinstance(type_, str) else None,
        definition.get("@context"),
        "@context" in definition,
    )


class _Walk:
    """Walks the values of a document. A context that many nodes share is made once."""

    def __init__(self) -> None:
        self._made: dict[tuple[int, int], tuple[_Context, _Context]] = {}

    def _scoped(self, context: _Context, definition: JSONValue) -> _Context:
        """Return what a ``@context`` makes of a context."""
        key = id(context), id(definition)
        if key not in self._made:
            self._made[key] = (
                context,
                context.with_(definition),
            )  # the first lives on, so its id stays its own
        return self._made[key][1]

    def value(self, value: JSONValue, context: _Context, term: _Term | None = None) -> Iterator[Loss]:
        """Yield what is lost in a value of a property, or in the document."""
        if isinstance(value, list):
            for each in value:
                yield from self.value(each, context, term)
        elif isinstance(value, Mapping):
            yield from self._object(value, context, term)

    def _object(
        self, value: Mapping[str, JSONValue], context: _Context, term: _Term | None
    ) -> Iterator[Loss]:
        if term is not None and "@language" in term.container:
            yield from _languages(value)
        elif term is not None and any(each in term.container for each in _MAPS):
            inner = replace(term, container=())
            for each in value.values():
                yield from self.value(each, context, inner)
        else:
            yield from self._node(value, context)

    def _node(self, node: Mapping[str, JSONValue], context: _Context) -> Iterator[Loss]:
        """Walk an object with properties; what its types' contexts say holds for it alone."""
        if "@context" in node:
            context = self._scoped(context, node["@context"])
            yield from _default_language(node["@context"])
        own = self._of_types(node, context)
        for key, value in node.items():
            if key != "@context":
                yield from self._entry(key, value, own, context)

    def _of_types(self, node: Mapping[str, JSONValue], context: _Context) -> _Context:
        own = context
        for key, value in node.items():
            if context.expanded(key) == "@type":
                for name in sorted(each for each in _listed(value) if isinstance(each, str)):
                    term = context.terms.get(name)
                    own = self._scoped(own, term.context) if term and term.has_context else own
        return own

    def _entry(self, key: str, value: JSONValue, own: _Context, context: _Context) -> Iterator[Loss]:
        """Walk one entry of an object: by the context of its types for the name, without it for the value."""
        iri = own.expanded(key)
        if iri is None or value is None:  # left out on purpose
            return
        if iri in _KEYWORDS:
            yield from self._keyword(iri, value, own)
        elif not _is_absolute(iri):
            yield Loss(Kind.KEY, key)
        else:
            term = own.terms.get(key)
            if term is not None and term.type == "@json":
                return
            inner = context if own is not context else own
            if term is not None and term.has_context:
                inner = self._scoped(inner, term.context)
            yield from self.value(value, inner, term)
            if term is not None and term.type in ("@id", "@vocab"):
                yield from _iris(value, own, by_term=term.type == "@vocab")

    def _keyword(self, keyword: str, value: JSONValue, context: _Context) -> Iterator[Loss]:
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
        elif keyword in ("@graph", "@included", "@list", "@set", "@reverse"):
            yield from self.value(value, context)


def _listed(value: JSONValue) -> list[JSONValue]:
    return value if isinstance(value, list) else [value]


def _iris(value: JSONValue, context: _Context, *, by_term: bool) -> Iterator[Loss]:
    """Yield the names of nodes that stand for no IRI."""
    for each in _listed(value):
        if isinstance(each, str) and not _names_node(each, context, by_term=by_term):
            yield Loss(Kind.IRI, each)


def _names_node(text: str, context: _Context, *, by_term: bool) -> bool:
    if text.startswith("_:") or context.has_base or _KEYWORD.fullmatch(text):
        return True
    if by_term or ":" in text:
        iri = context.expanded(text) if by_term or text.partition(":")[0] in context.terms else text
        return iri is None or iri.startswith("_:") or _is_absolute(iri)
    return False


def _is_absolute(iri: str) -> bool:
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True


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
        yield Loss(Kind.LANGUAGE, tag)


_SAID: Mapping[Kind, tuple[str, str]] = {
    Kind.KEY: (
        "these keys stand for no property and were left out: {}; give each an IRI in @context",
        "estas claves no nombran ninguna propiedad y se omitieron: {}; dé un IRI a cada una en @context",
    ),
    Kind.LANGUAGE: (
        "these are no language tags, and their texts were left out: {}; write for instance es or es-CO",
        "estas no son etiquetas de idioma y se omitieron sus textos: {}; escriba, por ejemplo, es o es-CO",
    ),
    Kind.IRI: (
        "these names are relative, and what they stand in was left out: {}; write whole IRIs or give @base",
        "estos nombres son relativos y se omitió lo que se dice de ellos: {}; escriba IRI enteros o dé @base",
    ),
}
_MOST_SHOWN = 10


def warnings(losses: Iterable[Loss], graph: Subject) -> list[Violation]:
    """Return one warning about a graph for each kind of loss; its value is the first name."""
    home = graph if isinstance(graph, NamedNode) else None
    return [
        Violation(graph, RULE, _message(kind, names), value=names[0], graph=home, severity="warning")
        for kind, names in _by_kind(losses)
    ]


def messages(losses: Iterable[Loss]) -> list[dict[str, str]]:
    """Return one message for each kind of loss, by language, with the first names."""
    return [_message(kind, names) for kind, names in _by_kind(losses)]


def _by_kind(losses: Iterable[Loss]) -> Iterator[tuple[Kind, list[Literal]]]:
    names: dict[Kind, list[Literal]] = {}
    for loss in losses:
        names.setdefault(loss.kind, []).append(Literal(loss.name))
    yield from ((kind, names[kind]) for kind in Kind if kind in names)


def _message(kind: Kind, names: Sequence[Literal]) -> dict[str, str]:
    shown = ", ".join(map(told, names[:_MOST_SHOWN]))
    more = len(names) - _MOST_SHOWN
    english, spanish = _SAID[kind]
    return {
        "en": english.format(shown + (f" and {more} more" if more > 0 else "")),
        "es": spanish.format(shown + (f" y {more} más" if more > 0 else "")),
    }
