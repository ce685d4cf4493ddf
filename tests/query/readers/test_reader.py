"""The reader process: bindings, formats, and the errors that it sends."""

from functools import partial
from io import BytesIO
from pathlib import Path

import pytest
from pyoxigraph import Literal, NamedNode, Variable

from kg.errors import BadInput, NotAcceptable, TooLarge, Unreadable
from kg.query.job import Job, QueryJob, ReadJob
from kg.query.readers.pool import ReaderPool
from kg.query.readers.reader import Task, _next_task
from kg.store.store import Store
from tests.support.readers import late, run, values


def test_bindings_are_terms_and_not_text(tmp_path: Path, budget: int) -> None:
    job = QueryJob("SELECT ?x ?s { ?s <urn:p> ?x }", bindings={Variable("s"): NamedNode("urn:s7")})
    assert run(tmp_path, lambda _, pool: values(pool, job), memory_budget=budget) == ["7"]


@pytest.mark.parametrize(
    ("accept", "expected"),
    [
        ("text/csv", b"x\r\n7\r\n"),
        ("application/json", b'{"head":{"vars":["x"]},'),
        ("application/xml", b"<?xml"),
    ],
)
def test_results_come_in_the_format_asked_for(tmp_path: Path, accept: str, expected: bytes) -> None:
    async def ask(_: Store, pool: ReaderPool) -> tuple[str, bytes]:
        answer = await pool.answer(QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }", accept))
        return answer.media_type, await answer.read()

    media_type, data = run(tmp_path, ask)
    assert media_type == accept
    assert data.startswith(expected)


@pytest.mark.parametrize(
    ("job", "kind", "words"),
    [
        (QueryJob("SELECT * {\n ?s ?p .. }"), Unreadable, "line 2"),
        (QueryJob("SELECT * { ?s foaf:name ?o }"), Unreadable, "foaf:"),
        (QueryJob("ASK {}", "image/png"), NotAcceptable, "json"),
        (QueryJob("CONSTRUCT WHERE { ?s ?p ?o }", "text/csv"), NotAcceptable, "turtle"),
        (QueryJob("ASK { SERVICE <http://127.0.0.1:9/> {} }"), BadInput, "SERVICE"),
        (QueryJob("ASK {}" + " " * 500, max_bytes=100), TooLarge, "100 bytes"),
        (QueryJob("ASK {}", default_graphs=("not an iri",)), BadInput, "not an iri"),
        (QueryJob("SELECT ?s { ?s ?p ?o }", bindings={Variable("q"): Literal("x")}), BadInput, r"\?q"),
    ],
    ids=lambda value: value.__name__ if isinstance(value, type) else "",
)
def test_a_fault_in_the_reader_is_raised_here(
    tmp_path: Path, job: QueryJob, kind: type[Exception], words: str
) -> None:
    async def ask(_: Store, pool: ReaderPool) -> list[str]:
        with pytest.raises(kind, match=words):
            await pool.answer(job)
        return await values(pool, QueryJob("SELECT ?x { <urn:s7> <urn:p> ?x }"))

    assert run(tmp_path, ask) == ["7"]


@pytest.mark.parametrize(
    "job",
    [
        QueryJob("SELECT * {}", "text/csv", ("urn:g",), bindings={Variable("s"): NamedNode("urn:s")}),
        ReadJob("text/plain", partial(late), "v3", is_long=True),
    ],
    ids=["query", "other work"],
)
def test_a_task_arrives_as_it_was_sent(job: Job) -> None:
    sent = Task(job, Path("snapshots/v3"), 3, 2.5)
    received = _next_task(BytesIO(sent.packed()))
    assert received is not None
    assert str(received) == str(sent)
