"""Rewrites property paths so that the engine evaluates them as SPARQL says (section 18.4).

The engine drops the duplicates of an alternative: ``?s p|q ?o`` becomes ``{ ?s p ?o } UNION { ?s q ?o }``,
and ``!(p|^q)`` the union of ``!(p)`` and ``!(^q)``. It has no answer to a path of length zero from a term
that is in no triple: such a path is replaced by its one answer. Triples with blank nodes or lists stay as
they are: a UNION would split their pattern.
"""

import re
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise, product

from pyoxigraph import NamedNode

from kg import scanner
from kg.iris import PREFIXES
from kg.scanner import Token

MOST_BRANCHES = 32
"""Maximum branches of one UNION; a path with more alternatives stays as it is."""
_ZERO = re.compile(r"\*(?<!SELECT \*)(?<!DISTINCT \*)(?<!\(\*)|\?(?![^\s/|)^?$<\"'])", re.IGNORECASE)
"""A ``*`` or ``?`` behind an element of a path; not the stars of ``SELECT *`` and ``COUNT(*)``."""
_CALLS = frozenset({"FILTER", "BIND"})
_CLAUSES = frozenset({"OPTIONAL", "MINUS", "GRAPH", "SERVICE", "VALUES", "UNION", "LATERAL", "WHERE"})

IsHeld = Callable[[NamedNode], bool]
"""Returns True if a term is the subject or the object of a triple."""


class _UnreadTriples(Exception):
    """Raised if the tokens are not triples that can be rewritten."""


@dataclass(frozen=True)
class _Verb:
    """A verb and its objects. The verb is the union of ``branches``, which are paths without alternatives."""

    branches: tuple[str, ...]
    has_zero: bool
    objects: tuple[str, ...]

    @property
    def is_union(self) -> bool:
        return 1 < len(self.branches) <= MOST_BRANCHES


@dataclass(frozen=True)
class _Block:
    """Triples of one subject, and their position."""

    subject: str
    verbs: tuple[_Verb, ...]
    start: int
    end: int


def with_unions(text: str) -> str:
    """Return a query or an update with a UNION for each alternative path.

    >>> with_unions("SELECT * { ?s a <c> ; <p>/(<q>|^<r>) ?o . }")
    'SELECT * { ?s a <c> . { ?s <p>/<q> ?o } UNION { ?s <p>/^<r> ?o } . }'
    """
    if "|" not in text:
        return text
    blocks = (block for block in _blocks(text) if any(verb.is_union for verb in block.verbs))
    return _rewritten(text, [(block.start, block.end, _as_unions(block)) for block in blocks])


def with_zero_lengths(text: str, is_held: IsHeld) -> str:
    """Return a query in which each zero-length path from a term not in the graph is replaced by its answer.

    >>> with_zero_lengths("SELECT * { <urn:a> <p>* ?o }", lambda term: False)
    'SELECT * { VALUES ?o { <urn:a> } }'
    """
    if not _ZERO.search(text):
        return text
    prefixes: Mapping[str, str] | None = None
    changes = []
    for block in _blocks(text):
        match block.verbs:
            case (_Verb(has_zero=True, objects=(obj,)),):
                prefixes = _prefixes(text) if prefixes is None else prefixes
                if (answer := _of_length_zero(block.subject, obj, prefixes, is_held)) is not None:
                    changes.append((block.start, block.end, answer))
    return _rewritten(text, changes)


def _of_length_zero(subject: str, obj: str, prefixes: Mapping[str, str], is_held: IsHeld) -> str | None:
    """Return the answer of a path of length zero, if one of its ends is a term that is not in the graph."""
    ends = [(subject, obj), (obj, subject)]
    for end, other in ends:
        term = _resolved(end, prefixes)
        if term is not None and other[0] in "?$" and not is_held(term):
            return f"VALUES {other} {{ {end} }}"
    one, two = (_resolved(end, prefixes) for end in (subject, obj))
    return "{}" if one is not None and one == two and not is_held(one) else None


def _resolved(term: str, prefixes: Mapping[str, str]) -> NamedNode | None:
    """Return the IRI at an end of a path; None for a variable, a literal or a relative IRI."""
    prefix, colon, local = term.partition(":")
    iri = (
        term[1:-1]
        if term.startswith("<")
        else prefixes[prefix] + local
        if prefix in prefixes and colon
        else ""
    )
    try:
        return None if "\\" in iri else NamedNode(iri)
    except ValueError:
        return None


