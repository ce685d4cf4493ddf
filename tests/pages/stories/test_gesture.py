"""The gesture card: inscriptions letter by letter, marked as hearsay, and readings by whom."""

import re

from hypothesis import given
from hypothesis import strategies as st
from pyoxigraph import NamedNode

from kg import iris
from kg.pages.profiles import thing_page
from kg.pages.profiles.thing_page import ThingRequest
from kg.pages.rendering import Style
from kg.pages.stories.lettering import LONGEST, changed_letters
from kg.store.log import CommitLog
from kg.store.store import Store

texts = st.text("ab ", max_size=12)


def page(store: Store, name: str) -> str:
    iri = NamedNode(iris.DATA + name).value
    return b"".join(
        thing_page.write(Style("/"), ThingRequest(iri), CommitLog(store.log.folder), store)
    ).decode()


def test_the_altered_slogan_is_shown_letter_by_letter_and_as_hearsay(seed: Store) -> None:
    shown = page(seed, "alteration-of-the-hat")
    assert "Make <ins>the </ins>America<ins>s</ins> Great Again" in shown
    assert re.search(
        r"Inscription after the change:\s*<small><a [^>]*class=\"hedge\"[^>]*>Reportedly</a>", shown
    )


def test_each_reading_stands_under_its_interpreter(seed: Store) -> None:
    readings = re.findall(r'<figure class="reading">.*?</figure>', page(seed, "gift-of-the-hat"), re.DOTALL)
    (petro,) = (each for each in readings if "Gustavo Petro" in each)
    assert "an opportunity to highlight the need for cooperation in the region" in petro


def test_what_is_no_gesture_has_no_card(seed: Store) -> None:
    assert 'class="card"' not in page(seed, "white-house-meeting")


@given(texts, texts)
def test_what_is_kept_and_removed_was_there_and_what_is_kept_and_added_is(before: str, after: str) -> None:
    letters = changed_letters(before, after)
    assert "".join(each.text for each in letters if each.kind != "added") == before
    assert "".join(each.text for each in letters if each.kind != "removed") == after


def test_long_texts_are_told_whole() -> None:
    assert [each.kind for each in changed_letters("a" * (LONGEST + 1), "b")] == ["removed", "added"]
