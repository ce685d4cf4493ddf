"""What a graph says of a record, a report of that graph bears out; who adds to a record has one of its own.

What is refused stands in tests/refusals/evidence. Here: what is accepted, what a removal leaves behind, and
that the verdict on a change is that on the whole graph.
"""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TypeAlias

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg import iris, ontology, provenance
from kg.changes import Delta, Provenance, Quads
from kg.errors import Conflict, Invalid
from kg.facts import submissions
from kg.facts.edits import Draft, change
from kg.facts.retraction import retract
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.gate.overlay import Overlay
from kg.gate.reports import Report, Violation
from kg.gate.rules import evidence
from kg.gate.rules.describers import Describers
from kg.gate.rules.grounds import Grounds, RecordKind, kind_of
from kg.importers.catalogue import TABLE
from kg.importers.table.examples import EXAMPLES
from kg.iris import DATA
from kg.store.store import Store as OurStore
from kg.terms import DIP, PROV, RDF
from tests.support.curated import REMARK, written
from tests.support.stores import open_store

HEADER = "".join(f"@prefix {prefix}: <{namespace}> .\n" for prefix, namespace in iris.PREFIXES.items())
ANA = Provenance("Ana", reason="To correct it.")


@pytest.fixture(scope="module")
def gate() -> Gate:
    return Gate.of(ontology.load())


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurStore]:
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as store:
        yield store


@pytest.fixture
def own_store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[OurStore]:
    """A store with the seed that a test may write to."""
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as fresh:
        yield fresh


def submission(text: str) -> submissions.Submission:
    return submissions.parse((HEADER + text).encode(), RDF_FORMATS["trig"])


def found_in(store: Quads) -> list[Violation]:
    overlay = Overlay(store)
    pairs = ((quad.subject, quad.graph_name) for quad in overlay.quads_for_pattern(None, None, None))
    return list(evidence.whole(overlay, pairs))


def report(name: str, of: str, basis: str = "attributed", source: str = "page-ijr") -> str:
    return (
        f"dipid:{name} a dip:Report ; dip:reports {of} ; dip:foundIn dipid:{source} ;"
        f" dip:hedgedAs dipk:plain ; dip:basedOn dipk:{basis} ."
    )


def faults(found: Report) -> list[str]:
    return [each.sentence() for each in found.errors]


# A second submission with a report of its own

