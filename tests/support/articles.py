"""Two invented articles, each told whole as facts, and what the saved questions answer of them."""

import json
from functools import cache
from io import BytesIO
from pathlib import Path

from pyoxigraph import NamedNode, Quad, RdfFormat, Store, parse

from kg import iris, ontology
from kg.query import questions
from kg.query.evaluation import evaluate
from kg.query.job import UNLABELLED, Labelling, QueryJob
from kg.store.engine import Oxigraph
from kg.store.merged_graph import with_merge
from kg.store.store import Contents

FOLDER = Path(__file__).parents[1] / "data" / "articles"
ARTICLES = ("medal", "summit")
_FORMAT = "application/sparql-results+json"


def text(article: str) -> str:
    """The text of an article."""
    return (FOLDER / f"{article}.txt").read_text(encoding="utf-8")


def turtle(article: str) -> bytes:
    """The facts of an article, as they are sent."""
    return (FOLDER / f"{article}.ttl").read_bytes()


def quads(article: str) -> list[Quad]:
    """The facts of an article, in a graph of its own."""
    graph = NamedNode(f"{iris.DATA}graph-of-{article}")
    found = parse(turtle(article), format=RdfFormat.TURTLE)
    return [Quad(quad.subject, quad.predicate, quad.object, graph) for quad in found]


@cache
def contents() -> Contents:
    """The release and both articles."""
    told, merged = Store(), Store()
    told.extend([*ontology.load().quads, *(quad for each in ARTICLES for quad in quads(each))])
    merged.extend(with_merge(told))
    return Contents(Oxigraph(merged), 1)


def ask(name: str, labelling: Labelling = UNLABELLED, /, **values: str) -> list[dict[str, str]]:
    """Ask a saved question; each row holds texts, for an IRI of ours its last part."""
    question = questions.load()[name]
    given = {each: f"dipid:{value}" for each, value in values.items()}
    bound = questions.bindings(question, given)
    return rows(questions.job(question, bound, _FORMAT, labelling=labelling))


def select(pattern: str) -> list[dict[str, str]]:
    """Ask a pattern of one's own, with the prefixes of the graph."""
    prefixes = "".join(f"PREFIX {name}: <{space}> " for name, space in iris.PREFIXES.items())
    return rows(QueryJob(f"{prefixes} SELECT * WHERE {{ {pattern} }}", _FORMAT))


def rows(job: QueryJob) -> list[dict[str, str]]:
    """Evaluate a query and return its rows."""
    written = BytesIO()
    evaluate(contents(), job).write(written)
    found = json.loads(written.getvalue())["results"]["bindings"]
    return [{name: _short(cell) for name, cell in row.items()} for row in found]


def _short(cell: dict[str, str]) -> str:
    return cell["value"].rsplit("/", 1)[-1] if cell["type"] == "uri" else cell["value"]
