"""What an expert would check in the seed graph: the article told whole, and nothing beyond a source.

The article is not shipped. Its passages are checked against the full text where that is at hand (the file
named by ``KG_ARTICLE``, or ``../shared/seed/article.txt`` beside the checkout), and by their hashes
everywhere.
"""

import hashlib
import os
import re
from functools import cache
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Quad, Store

from kg import ontology
from kg.gate.gate import Gate
from kg.iris import DATA, KINDS, PREFIXES, TERMS
from tests.support.answers import answer, seed_store

ARTICLE = Path(os.environ.get("KG_ARTICLE", Path(__file__).parents[3] / "shared" / "seed" / "article.txt"))
ARTICLE_IRI = NamedNode(DATA + "presence-news-article")


@cache
def seed() -> Store:
    """The seed dataset alone, in memory."""
    store = Store()
    store.extend(ontology.load().seed)
    return store


def quads(subject: str | None = None, predicate: str | None = None, value: str | None = None) -> list[Quad]:
    """The seed's quads for a pattern of local names; a value is a data node or a kind."""
    node = None if subject is None else NamedNode(DATA + subject)
    property_ = None if predicate is None else NamedNode(TERMS + predicate)
    ends = [None] if value is None else [NamedNode(DATA + value), NamedNode(KINDS + value)]
    return [quad for end in ends for quad in seed().quads_for_pattern(node, property_, end)]


def values(subject: str, predicate: str) -> set[str]:
    """The values of a property of a data node: local names of IRIs, the text of literals."""
    found = {quad.object for quad in quads(subject, predicate)}
    return {
        term.value if isinstance(term, Literal) else term.value.removeprefix(DATA).removeprefix(KINDS)
        for term in found
        if isinstance(term, Literal | NamedNode)
    }


def subjects(predicate: str, value: str) -> set[str]:
    """The local names of the data nodes that have a value."""
    found = (quad.subject for quad in quads(None, predicate, value))
    return {node.value.removeprefix(DATA) for node in found if isinstance(node, NamedNode)}


def having(predicate: str) -> set[str]:
    """The local names of the data nodes that have a property."""
    found = (quad.subject for quad in quads(None, predicate))
    return {node.value.removeprefix(DATA) for node in found if isinstance(node, NamedNode)}


def words_for(record: str) -> str:
    """The passages that carry a record, joined, in the order of the source."""
    quoted = {passage for report in subjects("reports", record) for passage in values(report, "quotes")}
    start = {name: int(next(iter(values(name, "startOffset")), "0")) for name in quoted}
    return " ... ".join(
        next(iter(values(name, "exactText"))) for name in sorted(quoted, key=start.__getitem__)
    )


@cache
def passages() -> dict[str, dict[str, str]]:
    """Each passage of the article with its text, offsets and hash."""
    names = subjects("occursIn", "presence-news-article")
    return {
        name: {
            property_: next(iter(values(name, property_)), "")
            for property_ in ("exactText", "prefix", "suffix", "startOffset", "endOffset", "exactHash")
        }
        for name in names
    }


@cache
def article() -> str | None:
    """The full text, where it is at hand."""
    return ARTICLE.read_text(encoding="utf-8") if ARTICLE.is_file() else None


def spans() -> list[tuple[int, int]]:
    """Where the passages stand, with their prefixes and suffixes, in the article's code points."""
    return sorted(
        (int(p["startOffset"]) - len(p["prefix"]), int(p["endOffset"]) + len(p["suffix"]))
        for p in passages().values()
    )


def test_every_passage_has_the_hash_of_its_words_and_stands_where_it_says() -> None:
    text = article()
    assert len(passages()) > 50
    for name, passage in passages().items():
        exact, start, end = passage["exactText"], int(passage["startOffset"]), int(passage["endOffset"])
        assert hashlib.sha256(exact.encode()).hexdigest() == passage["exactHash"], name
        assert end - start == len(exact), name
        assert len(passage["prefix"]) <= 32, name
        assert len(passage["suffix"]) <= 32, name
        if text is not None:
            assert text[start:end] == exact, name
            assert text[:start].endswith(passage["prefix"]), name
            assert text[end:].startswith(passage["suffix"]), name


def test_the_hash_and_length_of_the_article_are_those_of_its_text() -> None:
    assert values("presence-news-article", "textLength") == {"5764"}
    (digest,) = values("presence-news-article", "textHash")
    assert re.fullmatch("[0-9a-f]{64}", digest)
    if (text := article()) is not None:
        assert len(text) == 5764
        assert hashlib.sha256(text.encode()).hexdigest() == digest


