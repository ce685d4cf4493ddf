"""Which format an Accept header, a Content-Type or a suffix means."""

import pytest

from kg.errors import NotAcceptable, UnsupportedFormat
from kg.formats import (
    GRAPH_FORMATS,
    HTML,
    RDF_FORMATS,
    RESULT_FORMATS,
    Format,
    from_content_type,
    from_name,
    from_path,
)
from kg.query.negotiation import choose

RESULTS = tuple(RESULT_FORMATS.values())


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        (None, "json"),
        ("", "json"),
        ("*/*", "json"),
        ("text/csv", "csv"),
        ("text/*", "csv"),
        ("TEXT/CSV", "csv"),
        ("text/csv;q=0.1, application/sparql-results+xml", "xml"),
        ("text/csv ; q=0.2 , text/tab-separated-values ; q=0.9", "tsv"),
        ("*/*, application/sparql-results+json;q=0", "xml"),
        ("text/html, application/xhtml+xml, */*;q=0.8", "json"),
        ("nonsense, text/csv", "csv"),
        ("application/*;q=0.5, text/csv;q=0.4", "json"),
    ],
)
def test_the_offer_an_accept_header_likes_best_is_chosen(accept: str | None, expected: str) -> None:
    assert choose(accept, RESULTS).format.name == expected


def test_an_alias_is_answered_under_the_name_it_was_asked_by() -> None:
    choice = choose("application/json", RESULTS)
    assert (choice.format.name, choice.media_type) == ("json", "application/json")


@pytest.mark.parametrize("accept", ["image/png", "text/csv;q=0", "application/sparql-results+json;q=0.000"])
def test_nothing_acceptable_is_refused_with_the_list_of_offers(accept: str) -> None:
    with pytest.raises(NotAcceptable) as refusal:
        choose(accept, RESULTS)
    assert "text/csv" in str(refusal.value.extra["offered"])


def test_a_browser_is_given_the_page_where_there_is_one() -> None:
    browser = "text/html,application/xhtml+xml,application/xml;q=0.9,*/*;q=0.8"
    assert choose(browser, (HTML, *GRAPH_FORMATS)).format is HTML
    assert choose("text/turtle", (HTML, *GRAPH_FORMATS)).format.name == "turtle"


def test_text_says_its_encoding() -> None:
    assert choose("text/turtle", GRAPH_FORMATS).content_type == "text/turtle; charset=utf-8"
    assert choose("application/ld+json", GRAPH_FORMATS).content_type == "application/ld+json"


@pytest.mark.parametrize("known", RDF_FORMATS.values(), ids=lambda known: known.name)
def test_every_rdf_format_is_found_by_name_type_and_suffix(known: object) -> None:
    rdf = next(entry for entry in RDF_FORMATS.values() if entry is known)
    assert from_name(rdf.name, RDF_FORMATS) is rdf
    assert from_content_type(f"{rdf.media_type.upper()}; charset=UTF-8", RDF_FORMATS) is rdf
    assert all(from_path(f"facts{suffix}", RDF_FORMATS) is rdf for suffix in rdf.suffixes)


def test_a_suffix_may_have_two_parts() -> None:
    bundle = Format("bundle", ("application/zip",), (".csv.zip",))
    assert from_path("facts.CSV.zip", {"bundle": bundle}) is bundle
    with pytest.raises(UnsupportedFormat, match=r"use \.csv\.zip"):
        from_path("facts.zip", {"bundle": bundle})


def test_unknown_formats_are_refused_by_name() -> None:
    with pytest.raises(UnsupportedFormat, match="image/png"):
        from_content_type("image/png", RDF_FORMATS)
    with pytest.raises(UnsupportedFormat, match="missing"):
        from_content_type(None, RDF_FORMATS)
    with pytest.raises(UnsupportedFormat, match=r"facts\.docx"):
        from_path("somewhere/facts.docx", RDF_FORMATS)
    with pytest.raises(UnsupportedFormat, match="graphml"):
        from_name("graphml", RDF_FORMATS)
