"""Each submission that must be refused is refused with the very sentences that stand beside it.

They go the way of any submission, against the release and the seed graph. Where a sentence has to change,
delete the text beside the submission, run ``python -m tests.support.refused``, and read what it writes.
"""

import json
import re
from collections.abc import Iterator
from dataclasses import replace
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal

from kg import iris, ontology
from kg.changes import Provenance
from kg.client.verdict import Verdict
from kg.errors import BadInput, Forbidden, KGError, TooLarge
from kg.facts import submissions
from kg.facts.retraction import retract
from kg.formats import TablePlace
from kg.gate import reports
from kg.gate.gate import Gate
from kg.gate.reports import Report
from kg.gate.rules.wording import LANGUAGES
from kg.importers.catalogue import FACTS_FORMATS
from kg.importers.table.term_columns import words_of_record
from kg.query.negotiation import choose_language
from kg.store.store import Store
from tests.ontology.test_shapes import rules
from tests.support.refused import FOLDER, refused, report_of, said_of
from tests.support.stores import open_store

SUBMISSIONS = refused()
DATA = Path(__file__).parents[1] / "data"
ENGLISH_ONLY = "tables"
"""Faults of the curators' table are told in English."""


@cache
def gate() -> Gate:
    return Gate.of(ontology.load())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as store:
        yield store


def name_of(submission: Path) -> str:
    return submission.relative_to(FOLDER).as_posix()


@pytest.mark.parametrize("submission", SUBMISSIONS, ids=name_of)
def test_a_submission_is_answered_in_the_sentences_beside_it(submission: Path, store: Store) -> None:
    expected = submission.with_name(f"{submission.name}.txt").read_text(encoding="utf-8")
    report = report_of(submission.read_bytes(), submission, store, gate())
    assert said_of(report) == expected
    assert isinstance(report, KGError) or list(words_of_rdf(report)) == []


OF_NO_TABLE = frozenset(
    {
        "individual-as-term",  # a table has no column for a property or a class of one's own
        "lost-in-reading",  # JSON-LD alone loses names
        "no-blank-node",
        "released-term",  # slugs stand in the data space
        "well-formed-literal",  # cells that are no value of their column are refused before
    }
)
"""Rules that no table can break, and why."""
OF_RDF = re.compile(
    r"(?<!\w)(IRIs?|literal(es)?|RDF|RDFS|SHACL|SPARQL|OWL|SKOS|Turtle|TriG|triples?|tripletas?|blank nodes?"
    r"|nodos? anónimos?|datatypes?|tipos? de datos?|predicates?|predicados?|angle brackets|namespaces?"
    r"|espacio de nombres|data space|espacio de datos"
    r"|(dip|dipid|dipk|dcterms|owl|rdfs?|skos|xsd|sh):\w+)(?!\w)"
)


def words_of_rdf(report: Report) -> Iterator[str]:
    """Find words of RDF in what would be said of the facts if they came in a table."""
    for violation in report.violations:
        if violation.rule.split("#")[-1] in OF_NO_TABLE:
            continue
        of_table = replace(violation, row=TablePlace(1, words=words_of_record("statement")))
        for language in LANGUAGES:
            said = re.sub("“[^”]*”|«[^»]*»|\"[^\"]*\"|'[^']*'", "", of_table.sentence(language))
            if found := OF_RDF.search(said):
                yield f"{found[0]}: {said}"


def test_no_shape_says_a_word_of_rdf_to_a_curator_who_sent_a_table() -> None:
    place = TablePlace(words=words_of_record("statement"))
    said = {
        (str(quad.subject).split("#")[-1][:-1], quad.object.value)
        for quad in ontology.load().graphs[iris.SHAPES_GRAPH]
        if quad.predicate.value == "http://www.w3.org/ns/shacl#message" and isinstance(quad.object, Literal)
    }
    found = {(rule, text) for rule, text in said if OF_RDF.search(place.reworded(text))}
    assert {pair for pair in found if pair[0] not in OF_NO_TABLE} == set()
    assert {rule for rule, _ in found} == OF_NO_TABLE


def test_what_must_be_sayable_is_accepted_without_a_remark(store: Store) -> None:
    submission = submissions.parse((DATA / "sayable.ttl").read_bytes(), FACTS_FORMATS["turtle"])
    report = submissions.check(store, gate(), submission)
    assert [violation.sentence() for violation in report.violations] == []


