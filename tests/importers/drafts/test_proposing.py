"""Rules that propose drafts: names, trigger words, reserve and dates of a text, in English and Spanish."""

from collections.abc import Mapping

import pytest

from kg.importers import table
from kg.importers.drafts import rows
from kg.importers.drafts.article import Article
from kg.importers.drafts.known_names import KnownSource
from kg.importers.drafts.proposing import DraftedTable, proposed

NAMES = {
    "Gustavo Petro": "gustavo-petro",
    "Donald Trump": "donald-trump",
    "Colombia": "colombia",
    "U.S.": "united-states",
    "Reuters": "reuters",
    "Trump administration": "trump-administration",
}
INTRODUCED = "Gustavo Petro and Donald Trump are named here. "


class SomeNames:
    """A graph with a few actors, and with one source."""

    def actor(self, name: str) -> str:
        return NAMES.get(name, "")

    def is_person(self, slug: str) -> bool:
        return slug in ("gustavo-petro", "donald-trump")

    def source(self, url: str, _text_hash: str) -> KnownSource | None:
        return KnownSource("known-page", "") if url == "https://known.example/" else None


def proposal(text: str, *marks: str, language: str = "en", url: str = "") -> DraftedTable:
    article = Article(text, "Some page", url, "Reuters", language=language)
    return proposed(article, marks, SomeNames())


def drafts(text: str, language: str = "en") -> list[Mapping[str, str]]:
    """Return the rows that are proposed for a text that follows the full names of two persons."""
    found = proposal(INTRODUCED + text, language=language).drafts
    return [each.cells for each in found if each.cells["record"] != "source"]


def test_an_accusation_is_a_statement_with_a_claim() -> None:
    (row,) = drafts("Petro accused Colombia of breaking its word.")
    assert (row["record"], row["kind"]) == ("statement", "accusation")
    assert (row["speaker"], row["alleged_actor"]) == ("gustavo-petro", "colombia")
    assert row["claim"] == "breaking its word"
    assert (row["basis"], row["hedge"]) == ("attributed", "plain")
    assert row["passage"] == "Petro accused Colombia of breaking its word."
    assert row["passage_start"] == str(len(INTRODUCED))


@pytest.mark.parametrize(
    ("text", "speaker"),
    [
        ("“Never again,” Petro said.", "gustavo-petro"),
        ("“Never again,” said Petro.", "gustavo-petro"),
        ("“Never again,” he said.", None),
        ("“Never again,” a U.S. official said.", None),
        ("“Never again,” the president of Colombia said.", None),
        ("Petro, the president of Colombia, said “Never again.”", "gustavo-petro"),
        ("Petro’s minister said “Never again.”", None),
        ("Verónica Petro said “Never again.”", "veronica-petro"),
    ],
)
def test_who_speaks_is_filled_in_only_if_the_words_tell(text: str, speaker: str | None) -> None:
    row = drafts(text)[-1]
    assert row.get("speaker") == speaker
    assert row["quote"] == "Never again"


def test_a_name_that_the_graph_lacks_makes_a_row_whose_class_is_empty() -> None:
    actor, statement = drafts("Minister Laura Sarabia said talks go on.")
    assert actor == {
        "record": "actor",
        "id": "laura-sarabia",
        "label": "Laura Sarabia",
        "source": "some-page",
    }
    assert statement["speaker"] == "laura-sarabia"


def test_a_passive_turns_the_parties_round() -> None:
    (row,) = drafts("Petro was accused by Trump of lying.")
    assert (row["speaker"], row["about"], row["claim"]) == ("donald-trump", "gustavo-petro", "lying")


def test_a_threat_names_its_act_kind_and_condition() -> None:
    (row,) = drafts("Trump threatened Colombia with tariffs unless it accepts the flights.")
    assert (row["kind"], row["addressee"], row["act_toward"]) == ("threat", "colombia", "colombia")
    assert (row["act"], row["act_kind"]) == ("tariffs", "tariff")
    assert row["condition"] == "unless it accepts the flights"


def test_a_last_name_before_administration_is_not_the_person() -> None:
    assert drafts("The Trump administration threatened sanctions.")[0]["speaker"] == "trump-administration"
    assert "speaker" not in drafts("The Petro government threatened sanctions.")[0]


