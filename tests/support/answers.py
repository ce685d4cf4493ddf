"""Answers of the saved questions on the seed graph; run as a module, it writes the expected ones anew."""

from functools import cache
from io import BytesIO
from pathlib import Path

from pyoxigraph import Store

from kg import ontology
from kg.query import questions
from kg.query.evaluation import evaluate
from kg.query.job import UNLABELLED, Labelling
from kg.store.engine import Oxigraph
from kg.store.merged_graph import with_merge
from kg.store.store import Contents

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


@cache
def _engine(backwards: bool) -> Oxigraph:
    """The same, as an engine holds it."""
    store = Store()
    for quad in with_merge(seed_store(backwards)):
        store.add(quad)
    return Oxigraph(store)


def answer(name: str, *, backwards: bool = False, labelling: Labelling = UNLABELLED) -> str:
    """The answer to a question for its example values, as SPARQL TSV."""
    question = questions.load()[name]
    bound = questions.bindings(question, question.examples)
    job = questions.job(question, bound, "text/tab-separated-values", labelling=labelling)
    written = BytesIO()
    evaluate(Contents(_engine(backwards), 1), job).write(written)
    return written.getvalue().decode()


if __name__ == "__main__":
    for asked in questions.load():
        (EXPECTED / f"{asked}.tsv").write_text(answer(asked), encoding="utf-8")
