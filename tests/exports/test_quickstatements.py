"""QuickStatements: its grammar, and what is never written."""

import re
from collections.abc import Callable

import pytest
from pyoxigraph import RdfFormat, parse

from kg import iris, ontology
from kg.exports import export
from kg.exports.selection import ALL_FACTS
from kg.store.engine import in_memory
from kg.store.store import Contents
from tests.exports.conftest import Exported

ITEM = "Q[1-9][0-9]*"
TIME = r"\+[0-9]{4}-[0-9]{2}-[0-9]{2}T00:00:00Z/(?:9|10|11)"
VALUE = rf'(?:{ITEM}|{TIME}|"[^"\t\n]*")'
LINE = re.compile(rf"{ITEM}\tP[1-9][0-9]*\t{VALUE}(?:\t[PS][1-9][0-9]*\t{VALUE})*(?: /\* [^*]* \*/)?")
"""A line of version 1: item, property, value, then qualifiers and references in pairs, and a comment."""

PREFIXES = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
OFFICE = """
dipid:ana a dip:Person ; dip:wikidataItem <http://www.wikidata.org/entity/Q11> .
dipid:presidency a dip:Office ; dip:wikidataItem <http://www.wikidata.org/entity/Q12> .
dipid:tenure a dip:OfficeHolding ; dip:heldBy dipid:ana ; dip:holdsOffice dipid:presidency ;
    dip:startsAt dipid:start ; dip:endsAt dipid:end .
dipid:start a dip:TimeSpan ; dip:date "2022-08-07"^^xsd:date .
dipid:end a dip:TimeSpan ; dip:date "2026-08"^^xsd:gYearMonth .
dipid:page a dip:Source ; dip:url "https://example.org/a \\"b\\""^^xsd:anyURI .
dipid:report a dip:Report ; dip:reports dipid:tenure ; dip:foundIn dipid:page ;
    dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
"""
Written = Callable[[str], str]


@pytest.fixture(scope="module")
def written() -> Written:
    """Write facts in Turtle as QuickStatements."""
    release = ontology.load()

    def write(facts: str) -> str:
        quads = parse(PREFIXES + facts, RdfFormat.TURTLE)
        contents = Contents(in_memory([*release.quads, *quads]), 1)
        return b"".join(export.chosen("kg.exports.quickstatements", ALL_FACTS, contents)).decode()

    return write


def test_an_office_is_written_with_its_dates_as_precise_as_known_and_its_reference(written: Written) -> None:
    (line,) = written(OFFICE).splitlines()
    assert LINE.fullmatch(line)
    assert line.split(" /*")[0].split("\t") == [
        *("Q11", "P39", "Q12"),
        *("P580", "+2022-08-07T00:00:00Z/11"),
        *("P582", "+2026-08-00T00:00:00Z/10"),
        *("S854", '"https://example.org/a %22b%22"'),
    ]
    assert line.endswith("/* Regional diplomacy v1, CC BY 4.0 */")


@pytest.mark.parametrize(
    ("was", "becomes"),
    [
        ("dip:hedgedAs dipk:plain", "dip:hedgedAs dipk:reportedly"),
        ("dip:basedOn dipk:own-voice", "dip:basedOn dipk:attributed"),
        ("https://example.org/a", "https://www.wikidata.org/wiki/Q11?"),
        ("dip:reports dipid:tenure", "dip:reports dipid:presidency"),
        ("<http://www.wikidata.org/entity/Q12>", "<http://example.org/Q12>"),
        (
            "dipid:presidency a",
            "dipid:no a dip:IdentityJudgement ; dip:assesses dipid:ana ; dip:hasVerdict dipk:undecided ."
            " dipid:presidency a",
        ),
    ],
    ids=["hedged", "attributed", "from Wikidata itself", "unreported", "no item", "identity in doubt"],
)
def test_what_is_doubted_or_not_borne_out_is_not_written(written: Written, was: str, becomes: str) -> None:
    assert was in OFFICE
    assert written(OFFICE.replace(was, becomes)) == ""


def test_of_the_seed_graph_every_line_is_of_an_office_and_nothing_claimed_is_written(
    exported: Exported,
) -> None:
    for line in exported("quickstatements").decode().splitlines():
        assert LINE.fullmatch(line)
        assert line.split("\t")[1] == "P39"
