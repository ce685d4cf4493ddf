"""Search: what is found, in which order, under which heading."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kg import iris
from kg.errors import BadInput, Damaged, NotFound, QueryKilled, Unavailable
from kg.query.search import tables
from kg.query.search.index import SearchIndex
from kg.query.search.search import LONGEST_TEXT, MOST_FOUND, SearchAnswer, SearchQuery, read_class, search
from kg.terms import DIP
from tests.support.facts import quads
from tests.support.indexes import built, hits, labels

STORY = """
dip:Person rdfs:subClassOf dip:Actor ; rdfs:label "Person"@en, "Persona"@es .
dip:Meeting rdfs:subClassOf dip:Event . dip:Event rdfs:subClassOf dip:Happening .
dip:Claim rdfs:label "Claim"@en, "Afirmación"@es . dip:Statement rdfs:label "Statement"@en .
dip:Office rdfs:label "Office"@en, "Cargo"@es .

dipid:gustavo-petro a dip:Person ; rdfs:label "Gustavo Petro"@en, "Gustavo Petro"@es ;
    skos:altLabel "Mr. Petro"@en .
dipid:ivan a dip:Person ; rdfs:label "Ivan Petrov"@en .
dipid:maduro a dip:Person ; rdfs:label "Nicolás Maduro"@es .
dipid:president a dip:Office ; rdfs:label "President of Colombia"@en, "Presidencia de Colombia"@es .
dipid:tenure a dip:OfficeHolding ; dip:heldBy dipid:gustavo-petro ; dip:holdsOffice dipid:president .
dipid:meeting a dip:Meeting ; rdfs:label "Meeting with Petro"@en ; dip:hasKind dipk:talks ;
    dip:occursAt dipid:then ; dip:takesPlaceIn dipid:bogota ; dip:involves dipid:gustavo-petro, dipid:maduro .
dipid:part dip:partOf dipid:meeting .
dipk:talks rdfs:label "Talks"@en . dipid:then dip:date "2026-02-03" . dipid:bogota rdfs:label "Bogotá"@en .
dipid:words a dip:Statement ; rdfs:label "Petro speaks of a crime"@en ; dip:madeBy dipid:gustavo-petro ;
    dip:quotation "that was a kidnapping"@en ; dip:advances dipid:claim .
dipid:claim a dip:Claim ; rdfs:label "Kidnapping in Caracas"@en ; dip:claimedBy dipid:gustavo-petro ;
    dip:content "a kidnapping"@en ; dip:contestedWord "kidnapping" .
