"""Node-link JSON writer: the network of actors, for networkx and D3."""

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import asdict
from itertools import chain

from kg.exports import chunks
from kg.exports.extract import Extract
from kg.exports.network import Network, NetworkEdge


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    network = Network(extract)
    about = _text(dict(extract.edition.members()) if extract.edition else {})
    return chunks.gather(
        chain(
            [f'{{"directed":true,"multigraph":true,"graph":{about},\n"nodes":[\n'],
            _listed(map(asdict, network.nodes())),
            ['],\n"edges":[\n'],
            _listed(map(_edge, network.edges())),
            ["]}\n"],
        )
    )


def _edge(edge: NetworkEdge) -> Mapping[str, object]:
    """Return an edge as networkx reads it; its source is ``found_in``, because ``source`` names an end."""
    members = edge.attributes()
    number: dict[str, int | float] = {"count": int(edge.count)}
    if edge.mean_intensity:
        number["mean_intensity"] = float(edge.mean_intensity)
    found = {"found_in": members.pop("source")}
    return {"source": edge.source_id, "target": edge.target_id, "key": edge.id, **members, **found, **number}


def _listed(entries: Iterable[Mapping[str, object]]) -> Iterator[str]:
    """Yield the entries of a list, one per line."""
    for number, entry in enumerate(entries):
        yield (",\n" if number else "") + _text(entry)


def _text(value: Mapping[str, object]) -> str:
    return json.dumps(value, ensure_ascii=False, separators=(",", ":"))
