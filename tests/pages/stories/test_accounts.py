"""Rival accounts: by point and holder, silence apart from assent, the rows of the published question."""

import re

import pytest
from pyoxigraph import NamedNode

from kg import scratch
from kg.errors import NotFound
from kg.iris import DATA
from kg.pages.profiles.reading import ProfileReader
from kg.pages.rendering import Style
from kg.pages.stories import accounts, asked
from kg.pages.stories.accounts import Dispute, DisputeReader
from kg.query import questions
from kg.store.engine import Oxigraph
from kg.store.store import Contents, Store

QUESTION = questions.load()[accounts.QUESTION]
STANDOFF = DATA + "standoff-january-2025"
PREFIXES = f"PREFIX d: <{DATA}> PREFIX dip: <https://w3id.org/regional-diplomacy/terms#>"


def page(contents: Contents, about: str | None = None, language: str = "en") -> str:
    return b"".join(accounts.page(Style("/", language), QUESTION, about, contents)).decode()


def words(text: str) -> str:
    return " ".join(re.sub(r"<[^>]*>", " ", text.partition("<main")[2]).split())


def dispute(contents: Contents, name: str) -> Dispute:
    reader = ProfileReader(Style("/").cells(contents))
    return DisputeReader(contents, reader, QUESTION).read(NamedNode(DATA + name))


def filled(update: str) -> Contents:
    """Return contents with the given triples."""
    store = scratch.filled()
    store.update(f"{PREFIXES} INSERT DATA {{ GRAPH <urn:g> {{ {update} }} }}")
    return Contents(Oxigraph(store), 1)


def test_each_account_answers_under_its_holder_or_is_silent(seed: Store) -> None:
    shown = page(seed)
    refused = words("<main" + shown[shown.index('<section class="point" aria-labelledby="point-what-was') :])
    trump, petro = refused.index("Trump’s account"), refused.index("Petro’s account")
    assert (
        trump < refused.index("were not allowed to land") < petro < refused.index("never refused to accept")
    )
    silent = refused[refused.index("Silent on this point:") : refused.index("Silence is neither")]
    assert "Ministry of Foreign Affairs of Colombia" in silent
    assert "White House" in silent
    assert "Gustavo Petro" not in silent


def test_the_page_has_the_rows_of_the_question(seed: Store) -> None:
    shown, rows = dispute(seed, "standoff-january-2025"), list(asked.rows(seed, QUESTION, happening=STANDOFF))
    said = {
        (point.point.iri, side.account.iri, answer.line.claim.iri)
        for point in shown.points
        for side in point.sides
        for answer in side.answers
        if side.account
    }
    silent = {(point.point.iri, account.iri) for point in shown.points for _, account in point.silent}
    cell = Style("/").cells(seed).cell
    assert said == {
        (cell(row["point"]).iri, cell(row["account"]).iri, cell(row["claim"]).iri)
        for row in rows
        if "claim" in row
    }
    assert silent == {
        (cell(row["point"]).iri, cell(row["account"]).iri) for row in rows if "claim" not in row
    }
    assert len(said) == 8
    assert len(silent) == 5


def test_a_passage_is_one_click_away(seed: Store) -> None:
    assert 'href="/id/statement-s4#according" aria-label="the passage: ' in page(seed)


def test_a_denial_is_told_at_both_ends(seed: Store) -> None:
    shown = words(page(seed))
    assert "denied by Gustavo Petro ( the words )" in shown
    assert "It denies what this one says: US Department of State" in shown


def test_what_no_point_disputes_is_said_by_some_and_not_by_others(seed: Store) -> None:
    shown = words(page(seed))
    undisputed = shown[shown.index("What no point disputes") :]
    assert "he previously authorized" in undisputed
    assert (
        "Only US Department of State says so. Silent: Ministry of Foreign Affairs of Colombia" in undisputed
    )


def test_accounts_that_allege_the_same_agree() -> None:
    contents = filled(
        """
        d:one dip:recounts d:walkout ; dip:heldBy d:norland ; dip:comprises d:first .
        d:two dip:recounts d:walkout ; dip:heldBy d:sudonia ; dip:comprises d:second .
        d:first a dip:Claim ; dip:content "They left." ; dip:claimKey "k" .
        d:second a dip:Claim ; dip:content "They went." ; dip:claimKey "k" .
        """
    )
    (agreed,) = dispute(contents, "walkout").undisputed
    assert [line.contents[0].text for line in agreed.lines] == ["They left.", "They went."]
    assert not agreed.silent
    assert "All accounts agree on this." in words(page(contents))


def test_a_point_of_claims_without_an_account_stands_under_the_claimants() -> None:
    contents = filled(
        """
        d:point a dip:DisputedPoint ; dip:concerns d:return ; dip:disputes d:by-courier , d:on-the-desk .
        d:by-courier a dip:Claim ; dip:content "It came by courier." ; dip:claimedBy d:norland .
        d:on-the-desk a dip:Claim ; dip:content "It lay on the desk." ; dip:claimedBy d:sudonia .
        """
    )
    (point,) = dispute(contents, "return").points
    assert [side.holders[0].iri for side in point.sides] == ["dipid:norland", "dipid:sudonia"]
    assert "in no recorded account of this happening" in words(page(contents))


def test_versions_of_a_text_are_rivals_too() -> None:
    contents = filled(
        """
        d:point a dip:DisputedPoint ; dip:concerns d:treaty .
        d:point dip:disputes d:text-of-norland , d:text-of-sudonia .
        d:text-of-norland dip:madeBy d:norland . d:text-of-sudonia dip:madeBy d:sudonia .
        """
    )
    (point,) = dispute(contents, "treaty").points
    assert [side.versions[0].iri for side in point.sides] == [
        "dipid:text-of-norland",
        "dipid:text-of-sudonia",
    ]
    assert "/id/text-of-norland#according" in page(contents)


def test_a_point_leads_to_the_thing_with_its_accounts(seed: Store) -> None:
    assert words(page(seed, DATA + "point-how-it-ended")) == words(page(seed, STANDOFF))


def test_without_rival_accounts_it_says_so() -> None:
    empty = words(page(Contents(Oxigraph(scratch.filled()), 0)))
    assert "The graph has no happening or text with differing accounts." in empty


def test_a_thing_without_rival_accounts_says_so(seed: Store) -> None:
    assert "The graph records no disputed point about this." in words(
        page(seed, DATA + "white-house-meeting")
    )


def test_an_unknown_thing_is_refused(seed: Store) -> None:
    with pytest.raises(NotFound, match="The graph states nothing about dipid:atlantis"):
        page(seed, DATA + "atlantis")


def test_it_is_in_spanish(seed: Store) -> None:
    shown = words(page(seed, language="es"))
    assert "¿Qué se rechazó?" in shown
    assert "Callan sobre este punto:" in shown