EVENT = """
        dipid:raid a dip:Event ; rdfs:label "Raid"@en ;
            dip:hasKind dipk:dispute ; dip:performedBy dipid:mexico .
        dipid:report-as-said a dip:Report ; dip:reports dipid:raid ; dip:foundIn dipid:page-qqami ;
            dip:hedgedAs dipk:claimed ; dip:basedOn dipk:attributed .
"""
GROUND = """
        dipid:report-of-the-raid a dip:Report ; dip:reports dipid:raid ; dip:foundIn dipid:page-ijr ;
            dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice .
"""
SUPERSEDES = "dipid:mine a dip:Submission ; dip:supersedes dipid:graph-of-the-event ."


def test_a_fact_cannot_be_split_from_its_ground_by_several_submissions(store: Store) -> None:
    prefixes = "".join(f"@prefix {name}: <{space}> .\n" for name, space in iris.PREFIXES.items())

    def given(*graphs: tuple[str, str]) -> submissions.Submission:
        text = "".join(f"dipid:{name} {{ {facts} }}" for name, facts in graphs)
        return submissions.parse((prefixes + text).encode(), FACTS_FORMATS["trig"])

    def answer(*graphs: tuple[str, str]) -> str:
        return reports.as_text(submissions.check(store, gate(), given(*graphs)))

    curator = Provenance("Ana", reason="So that only the claim is left.")
    assert "claim-asserted-as-fact" in answer(("graph-of-the-event", EVENT))
    split = ("graph-of-the-event", EVENT), ("graph-of-the-ground", GROUND)
    assert "is in dipid:graph-of-the-ground and not in dipid:graph-of-the-event" in answer(*split)
    submissions.add(store, gate(), given(("graph-of-the-event", EVENT + GROUND)), curator)
    assert "claim-asserted-as-fact" in answer(("mine", SUPERSEDES + EVENT))
    with pytest.raises(Forbidden, match="only they or an admin"):
        submissions.add(store, gate(), given(("mine", SUPERSEDES + EVENT + GROUND)), Provenance("Bo"))
    retract(store, gate(), [f"{iris.DATA}graph-of-the-event"], curator)


def test_there_are_enough_of_them_and_none_is_accepted() -> None:
    told = {name_of(file): file.with_name(f"{file.name}.txt").read_text() for file in SUBMISSIONS}
    accepted = {name for name, text in told.items() if ": accepted." in text}
    assert {name.split("/")[0] for name in accepted} == {"warnings"}
    assert len(told) - len(accepted) >= 150


def test_no_text_stands_there_without_its_submission() -> None:
    alone = [file.name for file in FOLDER.rglob("*.txt") if not file.with_suffix("").exists()]
    assert alone == []


def test_each_is_told_in_english_and_in_spanish() -> None:
    for submission in SUBMISSIONS:
        text = submission.with_name(f"{submission.name}.txt").read_text(encoding="utf-8")
        english, spanish = text.split("\n\n")
        assert english.count("\n") == spanish.count("\n") - 1, submission
        assert name_of(submission).startswith(f"{ENGLISH_ONLY}/") or _differ(english, spanish), submission


def _differ(english: str, spanish: str) -> bool:
    pairs = zip(english.splitlines(), spanish.splitlines(), strict=True)
    return submission_is_a_table(english) or all(one != other for one, other in pairs)


def submission_is_a_table(english: str) -> bool:
    return english.startswith(("In line", "This is a spreadsheet", "The table"))


def test_every_rule_of_the_shapes_refuses_something() -> None:
    told = "".join(file.read_text(encoding="utf-8") for file in FOLDER.rglob("*.txt"))
    named = {f"dipsh:{name}" for name in re.findall(r"\[dipsh:([\w-]+)\]$", told, re.MULTILINE)}
    assert sorted({rule for rule, _ in rules()} - named) == []


PREFIXES = "".join(f"@prefix p{number}: <urn:p{number}:> .\n" for number in range(100_000))
HUGE = "x" * 2_000_000


