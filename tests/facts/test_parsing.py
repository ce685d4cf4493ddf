"""Faults of a text are told by what is wrong, where, and what to do; what is harmless is read."""

import pytest

from kg.errors import BadInput, Unreadable
from kg.facts import submissions
from kg.facts.parsing import read
from kg.formats import RDF_FORMATS
from kg.iris import submission_graph

PREFIX = "@prefix a: <urn:a:> .\n"
MARK = "\ufeff"


def refusal(name: str, text: str) -> str:
    with pytest.raises(Unreadable) as found:
        read(text.encode(), RDF_FORMATS[name])
    assert found.value.extra["sentence"] != {"en": found.value.detail, "es": found.value.detail}
    return found.value.detail


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("turtle", f"{MARK}{PREFIX}a:b a:c 'é' ."),
        ("ntriples", f"{MARK}<urn:a> <urn:b> 'é' .".replace("'", '"')),
        ("nquads", f"{MARK}<urn:a> <urn:b> 'é' <urn:g> .".replace("'", '"')),
        ("trig", f"{MARK}<urn:g> {{ <urn:a> <urn:b> 'é' }}"),
        ("jsonld", f'{MARK}{{"@id": "urn:a", "urn:b": "é"}}'),
    ],
)
def test_a_byte_order_mark_before_a_text_is_passed_over(name: str, text: str) -> None:
    (quad,) = read(text.encode(), RDF_FORMATS[name]).quads
    assert str(quad.object) == '"é"'


def test_a_fault_behind_a_byte_order_mark_has_the_place_that_an_editor_shows() -> None:
    assert "Line 1, column 9 at “<urn:b”" in refusal("turtle", f"{MARK}<urn:a> <urn:b")


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        (
            "turtle",
            f"{PREFIX}a:b\u00a0a:c 1 .",
            "Line 2, column 4 at “a:c 1 .”: there is an invisible character here, U+00A0 (no-break space)",
        ),
        ("turtle", f"{PREFIX}a:b a:c \u200b1 .", "U+200B (zero width space)"),
        ("turtle", f"{PREFIX}{MARK}a:b a:c 1 .", "U+FEFF (byte order mark)"),
        ("turtle", f"{PREFIX}\u3000a:b a:c 1 .", "U+3000 (ideographic space)"),
        ("ntriples", "<urn:a>\u202f<urn:b> <urn:c> .", "U+202F (narrow no-break space)"),
        ("jsonld", '\u00a0{"@id": "urn:a"}', "U+00A0 (no-break space)"),
        ("jsonld", '{"@id":\u2028"urn:a"}', "U+2028 (line separator)"),
    ],
)
def test_an_invisible_character_is_named(name: str, text: str, said: str) -> None:
    assert said in refusal(name, text)


def test_an_invisible_character_within_a_text_is_kept() -> None:
    (quad,) = read(f"{PREFIX}a:b a:c '\u00a0{MARK}\u200b' .".encode(), RDF_FORMATS["turtle"]).quads
    assert getattr(quad.object, "value", "") == f"\u00a0{MARK}\u200b"