def test_the_quotations_do_not_add_up_to_the_article() -> None:
    quoted = set[int]().union(*(range(start, end) for start, end in spans()))
    assert len(quoted) < 5764 / 2
    assert max(len(passage["exactText"]) for passage in passages().values()) < 120


def test_every_sentence_of_the_article_that_states_something_has_a_passage() -> None:
    text = article()
    if (
        text is None
    ):  # then only its length is known: passages must reach from the first to the last paragraph
        assert spans()[0][0] < 100
        assert spans()[-1][1] > 5600
        return
    bare = []
    text = re.sub(r"(?<=[a-z])\n", " ", text)  # one line of the article is broken within a sentence
    body_end = text.index("Sources:\n")
    for paragraph in re.finditer(r"[^\n]{120,}", text):
        if body_end < paragraph.start() < text.index("Editor’s Disclaimer"):
            continue  # the four cited headlines, which are sources and no sentences
        for sentence in re.finditer(r"(?:(?:U\.S\.|Mr\.)|[^.])+\.[”’]?|[^.]+$", paragraph[0]):
            start, end = paragraph.start() + sentence.start(), paragraph.start() + sentence.end()
            if len(sentence[0].strip()) > 20 and not any(a < end and start < b for a, b in spans()):
                bare.append(sentence[0])
    assert bare == []


def test_every_passage_is_quoted_by_a_report() -> None:
    quoted = {quad.object for quad in quads(None, "quotes")}
    assert [name for name in passages() if NamedNode(DATA + name) not in quoted] == []


def test_every_record_of_the_article_is_reported_with_a_passage() -> None:
    reports = subjects("foundIn", "presence-news-article") & {
        node.value.removeprefix(DATA)
        for node in (quad.subject for quad in quads(None, "reports"))
        if isinstance(node, NamedNode)
    }
    assert len(reports) > 45
    assert [report for report in reports if not values(report, "quotes")] == []


def test_the_meeting_has_no_day_and_an_inferred_year() -> None:
    assert values("white-house-meeting", "occursAt") == {"time-february-meeting"}
    assert values("time-february-meeting", "dateAsWritten") == {"their February meeting"}
    assert values("time-february-meeting", "date") == {"2026-02"}
    assert values("time-february-meeting", "hasPrecision") == {"month"}
    assert values("time-february-meeting", "dateBasis") == {"inferred"}
    assert values("time-february-meeting", "inferenceNote")


@pytest.mark.parametrize("word", ["war crimes", "kidnapping"])
def test_a_contested_word_stands_only_in_claims_and_in_quotation_marks(word: str) -> None:
    exempt = {"content", "contestedWord", "equivalentWord", "quotation", "exactText"}
    for quad in (*ontology.load().seed, *ontology.load().quads):
        if not isinstance(quad.object, Literal) or word not in quad.object.value.lower():
            continue
        if quad.predicate.value.removeprefix(TERMS) in exempt:
            continue
        assert re.search(rf"[‘'\"“«]{word}", quad.object.value), quad


@pytest.mark.parametrize("word", ["war-crimes", "kidnapping"])
def test_nothing_contested_is_a_happening_or_a_class(word: str) -> None:
    assert not any(quad.subject for quad in quads(None, "performedBy") if word in str(quad.subject))
    assert not any(word in iri for iri in ontology.load().known_terms)


def test_the_altered_slogan_is_hedged_as_reportedly_and_has_no_date() -> None:
    assert values("report-alteration", "hedgedAs") == {"reportedly"}
    assert values("alteration-of-the-hat", "occursAt") == set()
    assert values("alteration-of-the-hat", "hasOccasion") == set()
    assert values("inscription-make-america", "text") == {"Make America Great Again"}
    assert values("inscription-make-the-americas", "text") == {"Make the Americas Great Again"}


def test_the_tariffs_are_a_threat_averted_the_same_day_by_an_agreement() -> None:
    assert values("threat-of-tariffs-and-sanctions", "holdsOut") >= {"threatened-tariffs"}
    assert values("status-tariffs-averted", "hasStatus") == {"averted"}
    assert values("status-tariffs-averted", "settledBy") == {"agreement-on-deportations"}
    assert "threat-of-tariffs-and-sanctions" in values("agreement-on-deportations", "sameDayAs")
    assert values("time-january-2025", "date") == {"2025-01"}


STANCES = {
    ("daniel-noboa", "aligned"),
    ("daniel-ortega", "defiant"),
    ("nicolas-maduro", "defiant"),
    ("claudia-sheinbaum", "critical"),
    ("claudia-sheinbaum", "engaged"),
    ("gustavo-petro", "critical"),
    ("gustavo-petro", "engaged"),
    ("donald-trump", "hardline"),
}