WITH_A_REPORT = {
    "a statement": 'dipid:statement-s5 rdfs:comment "told again"@en .'
    + report("own-report", "dipid:statement-s5"),
    "a happening its source tells itself": "dipid:white-house-meeting dip:involves dipid:daniel-noboa ."
    + report("own-report", "dipid:white-house-meeting", "own-voice"),
    "a happening its performer announced": "dipid:visa-suspension dip:hasTopic dipk:migration ."
    + report("own-report", "dipid:visa-suspension", "announced-by-performer").replace(
        " dip:hedgedAs", " dip:relayedThrough dipid:statement-s2 ; dip:hedgedAs"
    ),
    "a tenure": "dipid:tenure-ortega-wikidata rdfs:comment 'shown again' ."
    + report("own-report", "dipid:tenure-ortega-wikidata"),
    "an assessment": "dipid:stance-noboa dip:hasTopic dipk:migration ."
    + report("own-report", "dipid:stance-noboa"),
    "a status": "dipid:status-tariffs-threatened rdfs:comment 'told again' ."
    + report("own-report", "dipid:status-tariffs-threatened"),
    "an act, by the statement that holds it out": "dipid:measures-in-reserve rdfs:comment 'told again' ."
    + report("own-report", "dipid:statement-s7"),
    "an act, by a status of it": "dipid:threatened-tariffs rdfs:comment 'told again' ."
    + report("own-report", "dipid:status-tariffs-threatened"),
    "a claim of others, advanced once more": "dipid:further a dip:Statement ; rdfs:label 'More'@en ;"
    " dip:madeBy dipid:gustavo-petro ; dip:hasKind dipk:remark ; dip:paraphrase 'says it again'@en ;"
    " dip:advances dipid:claim-s9-domination ." + report("own-report", "dipid:further"),
    "a disputed point put to claims of others": "dipid:who-agreed a dip:DisputedPoint ;"
    " rdfs:label 'Who agreed to what?'@en ; dip:concerns dipid:standoff-january-2025 ;"
    " dip:disputes dipid:claim-s6-all-terms , dipid:claim-s8-impasse-overcome ."
    + report("own-report", "dipid:statement-s8"),
    "a disputed point that one more claim answers": "dipid:further a dip:Statement ; rdfs:label 'More'@en ;"
    " dip:madeBy dipid:gustavo-petro ; dip:hasKind dipk:remark ; dip:paraphrase 'on equal terms'@en ;"
    " dip:advances dipid:own-claim . dipid:own-claim a dip:Claim ; dip:content 'on equal terms'@en ;"
    " dip:claimedBy dipid:gustavo-petro . dipid:point-how-it-ended dip:disputes dipid:own-claim ."
    + report("own-report", "dipid:further"),
    "ties of an actor": "dipid:secretary-rubio dip:partOf dipid:us-department-of-state ."
    + report("own-report", "dipid:secretary-rubio", basis="own-voice"),
    "a part in a happening of others": "dipid:part a dip:Participation ; dip:heldBy dipid:mexico ;"
    " dip:hasKind dipk:mediator ; dip:takesPartIn dipid:white-house-meeting ."
    + report("own-report", "dipid:part", "own-voice"),
    "an act that somebody predicts": "dipid:end a dip:ProspectiveAct ; rdfs:label 'End of visas'@en ;"
    " dip:hasKind dipk:visa-measure ; dip:wouldBePerformedBy dipid:united-states ."
    " dipid:expects a dip:Interpretation ; dip:assessedBy dipid:mexico ; dip:predicts dipid:end ;"
    " dip:assesses dipid:white-house-meeting ; dip:meaning 'an end of visas'@en ."
    " dipid:expected a dip:StatusRecord ; dip:appliesTo dipid:end ; dip:hasStatus dipk:predicted ;"
    " dip:heldBy dipid:mexico ." + report("own-report", "dipid:expects , dipid:expected"),
    "a point on two versions of a text": "dipid:text a dip:Statement ; dip:madeBy dipid:mexico ,"
    " dipid:colombia ; dip:hasKind dipk:announcement ; dip:paraphrase 'on visas'@en ."
    " dipid:one a dip:Statement ; dip:madeBy dipid:mexico ; dip:hasKind dipk:announcement ;"
    " dip:paraphrase 'few visas'@en ; dip:versionOf dipid:text ."
    " dipid:other a dip:Statement ; dip:madeBy dipid:colombia ; dip:hasKind dipk:announcement ;"
    " dip:paraphrase 'many visas'@en ; dip:versionOf dipid:text ."
    " dipid:how-many a dip:DisputedPoint ; rdfs:label 'How many visas?'@en ; dip:concerns dipid:text ;"
    " dip:disputes dipid:one , dipid:other ." + report("own-report", "dipid:text , dipid:one , dipid:other"),
    "what an actor is said to be": "dipid:secretary-rubio rdfs:comment 'a person of few words' ."
    + report("own-report", "dipid:secretary-rubio"),
}
WITHOUT_A_REPORT = {
    "restated types and triples": "dipid:white-house-meeting a dip:Meeting , dip:Event , dip:Happening ;"
    " rdfs:label 'White House meeting of Trump and Petro'@en ; dip:involves dipid:gustavo-petro .",
    "a restated report": report("report-s8", "dipid:statement-s8", source="page-newsexpressngr"),
    "a name in a further language": "dipid:white-house-meeting rdfs:label 'Reunião na Casa Branca'@pt .",
    "the title of a source in another": "dipid:page-gadebate dcterms:title '[Resumen de un discurso]'@es .",
    "a prefix that a passage lacks": "dipid:passage-positive-tone dip:prefix 'and ' .",
    "names and identifiers": "dipid:secretary-rubio skos:altLabel 'Rubio'@en ; dcterms:identifier 'rubio' ;"
    " <https://schema.org/sameAs> <https://example.org/rubio> ;"
    " dip:foundIn dipid:page-ijr . dipid:white-house skos:altLabel '1600 Pennsylvania Avenue'@en ."
    " dipid:president-of-mexico skos:altLabel 'Head of the Mexican executive'@en .",
    "the key of a claim": f"dipid:claim-s9-domination dip:claimKey '{'0' * 64}' .",
    "a judgement of identity": "dipid:same a dip:IdentityJudgement ; dip:assessedBy dipid:presence-news ;"
    " dip:assesses dipid:white-house-office ; dip:comparedWith dipid:trump-administration ;"
    " dip:hasVerdict dipk:different ." + report("own-report", "dipid:same"),
    "an account of claims of others": "dipid:account-of-trump a dip:Account ; rdfs:label 'An account'@en ;"
    " dip:heldBy dipid:donald-trump ; dip:recounts dipid:standoff-january-2025 ;"
    " dip:givenIn dipid:statement-s1 ; dip:comprises dipid:claim-s1-not-allowed-to-land .",
    "an account given in a source": "dipid:account-of-trump a dip:Account ; rdfs:label 'Trump’s account'@en ;"
    " dip:heldBy dipid:donald-trump ; dip:recounts dipid:standoff-january-2025 ;"
    " dip:givenIn dipid:page-qqami ; dip:comprises dipid:claim-s1-not-allowed-to-land .",
    "one more report": report("own-report", "dipid:statement-s8 , dipid:white-house-meeting"),
    "a link from what is newer": "dipid:toast a dip:Event ; rdfs:label 'Toast'@en ;"
    " dip:hasKind dipk:dispute ; dip:performedBy dipid:donald-trump ; dip:partOf dipid:white-house-meeting ;"
    " dip:follows dipid:gift-of-the-hat ." + report("own-report", "dipid:toast", "own-voice"),
}


