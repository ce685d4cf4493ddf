"""The curators' table: what it says becomes the very facts that RDF would hold."""

import csv
import io
import re
from collections.abc import Iterable
from dataclasses import replace
from functools import cache
from hashlib import sha256
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import DefaultGraph, Literal, NamedNode, Quad, RdfFormat, Triple, parse
from typer.testing import CliRunner

from kg import iris, ontology
from kg.cli import app
from kg.errors import JSON, NotFound, Unreadable
from kg.facts import submissions
from kg.facts.parsing import MAX_BYTES
from kg.formats import from_content_type, from_path
from kg.gate.reports import Report, Violation, as_json
from kg.gate.rules.placement import Placement
from kg.importers import table
from kg.importers.catalogue import FACTS_FORMATS, TABLE
from kg.importers.table import term_columns
from kg.importers.table.columns import Record
from kg.importers.table.examples import EXAMPLES
from kg.importers.table.records import COLUMNS, RECORDS
from kg.importers.table.release_words import released
from kg.terms import DIP, RDF
from tests.support.answers import seed_store
from tests.support.curated import GIFT, REMARK, STANCE, VISIT, gate, objections, written
from tests.support.guide import with_records

MEETING = {"record": "event", **EXAMPLES["event"][0]}
ORDER = {"date_basis": "inferred", "inference_note": "order"}
GUIDE = Path(__file__).parents[3] / "ontology" / "curation.md"


def said(*rows: dict[str, str]) -> set[Quad]:
    return set(table.read(written(*rows), MAX_BYTES).quads)


@cache
def release() -> ontology.Ontology:
    return ontology.load()


def names(quads: Iterable[Quad]) -> set[str]:
    """The names of all that is described."""
    return {str(q.subject)[1:-1].removeprefix(iris.DATA) for q in quads}


def turtle(text: str) -> set[Quad]:
    prefixes = "".join(f"@prefix {name}: <{namespace}> .\n" for name, namespace in iris.PREFIXES.items())
    return set(parse(prefixes + text, format=RdfFormat.TRIG))


# What is printed is accepted


@pytest.mark.parametrize("record", [*RECORDS, None])
def test_what_the_template_prints_is_accepted(record: str | None) -> None:
    assert objections(table.text(record).encode()) == []


def test_the_table_of_all_records_has_every_column_and_an_example_of_each_record() -> None:
    rows = list(csv.DictReader(io.StringIO(table.text())))
    assert tuple(rows[0]) == COLUMNS
    assert {row["record"] for row in rows} == set(RECORDS) == set(EXAMPLES)


def test_the_empty_table_is_its_header() -> None:
    assert table.text("place", has_examples=False) == (
        "record,id,adds_to,label,label_es,names,language,also_known_as,part_of,wikidata,note,source\n"
    )


def test_an_unknown_record_is_refused_with_the_nearest() -> None:
    with pytest.raises(NotFound, match="the nearest is gesture"):
        table.text("gestures")


def test_the_explanation_names_every_column_and_the_kinds_of_each_list() -> None:
    for record in RECORDS.values():
        explained = table.explanation(record.name)
        assert [each.name for each in record.columns if f" {each.name} " not in explained] == []
    assert "\n  hedges:\n    apparently: " in table.explanation("report")


def test_the_explanation_defines_every_kind_and_names_the_property_of_every_column() -> None:
    for record in RECORDS.values():
        lines = table.explanation(record.name).splitlines()
        kinds = lines[next(place for place, line in enumerate(lines) if line.startswith("  * is required")) :]
        assert [line for line in kinds if line.startswith("    ") and ": " not in line] == []
        becomes = {line[4:].split()[0]: " -> " in line for line in lines[2 : 2 + len(record.columns)]}
        silent = {column.name for column in record.columns if not becomes[column.name]}
        named = {"id", "adds_to", "language", "time", "act_id"}
        assert silent <= named | {"act_es", "claim_label_es", "meaning_start"}
    assert "a gift (slug; several with ;) -> dip:givenBy" in table.explanation("gesture")


def test_the_explanation_marks_every_column_that_some_kinds_need() -> None:
    for record in RECORDS.values():
        lines = {
            line[4:].split()[0]: line for line in table.explanation(record.name).splitlines() if line[4:]
        }
        by_kind = {name: groups for name, groups in record.needs.items() if name != record.type}
        needed = {group[0] for groups in by_kind.values() for group in groups if len(group) == 1}
        assert [name for name in needed if not lines[name].startswith(("  * ", "  o "))] == []


def test_a_kind_is_explained_and_not_the_property_of_the_same_name() -> None:
    assert released().explained["warning"].en.startswith("Warning. Tells others of harm to come")


def test_the_explanation_says_for_which_kinds_the_gate_needs_a_column() -> None:
    lines = {name: table.explanation(name).splitlines() for name in ("event", "gesture", "statement")}
    said = {(name, line[4:].split()[0]): line for name, all_ in lines.items() for line in all_ if line[4:]}
    assert said["gesture", "performer"].endswith("; needed for: all kinds but gift")
    assert said["event", "target"].endswith(
        "; needed for: measures, except border-closure and border-opening"
    )
    assert "; needed for: meetings, negotiations, " in said["event", "participants"]
    assert "; kinds threat, ultimatum and promise only (" in said["statement", "holds_out"]


