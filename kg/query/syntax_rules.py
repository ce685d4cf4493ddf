"""Rules that find common faults in the text of a query or an update, with what to write instead."""

from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field
from difflib import get_close_matches
from itertools import pairwise

from kg import scanner
from kg.invisible_characters import is_invisible, named_by_number
from kg.iris import PREFIXES
from kg.query.syntax_words import AGGREGATES, INSTEAD, WELL_KNOWN, WORDS
from kg.scanner import Token

_LONGEST_QUOTE = 40
_OPENERS = {")": "(", "]": "[", "}": "{"}
_TYPOGRAPHIC = "“”„‟‘’‚‛«»"


@dataclass(frozen=True)
class SyntaxFinding:
    """A fault in English and in Spanish, at a place of the text; ``place`` is None if it has none.

    It covers ``length`` characters, by default a token. ``instead`` may replace them, and ``before`` may be
    inserted at the beginning of the text.
    """

    english: str
    spanish: str
    place: int | None = None
    length: int | None = None
    instead: str | None = None
    before: str | None = None


@dataclass(frozen=True)
class SyntaxReading:
    """A text, the tokens of the part that does not parse, and the engine's message."""

    text: str
    tokens: Sequence[Token]
    expected: str
    place: int


def quoted(text: str) -> str:
    """Quote the beginning of a text, in one line."""
    line = " ".join(text[: 4 * _LONGEST_QUOTE].split())
    return f"'{line}'" if len(line) <= _LONGEST_QUOTE else f"'{line[:_LONGEST_QUOTE]}…'"


