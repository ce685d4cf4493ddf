"""Claims asserted as fact by a word: a text or name that uses, outside quotation, what only a claimant says.

A claim names its contested words (dip:contestedWord, in lower case), and a curator their equivalents in other
languages and forms (dip:equivalentWord). Each run of up to six words of a new text or name is looked up among
them, in other spellings too, so the cost follows the text and not the number of claims. A word that becomes
contested later does not refuse the claim; ``whole`` finds the texts that used it before. The ontology lists
what is examined, in the description of dipsh:contested-word-as-fact.

A word of the same accusation in another language gives a warning. On a thing that is taken for fact,
quotation marks alone do not make a word somebody's: the text has to name one of those whose word it is.
The printed name of an organization or office may hold such a word, with a warning.
"""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Self
from urllib.parse import unquote

from pyoxigraph import Literal, NamedNode, Quad

from kg.gate.overlay import Overlay, Term
from kg.gate.reports import Severity, Violation, told
from kg.gate.rules.accusing_words import ALIKE
from kg.gate.rules.printed_names import PrintedNames
from kg.gate.rules.texts import plain, quoted, spellings, unquoted, without_accents
from kg.gate.shacl.paths import Repeat, Step, walk
from kg.iris import BASE, DATA, PREFIXES, SHAPES
from kg.ontology import examined
from kg.terms import DCTERMS, DIP, RDF, RDFS

RULE = SHAPES + "contested-word-as-fact"
LONGEST = 6
"""How many words a contested word may be made of; its shape says the same."""

_SUPERCLASSES = Repeat(Step(RDFS.SUB_CLASS_OF), 0)
_POSSESSIVE = re.compile(r"[’']s\b")
_WORD = re.compile(r"\w+(?:[-’'.]\w+)*")
_ELISION = re.compile(r"(?:[cdjlmnst]|qu)[’']")
_FEWEST_LETTERS = 4
"""Letters with spaces between them that are read as a word."""
_LEAST_NAME = 4
_PART = re.compile(r"\w+")
_KNOWN = (BASE, *PREFIXES.values())
_JOINT = re.compile(r"[-_.+]+|(?<=[a-z])(?=[A-Z])")


@dataclass(frozen=True)
class ContestedWords:
    """The rule on contested words: the properties whose texts it examines, and the classes for names."""

    properties: frozenset[NamedNode]
    classes: frozenset[NamedNode]

    @classmethod
    def of(cls, shapes: Iterable[Quad]) -> Self:
        """Read what the rule examines from its description among the shapes."""
        rule = examined(shapes, NamedNode(RULE))
        return cls(rule.properties, rule.classes)

    def violations(self, overlay: Overlay) -> Iterator[Violation]:
        """Find the new texts and names that use a contested word as if it were a fact."""
        texts, names = self._searches(overlay)
        for quad in overlay.added:
            yield from texts.violations(quad)
            yield from names.violations(quad)

    def whole(self, overlay: Overlay, predicates: Iterable[NamedNode] = ()) -> Iterator[Violation]:
        """Find every text and name of a store that does so; ``predicates`` are those that stand in it.

        A text that holds no contested word's first part is passed over.
        """
        first = _beginnings(overlay)
        texts, names = self._searches(overlay)
        for predicate in sorted(self.properties, key=str) if first else ():
            for quad in overlay.quads_for_pattern(None, predicate, None):
                if isinstance(quad.object, Literal) and _may_hold(quad.object.value, first):
                    yield from texts.violations(quad)
        for predicate in (RDF.TYPE, *filter(_is_foreign, sorted(predicates, key=str))) if first else ():
            for quad in overlay.quads_for_pattern(None, predicate, None):
                yield from names.violations(quad)

    def _searches(self, overlay: Overlay) -> tuple["_Texts", "_Names"]:
        words = _Words(overlay)
        return _Texts(overlay, words, self), _Names(overlay, words, self.classes)


def _beginnings(overlay: Overlay) -> set[str]:
    """Give the first part of each contested word, of its equivalents and of words alike."""
    quads = (quad for each in _IN_WHICH for quad in overlay.quads_for_pattern(None, each, None))
    words = {quad.object.value for quad in quads if isinstance(quad.object, Literal)}
    words |= {alike for word in words for alike in ALIKE.get(without_accents(word), ())}
    matches = map(_PART.search, words)
    return {match.group() for match in matches if match}


def _may_hold(text: str, first: set[str]) -> bool:
    """Tell fast if a text may hold a word of which the first part is known."""
    read = plain(text)
    return any(
        not first.isdisjoint(_PART.findall(spelt)) for spelt in spellings(read)
    ) or not first.isdisjoint(_of_single_letters(list(_WORD.finditer(read))))


def outside_quotation(text: str) -> Iterator[str]:
    """Give each run of up to ``LONGEST`` words, in lower case, that no quotation marks enclose.

    >>> list(outside_quotation("A ‘kidnapping’ in Caracas"))
    ['a', 'in', 'in caracas', 'caracas']
    """
    for part in unquoted(_POSSESSIVE.sub("", plain(text))):
        yield from _runs(part)


