"""Index of terms or kinds: a tree of names with definitions, filtered by words."""

import unicodedata
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.changes import Quads
from kg.pages.cells import Cell
from kg.pages.rendering import Style, marked
from kg.store.store import Contents
from kg.terms import DCTERMS, OWL, RDF, RDFS, SKOS

LONGEST_WORDS = 200
"""Maximum characters of the words to filter by."""
_SORTS: Mapping[NamedNode, str] = {
    OWL.CLASS: marked("Classes"),
    OWL.OBJECT_PROPERTY: marked("Properties between things"),
    OWL.DATATYPE_PROPERTY: marked("Properties with values"),
    OWL.ANNOTATION_PROPERTY: marked("Properties of terms"),
}
_OPEN = 40
"""Maximum terms of a group that is unfolded when the page opens."""
_PARENTS = (RDFS.SUB_CLASS_OF, RDFS.SUB_PROPERTY_OF, SKOS.BROADER)
_NAMES = (RDFS.LABEL, SKOS.PREF_LABEL, SKOS.ALT_LABEL, SKOS.NOTATION)


@dataclass(frozen=True)
class IndexRequest:
    """The graph to list, the words to filter by, and the version, if it is not the current one."""

    graph: str
    title: str
    words: str = ""
    as_of: str | None = None


@dataclass(frozen=True)
class IndexLine:
    """A term with those below it.

    ``anchor`` is empty if the term is already listed above; ``is_found`` is False for a term that
    is listed only because of those below it.
    """

    anchor: str
    cell: Cell
    name: str
    definition: Cell | None
    below: tuple["IndexLine", ...]
    is_found: bool = True

    @property
    def number(self) -> int:
        """The number of terms that were found, this one included."""
        return self.is_found + sum(each.number for each in self.below)


@dataclass(frozen=True)
class IndexGroup:
    """Terms of one sort, or kinds of one list, as trees."""

    title: str
    cell: Cell | None
    definition: Cell | None
    lines: tuple[IndexLine, ...]
    is_open: bool

    @property
    def number(self) -> int:
        """The number of terms that were found."""
        return sum(each.number for each in self.lines)


def write(style: Style, index_request: IndexRequest, contents: Contents) -> Iterator[bytes]:
    """Yield the page."""
    groups = _Index(style, index_request, contents).groups()
    header = NamedNode(index_request.graph)
    versions = contents.quads_for_pattern(header, OWL.VERSION_INFO, None)
    yield style.text(
        "terms.html",
        asked=index_request,
        header=style.cells(contents).cell(header).text,
        groups=groups,
        number=sum(each.number for each in groups),
        release=next((quad.object.value for quad in versions if isinstance(quad.object, Literal)), ""),
        version=contents.version,
    ).encode()