def test_the_explanation_lists_the_words_that_show_a_hedge_in_its_language() -> None:
    assert " Words: apparently, appear to, " in table.explanation("report")
    assert " Palabras: al parecer, aparentemente, " in table.explanation("report", "es")


# The command


def test_the_command_prints_the_table_and_talks_beside_it() -> None:
    run = CliRunner().invoke(app, ["template", "stance"])
    assert (run.exit_code, run.stdout) == (0, table.text("stance"))
    assert run.stderr.endswith("kg template stance --explain explains each column.\n")


def test_the_command_prints_a_table_without_examples() -> None:
    run = CliRunner().invoke(app, ["template", "--empty"])
    assert run.stdout == table.text(has_examples=False)


def test_the_command_explains_the_columns() -> None:
    run = CliRunner().invoke(app, ["template", "gesture", "--explain"])
    assert (run.exit_code, run.stdout) == (0, table.explanation("gesture").rstrip("\n") + "\n")


# The guide


def test_the_guide_documents_every_column_of_every_record() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    assert guide == with_records(guide)


def test_the_refusals_that_the_guide_shows_are_what_is_said() -> None:
    guide = GUIDE.read_text(encoding="utf-8")
    good = [{**REMARK, "id": f"r-{number}"} for number in range(4)]
    bad = ({**REMARK, "kind": "acusation"}, {**REMARK, "id": "b", "date": "26/01/2025"})
    with pytest.raises(Unreadable) as refused:
        table.read(written(*good[:2], bad[0], *good[2:], bad[1]), MAX_BYTES)
    assert f"kg: {refused.value.detail}\n" in guide
    (found,) = objections(written({**MEETING, "participants": "donald-trump", "in_office": ""}))
    assert f"error: {found}" in guide


def guide_examples() -> list[tuple[str, str]]:
    return re.findall(
        r"```csv\n(.*?)```\n\n```turtle\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL
    )


@pytest.mark.parametrize(("row", "facts_in_turtle"), guide_examples(), ids=list(RECORDS))
def test_each_example_of_the_guide_says_the_same_in_turtle_and_is_accepted(
    row: str, facts_in_turtle: str
) -> None:
    assert set(table.read(row.encode(), MAX_BYTES).quads) == turtle(facts_in_turtle)
    assert objections(row.encode()) == []


def test_the_ties_of_an_actor_are_reported_and_its_names_are_not() -> None:
    actor = {"record": "actor", "id": "envoy", "label": "An envoy", "class": "Person", "source": "page-ijr"}
    assert names(said(actor)) == {"envoy"}
    tied = {**actor, "speaks_for": "mexico", "hedge": "plain", "basis": "own-voice", "passage": "its envoy"}
    about = Quad(NamedNode(iris.DATA + "report-envoy"), DIP.REPORTS, NamedNode(iris.DATA + "envoy"))
    assert about in said(tied)
    assert objections(written(tied)) == []


# The same facts as written by hand: rows that say what the seed graph says

