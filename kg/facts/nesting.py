"""Screening of RDF documents: rejects, with TooLarge, nesting that would crash the engine's parser.

Measured with pyoxigraph 0.5.13 and a stack of 8 MiB: 17,500 nested triple terms, 3,000 nested contexts, or a
chain of 4,000 prefixes in one JSON-LD context crash the process; deep elements, objects and lists, many
attributes and many namespaces take quadratic time. Each screen takes linear time.
"""

import json
import re
from collections.abc import Callable, Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from typing import TypeAlias
from xml.parsers import expat

from kg import scanner
from kg.errors import TooLarge

MAX_NESTING = 256
"""Maximum open brackets or elements: far more than people write, far fewer than crash a parser."""
MAX_TRIPLE_TERMS = 1000
"""Maximum ``<<`` in a document that reaches the parser, whether or not they begin a triple term."""
MAX_ATTRIBUTES = 256
"""Maximum attributes of one XML element, and namespace declarations in one document."""
MAX_CHAIN = 64
"""Maximum length of a chain of JSON-LD terms, each defined by the next."""
MAX_TERMS_IN_CONTEXTS = 1_000_000
"""Maximum product of terms and contexts of a JSON-LD document: the engine copies all terms for each."""
_FEW_TERMS = 1000
"""Colons in a JSON-LD document below which no chain of terms can crash the parser."""

_JSON_TEXT = re.compile(r'"(?:[^"\\]|\\.)*+"?+', re.DOTALL)
_JSON_PART = re.compile(rf"{_JSON_TEXT.pattern}|[\[\]{{}}]", re.DOTALL)
_OPENING = re.compile(r"[(\[{]|<<")
_FEW_ATTRIBUTES = 1000
_DECLARED = re.compile(r"<!(?:DOCTYPE|ENTITY)", re.IGNORECASE)
"""Declarations that make the engine expand entities without a limit."""

_Pairs: TypeAlias = list[tuple[str, object]]


def triple_term(text: str) -> int | None:
    """Return the position of the first triple term or reified triple in Turtle, TriG, N-Triples or N-Quads.

    >>> triple_term("<urn:a> <urn:p> '<<' . # <<"), triple_term("<urn:a> <urn:p> <<( ")
    (None, 16)
    """
    if "<<" not in text:
        return None
    marks = (token.start for token in scanner.tokens(text) if token.kind == "bracket" and "<" in token.text)
    return next(marks, None)


def without_many_marks(text: str) -> str:
    """If a text has many ``<<`` in literals and comments of Turtle, escape them.

    At most MAX_TRIPLE_TERMS then reach the parser, even if it mistakes a literal for something else.
    """
    if text.count("<<") <= MAX_TRIPLE_TERMS:
        return text
    pieces: list[str] = []
    end = 0
    for token in scanner.tokens(text):
        if token.kind in ("text", "comment") and "<<" in token.text:
            mark = r"\u003C" if token.kind == "text" else " "
            pieces += [text[end : token.start], token.text.replace("<", mark)]
            end = token.end
    escaped_text = "".join([*pieces, text[end:]])
    if escaped_text.count("<<") > MAX_TRIPLE_TERMS:
        raise _too_large(f"more than {MAX_TRIPLE_TERMS} “<<”", f"más de {MAX_TRIPLE_TERMS} «<<»")
    return escaped_text


def check_turtle(text: str) -> None:
    """Raise TooLarge for Turtle, TriG, N-Triples or N-Quads with too deeply nested brackets."""
    if (
        len(_OPENING.findall(text)) > MAX_NESTING
        and scanner.depth(scanner.without_content(text)) > MAX_NESTING
    ):
        raise _too_deep(_line_where_deep(text))


def _line_where_deep(text: str) -> int:
    opened = 0
    for token in scanner.tokens(text):
        opened = max(0, opened + token.step)
        if opened > MAX_NESTING:
            return text.count("\n", 0, token.start) + 1
    return 1


def check_json(text: str) -> None:
    """Raise TooLarge for JSON-LD that nests too deep, or whose terms are defined in too long a chain."""
    structure = _JSON_TEXT.sub("", text)
    if len(_OPENING.findall(structure)) > MAX_NESTING and scanner.depth(structure) > MAX_NESTING:
        raise _too_deep(_line_where_deep_in_json(text))
    if text.count(":") > _FEW_TERMS and ("@context" in text or "\\u" in text):
        _check_contexts(text)


def _line_where_deep_in_json(text: str) -> int:
    opened = 0
    for match in _JSON_PART.finditer(text):
        opened += {"[": 1, "{": 1, "]": -1, "}": -1}.get(match[0], 0)
        if opened > MAX_NESTING:
            return text.count("\n", 0, match.start()) + 1
    return 1


@dataclass
class _Contexts:
    """The terms of all contexts of a document, with the names in each definition; objects are pair lists."""

    terms: dict[str, set[str]] = field(default_factory=dict)
    number: int = 0

    def take(self, pairs: _Pairs) -> _Pairs:
        """Collect the contexts of an object."""
        for key, value in pairs:
            if key == "@context":
                self.number += 1
                self.gather(value)
        return pairs

    def gather(self, context: object) -> _Pairs:
        """Collect the terms of a context, and of those nested in it."""
        waiting = [context]
        while waiting:
            part = waiting.pop()
            for entry in part if isinstance(part, list) else ():
                if isinstance(entry, tuple):
                    self._define(*entry)
                    waiting += [entry[1]] if entry[0] != "@context" else []  # ``take`` collects it
                else:
                    waiting.append(entry)
        return []

    def _define(self, term: str, definition: object) -> None:
        if not term.startswith("@"):
            self.terms.setdefault(term, set()).update(_names(term), *map(_names, _texts(definition)))


