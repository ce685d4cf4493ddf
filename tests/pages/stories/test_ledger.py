"""The threat ledger: acts held out and asked for, their conditions, and their statuses in order."""

import re

from kg.pages.rendering import Style
from kg.pages.stories import ledger
from kg.store.store import Contents


def words(contents: Contents, language: str = "en") -> str:
    page = b"".join(ledger.page(Style("/", language), contents)).decode()
    return " ".join(re.sub(r"<[^>]*>", " ", page).split())


def test_a_threat_is_followed_to_what_became_of_it(seed: Contents) -> None:
    page = words(seed)
    tariffs = page[page.index("Threatened or promised: Tariffs threatened") :]
    assert tariffs.index("Threatened , by the account of Presence News") < tariffs.index("Averted , by")
    assert "settled by Agreement on deportations, January 2025" in tariffs
    assert "Condition: Colombia fails to honor this agreement" in page


def test_the_ledger_is_in_spanish_too(seed: Contents) -> None:
    page = words(seed, "es")
    assert "Amenazas y qué fue de ellas" in page
    assert "Sin condición expresa." in page
