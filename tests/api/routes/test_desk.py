"""The reviewer's desk over HTTP, without scripts: drafts, edits, verdicts beside each, the table."""

import html
import re
from collections.abc import Iterator

import pytest

from kg.settings import Settings
from kg.store.store import Store
from tests.api.routes.test_pages import BROWSER
from tests.support.api_server import Client, client
from tests.support.page_text import inline_code
from tests.support.stores import open_store

TEXT = (
    "Gustavo Petro accused the United States of lying. Petro reportedly refused to come."
    " Petro visited Mexico."
)
ARTICLE = {
    "article": TEXT,
    "title": "A page of the desk",
    "publisher": "Reuters",
    "url": "https://desk.example/page",
    "date": "2025-02-01",
    "text-language": "en",
    "marks": "",
}
_FIELD = re.compile(r"<(input|textarea)\b([^>]*)>(?:([^<]*)</textarea>)?")


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("desk") / "data") as opened:
        yield opened


@pytest.fixture(scope="module")
def kg(store: Store, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Client]:
    settings = Settings(data=tmp_path_factory.mktemp("settings"), readers=1)
    with client(settings, store) as asking:
        yield asking


def sent(kg: Client, fields: dict[str, str], status: int = 200, path: str = "/desk") -> str:
    answer = kg.post(path, data=fields, headers=BROWSER)
    assert answer.status_code == status, answer.text
    return answer.text


def fields_of(page: str) -> dict[str, str]:
    """Return what a browser would send back: each field of the form with its value."""
    found: dict[str, str] = {}
    for kind, attributes, text in _FIELD.findall(page.partition('id="desk"')[2]):
        pairs = dict(re.findall(r'([\w-]+)="([^"]*)"', attributes))
        if "name" not in pairs or (pairs.get("type") == "radio" and " checked" not in attributes):
            continue
        value = text.removeprefix("\n") if kind == "textarea" else pairs.get("value", "")
        found.setdefault(pairs["name"], html.unescape(value))
    return {**found, "text-language": "en"}


def number_of(fields: dict[str, str], kind: str) -> str:
    """Return the number of the draft of a kind."""
    return next(name.partition(".")[0] for name, value in fields.items() if value == kind and ".kind" in name)


def verdict_of(page: str, number: str) -> str:
    """Return the text of a draft, with its verdict."""
    return re.sub(r"<[^>]+>", "", page.partition(f'id="draft-{number}"')[2].partition("</li>")[0])


@pytest.fixture(scope="module")
def proposed(kg: Client) -> str:
    return sent(kg, {**ARTICLE, "do": "propose"})


def test_an_empty_desk_is_a_form_that_needs_no_script(kg: Client) -> None:
    page = kg.get("/desk", headers=BROWSER)
    assert page.status_code == 200
    assert '<form id="desk" action="/desk" method="post">' in page.text
    assert not inline_code(page.text)


def test_drafts_are_proposed_undecided_and_nothing_is_stored(store: Store, proposed: str) -> None:
    fields = fields_of(proposed)
    assert store.version == 3
    accusation = number_of(fields, "accusation")
    assert fields[f"{accusation}.speaker"] == "gustavo-petro"
    assert fields[f"{accusation}.alleged_actor"] == "united-states"
    assert fields[f"{accusation}.decision"] == "open"
    assert fields["0.record"] == "source"
    assert fields["0.decision"] == "accepted"
    assert "The graph has no actor" not in proposed


def test_the_verdict_stands_beside_its_draft_in_a_sentence(proposed: str) -> None:
    fields = fields_of(proposed)
    assert "No fault found in this row." in verdict_of(proposed, number_of(fields, "accusation"))
    visit = verdict_of(proposed, number_of(fields, "visit"))
    assert "one of the cells label, label_es, names is required" in visit
    held_back = next(name for name, value in fields.items() if value == "reportedly").partition(".")[0]
    assert fields[f"{held_back}.record"] == "statement"
    assert "column speaker: this is required" in verdict_of(proposed, held_back)


