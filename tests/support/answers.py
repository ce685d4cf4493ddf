"""Answers of the saved questions on the seed graph; run as a module, it writes the expected ones anew."""

from functools import cache
from pathlib import Path

from pyoxigraph import QueryResultsFormat, QuerySolutions, Store

from kg import ontology
from kg.query import questions

EXPECTED = Path(__file__).parents[1] / "questions"


@cache
def seed_store(backwards: bool = False) -> Store:
    """The release graphs and the seed graph in memory; loaded backwards, a hidden order of rows shows."""
    read = ontology.load()
    quads = [*read.quads, *read.seed]
    store = Store()
    for quad in reversed(quads) if backwards else quads:
        store.add(quad)
    return store


def answer(name: str, *, backwards: bool = False) -> str:
    """The answer to a question for its example values, as SPARQL TSV."""
    question = questions.load()[name]
    solutions = seed_store(backwards).query(
        question.text,
        use_default_graph_as_union=True,
        substitutions=questions.bind(question, question.examples),
    )
    assert isinstance(solutions, QuerySolutions)
    written = solutions.serialize(format=QueryResultsFormat.TSV)
    assert written is not None
    return written.decode()


if __name__ == "__main__":
    for asked in questions.load():
        (EXPECTED / f"{asked}.tsv").write_text(answer(asked), encoding="utf-8")
