"""Pages by the kind of a thing, for the seed: what stands on top, and whose words are whose."""

import re

import pytest
from pyoxigraph import Literal, NamedNode

from kg import iris
from kg.pages.profiles import thing_page
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.rendering import Style
from kg.store.store import Store
from kg.terms import DIP, RDF, RDFS
from tests.support import attributed_text

CLASSES = (
    "Statement",
    "Claim",
    "Source",
    "Account",
    "Person",
    "State",
    "Stance",
    "StatusRecord",
    "DisputedPoint",
)
"""Classes of which each thing of the seed has its page read."""
HAPPENINGS = ("Meeting", "Negotiation", "Agreement", "Refusal", "Event", "Gift", "Alteration", "Threat")


def page(store: Store, name: str, language: str = "en", **asked: object) -> str:
    request = ThingRequest(NamedNode(iris.DATA + name).value, **asked)  # type: ignore[arg-type]  # on, start
    return b"".join(thing_page.write(Style("/", language), request, store.log, store)).decode()


def text(store: Store, name: str, language: str = "en", **asked: object) -> str:
    return attributed_text.read(page(store, name, language, **asked))[0]


def names(store: Store, *classes: str) -> list[str]:
    found = {
        quad.subject.value.removeprefix(iris.DATA)
        for each in classes
        for quad in store.quads_for_pattern(None, RDF.TYPE, NamedNode(iris.TERMS + each))
        if isinstance(quad.subject, NamedNode)
    }
    return sorted(found)


def words(text: str) -> str:
    """Return the words of a text between spaces, without case and punctuation."""
    return f" {re.sub(r'[^0-9A-Za-zÀ-ÿ]+', ' ', text).strip().casefold()} "


def labels(store: Store, name: str) -> list[str]:
    """Return the names of a thing."""
    quads = store.quads_for_pattern(NamedNode(iris.DATA + name), RDFS.LABEL, None)
    return [quad.object.value for quad in quads if isinstance(quad.object, Literal)]


def contents(store: Store) -> set[str]:
    """Return what the claims of the graph say."""
    quads = store.quads_for_pattern(None, DIP.CONTENT, None)
    return {quad.object.value for quad in quads if isinstance(quad.object, Literal)}


def above_the_fold(shown: str) -> str:
    """Return the page without what it folds away."""
    return shown.partition('<details class="fold" id="triples">')[0]


def test_no_claim_is_told_outside_an_element_of_claims_or_quotation_marks(seed: Store) -> None:
    said = set(map(words, contents(seed)))
    # The name of a statement says who speaks: "Petro says that he never refused".
    attributed = [words(label) for name in names(seed, "Statement") for label in labels(seed, name)]
    for name in names(seed, *CLASSES, *HAPPENINGS):
        bare = words(attributed_text.read(page(seed, name))[1])
        for label in attributed:
            bare = bare.replace(label, " ")
        assert not {each for each in said if each in bare}, name


def test_nothing_for_programs_stands_above_the_fold(seed: Store) -> None:
    raw = re.compile(r"[0-9a-f]{40}|>dip:|claimKey|equivalent word|contested word|exact hash|start offset")
    for name in ("gustavo-petro", "statement-s4", "claim-s3-refusal", "white-house-meeting", "graph-meeting"):
        shown = page(seed, name)
        assert not raw.search(above_the_fold(shown)), name
        assert ">All triples</summary>" in shown


@pytest.mark.parametrize(
    ("name", "spanish"),
    [
        ("gustavo-petro", "Qué afirman otros de este actor"),
        ("statement-s4", "Qué desmiente"),
        ("claim-s3-refusal", "Este grafo no la respalda."),
        ("standoff-january-2025", "Versiones que difieren"),
        ("presence-news-article", "Sus pasajes, en su orden"),
        ("graph-meeting", "Sus registros"),
        ("alteration-of-the-hat", "Sin fecha en el registro"),
        ("stance-petro-rhetoric", "Qué se dice de esto"),
    ],
)
def test_each_kind_of_page_is_in_spanish_too(seed: Store, name: str, spanish: str) -> None:
    shown = page(seed, name, "es")
    assert '<html lang="es">' in shown
    assert spanish in attributed_text.read(shown)[0]


def test_an_actor_has_the_offices_of_a_day_on_top(seed: Store) -> None:
    told = text(seed, "gustavo-petro", on="2025-01-26")
    assert told.index("Offices on 26 January 2025") < told.index("President of Colombia · held then")
    assert "Head of state of Colombia · held then" in told
    assert "Head of state of Colombia · already ended" in text(seed, "gustavo-petro", on="2030-01-01")
    assert "Head of state of Colombia · not yet begun" in text(seed, "gustavo-petro", on="2010-01-01")
    assert "President of Colombia · not known for that day" in text(seed, "gustavo-petro", on="2025-06-01")


