"""CSV for Neo4j, read by the rules of its importer for headers and identifiers."""

import csv
import io
import re
import zipfile
from collections import Counter

import pytest

from kg import iris
from tests.exports.conftest import Exported

TYPES = (
    "int|long|float|double|boolean|byte|short|char|string|point|date|localtime|time|localdatetime|datetime"
)
COLUMN = re.compile(
    rf"[A-Za-z_][A-Za-z0-9_]*(?::(?:{TYPES})(?:\[\])?)?|[A-Za-z_]*:ID(?:\([^)]*\))?"
    r"|:LABEL|:TYPE|:(?:START|END)_ID(?:\([^)]*\))?|:IGNORE"
)
"""A column of a header: https://neo4j.com/docs/operations-manual/current/import/#import-tool-header-format."""

Rows = list[dict[str, str]]


@pytest.fixture(scope="module")
def archive(exported: Exported) -> zipfile.ZipFile:
    return zipfile.ZipFile(io.BytesIO(exported("neo4j")))


def rows(archive: zipfile.ZipFile, name: str) -> Rows:
    return [*csv.DictReader(io.StringIO(archive.read(name).decode()))]


def test_the_headers_are_those_that_the_importer_reads(archive: zipfile.ZipFile) -> None:
    for name in ("nodes.csv", "relationships.csv"):
        header = archive.read(name).decode().partition("\n")[0].split(",")
        assert [column for column in header if not COLUMN.fullmatch(column)] == []
        assert len(header) == len(set(header))
    assert archive.read("relationships.csv").startswith(b":START_ID,:END_ID,:TYPE")


def test_each_node_is_there_once_and_each_relationship_joins_two_nodes(archive: zipfile.ZipFile) -> None:
    known = Counter(row["iri:ID"] for row in rows(archive, "nodes.csv"))
    assert set(known.values()) == {1}
    relationships = rows(archive, "relationships.csv")
    assert {row[column] for row in relationships for column in (":START_ID", ":END_ID")} <= set(known)
    assert all(re.fullmatch(r"[A-Z][A-Z_]*", row[":TYPE"]) for row in relationships)


def test_values_have_the_type_that_their_column_names(archive: zipfile.ZipFile) -> None:
    for row in rows(archive, "nodes.csv"):
        for column, value in row.items():
            if value and column.endswith(":date"):
                assert re.fullmatch(r"-?\d{4,}-\d\d-\d\d", value)
            if value and column.endswith(":long"):
                assert value.isdigit()


def test_a_claim_is_a_node_of_its_layer_and_no_relationship_of_actors(archive: zipfile.ZipFile) -> None:
    nodes = {row["iri:ID"]: row for row in rows(archive, "nodes.csv")}
    claims = {iri for iri, row in nodes.items() if row[":LABEL"] == "Claim"}
    assert claims
    assert {nodes[claim]["layer"] for claim in claims} == {"statement"}
    alleged = [row for row in rows(archive, "relationships.csv") if row[":TYPE"].startswith("ALLEGED_")]
    assert {row[":START_ID"] for row in alleged} <= claims
    assert nodes[iris.DATA + "white-house-meeting"]["layer"] == "happening"


def test_the_archive_says_version_licence_and_the_command(archive: zipfile.ZipFile) -> None:
    text = archive.read("README.txt").decode()
    assert "version: v1" in text
    assert "licence: https://creativecommons.org/licenses/by/4.0/" in text
    assert "neo4j-admin database import full" in text