def _in_quotation(text: str) -> Iterator[str]:
    """Give each run of words that quotation marks enclose."""
    for part in quoted(plain(text)):
        yield from _runs(_POSSESSIVE.sub("", part))


def _runs(part: str) -> Iterator[str]:
    words = list(_WORD.finditer(part))
    yield from _of_single_letters(words)
    for first in range(len(words)):
        for last in words[first : first + LONGEST]:
            run = re.sub(r"\s+", " ", part[words[first].start() : last.end()])
            yield run
            if elided := _ELISION.match(run):
                yield run[elided.end() :]
            if "-" in run:
                yield run.replace("-", " ")


def _of_single_letters(words: Sequence[re.Match[str]]) -> Iterator[str]:
    """Yield the words that are written with a space between any two letters."""
    letters = ""
    for word in (*words, None):
        if word and len(word[0]) == 1:
            letters += word[0]
        else:
            if len(letters) >= _FEWEST_LETTERS:
                yield letters
            letters = ""


@dataclass(frozen=True)
class _Use:
    """A contested word that a text uses: whose it is, and what to say of it, by language."""

    claimants: frozenset[Term]
    said: Mapping[str, str]
    severity: Severity = "error"


class _Words:
    """What a graph knows of contested words; each run of words is looked up once."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay
        self._known: dict[str, _Use | None] = {}

    def used(self, text: str, voices: frozenset[Term] = frozenset()) -> Iterator[_Use]:
        """Yield the contested words that a text uses and that are not those of its own voices."""
        for use in self._found(outside_quotation(text)):
            if use.claimants.isdisjoint(voices):
                yield use

    def quoted(self, text: str) -> Iterator[_Use]:
        """Yield the contested words that a text quotes without a name of one whose word it is."""
        names: set[str] | None = None
        for use in self._found(_in_quotation(text)):
            names = names or set(_PART.findall(without_accents(plain(text))))
            if use.severity == "error" and names.isdisjoint(self._parts_of_names(use.claimants)):
                yield use

    def _found(self, runs: Iterable[str]) -> Iterator[_Use]:
        for words in dict.fromkeys(runs):
            if words not in self._known:
                self._known[words] = next(self._uses(words), None)
            if use := self._known[words]:
                yield use

    def _uses(self, words: str) -> Iterator[_Use]:
        forms = list(spellings(words))
        for form in forms:
            yield from self._contested(form, words, _IN_WHICH, "error")
        for form in forms:
            for alike in ALIKE.get(form, ()):
                yield from self._contested(alike, words, _PERHAPS, "warning")

    def _contested(
        self, form: str, words: str, whose: Mapping[NamedNode, Mapping[str, str]], severity: Severity
    ) -> Iterator[_Use]:
        """Yield the use of some words as a form that is contested."""
        for predicate, said in whose.items():
            quads = self._overlay.quads_for_pattern(None, predicate, Literal(form))
            if claims := [quad.subject for quad in quads]:
                claimants = frozenset(
                    claimant for claim in claims for claimant in self._overlay.objects(claim, DIP.CLAIMED_BY)
                )
                names = _names_of(claimants, self._overlay)
                filled = {
                    language: text.format(words=words, form=form, names=names)
                    for language, text in said.items()
                }
                yield _Use(claimants, filled, severity)

    def _parts_of_names(self, claimants: Iterable[Term]) -> Iterator[str]:
        """Yield the parts of the names of claimants, in any language, by which a text may call them."""
        for claimant in claimants:
            for label in self._overlay.objects(claimant, RDFS.LABEL):
                parts = _PART.findall(without_accents(plain(getattr(label, "value", ""))))
                yield from [part for part in parts if len(part) >= _LEAST_NAME] or parts


class _Texts:
    """The texts that name and describe things, and those in which somebody judges or describes them."""

    def __init__(self, overlay: Overlay, words: _Words, rule: ContestedWords) -> None:
        self._overlay = overlay
        self._words = words
        self._printed = PrintedNames(overlay)
        self._properties = rule.properties
        self._classes = rule.classes

    def violations(self, quad: Quad) -> Iterator[Violation]:
        """Find the contested words in a text that is neither a source's title nor the words of a speaker."""
        if quad.predicate not in self._properties or not isinstance(quad.object, Literal):
            return
        if quad.predicate == DCTERMS.TITLE and self._overlay.has(quad.subject, RDF.TYPE, DIP.SOURCE):
            return
        speakers = self._overlay.objects(quad.subject, DIP.MADE_BY)
        is_said = bool(speakers) and quad.predicate in _WORDS_OF_A_SPEAKER
        if is_said and not self._tells_for_an_outlet(quad, speakers):
            return
        assessors = self._overlay.objects(quad.subject, DIP.ASSESSED_BY)
        voices = (*speakers, *assessors) if quad.predicate in _IN_A_VOICE else ()
        used = list(self._words.used(quad.object.value, frozenset(voices)))
        is_printed = bool(used) and self._printed.has(quad)
        for use in used:
            if is_printed:
                yield _violation(quad, _of_printed_name(use.said), "warning")
            else:
                sentence = _of_unprinted_name if self._printed.may_have(quad) else _of_words
                yield _violation(quad, sentence(use.said), use.severity)
        if not used and not self._classes.isdisjoint(self._overlay.classes(quad.subject)):
            for use in self._words.quoted(quad.object.value):
                yield _violation(quad, _of_quotation(use.said))

    def _tells_for_an_outlet(self, quad: Quad, speakers: Iterable[Term]) -> bool:
        """Tell if a curator puts an outlet's statement into words: another's word would be the outlet's."""
        return quad.predicate == DIP.PARAPHRASE and all(
            DIP.OUTLET in self._overlay.classes(speaker) for speaker in speakers
        )


