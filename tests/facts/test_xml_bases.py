"""Relative xml:base attributes are resolved, each against that of the element around it (XML Base, 4.3)."""

import pytest

from kg.errors import Unreadable
from kg.facts import parsing, xml_bases
from kg.formats import RDF_FORMATS

BASE = "http://example.org/graphs/one"


def subject(outer: str, inner: str = "", about: str = "x", base: str | None = BASE) -> str:
    text = (
        '<rdf:RDF xmlns:rdf="http://www.w3.org/1999/02/22-rdf-syntax-ns#" xmlns:e="http://e.org/" '
        f'e:unused="" {outer}><rdf:Description {inner} rdf:about="{about}" e:p="xml:base=\'no\'"/></rdf:RDF>'
    ).replace(' e:unused=""', "")
    (quad,) = parsing.read(text.encode(), RDF_FORMATS["rdfxml"], base=base).quads
    return str(quad.subject)


@pytest.mark.parametrize(
    ("outer", "inner", "about", "expected"),
    [
        ('xml:base="sub/"', "", "x", "<http://example.org/graphs/sub/x>"),
        ("xml:base = '/sub/'", "", "x", "<http://example.org/sub/x>"),
        ('xml:base="http://other.org/a/b#c"', 'xml:base="d/"', "x", "<http://other.org/a/d/x>"),
        ('xml:base="sub/"', 'xml:base="../more/"', "x", "<http://example.org/graphs/more/x>"),
        ('xml:base=""', "", "", f"<{BASE}>"),
        ('xml:base="#part"', "", "#x", f"<{BASE}#x>"),
        ('xml:base="//other.org/"', "", "x", "<http://other.org/x>"),
        ('xml:base="a?b=1&amp;c=2"', "", "", "<http://example.org/graphs/a?b=1&c=2>"),
        ('xml:base="sub/"', 'xml:base="http://other.org/"', "x", "<http://other.org/x>"),
        ('xml:base="sub/"', 'xml:base="&#109;/"', "x", "<http://example.org/graphs/sub/m/x>"),
    ],
)
def test_a_relative_base_is_resolved(outer: str, inner: str, about: str, expected: str) -> None:
    assert subject(outer, inner, about) == expected


def test_a_relative_base_needs_a_base_around_it() -> None:
    assert subject('xml:base="http://o.org/"', 'xml:base="a/"', base=None) == "<http://o.org/a/x>"
    with pytest.raises(Unreadable, match="relative"):
        subject('xml:base="sub/"', base=None)


def test_lines_and_other_texts_stay_as_they_are() -> None:
    text = (
        "<a\n b='xml:base=\"c/\"'\n xml:base='\nd/'>\n"
        "<!-- <a xml:base='e/'> -->\n <![CDATA[ xml:base='f/']]></a>"
    )
    resolved = xml_bases.resolved(text, "http://o.org/")
    assert resolved.count("\n") == text.count("\n")
    assert "'xml:base=\"c/\"'" in resolved
    assert "e/" in resolved
    assert "http://o.org/e" not in resolved
    assert "http://o.org/f" not in resolved
