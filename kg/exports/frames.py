"""JSON-LD frames: any framing processor uses one to build a tree for each record of a compacted export.

A frame selects the records of one class, and embeds the things that they name and their reports.
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
"""The class of each frame, by name."""
REPORTED_BY = "reportedBy"
"""The key for the reports of a framed record."""


def frame(contents: Contents, name: str) -> Mapping[str, JSON]:
    """Return a frame; raises NotFound for an unknown name."""
    if name not in FRAMED:
        raise NotFound(f"There is no frame {name[:64]!r}; the frames are {', '.join(FRAMED)}.")
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
    """Yield a frame as a document; raises NotFound for an unknown name."""
    yield json.dumps(frame(contents, name), ensure_ascii=False, indent=1).encode() + b"\n"
