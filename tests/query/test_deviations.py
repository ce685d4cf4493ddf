"""The page of known deviations says what the engine answers, what it should, and what is mended.

A test that fails here because the engine gives the right answer is good news: the section, and what mends it,
can go.
"""

import re
from pathlib import Path
from typing import NamedTuple

import pyoxigraph
import pytest
from pyoxigraph import QueryResultsFormat, QuerySolutions, RdfFormat, Store

from kg.iris import PREFIXES
from kg.query.mending import mended
from kg.query.property_paths import with_zero_lengths

PAGE = (Path(__file__).parents[2] / "queries" / "deviations.md").read_text(encoding="utf-8")


class Section(NamedTuple):
    """A deviation: its title, an example, the right answer, and the answer here where it is not mended."""

    title: str
    query: str
    right: str
    here: str | None
    upstream: str


def sections() -> list[Section]:
    found = []
    for part in PAGE.split("\n## ")[1:]:
        query = re.search(r"```sparql\n(.*?)\n```", part, re.DOTALL)
        right = re.search(r"^- Right \(.+?\): `(.*)`$", part, re.MULTILINE)
        here = re.search(r"^- Here: (.*)$", part, re.MULTILINE)
        upstream = re.search(r"^- Upstream: (.*)$", part, re.MULTILINE)
        assert query, part
        assert right, part
        assert upstream, part
        answer = here[1].strip("`") if here else None
        found.append(Section(part.splitlines()[0], query[1], right[1], answer, upstream[1]))
    return found


SECTIONS = sections()
WORDS = {"no rows": "", "an error": "an error"}


def repaired(query: str) -> str:
    """Return a query as it is asked."""
    return with_zero_lengths(mended(query), lambda term: str(term) in _data())


def _data() -> str:
    found = re.search(r"```trig\n(.*?)\n```", PAGE, re.DOTALL)
    assert found
    return found[1]


def answer(query: str) -> str:
    """Return the rows as the page writes them."""
    store = Store()
    store.load(_data().encode(), format=RdfFormat.TRIG)
    try:
        rows = store.query(query, prefixes=PREFIXES)
    except SyntaxError:
        return "an error"
    assert isinstance(rows, QuerySolutions)
    written = rows.serialize(format=QueryResultsFormat.TSV) or b""
    lines = written.decode().splitlines()[1:]
    return " ; ".join(" ".join(value or "UNDEF" for value in line.split("\t")) for line in lines)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_the_engine_still_deviates_as_the_page_says(section: Section) -> None:
    told = answer(section.query)
    assert told != section.right
    if section.here is not None:
        assert told == WORDS.get(section.here, section.here)


@pytest.mark.parametrize("section", SECTIONS, ids=lambda section: section.title)
def test_what_is_mended_gives_the_right_answer_and_nothing_else_changes(section: Section) -> None:
    assert answer(repaired(section.query)) == (
        section.right if section.here is None else WORDS.get(section.here, section.here)
    )


def test_the_page_names_the_version_of_the_engine_and_where_each_fault_is_reported() -> None:
    assert f"pyoxigraph {pyoxigraph.__version__}" in PAGE
    places = {section.upstream for section in SECTIONS} - {"not reported"}
    assert all(
        re.fullmatch(r"https://github\.com/oxigraph/oxigraph/(issues|pull)/\d+", each) for each in places
    )
    assert len({section.title for section in SECTIONS}) == len(SECTIONS)