def test_six_leaders_have_attributed_stances() -> None:
    found = set()
    for stance in {q.subject for q in quads(None, "position")}:
        assert isinstance(stance, NamedNode)
        name = stance.value.removeprefix(DATA)
        assert values(name, "assessedBy") == {"presence-news"}
        found.add((*values(name, "heldBy"), *values(name, "position")))
    assert found == STANCES
    assert values("stance-trump-venezuela", "toward") == {"venezuela"}


def test_four_headlines_support_the_article_as_a_whole_and_no_sentence() -> None:
    headlines = subjects("hasKind", "headline")
    assert len(headlines) == 4
    assert values("presence-news-article", "cites") == headlines
    for headline in headlines:
        assert subjects("foundIn", headline) == subjects("occursIn", headline) == set()
        assert values(headline, "url") == values(headline, "occursAt") == set()


def test_the_disclaimer_covers_every_claim_that_the_article_attributes() -> None:
    covered = answer("claims-covered-by-a-disclaimer")
    for claim in ("claim-petro-war-crimes", "claim-petro-kidnapping", "claim-petro-serious-crimes"):
        assert claim in covered


def test_petro_is_president_only_as_of_a_date_and_ortega_and_maduro_hold_no_office_by_the_article() -> None:
    assert values("tenure-petro", "attestedAt") == {"time-january-2025", "time-february-meeting"}
    assert values("tenure-petro", "startsAt") == values("tenure-petro", "endsAt") == set()
    article_tenures = {"tenure-petro", "tenure-trump", "tenure-sheinbaum", "tenure-noboa"}
    reported = set().union(*(values(r, "reports") for r in subjects("foundIn", "presence-news-article")))
    assert {name for name in reported if name.startswith("tenure-")} == article_tenures
    assert subjects("heldBy", "nicolas-maduro") == {"stance-maduro-rhetoric", "stance-maduro-conduct"}


def test_january_has_five_rival_accounts_and_the_article_its_own() -> None:
    accounts = subjects("recounts", "standoff-january-2025")
    holders = set().union(*(values(account, "heldBy") for account in accounts))
    assert all(values(account, "inferenceNote") for account in accounts)
    assert holders == {
        "donald-trump",
        "white-house-office",
        "ministry-of-foreign-affairs-of-colombia",
        "us-department-of-state",
        "gustavo-petro",
        "presence-news",
    }


def test_the_ten_statements_are_there_word_for_word() -> None:
    table = ARTICLE.parents[1] / "data" / "statements" / "us_colombia_statements_2025.tsv"
    for number in range(1, 11):
        assert values(f"statement-s{number}", "madeBy")
    if table.is_file():
        for line in table.read_text(encoding="utf-8").splitlines()[1:]:
            name, *_, kind, text, _, page = line.split("\t")
            property_ = "quotation" if kind == "quote" else "paraphrase"
            assert values(f"statement-{name.lower()}", property_) == {text}
            reports = subjects("reports", f"statement-{name.lower()}")
            sources = set().union(*(values(report, "foundIn") for report in reports))
            assert [values(source, "url") for source in sources] == [{page}]


def test_what_was_not_read_itself_is_said_to_be_seen_in_a_table() -> None:
    read: set[str] = set()
    where = {
        "presence-news-article": read,
        "statements-table-2025": read,
        "wikidata-offices-snapshot": {"wikidata-ids"},
    }
    for report in having("reports"):
        (source,) = values(report, "foundIn")
        assert values(report, "seenIn") == where.get(source, {"statements-table-2025"}), report


def test_wikidata_items_are_those_of_the_given_list() -> None:
    listed = ARTICLE.parents[1] / "data" / "wikidata" / "ids.tsv"
    items = {
        quad.object.value.rsplit("/", 1)[1]
        for quad in quads(None, "wikidataItem")
        if isinstance(quad.object, NamedNode)
    }
    assert len(items) == 15
    if listed.is_file():
        rows = (line.split("\t") for line in listed.read_text(encoding="utf-8").splitlines()[1:])
        assert items <= {row[0] for row in rows if row[3] == "confirmed"}


def test_whatever_the_seed_names_it_names_in_english_and_in_spanish() -> None:
    languages: dict[object, set[str | None]] = {}
    for quad in ontology.load().seed:
        if quad.predicate.value == PREFIXES["rdfs"] + "label" and isinstance(quad.object, Literal):
            languages.setdefault(quad.subject, set()).add(quad.object.language)
    assert len(languages) > 100
    assert {str(node) for node, found in languages.items() if found != {"en", "es"}} == set()


