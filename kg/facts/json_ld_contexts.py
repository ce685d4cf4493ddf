"""JSON-LD contexts: expand the names in a document (JSON-LD 1.1 API, sections 4 and 5.2).

Contexts keep only what name expansion needs: terms, prefixes, ``@vocab``, whether there is a base, and scoped
contexts.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from typing import TypeAlias

from pyoxigraph import NamedNode

JSONValue: TypeAlias = "Mapping[str, JSONValue] | list[JSONValue] | str | float | bool | None"

KEYWORD = re.compile(r"@[A-Za-z]+")
_RELATIVE = "urn:base:"
"""Prefix of a ``@vocab`` that is relative to the base, whatever the base is."""


@dataclass(frozen=True)
class Term:
    """A term of a context: its IRI (None if the context maps it to null), and how its values are read."""

    iri: str | None
    container: tuple[str, ...] = ()
    type: str | None = None
    context: JSONValue = field(default=None)
    has_context: bool = False


@dataclass(frozen=True)
class Context:
    """The terms in scope, and whether a base and a vocabulary resolve names without a colon."""

    terms: Mapping[str, Term] = field(default_factory=dict)
    vocabulary: str | None = None
    has_base: bool = False
    _meanings: dict[str, str | None] = field(default_factory=dict, init=False, compare=False)

    @cached_property
    def has_scoped_terms(self) -> bool:
        """True if a term has a scoped context."""
        return any(term.has_context for term in self.terms.values())

    def meaning(self, name: str) -> str | None:
        """Return the expansion of a property's name, and cache it."""
        if name not in self._meanings:
            self._meanings[name] = self.expanded(name)
        return self._meanings[name]

    def extended(self, context: JSONValue) -> Context:
        """Return this context extended by the value of ``@context``."""
        if context is None:
            return Context(has_base=self.has_base)
        if isinstance(context, list):
            found = self
            for part in context:
                found = found.extended(part)
            return found
        return self._extended(context) if isinstance(context, Mapping) else self

    def _extended(self, context: Mapping[str, JSONValue]) -> Context:
        terms = dict(self.terms)
        for name, definition in context.items():
            if not KEYWORD.fullmatch(name):
                terms[name] = _term(name, definition)
        found = replace(self, terms=terms)
        if "@vocab" in context:
            vocabulary = context["@vocab"]
            found = replace(found, vocabulary=vocabulary if isinstance(vocabulary, str) else None)
        if "@base" in context:
            base = context["@base"]
            is_whole = isinstance(base, str) and is_absolute(base)
            found = replace(found, has_base=is_whole or (self.has_base and base is not None))
        if found.has_base and found.vocabulary is not None and ":" not in found.vocabulary:
            found = replace(found, vocabulary=f"{_RELATIVE}{found.vocabulary}")
        return found

    def expanded(self, name: str) -> str | None:
        """Return the expansion of a property's or a type's name: an IRI, a keyword, or the name itself."""
        visited: set[str] = set()
        while name not in visited:
            visited.add(name)
            if name in self.terms:
                iri = self.terms[name].iri
                if iri is None or iri == name:
                    return iri
                name = iri
                continue
            prefix, colon, rest = name.partition(":")
            if colon and prefix in self.terms and not rest.startswith("//"):
                return (self._expanded_prefix(prefix) or "") + rest
            if not colon and self.vocabulary is not None and not name.startswith("@"):
                return self.vocabulary + name
        return name

    def _expanded_prefix(self, prefix: str) -> str | None:
        """Return the IRI of a prefix, which may be defined by another prefix."""
        iri, visited = self.terms[prefix].iri, {prefix}
        ends: list[str] = []
        while iri is not None:
            before, colon, rest = iri.partition(":")
            if not colon or before not in self.terms or before in visited or rest.startswith("//"):
                return iri + "".join(reversed(ends))
            visited.add(before)
            ends.append(rest)
            iri = self.terms[before].iri
        return None


def _term(name: str, definition: JSONValue) -> Term:
    if not isinstance(definition, Mapping):
        return Term(definition if isinstance(definition, str) else None)
    iri = definition.get("@id", definition.get("@reverse", name))
    container = definition.get("@container")
    containers = container if isinstance(container, list) else [container]
    type_ = definition.get("@type")
    return Term(
        iri if isinstance(iri, str) else None,
        tuple(each for each in containers if isinstance(each, str)),
        type_ if isinstance(type_, str) else None,
        definition.get("@context"),
        "@context" in definition,
    )


def is_absolute(iri: str) -> bool:
    """Return True if a text is an IRI with a scheme."""
    try:
        NamedNode(iri)
    except ValueError:
        return False
    return True
