"""Documents that would end the engine's parser are refused before it runs; what only looks so is not."""

import json

import pytest

from kg.errors import TooLarge
from kg.facts import nesting
from kg.facts.parsing import read
from kg.formats import RDF_FORMATS
from tests.support.growth import is_linear

RDF_XML = "<rdf:RDF xmlns:rdf='http://www.w3.org/1999/02/22-rdf-syntax-ns#' xmlns:a='urn:a:'>"


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("turtle", "<a:a> <a:b> " + "[ <a:b> " * 300 + "1" + "]" * 300 + " ."),
        ("turtle", "<a:a> <a:b> '\"', " + "(" * 300 + ")" * 300 + ", '\"' ."),
        ("turtle", "<a:a> <a:b> 1 " + "{| <a:b> 1 " * 300 + "|}" * 300 + " ."),
        ("turtle", "#\r<a:a> <a:b> " + "(" * 300 + ")" * 300 + " ."),
        ("trig", "# it's\n<a:a> <a:b> " + "(" * 300 + ")" * 300 + " ."),
        ("jsonld", '{"a":' * 300 + "1" + "}" * 300),
        ("jsonld", '["\\\\",' * 300 + "1" + "]" * 300),
        ("rdfxml", RDF_XML + "<a:a>" * 300),
        ("rdfxml", RDF_XML + "<!-- </a:a> --><a:a><![CDATA[</a:a>]]>" * 300),
    ],
)
def test_deep_nesting_is_refused_before_it_is_parsed(name: str, data: str) -> None:
    with pytest.raises(TooLarge, match="nested deeper than 256 at line"):
        read(data.encode(), RDF_FORMATS[name])


@pytest.mark.parametrize(
    ("name", "data"),
    [
        ("turtle", '<a:a> <a:b> "' + "(" * 300 + '" .'),
        ("turtle", "<a:a> <a:b> '''\n'" + "(" * 300 + "''' ."),
        ("turtle", "<a:a> <a:b> 1 . # " + "(" * 300),
        ("turtle", "<a:a> <a:b> " + "(1), " * 300 + "2 ."),
        ("turtle", "<a:a> <a:b> '" + "<<" * 5000 + "' . # " + "<<" * 5000),
        ("ntriples", '<a:a> <a:b> "' + "<<(" * 5000 + '" .'),
        ("jsonld", '{"a:a": "' + "[" * 300 + '\\""}'),
        ("rdfxml", RDF_XML + "<!--" + "<a:a>" * 300 + "--><a:a a:b='/'/></rdf:RDF>"),
    ],
)
def test_brackets_in_text_and_comments_do_not_count(name: str, data: str) -> None:
    assert read(data.encode(), RDF_FORMATS[name])[1]


def test_a_text_of_many_marks_means_the_same_where_they_are_written_with_an_escape() -> None:
    mark = "«<<a>>» " * 2000
    (quad,) = read(f"<a:a> <a:b> '''{mark}''' . # {mark}".encode(), RDF_FORMATS["turtle"]).quads
    assert getattr(quad.object, "value", "") == mark


def test_marks_that_the_scanner_takes_for_no_content_are_bounded() -> None:
    with pytest.raises(TooLarge, match="more than 1000"):
        nesting.without_many_marks("<< " * 2000)


@pytest.mark.parametrize(
    "text",
    ["<<( <a:a> <a:b> 1 )>>", "#\r<<", "#\n<<", "'' <<", "<a:a><<", "a:b<<", "''' ''' <<", "'\\\\'<<", "[<<"],
)
def test_a_triple_term_is_found(text: str) -> None:
    assert nesting.triple_term(text) == text.index("<<")


@pytest.mark.parametrize("text", ["'<<'", '"<<"', "# <<", "'''\n'<<'''", "'\\'<<'", "'' '<<'", "#\r'<<'"])
def test_a_mark_in_content_is_no_triple_term(text: str) -> None:
    assert nesting.triple_term(text) is None


def chain(length: int) -> dict[str, str]:
    return {f"p{number}": f"p{number + 1}:x" for number in range(length)} | {f"p{length}": "urn:a:"}