@pytest.mark.parametrize("text", WITH_A_REPORT.values(), ids=WITH_A_REPORT.keys())
def test_a_submission_with_a_report_of_its_own_may_add_to_a_record(
    text: str, store: OurStore, gate: Gate
) -> None:
    assert faults(submissions.check(store, gate, submission(text))) == []
    without = text[: text.index("dipid:own-report")]
    refused = submissions.check(store, gate, submission(without))
    assert not refused.conforms or "dip:advances dipid:claim-s9" in without


@pytest.mark.parametrize("text", WITHOUT_A_REPORT.values(), ids=WITHOUT_A_REPORT.keys())
def test_what_needs_no_report_of_its_own_is_accepted(text: str, store: OurStore, gate: Gate) -> None:
    assert faults(submissions.check(store, gate, submission(text))) == []


def test_the_sentence_names_the_graph_that_holds_the_record(store: OurStore, gate: Gate) -> None:
    found = submissions.check(
        store, gate, submission("dipid:white-house-meeting dip:involves dipid:nicolas-maduro .")
    )
    (fault,) = found.errors
    assert (fault.rule, str(fault.graph)) == (evidence.RULE, f"<{found.graphs[0]}>")
    assert "dipid:graph-meeting describes" in fault.sentence()
    assert "add a report of your own" in fault.sentence()
    assert "aporte una constancia propia" in fault.sentence("es")


def test_the_seed_bears_out_what_it_says(store: OurStore) -> None:
    assert found_in(store) == []


ROWS = [{"record": record, **row} for record, rows in EXAMPLES.items() for row in rows]


def test_a_table_may_be_sent_again_with_more_rows_and_not_with_others(
    own_store: OurStore, gate: Gate
) -> None:
    def table(*rows: dict[str, str]) -> submissions.Submission:
        return submissions.parse(written(*rows), TABLE)

    submissions.add(own_store, gate, table(*ROWS), ANA)
    remark = {**REMARK, "id": "one-more-remark"}
    assert faults(submissions.check(own_store, gate, table(*ROWS, remark))) == []
    changed = [{**row, "topics": "trade"} if row["record"] == "stance" else row for row in ROWS]
    (fault,) = faults(submissions.check(own_store, gate, table(*changed)))
    assert fault.startswith("line ")
    assert "this adds topics to what graph-" in fault


# What a removal leaves behind

MEETING = "dipid:mine { dipid:mine a dip:Submission . dipid:talks a dip:Event ; rdfs:label 'Talks'@en ;" + (
    " dip:hasKind dipk:dispute ; dip:performedBy dipid:mexico ."
    + report("own-report", "dipid:talks", "own-voice")
    + "}"
)
RESTATED = "dipid:theirs { dipid:talks a dip:Event ; dip:performedBy dipid:mexico . }"


def test_a_record_cannot_be_retracted_that_another_graph_restates(own_store: OurStore, gate: Gate) -> None:
    for text in (MEETING, RESTATED):
        submissions.add(own_store, gate, submission(text), ANA)
    with pytest.raises(Conflict, match="dipid:theirs"):
        retract(own_store, gate, [DATA + "mine"], ANA)
    withdrawn = retract(own_store, gate, [DATA + "mine"], ANA, cascade=True).withdrawn
    assert set(withdrawn) == {DATA + "theirs", DATA + "mine"}


