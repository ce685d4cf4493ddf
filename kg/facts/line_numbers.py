"""Line numbers of descriptions in the submitted text, for reports.

Parsers do not report lines, so a light scan of the text finds them: for Turtle, TriG, N-Triples and N-Quads
from terms outside of brackets, for RDF/XML from ``rdf:about``. What the scan does not find has no line.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from urllib.parse import urljoin

from kg.terms import RDF

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n\r]*+)
      | (?P<text>\"{3}(?:[^"\\]|\\.|"(?!""))*+(?:"{3})?+ | '{3}(?:[^'\\]|\\.|'(?!''))*+(?:'{3})?+
               | "(?:[^"\\\n\r]|\\.)*+"?+ | '(?:[^'\\\n\r]|\\.)*+'?+)
      | (?P<iri><[^<>"{}|^`\s]*+>)
      | (?P<annotation>@(?!prefix\b|base\b|version\b)[a-zA-Z-]++ | \^\^)
      | (?P<mark>[.;,\[\](){}](?!\w) | [;,\[\](){}.])
      | (?P<word>@?(?:[^\s<>"'(){}\[\];,\#@^.\\]|\\.|\.(?=[^\s<>"'(){}\[\];,\#@^]))++)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABOUT = re.compile(r"""\brdf:about\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_ESCAPED = re.compile(r"\\(.)", re.DOTALL)
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f"}
_DIRECTIVES = {"@prefix", "@base", "@version", "prefix", "base", "version"}


@dataclass(frozen=True)
class Lines:
    """First lines: of the description of each IRI, and of each statement that the scan recognizes.

    A statement is (subject, property, value), with the lexical form of a literal. An empty property or value
    matches any.
    """

    subjects: Mapping[str, int] = field(default_factory=dict)
    statements: Mapping[tuple[str, str, str], int] = field(default_factory=dict)


def lines_in(text: str) -> Lines:
    """Find the lines in Turtle, TriG, N-Triples or N-Quads.

    >>> lines_in("<urn:a> <urn:p> 1 ;\\n  <urn:q> 'c' .").statements["urn:a", "urn:q", "c"]
    2
    """
    scan = _Scan()
    for kind, token, line in _tokens(text):
        scan.take(kind, token, line)
    return Lines(scan.lines, scan.statements)


def lines_of_descriptions(text: str) -> dict[str, int]:
    """Find the first line on which each IRI is described in RDF/XML, by the full IRI of ``rdf:about``."""
    lines: dict[str, int] = {}
    line, counted = 1, 0
    for match in _ABOUT.finditer(text):
        line += text.count("\n", counted, match.start())
        counted = match.start()
        lines.setdefault(match[1] or match[2] or "", line)
    return lines


def _tokens(text: str) -> Iterator[tuple[str, str, int]]:
    line, counted = 1, 0
    for match in _TOKEN.finditer(text):
        if match.lastgroup == "comment":
            continue
        line += text.count("\n", counted, match.start())
        counted = match.start()
        yield match.lastgroup or "", match.group(), line


@dataclass
class _Scan:
    """State of the scan."""

    lines: dict[str, int] = field(default_factory=dict)
    statements: dict[tuple[str, str, str], int] = field(default_factory=dict)
    _prefixes: dict[str, str] = field(default_factory=dict)
    _base: str = ""
    _directive: str | None = None
    _prefix: str = ""
    _depth: int = 0
    _next: str = "subject"
    _subject: str | None = None
    _predicate: str | None = None
    _newest: str | None = None  # the last token's entry; a "{" after it removes it: it names a graph

    def take(self, kind: str, token: str, line: int) -> None:
        """Process one token."""
        if self._directive:
            self._declare(kind, token)
        elif kind == "mark":
            self._mark(token)
        elif kind == "word" and token.lower() in _DIRECTIVES and self._next == "subject":
            self._directive = token.lower()
        elif kind == "annotation":
            self._next = "datatype" if token == "^^" else self._next
        elif kind in ("iri", "word", "text") and self._depth == 0 and token.upper() != "GRAPH":
            self._term(kind, token, line)

    def _declare(self, kind: str, token: str) -> None:
        """Read a prefix or base declaration, which ends with its IRI or, for a version, with its text."""
        if kind == "iri":
            iri = urljoin(self._base, _unescaped(token[1:-1]))
            if self._directive and self._directive.endswith("base"):
                self._base = iri
            else:
                self._prefixes[self._prefix] = iri
        self._prefix = token.removesuffix(":") if kind == "word" else ""
        if kind in ("iri", "text"):
            self._directive = None

    def _mark(self, token: str) -> None:
        if token in "[(":
            self._depth += 1
            if self._next == "subject":
                self._subject, self._next = None, "predicate"
        elif token in "])":
            self._depth -= 1
        elif token in "{}" or (token == "." and self._depth == 0):
            if token == "{" and self._newest:
                self.lines.pop(self._newest, None)
            self._next, self._depth = "subject", 0
        elif self._depth == 0:
            self._next = "predicate" if token == ";" else "object"
        self._newest = None

    def _term(self, kind: str, token: str, line: int) -> None:
        term = self._expanded(kind, token)
        self._newest = None
        if self._next == "subject":
            self._newest = term if term not in self.lines else None
            self._subject, self._next = term, "predicate"
            if term:
                self.lines.setdefault(term, line)
        elif self._next == "predicate":
            self._predicate, self._next = RDF.TYPE.value if token == "a" else term, "object"
            self._stated(self._predicate, "", line)
        elif self._next == "object":
            self._stated(self._predicate, token if term is None else term, line)
            self._stated("", token if term is None else term, line)
        else:
            self._next = "object"

    def _stated(self, predicate: str | None, value: str, line: int) -> None:
        if self._subject is not None and predicate is not None:
            self.statements.setdefault((self._subject, predicate, value), line)

    def _expanded(self, kind: str, token: str) -> str | None:
        if kind == "text":
            marks = 3 if token.startswith(('"""', "'''")) else 1
            return _ESCAPED.sub(
                lambda match: _ESCAPES.get(match[1], match[1]), _unescaped(token[marks:-marks])
            )
        if kind == "iri":
            return urljoin(self._base, _unescaped(token[1:-1])) if self._base else _unescaped(token[1:-1])
        prefix, colon, local = token.partition(":")
        namespace = self._prefixes.get(prefix)
        return namespace + re.sub(r"\\(.)", r"\1", local) if colon and namespace is not None else None


def _unescaped(iri: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), iri)
