"""A thing as plain JSON, which its context turns into JSON-LD: each named thing has its class and labels.

Things without a name of their own (a report, a passage, a time span) are nested in full, because they mean
nothing alone. Things that point to the thing are under ``mentionedBy``, among them its reports with their
sources and words. ``meta`` states the version and graphs, and what was omitted.
"""

import json
from collections import defaultdict
from collections.abc import Iterator, Mapping, Sequence
from itertools import islice
from urllib.parse import quote

from pyoxigraph import BlankNode, NamedNode

from kg import iris
from kg.changes import Object, Subject
from kg.errors import JSON, NotFound
from kg.exports import chunks, context, json_values
from kg.exports.context import MENTIONED_BY, ShortNames
from kg.pages import descriptions
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import DCTERMS, RDF, RDFS, SKOS

DEEPEST = 3
"""Maximum depth of nested things without a name."""
MOST_VALUES = 500
"""Maximum values of one property of a nested thing."""
_LABELS = (RDFS.LABEL, SKOS.PREF_LABEL, DCTERMS.TITLE)

Node = NamedNode | BlankNode
Values = Mapping[NamedNode, Sequence[Object]]


def write(iri: str, root: str, log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Yield the document in chunks; ``root`` is the URL of the server, which has the context.

    Raises as ``descriptions.of_thing`` does.
    """
    node = NamedNode(iri)
    description = descriptions.of_thing(contents, node, log)
    return chunks.gather(_Writer(contents, node, root).pieces(description))


def write_context(version: str | None, contents: Contents) -> Iterator[bytes]:
    """Yield the context for the terms of a graph as a document; raises NotFound for another version."""
    if version not in (None, current_version := context.version(contents)):
        raise NotFound(
            f"There is no context for version {version!r} of the terms; there are {current_version}."
        )
    yield _text({"@context": context.of(contents).definitions}).encode() + b"\n"


class _Writer:
    """Writes the document of one thing."""

    def __init__(self, contents: Contents, node: NamedNode, root: str) -> None:
        self._contents = contents
        self._names: ShortNames = context.of(contents)
        self._node = node
        self._root = root

    def pieces(self, description: descriptions.Description) -> Iterator[str]:
        """Yield the document member by member."""
        values_by_property, pointing = _divided(description, self._node)
        address = f"{self._root}context/{context.version(self._contents)}"
        yield f'{{"@context":{_text(address)},"id":{_text(self._node.value)}'
        for name, value in self._members(values_by_property, (self._node,)):
            yield f",\n{_text(name)}:{_text(value)}"
        if pointing:
            yield f',\n"{MENTIONED_BY}":{{'
            for number, predicate in enumerate(sorted(pointing, key=str)):
                subjects = [self._nested(each, (self._node,)) for each in pointing[predicate]]
                yield ("," if number else "") + f"\n{_text(self._names.name(predicate.value))}:"
                yield _text(subjects)
            yield "}"
        yield f',\n"meta":{_text(self._meta(description))}}}\n'

    def _meta(self, description: descriptions.Description) -> JSON:
        version = self._contents.version
        local = self._node.value.removeprefix(iris.BASE)
        return {
            "version": version,
            "permalink": f"{self._root}{quote(local, safe='/')}.json?as-of=v{version}",
            "graphs": sorted(description.graphs),
            "isCut": description.is_cut,
        }

    def _members(self, values_by_property: Values, path: tuple[Node, ...]) -> Iterator[tuple[str, JSON]]:
        """Yield the members for the properties of one thing, its classes and labels first."""
        first = (RDF.TYPE, *_LABELS)
        for predicate in sorted(
            values_by_property, key=lambda each: (each not in first[:1], each not in first, str(each))
        ):
            values = values_by_property[predicate]
            if predicate == RDF.TYPE:
                classes = [each.value for each in values if isinstance(each, NamedNode)]
                yield "type", json_values.one_or_all([self._names.name(each) for each in classes])
            else:
                name = self._names.name(predicate.value)
                yield (
                    name,
                    json_values.written(self._names, name, values, lambda node: self._nested(node, path)),
                )

    def _nested(self, node: Subject | Object, path: tuple[Node, ...]) -> JSON:
        """Return a nested thing: with class and labels, or in full if it has no name of its own."""
        assert isinstance(node, NamedNode | BlankNode), "plain RDF has no other nodes"
        members: dict[str, JSON] = {"id": node.value if isinstance(node, NamedNode) else str(node)}
        if node in path:
            return members
        values_by_property = _values_of(self._contents, node)
        labels = {each: values for each, values in values_by_property.items() if each in _LABELS}
        if not labels and len(path) < DEEPEST:
            return members | dict(self._members(values_by_property, (*path, node)))
        members_shown = {
            each: values_by_property[each] for each in (RDF.TYPE, *labels) if each in values_by_property
        }
        return members | dict(self._members(members_shown, path))


def _divided(
    description: descriptions.Description, node: NamedNode
) -> tuple[Values, Mapping[NamedNode, list[Subject]]]:
    """Split triples into those about a thing and those that point to it, by property, in a fixed order."""
    values_by_property: dict[NamedNode, list[Object]] = defaultdict(list)
    pointing: dict[NamedNode, list[Subject]] = defaultdict(list)
    for triple in sorted(description.triples, key=str):
        if triple.subject == node:
            values_by_property[triple.predicate].append(triple.object)
        else:
            pointing[triple.predicate].append(triple.subject)
    return values_by_property, pointing


def _values_of(contents: Contents, node: Node) -> Values:
    """Return a thing's values in any graph, by property, in a fixed order."""
    triples = {(quad.predicate, quad.object) for quad in contents.quads_for_pattern(node, None, None)}
    values_by_property: dict[NamedNode, list[Object]] = defaultdict(list)
    for predicate, value in sorted(triples, key=str):
        values_by_property[predicate].append(value)
    return {predicate: list(islice(values, MOST_VALUES)) for predicate, values in values_by_property.items()}


def _text(value: JSON) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