def test_a_record_can_be_corrected_by_superseding_what_restated_parts_of_it_leave(
    own_store: OurStore, gate: Gate
) -> None:
    for text in (MEETING, RESTATED):
        submissions.add(own_store, gate, submission(text), ANA)
    corrected = MEETING.replace(
        "dipid:mine a dip:Submission", "dipid:new a dip:Submission ; dip:supersedes dipid:mine"
    )
    corrected = corrected.replace("dipid:mine {", "dipid:new {").replace("'Talks'", "'Border talks'")
    submissions.add(own_store, gate, submission(corrected), ANA)
    without = corrected.replace("dipid:new", "dipid:newest").replace(
        "supersedes dipid:mine", "supersedes dipid:new"
    )
    without = without.replace("dip:performedBy dipid:mexico", "dip:performedBy dipid:colombia")
    found = submissions.check(own_store, gate, submission(without))
    assert any("dipid:theirs says dip:performedBy" in sentence for sentence in faults(found))


# Edited graphs

EDITED = NamedNode("urn:edited")


def draft(store: OurStore, text: str, removed: str = "") -> Draft:
    made = Draft(store)
    made.remove(quads(removed))
    made.add(quads(text))
    return made


def quads(text: str, graph: NamedNode = EDITED) -> list[Quad]:
    found = parse((HEADER + text).encode(), format=RdfFormat.TURTLE)
    return [Quad(each.subject, each.predicate, each.object, graph) for each in found]


def test_an_edited_graph_obeys_the_rule(own_store: OurStore, gate: Gate) -> None:
    addition = "dipid:white-house-meeting dip:involves dipid:daniel-noboa ."
    ground = report("own-report", "dipid:white-house-meeting", "own-voice")
    with pytest.raises(Invalid, match="add a report of your own"):
        change(own_store, gate, draft(own_store, addition), ANA)
    change(own_store, gate, draft(own_store, addition + ground), ANA)
    with pytest.raises(Invalid, match="add a report of your own"):
        change(own_store, gate, draft(own_store, "", ground), ANA)
    change(own_store, gate, draft(own_store, "", addition), ANA)


def test_an_edited_graph_that_is_older_does_not_get_hold_of_a_later_record(
    own_store: OurStore, gate: Gate
) -> None:
    change(own_store, gate, draft(own_store, "<urn:a> <urn:p> <urn:b> ."), ANA)
    span = (
        "dipid:some-day a dip:TimeSpan ; dip:dateAsWritten 'some day' ; dip:hasPrecision dipk:undated ;"
        " dip:dateBasis dipk:not-given ."
    )
    submissions.add(own_store, gate, submission(span), ANA)
    change(own_store, gate, draft(own_store, span), ANA)
    with pytest.raises(Invalid, match="already names a dip:TimeSpan"):
        change(own_store, gate, draft(own_store, "dipid:some-day dip:inferenceNote 'no day' ."), ANA)


def test_what_is_said_of_a_node_before_it_becomes_a_record_is_judged_then(
    own_store: OurStore, gate: Gate
) -> None:
    change(own_store, gate, draft(own_store, "<urn:talks> <urn:attendedBy> <urn:somebody> ."), ANA)
    record = MEETING.replace("dipid:talks", "<urn:talks>")
    found = submissions.check(own_store, gate, submission(record))
    assert any("<urn:edited> says <urn:attendedBy> of this" in sentence for sentence in faults(found))


def test_a_large_change_cannot_hide_what_it_says_of_a_record_with_a_foreign_name(
    own_store: OurStore, gate: Gate
) -> None:
    submissions.add(own_store, gate, submission(MEETING.replace("dipid:talks", "<urn:talks>")), ANA)
    noise = " ".join(f"<urn:n{number}> <urn:p> 'x' ." for number in range(600))
    found = submissions.check(own_store, gate, submission(f"<urn:talks> <urn:attendedBy> <urn:b> . {noise}"))
    assert [each.rule for each in found.errors] == [evidence.RULE]


# The verdict on a change is that on the whole graph

Fact: TypeAlias = tuple[NamedNode, NamedNode, NamedNode]
NODES = {
    DIP.STATEMENT: ("statement", "denial"),
    DIP.HAPPENING: ("event",),
    DIP.CLAIM: ("claim", "rival"),
    DIP.PROSPECTIVE_ACT: ("act",),
    DIP.DISPUTED_POINT: ("point",),
    DIP.ACCOUNT: ("account",),
    DIP.REPORT: ("report", "other-report"),
    DIP.TIME_SPAN: ("day",),
    DIP.ACTOR: ("actor",),
}


def node(name: str) -> NamedNode:
    return NamedNode(DATA + name)


