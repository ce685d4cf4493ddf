"""Names of things on pages, in the reader's language if they have a name in it."""

import re
from collections.abc import Iterator
from itertools import takewhile

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.changes import Object, Quads, Subject
from kg.terms import DCTERMS, DIP, PROV, RDF, RDFS, SKOS

_LABELS = (
    *(RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE),
    *(DIP.EXACT_TEXT, DIP.TEXT, DIP.DATE_AS_WRITTEN, DIP.DATE, DIP.AMOUNT_AS_WRITTEN),
    *(DIP.CODED_NAME, DIP.ACTOR_CODE),
)
_COMPOSED = (
    ((DIP.REPORTS, DIP.FOUND_IN), {"en": "{}, reported in {}", "es": "{}, según {}"}),
    ((DIP.HELD_BY, DIP.HOLDS_OFFICE), {"en": "{}, {}", "es": "{}, {}"}),
    ((DIP.HELD_BY, DIP.HAS_KIND, DIP.TAKES_PART_IN), {"en": "{}, {}: {}", "es": "{}, {}: {}"}),
    (
        (DIP.APPLIES_TO, DIP.HAS_STATUS, DIP.HELD_BY),
        {"en": "{}: {}, according to {}", "es": "{}: {}, según {}"},
    ),
    ((DIP.APPLIES_TO, DIP.HAS_STATUS), {"en": "{}: {}", "es": "{}: {}"}),
    ((DIP.VERSION,), {"en": "Version {}", "es": "Versión {}"}),
    ((PROV.WAS_GENERATED_BY,), {"en": "Facts ({})", "es": "Hechos ({})"}),
)
"""Patterns for naming a thing without its own name after the things that it refers to."""

_DENIED = {"en": "denied by", "es": "lo niega"}
_DEPTH = 3
"""Maximum number of things in a chain that take their names from each other."""

_OURS = ("dip", "dipid", "dipk", "dipsh")


def name_of(contents: Quads, node: Subject | Object, language: str = "en") -> Literal | None:
    """Return the name of a thing.

    Its own, one composed from the things that it refers to, or one spelt out from its IRI.

    The name of a happening that somebody denies says so.
    """
    if not isinstance(node, NamedNode):
        return None
    if given_name := _given(contents, node, language):
        return _marked_as_denied(contents, node, given_name, language)
    return _composed(contents, node, language, _DEPTH) or _spelt(node)


def in_words(name: str) -> str:
    """Return the name of a variable or a property in words.

    >>> in_words("contestedBy")
    'contested by'
    """
    return re.sub(r"(?<=[a-z0-9])([A-Z])", r" \1", name).lower()


def _given(contents: Quads, node: NamedNode, language: str) -> Literal | None:
    for predicate in _LABELS:
        values = (quad.object for quad in contents.quads_for_pattern(node, predicate, None))
        found = sorted((name for name in values if isinstance(name, Literal)), key=str)
        if found:
            languages = (language, language.partition("-")[0], "en")
            liked = (name for language_tag in languages for name in found if name.language == language_tag)
            return next(liked, found[0])
    return None


def _marked_as_denied(contents: Quads, node: NamedNode, name: Literal, language: str) -> Literal:
    """Add to the name of a happening who denies it; a claim already names its claimant."""
    if any(contents.quads_for_pattern(node, RDF.TYPE, DIP.CLAIM)):
        return name
    denials = {quad.subject for quad in contents.quads_for_pattern(None, DIP.DENIES, node)}
    if not denials:
        return name
    deniers = {
        denier
        for denial in denials
        if isinstance(denial, NamedNode)
        for denier in _parts(contents, denial, DIP.MADE_BY, language, _DEPTH)
    }
    phrase = _DENIED[language if language in _DENIED else "en"]
    return Literal(f"{name.value} ({phrase} {', '.join(sorted(deniers))})", language=name.language)


def _composed(contents: Quads, node: NamedNode, language: str, depth: int) -> Literal | None:
    for properties, forms in _COMPOSED:
        part_names = (next(_parts(contents, node, each, language, depth), None) for each in properties)
        parts = [*takewhile(bool, part_names)]
        if len(parts) == len(properties):
            form_language = language if language in forms else "en"
            return Literal(forms[form_language].format(*parts), language=form_language)
    return None


def _parts(
    contents: Quads, node: NamedNode, predicate: NamedNode, language: str, depth: int
) -> Iterator[str]:
    """Yield the names of a property's values."""
    for value in sorted((quad.object for quad in contents.quads_for_pattern(node, predicate, None)), key=str):
        if isinstance(value, Literal):
            yield value.value
        elif isinstance(value, NamedNode) and depth:
            label = _given(contents, value, language) or _composed(contents, value, language, depth - 1)
            yield label.value if label else iris.compact(value.value)


def _spelt(node: NamedNode) -> Literal | None:
    """Return the name of a term of another vocabulary: its local part, in words."""
    prefix, _, local = iris.compact(node.value).partition(":")
    is_name = prefix in iris.PREFIXES and prefix not in _OURS and local.isalnum()
    return Literal(in_words(local), language="en") if is_name else None