SEEDED = {
    "source": (
        {
            "record": "source",
            "id": "page-gadebate",
            "label": "[UN General Assembly general debate, summary of a statement by Colombia]",
            "kind": "web-page",
            "publisher": "united-nations",
            "url": "https://gadebate.un.org/en/node/80037",
        },
        {},
    ),
    "actor": (
        {
            "record": "actor",
            "id": "united-states",
            "label": "United States",
            "label_es": "Estados Unidos",
            "class": "State",
            "also_known_as": "U.S.; US",
            "source": "presence-news-article",
        },
        {},
    ),
    "place": (
        {
            "record": "place",
            "id": "white-house",
            "label": "White House",
            "label_es": "Casa Blanca",
            "source": "presence-news-article",
        },
        {},
    ),
    "office": (
        {
            "record": "office",
            "id": "president-of-ecuador",
            "label": "President of Ecuador",
            "label_es": "Presidencia de Ecuador",
            "kind": "president",
            "office_of": "ecuador",
            "source": "presence-news-article",
        },
        {},
    ),
    "tenure": (
        {
            "record": "tenure",
            "id": "tenure-noboa",
            "holder": "daniel-noboa",
            "office": "president-of-ecuador",
            "time": "time-of-writing",
            "source": "presence-news-article",
            "passage": "Ecuadorian President Daniel Noboa",
            "passage_prefix": "the ",
            "passage_suffix": " has",
            "passage_start": "3733",
            "hedge": "plain",
            "basis": "own-voice",
            "reading_note": "The text gives the title and no time;"
            " read as the office at the time of writing.",
        },
        {"passage": "passage-ecuadorian-president"},
    ),
    "statement": (
        {
            "record": "statement",
            "id": "statement-petro-war-crimes",
            "label": "Petro accuses the Trump administration of what he described as ‘war crimes’",
            "label_es": "Petro acusa al Gobierno de Trump de lo que describió como «crímenes de guerra»",
            "speaker": "gustavo-petro",
            "kind": "accusation",
            "about": "trump-administration",
            "part_of": "statement-petro-on-military-actions",
            "topics": "us-military-actions; venezuela",
            "medium": "medium-not-stated",
            "quote": "war crimes",
            "claim": "war crimes",
            "claim_label": "Petro’s claim of ‘war crimes’",
            "claim_label_es": "La afirmación de Petro sobre «crímenes de guerra»",
            "contested_word": "war crimes",
            "equivalent_word": "war crime; war criminal; war criminals; crimen de guerra; crímenes de guerra;"
            " crimenes de guerra; criminal de guerra; criminales de guerra",
            "alleged_actor": "trump-administration",
            "alleged_kind": "wrongful-conduct",
            "claim_topics": "us-military-actions",
            "source": "presence-news-article",
            "passage": "what he described as ‘war crimes’",
            "passage_start": "1784",
            "hedge": "described-as",
            "basis": "attributed",
        },
        {
            "claim-statement-petro-war-crimes": "claim-petro-war-crimes",
            "passage": "passage-war-crimes",
            "report-statement-petro-war-crimes": "report-petro-war-crimes",
        },
    ),
    "quotation": (
        {
            "record": "statement",
            "id": "statement-s5",
            "label": "S5: Petro says that a migrant is not a criminal",
            "label_es": "S5: Petro dice que un migrante no es un delincuente",
            "speaker": "gustavo-petro",
            "kind": "position-statement",
            "about": "united-states",
            "topics": "dignity-of-migrants",
            "medium": "x-post",
            "time": "time-2025-01-26",
            "quote": "A migrant is not a criminal and must be treated with the dignity"
            " that a human being deserves",
            "source": "page-newsexpressngr",
            "hedge": "plain",
            "basis": "attributed",
            "seen_in": "statements-table-2025",
        },
        {"passage": "passage-s5", "report-statement-s5": "report-s5"},
    ),
    "event": (
        {
            "record": "event",
            "id": "visa-suspension",
            "label": "Suspension of visa issuance at the U.S. Embassy in Bogotá",
            "label_es": "Suspensión de la emisión de visas en la Embajada de EE. UU. en Bogotá",
            "kind": "visa-measure",
            "performer": "us-department-of-state; secretary-rubio",
            "target": "colombia",
            "topics": "visas",
            "time": "time-2025-01-26",
            "source": "page-ijr",
            "passage": "Secretary Rubio immediately ordered a suspension of visa issuance"
            " at the U.S. Embassy Bogota consular section",
            "hedge": "plain",
            "basis": "announced-by-performer",
            "through": "statement-s2",
            "seen_in": "statements-table-2025",
            "reading_note": "The words name Secretary Rubio alone; the Department of State, for which"
            " the note speaks, is taken to perform it with him.",
        },
        {"passage": "passage-s2"},
    ),
    "gesture": (
        {
            "record": "gesture",
            "id": "alteration-of-the-hat",
            "label": "Alteration of the slogan on the hat",
            "label_es": "Alteración del lema de la gorra",
            "kind": "alteration-of-inscription",
            "performer": "gustavo-petro",
            "object": "hat",
            "inscription_before": "dipid:inscription-make-america",
            "inscription_after": "dipid:inscription-make-the-americas",
            "follows": "gift-of-the-hat",
            "responds_to": "gift-of-the-hat",
            "source": "presence-news-article",
            "passage": "has reportedly changed the hat’s slogan to “Make the Americas Great Again",
            "passage_start": "2864",
            "hedge": "reportedly",
            "basis": "own-voice",
            "reading_note": "The text gives the change no time; that it follows the gift and answers it"
            " is read from the order in which both are told.",
        },
        {
            "passage": "passage-altered-slogan",
            "report-alteration-of-the-hat": "report-alteration",
        },
    ),
    "stance": (
        {
            "record": "stance",
            "id": "stance-petro-conduct",
            "label": "Petro’s conduct toward Trump and the United States",
            "label_es": "La conducta de Petro hacia Trump y los Estados Unidos",
            "holder": "gustavo-petro",
            "toward": "donald-trump; united-states",
            "mode": "conduct",
            "position": "engaged",
            "assessor": "presence-news",
            "time": "time-of-writing",
            "source": "presence-news-article",
            "passage": "publicly disagreed with Trump while diplomatically engaging him",
            "passage_start": "3533",
            "hedge": "plain",
            "basis": "own-voice",
        },
        {
            "passage": "passage-disagreed-while-engaging",
            "report-stance-petro-conduct": "report-petro-conduct",
        },
    ),
    "status": (
        {
            "record": "status",
            "id": "status-measures-in-reserve",
            "of": "measures-in-reserve",
            "status": "suspended",
            "holder": "white-house-office",
            "settled_by": "agreement-on-deportations",
            "time": "time-2025-01-26",
            "source": "page-mixedtimes",
            "passage": "the fully drafted IEEPA tariffs and sanctions will be held in reserve,"
            " and not signed, unless Colombia fails to honor this agreement",
            "through": "statement-s7",
            "hedge": "plain",
            "basis": "attributed",
            "seen_in": "statements-table-2025",
            "reading_note": "“This agreement” is read as the one that ended the standoff; that it suspended"
            " the measures is read from “unless”.",
        },
        {"passage": "passage-s7"},
    ),
    "report": (
        {
            "record": "report",
            "id": "report-s8",
            "reports": "statement-s8",
            "source": "page-newsexpressngr",
            "hedge": "plain",
            "basis": "attributed",
            "seen_in": "statements-table-2025",
        },
        {},
    ),
}