def universe() -> list[Fact]:
    """Give triples of every kind that the rule reads, with one of no matter for each record."""
    found = [(node(name), RDF.TYPE, class_) for class_, names in NODES.items() for name in names]
    found += [(subject, NamedNode("urn:note"), NamedNode("urn:x")) for subject, _, _ in found]
    reported = ("statement", "denial", "event", "actor")
    found += [(node(each), DIP.REPORTS, node(record)) for each in NODES[DIP.REPORT] for record in reported]
    found += [(node(each), DIP.BASED_ON, NamedNode(iris.KINDS + "own-voice")) for each in NODES[DIP.REPORT]]
    links = (
        ("statement", DIP.ADVANCES, "claim"),
        ("denial", DIP.ADVANCES, "rival"),
        ("denial", DIP.ADVANCES, "claim"),
        ("statement", DIP.HOLDS_OUT, "act"),
        ("event", DIP.REFUSES, "act"),
        ("point", DIP.DISPUTES, "claim"),
        ("point", DIP.DISPUTES, "rival"),
        ("account", DIP.COMPRISES, "claim"),
        ("account", DIP.GIVEN_IN, "statement"),
        ("actor", DIP.SPEAKS_FOR, "other-actor"),
    )
    return found + [(node(one), predicate, node(other)) for one, predicate, other in links]


UNIVERSE = universe()
contents = st.lists(st.sampled_from(UNIVERSE), min_size=1, max_size=14, unique=True)
steps = st.lists(
    st.tuples(st.sampled_from(("add", "retract", "supersede")), st.integers(0, 9), contents),
    min_size=3,
    max_size=12,
)


@dataclass
class Past:
    """Submissions that came and went, with what commits tell of them."""

    store: Store = field(default_factory=Store)
    graphs: list[NamedNode] = field(default_factory=list)
    version: int = 0

    def quads_of(self, graph: NamedNode) -> tuple[Quad, ...]:
        return tuple(self.store.quads_for_pattern(None, None, None, graph))

    def proposed(self, what: str, number: int, triples: Sequence[Fact]) -> Delta | None:
        """Give the change that a step makes; None if there is nothing to retract or supersede."""
        if what != "add" and not self.graphs:
            return None
        old = self.graphs[number % len(self.graphs)] if what != "add" else None
        removed = self.quads_of(old) if old else ()
        if what == "retract":
            return Delta(removed=removed)
        new = NamedNode(f"{DATA}graph-{self.version + 1}")
        added = [Quad(subject, predicate, end, new) for subject, predicate, end in triples]
        if old:
            added.append(Quad(new, DIP.SUPERSEDES, old, new))
        return Delta(tuple(added), removed)

    def after(self, delta: Delta) -> Store:
        """Give a store as the change leaves it, with its commit."""
        store = Store()
        store.extend(self.store)
        for quad in delta.removed:
            store.remove(quad)
        store.extend(delta.added)
        store.extend(told(delta, self.version + 1))
        return store

    def keep(self, delta: Delta) -> None:
        self.store, self.version = self.after(delta), self.version + 1
        gone = {quad.graph_name for quad in delta.removed}
        new = {quad.graph_name for quad in delta.added if isinstance(quad.graph_name, NamedNode)}
        self.graphs = [graph for graph in self.graphs if graph not in gone] + sorted(new, key=str)


def told(delta: Delta, version: int) -> Iterable[Quad]:
    for graph in {quad.graph_name for quad in delta.added}:
        assert isinstance(graph, NamedNode)
        yield Quad(graph, RDF.TYPE, DIP.SUBMISSION, provenance.GRAPH)
        commit = provenance.commit_node(version)
        yield Quad(graph, PROV.WAS_GENERATED_BY, commit, provenance.GRAPH)


def without_a_report(store: Store) -> Iterator[NamedNode]:
    """Yield the records that nothing at all bears out: those the shapes refuse."""
    overlay = Overlay(store)
    grounds = Grounds(overlay, Describers(overlay))
    for names in NODES.values():
        for record in map(node, names):
            kind = kind_of(record, overlay)
            if kind not in (None, RecordKind.ACTOR) and grounds.anywhere(record) is None:
                yield record


@settings(max_examples=200)
@given(steps)
def test_the_verdict_on_a_change_is_that_on_the_whole_graph(
    taken: list[tuple[str, int, list[Fact]]],
) -> None:
    past = Past()
    for what, number, triples in taken:
        delta = past.proposed(what, number, triples)
        if delta is None:
            continue
        found = list(evidence.violations(Overlay(past.store, delta)))
        whole = found_in(past.after(delta))
        assert bool(found) == bool(whole), (what, [each.sentence() for each in (*found, *whole)])
        if not found and not any(without_a_report(past.after(delta))):
            past.keep(delta)
