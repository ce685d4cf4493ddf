"""GEXF writer: the network of actors over time, for Gephi. An edge without a day exists at all times."""

from collections.abc import Iterator, Mapping, Sequence
from itertools import chain

from kg.exports import chunks
from kg.exports.edition import AUTHOR, Edition
from kg.exports.extract import Extract
from kg.exports.network import EDGE_ATTRIBUTES, NODE_ATTRIBUTES, Network, NetworkEdge, NetworkNode
from kg.exports.xml_text import attributes, text

_NAMESPACE = "http://www.gexf.net/1.2draft"
_NUMBERS = {"count": "integer", "mean_intensity": "double"}
_NODES = tuple(name for name in NODE_ATTRIBUTES if name != "label")
_EDGES = tuple(name for name in EDGE_ATTRIBUTES if name not in ("label", "start", "end"))


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    network = Network(extract)
    return chunks.gather(
        chain(
            _head(extract.edition),
            ["<nodes>\n"],
            map(_node, network.nodes()),
            ["</nodes>\n<edges>\n"],
            map(_edge, network.edges()),
            ["</edges>\n</graph>\n</gexf>\n"],
        )
    )


def _head(edition: Edition | None) -> Iterator[str]:
    yield f'<?xml version="1.0" encoding="UTF-8"?>\n<gexf xmlns="{_NAMESPACE}" version="1.2">\n'
    if edition:
        about = "\n".join(edition.lines())
        modified = attributes({"lastmodifieddate": edition.time[:10]} if edition.time else {})
        yield f"<meta{modified}><creator>{AUTHOR}</creator><description>{text(about)}</description></meta>\n"
    yield '<graph mode="dynamic" timeformat="date" defaultedgetype="directed">\n'
    for domain, names in (("node", _NODES), ("edge", _EDGES)):
        yield f'<attributes class="{domain}" mode="static">\n'
        for name in names:
            members = {"id": name, "title": name, "type": _NUMBERS.get(name, "string")}
            yield f"<attribute{attributes(members)}/>\n"
        yield "</attributes>\n"


def _node(node: NetworkNode) -> str:
    identity = attributes({"id": node.id, "label": node.label})
    return f"<node{identity}>{_values(_NODES, node.attributes())}</node>\n"


def _edge(edge: NetworkEdge) -> str:
    members = {"id": edge.id, "source": edge.source_id, "target": edge.target_id, "label": edge.label}
    days = {name: value for name, value in (("start", edge.start), ("end", edge.end)) if value}
    return f"<edge{attributes({**members, **days})}>{_values(_EDGES, edge.attributes())}</edge>\n"


def _values(names: Sequence[str], values: Mapping[str, str]) -> str:
    """Return the attributes that have a value."""
    elements = "".join(
        f"<attvalue{attributes({'for': name, 'value': values[name]})}/>" for name in names if values[name]
    )
    return f"<attvalues>{elements}</attvalues>"