@pytest.mark.parametrize("record", SEEDED)
def test_a_row_says_what_the_seed_graph_says(record: str) -> None:
    row, names = SEEDED[record]

    def renamed(node: object) -> object:
        local = node.value.removeprefix(iris.DATA) if isinstance(node, NamedNode) else ""
        key = "passage" if local.startswith("passage-") else local
        return NamedNode(iris.DATA + names[key]) if key in names else node

    told = {(renamed(q.subject), q.predicate, renamed(q.object)) for q in said(row)}
    about = {subject for subject, _, _ in told}
    assert told == {
        tuple(q.triple)
        for q in release().seed
        if q.subject in about and not q.predicate.value.endswith("wikidataItem")  # a graph of its own
    }


def test_a_threat_is_told_with_its_act_and_what_became_of_it() -> None:
    row = {
        **REMARK,
        "id": "x",
        "kind": "threat",
        "language": "es",
        "act": "A tariff",
        "act_id": "x-tariff",
        "act_kind": "tariff",
        "act_toward": "colombia",
        "condition": "si no cumple",
        "paraphrase": "habrá aranceles",
        "date_as_written": "en febrero de 2024",
        "date": "2024-02",
        "through": "statement-s7",
    }
    assert said(row) == turtle("""
        dipid:x a dip:Threat ; dip:madeBy dipid:gustavo-petro ; dip:hasKind dipk:threat ;
            dip:paraphrase "habrá aranceles"@es ; dip:occursAt dipid:time-x ; dip:holdsOut dipid:x-tariff .
        dipid:time-x a dip:TimeSpan ; dip:dateAsWritten "en febrero de 2024"@es ;
            dip:date "2024-02"^^xsd:gYearMonth ;
            dip:earliest "2024-02-01"^^xsd:date ; dip:latest "2024-02-29"^^xsd:date ;
            dip:hasPrecision dipk:month ; dip:dateBasis dipk:stated .
        dipid:x-tariff a dip:ProspectiveAct ; rdfs:label "A tariff"@en ; dip:hasKind dipk:tariff ;
            dip:wouldBePerformedBy dipid:gustavo-petro ; dip:wouldBeDirectedAt dipid:colombia ;
            dip:condition "si no cumple"@es .
        dipid:status-x a dip:StatusRecord ; dip:appliesTo dipid:x-tariff ; dip:hasStatus dipk:threatened ;
            dip:heldBy dipid:gustavo-petro ; dip:occursAt dipid:time-x .
        dipid:report-x a dip:Report ; dip:reports dipid:x , dipid:status-x ; dip:foundIn dipid:page-qqami ;
            dip:hedgedAs dipk:plain ; dip:basedOn dipk:attributed ; dip:relayedThrough dipid:statement-s7 .
    """)
    assert objections(written(row)) == []


DEMAND = {
    **REMARK,
    "id": "x",
    "kind": "demand",
    "addressee": "united-states",
    "act": "Return of the visas",
    "act_kind": "visa-measure",
    "act_toward": "colombia",
}


@pytest.mark.parametrize("kind", ["demand", "appeal", "proposal"])
def test_a_demand_asks_its_addressee_for_the_act_and_announces_nothing(kind: str) -> None:
    row = {**DEMAND, "kind": kind}
    asked = turtle("""
        dipid:x dip:asksFor dipid:act-x .
        dipid:act-x dip:wouldBePerformedBy dipid:united-states ; dip:wouldBeDirectedAt dipid:colombia .
        dipid:status-x dip:hasStatus dipk:requested ; dip:heldBy dipid:gustavo-petro .
    """)
    assert asked <= said(row)
    assert "announces" not in str(said(row))
    assert objections(written(row)) == []


def test_a_threat_that_demands_too_holds_its_act_out_and_asks_for_one_that_is_described() -> None:
    row = {**DEMAND, "kind": "ultimatum", "asks_for": "landing-of-flights"}
    told = turtle("dipid:x dip:holdsOut dipid:act-x ; dip:asksFor dipid:landing-of-flights .")
    assert told <= said(row)