@pytest.mark.parametrize(
    "document",
    [
        json.dumps({"@context": chain(2000), "p0:b": 1}),
        json.dumps({"\\u0040context": chain(2000), "p0:b": 1}).replace("\\\\", "\\"),
        json.dumps({"@context": [{"a": "urn:a"}, chain(2000)], "p0:b": 1}),
        json.dumps([{"a": {"@context": {"b": {"@id": "urn:b", "@context": chain(2000)}}}}]),
        json.dumps({"@context": chain(2000), "p0:b": 1}) + "}",
        json.dumps({"@context": chain(2000), "p0:b": 1})[:-1],
        json.dumps({"@context": {key: {"@reverse": value} for key, value in chain(2000).items()}}),
    ],
    ids=lambda text: text[:24],
)
def test_a_chain_of_terms_in_a_context_is_refused(document: str) -> None:
    with pytest.raises(TooLarge, match="more than 64 terms are defined by one another"):
        read(document.encode(), RDF_FORMATS["jsonld"])


def test_a_large_context_whose_terms_do_not_chain_is_read() -> None:
    terms = {f"t{number}": {"@id": f"ex:t{number}", "@type": "xsd:date"} for number in range(2000)}
    context = {
        "id": "@id",
        "type": "@type",
        "ex": "urn:ex:",
        "xsd": "http://www.w3.org/2001/XMLSchema#",
        **terms,
    }
    _, quads, _ = read(
        json.dumps({"@context": context, "id": "urn:a", "t1": "2020-01-01"}).encode(), RDF_FORMATS["jsonld"]
    )
    assert len(quads) == 1


def test_a_context_for_each_of_many_nodes_is_refused_beside_a_large_one() -> None:
    terms = {f"t{number}": f"urn:t{number}" for number in range(2000)}
    nodes = [{"@context": {"z": "urn:z"}, "z": 1}] * 2000
    with pytest.raises(TooLarge, match="too many contexts"):
        read(json.dumps({"@context": terms, "@graph": nodes}).encode(), RDF_FORMATS["jsonld"])


@pytest.mark.parametrize(
    ("text", "match"),
    [
        (
            RDF_XML + "<a:a " + " ".join(f"a:b{number}=''" for number in range(300)) + "/></rdf:RDF>",
            "attributes",
        ),
        ("<a:a " + " ".join(f"xmlns:n{number}='urn:'" for number in range(300)) + "/>", "namespaces"),
    ],
)
def test_xml_with_many_attributes_or_namespaces_is_refused(text: str, match: str) -> None:
    with pytest.raises(TooLarge, match=match):
        read(text.encode(), RDF_FORMATS["rdfxml"])


def test_xml_that_is_ill_formed_before_much_else_is_refused_by_the_screen() -> None:
    text = RDF_XML + "<a:a></b:a>" + "<a:a>" * 10_000
    found = nesting.check_xml(text)
    assert found == nesting.IllFormed(text.index("b:a"), "mismatched tag", is_heavy=True)
    lighter = nesting.check_xml(RDF_XML + "<a:a></b:a>")
    assert lighter is not None
    assert not lighter.is_heavy  # the parser says it better


@pytest.mark.parametrize(
    "unit",
    [
        "<!--",
        "<",
        "<a>",
        "<a ",
        "a='b' ",
        "&",
        "<![CDATA[",
        "<?",
        "</",
        "'",
        '"',
        "\\",
        '\\"',
        "[",
        "{",
        "(",
        "<<",
        "#",
    ],
)
@pytest.mark.parametrize("before", ["", '"', "'", "#", "<a>", '{"@context":{"'])
def test_each_screen_takes_linear_time(before: str, unit: str) -> None:
    def work(text: str) -> None:
        for check in (nesting.triple_term, nesting.check_turtle, nesting.check_json, nesting.check_xml):
            try:
                check(text)
            except TooLarge:
                continue

    assert is_linear(work, lambda size: before + unit * (size // len(unit)))


@pytest.mark.parametrize("pair", ['"p%d":"p%d:x",', '"p%d:":{"@id":"p%d"},', '"@context":{"p%d":"p%d"},'])
def test_contexts_are_looked_through_in_linear_time(pair: str) -> None:
    def work(text: str) -> None:
        try:
            nesting.check_json(text)
        except TooLarge:
            return

    def context(size: int) -> str:
        pairs = "".join(pair % (number, number + 1) for number in range(size // 10))
        return f'{{"@context":{{{pairs}"a":"urn:a"}}}}'

    assert is_linear(work, context)
