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
        ("date", ["0000-02-29", "-0004-02-29", "12025-01-31"], ["-0001-02-29", "02025-01-01", "1900-02-29"]),
        ("date", ["2025-01-26+14:00", "2025-01-26-13:59"], ["2025-01-26+14:01", "2025-01-26-15:00"]),
        ("time", ["24:00:00", "10:00:00.5Z"], ["24:00:01", "10:00:00+14:30", "10:00"]),
        (
            "dateTimeStamp",
            ["2025-01-26T10:00:00-14:00"],
            ["2025-01-26T10:00:00", "2025-01-26T10:00:00+99:00"],
        ),
        ("gMonthDay", ["--02-29", "--12-31Z"], ["--02-30", "--04-31", "--13-01", "--02-29+15:00"]),
        ("gDay", ["---31", "---01+14:00"], ["---32", "31"]),
        ("yearMonthDuration", ["P1Y", "P1Y2M", "-P3M"], ["P", "P1D", "PT1H", "P1Y1D"]),
        ("dayTimeDuration", ["P1D", "PT1H", "P1DT0.5S"], ["P", "P1Y", "P1M", "PT", "P1DT"]),
        ("anyURI", ["https://example.org/a?b#c", "", "a b", "<a>", "2025-02-30"], []),
        (
            "base64Binary",
            ["", "YQ==", "YWI=", "YW Jj", "Y Q = ="],
            ["YQ=", "Y", "YWJjZ", "YR==", "YWJj ", "="],
        ),
        ("hexBinary", ["", "0aFF"], ["0", "0g"]),
        ("normalizedString", [" a "], ["a\tb", "a\n"]),
        ("token", ["", "a b"], [" a", "a  b", "a\n"]),
        ("NMTOKEN", ["2025-02-30", "-a"], ["", "a b"]),
        ("NCName", ["é1", "_"], ["1a", "a:b", ""]),
        ("Name", ["a:b", ":"], ["-a"]),
        ("unsignedByte", ["255", "+0", "-0"], ["256", "-1"]),
        ("nonNegativeInteger", ["0", "-0", "+5"], ["-5"]),
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