def test_the_holder_of_a_status_is_the_speaker_the_performer_or_whoever_the_row_names() -> None:
    refusal = {"record": "event", **EXAMPLES["event"][1]}
    held = turtle("dipid:status-example-refusal dip:heldBy dipid:gustavo-petro .")
    assert held <= said(refusal)
    named = turtle("dipid:status-x dip:heldBy dipid:outlet-qqami .")
    assert named <= said({**DEMAND, "act_holder": "outlet-qqami"})


def test_a_gesture_is_told_with_its_object_its_words_and_a_reading_of_it() -> None:
    row = {
        **GIFT,
        "id": "x",
        "object": "",
        "object_label": "A lamp",
        "inscription": "One sea",
        "interpreter": "outlet-qqami",
        "meaning": "peace",
        "meaning_hedge": "possibly",
        "meaning_basis": "own-voice",
        "passage": "gave a lamp",
    }
    node, passage = (
        "dipid:" + next(name for name in names(said(row)) if name.startswith(start))
        for start in ("inscription-one-sea-", "passage-gave-a-lamp-")
    )
    assert said(row) == turtle(
        f"""
        dipid:x a dip:Gift ; rdfs:label "A gift"@en ; dip:hasKind dipk:gift ; dip:givenBy dipid:donald-trump ;
            dip:receivedBy dipid:gustavo-petro ; dip:madeWith dipid:object-x .
        dipid:object-x a dip:SymbolicObject ; rdfs:label "A lamp"@en ; dip:bears {node} ;
            dip:foundIn dipid:page-qqami .
        {node} a dip:Inscription ; dip:text "One sea"@en ; dip:foundIn dipid:page-qqami .
        dipid:report-x a dip:Report ; dip:reports dipid:x ; dip:foundIn dipid:page-qqami ;
            dip:hedgedAs dipk:plain ; dip:basedOn dipk:own-voice ; dip:quotes {passage} .
        {passage} a dip:Passage ; dip:occursIn dipid:page-qqami ; dip:exactText "gave a lamp" ;
            dip:exactHash "{sha256(b"gave a lamp").hexdigest()}" .
        dipid:interpretation-x a dip:Interpretation ; dip:assesses dipid:x ; dip:meaning "peace"@en ;
            dip:assessedBy dipid:outlet-qqami .
        dipid:report-interpretation-x a dip:Report ; dip:reports dipid:interpretation-x ;
            dip:foundIn dipid:page-qqami ; dip:hedgedAs dipk:possibly ; dip:basedOn dipk:own-voice ;
            dip:quotes {passage} .
    """
    )
    assert objections(written(row)) == []


@pytest.mark.parametrize(
    ("cells", "expected"),
    [
        ({"date": "2025"}, ("2025", "gYear", "2025-01-01", "2025-12-31", "year", "stated")),
        ({"date": "2024-02"}, ("2024-02", "gYearMonth", "2024-02-01", "2024-02-29", "month", "stated")),
        ({"date": "2025-01-26"}, ("2025-01-26", "date", "2025-01-26", "2025-01-26", "day", "stated")),
        (
            {"date_as_written": "Feb 1-9, 2025", "date": "2025-02", "latest": "2025-02-09", **ORDER},
            ("2025-02", "gYearMonth", "2025-02-01", "2025-02-09", "month", "inferred"),
        ),
        (
            {"date_as_written": "by 9 February 2025", "latest": "2025-02-09"},
            (None, None, None, "2025-02-09", "bounded", "stated"),
        ),
        (
            {"date_as_written": "in 44 BC", "date": "-0043"},
            ("-0043", "gYear", "-0043-01-01", "-0043-12-31", "year", "stated"),
        ),
        (
            {"date": "2025-01-26", "date_basis": "publication-day"},
            ("2025-01-26", "date", "2025-01-26", "2025-01-26", "day", "publication-day"),
        ),
        ({"date_as_written": "once"}, (None, None, None, None, "undated", "not-given")),
        (
            {"date_as_written": "since", "earliest": "2025-03-01", **ORDER},
            (None, None, "2025-03-01", None, "bounded", "inferred"),
        ),
    ],
)
def test_a_date_keeps_what_was_known(cells: dict[str, str], expected: tuple[str | None, ...]) -> None:
    known = {
        q.predicate.value.removeprefix(iris.TERMS): q.object
        for q in said({**REMARK, **cells})
        if q.subject == NamedNode(iris.DATA + "time-a-remark")
    }
    date = known.get("date")
    found = [
        getattr(known.get(name), "value", None)
        for name in ("date", "earliest", "latest", "hasPrecision", "dateBasis")
    ]
    datatype = date.datatype.value.split("#")[1] if isinstance(date, Literal) else None
    kinds = [str(value).removeprefix(iris.KINDS) for value in found[3:]]
    assert (found[0], datatype, *found[1:3], *kinds) == expected


def test_order_without_dates_stays_order() -> None:
    assert not [name for name in names(said(REMARK)) if "time" in name]


