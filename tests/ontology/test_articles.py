"""Two invented articles go in whole, in one try, and every sentence of them can be asked for."""

import re
from collections.abc import Iterator

import pytest

from kg import ontology
from kg.facts import submissions
from kg.formats import RDF_FORMATS
from kg.gate.gate import Gate
from kg.query.job import Labelling
from kg.store.store import Store
from tests.support.articles import ARTICLES, ask, select, text, turtle
from tests.support.stores import open_store

REMARKS = {"medal": ["dipsh:resembles-claim"], "summit": []}
"""What happened and what two officials tell of it have performer, kind and target in common."""


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("data"), ontology.load()) as store:
        yield store


@pytest.mark.parametrize("article", ARTICLES)
def test_an_article_is_accepted_in_one_go(article: str, store: Store) -> None:
    given = submissions.parse(turtle(article), RDF_FORMATS["turtle"])
    report = submissions.check(store, Gate.of(ontology.load()), given)
    assert report.conforms
    assert ["dipsh:" + each.rule.rpartition("#")[2] for each in report.violations] == REMARKS[article]


@pytest.mark.parametrize("article", ARTICLES)
def test_every_sentence_of_an_article_is_quoted(article: str) -> None:
    source = {"medal": "mirador-article", "summit": "gaceta-article"}[article]
    passages = [row["words"] for row in select(f"?p dip:occursIn dipid:{source} ; dip:exactText ?words")]
    body = text(article).split("\n\n", 1)[1]
    sentences = [each for each in re.split(r"(?<=[.])\s+|\n+", body) if each]
    unquoted = [each for each in sentences if not any(words in each for words in passages)]
    assert unquoted == []
    assert len(sentences) >= 12