def _check_contexts(text: str) -> None:
    """Raise TooLarge if terms form too long a chain, or if there are too many contexts for their size."""
    contexts = _Contexts()
    try:
        _load(text, contexts.take)
    except ValueError:  # the engine may read contexts before the fault: treat every object as one
        with suppress(ValueError):
            _load(text, contexts.gather)
    if contexts.number * len(contexts.terms) > MAX_TERMS_IN_CONTEXTS:
        raise _too_large("too many contexts", "demasiados contextos")
    if _has_long_chain(contexts.terms):
        english = (
            f"In a context more than {MAX_CHAIN} terms are defined by one another; write their IRIs out."
        )
        spanish = f"En un contexto más de {MAX_CHAIN} términos se definen unos por otros; escriba sus IRI."
        raise TooLarge(english, sentence={"en": english, "es": spanish})


def _load(text: str, hook: Callable[[_Pairs], object]) -> None:
    """Parse JSON and call the hook on each object; numbers stay texts, for long ones take quadratic time."""
    bare = text.removeprefix("\ufeff")
    json.loads(bare, strict=False, object_pairs_hook=hook, parse_int=str, parse_float=str)


def _texts(value: object) -> Iterator[str]:
    """Yield the text, or the texts directly in a definition."""
    if isinstance(value, str):
        yield value
    for entry in value if isinstance(value, list) else ():
        if isinstance(entry, tuple) and isinstance(entry[1], str):
            yield entry[1]


def _names(text: str) -> tuple[str, ...]:
    """Return the terms that a text may refer to: the text itself, and its prefix."""
    prefix, colon, _ = text.partition(":")
    return (text, prefix) if colon else (text,)


def _has_long_chain(terms: Mapping[str, set[str]]) -> bool:
    """Return True if more than MAX_CHAIN terms refer to one another in a chain or a cycle."""
    names_by_term = {
        term: {name for name in names if name in terms and name != term} for term, names in terms.items()
    }
    chained = {term for term, names in names_by_term.items() if names}
    for _ in range(MAX_CHAIN):
        if not chained:
            return False
        chained = {term for term in chained if not chained.isdisjoint(names_by_term[term])}
    return bool(chained)


@dataclass(frozen=True)
class IllFormed:
    """Where and why a text is not well-formed XML.

    ``is_heavy`` is true if the rest of the text is too heavy for the engine to parse for its own message.
    """

    position: int
    reason: str
    is_heavy: bool


def check_xml(text: str) -> IllFormed | None:
    """Raise TooLarge for RDF/XML that is nested too deeply, or has too many attributes or namespaces.

    Returns the place where the text stops being well-formed, or None: the engine reports no premature end.
    Like the engine, it ignores white space before the document.
    """
    space = len(text) - len(text.lstrip())
    if space == len(text):
        return None
    parser = expat.ParserCreate("utf-8", namespace_separator=" ")
    elements = _OpenElements(parser)
    parser.StartElementHandler = elements.begin
    parser.EndElementHandler = elements.end
    parser.StartNamespaceDeclHandler = elements.declare
    data = text[space:].encode()
    try:
        parser.Parse(data, True)
    except expat.ExpatError as fault:
        rest = data[max(0, data.rfind(b"<", 0, parser.ErrorByteIndex)) :]
        is_heavy = rest.count(b"<") > MAX_NESTING or rest.count(b"=") > _FEW_ATTRIBUTES
        position = space + len(data[: parser.ErrorByteIndex].decode(errors="ignore"))
        return IllFormed(
            position, expat.errors.messages[fault.code], is_heavy or bool(_DECLARED.search(text))
        )
    return None


@dataclass
class _OpenElements:
    """Count of open elements and of namespace declarations."""

    parser: expat.XMLParserType
    depth: int = 0
    namespaces: int = 0

    def begin(self, _: str, attributes: Mapping[str, str]) -> None:
        """Enter an element."""
        self.depth += 1
        if self.depth > MAX_NESTING:
            line = self.parser.CurrentLineNumber
            english = f"Elements are nested deeper than {MAX_NESTING} at line {line}; reduce the nesting."
            spanish = f"Hay más de {MAX_NESTING} elementos anidados en la línea {line}; aplane el texto."
            raise TooLarge(english, line=line, sentence={"en": english, "es": spanish})
        if len(attributes) > MAX_ATTRIBUTES:
            raise _too_large(f"more than {MAX_ATTRIBUTES} attributes", f"más de {MAX_ATTRIBUTES} atributos")

    def end(self, _: str) -> None:
        """Leave an element."""
        self.depth -= 1

    def declare(self, *_: str) -> None:
        """Count a namespace."""
        self.namespaces += 1
        if self.namespaces > MAX_ATTRIBUTES:
            raise _too_large(f"more than {MAX_ATTRIBUTES} namespaces", f"más de {MAX_ATTRIBUTES} espacios")


def _too_deep(line: int) -> TooLarge:
    english = f"Brackets are nested deeper than {MAX_NESTING} at line {line}; write it flatter."
    spanish = f"Hay más de {MAX_NESTING} corchetes anidados en la línea {line}; aplane el texto."
    return TooLarge(english, line=line, sentence={"en": english, "es": spanish})


def _too_large(english: str, spanish: str) -> TooLarge:
    sentence = {
        "en": f"The document holds {english}; send it in parts.",
        "es": f"El documento contiene {spanish}; envíelo por partes.",
    }
    return TooLarge(sentence["en"], sentence=sentence)
