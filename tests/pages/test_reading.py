"""Pages as a person reads them: names for IRIs, according to whom, history, suggestions, two languages."""

import re
from collections.abc import Iterator

import pyoxigraph
import pytest
from pyoxigraph import RdfFormat

from kg.changes import Delta, Provenance
from kg.query.questions import parse
from tests.api.routes.test_pages import BROWSER
from tests.support.api_server import PREFIXES, Client, serving

STORY = """<https://w3id.org/regional-diplomacy/id/graph-more> {
    dipid:speech a dip:Statement ; rdfs:label "The speech"@en, "El discurso"@es ; dip:madeBy dipid:bea ;
        dip:advances dipid:claim .
    dipid:claim a dip:Claim ; rdfs:label "Bea's claim"@en ; dip:claimedBy dipid:bea .
    dipid:bea a dip:Person ; rdfs:label "Bea"@en .
    dipid:report a dip:Report ; dip:reports dipid:speech ; dip:foundIn dipid:paper ;
        dip:quotes dipid:passage ; dip:hedgedAs dipk:gift .
    dipid:paper rdfs:label "The Paper"@en .
    dipid:passage dip:exactText "she said <so>"@en .
    dipid:tenure dip:heldBy dipid:bea ; dip:holdsOffice dipid:office .
    dipid:office rdfs:label "Mayor"@en .
    dipid:span dip:dateAsWritten "in May"@en ; dip:latest "2026-05-31T12:00:01.25Z"^^xsd:dateTime .
}"""
QUADS = len(list(pyoxigraph.parse(f"{PREFIXES}\n{STORY}".encode(), format=RdfFormat.TRIG)))
QUESTION = """#+ question: What did a person say?
#+ params:
#+   person: {type: iri, example: dipid:ana}
#+ returns: one row per statement
#+ tags: words, persons
PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>
PREFIX rdfs: <http://www.w3.org/2000/01/rdf-schema#>
SELECT ?person ?said ?saidLabel WHERE { ?said dip:madeBy ?person OPTIONAL { ?said rdfs:label ?saidLabel } }
"""


@pytest.fixture(scope="module")
def kg(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    folder = tmp_path_factory.mktemp("reading")
    question = parse(QUESTION, folder / "what-a-person-said.rq")
    quads = tuple(pyoxigraph.parse(f"{PREFIXES}\n{STORY}".encode(), format=RdfFormat.TRIG))
    with serving(folder) as asking:
        here = asking.app.resources
        here.questions = {question.name: question}
        here.store.commit(Delta(quads), Provenance("Cy", "a <letter>", "To tell more."))
        yield asking


def text(kg: Client, path: str, language: str = "en") -> str:
    """Give what a page says, without its markup."""
    response = kg.get(path, headers={**BROWSER, "Accept-Language": language})
    assert response.status_code == 200, response.text
    assert "Accept-Language" in response.headers["vary"]
    return " ".join(re.sub("<[^>]*>", "", response.text).split())


def test_a_statement_says_at_once_according_to_whom(kg: Client) -> None:
    told = text(kg, "/id/speech")
    assert (
        told.index("What it claims") < told.index("According to whom she said") < told.rindex("All triples")
    )
    assert "she said &lt;so&gt; The Paper Gift; the report" in told


def test_a_claim_is_called_no_fact_and_told_by_the_report_of_the_statement(kg: Client) -> None:
    told = text(kg, "/id/claim")
    assert "Not endorsed by this graph. It is what Bea says." in told
    assert "she said &lt;so&gt; The Paper, through The speech" in told
    assert "Not endorsed" not in text(kg, "/id/speech")


@pytest.mark.parametrize(
    ("path", "name"),
    [("tenure", "Bea, Mayor"), ("report", "The speech, reported in The Paper"), ("span", "in May")],
)
def test_what_has_no_name_is_called_after_what_it_points_at(kg: Client, path: str, name: str) -> None:
    response = kg.get(f"/id/{path}", headers=BROWSER)
    assert f">{name}</h1>" in response.text
    assert "commit-3" not in text(kg, "/id/commit-3").split("https:")[0]


def test_names_are_in_the_language_of_the_reader(kg: Client) -> None:
    assert "El discurso" in text(kg, "/id/bea", "es-CO, en;q=0.5")
    assert "El discurso" not in text(kg, "/id/bea")
    assert "El discurso, según The Paper" in text(kg, "/id/report", "es")


def test_properties_of_others_are_read_as_words_and_times_without_fractions(kg: Client) -> None:
    response = kg.get("/id/span", headers=BROWSER)
    assert '<span dir="auto" class="whole">2026-05-31 12:00:01 UTC</span>' in response.text
    assert re.search(r'title="rdf:type"[^>]*>type</a>', kg.get("/id/bea", headers=BROWSER).text)


def test_a_mention_reads_as_a_sentence_about_this(kg: Client) -> None:
    told = text(kg, "/id/bea")
    assert "dip:madeBy this The speech" in told
    assert "dip:claimedBy this claim Bea&#39;s claim" in told


def test_an_answer_names_a_thing_once_and_can_be_had_as_data(kg: Client) -> None:
    response = kg.get("/questions/what-a-person-said?person=dipid:bea", headers=BROWSER)
    assert 'data-column="said"' in response.text
    assert "said label" not in response.text
    (csv,) = re.findall(r'href="([^"]*format=csv)"', response.text)
    answer = kg.get(csv.replace("&amp;", "&"))
    assert answer.text.splitlines()[1].endswith("speech,The speech")


def test_a_form_names_what_is_filled_in(kg: Client) -> None:
    assert "(now: Ana &lt;Pérez&gt;)" in text(kg, "/questions/what-a-person-said")


def test_a_value_that_cannot_be_is_told_above_the_form_that_it_came_from(kg: Client) -> None:
    response = kg.get("/questions/what-a-person-said?person=no%20<body>", headers=BROWSER)
    assert response.status_code == 400
    alert = response.text.partition('role="alert"')[2].partition("</div>")[0]
    assert "no &lt;body&gt;" in alert
    assert 'value="no &lt;body&gt;"' in response.text
    assert kg.get("/questions/what-a-person-said?person=no%20body").json()["title"] == "Not in the graph"


def test_questions_are_grouped_by_their_first_tag(kg: Client) -> None:
    assert "Words What did a person say?" in text(kg, "/questions")


def test_kinds_and_terms_are_listed_by_their_names(kg: Client) -> None:
    assert "Gift gift" in text(kg, "/kinds")


def test_the_history_is_a_page_for_people_and_json_for_programs(kg: Client) -> None:
    told = text(kg, "/commits")
    assert told.index("Version 3") < told.index("Version 2") < told.index("Version 1")
    assert "by Cy why To tell more. from a &lt;letter&gt; wrote Facts (Version 3)" in told
    assert "Earlier commits" in text(kg, "/commits?limit=1")
    assert kg.get("/commits", headers={"Accept": "*/*"}).json()["commits"][0]["agent"] == "Cy"


def test_one_commit_leads_to_what_it_changed(kg: Client) -> None:
    response = kg.get("/commits/3", headers=BROWSER)
    (changes,) = re.findall(r'href="(/changes\?[^"]*)"', response.text)
    assert f"What came {QUADS} facts" in text(kg, changes.replace("&amp;", "&"))
    assert "What went 0 facts" in text(kg, "/changes?from=v2&to=v3")
    assert f"What went {QUADS} facts" in text(kg, "/changes?from=v3&to=v2")
    assert kg.get("/commits/3").json()["version"] == 3
    assert kg.get("/commits/9", headers=BROWSER).status_code == 404
