"""Claims asserted as fact by a word: a text or name that uses, outside quotation, what only a claimant says.

A claim names its contested words (dip:contestedWord, in lower case), and a curator their equivalents in other
languages and forms (dip:equivalentWord). Each run of up to six words of a new text or name is looked up among
them, so the cost follows the text and not the number of claims. A word that becomes contested later does not
refuse the claim; ``whole`` finds the texts that used it before.
"""

import re
import unicodedata
from collections.abc import Iterable, Iterator, Mapping
from functools import lru_cache
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Violation, told
from kg.gate.shacl.paths import Repeat, Step, walk
from kg.iris import BASE, DATA, PREFIXES, SHAPES, TERMS

RULE = SHAPES + "contested-word-as-fact"
CONTESTED_WORD = NamedNode(TERMS + "contestedWord")
EQUIVALENT_WORD = NamedNode(TERMS + "equivalentWord")
LONGEST = 6
"""How many words a contested word may be made of; its shape says the same."""

_TITLE = NamedNode(PREFIXES["dcterms"] + "title")
_TEXTS = frozenset(
    NamedNode(namespace + name)
    for namespace, names in (
        (PREFIXES["rdfs"], ("label", "comment")),
        (PREFIXES["skos"], ("prefLabel", "altLabel", "hiddenLabel", "note", "definition", "example")),
        (PREFIXES["skos"], ("scopeNote", "editorialNote", "historyNote", "changeNote")),
        (PREFIXES["dcterms"], ("title", "alternative", "description", "abstract")),
        ("http://purl.org/dc/elements/1.1/", ("title", "description")),
        ("https://schema.org/", ("name", "alternateName", "description")),
        ("http://schema.org/", ("name", "alternateName", "description")),
        ("http://xmlns.com/foaf/0.1/", ("name",)),
        (TERMS, ("outcome", "condition", "inferenceNote")),
    )
    for name in names
)
"""What names and describes in nobody's voice but the graph's; what others say has properties of its own."""
_SOURCE, _TYPE = NamedNode(TERMS + "Source"), NamedNode(PREFIXES["rdf"] + "type")
_CLAIMED_BY, _LABEL = NamedNode(TERMS + "claimedBy"), NamedNode(PREFIXES["rdfs"] + "label")
_SUPERCLASSES = Repeat(Step(NamedNode(PREFIXES["rdfs"] + "subClassOf")), 0)
_TAKEN_FOR_FACT = frozenset(
    NamedNode(TERMS + name)
    for name in ("Actor", "Happening", "Office", "Place", "ProspectiveAct", "SymbolicObject")
)
"""The classes of things that exist or took place, and not as somebody's words."""
_QUOTED = re.compile(r"“[^”]*”|‘[^’]*’|«[^»]*»|\"[^\"]*\"|(?<!\w)'[^']*'(?!\w)")
_POSSESSIVE = re.compile(r"[’']s\b")
_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_PART = re.compile(r"\w+")
_ALIKE = str.maketrans("аеорсухіјѕԁһԛԝАВЕКМНОРСТУХІЈЅ", "aeopcyxijsdhqwABEKMHOPCTYXIJS")
"""Cyrillic letters, and the Latin ones that they look like."""
_KNOWN = (BASE, *PREFIXES.values())
_JOINT = re.compile(r"[-_.+]+|(?<=[a-z])(?=[A-Z])")


def violations(overlay: Overlay) -> Iterator[Violation]:
    """Find the new texts and names that use a contested word as if it were a fact."""
    texts, names = _rules(overlay)
    for quad in overlay.added:
        yield from texts.violations(quad)
        yield from names.violations(quad)


def whole(overlay: Overlay, predicates: Iterable[NamedNode] = ()) -> Iterator[Violation]:
    """Find every text and name of a store that does so; ``predicates`` are those that stand in it.

    A text that holds no contested word's first part is passed over.
    """
    words = (quad.object for each in _IN_WHICH for quad in overlay.quads_for_pattern(None, each, None))
    beginnings = {_PART.search(word.value) for word in words if isinstance(word, Literal)}
    first = {match.group() for match in beginnings if match}
    texts, names = _rules(overlay)
    for predicate in sorted(_TEXTS, key=str) if first else ():
        for quad in overlay.quads_for_pattern(None, predicate, None):
            if not first.isdisjoint(_PART.findall(_plain(getattr(quad.object, "value", "")))):
                yield from texts.violations(quad)
    for predicate in (_TYPE, *filter(_is_foreign, sorted(predicates, key=str))) if first else ():
        for quad in overlay.quads_for_pattern(None, predicate, None):
            yield from names.violations(quad)


def outside_quotation(text: str) -> Iterator[str]:
    """Give each run of up to ``LONGEST`` words, in lower case, that no quotation marks enclose.

    >>> list(outside_quotation("A ‘kidnapping’ in Caracas"))
    ['a', 'in', 'in caracas', 'caracas']
    """
    for part in _QUOTED.split(_POSSESSIVE.sub("", _plain(text))):
        words = list(_WORD.finditer(part))
        for first in range(len(words)):
            for last in words[first : first + LONGEST]:
                run = re.sub(r"\s+", " ", part[words[first].start() : last.end()])
                yield run
                if "-" in run:
                    yield run.replace("-", " ")


def _plain(text: str) -> str:
    """Write a text in lower case, without the characters that nobody sees.

    >>> _plain("Kid\\u200bnapping")
    'kidnapping'
    """
    if not text.isascii():
        text = unicodedata.normalize("NFKC", text)
        text = "".join(letter for letter in text if unicodedata.category(letter) != "Cf").translate(_ALIKE)
    return text.lower()