QUESTIONS: list[tuple[str, str, dict[str, str], dict[str, str]]] = [
    # The medal
    (
        "handed back the Grand Cross of the Order of Merit to Chile’s ambassador",
        "history-of-an-object",
        {"object": "medal"},
        {"kind": "return-of-gift-or-honour", "performer": "elena-quiroga", "date": "2027-03-18"},
    ),
    (
        "awarded to her in 2019",
        "history-of-an-object",
        {"object": "medal"},
        {"kind": "award-of-honour", "receiver": "elena-quiroga", "date": "2019"},
    ),
    (
        "Santiago threatened to suspend customs preferences",
        "threats-and-what-became-of-them",
        {},
        {"threat": "threat-on-preferences", "act": "suspension-of-preferences", "target": "bolivia"},
    ),
    (
        "laid the medal",
        "claims-about-an-actor",
        {"actor": "elena-quiroga"},
        {
            "claimant": "two-officials",
            "kind": "return-of-gift-or-honour",
            "place": "desk-of-the-ambassador",
        },
    ),
    (
        "without shaking his hand",
        "claims-about-an-actor",
        {"actor": "elena-quiroga"},
        {"claimant": "two-officials", "kind": "handshake", "target": "tomas-ibanez"},
    ),
    (
        "strangle a people",
        "claims-about-an-actor",
        {"actor": "chile"},
        {"claimant": "elena-quiroga", "kind": "wrongful-conduct"},
    ),
    (
        "theatre for a domestic audience",
        "readings-of-a-happening",
        {"happening": "return-of-the-medal"},
        {"interpreter": "chilean-foreign-ministry", "meaning": "theatre for a domestic audience"},
    ),
    (
        "nobody had left anything on a desk",
        "claims-denied-and-by-whom",
        {},
        {"claim": "claim-on-the-desk", "deniedBy": "rodrigo-vial"},
    ),
    (
        "Bolivia’s foreign ministry denied that",
        "claims-denied-and-by-whom",
        {},
        {"claim": "claim-by-courier", "deniedBy": "bolivian-foreign-ministry"},
    ),
    (
        "said to have ordered it himself",
        "claims-about-an-actor",
        {"actor": "luis-arana"},
        {"claimant": "unnamed-who-say-so", "kind": "border-closure"},
    ),
    (
        "sanitary measure",
        "reasons-given-for-acts",
        {},
        {"act": "closure-of-the-crossing", "speaker": "government-of-bolivia"},
    ),
    (
        "gave Bolivia seven days to reopen the crossing",
        "threats-and-what-became-of-them",
        {},
        {
            "threat": "ultimatum-of-march-4",
            "status": "requested",
            "deadline": "2027-03-11",
            "deadlineAsWritten": "seven days",
        },
    ),
    (
        "lose its preferential tariff on soy",
        "threats-and-what-became-of-them",
        {},
        {"threat": "ultimatum-of-march-4", "act": "loss-of-the-soy-tariff", "status": "threatened"},
    ),
    (
        "The deadline passed",
        "threats-and-what-became-of-them",
        {},
        {"act": "reopening-of-the-crossing", "status": "deadline-passed"},
    ),
    (
        "suspends for ninety days",
        "durations-of-acts",
        {},
        {"act": "loss-of-the-soy-tariff", "status": "suspended", "duration": "P90D"},
    ),
    (
        "undertakes to reopen the crossing to perishable goods",
        "threats-and-what-became-of-them",
        {},
        {"act": "reopening-to-perishable-goods", "status": "promised"},
    ),
    (
        "a full withdrawal of the threat",
        "threats-and-what-became-of-them",
        {},
        {"act": "loss-of-the-soy-tariff", "status": "withdrawn", "statusHolder": "elena-quiroga"},
    ),
    (
        "temporary sanitary closure",
        "versions-of-a-text",
        {},
        {"holder": "government-of-bolivia", "point": "point-what-the-versions-call-it"},
    ),
    (
        "obstruction of traffic",
        "versions-of-a-text",
        {},
        {"holder": "government-of-chile", "point": "point-what-the-versions-call-it"},
    ),
    (
        "Brazil, which mediated",
        "participants-and-their-roles",
        {"matter": "communique-of-arica"},
        {"actor": "brazil", "role": "mediator", "hedge": "plain"},
    ),
    (
        "reportedly drafted both",
        "participants-and-their-roles",
        {"matter": "chilean-version"},
        {"actor": "brazil", "role": "drafter", "hedge": "reportedly"},
    ),
    (
        "a sign that Bolivia will vote against Chile’s candidate",
        "predictions-and-what-became-of-them",
        {},
        {"predictedBy": "analysts-in-both-capitals", "actor": "bolivia"},
    ),
    (
        "Some forty truckers",
        "quantities-and-who-gives-them",
        {},
        {"amount": "40", "unit": "truckers", "exactness": "about"},
    ),
    (
        "in protest",
        "reasons-given-for-acts",
        {},
        {"act": "blocking-of-the-road", "speaker": "el-mirador-del-sur"},
    ),
    (
        "one was injured",
        "quantities-and-who-gives-them",
        {},
        {"amount": "1", "givenBy": "red-cross"},
    ),
    # The summit
    (
        "signed a treaty on the waters of the Alba",
        "participants-and-their-roles",
        {"matter": "treaty-on-the-alba"},
        {"actor": "maruelia"},
    ),
    (
        "did not sign",
        "statuses-of-an-act-and-its-equals",
        {"act": "signature-of-ovania"},
        {"status": "refused", "statusHolder": "gaceta-de-la-ribera"},
    ),
    (
        "lasted three days",
        "durations-of-acts",
        {},
        {"act": "summit-on-the-alba", "duration": "P3D"},
    ),
    (
        "Lusenia hosted the summit",
        "participants-and-their-roles",
        {"matter": "summit-on-the-alba"},
        {"actor": "lusenia", "role": "host"},
    ),
    (
        "the Alba Commission mediated",
        "participants-and-their-roles",
        {"matter": "summit-on-the-alba"},
        {"actor": "alba-commission", "role": "mediator"},
    ),
    (
        "signed as a witness",
        "participants-and-their-roles",
        {"matter": "signing-of-the-treaty"},
        {"actor": "tome-reis", "role": "witness"},
    ),
    (
        "reportedly drafted the text",
        "participants-and-their-roles",
        {"matter": "text-of-the-treaty"},
        {"actor": "alba-commission", "role": "drafter", "hedge": "reportedly"},
    ),
    (
        "guarantee the treaty for ten years",
        "participants-and-their-roles",
        {"matter": "guarantee-of-the-treaty"},
        {"actor": "alba-commission", "role": "guarantor"},
    ),
    (
        "at least 300 cubic metres",
        "quantities-and-who-gives-them",
        {},
        {"amount": "300", "exactness": "at-least", "givenBy": "tarsia"},
    ),
    (
        "by 1 September 2027",
        "threats-and-what-became-of-them",
        {},
        {"act": "release-of-water", "status": "agreed", "deadlineAsWritten": "by 1 September 2027"},
    ),
    ("international waters", "versions-of-a-text", {}, {"holder": "tarsia", "point": "point-whose-waters"}),
    ("shared waters", "versions-of-a-text", {}, {"holder": "maruelia", "point": "point-whose-waters"}),
    (
        "moved troops to the Sierra Baja dam in May",
        "claims-about-an-actor",
        {"actor": "tarsia"},
        {"claimant": "marta-oyarzun", "place": "sierra-baja-dam", "time": "in May"},
    ),
    (
        "Julio Sanz, denied it",
        "claims-denied-and-by-whom",
        {},
        {"claim": "claim-of-troops", "deniedBy": "julio-sanz"},
    ),
    (
        "a show for the cameras",
        "readings-of-a-happening",
        {"happening": "walkout-of-ovania"},
        {"interpreter": "julio-sanz", "meaning": "a show for the cameras"},
    ),
    (
        "denied that there had been a walkout",
        "happenings-that-somebody-denies",
        {},
        {"happening": "walkout-of-ovania", "deniedBy": "ovanian-foreign-ministry"},
    ),
    (
        "thirty days to accede",
        "threats-and-what-became-of-them",
        {},
        {"act": "accession-of-ovania", "status": "requested", "deadlineAsWritten": "thirty days"},
    ),
    (
        "diplomats took him to mean the same step",
        "statuses-of-an-act-and-its-equals",
        {"act": "loss-of-the-seat"},
        {"sameAct": "removal-of-the-chair", "judgedBy": "diplomats", "spokenOfBy": "julio-sanz"},
    ),
    (
        "more conciliatory toward Ovania than Cordero",
        "stances-in-order",
        {},
        {"assessor": "diplomats", "greater": "pavel-duarte", "lesser": "ines-cordero"},
    ),
    (
        "Analysts expect Ovania to accede before the end of the year",
        "predictions-and-what-became-of-them",
        {},
        {"predictedBy": "analysts", "actor": "ovania", "deadline": "before the end of the year"},
    ),
    (
        "its harvest depends on the river",
        "reasons-given-for-acts",
        {},
        {"act": "accession-of-ovania", "speaker": "one-analyst"},
    ),
    (
        "made peace in 1929",
        "history-of-an-object",
        {"object": "pen-of-1929"},
        {"happening": "peace-of-1929", "performer": "ovania", "date": "1929"},
    ),
    (
        "Lusenia gave to Tarsia in 1954",
        "history-of-an-object",
        {"object": "pen-of-1929"},
        {"kind": "gift", "performer": "lusenia", "receiver": "tarsia", "date": "1954"},
    ),
    (
        "no more than 900 had come",
        "quantities-and-who-gives-them",
        {},
        {"amount": "900", "exactness": "at-most", "givenBy": "police-of-puerto-claro"},
    ),
]
PATTERNS = [
    ("crossing talks falter", "dipid:talks-falter dip:assessedBy dipid:el-mirador-del-sur"),
    (
        "closed the crossing",
        "dipid:closure-of-the-crossing dip:partOf dipid:quarrel ; dip:occursAt/dip:date ?d",
    ),
    ("economic blockade", "dipid:chile-on-the-closure dip:quotation 'an economic blockade'@en"),
    ("issued a joint communiqué", "dipid:communique-of-arica dip:takesPlaceIn dipid:arica"),
    ("outside the embassy", "dipid:quiroga-on-the-cross dip:takesPlaceIn ?place"),
    ("remain on the table", "dipid:vial-on-the-communique dip:concerns dipid:loss-of-the-soy-tariff"),
    ("Each side reads it its own way", "dipid:each-side-its-own-way dip:concerns dipid:chile"),
    ("recalled its consul", "dipid:recall-of-the-consul dip:performedBy dipid:peru"),
    ("this was unrelated", "dipid:peru-on-the-recall dip:concerns dipid:recall-of-the-consul"),
    ("We do not sign under duress", "dipid:oyarzun-on-signing dip:madeBy dipid:marta-oyarzun"),
    ("an empty chair is soon carried out", "dipid:sanz-on-the-chair dip:quotation ?words"),
    ("Some two thousand farmers", "dipid:cheering-farmers dip:hasQuantity/dip:amountAsWritten ?words"),
]
TEXTS = "\n".join(map(text, ARTICLES))


@pytest.mark.parametrize(
    ("words", "question", "values", "row"), QUESTIONS, ids=[each[0][:40] for each in QUESTIONS]
)
def test_what_a_sentence_says_is_in_the_answer_to_a_saved_question(
    words: str, question: str, values: dict[str, str], row: dict[str, str]
) -> None:
    assert words in TEXTS
    assert any(row.items() <= each.items() for each in ask(question, **values))


@pytest.mark.parametrize(("words", "pattern"), PATTERNS, ids=[each[0][:40] for each in PATTERNS])
def test_what_no_saved_question_asks_for_a_pattern_finds(words: str, pattern: str) -> None:
    assert words in TEXTS
    assert select(pattern)


def test_a_happening_that_somebody_denies_is_named_so_in_every_answer() -> None:
    (row,) = ask("happenings-that-somebody-denies", Labelling("on", "en"))
    assert row["happening_label"] == (
        "Ovania’s delegation walks out of the summit (denied by Foreign ministry of Ovania)"
    )