def test_an_understanding_is_an_agreement() -> None:
    """The template said so and no shape did."""
    row = {**VISIT, "kind": "understanding", "host": "", "participants": "colombia; mexico"}
    assert objections(written(row)) == []
    assert {q.object for q in said(row) if q.predicate == RDF.TYPE} >= {NamedNode(iris.TERMS + "Agreement")}


@pytest.mark.parametrize("kind", sorted(released().kinds["event-kinds"]))
def test_an_event_of_any_kind_is_of_the_class_that_the_shapes_want(kind: str) -> None:
    row = {
        **VISIT,
        "kind": kind,
        "participants": "colombia; mexico",
        "target": "colombia",
        "bound_for": "colombia",
        "refuses": "landing-of-flights",
    }
    assert [said for said in objections(written(row)) if "class" in said] == []


# Every term that a column stands for is there


@pytest.mark.parametrize("record", RECORDS.values(), ids=RECORDS)
def test_what_a_record_needs_is_told_by_words_of_the_release(record: Record) -> None:
    known = {name.rpartition("#")[2].rpartition("/")[2] for name in release().known_terms}
    of_ours = {record.type} if record.namespace == iris.TERMS else set()
    assert {*of_ours, *record.needs} - known == set()


def test_every_column_that_is_a_property_names_a_term() -> None:
    terms = [column.term.value for record in RECORDS.values() for column in record.columns if column.term]
    ours = {term for term in terms if term.startswith(iris.TERMS)}
    assert ours - release().known_terms == set()


FOLLOWS_FROM_OTHERS = {"dip:claimKey", "dip:endOffset", "dip:exactHash", "dip:hasPrecision"}
"""What the table or the gate works out."""


def test_every_property_that_belongs_on_a_thing_is_a_column_of_its_record() -> None:
    graphs = release().graphs
    by_type = {f"dip:{record.type}": record for record in RECORDS.values()}
    by_type |= {f"dip:{name}": by_type[above] for above in list(by_type) for name in below(above)}
    by_type |= {"dip:Happening": RECORDS["event"], "dip:Assessment": RECORDS["stance"]}
    imported = re.compile("dip:(Cod(ed|ing)[A-Z].*|ActorResolution)")  # importers of event data write these
    missing = {
        (name, iris.compact(term.value))
        for term, classes in Placement.of(graphs[iris.SHAPES_GRAPH]).classes.items()
        for name in (iris.compact(str(class_)[1:-1]) for class_ in classes)
        if not imported.match(name) and term not in term_columns.of_record(by_type[name])
    }
    unsaid = {pair for pair in missing if pair[1] not in FOLLOWS_FROM_OTHERS}
    assert unsaid == {("dip:Happening", "dip:givenBy")}  # only gestures are given


def below(name: str) -> frozenset[str]:
    return released().classes.get(name.removeprefix("dip:"), frozenset())


# Names


def test_a_row_without_an_id_is_named_by_its_label_and_content() -> None:
    first, again, other = (
        submissions.parse(written(row), TABLE) for row in (VISIT, VISIT, {**VISIT, "host": "ecuador"})
    )
    assert first.content_hash == again.content_hash != other.content_hash
    assert any(re.fullmatch(r"a-visit-[0-9a-f]{8}", name) for name in names(first.quads))
    assert names(first.quads).isdisjoint(names(other.quads))


def test_a_thing_may_have_a_name_in_spanish_or_another_language_alone() -> None:
    actor = {"record": "actor", "class": "Person", "source": "page-ijr"}
    for name in ({"label_es": "Inés Cordero"}, {"id": "ines", "names": "pt: Inês Cordeiro"}):
        assert objections(written({**actor, **name})) == []
    (found,) = names(said({**actor, "label_es": "Inés Cordero"}))
    assert found.startswith("ines-cordero-")


def test_a_label_without_latin_letters_still_gives_a_name() -> None:
    found = names(said({**VISIT, "label": "زيارة"}))
    assert any(re.fullmatch(r"event-[0-9a-f]{8}", name) for name in found)


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_separator_byte_order_mark_remarks_and_line_ends_change_nothing(delimiter: str) -> None:
    plain = submissions.parse(written(REMARK, VISIT), TABLE)
    other = written(VISIT, {"record": "# to be checked"}, REMARK, delimiter=delimiter).replace(b"\r\n", b"\n")
    assert submissions.parse(b"\xef\xbb\xbf" + other + b"\n\n", TABLE).content_hash == plain.content_hash


@pytest.mark.parametrize(
    ("line", "delimiter"),
    [
        ("sep=;\n", ";"),
        ("SEP=,\r\n", ","),
        ("sep=\t\r", "\t"),
        ('"sep=;"\n', ";"),
        ("sep=;;;;\n", ";"),
        ("sep=|\n", "|"),
    ],
)
def test_a_first_line_may_tell_the_separator(line: str, delimiter: str) -> None:
    plain = submissions.parse(written(REMARK, VISIT), TABLE)
    other = submissions.parse(f"\ufeff{line}".encode() + written(REMARK, VISIT, delimiter=delimiter), TABLE)
    assert other.content_hash == plain.content_hash
    assert other.rows == {
        name: replace(place, line=(place.line or 0) + 1) for name, place in (plain.rows or {}).items()
    }