def _prefixes(text: str) -> Mapping[str, str]:
    found = [token for token in scanner.tokens(text) if token.kind != "comment"]
    following = zip(found, found[1:], found[2:], strict=False)
    declared = {
        name.text.rstrip(":"): iri.text[1:-1]
        for word, name, iri in following
        if word.text.upper() == "PREFIX"
    }
    return {**PREFIXES, **declared}


def _as_unions(block: _Block) -> str:
    parts = []
    for verb in block.verbs:
        if not verb.is_union:
            parts += [f"{block.subject} {verb.branches[0]} {' , '.join(verb.objects)}"]
            continue
        for obj in verb.objects:
            parts += [" UNION ".join(f"{{ {block.subject} {path} {obj} }}" for path in verb.branches)]
    return " . ".join(parts)


def _rewritten(text: str, changes: Sequence[tuple[int, int, str]]) -> str:
    """Replace parts of a text; the line numbers of what follows stay the same."""
    pieces: list[str] = []
    offset = 0
    for start, end, other in changes:
        pieces += [text[offset:start], other, "\n" * text.count("\n", start, end)]
        offset = end
    return "".join([*pieces, text[offset:]])


def _blocks(text: str) -> Iterator[_Block]:
    """Yield triples by subject, if all their terms are single tokens and a path is among them."""
    tokens = [token for token in scanner.tokens(text) if token.kind != "comment"]
    if any(token.kind == "blank" for token in tokens):
        return  # a label is valid in one pattern only, and a UNION would make several
    for segment in _segments(text, tokens):
        if any(token.text in ("|", "*") for token in segment) or _has_question_mark(text, segment):
            yield from _TripleReader(text, segment).blocks()


def _has_question_mark(text: str, segment: Sequence[Token]) -> bool:
    """Return whether a question mark stands between tokens, as behind an element of a path."""
    return any("?" in text[one.end : other.start] for one, other in pairwise(segment))


def _segments(text: str, tokens: Sequence[Token]) -> Iterator[list[Token]]:
    """Split at braces, and at full stops that are not part of a number."""
    segment: list[Token] = []
    for token in tokens:
        between = text[segment[-1].end : token.start] if segment else ""
        is_number = between == "." and text[token.start].isdigit() and text[segment[-1].start].isdigit()
        if token.text in ("{", "}") or ("." in between and not is_number):
            yield segment
            segment = []
        if token.text not in ("{", "}"):
            segment.append(token)
    yield segment