def test_an_actors_own_words_and_deeds_stand_apart_from_what_others_claim(seed: Store) -> None:
    told = text(seed, "gustavo-petro").partition("All triples Where it is mentioned")[0]
    own, _, others = told.partition("What others claim of this actor")
    assert own.index("2025") < own.index("Initial refusal") < own.index("never refused to accept migrants")
    claims = others.partition("What others said and did toward this actor")[0]
    assert "President Petro's refusal to accept two repatriation flights" in claims
    assert "denied by Gustavo Petro" in claims
    assert "kidnapping" not in claims


def test_a_state_counts_the_words_of_those_who_act_for_it_and_says_so(seed: Store) -> None:
    shown = page(seed, "colombia")
    told = attributed_text.read(shown)[0]
    assert "Also counted, because they act for it: Gustavo Petro (" in told
    assert "S4: Petro says that he never refused to accept migrants" in told
    assert 'href="/duet?actor=https%3A//w3id.org/regional-diplomacy/id/colombia&amp;other=dipid%3A' in shown


def test_a_statement_leads_from_words_to_claims_and_to_its_passage(seed: Store) -> None:
    told = text(seed, "statement-s4")
    told = told[told.index("Gustavo Petro · 26 January 2025 · about United States") :]
    parts = (
        "never refused to accept",
        "What it claims",
        "What it denies",
        "not read, only seen in",
    )
    places = [told.index(part) for part in parts]
    assert places == sorted(places)


def test_a_claim_says_first_that_nobody_here_endorses_it(seed: Store) -> None:
    told = text(seed, "claim-s3-refusal")
    top = told[: told.index("What is claimed")]
    assert (
        "Not endorsed by this graph. It is what US Department of State says. Denied by Gustavo Petro ." in top
    )
    says, denies = told.index("Who says it"), told.index("Who denies it")
    assert says < told.index("he previously authorized") < denies
    assert "Denied , by the account of Gustavo Petro" in told[denies:]
    assert "What others say on the same point What was refused?" in told
    assert "The graph records no denial." in text(seed, "claim-s6-all-terms")


def test_an_event_has_its_date_and_how_it_is_known_on_top(seed: Store) -> None:
    told = text(seed, "white-house-meeting")
    assert told.index("February 2026 inferred") < told.index("written as “ their February meeting ”")
    assert told.index("A curator’s reasoning: The month is stated") < told.index("Who took part")
    assert "took part Donald Trump ( President of the United States )" in told
    assert "No date in the record After Gift of the hat" in text(seed, "alteration-of-the-hat")


def test_the_altered_slogan_is_marked_as_reported_and_the_gift_is_not(seed: Store) -> None:
    assert '<a class="badge reported"' in page(seed, "alteration-of-the-hat")
    assert '<a class="badge reported"' not in page(seed, "gift-of-the-hat")


def test_rival_accounts_stand_under_their_holders(seed: Store) -> None:
    shown = page(seed, "standoff-january-2025")
    accounts = shown[shown.index('id="accounts"') :].split('<div class="panel">')[1:7]
    assert len(accounts) == 6
    assert all('<div class="claimed">' in each for each in accounts)
    assert "The graph picks none" in shown


def test_a_source_shows_its_passages_in_their_order_with_the_records_they_carry(seed: Store) -> None:
    shown = page(seed, "presence-news-article")
    passages = shown[shown.index('id="passages"') :]
    assert passages.index("Trump-Petro White House meeting") < passages.index("carrying Colombian migrants")
    told = attributed_text.read(shown)[0]
    assert "At most 1 independent origin : 5 sources, 1 of them read, 4 only cited or seen elsewhere" in told
    assert "Disclaimer of its publisher Editor’s disclaimer" in told
    assert ">Plain</a>" not in passages.partition('id="triples"')[0]
    assert ">Reportedly</a>" in passages + page(seed, "presence-news-article", start=50)


def test_a_submission_shows_its_records_and_who_brought_them(seed: Store) -> None:
    told = text(seed, "graph-meeting")
    assert "Who Regional Diplomacy seed When" in told
    assert (
        told.index("statement Statement 2")
        < told.index("happening Meeting 1")
        < told.index("reports, passages")
    )
    assert "Trump calls the talks “very good”" in told


def test_other_things_keep_the_plain_page(seed: Store) -> None:
    told = text(seed, "president-of-colombia")
    assert told.index("What is said of it") < told.index("Where it is mentioned") < told.rindex("All triples")