class _Names:
    """The names of things that are taken for fact, and of the classes and properties of others' making."""

    def __init__(self, overlay: Overlay, words: _Words, classes: frozenset[NamedNode]) -> None:
        self._overlay = overlay
        self._words = words
        self._classes = classes
        self._found: dict[NamedNode, list[_Use]] = {}
        self._is_fact: dict[NamedNode, bool] = {}

    def violations(self, quad: Quad) -> Iterator[Violation]:
        """Find the names that a quad brings in and that say a contested word."""
        for name in self._brought_in(quad):
            if name not in self._found:
                self._found[name] = list(self._words.used(_spelt_out(name)))
            for use in self._found[name]:
                yield _violation(quad, _of_name(name, use.said), use.severity)

    def _brought_in(self, quad: Quad) -> Iterator[NamedNode]:
        subject, value = quad.subject, quad.object
        if quad.predicate != RDF.TYPE:
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
            self._is_fact[class_] = not self._classes.isdisjoint(above)
        return self._is_fact[class_]


_WORDS_OF_A_SPEAKER = frozenset({DIP.PARAPHRASE, DIP.QUOTATION})
"""Properties that hold the words of a speaker or of an assessor."""
_IN_A_VOICE = _WORDS_OF_A_SPEAKER | {DIP.MEANING}
_IN_WHICH: Mapping[NamedNode, Mapping[str, str]] = {
    DIP.CONTESTED_WORD: {
        "en": "“{words}” is the word of {names} alone",
        "es": "«{words}» es palabra solo de {names}",
    },
    DIP.EQUIVALENT_WORD: {
        "en": "“{words}” says in another form what is the word of {names} alone",
        "es": "«{words}» dice de otra forma lo que es palabra solo de {names}",
    },
}
"""The properties that hold what only a claimant says, and what to say of it."""
_PERHAPS: Mapping[NamedNode, Mapping[str, str]] = {
    DIP.CONTESTED_WORD: {
        "en": "“{words}” may say in another form what is the word of {names} alone, “{form}”",
        "es": "«{words}» quizá dice de otra forma lo que es palabra solo de {names}, «{form}»",
    },
}
"""What to say of a word of the same accusation."""


def _names_of(claimants: Iterable[Term], overlay: Overlay) -> str:
    names = {
        label.value
        for claimant in claimants
        for label in overlay.objects(claimant, RDFS.LABEL)
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


def _of_unprinted_name(said: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "en": f"claim asserted as fact: {said['en']}; if this is the proper name, add a passage that prints"
        " it (dip:occursIn the source in dip:foundIn), or else give a name without the word",
        "es": f"afirmación presentada como hecho: {said['es']}; si es el nombre propio, añada un pasaje que"
        " lo imprima (dip:occursIn la fuente de dip:foundIn), y si no, dé un nombre sin la palabra",
    }


def _of_printed_name(said: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "en": f"{said['en']}, and a passage here prints this name; keep it if it is the proper name, and"
        " change it if it describes",
        "es": f"{said['es']}, y un pasaje de aquí imprime este nombre; consérvelo si es el nombre propio y"
        " cámbielo si describe",
    }


def _of_quotation(said: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "en": f"claim asserted as fact: {said['en']}, and quotation marks alone do not say so; name whose"
        " word it is, or leave it out",
        "es": f"afirmación presentada como hecho: {said['es']}, y las comillas solas no lo dicen; nombre de"
        " quién es, o suprímala",
    }


def _of_name(name: NamedNode, said: Mapping[str, str]) -> Mapping[str, str]:
    return {
        "en": f"claim asserted as fact by the name {told(name)}: {said['en']}, and a name has no quotation"
        " marks; call it otherwise",
        "es": f"afirmación presentada como hecho en el nombre {told(name)}: {said['es']}, y un nombre no"
        " lleva comillas; llámelo de otra manera",
    }


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
