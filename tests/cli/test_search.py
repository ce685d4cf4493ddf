"""The command search."""

import json
from pathlib import Path

from tests.support.command import Kg


def test_things_are_found_by_misspelt_names_with_type_and_description(kg: Kg, data: Path) -> None:
    run = kg("search", "Gustvo", "Petor", "--lang", "en", "--data", data)
    name, of, told, iri, _ = run.out.splitlines()[1].split("\t")
    assert (run.code, name, of, iri) == (0, "Gustavo Petro", "Person", "dipid:gustavo-petro")
    assert told.startswith("office: President of Colombia")


def test_a_claim_is_shown_as_a_claim(kg: Kg, data: Path) -> None:
    run = kg("search", "kidnapping", "--class", "Claim", "--format", "json", "--lang", "en", "--data", data)
    (claim,) = json.loads(run.out)["results"]
    assert claim["label"] == "Claim by Gustavo Petro: “kidnapping”"


def test_what_cannot_be_searched_is_wrong_usage(kg: Kg, data: Path) -> None:
    run = kg("search", "petro", "--class", "Persn", "--data", data)
    assert run.code == 2
    assert "the nearest is dip:Person" in run.err


def test_more_than_is_shown_is_said(kg: Kg, data: Path) -> None:
    run = kg("search", "petro", "-n", "1", "--data", data)
    assert len(run.out.splitlines()) == 2
    assert "There are more" in run.err
