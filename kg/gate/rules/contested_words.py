"""Rule on contested words: a text, name or link must not use a claimant's word, unquoted, as if it were fact.

A claim lists its contested words (dip:contestedWord, in lower case), and curators add equivalents in other
languages and forms (dip:equivalentWord). A claim is not rejected because earlier texts use its words;
``whole`` finds those texts. The description of dipsh:contested-word-as-fact lists the texts to check; texts
about our records in other vocabularies are checked too.

A related word, a word for the same accusation in another language, or a word in a link's URL gives a warning.
In a text about something taken as fact, quotation marks are not enough: the text must name one of the
claimants; in a happening's name they never help. The printed name of an organization or office may contain
such a word, with a warning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Severity, Violation
from kg.gate.rules.contested_sentences import (
    of_link,
    of_name,
    of_name_of_a_happening,
    of_printed_name,
    of_quotation,
    of_unprinted_name,
    of_words,
)
from kg.gate.rules.contested_uses import ContestedUses, WordUse
from kg.gate.rules.printed_names import PrintedNames
from kg.gate.rules.stems import LANGUAGES, stem
from kg.gate.rules.texts import plain
from kg.gate.shacl.paths import Repeat, Step, walk
from kg.iris import BASE, DATA, KINDS, PREFIXES, SHAPES, TERMS
from kg.ontology import examined
from kg.terms import DCTERMS, DIP, RDF, RDFS, SKOS, XSD

RULE = SHAPES + "contested-word-as-fact"

_SUPERCLASSES = Repeat(Step(RDFS.SUB_CLASS_OF), 0)
_KNOWN = (BASE, *PREFIXES.values())
_JOINT = re.compile(r"[-_.+\s]+")
_CAPITAL = re.compile(r"(?<=[a-z])(?=[A-Z])")
_TEXT = frozenset({Literal("").datatype, Literal("", language="en").datatype})


@dataclass(frozen=True)
class ContestedWords:
    """The rule: the properties whose texts it checks, and the classes whose names it checks."""

    properties: frozenset[NamedNode]
    classes: frozenset[NamedNode]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Return the rule from its description among the shapes."""
        rule = examined(shapes, NamedNode(RULE))
        return cls(rule.properties, rule.classes)

    def prepare(self) -> None:
        """Load now the data that the first non-Latin text and the first stem need."""
        spelt = plain("\u043a")
        for language in LANGUAGES:
            stem(spelt, language)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Yield violations by new texts and names that use a contested word as fact."""
        texts, names = self._searches(overlay)
        for quad in overlay.added:
            yield from texts.violations(quad)
            yield from names.violations(quad)

    def whole(self, overlay: Overlay, predicates: Iterable[NamedNode] = ()) -> Iterator[Violation]:
        """Yield violations by all texts, names and links of a store; ``predicates`` are all in use."""
        texts, names = self._searches(overlay)
        if not texts.uses:
            return
        others = {predicate for predicate in predicates if not predicate.value.startswith(TERMS)}
        for predicate in sorted(self.properties | others | {RDF.TYPE}, key=str):
            for quad in overlay.quads_for_pattern(None, predicate, None):
                yield from texts.violations(quad)
                yield from names.violations(quad)

    def _searches(self, overlay: Overlay) -> tuple["_Texts", "_Names"]:
        uses = ContestedUses(overlay)
        return _Texts(overlay, uses, self), _Names(overlay, uses, self.classes)


class _Texts:
    """Check of texts that name or describe things, including judgements and characterizations."""

    def __init__(self, overlay: Overlay, uses: ContestedUses, rule: ContestedWords) -> None:
        self.uses = uses
        self._overlay = overlay
        self._printed = PrintedNames(overlay)
        self._properties = rule.properties
        self._classes = rule.classes

    def violations(self, quad: Quad) -> Iterator[Violation]:
        """Yield violations by a text, unless it is a source's title or a speaker's words."""
        text = quad.object
        if not self.uses or not isinstance(text, Literal):
            return
        if quad.predicate in self._properties:
            if not self._is_of_a_speaker(quad):
                yield from self._of(quad, text, "error")
        elif text.datatype in _TEXT and _is_of_others(quad.predicate) and _is_record(quad, self._overlay):
            is_fact = not self._classes.isdisjoint(self._overlay.classes(quad.subject))
            yield from self._of(quad, text, "error" if is_fact else "warning")

    def _is_of_a_speaker(self, quad: Quad) -> bool:
        """Return whether a text is a source's title, the words of a statement's speaker or a coder's code."""
        if quad.predicate == DCTERMS.TITLE:
            return self._overlay.has(quad.subject, RDF.TYPE, DIP.SOURCE)
        if quad.predicate == SKOS.PREF_LABEL:
            return not _CODE_LISTS.isdisjoint(self._overlay.objects(quad.subject, SKOS.IN_SCHEME))
        speakers = self._overlay.objects(quad.subject, DIP.MADE_BY)
        is_said = bool(speakers) and quad.predicate in _WORDS_OF_A_SPEAKER
        return is_said and not self._is_of_an_outlet(quad, speakers)

    def _of(self, quad: Quad, text: Literal, most: Severity) -> Iterator[Violation]:
        language = (text.language or "").partition("-")[0].lower()
        used = list(self.uses.used(text.value, language, self._voices(quad)))
        is_printed = bool(used) and self._printed.has(quad)
        for use in used:
            if is_printed:
                yield _violation(quad, of_printed_name(use.said), "warning")
            else:
                sentence = of_unprinted_name if self._printed.may_have(quad) else of_words
                severity = most if use.severity == "error" else use.severity
                yield _violation(quad, sentence(use.said), severity)
        if not used:
            yield from self._quoted(quad, text.value)

    def _quoted(self, quad: Quad, text: str) -> Iterator[Violation]:
        """Yield violations by quotations without a claimant, in a text about something taken as fact."""
        uses = list(self.uses.quoted(text))
        classes = self._overlay.classes(quad.subject) if uses else frozenset()
        is_name = quad.predicate in _NAMES and DIP.HAPPENING in classes
        for use in () if self._classes.isdisjoint(classes) else uses:
            if is_name:
                yield _violation(quad, of_name_of_a_happening(use.said))
            elif not self.uses.is_named(text, use.claimants):
                yield _violation(quad, of_quotation(use.said))

    def _voices(self, quad: Quad) -> frozenset[Term]:
        """Return the actors in whose voice a text is."""
        if quad.predicate not in _IN_A_VOICE:
            return frozenset()
        return frozenset(
            each
            for link in (DIP.MADE_BY, DIP.ASSESSED_BY)
            for each in self._overlay.objects(quad.subject, link)
        )

    def _is_of_an_outlet(self, quad: Quad, speakers: Iterable[Term]) -> bool:
        """Return whether a curator paraphrases an outlet: others' words would seem to be the outlet's."""
        return quad.predicate == DIP.PARAPHRASE and all(
            DIP.OUTLET in self._overlay.classes(speaker) for speaker in speakers
        )


