"""Croissant 1.0 writer: describes the tables of a version for people who search for machine learning data.

https://docs.mlcommons.org/croissant/docs/croissant-spec-1.0.html. The tables are those of another format in
the catalogue, which is written once to compute its hash, and the hash and columns of each file.
"""

import csv
import hashlib
import io
import json
import tempfile
import zipfile
from collections.abc import Iterator
from importlib import import_module
from typing import IO, NamedTuple

from kg import iris
from kg.errors import JSON
from kg.exports import chunks
from kg.exports.catalogue import EXPORT_FORMATS
from kg.exports.edition import AUTHOR, DESCRIPTION, LICENCE, TITLE, Edition
from kg.exports.extract import Extract

TABLES = "neo4j"
"""The format whose files this one describes."""
_CONTEXT: JSON = {
    "@language": "en",
    "@vocab": "https://schema.org/",
    "citeAs": "cr:citeAs",
    "column": "cr:column",
    "conformsTo": "dct:conformsTo",
    "containedIn": "cr:containedIn",
    "cr": "http://mlcommons.org/croissant/",
    "data": {"@id": "cr:data", "@type": "@json"},
    "dataType": {"@id": "cr:dataType", "@type": "@vocab"},
    "dct": "http://purl.org/dc/terms/",
    "equivalentProperty": "cr:equivalentProperty",
    "examples": {"@id": "cr:examples", "@type": "@json"},
    "extract": "cr:extract",
    "field": "cr:field",
    "fileObject": "cr:fileObject",
    "fileProperty": "cr:fileProperty",
    "fileSet": "cr:fileSet",
    "format": "cr:format",
    "includes": "cr:includes",
    "isLiveDataset": "cr:isLiveDataset",
    "jsonPath": "cr:jsonPath",
    "key": "cr:key",
    "md5": "cr:md5",
    "parentField": "cr:parentField",
    "path": "cr:path",
    "rai": "http://mlcommons.org/croissant/RAI/",
    "recordSet": "cr:recordSet",
    "references": "cr:references",
    "regex": "cr:regex",
    "repeated": "cr:repeated",
    "replace": "cr:replace",
    "samplingRate": "cr:samplingRate",
    "sc": "https://schema.org/",
    "separator": "cr:separator",
    "source": "cr:source",
    "subField": "cr:subField",
    "transform": "cr:transform",
}


def write(extract: Extract) -> Iterator[bytes]:
    """Yield the document in chunks."""
    described = EXPORT_FORMATS[TABLES]
    edition = extract.edition or Edition(0, "")
    with tempfile.TemporaryFile() as file:
        digest = hashlib.sha256()
        for chunk in import_module(described.writer).write(extract):
            digest.update(chunk)
            file.write(chunk)
        files = [*_files(file)]
    name = f"regional-diplomacy-{edition.name}{described.suffixes[0]}"
    document = {
        **_head(edition),
        "distribution": [_archive(name, described.media_type, digest.hexdigest()), *map(_file, files)],
        "recordSet": [_table(each) for each in files],
    }
    yield json.dumps(document, ensure_ascii=False, indent=1).encode() + b"\n"


class _ArchivedTable(NamedTuple):
    """A CSV file in the archive."""

    name: str
    columns: list[str]
    digest: str


def _files(archive: IO[bytes]) -> Iterator[_ArchivedTable]:
    """Yield each CSV file of an archive."""
    with zipfile.ZipFile(archive) as opened:
        for name in opened.namelist():
            if name.endswith(".csv"):
                with opened.open(name) as file:
                    columns = next(csv.reader(io.TextIOWrapper(file, "utf-8-sig", newline="")))
                with opened.open(name) as file:
                    yield _ArchivedTable(name, columns, _digest(file))


def _digest(file: IO[bytes]) -> str:
    digest = hashlib.sha256()
    for piece in iter(lambda: file.read(chunks.CHUNK), b""):
        digest.update(piece)
    return digest.hexdigest()


def _head(edition: Edition) -> dict[str, JSON]:
    return {
        "@context": _CONTEXT,
        "@type": "sc:Dataset",
        "conformsTo": "http://mlcommons.org/croissant/1.0",
        "name": "regional-diplomacy",
        "alternateName": TITLE,
        "description": f"{DESCRIPTION} Holds {edition.selection or 'all facts'}.",
        "version": f"{edition.version}.0.0",
        **({"datePublished": edition.time} if edition.time else {}),
        "license": LICENCE,
        "usageInfo": "; ".join(edition.source_terms) or "No source has terms of its own recorded.",
        "citeAs": edition.citation,
        "url": iris.BASE,
        "creator": {"@type": "sc:Organization", "name": AUTHOR},
    }


def _archive(name: str, media_type: str, digest: str) -> JSON:
    return {
        "@type": "cr:FileObject",
        "@id": "archive",
        "name": name,
        "contentUrl": name,
        "encodingFormat": media_type,
        "sha256": digest,
    }


def _file(table: _ArchivedTable) -> JSON:
    return {
        "@type": "cr:FileObject",
        "@id": table.name,
        "name": table.name,
        "contentUrl": table.name,
        "sha256": table.digest,
        "containedIn": {"@id": "archive"},
        "encodingFormat": "text/csv",
    }


def _table(described: _ArchivedTable) -> JSON:
    table = described.name.removesuffix(".csv")
    return {
        "@type": "cr:RecordSet",
        "@id": table,
        "name": table,
        "field": [
            {
                "@type": "cr:Field",
                "@id": f"{table}/{column}",
                "name": column,
                "dataType": "sc:Text",
                "source": {"fileObject": {"@id": described.name}, "extract": {"column": column}},
            }
            for column in described.columns
        ],
    }
