"""GraphML writer: the network of actors, for Cytoscape, yEd, igraph and networkx."""

from collections.abc import Iterator, Mapping
from itertools import chain

from kg.exports import chunks
from kg.exports.extract import Extract
from kg.exports.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Network
from kg.exports.xml_text import attributes, text

_NAMESPACE = "http://graphml.graphdrawing.org/xmlns"
_NUMBERS = {"count": "int", "mean_intensity": "double"}


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    network = Network(extract)
    about = extract.edition.members() if extract.edition else {}
    nodes = (
        f"<node{attributes({'id': node.id})}>{_data('n', node.attributes())}</node>\n"
        for node in network.nodes()
    )
    edges = (
        f"<edge{attributes({'id': edge.id, 'source': edge.source_id, 'target': edge.target_id})}>"
        f"{_data('e', edge.attributes())}</edge>\n"
        for edge in network.edges()
    )
    begin = f'<graph id="regional-diplomacy" edgedefault="directed">\n{_data("g", about)}\n'
    return chunks.gather(
        chain(
            [f'<?xml version="1.0" encoding="UTF-8"?>\n<graphml xmlns="{_NAMESPACE}">\n'],
            _keys(about),
            [begin],
            nodes,
            edges,
            ["</graph>\n</graphml>\n"],
        )
    )


def _keys(about: Mapping[str, str]) -> Iterator[str]:
    """Declare the attributes."""
    for domain, names in (("graph", about), ("node", NODE_ATTRIBUTES), ("edge", EDGE_ATTRIBUTES)):
        for name in names:
            members = {
                "id": f"{domain[0]}-{name}",
                "for": domain,
                "attr.name": name,
                "attr.type": _NUMBERS.get(name, "string"),
            }
            yield f"<key{attributes(members)}/>\n"


def _data(domain: str, values: Mapping[str, str]) -> str:
    """Return the attributes that have a value."""
    return "".join(
        f"<data{attributes({'key': f'{domain}-{name}'})}>{text(value)}</data>"
        for name, value in values.items()
        if value
    )