class _Names:
    """Check of the names of things taken as fact, and of foreign classes and properties."""

    def __init__(self, overlay: Overlay, uses: ContestedUses, classes: frozenset[NamedNode]) -> None:
        self._overlay = overlay
        self._uses = uses
        self._classes = classes
        self._found: dict[str, list[WordUse]] = {}
        self._is_fact: dict[NamedNode, bool] = {}

    def violations(self, quad: Quad) -> Iterator[Violation]:
        """Yield violations by names and links that a quad adds."""
        if not self._uses:
            return
        for name in self._brought_in(quad):
            for use in self._used(name.value):
                yield _violation(quad, of_name(name, use.said), use.severity)
        if address := _address(quad):
            for use in self._used(address) if self._is_link(quad) else ():
                yield _violation(quad, of_link(use.said), "warning")

    def _used(self, name: str) -> list[WordUse]:
        if name not in self._found:
            self._found[name] = list(self._uses.used(_spelt_out(name)))
        return self._found[name]

    def _is_link(self, quad: Quad) -> bool:
        """Return whether a quad's URL is a link of our record; a source's URL is the source's own wording."""
        return _is_record(quad, self._overlay) and not self._overlay.has(quad.subject, RDF.TYPE, DIP.SOURCE)

    def _brought_in(self, quad: Quad) -> Iterator[NamedNode]:
        subject, value = quad.subject, quad.object
        if quad.predicate != RDF.TYPE:
            if _is_foreign(quad.predicate) and (_is_ours(subject) or _is_ours(value)):
                yield quad.predicate
        elif isinstance(value, NamedNode):
            if _is_foreign(value) and _is_ours(subject):
                yield value
            if isinstance(subject, NamedNode) and self._is_taken_for_fact(value):
                yield from () if subject.value.startswith(KINDS) else (subject,)

    def _is_taken_for_fact(self, class_: NamedNode) -> bool:
        if class_ not in self._is_fact:
            above = walk(self._overlay, _SUPERCLASSES, {class_})
            self._is_fact[class_] = not self._classes.isdisjoint(above)
        return self._is_fact[class_]


