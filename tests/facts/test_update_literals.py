"""The literals of an update are read as they are written, wherever and however they stand."""

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import Literal, NamedNode, Quad

from kg import scratch
from kg.facts import update_parser
from kg.iris import PREFIXES
from kg.store.transaction import normalised
from tests.support.sent import typed

BASE = "http://base.example/"
PROLOGUE = "PREFIX e: <urn:e:> PREFIX : <urn:e:>\n"


def inserted(text: str) -> tuple[Quad, ...]:
    """Read an update of one operation."""
    (operation,) = update_parser.operations(PROLOGUE + text, BASE)
    return operation.inserted


def objects(text: str) -> list[str]:
    return sorted(str(quad.object) for quad in inserted(f"INSERT DATA {{ e:a e:p {text} }}"))


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("01", typed("01", "integer")),
        ("-0", typed("-0", "integer")),
        ("+1.50", typed("+1.50", "decimal")),
        (".5", typed(".5", "decimal")),
        ("1.E0", typed("1.E0", "double")),
        (".5e1", typed(".5e1", "double")),
        ("1e-3", typed("1e-3", "double")),
        ("01.", typed("01", "integer")),
        ("12345678901234567890123", typed("12345678901234567890123", "integer")),
        ('"007"^^xsd:unsignedInt', typed("007", "unsignedInt")),
        ("'007' ^^ xsd:unsignedInt", typed("007", "unsignedInt")),
        ('"""0\n7"""^^xsd:integer', typed("0\n7", "integer")),
        (f'"1"^^<{PREFIXES["xsd"]}boolean>', typed("1", "boolean")),
        ('"\\u0030\\"7"^^<relative>', Literal('0"7', datatype=NamedNode(BASE + "relative"))),
        ('"^^xsd:byte"', Literal("^^xsd:byte")),
        ('"01"@de-1996', Literal("01", language="de-1996")),
        ("true", typed("true", "boolean")),
        ("<urn:01>", NamedNode("urn:01")),
        ("e:1.5", NamedNode("urn:e:1.5")),
        (":-01", None),
    ],
)
def test_a_literal_is_read_as_it_is_written(written: str, read: Literal | NamedNode | None) -> None:
    if read is None:
        with pytest.raises(Exception, match="does not parse"):
            objects(written)
    else:
        assert objects(written) == [str(read)]


def test_literals_stand_in_data_graphs_and_templates() -> None:
    data = inserted(
        'INSERT DATA { e:a e:p 01,02;e:q .5,1e0.GRAPH e:7 {e:b e:p"1"^^xsd:byte,"x"@de-1901} # 03\n}'
    )
    assert {quad.object for quad in data} == {
        *(typed(text, "integer") for text in ("01", "02")),
        typed(".5", "decimal"),
        typed("1e0", "double"),
        typed("1", "byte"),
        Literal("x", language="de-1901"),
    }
    template = inserted("DELETE { ?s ?01 07 } INSERT { ?s1 e:p 07 , ?2 } WHERE { ?s1 e:p 07 , ?2 ; ?01 ?s }")
    assert typed("07", "integer") in {quad.object for quad in template}


def test_prefixes_are_those_of_the_operation() -> None:
    text = 'INSERT DATA { e:a e:p "1"^^e:t } ; PREFIX e: <urn:other:> INSERT DATA { e:a e:p "1"^^e:t }'
    read = [each.inserted[0].object for each in update_parser.operations(PROLOGUE + text, BASE)]
    assert [each.datatype.value for each in read if isinstance(each, Literal)] == ["urn:e:t", "urn:other:t"]


numbers = st.from_regex(r"[+-]?([0-9]{1,3}|[0-9]{0,2}\.[0-9]{1,3})([eE][+-]?[0-9])?", fullmatch=True)
texts = st.builds(
    lambda text, datatype: f'"{text}"^^xsd:{datatype}',
    st.text(alphabet="07.e^ x", max_size=5),
    st.sampled_from(["integer", "byte", "decimal", "boolean", "string", "date"]),
)
literals = st.one_of(numbers, texts, st.sampled_from(['"01"', '"1"@en', "true", "e:1", "<urn:1>"]))


@given(st.lists(literals, min_size=1, max_size=6), st.sampled_from([" , ", ",", " ,\n", ", # 01\n"]))
def test_what_is_read_is_kept_as_what_the_engine_reads(written: list[str], between: str) -> None:
    data = f"INSERT DATA {{ e:a e:p {between.join(written)} }}"
    engine = scratch.filled()
    engine.update(PROLOGUE + data, prefixes=PREFIXES)
    read = inserted(data)
    assert normalised(read) == set(engine)
    assert len(read) >= len(engine)
