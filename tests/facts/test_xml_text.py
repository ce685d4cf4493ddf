"""RDF/XML as people have it: in UTF-16, with entities in a document type, cut off, or another format."""

from contextlib import suppress

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode

from kg.errors import TooLarge, Unreadable
from kg.facts import xml_text
from kg.facts.parsing import read
from kg.formats import RDF_FORMATS
from tests.support.growth import is_linear

RDF = 'xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#"'
OWL = 'xmlns="http://www.w3.org/2002/07/owl#"'
ENTITIES = """<?xml version="1.0"?>
<!DOCTYPE rdf:RDF [
    <!-- as Protégé writes them -->
    <!ENTITY reg "http://example.org/regional/" >
    <!ENTITY onto '&reg;onto#'>
    <!ENTITY reg "http://example.org/another/" >
    <!ENTITY odd "&#60;a&#62; &amp; &#34;b&#x22;">
    <!ELEMENT rdf:RDF ANY>
]>
"""


def document(body: str, head: str = "", root: str = "") -> str:
    return f'{head}<rdf:RDF {RDF} xmlns:e="urn:e:" {root}>{body}</rdf:RDF>'


def of(text: str | bytes, base: str | None = None) -> list[str]:
    data = text if isinstance(text, bytes) else text.encode()
    return [str(quad.triple) for quad in read(data, RDF_FORMATS["rdfxml"], base=base).quads]


def refusal(text: str | bytes) -> str:
    with pytest.raises(Unreadable) as found:
        of(text)
    return found.value.detail


def described(about: str, value: str = "x") -> str:
    return f'<rdf:Description rdf:about="{about}"><e:p>{value}</e:p></rdf:Description>'


def test_entities_of_the_document_are_read_wherever_they_stand() -> None:
    text = document(described("&onto;visit", "&reg;a &amp; b"), ENTITIES, 'xml:base="&reg;onto"')
    assert of(text) == [
        '<http://example.org/regional/onto#visit> <urn:e:p> "http://example.org/regional/a & b"'
    ]


def test_an_entity_that_holds_signs_of_xml_stands_for_their_text() -> None:
    head = '<!DOCTYPE a [<!ENTITY odd "&#38;#60;b&gt; &quot;&#38;amp;\'">]>'
    assert of(document('<e:A rdf:about="urn:a" e:p="&odd;"/>', head))[-1] == (
        str(NamedNode("urn:a")) + " <urn:e:p> " + str(Literal("<b> \"&'"))
    )


def test_entities_are_not_read_in_comments_and_character_data() -> None:
    text = document(described("urn:a", "<![CDATA[&reg;]]><!-- &reg; -->"), ENTITIES)
    assert of(text) == ['<urn:a> <urn:e:p> "&reg;"']


def test_lines_are_those_of_the_text_that_was_sent() -> None:
    text = document("\n<e:p>&unknown;</e:p>", ENTITIES)
    assert f"Line {text[: text.index('&unknown')].count(chr(10)) + 1}, " in refusal(text)


def test_a_document_type_that_names_another_file_is_passed_over_and_not_fetched() -> None:
    head = '<!DOCTYPE rdf:RDF PUBLIC "-//x//y" "http://127.0.0.1:9/x.dtd">'
    assert of(document(described("urn:a"), head)) == ['<urn:a> <urn:e:p> "x"']


@pytest.mark.parametrize(
    ("subset", "use", "said"),
    [
        ('<!ENTITY x SYSTEM "file:///etc/passwd">', "&x;", "&x; is defined outside this document"),
        ('<!ENTITY x "&x;">', "&x;", "refers to itself, or to too many others"),
        ('<!ENTITY x "&y;"><!ENTITY y "&x;">', "&x;", "refers to itself"),
        ('<!ENTITY x "<e:q/>">', "&x;", "contains elements"),
        ('<!ENTITY x "&#55296;">', "&x;", "&#55296; is not a character"),
        ('<!ENTITY % x "y">', "", "this part of a document type declaration is not supported"),
        ('<!ENTITY x "y"> %x;', "", "this part of a document type declaration is not supported"),
        ('<!ATTLIST rdf:RDF e:p CDATA "y">', "", "this part of a document type declaration is not supported"),
        ('<!ENTITY x "y"', "", "this part of a document type declaration is not supported"),
    ],
)
def test_entities_that_are_not_read_are_told(subset: str, use: str, said: str) -> None:
    assert said in refusal(document(described("urn:a", use), f"<!DOCTYPE a [{subset}]>"))


def test_an_external_entity_that_is_not_used_hinders_nothing() -> None:
    head = '<!DOCTYPE a [<!ENTITY x SYSTEM "file:///etc/passwd">]>'
    assert of(document(described("urn:a"), head)) == ['<urn:a> <urn:e:p> "x"']


def laughs(count: int) -> str:
    named = "".join(f'<!ENTITY l{number} "&l{number - 1};&l{number - 1};">' for number in range(1, count))
    return document(described("urn:a", f"&l{count - 1};"), f'<!DOCTYPE a [<!ENTITY l0 "ha">{named}]>')


def test_entities_that_stand_for_too_much_are_refused_before_they_are_written_out() -> None:
    assert "expand to more than 1,048,576 characters" in refusal(laughs(40))
    assert "refers to itself, or to too many others" in refusal(laughs(200))
    long = f'<!DOCTYPE a [<!ENTITY x "{"x" * 100_000}">]>'
    assert "expand to more than" in refusal(document(described("urn:a", "&x;" * 11), long))
    assert len(of(document(described("urn:a", "&x;" * 9), long))) == 1


