"""CITATION.cff writer: how to cite the data of a version, in Citation File Format 1.2.0.

Texts are written as JSON strings, which are valid YAML.
"""

import json
from collections.abc import Iterator

from kg import iris
from kg.exports import source_terms
from kg.exports.edition import AUTHOR, DESCRIPTION, TITLE, Edition
from kg.exports.extract import Extract


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    yield "".join(f"{line}\n" for line in _lines(extract)).encode()


def _lines(extract: Extract) -> Iterator[str]:
    edition = extract.edition or Edition(0, "")
    yield "cff-version: 1.2.0"
    yield "message: If you use these data, please cite them with their version."
    yield "type: dataset"
    yield f"title: {_text(TITLE)}"
    part = edition.selection or "all facts"
    yield f"abstract: {_text(f'{DESCRIPTION} Holds {part}.')}"
    yield f"authors:\n  - name: {_text(AUTHOR)}"
    yield f"version: {_text(edition.name)}"
    if edition.time:
        yield f"date-released: {_text(edition.time[:10])}"
    yield "license: CC-BY-4.0"
    yield f"url: {_text(iris.BASE)}"
    if sources := [*source_terms.of(extract)]:
        yield "references:"
        for each in sources:
            yield f"  - type: data\n    title: {_text(each.title)}\n    url: {_text(each.source)}"
            yield f"    notes: {_text(each.terms)}\n    authors:\n      - name: {_text('see the source')}"


def _text(value: str) -> str:
    return json.dumps(value, ensure_ascii=False)
