"""Place of a thing in the model: its layer, its class with superclasses, its kinds.

Badges and breadcrumbs show it. The layer of a class comes from the ontology (``dip:inLayer``).
"""

from dataclasses import dataclass
from urllib.parse import urlencode

from pyoxigraph import NamedNode

from kg import iris
from kg.pages.cells import Cells
from kg.pages.stories.reading import NodeReader
from kg.terms import DIP, OWL, RDF, RDFS, SKOS

SIGNS = ("source", "statement", "claim", "happening", "prospect", "assessment", "coding", "actor", "record")
"""Badges: one for each layer, and others for records that must not be mistaken for it."""

_OWN_SIGNS = {
    "claim": ("Claim",),
    "prospect": ("ProspectiveAct",),
    "actor": ("Actor",),
    "coding": (
        *("CodedOccurrence", "EventCoding", "CodingRun"),
        *("CodedActor", "CodedPlace", "CodedMention", "ActorResolution"),
    ),
    "submission": ("Commit", "Submission"),
}
"""Classes whose things have their own badge in any layer."""
_OF_CLASS = {
    **{NamedNode(iris.TERMS + name): sign for sign, names in _OWN_SIGNS.items() for name in names},
    **dict.fromkeys(
        (
            *(OWL.CLASS, OWL.OBJECT_PROPERTY, OWL.DATATYPE_PROPERTY, OWL.ANNOTATION_PROPERTY),
            *(SKOS.CONCEPT, SKOS.CONCEPT_SCHEME),
        ),
        "term",
    ),
}
_OF_LAYER = {
    DIP.SOURCE: "source",
    DIP.STATEMENT: "statement",
    DIP.HAPPENING: "happening",
    DIP.ASSESSMENT: "assessment",
}


@dataclass(frozen=True)
class Crumb:
    """A step of a breadcrumb: the name of a class or kind, and the list of its things."""

    text: str
    link: str
    language: str | None = None


@dataclass(frozen=True)
class ModelPlace:
    """The badge of a thing, and its breadcrumb: the broadest class first, kinds last."""

    sign: str
    trail: tuple[Crumb, ...]


def placed(cells: Cells, node: NamedNode, root: str) -> ModelPlace:
    """Return the place of a thing; ``root`` is the path of the root page.

    Of several classes, the one with the longest path to the top is used, and among these the first by IRI.
    """
    reader = NodeReader(cells.contents)
    way = _longest_way(reader, node)
    trail = [_crumb(cells, each, root, **{"class": each}) for each in reversed(way) if _is_ours(each)]
    if trail:
        trail += [
            _crumb(cells, kind, root, **{"class": way[0], "kind": kind})
            for kind in reader.nodes(node, DIP.HAS_KIND)
        ]
    return ModelPlace(_sign(reader, way), tuple(trail))


def sign_of(cells: Cells, node: NamedNode) -> str:
    """Return the name of a thing's badge."""
    reader = NodeReader(cells.contents)
    return _sign(reader, _longest_way(reader, node))


def _longest_way(reader: NodeReader, node: NamedNode) -> list[NamedNode]:
    """Return the longest way from a class of a thing to the top; of several, one with a badge of its own."""
    ways = [_way(reader, each) for each in reader.nodes(node, RDF.TYPE)]
    return max(ways, key=lambda way: (len(way), way[0] in _OF_CLASS), default=[])


def _way(reader: NodeReader, node: NamedNode) -> list[NamedNode]:
    """Return a class and its superclasses up to the top; of several superclasses, the first by IRI."""
    way = [node]
    while above := [each for each in reader.nodes(way[-1], RDFS.SUB_CLASS_OF) if each not in way]:
        way.append(above[0])
    return way


def _sign(reader: NodeReader, way: list[NamedNode]) -> str:
    for each in way:
        if each in _OF_CLASS:
            return _OF_CLASS[each]
    for each in way:
        for layer in reader.nodes(each, DIP.IN_LAYER):
            return _OF_LAYER.get(layer, "record")
    return "record"


def _crumb(cells: Cells, node: NamedNode, root: str, **query: NamedNode) -> Crumb:
    cell = cells.cell(node)
    parameters = {name: _short(value) for name, value in query.items()}
    return Crumb(cell.text, f"{root}id?{urlencode(parameters)}", cell.language)


def _short(node: NamedNode) -> str:
    return node.value.removeprefix(iris.TERMS).removeprefix(iris.KINDS)


def _is_ours(node: NamedNode) -> bool:
    return node.value.startswith(iris.TERMS)
