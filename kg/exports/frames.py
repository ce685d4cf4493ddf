"""Frames of JSON-LD: a tree for each record, made of a compacted export by any processor of JSON-LD framing.

A frame takes the records of one class, with what they name and the reports that bear them out inside.
"""

import json
from collections.abc import Iterator, Mapping, Sequence

from pyoxigraph import NamedNode

from kg.errors import JSON, NotFound
from kg.exports import context
from kg.exports.extract import Extract
from kg.exports.records import Records
from kg.store.store import Contents
from kg.terms import DIP

FRAMED: Mapping[str, NamedNode] = {
    "statement": DIP.STATEMENT,
    "claim": DIP.CLAIM,
    "happening": DIP.HAPPENING,
    "assessment": DIP.ASSESSMENT,
    "actor": DIP.ACTOR,
    "source": DIP.SOURCE,
}
"""The classes whose things have a frame, by its name."""
REPORTED_BY = "reportedBy"
"""The key under which a framed record has its reports."""


def frame(contents: Contents, name: str) -> Mapping[str, JSON]:
    """Return a frame; raises NotFound for a name of none."""
    if name not in FRAMED:
        raise NotFound(f"There is no frame {name[:64]!r}; there is {', '.join(FRAMED)}.")
    names = context.of(contents)
    classes = Records(Extract(contents, ())).classes([FRAMED[name]])
    types: Sequence[JSON] = sorted(names.name(each.value) for each in classes)
    backwards = {REPORTED_BY: {"@reverse": DIP.REPORTS.value}}
    return {
        "@context": {**names.definitions, **backwards},
        "type": types,
        "@embed": "@always",
        REPORTED_BY: {"foundIn": {"@embed": "@never"}},
    }


def write(name: str, contents: Contents) -> Iterator[bytes]:
    """Yield a frame as a document; raises NotFound for a name of none."""
    yield json.dumps(frame(contents, name), ensure_ascii=False, indent=1).encode() + b"\n"