dipid:nameless-claim a dip:Claim ; rdfs:label "Secuestro"@es ; dip:content "un secuestro"@es .
dipid:passage a dip:Passage ; dip:exactText "he called it a kidnapping" ; dip:occursIn dipid:article .
dipid:report dip:quotes dipid:passage ; dip:reports dipid:words ; dip:foundIn dipid:article .
dipid:article a dip:Source ; dcterms:title "The article"@en ; dip:publishedBy dipid:outlet .
dipid:outlet rdfs:label "Presence News"@en .
dipid:visit rdfs:label "访问中国"@zh .
dipid:walkout a dip:Meeting ; rdfs:label "Walkout"@en .
dipid:no-walkout a dip:Statement ; dip:madeBy dipid:maduro ; dip:denies dipid:walkout .
"""


@pytest.fixture(scope="module")
def index(tmp_path_factory: pytest.TempPathFactory) -> Iterator[SearchIndex]:
    with built(tmp_path_factory.mktemp("index"), quads(STORY)) as index:
        yield index


FOUND = {
    "whole name": ("Gustavo Petro", "Gustavo Petro"),
    "other order": ("petro gustavo", "Gustavo Petro"),
    "alternative": ("mr petro", "Gustavo Petro"),
    "other case and no accent": ("NICOLAS", "Nicolás Maduro"),
    "accent that the name has not": ("Gústavo", "Gustavo Petro"),
    "beginning": ("gusta", "Gustavo Petro"),
    "beginnings of two words": ("gu pe", "Gustavo Petro"),
    "two letters": ("gu", "Gustavo Petro"),
    "one letter": ("g", "Gustavo Petro"),
    "other language": ("presidencia", "President of Colombia"),
    "within a word": ("ustavo", "Gustavo Petro"),
    "letter left out": ("gustvo", "Gustavo Petro"),
    "letter put in": ("gustaavo", "Gustavo Petro"),
    "letter changed": ("gustabo", "Gustavo Petro"),
    "letters in the wrong order": ("gusatvo", "Gustavo Petro"),
    "errors in two words": ("gustvo petor", "Gustavo Petro"),
    "two errors in a long word": ("presidemcya de colombia", "President of Colombia"),
    "characters without spaces": ("中国", "访问中国"),
    "IRI": (f"{iris.DATA}gustavo-petro", "Gustavo Petro"),
    "IRI with a prefix": ("dipid:gustavo-petro", "Gustavo Petro"),
    "IRI in brackets": (f"<{iris.DATA}gustavo-petro>", "Gustavo Petro"),
}


@pytest.mark.parametrize(("text", "name"), FOUND.values(), ids=FOUND)
def test_a_thing_is_found_first_by(index: SearchIndex, text: str, name: str) -> None:
    assert labels(index, text)[0] == name


def test_exact_names_come_before_words_words_before_prefixes_and_names_before_quotations(
    index: SearchIndex,
) -> None:
    assert labels(index, "mr petro")[0] == "Gustavo Petro"
    assert labels(index, "petro") == [
        *("Gustavo Petro", "Meeting with Petro", "Petro speaks of a crime", "Ivan Petrov")
    ]
    assert [hit.fit for hit in hits(index, "petro")] == ["words", "words", "words", "prefix"]
    assert labels(index, "kidnapping")[-1].startswith("“he called")


def test_what_is_mentioned_more_comes_first(tmp_path: Path) -> None:
    story = 'dipid:a rdfs:label "Ana Ruiz" . dipid:b rdfs:label "Ana Paz" . dipid:c dip:concerns dipid:b .'
    with built(tmp_path / "one", quads(story)) as index:
        assert labels(index, "ana") == ["Ana Paz", "Ana Ruiz"]
    more = story + " dipid:d dip:concerns dipid:a . dipid:e dip:concerns dipid:a ."
    with built(tmp_path / "other", quads(more)) as index:
        assert labels(index, "ana") == ["Ana Ruiz", "Ana Paz"]


def test_the_place_where_something_is_written_does_not_make_it_important(tmp_path: Path) -> None:
    story = """dipid:a dcterms:title "Ana, an article" . dipid:b rdfs:label "Ana Paz" .
        dipid:p dip:occursIn dipid:a . dipid:r dip:foundIn dipid:a . dipid:c dip:concerns dipid:b ."""
    with built(tmp_path, quads(story)) as index:
        assert labels(index, "ana") == ["Ana Paz", "Ana, an article"]


def test_a_search_is_narrowed_to_a_class_and_those_below_it(index: SearchIndex) -> None:
    assert labels(index, "petro", read_class("Actor")) == ["Gustavo Petro", "Ivan Petrov"]
    assert labels(index, "petro", read_class("dip:Happening")) == ["Meeting with Petro"]
    assert labels(index, "petro", read_class("Actor"), read_class("Event"))[:2] == [
        *("Gustavo Petro", "Meeting with Petro")
    ]
    assert labels(index, "dipid:gustavo-petro", read_class("Happening")) == []


def test_a_class_that_does_not_exist_is_refused_with_the_nearest(index: SearchIndex) -> None:
    with pytest.raises(NotFound, match="no class dip:Persn"):
        labels(index, "petro", read_class("Persn"))


def test_a_claim_is_headed_as_a_claim_and_never_by_a_label_that_states_it(index: SearchIndex) -> None:
    claim = next(hit for hit in hits(index, "kidnapping") if hit.iri == f"{iris.DATA}claim")
    assert claim.label == "Claim by Gustavo Petro: “a kidnapping”"
    assert claim.description == "a claim, not a fact of this graph"
    (nameless,) = hits(index, "secuestro", lang="es")
    assert nameless.label == "Afirmación de alguien: “un secuestro”"
    every = [hit for text in ("kidnapping", "caracas", "secuestro") for hit in hits(index, text)]
    assert "Kidnapping in Caracas" not in {hit.label for hit in every}


def test_a_happening_that_somebody_denies_is_headed_so(index: SearchIndex) -> None:
    assert labels(index, "walkout") == ["Walkout (denied by Nicolás Maduro)"]
    assert labels(index, "walkout", lang="es") == ["Walkout (lo niega Nicolás Maduro)"]


def test_words_are_quoted_with_whose_they_are(index: SearchIndex) -> None:
    found = {hit.iri.removeprefix(iris.DATA): hit for hit in hits(index, "kidnapping")}
    assert found["passage"].label == "“he called it a kidnapping”"
    assert found["passage"].description == "words of Gustavo Petro; in The article"
    matched = found["words"].matched
    assert matched is not None
    assert (matched.text, matched.kind) == ("“that was a kidnapping”", "quotation")
    assert found["words"].description == "by Gustavo Petro"


def test_each_thing_has_a_type_and_a_line_in_the_language_asked_for(index: SearchIndex) -> None:
    (petro, *_), (meeting, *_) = hits(index, "gustavo"), hits(index, "meeting")
    assert (petro.type_label, petro.description) == ("Person", "office: President of Colombia")
    assert meeting.description == "Talks, 2026-02-03, Bogotá"
    (petro, *_) = hits(index, "gustavo", lang="es-CO")
    assert (petro.type_label, petro.description) == ("Persona", "cargo: Presidencia de Colombia")


def test_a_name_in_another_language_is_told_beside_the_heading(index: SearchIndex) -> None:
    (president, *_) = hits(index, "presidencia")
    assert president.matched is not None
    assert (president.matched.text, president.matched.lang) == ("Presidencia de Colombia", "es")


def test_pages_follow_one_another_without_a_gap(tmp_path: Path) -> None:
    story = " ".join(
        f'dipid:a{number} rdfs:label "Ana {number:03}", "Anna {number:03}" .' for number in range(130)
    )
    with built(tmp_path, quads(story)) as index:
        seen: list[str] = []
        query: SearchQuery | None = SearchQuery("ana", limit=40)
        while query:
            answer = search(index, query)
            seen += [hit.iri for hit in answer.hits]
            query = SearchQuery("ana", limit=40, offset=answer.following) if answer.following else None
        assert len(seen) == len(set(seen)) == 130


def test_an_answer_survives_its_way_as_json(index: SearchIndex) -> None:
    query = SearchQuery("petro", limit=2)
    answer = search(index, query)
    assert answer.has_more
    assert SearchAnswer.from_json(query, answer.as_json()) == answer


HOSTILE = [
    *('"', "'", '" OR "', "NEAR(a b)", "a*", "-a", "^a", "{a}: b", "a AND", "NOT", "trigram:petro"),
    *("\x00", "%", "_", "\\", "\ud7ff", "\ue000\ue000\ue000", "😀", "()", "; DROP TABLE name; --", "\u202e"),
    *("é" * LONGEST_TEXT, "a b " * (LONGEST_TEXT // 4), "ab " * (LONGEST_TEXT // 3), "\ufdfa" * LONGEST_TEXT),
]


@pytest.mark.parametrize("text", HOSTILE)
def test_no_character_of_a_text_has_a_meaning_of_its_own(index: SearchIndex, text: str) -> None:
    for hit in hits(index, text):
        assert hit.label


@given(st.text(min_size=1, max_size=LONGEST_TEXT).filter(str.strip))
def test_any_text_can_be_searched(index: SearchIndex, text: str) -> None:
    search(index, SearchQuery(text))


@pytest.mark.parametrize(
    ("given", "fault"),
    [
        ({"text": " \t"}, "empty"),
        ({"text": "a" * (LONGEST_TEXT + 1)}, "longer than"),
        ({"text": "a", "lang": "e n"}, "language tag is written"),
        ({"text": "a", "lang": "a" * 1000}, "language tag is written"),
        ({"text": "a", "limit": 0}, "1 to 100"),
        ({"text": "a", "limit": 101}, "1 to 100"),
        ({"text": "a", "offset": -1}, "offset"),
        ({"text": "a", "offset": MOST_FOUND}, "offset"),
    ],
)
def test_a_search_out_of_bounds_is_refused(given: dict[str, object], fault: str) -> None:
    with pytest.raises(BadInput, match=fault):
        SearchQuery(**given)  # type: ignore[arg-type]  # each is of its type


def test_a_search_that_takes_too_long_is_ended(tmp_path: Path) -> None:
    story = " ".join(f'dipid:a{number} rdfs:label "Ana {number}" .' for number in range(400))
    with built(tmp_path, quads(story)) as index:
        with pytest.raises(QueryKilled, match="longer than 0 seconds"):
            search(index, SearchQuery("ana", limit=100), seconds=0)
        assert search(index, SearchQuery("ana")).hits, "the next search has its own time"


def test_an_index_that_is_missing_or_no_index_is_unavailable(tmp_path: Path) -> None:
    with pytest.raises(Unavailable, match="no search index"):
        SearchIndex.open(tmp_path)
    path = tables.path_in(tmp_path)
    path.parent.mkdir()
    path.write_bytes(b"no database" * 1000)
    with pytest.raises(Damaged, match="cannot be read"):
        SearchIndex.open(tmp_path)


def test_a_claim_that_claims_itself_ends(tmp_path: Path) -> None:
    with built(tmp_path, quads('dipid:c a dip:Claim ; rdfs:label "C" ; dip:claimedBy dipid:c .')) as index:
        assert labels(index, "c") == ["Claim by C"]


def test_classes_in_a_circle_end(tmp_path: Path) -> None:
    story = """dip:Person rdfs:subClassOf dip:Actor . dip:Actor rdfs:subClassOf dip:Person .
        dipid:a a dip:Person ; rdfs:label "Ana" ."""
    with built(tmp_path, quads(story)) as index:
        assert labels(index, "ana", DIP.ACTOR.value) == ["Ana"]