@pytest.mark.parametrize(
    ("name", "text", "said"),
    [
        ("turtle", "a:b a:c “x” .", 'a text must be in straight double quotation marks, "…", not “'),
        ("turtle", "a:b a:c ¿x .", "a name cannot begin with ¿"),
        ("turtle", "a:b a:c 2025-01-26 .", "at “-01-26 .”: a date must be in quotation marks"),
        ("turtle", "a:b a:c 'x'@en_US .", "at “_US .”: this is not a language tag"),
        ("turtle", "a:b a:c 'x'@ .", "this is not a language tag"),
        ("turtle", "_: a:c 1 .", "a blank node needs a name after _:"),
        ("turtle", " PREFIX b: urn:b", "the IRI of a prefix must be in angle brackets"),
        ("turtle", "a:b a:c a:x%2 .", "two hexadecimal digits must follow a %"),
        ("turtle", "a:b a:c <http://x/%zz> .", "two hexadecimal digits must follow a %"),
        ("turtle", "a:b a:c <http://[x/> .", "the host of this IRI may not hold the character ["),
        ("trig", "GRAPH { a:b a:c 1 }", "the IRI of a graph is missing before this"),
        ("ntriples", "<urn:a> <urn:b> 'x' .", "straight double quotation marks"),
        ("jsonld", "{", "a name in double quotation marks is missing here"),
        ("jsonld", '{"@id": "urn:a", "@id": "urn:b", "urn:p": 1}', "@id occurs twice in one object"),
        ("jsonld", '{"@id": "urn:a", "urn:b": "x\ny"}', "a line end or another control character"),
        ("jsonld", '{"@context": 5}', "a @context must be an object"),
        ("jsonld", '{"@context": {"@version": 2}, "b": 1}', "the @version of a context is 1.1"),
        ("jsonld", '{"@context": {"a": {"@id": "urn:a", "@container": "x"}}}', "a @container is @list"),
        ("jsonld", '[{"@id": "urn:a"},\n\n{"@id": 5},\n{}]\n\n', 'Line 3 at “{"@id": 5},”'),
        ("turtle", "<?xml version='1.0'?><rdf:RDF/>", "this looks like XML"),
        ("turtle", '{"@id": "urn:a"}', "this looks like JSON"),
        (
            "rdfxml",
            "Prefix(:=<urn:a>)\nOntology(<urn:o>)",
            "this is OWL in functional syntax, which is not read",
        ),
        ("turtle", "Prefix: a: <urn:a>\nOntology: <urn:o>", "this is OWL in Manchester syntax"),
        ("jsonld", "@prefix a: <urn:a:> .", "this looks like Turtle"),
        ("ntriples", "@prefix a: <urn:a:> .", "this looks like Turtle"),
    ],
)
def test_a_fault_is_told_so_that_a_person_understands_it(name: str, text: str, said: str) -> None:
    is_turtle = name in ("turtle", "trig") and text[0] not in "<{P"
    assert said in refusal(name, (PREFIX if is_turtle else "") + text)


def test_a_base_makes_relative_iris_whole_in_each_format_that_has_them() -> None:
    for name, text in (
        ("turtle", "<> <b> <#c> ."),
        ("trig", "<> <b> <#c> ."),
        ("jsonld", '{"@id": "", "http://example.org/x/b": {"@id": "#c"}}'),
    ):
        (quad,) = read(text.encode(), RDF_FORMATS[name], base="http://example.org/x/g").quads
        assert str(quad.triple) == (
            "<http://example.org/x/g> <http://example.org/x/b> <http://example.org/x/g#c>"
        )


def test_a_text_in_utf_16_is_told_as_that() -> None:
    with pytest.raises(Unreadable, match="this is UTF-16; save the text in UTF-8"):
        read("<urn:a> <urn:b> 1 .".encode("utf-16"), RDF_FORMATS["turtle"])


def trig(text: str) -> submissions.Submission:
    return submissions.parse(text.encode(), RDF_FORMATS["trig"])


def test_a_graph_that_a_blank_node_names_is_given_a_name_by_the_content() -> None:
    submission = trig("_:g { <urn:a> <urn:p> 1 } _:h { <urn:a> <urn:p> 2 } <urn:b> <urn:q> _:g, _:h .")
    home = submission_graph(submission.content_hash)
    assert submission.graphs == (home, f"{home}-1", f"{home}-2")
    assert {str(quad.object) for quad in submission.quads if quad.subject.value == "urn:b"} == {  # type: ignore[union-attr]
        f"<{home}-1>",
        f"<{home}-2>",
    }


def test_given_names_do_not_depend_on_labels_or_order() -> None:
    one = trig("_:g { <urn:a> <urn:p> 1 } _:h { <urn:a> <urn:p> 2 }")
    other = trig("_:x { <urn:a> <urn:p> 2 } _:a { <urn:a> <urn:p> 1 }")
    assert one.quads == other.quads


def test_a_graph_with_a_given_name_may_supersede_another() -> None:
    submission = submissions.parse(
        b"_:g { <urn:a> <urn:p> 1 }", RDF_FORMATS["trig"], supersedes="https://example.org/old"
    )
    (graph,) = submission.graphs
    assert submission.supersedes([graph]) == ("https://example.org/old",)


def test_an_empty_graph_of_a_dataset_makes_no_graph() -> None:
    assert trig("<urn:g> { } <urn:h> { <urn:a> <urn:p> 1 }").graphs == ("urn:h",)


def test_blank_graphs_that_cannot_be_told_apart_are_refused_at_once() -> None:
    ring = " ".join(f"_:g{number} {{ <urn:a> <urn:p> _:g{(number + 1) % 12} }}" for number in range(12))
    with pytest.raises(BadInput, match="12 connected blank nodes"):
        trig(ring)


@pytest.mark.parametrize("name", ["turtle", "jsonld", "rdfxml", "nquads"])
def test_a_nul_is_refused_with_its_place(name: str) -> None:
    assert refusal(name, "  \n \0").startswith("Line 2, column 2: there is a NUL character here")
