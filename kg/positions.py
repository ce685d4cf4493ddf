"""On which line a description stands in the text it came in, so that a report can point there.

Parsers do not tell, so the text is scanned once more, lightly: for Turtle, TriG, N-Triples and N-Quads the
tokens at subject position, for RDF/XML ``rdf:about``. What is not found has no line; nothing is guessed.
"""

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from urllib.parse import urljoin

_TOKEN = re.compile(
    r"""(?P<comment>\#[^\n]*)
      | (?P<text>\"{3}(?:[^"\\]|\\.|"{1,2}(?!"))*"{3} | '{3}(?:[^'\\]|\\.|'{1,2}(?!'))*'{3}
               | "(?:[^"\\\n]|\\.)*" | '(?:[^'\\\n]|\\.)*')
      | (?P<quoted><<)
      | (?P<iri><[^<>"{}|^`\s]*>)
      | (?P<annotation>@(?!prefix\b|base\b|version\b)[a-zA-Z-]+ | \^\^)
      | (?P<mark>[.;,\[\](){}](?![\w]) | [;,\[\](){}.])
      | (?P<word>@?(?:[^\s<>"'(){}\[\];,\#@^.\\]|\\.|\.(?=[^\s<>"'(){}\[\];,\#@^]))+)
    """,
    re.VERBOSE | re.DOTALL,
)
_ESCAPE = re.compile(r"\\u([0-9A-Fa-f]{4})|\\U([0-9A-Fa-f]{8})")
_ABOUT = re.compile(r"""\brdf:about\s*=\s*(?:"([^"<]*)"|'([^'<]*)')""")
_DIRECTIVES = {"@prefix", "@base", "@version", "prefix", "base", "version"}


def lines_of_subjects(text: str) -> dict[str, int]:
    """Find the first line on which each IRI is described, in Turtle, TriG, N-Triples or N-Quads.

    >>> lines_of_subjects("PREFIX ex: <urn:x:>\\n\\nex:a ex:p ex:b .\\n<urn:c> ex:p 1.5 .")
    {'urn:x:a': 3, 'urn:c': 4}
    """
    scan = _Scan()
    for kind, token, line in _tokens(text):
        scan.take(kind, token, line)
    return scan.lines


def lines_of_descriptions(text: str) -> dict[str, int]:
    """Find the first line on which each IRI is described in RDF/XML, by the full IRI of ``rdf:about``."""
    lines: dict[str, int] = {}
    for match in _ABOUT.finditer(text):
        lines.setdefault(match[1] or match[2] or "", text.count("\n", 0, match.start()) + 1)
    return lines


def outside_of_text(text: str) -> Iterator[tuple[str, int]]:
    """Yield the tokens of Turtle and its like that are neither text nor comment, with their positions."""
    for match in _TOKEN.finditer(text):
        if match.lastgroup not in ("comment", "text"):
            yield match.group(), match.start()


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
    """Where in a document the scan stands."""

    lines: dict[str, int] = field(default_factory=dict)
    _prefixes: dict[str, str] = field(default_factory=dict)
    _base: str = ""
    _directive: str | None = None
    _prefix: str = ""
    _depth: int = 0
    _is_subject_next: bool = True
    _newest: str | None = None  # found by the last token, so that "name {" can take it back: it names a graph

    def take(self, kind: str, token: str, line: int) -> None:
        """Go on by one token."""
        if self._directive:
            self._declare(kind, token)
        elif kind == "mark":
            self._mark(token)
        elif kind == "word" and token.lower() in _DIRECTIVES and self._is_subject_next:
            self._directive = token.lower()
        elif kind in ("iri", "word") and self._is_subject_next and token.upper() != "GRAPH":
            self._found(self._expanded(kind, token), line)

    def _declare(self, kind: str, token: str) -> None:
        """Read a prefix or base; its end is the IRI (a version's end, its text), a full stop may follow."""
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
            self._is_subject_next = False
        elif token in "])":
            self._depth -= 1
        elif token in "{}" or (token == "." and self._depth == 0):
            if token == "{" and self._newest:
                self.lines.pop(self._newest, None)
            self._is_subject_next, self._depth = True, 0
        self._newest = None

    def _found(self, iri: str | None, line: int) -> None:
        self._is_subject_next = False
        self._newest = iri if iri not in self.lines else None
        if iri:
            self.lines.setdefault(iri, line)

    def _expanded(self, kind: str, token: str) -> str | None:
        if kind == "iri":
            return urljoin(self._base, _unescaped(token[1:-1])) if self._base else _unescaped(token[1:-1])
        prefix, colon, local = token.partition(":")
        namespace = self._prefixes.get(prefix)
        return namespace + re.sub(r"\\(.)", r"\1", local) if colon and namespace is not None else None


def _unescaped(iri: str) -> str:
    return _ESCAPE.sub(lambda match: chr(int(match[1] or match[2], 16)), iri)