@pytest.mark.parametrize(
    ("name", "text", "kind", "sentence"),
    [
        ("turtle", "<urn:a> <urn:p> " + "[ <urn:p> " * 5_000, TooLarge, "nested deeper than 256"),
        ("turtle", "<urn:a> <urn:p> " + "( " * 50_000, TooLarge, "nested deeper than 256"),
        ("trig", "<urn:g> { <urn:a> <urn:p> " + "( " * 50_000, TooLarge, "nested deeper than 256"),
        ("jsonld", "[" * 100_000, TooLarge, "nested deeper than 256"),
        ("jsonld", '{"@context":' * 30_000, TooLarge, "nested deeper than 256"),
        ("jsonld", '{"@id": "urn:a", "urn:p": ' + "9" * 400_000, BadInput, "Line 1"),
        ("rdfxml", "<a xmlns='urn:x:'>" + "<b>" * 50_000, TooLarge, "nested deeper than 256"),
        ("rdfxml", "<a" + " b='c'" * 50_000, BadInput, "."),
        ("turtle", PREFIXES, BadInput, "contains no triple"),
        ("turtle", f"<urn:a> <urn:p> '{HUGE}", BadInput, "Line 1, column 17"),
        ("ntriples", f"<urn:{HUGE} <urn:p> 1 .", BadInput, "Line 1, column 1"),
        ("ntriples", "<urn:a> <urn:p> 'x' .\n" * 100_000, BadInput, "Line 1, column 17"),
        ("csv", "record,label\n" + "source,x\n" * 6_000, TooLarge, "more than 5,000 rows"),
        ("csv", f"record,label\nsource,{HUGE}\n", BadInput, "a cell is longer"),
    ],
    ids=lambda value: value[:20] if isinstance(value, str) else value.__name__,
)
def test_what_is_hostile_by_its_size_is_refused_in_a_sentence(
    name: str, text: str, kind: type[KGError], sentence: str
) -> None:
    with pytest.raises(kind) as refusal:
        submissions.parse(text.encode(), FACTS_FORMATS[name])
    assert sentence in refusal.value.detail
    assert len(refusal.value.detail) < 400


def test_a_submission_over_the_limit_is_refused_unread() -> None:
    with pytest.raises(TooLarge, match=r"33,554,433 bytes, the limit is 33,554,432") as refusal:
        submissions.parse(b" " * ((1 << 25) + 1), FACTS_FORMATS["turtle"])
    assert refusal.value.in_language("es").startswith("Son 33,554,433 bytes")


def test_a_huge_text_is_judged_and_quoted_shortly(store: Store) -> None:
    prefixes = f"@prefix dip: <{iris.TERMS}> . @prefix dipid: <{iris.DATA}> ."
    text = f"{prefixes} dipid:x a dip:Place ; dip:foundIn '{HUGE}' ."
    report = submissions.check(store, gate(), submissions.parse(text.encode(), FACTS_FORMATS["turtle"]))
    assert not report.conforms
    assert max(len(violation.sentence()) for violation in report.violations) < 600


def test_the_members_of_a_refusal_hold_both_languages() -> None:
    with pytest.raises(BadInput) as refusal:
        submissions.parse(b"<urn:a> <urn:p> ex:b .", FACTS_FORMATS["turtle"])
    members = json.loads(json.dumps(refusal.value.to_problem()))
    assert members["detail"] == members["sentence"]["en"]
    assert members["sentence"]["es"].startswith("Línea 1, columna 17")


def test_a_verdict_is_told_in_the_language_that_is_asked_for(store: Store) -> None:
    submission = submissions.parse(
        (FOLDER / "rules" / "unknown-property.ttl").read_bytes(), FACTS_FORMATS["turtle"]
    )
    report = submissions.check(store, gate(), submission)
    verdict = Verdict(reports.as_json(report))
    told = "\n".join([*verdict.lines(language="es"), verdict.summary_in("es")])
    assert f"{told}\n" == reports.as_text(report, "es")


@pytest.mark.parametrize(
    ("header", "language"),
    [(None, "en"), ("es", "es"), ("fr, es-CO;q=0.9, en;q=0.5", "es"), ("de", "en"), ("es;q=0, en", "en")],
)
def test_the_language_a_client_likes_best_is_chosen(header: str | None, language: str) -> None:
    assert choose_language(header) == language