@pytest.mark.parametrize(
    "unit",
    ["<!ENTITY a '&a;'>", "<!--", "<!ENTITY ", "&a;", "<![CDATA[", "]>", "'", '"', "<?", " ", "&#1;", "a"],
)
def test_a_document_type_is_read_in_linear_time(unit: str) -> None:
    def work(text: str) -> None:
        with suppress(Unreadable, TooLarge):
            xml_text.without_entities(text)

    for head in ("", "<!DOCTYPE a [", "<!DOCTYPE a [<!ENTITY a 'b'>]>", "<!DOCTYPE a [<!ENTITY a '"):
        assert is_linear(work, lambda size, head=head: head + unit * (size // len(unit)))  # type: ignore[misc]


def test_a_declaration_hidden_in_the_document_is_not_expanded() -> None:
    hidden = "<!DOCTYPE a [<!ENTITY x 'y'>]>"
    assert "Line 1" in refusal(document(described("urn:a", f"{hidden}&x;")))
    assert of(document(described("urn:a", f"<![CDATA[{hidden}]]>")))[0].endswith(str(Literal(hidden)))


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be", "utf-8-sig", "utf-8"])
def test_the_first_bytes_tell_the_encoding(encoding: str) -> None:
    text = document(described("urn:a", "é漢"), f'<?xml version="1.0" encoding="{encoding[:6]}"?>\n')
    assert of(text.encode(encoding)) == ['<urn:a> <urn:e:p> "é漢"']


def test_an_encoding_that_is_declared_is_read_or_refused_by_name() -> None:
    text = document(described("urn:a", "é"), '<?xml version="1.0" encoding="ISO-8859-1"?>')
    assert of(text.encode("latin-1")) == ['<urn:a> <urn:e:p> "é"']
    assert "its encoding is koi8-r; save it in UTF-8" in refusal(text.replace("ISO-8859-1", "KOI8-R"))
    assert "this is not UTF-16" in refusal(b"\xff\xfe<\0a").lower().replace("utf-16", "UTF-16")


@pytest.mark.parametrize("end", range(1, 5))
def test_a_document_that_was_cut_off_is_not_read_as_a_whole_one(end: int) -> None:
    text = document(described("urn:a") + "\n" + described("urn:b"))
    assert "is truncated" in refusal(text[: -len(text) * end // 5])


@pytest.mark.parametrize(
    ("text", "said"),
    [
        (
            f'<Ontology {OWL} ontologyIRI="http://example.org/o"/>',
            "This is OWL/XML",
        ),
        (
            f'<Ontology {OWL} xml:base="urn:o"><Prefix name="a" IRI="urn:"/></Ontology>',
            "This is OWL/XML",
        ),
        ('<html xmlns="http://www.w3.org/1999/xhtml"/>', "This is a web page"),
        ('<sparql xmlns="http://www.w3.org/2005/sparql-results#"/>', "the result of a query"),
        ('{"@id": "urn:a"}', "this looks like JSON"),
        ("@prefix a: <urn:a:> .", "this looks like Turtle"),
        (
            document("<p/>"),
            'Line 1 at “<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-”: an element or',
        ),
        (document("\n" + described("")), "Line 2 at “<rdf:Description"),
        (document(described("")), "an empty IRI is relative, and there is no base"),
        (document(f"\n\n{described('urn:a')}\n<e:A><e:p>x<e:q/></e:p></e:A>\n\n\n"), "Line 4 at “<e:A>"),
    ],
)
def test_what_is_no_rdf_xml_is_told_as_what_it_is_and_where(text: str, said: str) -> None:
    assert said in refusal(text)


def test_an_ontology_as_root_element_is_rdf_xml_all_the_same() -> None:
    text = f'<Ontology {OWL} {RDF} rdf:about="urn:o"><imports rdf:resource="urn:p"/></Ontology>'
    assert len(of(text)) == 2


def test_an_empty_iri_is_the_base() -> None:
    assert of(document(described("") + described("#a")), "http://example.org/g") == [
        '<http://example.org/g> <urn:e:p> "x"',
        '<http://example.org/g#a> <urn:e:p> "x"',
    ]


names = st.from_regex(r"[a-z]{1,3}", fullmatch=True).filter(lambda name: name not in xml_text._PREDEFINED)


@given(
    st.dictionaries(names, st.text(st.characters(exclude_categories=["Cs", "Cc"]), max_size=8), min_size=1)
)
def test_any_text_that_an_entity_stands_for_arrives(values: dict[str, str]) -> None:
    def literal(text: str) -> str:
        return "".join(f"&#38;#{ord(each)};" if each in "&<%\"'" else each for each in text)

    head = "".join(f'<!ENTITY {name} "{literal(text)}">' for name, text in values.items())
    body = "".join(described(f"urn:{name}", f"&{name};") for name in values)
    expected = [f"<urn:{name}> <urn:e:p> {Literal(text)}" for name, text in values.items()]
    with suppress(Unreadable):  # a noncharacter, which XML lacks
        assert of(document(body, f"<!DOCTYPE a [{head}]>")) == expected


def test_a_file_with_entities_and_an_empty_iri_is_read_against_a_base() -> None:
    text = ENTITIES + document(
        '<rdf:Description rdf:about=""><e:c>Summit &amp; visit</e:c></rdf:Description>'
    )
    assert of(text, "urn:base:x") == ['<urn:base:x> <urn:e:c> "Summit & visit"']