class _Index:
    """Arranges one graph."""

    def __init__(self, style: Style, index_request: IndexRequest, contents: Quads) -> None:
        self._style = style
        self._words = [_folded(word) for word in index_request.words.split()]
        self._space = iris.TERMS if index_request.graph == iris.TERMS_GRAPH else iris.KINDS
        self._suffix = f"?as-of={index_request.as_of}" if index_request.as_of else ""
        self._about: dict[NamedNode, dict[NamedNode, list[object]]] = {}
        for quad in contents.quads_for_pattern(None, None, None, NamedNode(index_request.graph)):
            if isinstance(quad.subject, NamedNode) and quad.subject.value.startswith(self._space):
                values = self._about.setdefault(quad.subject, {})
                values.setdefault(quad.predicate, []).append(quad.object)
        self._anchored: set[NamedNode] = set()

    def groups(self) -> list[IndexGroup]:
        """Return the groups that have terms left, each sorted by name."""
        found = self._by_sort() if self._space == iris.TERMS else self._by_list()
        return [each for each in found if each.lines]

    def _by_sort(self) -> Iterator[IndexGroup]:
        for sort, title in _SORTS.items():
            members = [each for each in self._about if sort in self._values(each, RDF.TYPE)]
            yield IndexGroup(title, None, None, self._trees(members), is_open=True)

    def _by_list(self) -> Iterator[IndexGroup]:
        schemes: dict[NamedNode | None, list[NamedNode]] = {}
        for node in self._about:
            for scheme in self._schemes(node):
                schemes.setdefault(scheme, []).append(node)
        found = []
        for scheme, members in schemes.items():
            cell = self._cell(scheme) if scheme else None
            group = IndexGroup(
                "", cell, self._definition(scheme) if scheme else None, self._trees(members), is_open=False
            )
            found.append(replace(group, is_open=bool(self._words) or group.number <= _OPEN))
        return iter(sorted(found, key=lambda each: _order(each.cell)))

    def _schemes(self, node: NamedNode) -> list[NamedNode | None]:
        """Return the lists of a kind; a kind without one is in those of the broader kinds."""
        if SKOS.CONCEPT not in self._values(node, RDF.TYPE):
            return []
        terms = [node]
        for each in terms:  # grows during iteration
            if schemes := self._nodes(each, SKOS.IN_SCHEME):
                return [*schemes]
            terms += [above for above in self._nodes(each, SKOS.BROADER) if above not in terms]
        return [None]

    def _trees(self, members: Sequence[NamedNode]) -> tuple[IndexLine, ...]:
        below: dict[NamedNode | None, list[NamedNode]] = {}
        member_set = frozenset(members)
        for node in members:
            above = [each for predicate in _PARENTS for each in self._nodes(node, predicate)]
            inside = [each for each in above if each in member_set]
            for each in inside or (None,):
                below.setdefault(each, []).append(node)
        return self._lines(below, None, ())

    def _lines(
        self,
        below: Mapping[NamedNode | None, list[NamedNode]],
        above: NamedNode | None,
        trail: tuple[NamedNode, ...],
    ) -> tuple[IndexLine, ...]:
        lines = []
        for node in below.get(above, []):
            if node in trail:  # a circle
                continue
            inner = self._lines(below, node, (*trail, node))
            if self._is_found(node) or inner:
                lines.append(self._line(node, inner))
        return tuple(sorted(lines, key=lambda each: _order(each.cell)))

    def _line(self, node: NamedNode, below: tuple[IndexLine, ...]) -> IndexLine:
        local = node.value.removeprefix(self._space)
        anchor = "" if node in self._anchored else local
        self._anchored.add(node)
        return IndexLine(
            anchor, self._cell(node), local, self._definition(node), below, is_found=self._is_found(node)
        )

    def _is_found(self, node: NamedNode) -> bool:
        if not self._words:
            return True
        texts = [node.value.removeprefix(self._space)]
        for predicate in (*_NAMES, SKOS.DEFINITION):
            texts += [each.value for each in self._values(node, predicate) if isinstance(each, Literal)]
        text = _folded(" ".join(texts))
        return all(word in text for word in self._words)

    def _cell(self, node: NamedNode) -> Cell:
        label = self._text(node, (RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE))
        text, language = (label.value, label.language) if label else (iris.compact(node.value), None)
        return Cell(text, self._style.link(node.value) + self._suffix, language, iris.compact(node.value))

    def _definition(self, node: NamedNode) -> Cell | None:
        text = self._text(node, (SKOS.DEFINITION,))
        return Cell(text.value, language=text.language) if text else None

    def _text(self, node: NamedNode, predicates: Sequence[NamedNode]) -> Literal | None:
        """Return a text in the reader's language, else in English, else in another."""
        for predicate in predicates:
            values = [each for each in self._values(node, predicate) if isinstance(each, Literal)]
            texts = {each.language: each for each in sorted(values, key=str, reverse=True)}
            if texts:
                own = texts.get(self._style.language) or texts.get("en")
                return own or next(iter(texts.values()))
        return None

    def _values(self, node: NamedNode, predicate: NamedNode) -> list[object]:
        return self._about.get(node, {}).get(predicate, [])

    def _nodes(self, node: NamedNode, predicate: NamedNode) -> list[NamedNode]:
        found = (each for each in self._values(node, predicate) if isinstance(each, NamedNode))
        return sorted(found, key=str)


def _order(cell: Cell | None) -> tuple[str, str]:
    return (_folded(cell.text), cell.iri or "") if cell else ("", "")


def _folded(text: str) -> str:
    """Return a text without accents and capitals."""
    letters = unicodedata.normalize("NFD", text)
    return "".join(each for each in letters if not unicodedata.combining(each)).casefold()