def test_a_separator_that_is_told_is_the_only_one() -> None:
    data = b"sep=;\nrecord;label,\nsource;x\n"
    refused = submissions.parse(data, TABLE).refused
    assert refused is not None
    assert "In line 2, column label,: there is no such column" in str(refused([]))


def test_prefixes_and_full_iris_say_what_slugs_say() -> None:
    row = {
        **REMARK,
        "speaker": f"{iris.DATA}gustavo-petro",
        "kind": "dipk:remark",
        "source": "dipid:page-qqami",
    }
    assert said({**row, "id": "dipid:a-remark"}) == said(REMARK)


def test_spaces_around_slugs_and_in_column_names_do_not_matter() -> None:
    data = written(REMARK).replace(b'"gustavo-petro"', b'" gustavo-petro "').replace(b'"id"', b'" ID "')
    assert set(table.read(data, MAX_BYTES).quads) == said(REMARK)


def test_a_table_is_one_graph_named_by_its_content() -> None:
    submission = submissions.parse(written(REMARK, VISIT, GIFT, STANCE), TABLE)
    assert submission.graphs == (iris.submission_graph(submission.content_hash),)
    assert all(not isinstance(q.graph_name, DefaultGraph) for q in submission.quads)


def test_equal_words_of_a_source_are_one_passage() -> None:
    rows = [{**REMARK, "id": name, "passage": "he was glad"} for name in ("one", "two")]
    passages = {name for name in names(said(*rows)) if name.startswith("passage-")}
    assert len(passages) == 1
    rows[1]["source"] = "page-ijr"
    assert len({name for name in names(said(*rows)) if name.startswith("passage-")}) == 2


def test_a_passage_may_be_one_that_is_described_already() -> None:
    row = {**REMARK, "source": "presence-news-article", "passage": "dipid:passage-very-good"}
    assert objections(written(row)) == []
    assert "passage-very-good" not in names(said(row))


def test_an_event_that_rests_on_the_passage_of_a_claim_is_refused() -> None:
    claim = {
        **REMARK,
        "claim": "they broke the law",
        "alleged_actor": "mexico",
        "alleged_kind": "use-of-force",
        "passage": "they broke the law",
    }
    event = {
        **VISIT,
        "kind": "use-of-force",
        "performer": "mexico",
        "host": "",
        "passage": "they broke the law",
        "label": "An act",
    }
    refusal, warning = objections(written(claim, event))
    assert "in the passage quoted as evidence for this" in refusal
    assert "this happening matches what" in warning


# Texts are kept to the letter

TEXTS = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), min_size=1).filter(
    str.strip
)


@given(text=TEXTS, delimiter=st.sampled_from([",", ";", "\t"]))
def test_any_text_comes_back_as_it_was_written(text: str, delimiter: str) -> None:
    read = table.read(written({**REMARK, "paraphrase": text}, delimiter=delimiter), MAX_BYTES)
    assert Literal(text, language="en") in {q.object for q in read.quads}


@pytest.mark.parametrize(
    "text",
    [
        "=1+1",
        "+34",
        "-",
        "@home",
        '=HYPERLINK("x")',
        'says "no", and\n"yes"',
        "קולומביה; ‏عربي",
        "a\r\nb",
        "'tis",
    ],
)
def test_what_looks_like_a_formula_or_a_separator_is_text(text: str) -> None:
    quads = said({**REMARK, "quote": text})
    assert {Literal(text, language="en"), Literal(text)} <= {q.object for q in quads}


# A kind of one's own


TOUR = {
    "record": "kind",
    "id": "tour",
    "label": "Tour",
    "definition": "A visit to several hosts.",
    "broader": "visit",
}


def test_a_kind_that_a_row_describes_stands_for_the_kind_above_it() -> None:
    tour = {**VISIT, "id": "a-tour", "kind": "dipid:tour"}
    quads = said(tour, TOUR)
    is_a_visit = Triple(NamedNode(f"{iris.DATA}a-tour"), RDF.TYPE, NamedNode(f"{iris.TERMS}Visit"))
    assert is_a_visit in {quad.triple for quad in quads}
    assert objections(written(tour, TOUR)) == []


def test_a_kind_below_another_of_the_table_needs_what_that_needs() -> None:
    narrower = {**TOUR, "id": "state-tour", "broader": "dipid:tour"}
    with pytest.raises(Unreadable, match="host"):
        said({**VISIT, "kind": "dipid:state-tour", "host": ""}, TOUR, narrower)


def test_a_closed_list_takes_no_kind_of_a_submission() -> None:
    with pytest.raises(Unreadable, match="not a kind of the list hedges"):
        said({**VISIT, "hedge": "dipid:tour"}, TOUR)


# What the gate finds is told by the line of the row


