"""JSON-LD context of things as plain JSON: short names for the terms of the ontology.

It is computed from the graph's own terms and shapes. If a property's shapes name one datatype, its values
have that type; other properties with texts are maps by language. A key without a name in the context
(``meta``) is not a statement about the thing, and JSON-LD processors ignore it.
"""

from collections import defaultdict
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

from pyoxigraph import NamedNode

from kg import iris
from kg.changes import Quads
from kg.errors import JSON
from kg.terms import DCTERMS, OWL, RDF, RDFS, SH, SKOS, XSD

BY_LANGUAGE: Mapping[str, JSON] = {"@container": "@language"}
MENTIONED_BY = "mentionedBy"
"""The key for things that point to a thing, by property."""
_KEYWORDS: Mapping[str, JSON] = {"@version": 1.1, "id": "@id", "type": "@type", MENTIONED_BY: "@reverse"}
_NAMES = {
    "label": RDFS.LABEL,
    "prefLabel": SKOS.PREF_LABEL,
    "altLabel": SKOS.ALT_LABEL,
    "definition": SKOS.DEFINITION,
    "title": DCTERMS.TITLE,
}
"""Short names for properties of other vocabularies whose values are language-tagged strings."""
_NATIVE = (XSD.STRING.value, XSD.INTEGER.value, XSD.BOOLEAN.value)
"""Datatypes whose values are native in JSON."""
_FOREIGN = ("dcterms", "owl", "prov", "rdf", "rdfs", "sh", "skos", "xsd")
_TERMS = NamedNode(iris.TERMS_GRAPH)
_SHAPES = NamedNode(iris.SHAPES_GRAPH)


@dataclass(frozen=True)
class ShortNames:
    """The short names of a context: its definitions, and the names and the types of properties by IRI."""

    definitions: Mapping[str, JSON]

    @cached_property
    def names(self) -> Mapping[str, str]:
        """The name of each class and property, by its IRI."""
        return {
            str(definition["@id"] if isinstance(definition, Mapping) else definition): name
            for name, definition in self.definitions.items()
            if name not in _KEYWORDS and name not in _FOREIGN
        }

    def name(self, iri: str) -> str:
        """Return the name of a class or property here: its short name, its prefixed name, or its IRI."""
        if iri in self.names:
            return self.names[iri]
        for prefix in _FOREIGN:
            if (local := iri.removeprefix(iris.PREFIXES[prefix])) != iri and local.isalnum():
                return f"{prefix}:{local}"
        return iri

    def is_by_language(self, name: str) -> bool:
        """Return True if the values of a property are a map by language."""
        definition = self.definitions.get(name)
        return isinstance(definition, Mapping) and definition.get("@container") == "@language"

    def datatype(self, name: str) -> str | None:
        """Return the default datatype of a property's values."""
        definition = self.definitions.get(name)
        value = definition.get("@type") if isinstance(definition, Mapping) else None
        return value if isinstance(value, str) else None


def of(contents: Quads) -> ShortNames:
    """Return the context for the terms and shapes of a graph."""
    definitions: dict[str, JSON] = dict(_KEYWORDS)
    definitions |= {prefix: iris.PREFIXES[prefix] for prefix in _FOREIGN}
    definitions |= {name: {"@id": node.value, **BY_LANGUAGE} for name, node in _NAMES.items()}
    datatypes = _datatypes(contents)
    for kind in (OWL.CLASS, RDFS.CLASS, OWL.OBJECT_PROPERTY, OWL.ANNOTATION_PROPERTY, OWL.DATATYPE_PROPERTY):
        subjects = {quad.subject for quad in contents.quads_for_pattern(None, RDF.TYPE, kind, _TERMS)}
        ours = (node.value for node in subjects if isinstance(node, NamedNode))
        for iri in sorted(iri for iri in ours if iri.startswith(iris.TERMS)):
            definitions.setdefault(iri.removeprefix(iris.TERMS), _definition(iri, kind, datatypes))
    return ShortNames(definitions)


def version(contents: Quads) -> str:
    """Return the version of the terms in a graph; ``0`` if there is none."""
    found = (quad.object for quad in contents.quads_for_pattern(_TERMS, OWL.VERSION_INFO, None, _TERMS))
    return min((str(getattr(value, "value", value)) for value in found), default="0")


def _definition(iri: str, kind: NamedNode, datatypes: Mapping[str, set[str]]) -> JSON:
    if kind in (OWL.CLASS, RDFS.CLASS):
        return iri
    if kind != OWL.DATATYPE_PROPERTY:
        return {"@id": iri, "@type": "@id"}
    match sorted(datatypes.get(iri, ())):
        case []:
            return {"@id": iri, **BY_LANGUAGE}
        case [one] if one not in _NATIVE:
            return {"@id": iri, "@type": one}
        case _:
            return {"@id": iri}


def _datatypes(contents: Quads) -> Mapping[str, set[str]]:
    """Return the datatypes that shapes name for the values of each property."""
    found: dict[str, set[str]] = defaultdict(set)
    for typed in contents.quads_for_pattern(None, SH.DATATYPE, None, _SHAPES):
        for path in contents.quads_for_pattern(typed.subject, SH.PATH, None, _SHAPES):
            if isinstance(path.object, NamedNode) and isinstance(typed.object, NamedNode):
                found[path.object.value].add(typed.object.value)
    return found