_CODE_LISTS = frozenset(
    NamedNode(KINDS + name) for name in ("acled-codes", "cameo-codes", "plover-codes", "plover-contexts")
)
"""Lists of codes, whose labels are a code book's words: only a release changes them."""
_WORDS_OF_A_SPEAKER = frozenset({DIP.PARAPHRASE, DIP.QUOTATION})
"""Properties that hold the words of a speaker or of an assessor."""
_IN_A_VOICE = _WORDS_OF_A_SPEAKER | {DIP.MEANING}


_NAMES = frozenset({RDFS.LABEL, SKOS.PREF_LABEL, SKOS.ALT_LABEL, SKOS.HIDDEN_LABEL, DCTERMS.TITLE})
"""Properties that name a thing."""


def _spelt_out(name: str) -> str:
    """Return the words in the end of an IRI; a capital inside a word may or may not begin a new one.

    >>> _spelt_out("http://example.org/WarCrimes"), _spelt_out("https://example.org/a-raid/?from=rss")
    ('War-Crimes', 'a-raid')
    """
    path = name.partition("?")[0].rstrip("/#")
    end = unquote(re.split(r"[/#:]", path)[-1])
    return _CAPITAL.sub("-", _JOINT.sub("-", end))


def _address(quad: Quad) -> str | None:
    """Return the URL of a link: the value of a foreign property, or any value typed as one."""
    value = quad.object
    if isinstance(value, Literal):
        return value.value if value.datatype == XSD.ANY_URI else None
    if not isinstance(value, NamedNode) or quad.predicate == RDF.TYPE or not _is_of_others(quad.predicate):
        return None
    return value.value if _is_foreign(value) else None


@lru_cache(maxsize=4096)
def _is_foreign(name: NamedNode) -> bool:
    return not name.value.startswith(_KNOWN)


def _is_ours(node: Term) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(DATA)


def _is_of_others(predicate: NamedNode) -> bool:
    return not predicate.value.startswith(TERMS)


def _is_record(quad: Quad, overlay: Overlay) -> bool:
    """Return whether a quad is about a thing of the data space, or one with a class of ours."""
    return _is_ours(quad.subject) or any(
        isinstance(class_, NamedNode) and class_.value.startswith(TERMS)
        for class_ in overlay.classes(quad.subject)
    )


def _violation(quad: Quad, message: Mapping[str, str], severity: Severity = "error") -> Violation:
    return Violation(
        focus=quad.subject,
        rule=RULE,
        message=message,
        path=Step(quad.predicate),
        value=quad.object,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
        severity=severity,
    )