def test_a_deed_is_an_event_in_the_voice_of_the_source_with_its_date() -> None:
    (row,) = drafts("In January 2025, Petro refused to take the flights.")
    assert (row["record"], row["kind"], row["performer"]) == ("event", "refusal", "gustavo-petro")
    assert (row["date_as_written"], row["date"]) == ("January 2025", "2025-01")
    assert (row["basis"], row["hedge"]) == ("own-voice", "plain")
    assert "label" not in row


def test_a_date_without_a_year_gives_words_alone() -> None:
    (row,) = drafts("Trump and Petro met in February.")
    assert row["participants"] == "donald-trump; gustavo-petro"
    assert row["date_as_written"] == "February"
    assert "date" not in row
    assert "kind" not in row


def test_a_gift_has_giver_and_receiver() -> None:
    (row,) = drafts("Trump presented Petro with a hat.")
    assert (row["record"], row["kind"]) == ("gesture", "gift")
    assert (row["giver"], row["receiver"]) == ("donald-trump", "gustavo-petro")


@pytest.mark.parametrize(
    ("text", "hedge", "speaker"),
    [
        ("Petro reportedly suspended the measures.", "reportedly", None),
        ("According to Reuters, Petro suspended the measures.", "claimed", "reuters"),
        ("Petro allegedly refused to go.", "reportedly", None),
        ("Presuntamente, Petro suspendió las medidas.", "reportedly", None),
        ("Petro, según Reuters, suspendió las medidas.", "claimed", "reuters"),
    ],
)
def test_a_deed_told_with_reserve_starts_as_a_claim_and_never_as_an_event(
    text: str, hedge: str, speaker: str | None
) -> None:
    (row,) = drafts(text)
    assert (row["record"], row["basis"], row["hedge"]) == ("statement", "attributed", hedge)
    assert row.get("speaker") == speaker
    assert row["alleged_actor"] == "gustavo-petro"
    assert row["claim"] == text.rstrip(".")
    assert "kind" not in row


def test_spanish_words_are_read() -> None:
    accusation, threat = drafts(
        "Petro acusó a Colombia de mentir. Trump amenazó a Colombia con aranceles si no cede.", "es"
    )
    assert (accusation["kind"], accusation["claim"]) == ("accusation", "mentir")
    assert accusation["language"] == "es"
    assert (threat["kind"], threat["act_es"], threat["condition"]) == ("threat", "aranceles", "si no cede")


def test_quoted_words_trigger_nothing() -> None:
    (row,) = drafts("Petro said “Trump refused to come.”")
    assert row["kind"] == "remark"


def test_marked_passages_alone_are_drafted_and_one_without_trigger_words_too() -> None:
    text = "Petro accused Colombia of lying.\nA handshake\nended the day. Trump denied it."
    found = proposal(text, "A handshake ended the day.", "not there")
    rows_ = [each.cells for each in found.drafts if each.cells["record"] != "source"]
    assert [row["passage"] for row in rows_] == ["A handshake\nended the day."]
    assert "kind" not in rows_[0]
    assert found.missing == ("not there",)


def test_a_source_is_described_with_the_hash_of_its_text_unless_the_graph_has_it() -> None:
    source = proposal("Colombia denied it.").drafts[0].cells
    assert (source["publisher"], source["label"], source["text_length"]) == ("reuters", "Some page", "19")
    known = proposal("Colombia denied it.", url="https://known.example/").drafts
    assert [each.cells["source"] for each in known] == ["known-page"]
    assert "passage_start" not in known[0].cells


def test_the_rows_are_a_table_whose_lines_are_known() -> None:
    text = "Petro said\n“no.” Colombia denied it."
    found = [each.cells for each in proposal(text, "Petro said “no.”", "Colombia denied it.").drafts]
    written, lines = rows.table(found)
    assert lines == [2, 3, 5]
    assert written.split("\n")[lines[-1] - 1].startswith("statement,some-page-statement-")
    with pytest.raises(Exception, match="line 3, column speaker"):
        table.read(written.encode(), 1 << 20)
