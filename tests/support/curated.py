"""Rows of the curators' table that tests share, and what becomes of them."""

import csv
import io
from functools import cache

from kg import ontology
from kg.facts import submissions
from kg.gate.gate import Gate
from kg.importers.catalogue import TABLE
from tests.support.answers import seed_store

GROUNDS = {"source": "page-qqami", "hedge": "plain", "basis": "own-voice"}
REMARK = {
    "record": "statement",
    "id": "a-remark",
    "speaker": "gustavo-petro",
    "kind": "remark",
    "paraphrase": "he was glad",
    "source": "page-qqami",
    "hedge": "plain",
    "basis": "attributed",
}
VISIT = {
    "record": "event",
    "label": "A visit",
    "kind": "visit",
    "performer": "gustavo-petro",
    "host": "mexico",
    **GROUNDS,
}
GIFT = {
    "record": "gesture",
    "label": "A gift",
    "kind": "gift",
    "giver": "donald-trump",
    "receiver": "gustavo-petro",
    "object": "hat",
    **GROUNDS,
}
STANCE = {
    "record": "stance",
    "id": "a-stance",
    "holder": "daniel-noboa",
    "toward": "united-states",
    "mode": "conduct",
    "position": "aligned",
    "assessor": "presence-news",
    "date": "2025",
    **GROUNDS,
}


def written(*rows: dict[str, str], delimiter: str = ",") -> bytes:
    header = list(dict.fromkeys(name for row in rows for name in row))
    buffer = io.StringIO()
    writer = csv.DictWriter(buffer, header, restval="", delimiter=delimiter, quoting=csv.QUOTE_ALL)
    writer.writeheader()
    writer.writerows(rows)
    return buffer.getvalue().encode()


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


def objections(data: bytes) -> list[str]:
    submission = submissions.parse(data, TABLE)
    return [each.sentence() for each in submissions.check(seed_store(), gate(), submission).violations]