def test_the_seed_has_no_blank_node_and_every_graph_describes_itself() -> None:
    seed = ontology.load().seed
    assert not any("_:" in str(quad)[:2] or str(quad.object).startswith("_:") for quad in seed)
    titles = {q.subject for q in seed if q.predicate.value == "http://purl.org/dc/terms/title"}
    assert {quad.graph_name for quad in seed} <= titles


def test_the_seed_store_holds_release_and_seed() -> None:
    assert len(seed_store()) == len(set(ontology.load().quads)) + len(ontology.load().seed)


# Words of the article that a record must not lose


@pytest.mark.parametrize(
    ("record", "kept"),
    [
        ("refusal-of-landing", "initially refused to allow U.S.-coordinated military deportation flights"),
        ("refusal-of-landing", "military deportation flights carrying Colombian migrants to land"),
        ("statement-presence-news-account", "military deportation flights"),
        ("characterization-hallmark", "political campaign"),
        ("statement-petro-on-the-hat", "cooperation in the region"),
        ("interpretation-petro", "cooperation in the region"),
        ("interpretation-outlet-gestures", "several symbolic gestures"),
        ("interpretation-outlet-alteration", "based on shared interests"),
        ("interpretation-outlet-alteration", "mostly symbolic"),
        ("negotiations-at-the-white-house", "Some of the areas discussed"),
        ("negotiations-at-the-white-house", "some of the country’s neighbors"),
        ("characterization-uncertain-futures", "many"),
        ("stance-petro-rhetoric", "often trenchant"),
        ("stance-petro-rhetoric-within-engagement", "generally remained within the framework"),
        ("stance-noboa", "In contrast"),
        ("stance-ortega-conduct", "such as"),
        ("stance-maduro-rhetoric", "such as"),
        ("characterization-belligerent-stances", "such as"),
        ("characterization-runs-counter", "runs counter to"),
        ("characterization-no-ideological-agreement", "difference in tone between the two countries"),
    ],
)
def test_the_passages_of_a_record_keep_the_words_that_limit_it(record: str, kept: str) -> None:
    assert kept.casefold() in words_for(record).casefold()


@pytest.mark.parametrize(
    ("record", "property_", "kept"),
    [
        ("claim-presence-news-refused-flights", "content", "U.S.-coordinated military deportation flights"),
        ("statement-presence-news-account", "paraphrase", "military deportation flights"),
        ("interpretation-outlet-gestures", "meaning", "cautious diplomatic engagement"),
        (
            "interpretation-outlet-alteration",
            "meaning",
            "more practical diplomatic efforts based on shared interests",
        ),
        ("characterization-runs-counter", "paraphrase", "runs counter to"),
        (
            "characterization-no-ideological-agreement",
            "paraphrase",
            "difference in tone between the two countries",
        ),
        ("characterization-uncertain-futures", "paraphrase", "many of them"),
    ],
)
def test_the_value_of_a_record_keeps_the_words_that_limit_it(record: str, property_: str, kept: str) -> None:
    (value,) = values(record, property_)
    assert kept in value


def test_a_quotation_of_the_article_is_no_longer_than_its_passage() -> None:
    for record in having("quotation"):
        if words_for(record):
            (quotation,) = values(record, "quotation")
            assert quotation in words_for(record), record


def test_the_demand_for_dignified_returns_is_a_reason_and_announces_nothing() -> None:
    assert values("statement-petro-dignified-returns", "givesReasonFor") == {"refusal-of-landing"}
    assert values("statement-petro-dignified-returns", "announces") == set()


def test_an_accusation_is_told_as_part_of_the_criticism() -> None:
    assert values("statement-petro-accusation", "partOf") == {"statement-petro-broader-criticism"}
    for accusation in ("statement-petro-war-crimes", "statement-petro-kidnapping"):
        assert values(accusation, "partOf") == {"statement-petro-on-military-actions"}


def test_what_petro_claims_was_involvement_has_no_kind() -> None:
    assert values("claim-petro-us-involvement", "allegedKind") == set()


def test_rhetoric_within_engagement_is_rhetoric_and_generally_so() -> None:
    assert values("stance-petro-rhetoric-within-engagement", "hasMode") == {"rhetoric"}
    assert values("report-petro-rhetoric-within-engagement", "hedgedAs") == {"generally"}
    assert "framework" not in words_for("stance-petro-conduct")


def test_sheinbaums_conduct_is_said_to_be_inferred() -> None:
    assert values("report-sheinbaum-conduct", "inferenceNote")


