"""The tutorial runs from its first cell to its last, and shows what its text says that it shows."""

import json
from pathlib import Path

import pytest

from tests.support.notebook import cells, outputs

TUTORIAL = Path(__file__).parents[1] / "kg" / "docs" / "tutorial.ipynb"


@pytest.fixture(scope="module")
def shown() -> dict[str, str]:
    return outputs(TUTORIAL)


def test_the_notebook_is_of_the_format_of_jupyter_and_holds_no_outputs() -> None:
    notebook = json.loads(TUTORIAL.read_text(encoding="utf-8"))
    assert (notebook["nbformat"], notebook["nbformat_minor"]) == (4, 5)
    ids = [cell["id"] for cell in cells(TUTORIAL)]
    assert len(ids) == len(set(ids))
    for cell in cells(TUTORIAL):
        needed = {"cell_type", "id", "metadata", "source"}
        if cell["cell_type"] == "code":
            needed |= {"execution_count", "outputs"}
            assert (cell["execution_count"], cell["outputs"]) == (None, [])
        assert set(cell) == needed


def test_the_hat_is_given_and_altered_by_hearsay(shown: dict[str, str]) -> None:
    assert "Make the Americas Great Again" in shown["gestures"]
    assert "Alteration of the slogan on the hat | Reportedly" in shown["hedge"]
    assert "offices-of-a-person" in shown["questions"]


def test_words_stand_beside_deeds_and_claims_apart(shown: dict[str, str]) -> None:
    assert "words" in shown["words"]
    assert "deeds" in shown["words"]
    assert "kidnapping" in shown["claims"]


def test_a_claim_recorded_as_a_fact_is_refused(shown: dict[str, str]) -> None:
    assert "not accepted" in shown["refused"]
    assert "claim asserted as fact" in shown["refused"].lower()
    assert "not accepted" in shown["invalid"]


def test_a_statement_is_accepted_and_withdrawn(shown: dict[str, str]) -> None:
    assert "0 errors, 0 warnings: accepted." in shown["accepted"]
    assert shown["history"] == "now: True | before: False\nwithdrawn: True | as it was: True\n"


def test_frames_and_networks_are_made_of_answers(shown: dict[str, str]) -> None:
    assert "2025-01" in shown["pandas"]
    assert "undated" in shown["pandas"]
    assert "MultiDiGraph with" in shown["network"]
    assert "Gustavo Petro" in shown["central"]
