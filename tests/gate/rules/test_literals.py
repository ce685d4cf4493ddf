"""A literal is a value of its datatype, by the lexical forms of XML Schema, or it is not."""

import pytest
from pyoxigraph import Literal, NamedNode

from kg.gate.rules.literals import is_well_formed
from kg.iris import PREFIXES


@pytest.mark.parametrize(
    ("datatype", "good", "bad"),
    [
        ("boolean", ["true", "0"], ["True", "", "yes"]),
        ("integer", ["-01", "+7"], ["1.0", "", "٣"]),
        ("decimal", ["1.", ".5", "-0.10"], ["1e3", ".", "1,5"]),
        ("double", ["1e3", "INF", "NaN"], ["inf", "e3"]),
        ("date", ["2024-02-29", "2025-01-26Z", "-0044-03-15"], ["2025-02-29", "2025-1-26", "26.01.2025"]),
        (
            "dateTime",
            ["2025-01-26T24:00:00", "2025-01-26T10:00:00.5-05:00"],
            ["2025-01-26", "2025-01-26T25:00:00"],
        ),
        ("gYear", ["2025", "12025"], ["25", "2025-01"]),
        ("gYearMonth", ["2025-01"], ["2025-13", "2025"]),
        ("duration", ["P1Y", "PT0.5S", "-P3D"], ["P", "1Y", "P1YT"]),
        ("anyURI", ["https://example.org/a?b#c", ""], ["a b", "<a>"]),
        ("byte", ["-128"], ["128", "x", "9" * 200]),
        ("positiveInteger", ["1"], ["0", "-1"]),
    ],
)
def test_a_literal_is_a_value_of_its_datatype_or_not(datatype: str, good: list[str], bad: list[str]) -> None:
    node = NamedNode(PREFIXES["xsd"] + datatype)
    assert [text for text in good if not is_well_formed(Literal(text, datatype=node))] == []
    assert [text for text in bad if is_well_formed(Literal(text, datatype=node))] == []


def test_a_literal_of_a_foreign_datatype_passes() -> None:
    assert is_well_formed(Literal("POINT(0 0)", datatype=NamedNode("urn:wkt")))
    assert is_well_formed(Literal("hola", language="es"))
