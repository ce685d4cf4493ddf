"""The reader process: bindings, formats, and the errors that it sends."""

from functools import partial
from io import BytesIO
from itertools import pairwise
from pathlib import Path
from socket import socketpair
from threading import Thread

import pytest
from pyoxigraph import Literal, NamedNode, Variable

from kg.errors import BadInput, NotAcceptable, TooLarge, Unreadable
from kg.query.job import Job, QueryJob, ReadJob
from kg.query.readers.pool import ReaderPool
from kg.query.readers.reader import CHUNK, DATA, END, FRAME, HEAD, WHOLE, FrameWriter, Task, _next_task
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


def frames(*written: bytes) -> list[tuple[bytes, bytes]]:
    """Give the frames in which an answer leaves the reader."""
    own, theirs = socketpair()
    received = BytesIO()

    def receive() -> None:
        while data := theirs.recv(1 << 16):
            received.write(data)

    receiving = Thread(target=receive)
    receiving.start()
    with theirs:
        with own:
            writer = FrameWriter(own, 3600)  # its timer would end this process
            writer.begin("text/csv")
            for piece in written:
                assert writer.write(piece) == len(piece)
            writer.end()
        receiving.join()
    found, data = [], received.getvalue()
    while data:
        kind, length = FRAME.unpack_from(data)
        found.append((kind, data[FRAME.size : FRAME.size + length]))
        data = data[FRAME.size + length :]
    return found


@pytest.mark.parametrize(
    "sizes",
    [(5 << 20,), (1, 3 * CHUNK, 1), (CHUNK,), (CHUNK - 1, 1), (CHUNK - 1,), (8192,) * 20, (CHUNK, CHUNK)],
    ids=lambda sizes: "+".join(map(str, sizes[:3])),
)
def test_a_frame_is_never_larger_than_its_bound_whatever_is_written_at_once(sizes: tuple[int, ...]) -> None:
    written = [bytes([65 + number]) * size for number, size in enumerate(sizes)]
    found = frames(*written)
    assert [kind for kind, _ in found] == [HEAD, *[DATA] * (len(found) - 2), END]
    assert all(len(payload) <= CHUNK for _, payload in found)
    assert b"".join(payload for kind, payload in found if kind == DATA) == b"".join(written)
    assert all(len(payload) == CHUNK for (_, payload), (kind, _) in pairwise(found[1:-1]) if kind == DATA)


def test_a_short_answer_is_one_frame() -> None:
    assert frames(b"x\r\n", b"7\r\n") == [(WHOLE, b"text/csv\0x\r\n7\r\n")]