def test_a_violation_is_traced_to_the_row_that_made_its_subject() -> None:
    lone = {**VISIT, "id": "lone", "kind": "summit-meeting", "participants": "mexico"}
    found = objections(written(REMARK, {**REMARK, "id": "b", "paraphrase": "one\ntwo"}, lone))
    assert found == [
        "line 5, column host, “mexico”: it belongs on visit, and nothing says that this is one; say what this"
        " is, or describe the right thing.",
        "line 5, column participants: A meeting needs at least two participants: add participants with a"
        " described actor for each.",
    ]


def test_a_violation_of_a_report_is_traced_to_its_row() -> None:
    unlocated = {**REMARK, "source": "presence-news-article"}
    found = objections(written(VISIT, unlocated))
    assert found == [
        "line 3: This source has a text hash, so the report must quote the supporting passage: add passage."
    ]


def test_what_the_gate_finds_is_told_in_the_words_of_the_table_in_each_language() -> None:
    lone = {**VISIT, "id": "lone", "kind": "summit-meeting", "participants": "mexico", "language": "es"}
    submission = submissions.parse(written(lone), TABLE)
    report = submissions.check(seed_store(), gate(), submission)
    for language, beginning in (("en", "line 2, column "), ("es", "línea 2, columna ")):
        told = [each.sentence(language) for each in report.violations]
        assert all(sentence.startswith(beginning) for sentence in told)
        assert [sentence for sentence in told if re.search(r"\b(dip|dipid|dipk|xsd|rdf):", sentence)] == []
    assert {each["column"] for each in map(_members, report.violations)} == {"host", "participants"}


def _members(violation: Violation) -> dict[str, JSON]:
    members = as_json(Report((violation,)))["violations"]
    assert isinstance(members, list)
    assert isinstance(members[0], dict)
    return members[0]


def test_what_is_kept_by_value_is_told_with_its_row() -> None:
    coding = {"record": "coding", **EXAMPLES["coding"][0], "intensity": "01.50"}
    report = submissions.check(seed_store(), gate(), submissions.parse(written(VISIT, coding), TABLE))
    assert [each.sentence("es").split(":")[0] for each in report.warnings] == ["línea 3, “01.5”"]


def test_every_property_of_a_row_and_of_what_stands_around_it_has_its_column() -> None:
    kept = {"dip:reports", "dip:assesses", "rdf:type", "dip:advances"}
    for record, rows in EXAMPLES.items():
        for row in rows:
            row = {"record": record, **row}
            facts = table.read(written(row), MAX_BYTES)
            for quad in facts.quads:
                place = facts.places[str(quad.subject)[1:-1]]
                term = iris.compact(quad.predicate.value)
                column = place.column_of(term)
                assert column or term in kept, (record, term)
                assert column is None or RECORDS[row["record"]].column(column)


def test_a_thing_that_nobody_describes_is_told_with_its_row() -> None:
    (found,) = objections(written({**REMARK, "speaker": "nobody-known"}))
    assert found.startswith("line 2, column speaker, “nobody-known”: nothing with this name is described")


def test_a_row_may_add_to_a_record_of_another_submission_with_grounds_of_its_own() -> None:
    denial = {**REMARK, "id": "", "kind": "", "speaker": "", "paraphrase": "", "adds_to": "statement-s4"}
    denial |= {"denies": "claim-s3-authorized-before", "reading_note": "It answers what was said of him."}
    item = {"record": "actor", "adds_to": "mexico", "wikidata": "Q1"}
    assert objections(written(denial, {**item, "wikidata": "Q96"})) == []
    (found,) = objections(written({**item, "adds_to": "nowhere"}))
    assert found.startswith("line 2, column wikidata, “Q1”: it belongs on actor, office or place")


def test_a_contested_word_in_a_label_is_refused_with_its_row() -> None:
    (found,) = objections(written({**REMARK, "label": "The kidnapping"}))
    assert found.startswith("line 2, column label, “The kidnapping”: ")
    assert "claim asserted as fact" in found


def test_an_event_that_rests_on_what_others_say_is_refused_with_its_row() -> None:
    found = objections(written({**VISIT, "basis": "attributed"}))
    assert [("line 2" in each, "Claim asserted as fact" in each) for each in found] == [(True, True)]


def test_what_is_new_may_be_described_in_rows_of_the_same_table() -> None:
    source = {
        "record": "source",
        "id": "a-page",
        "label": "A page",
        "kind": "web-page",
        "publisher": "an-outlet",
    }
    outlet = {
        "record": "actor",
        "id": "an-outlet",
        "label": "An outlet",
        "class": "Outlet",
        "source": "a-page",
    }
    assert objections(written({**REMARK, "source": "a-page"}, source, outlet)) == []


# The formats


def test_a_table_is_known_by_its_media_type_and_suffix() -> None:
    assert from_content_type("text/csv; charset=utf-8", FACTS_FORMATS) is TABLE
    assert from_content_type("text/tab-separated-values", FACTS_FORMATS) is TABLE
    assert from_path("facts.CSV", FACTS_FORMATS) is from_path("facts.tsv", FACTS_FORMATS) is TABLE