def test_an_edited_draft_gets_a_new_verdict_and_rejected_ones_are_left_out(kg: Client, proposed: str) -> None:
    fields = fields_of(proposed)
    visit = number_of(fields, "visit")
    for name in list(fields):
        if name.endswith(".decision") and not name.startswith(("0.", f"{visit}.")):
            fields[name] = "rejected"
    fields |= {f"{visit}.label": "Visit of Petro to Mexico", f"{visit}.decision": "accepted", "do": "check"}
    fields |= {f"{visit}.another": "host", f"{visit}.another-value": "mexico"}
    page = sent(kg, fields)
    assert "2 rows accepted by you: 0 errors" in re.sub(r"\s+", " ", re.sub(r"<[^>]+>", "", page))
    again = fields_of(page)
    assert again[f"{visit}.host"] == "mexico"
    table = sent(kg, {**again, "do": "csv"}, path="/desk/table")
    assert table.count("\n") == 3
    assert "Visit of Petro to Mexico" in table
    turtle = sent(kg, {**again, "do": "turtle"}, path="/desk/table")
    assert 'rdfs:label "Visit of Petro to Mexico"@en' in turtle
    verdict = kg.post("/validate", content=table, headers={"Content-Type": "text/csv"}).json()
    assert verdict["conforms"]


def test_the_finding_of_the_gate_stands_at_its_line(kg: Client, proposed: str) -> None:
    fields = fields_of(proposed)
    accusation = number_of(fields, "accusation")
    for name in list(fields):
        if name.endswith(".decision") and not name.startswith(("0.", f"{accusation}.")):
            fields[name] = "rejected"
    page = sent(kg, {**fields, f"{accusation}.speaker": "nobody-at-all", "do": "check"})
    assert "nobody-at-all" in verdict_of(page, accusation).partition("speaker")[2]
    assert "This row is not accepted yet." in verdict_of(page, accusation)


def test_proposing_again_keeps_what_was_decided(kg: Client, proposed: str) -> None:
    fields = fields_of(proposed)
    accusation = number_of(fields, "accusation")
    page = sent(kg, {**fields, f"{accusation}.decision": "rejected", "do": "propose"})
    again = fields_of(page)
    assert again[f"{accusation}.decision"] == "rejected"
    assert len(again) == len(fields)


def test_a_changed_passage_is_found_in_the_text_anew(kg: Client, proposed: str) -> None:
    fields = fields_of(proposed)
    visit = number_of(fields, "visit")
    page = sent(kg, {**fields, f"{visit}.passage": "visited Mexico", "do": "check"})
    assert fields_of(page)[f"{visit}.passage_start"] == str(TEXT.index("visited Mexico"))


def test_marked_words_that_the_text_lacks_are_told(kg: Client) -> None:
    page = sent(kg, {**ARTICLE, "marks": "nowhere\nPetro visited Mexico.", "do": "propose"})
    assert "This passage does not occur in the text:" in page
    assert [value for name, value in fields_of(page).items() if name.endswith(".kind")] == [
        "article",
        "visit",
    ]


def test_the_desk_speaks_spanish(kg: Client) -> None:
    page = sent(kg, {**ARTICLE, "do": "propose"}, path="/desk?lang=es")
    assert "Mesa de revisión" in page
    assert "apunta a un registro statement de tipo accusation" in page
    assert "columna label" in page


@pytest.mark.parametrize(
    ("fields", "words"),
    [
        ({"article": "", "do": "publish"}, "The parameter &#39;do&#39; is propose"),
        ({"article": "", "nothing": "x"}, "The desk has no field &#39;nothing&#39;."),
        (
            {"article": "", "0.record": "statement", "0.nothing": "x"},
            "A draft has no field &#39;nothing&#39;.",
        ),
        ({"article": "", "0.record": "letter"}, "There is no record &#39;letter&#39;"),
        ({"title": "x"}, "The parameter &#39;article&#39; is missing"),
    ],
)
def test_what_the_desk_does_not_know_is_refused(kg: Client, fields: dict[str, str], words: str) -> None:
    assert words in sent(kg, fields, 400)


def test_hostile_text_is_shown_as_text(kg: Client) -> None:
    text = "Gustavo Petro said “<script>alert(1)</script>” to “</textarea><b>x”."
    page = sent(kg, {**ARTICLE, "article": text, "do": "propose"})
    assert not inline_code(page)
    assert "</textarea><b>" not in page
