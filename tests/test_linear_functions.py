"""What reads a client's text by more than one pattern takes linear time too."""

from collections.abc import Callable
from contextlib import suppress
from functools import partial
from itertools import product

import pytest

from kg import formats
from kg.api.answer_cache import varies
from kg.errors import KGError
from kg.facts import line_numbers, multipart, parser_messages, update_parser
from kg.gate.rules import contested_uses
from kg.gate.shacl import judge
from kg.query import (
    federation,
    graph_groups,
    mending,
    negotiation,
    regular_expressions,
    screening,
    syntax_faults,
)
from kg.query.results import comma_separated, rdfxml
from tests.support.growth import is_linear

WORK: dict[str, Callable[[str], object]] = {
    "line numbers": line_numbers.lines_in,
    "line numbers in XML": line_numbers.lines_of_descriptions,
    "contested words": lambda text: list(contested_uses.outside_quotation(text)),
    "messages of parsers": parser_messages.explained,
    "messages of shapes": lambda text: judge._fits(text, ["a", "b", "a", "b", ""]),
    "names in XML": rdfxml._split,
    "rows as CSV": lambda text: comma_separated._as_csv(text.encode() + b"\n", is_narrow=False),
    "Accept": lambda text: negotiation.choose(text, formats.RDF_FORMATS.values()),
    "Accept-Language": negotiation.choose_language,
    "parameters of a type": lambda text: formats.media_type_parameter(f"text/turtle;{text}", "charset"),
    "forms": lambda text: multipart.files("multipart/form-data; boundary=x", text.encode()),
    "screen of a query": lambda text: screening.screen(text, 1 << 22),
    "a query written for one reading": screening.escaped,
    "advice": lambda text: syntax_faults.fault(text, "error at 1:9: expected [_]"),
    "mending": mending.mended,
    "regular expressions": regular_expressions.as_engine_reads,
    "groups of graphs": lambda text: graph_groups.with_names_joined(f"GRAPH ?g {{ SELECT {text}"),
    "SERVICE": lambda text: federation.calls(f"SERVICE {text}"),
    "answers that vary": lambda text: varies(f"BNODE {text}"),
    "updates": lambda text: list(update_parser.operations(text, "urn:base")),
}
UNITS = (
    *(
        "“",
        "‘",
        "«",
        '"',
        "'",
        " '",
        "a",
        "a.",
        "a-",
        "a'",
        "aB",
        "_",
        ".",
        ":",
        "\\",
        '\\"',
        "<",
        "<<",
        "<a",
        "(",
        "{",
    ),
    *(
        "#",
        "\n",
        "\r\n",
        "\r\n\r\n",
        "\r\n--x",
        "--",
        ";",
        ";a=",
        '"a";',
        ",",
        ", a/b",
        ";q=0.",
        " ",
        "/*",
        "a:b ",
        "?a ",
    ),
    *(
        "rdf:about='",
        'rdf:about="',
        "rdf:about = ",
        "SERVICE ",
        "LOAD ",
        "PREFIX a:",
        "BASE <a:>",
        "USING <a:> ",
    ),
    *(
        "CLEAR ALL;",
        "INSERT DATA {} ;",
        "OPTIONAL {} ",
        "b",
        "error while parsing IRI '",
        "The prefix ",
        "ª",
        "²",
        "é",
    ),
)


@pytest.mark.parametrize("name", WORK)
def test_each_reading_of_a_text_takes_linear_time(name: str) -> None:
    def work(text: str) -> None:
        with suppress(KGError):
            WORK[name](text)

    slow = [
        before + unit
        for unit, before in product(UNITS, ("", "'"))
        if not is_linear(work, partial(repeated, before, unit), 4000)
    ]
    assert slow == []


def repeated(before: str, unit: str, size: int) -> str:
    return before + unit * (size // len(unit)) + "!"