class _TripleReader:
    """Reads the triples of a segment."""

    def __init__(self, text: str, tokens: Sequence[Token]) -> None:
        self._text = text
        self._tokens = tokens
        self._place = 0

    def blocks(self) -> Iterator[_Block]:
        """Yield what can be rewritten; the rest of a segment after anything else stays as it is."""
        try:
            while token := self._next():
                word = token.text.upper() if token.kind == "word" else ""
                if word in _CALLS:
                    self._skip_call()
                elif word in _CLAUSES:
                    self._place += 1
                else:
                    yield self._block()
        except _UnreadTriples:
            return

    def _next(self) -> Token | None:
        return self._tokens[self._place] if self._place < len(self._tokens) else None

    def _take(self, *texts: str) -> Token | None:
        """Take the next token if it is one of these."""
        token = self._next()
        if token is None or token.text not in texts:
            return None
        self._place += 1
        return token

    def _skip_call(self) -> None:
        while (token := self._next()) and token.text != "(":
            self._place += 1
        depth = 0
        while token := self._next():
            self._place += 1
            depth += token.step
            if depth <= 0:
                return

    def _between(self) -> str:
        """Return what stands before the next token, or after the last one."""
        start = self._tokens[self._place - 1].end
        token = self._next()
        return self._text[start : token.start] if token else ""

    def _block(self) -> _Block:
        start = self._tokens[self._place].start
        subject = self._term()
        verbs = [self._verb()]
        while self._take(";"):
            token = self._next()
            if token is None or (token.kind == "word" and token.text.upper() in _CALLS | _CLAUSES):
                break
            if token.text != ";":
                verbs.append(self._verb())
        end = self._tokens[self._place - 1].end
        return _Block(subject, tuple(verbs), start, end)

    def _term(self) -> str:
        """Take a variable, an IRI, a literal or a boolean; raises _UnreadTriples for any other term."""
        token = self._next()
        if token is None:
            raise _UnreadTriples
        is_truth = token.kind == "word" and token.text in ("true", "false")
        if token.kind not in ("variable", "iri", "name", "text") and not is_truth:
            raise _UnreadTriples
        self._place += 1
        following = self._next()
        if token.kind == "text" and following is not None and following.kind in ("language", "datatype"):
            self._place += 2 if following.kind == "datatype" else 1
        return self._text[token.start : self._tokens[self._place - 1].end]

    def _verb(self) -> _Verb:
        start = self._place
        token = self._next()
        if token is not None and token.kind == "variable":
            self._place += 1
            branches: tuple[str, ...] = (token.text,)
            has_zero = False
        else:
            branches, has_zero = tuple(self._alternatives()), self._ends_with_zero(start)
        if "|" not in self._text[self._tokens[start].start : self._tokens[self._place - 1].end]:
            branches = (self._slice(start),)
        objects = [self._term()]
        while "," in self._between():
            objects.append(self._term())
        return _Verb(branches, has_zero, tuple(objects))

    def _ends_with_zero(self, start: int) -> bool:
        """Return whether the path just read is one element with ``*`` or ``?`` behind it."""
        place = self._place
        self._place = start
        self._take("^")
        self._primary()
        is_one = place in (self._place, self._place + 1)
        is_zero = is_one and self._slice(start, place)[-1] in "*?"
        self._place = place
        return is_zero

    def _slice(self, start: int, end: int | None = None) -> str:
        end = self._place if end is None else end
        last = self._tokens[end - 1].end
        behind = re.match(r"\s*+\?", self._text[last:]) if end < len(self._tokens) else None
        following = self._tokens[end].start if end < len(self._tokens) else len(self._text)
        if behind is not None and last + behind.end() <= following:
            last += behind.end()
        return self._text[self._tokens[start].start : last]

    def _alternatives(self) -> list[str]:
        branches = self._sequence()
        while self._take("|"):
            branches += self._sequence()
        return branches

    def _sequence(self) -> list[str]:
        parts = [self._element()]
        while self._take("/"):
            parts.append(self._element())
        if sum(map(len, parts)) > MOST_BRANCHES:
            raise _UnreadTriples
        found = ["/".join(combination) for combination in product(*parts)]
        if len(found) > MOST_BRANCHES:
            raise _UnreadTriples
        return found

    def _element(self) -> list[str]:
        start = self._place
        is_inverse = self._take("^") is not None
        inner = self._primary()
        if self._take("*", "+") or "?" in self._between():
            return [self._slice(start)]
        if len(inner) == 1:
            return [self._slice(start)]
        return [f"^({path})" if is_inverse else f"({path})" if "/" in path else path for path in inner]

    def _primary(self) -> list[str]:
        start = self._place
        if self._take("!"):
            if not self._take("("):
                self._take("^")
                self._place += 1
                return [self._slice(start)]
            return self._negated(start)
        if self._take("("):
            inner = self._alternatives()
            if not self._take(")"):
                raise _UnreadTriples
            return inner
        token = self._next()
        if token is None or (token.kind not in ("iri", "name") and token.text != "a"):
            raise _UnreadTriples
        self._place += 1
        return [token.text]

    def _negated(self, start: int) -> list[str]:
        """Read a negated set after its bracket; one with both directions is the union of two (9.1)."""
        forward: list[str] = []
        inverse: list[str] = []
        while not self._take(")"):
            if (forward or inverse) and not self._take("|"):
                raise _UnreadTriples
            part = inverse if self._take("^") else forward
            token = self._next()
            if token is None or (token.kind not in ("iri", "name") and token.text != "a"):
                raise _UnreadTriples
            self._place += 1
            part.append(token.text)
        if not forward or not inverse:
            return [self._slice(start)]
        return [f"!({'|'.join(forward)})", f"!(^{'|^'.join(inverse)})"]