def _strange_characters(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """Find characters between tokens that look like a space or a quotation mark, or that are invisible."""
    end = reading.tokens[0].start if reading.tokens else 0
    end = 0 if not reading.text[:end].strip() or reading.text[:end].startswith("\ufeff") else end
    for token in (*reading.tokens, Token("", "", len(reading.text), len(reading.text))):
        for place in range(end, token.start):
            if found := _strange(reading.text[place], place):
                yield found
        end = token.end


def _strange(character: str, place: int) -> SyntaxFinding | None:
    name = named_by_number(character)
    if character in _TYPOGRAPHIC:
        return SyntaxFinding(
            f"SPARQL does not know the quotation mark {name}; write \" or '",
            f"SPARQL no conoce la comilla {name}; escriba \" o '",
            place,
            instead="'" if character in "‘’‚‛" else '"',
        )
    if is_invisible(character):
        return SyntaxFinding(
            f"there is an invisible character here, {name}; remove it, or put an ordinary space in its place",
            f"aquí hay un carácter invisible, {name}; quítelo o ponga un espacio corriente en su lugar",
            place,
            instead=" ",
        )
    return None


def _unclosed(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    opened: list[Token] = []
    for token in reading.tokens:
        if token.kind == "text" and not _is_closed(token.text):
            yield SyntaxFinding(
                f"the quotation mark {token.text[0]} opens a text that is not closed",
                f"la comilla {token.text[0]} abre un texto que no se cierra",
                token.start,
            )
        elif token.text in ("(", "[", "{"):
            opened.append(token)
        elif token.text in _OPENERS and token.kind == "bracket":
            if not opened or opened[-1].text != _OPENERS[token.text]:
                yield SyntaxFinding(
                    f"the bracket {token.text} has no opening bracket",
                    f"{token.text} no cierra nada que esté abierto",
                    token.start,
                    instead="",
                )
                return
            opened.pop()
    for token in opened[-1:]:
        yield SyntaxFinding(
            f"the bracket {token.text} is not closed", f"{token.text} no se cierra", token.start
        )


def _is_closed(text: str) -> bool:
    mark = text[0] * (3 if text.startswith(('"""', "'''")) else 1)
    return len(text) >= 2 * len(mark) and text.endswith(mark)


def _undeclared(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    declared = {f"{prefix}:" for prefix in PREFIXES}
    before = Token("", "")
    for token in scanner.tokens(reading.text):
        if token.kind == "name":
            prefix = token.text.partition(":")[0] + ":"
            if before.text.upper() == "PREFIX":
                declared.add(prefix)
            elif prefix not in declared and token.start >= reading.tokens[0].start:
                yield _unknown_prefix(prefix, token)
        before = token


def _unknown_prefix(prefix: str, token: Token) -> SyntaxFinding:
    if prefix in ("http:", "https:", "urn:"):
        return SyntaxFinding(
            "write an IRI in angle brackets, without spaces: <http://example.org/x>",
            "un IRI va entre ángulos y no lleva espacios; escriba <http://example.org/x>",
            token.start,
        )
    name = prefix.removesuffix(":")
    namespace = WELL_KNOWN.get(name.lower())
    near = get_close_matches(name.lower(), PREFIXES, 1, 0.7) if namespace is None else []
    declaration = f"PREFIX {prefix} <{namespace or '...'}>"
    english = f"the prefix {prefix} is not declared; declare it by {declaration}"
    spanish = f"el prefijo {prefix} no está declarado; declárelo con {declaration}"
    if near:
        english, spanish = f"{english}, or write {near[0]}:", f"{spanish} o escriba {near[0]}:"
    return SyntaxFinding(
        english,
        spanish,
        token.start,
        len(prefix),
        instead=f"{near[0]}:" if near else None,
        before=f"{declaration}\n" if namespace else None,
    )


def _bound_twice(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """Find a variable that BIND assigns although it is already used in the same group."""
    if "[_]" not in reading.expected:
        return
    scope = _Scope()
    for before, token in pairwise((Token("", ""), *reading.tokens)):
        if scope.take(token, before):
            yield SyntaxFinding(
                f"BIND gives {token.text} a value, but it already has one in this group; choose another name",
                f"BIND da un valor a {token.text}, que ya tiene uno en este grupo; elija otro nombre",
                token.start,
            )


@dataclass
class _Scope:
    """The variables with a value in each open group, and the BIND or FILTER that is being read."""

    groups: list[set[str]] = field(default_factory=lambda: [set()])
    hides: list[bool] = field(default_factory=list)
    """Whether the group is one of MINUS or EXISTS, whose variables are not visible outside."""
    call: str = ""
    depth: int = 0

    def take(self, token: Token, before: Token) -> bool:
        """Process one token; return whether BIND gives it a value although it has one."""
        if token.kind == "word" and token.text.upper() in ("BIND", "FILTER"):
            self.call, self.depth = token.text.upper(), 0
        elif token.text == "{":
            self.groups.append(set())
            self.hides.append(before.text.upper() in ("MINUS", "EXISTS"))
            self.call = ""
        elif token.text == "}" and self.hides:
            inner = self.groups.pop()
            self.groups[-1] |= set() if self.hides.pop() else inner
        elif token.kind == "bracket":
            self.depth += token.step
            self.call = self.call if self.depth > 0 else ""
        return token.kind == "variable" and self._take_variable(token.text[1:], before)

    def _take_variable(self, name: str, before: Token) -> bool:
        is_bound = self.call == "BIND" and self.depth == 1 and before.text.upper() == "AS"
        had_value = name in self.groups[-1]
        if is_bound or not self.call:
            self.groups[-1].add(name)
        return is_bound and had_value


def _labels_in_two_groups(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """Find a blank node label that is used in two groups, unless the engine's message names another fault."""
    if "unreported" not in reading.expected:
        return
    groups: dict[str, int] = {}
    group = 0
    for token in reading.tokens:
        group += token.text in ("{", "}")
        if token.kind == "blank" and groups.setdefault(token.text, group) != group:
            yield SyntaxFinding(
                f"the blank node {token.text} is used in two groups; use a variable instead",
                f"el nodo anónimo {token.text} está en dos grupos; escriba una variable en su lugar",
                token.start,
                instead=f"?{token.text[2:]}",
            )


def _variables_in_data(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    words = [token.text.upper() for token in reading.tokens[:2]]
    if words[1:] == ["DATA"]:
        for token in reading.tokens:
            if token.kind == "variable":
                yield SyntaxFinding(
                    f"{words[0]} DATA cannot contain variables; write {words[0]} {{ ... }} WHERE {{ ... }}",
                    f"{words[0]} DATA no lleva variables; escriba {words[0]} {{ ... }} WHERE {{ ... }}",
                    token.start,
                )


def _blank_nodes_deleted(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """A blank node in what an update deletes, where none is permitted (SPARQL 1.1 Update, 3.1.3)."""
    is_deleted, depth = False, 0
    for token in reading.tokens:
        word = token.text.upper() if token.kind == "word" and depth == 0 else ""
        is_deleted = word == "DELETE" or (is_deleted and word in ("", "DATA", "WHERE"))
        depth += {"{": 1, "}": -1}.get(token.text, 0)
        if is_deleted and depth > 0 and (token.kind == "blank" or token.text == "["):
            yield SyntaxFinding(
                "deleted triples cannot contain blank nodes; write a variable, and describe it in WHERE",
                "lo que se borra no lleva nodos anónimos; escriba una variable, y en WHERE lo que tiene",
                token.start,
            )
        is_deleted = is_deleted and (depth > 0 or token.text != "}")


def _old_forms(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """Find update syntax of pre-standard proposals, and queries sent as updates."""
    words = [token.text.upper() for token in reading.tokens[:2]]
    if words in (["INSERT", "INTO"], ["DELETE", "FROM"]):
        instead = f"{words[0]} DATA {{ GRAPH <...> {{ ... }} }}"
        yield SyntaxFinding(
            f"{' '.join(words)} is not SPARQL; write {instead}",
            f"{' '.join(words)} no es SPARQL; escriba {instead}",
            reading.tokens[0].start,
        )


_SAID = {
    "The SELECT contains a variable that is unbound": (
        "SELECT names a variable beside aggregates by which it does not group; add it to GROUP BY, or write"
        " (SAMPLE(?x) AS ?y)",
        "SELECT nombra junto a agregados una variable por la que no agrupa; añádala a GROUP BY o escriba"
        " (SAMPLE(?x) AS ?y)",
    ),
    "Duplicated variable name in SELECT": (
        "SELECT gives two values the same name; choose another",
        "SELECT da el mismo nombre a dos valores; elija otro",
    ),
    "The SELECT overrides an existing variable": (
        "the name after AS is already a variable of the pattern; choose another name",
        "SELECT da a un valor el nombre de una variable del patrón; elija otro nombre tras AS",
    ),
    "SELECT * is not authorized with GROUP BY": (
        "SELECT * cannot be combined with GROUP BY; list the variables",
        "SELECT * no puede ir con GROUP BY; nombre las variables",
    ),
    "language tag parsing failed": (
        "a language tag is ill-formed; write for instance @en or @es-CO",
        "una etiqueta de idioma está mal formada; escriba por ejemplo @en o @es-CO",
    ),
}


def _engine_findings(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    for part, sentences in _SAID.items():
        if part in reading.expected:
            place = _select(reading) if part.startswith(("The S", "Dup", "SEL")) else None
            yield SyntaxFinding(*sentences, place)
    if "IRI parsing failed" in reading.expected:
        before = [token for token in reading.tokens if token.kind == "iri" and token.start <= reading.place]
        for token in before[-1:]:
            yield SyntaxFinding(
                f"{quoted(token.text)} is not an IRI; write it in full, without spaces",
                f"{quoted(token.text)} no es un IRI; escríbalo entero y sin espacios",
                token.start,
            )


def _select(reading: SyntaxReading) -> int | None:
    found = [token.start for token in reading.tokens if token.text.upper() == "SELECT"]
    return found[0] if len(found) == 1 else None


def _unknown_words(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """Find words that are not SPARQL keywords, and operators of other languages."""
    for before, token in pairwise((Token("", ""), *reading.tokens)):
        gap = reading.text[before.end : token.start]
        if "==" in gap:
            yield SyntaxFinding(
                "== is not an operator of SPARQL; write =",
                "== no es un operador de SPARQL; escriba =",
                before.end + gap.index("=="),
                2,
                instead="=",
            )
        word = token.text.upper()
        is_number = token.text[0].isdigit() or reading.text[: token.start][-1:].isdigit()
        if token.kind == "word" and reading.text[: token.start][-1:] == "<":
            yield SyntaxFinding(
                "this IRI is not closed, or contains a space",
                "aquí empieza un IRI que no se cierra o que lleva un espacio",
                token.start - 1,
            )
        if token.kind != "word" or is_number or word in WORDS:
            continue
        yield _unknown_word(word, token)


def _unknown_word(word: str, token: Token) -> SyntaxFinding:
    if word in INSTEAD:
        english, spanish, instead = INSTEAD[word]
        return SyntaxFinding(
            f"{word} is not a keyword of SPARQL; write {english}",
            f"{word} no es una palabra de SPARQL; escriba {spanish}",
            token.start,
            instead=instead,
        )
    sentences = (
        f"{quoted(token.text)} is not a keyword of SPARQL",
        f"{quoted(token.text)} no es una palabra de SPARQL",
    )
    if len(word) > 3 and (near := get_close_matches(word, WORDS, 1, 0.8)):  # short words are all alike
        return SyntaxFinding(
            f"{sentences[0]}; {near[0]} may be meant",
            f"{sentences[1]}; quizá sea {near[0]}",
            token.start,
            instead=near[0],
        )
    return SyntaxFinding(
        f"{sentences[0]}; name a thing by an IRI or with a prefix (ex:name)",
        f"{sentences[1]}; nombre una cosa con un IRI o con un prefijo (ex:nombre)",
        token.start,
    )


def _selected(reading: SyntaxReading) -> Iterator[SyntaxFinding]:
    """Find commas and unbracketed aggregates after SELECT."""
    is_in_selection = False
    for before, token in pairwise((Token("", ""), *reading.tokens)):
        word = token.text.upper()
        if before.text.upper() in ("SELECT", "DISTINCT", "REDUCED") and before.kind == "word":
            is_in_selection = True
        if (
            is_in_selection
            and "," in (gap := reading.text[before.end : token.start])
            and before.kind == "variable"
        ):
            yield SyntaxFinding(
                "write no comma between the variables of SELECT",
                "entre las variables de SELECT no van comas",
                before.end + gap.index(","),
                1,
                instead="",
            )
        if is_in_selection and word in AGGREGATES:
            yield SyntaxFinding(
                f"write ({word}(...) AS ?name), with a name for the value",
                f"escriba ({word}(...) AS ?nombre), con un nombre para el valor",
                token.start,
            )
        is_in_selection = is_in_selection and token.kind == "variable"


RULES: tuple[Callable[[SyntaxReading], Iterator[SyntaxFinding]], ...] = (
    _strange_characters,
    _undeclared,
    _bound_twice,
    _labels_in_two_groups,
    _variables_in_data,
    _blank_nodes_deleted,
    _old_forms,
    _engine_findings,
    _unclosed,
    _selected,
    _unknown_words,
)