def test_the_tone_after_the_meeting_is_of_the_leaders_and_of_no_statement() -> None:
    assert values("tone-after-meeting", "assesses") == set()
    assert values("tone-after-meeting", "concerns") == {"donald-trump", "gustavo-petro"}
    assert values("tone-after-meeting", "follows") == {"white-house-meeting"}


def test_pointing_out_what_is_common_is_no_agreement_and_no_topic_is_added() -> None:
    kinds = set().union(*(values(record, "hasKind") for record in having("involves")))
    assert "understanding" not in kinds
    assert values("white-house-meeting", "hasTopic") == set()
    topics = {"international-crime", "migration", "venezuela-stability", "trade"}
    assert values("negotiations-at-the-white-house", "hasTopic") == topics


def test_each_topic_of_the_negotiations_has_a_report_with_its_qualifiers() -> None:
    reports = subjects("reports", "negotiations-at-the-white-house")
    found = {topic: values(name, "qualifier") for name in reports for topic in values(name, "hasTopic")}
    some = "Some of the areas discussed"
    assert found == {
        "international-crime": {some},
        "migration": {some},
        "venezuela-stability": {some},
        "trade": {some, "some of the country’s neighbors"},
    }


def test_the_article_stands_without_the_statements() -> None:
    article_part, statements_part = ontology.load().seed_parts
    assert (article_part.name, statements_part.name) == ("article", "statements")
    store = Store()
    store.extend([*ontology.load().quads, *article_part.quads])
    report = Gate.of(ontology.load()).check_whole(store)
    assert [violation.sentence() for violation in report.errors] == []


# What an expert asks


def rows(name: str) -> list[dict[str, str]]:
    """The rows of a question's answer on the seed, with local names for IRIs and bare text for literals."""
    header, *lines = answer(name).splitlines()
    columns = [column.removeprefix("?") for column in header.split("\t")]
    return [dict(zip(columns, [_bare(cell) for cell in line.split("\t")], strict=True)) for line in lines]


def _bare(cell: str) -> str:
    found = re.fullmatch(r'<[^>]*[/#]([^/#>]*)>|"(.*)"(?:@\S+|\^\^\S+)?', cell)
    return cell if found is None else found[1] or found[2] or ""


def test_offices_on_a_day_are_attested_then_or_unknown() -> None:
    found = {(row["holder"], row["source"]): row["how"] for row in rows("who-held-which-office-on-a-day")}
    assert set(found.values()) == {"attested then", "unknown"}
    attested = {key for key, how in found.items() if how == "attested then"}
    sources = {"presence-news-article", "wikidata-offices-snapshot"}
    assert attested == {("gustavo-petro", source) for source in sources}
    for person in ("daniel-ortega", "nicolas-maduro"):
        assert found[person, "presence-news-article"] == "unknown"


def test_a_threat_has_a_target_a_condition_if_stated_and_what_became_of_it() -> None:
    found = {
        (row["act"], row["target"], row["condition"], row["status"], row["settledBy"])
        for row in rows("threats-and-what-became-of-them")
        if row["status"] != "threatened"
    }
    settled = "agreement-on-deportations"
    assert found == {
        ("threatened-tariffs", "colombia", "no condition stated", "averted", settled),
        ("threatened-sanctions", "colombia", "no condition stated", "averted", settled),
        (
            *("measures-in-reserve", "colombia", "Colombia fails to honor this agreement"),
            *("suspended", settled),
        ),
    }


def test_each_account_answers_each_point_or_says_nothing_on_it() -> None:
    found = {(row["point"], row["holder"]): row["claim"] for row in rows("accounts-point-by-point")}
    assert len(found) == 12
    assert found["point-what-was-refused", "donald-trump"] == "claim-s1-not-allowed-to-land"
    assert found["point-how-it-ended", "donald-trump"] == ""


def test_words_and_tones_stand_together_before_and_after_the_meeting() -> None:
    found = {
        (row["side"], row["speaker"], row["words"], row["tone"])
        for row in rows("tone-before-and-after-an-event")
    }
    assert ("after", "donald-trump", "very good", "") in found
    assert ("after", "gustavo-petro", "", "positive") in found
    assert {tone for side, speaker, _, tone in found if (side, speaker) == ("before", "donald-trump")} == {
        "disparaging"
    }


def test_venezuelans_are_a_group_that_weighs_whether_to_return() -> None:
    found = {row["group"]: row["words"] for row in rows("groups-of-people-and-what-is-said-of-them")}
    assert set(found) == {"venezuelans-across-latin-america", "leaders-warned-by-trump", "unnamed-observers"}
    assert "weigh whether to return home" in answer("groups-of-people-and-what-is-said-of-them")