class _Words:
    """What a graph knows of contested words; each run of words is looked up once."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._known: dict[str, Mapping[str, str] | None] = {}

    def said(self, text: str) -> Iterator[Mapping[str, str]]:
        """Say which contested words or equivalents a text uses in its own voice, and whose they are."""
        for words in dict.fromkeys(outside_quotation(text)):
            if words not in self._known:
                self._known[words] = next(self._told(words), None)
            if found := self._known[words]:
                yield found

    def _told(self, words: str) -> Iterator[Mapping[str, str]]:
        for predicate, whose in _IN_WHICH.items():
            quads = self._overlay.quads_for_pattern(None, predicate, Literal(words))
            if claims := [quad.subject for quad in quads]:
                names = _claimants(claims, self._overlay)
                yield {language: form.format(words=words, names=names) for language, form in whose.items()}


def _rules(overlay: Overlay) -> tuple["_Texts", "_Names"]:
    words = _Words(overlay)
    return _Texts(overlay, words), _Names(overlay, words)


class _Texts:
    """The texts that name and describe things."""

    def __init__(self, overlay: Overlay, words: _Words) -> None:
        self._overlay = overlay
        self._words = words

    def violations(self, quad: Quad) -> Iterator[Violation]:
        """Find the contested words in a text; the title of a source is as that source prints it."""
        if quad.predicate not in _TEXTS or not isinstance(quad.object, Literal):
            return
        if quad.predicate == _TITLE and self._overlay.has(quad.subject, _TYPE, _SOURCE):
            return
        for said in self._words.said(quad.object.value):
            yield _violation(quad, _of_words(said))


class _Names:
    """The names of things that are taken for fact, and of the classes and properties of others' making."""

    def __init__(self, overlay: Overlay, words: _Words) -> None:
        self._overlay = overlay
        self._words = words
        self._found: dict[NamedNode, list[Mapping[str, str]]] = {}
        self._is_fact: dict[NamedNode, bool] = {}

    def violations(self, quad: Quad) -> Iterator[Violation]:
        """Find the names that a quad brings in and that say a contested word."""
        for name in self._brought_in(quad):
            if name not in self._found:
                self._found[name] = [_of_name(name, said) for said in self._words.said(_spelt_out(name))]
            for message in self._found[name]:
                yield _violation(quad, message)

    def _brought_in(self, quad: Quad) -> Iterator[NamedNode]:
        subject, value = quad.subject, quad.object
        if quad.predicate != _TYPE:
            if _is_foreign(quad.predicate) and (_is_ours(subject) or _is_ours(value)):
                yield quad.predicate
        elif isinstance(value, NamedNode):
            if _is_foreign(value) and _is_ours(subject):
                yield value
            if isinstance(subject, NamedNode) and self._is_taken_for_fact(value):
                yield subject

    def _is_taken_for_fact(self, class_: NamedNode) -> bool:
        if class_ not in self._is_fact:
            above = walk(self._overlay, _SUPERCLASSES, {class_})
            self._is_fact[class_] = not _TAKEN_FOR_FACT.isdisjoint(above)
        return self._is_fact[class_]


_IN_WHICH: Mapping[NamedNode, Mapping[str, str]] = {
    CONTESTED_WORD: {
        "en": "“{words}” is the word of {names} alone",
        "es": "«{words}» es palabra solo de {names}",
    },
    EQUIVALENT_WORD: {
        "en": "“{words}” says in another form what is the word of {names} alone",
        "es": "«{words}» dice de otra forma lo que es palabra solo de {names}",
    },
}
"""The properties that hold what only a claimant says, and what to say of it."""


def _claimants(claims: Iterable[object], overlay: Overlay) -> str:
    names = {
        label.value
        for claim in claims
        if isinstance(claim, NamedNode)
        for claimant in overlay.objects(claim, _CLAIMED_BY)
        for label in overlay.objects(claimant, _LABEL)
        if isinstance(label, Literal) and label.language in (None, "en")
    }
    return ", ".join(sorted(names)) or "a claimant"


def _spelt_out(name: NamedNode) -> str:
    """Write the words that the end of an IRI is made of.

    >>> _spelt_out(NamedNode("http://example.org/WarCrimes"))
    'War Crimes'
    """
    return _JOINT.sub(" ", unquote(re.split(r"[/#:]", name.value)[-1]))


@lru_cache(maxsize=4096)
def _is_foreign(name: NamedNode) -> bool:
    return not name.value.startswith(_KNOWN)


def _is_ours(node: Term) -> bool:
    return isinstance(node, NamedNode) and node.value.startswith(DATA)


def _of_words(said: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "en": f"claim asserted as fact: {said['en']}; put it in quotation marks and say whose word it is, or"
        " leave it out",
        "es": f"afirmación presentada como hecho: {said['es']}; póngala entre comillas y diga de quién es, o"
        " suprímala",
    }


def _of_name(name: NamedNode, said: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "en": f"claim asserted as fact by the name {told(name)}: {said['en']}, and a name has no quotation"
        " marks; call it otherwise",
        "es": f"afirmación presentada como hecho en el nombre {told(name)}: {said['es']}, y un nombre no"
        " lleva comillas; llámelo de otra manera",
    }


def _violation(quad: Quad, message: Mapping[str, str]) -> Violation:
    return Violation(
        focus=quad.subject,
        rule=RULE,
        message=message,
        path=Step(quad.predicate),
        value=quad.object,
        graph=quad.graph_name if isinstance(quad.graph_name, NamedNode) else None,
    )
