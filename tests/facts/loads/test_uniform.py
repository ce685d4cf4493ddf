"""Uniform records: the gate judges examples of them, and its verdict on all of a load stays the same."""

import shutil
from collections.abc import Callable, Iterator
from hashlib import sha256

import pytest
from pyoxigraph import RdfFormat, parse

from kg.changes import Delta
from kg.errors import Invalid
from kg.facts.judges.release_gate import release_gate
from kg.facts.loads import batches, judging
from kg.facts.loads.load import prepare
from kg.facts.loads.source import LoadSource, unheard
from kg.facts.loads.uniform import Separated, UniformRecord, UniformRecords
from kg.gate.reports import as_json
from kg.iris import DATA, KINDS, TERMS
from kg.store import loading
from kg.store.store import Store
from tests.support import coded_rows
from tests.support.stores import open_store

Lines = list[str]
Plant = Callable[[Lines], Lines]
ROWS = 60
XSD = "http://www.w3.org/2001/XMLSchema#"
ROW = f"<{DATA}gdelt-0-"


@pytest.fixture(scope="module")
def rows() -> Lines:
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(coded_rows, "DAYS", 3)
        text = b"".join(coded_rows.lines(ROWS, files=1, actors=6)).decode()
    return text.splitlines(keepends=True)


@pytest.fixture(scope="module")
def store(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Store]:
    with open_store(tmp_path_factory.mktemp("uniform") / "data") as store:
        yield store


def separated(lines: Lines) -> Separated:
    return UniformRecords(release_gate().uniform_classes, "urn:g").separate("".join(lines).encode())


def last(lines: Lines, property_: str) -> int:
    """Return the place of the last line with a property: one of the last row."""
    return max(place for place, line in enumerate(lines) if f"<{TERMS}{property_}>" in line)


def changed(property_: str, value: str) -> Plant:
    """Give a property of the last row that has it another value."""

    def plant(lines: Lines) -> Lines:
        place = last(lines, property_)
        subject, predicate, *_, graph, _end = lines[place].split(" ")
        return [*lines[:place], f"{subject} {predicate} {value} {graph} .\n", *lines[place + 1 :]]

    return plant


def added(property_: str, value: str) -> Plant:
    """Give the last row one property more."""

    def plant(lines: Lines) -> Lines:
        subject, *_, graph, _end = lines[-1].split(" ")
        return [*lines, f"{subject} <{property_}> {value} {graph} .\n"]

    return plant


def without(property_: str) -> Plant:
    def plant(lines: Lines) -> Lines:
        place = last(lines, property_)
        return lines[:place] + lines[place + 1 :]

    return plant


def said_elsewhere(predicate: str, value: str) -> Plant:
    """Say something of the first row, which is the example of many, in another place."""

    def plant(lines: Lines) -> Lines:
        first = next(line for line in lines if line.startswith(ROW))
        subject, *_, graph, _end = first.split(" ")
        return [*lines, f"{subject} <{predicate}> {value} {graph} .\n"]

    return plant


def example_mended_elsewhere(lines: Lines) -> Lines:
    """Leave out the codes of the last rows, and tell that of the first of these at the end."""
    places = [place for place, line in enumerate(lines) if line.startswith(ROW) and "codedAs>" in line][-9:]
    return [line for place, line in enumerate(lines) if place not in places] + [lines[places[0]]]


def named_by_another(lines: Lines) -> Lines:
    """Name the last row where the actor of another stands."""
    return changed("codedActor", lines[-1].split(" ")[0])(lines)


FAULTS: dict[str, Plant] = {
    "no fault": lambda lines: lines,
    "a code of another list": changed("codedAs", f"<{KINDS}day>"),
    "a code that there is not": changed("codedAs", f"<{KINDS}cameo-9999>"),
    "an actor that nothing describes": changed("codedActor", f"<{DATA}nobody>"),
    "an actor of another class": changed("codedActor", f"<{DATA}coded-day-2021-06-01>"),
    "a run that is none": changed("codedIn", f"<{DATA}united-states>"),
    "a day that nothing describes": changed("occursAt", f"<{DATA}coded-day-1999-01-01>"),
    "an actor that is a text": changed("codedActor", '"Somebody"'),
    "an intensity beyond the bound": changed("intensity", f'"10.5"^^<{XSD}decimal>'),
    "an intensity that is none": changed("intensity", f'"much"^^<{XSD}decimal>'),
    "an intensity of another datatype": changed("intensity", f'"5"^^<{XSD}integer>'),
    "an empty text": changed("story", '""'),
    "a text with a language": changed("story", '"a story"@en'),
    "no code": without("codedAs"),
    "no day": without("occursAt"),
    "two codes": added(f"{TERMS}codedAs", f"<{KINDS}cameo-010>"),
    "two intensities": added(f"{TERMS}intensity", f'"5.5"^^<{XSD}decimal>'),
    "three row ids": lambda lines: added(f"{TERMS}rowId", '"x"')(added(f"{TERMS}rowId", '"y"')(lines)),
    "a property that there is not": added(f"{TERMS}nonsense", '"x"'),
    "a property out of place": added(f"{TERMS}quotation", '"x"'),
    "another class": added("http://www.w3.org/1999/02/22-rdf-syntax-ns#type", f"<{TERMS}Person>"),
    "a second code elsewhere": said_elsewhere(f"{TERMS}codedAs", f"<{KINDS}cameo-195>"),
    "an example that another line mends": example_mended_elsewhere,
    "a row that stands for an actor": named_by_another,
}


@pytest.mark.parametrize("fault", FAULTS)
def test_rows_get_the_verdict_of_the_gate(
    store: Store, rows: Lines, monkeypatch: pytest.MonkeyPatch, fault: str
) -> None:
    lines = FAULTS[fault](rows)
    assert separated(lines).alike
    monkeypatch.setattr(batches, "LARGEST", 150)
    monkeypatch.setattr(judging, "MOST_HERE", 1000)  # a process of its own takes seconds
    quads = tuple(parse("".join(lines), RdfFormat.N_QUADS))
    expected = as_json(release_gate().check(Delta(added=quads), store))
    assert found_by_load(store, "".join(lines).encode()) == found(expected)


def found_by_load(store: Store, data: bytes) -> set[tuple[object, ...]]:
    """Prepare a load, and do not commit it, so that the next case begins alike."""
    given = LoadSource("rows.nq", sha256(data).hexdigest(), "urn:g", lambda: iter([data]))
    folder = loading.new_folder(store.directory)
    base = store.snapshot(loading.store_in(folder))
    try:
        return found(as_json(prepare(folder, base, [given], unheard)[1]))
    except Invalid as refusal:
        return found(refusal.extra)
    finally:
        shutil.rmtree(folder)


def found(report: object) -> set[tuple[object, ...]]:
    assert isinstance(report, dict)
    return {(each["focus"], each["rule"], str(each["value"])) for each in report["violations"]}


def test_most_rows_fare_as_examples_do(rows: Lines) -> None:
    others, examples, alike = separated(rows)
    assert len(examples) + len(alike) == ROWS
    assert len(alike) > ROWS / 3
    assert ROW.encode() not in others


def test_rows_without_a_graph_get_that_of_the_source(rows: Lines) -> None:
    lines = [" ".join([*line.split(" ")[:-2], ".\n"]) for line in rows]
    _, examples, alike = separated(lines)
    assert {line.split(b" ")[-2] for record in (*examples, *alike) for line in record.lines} == {b"<urn:g>"}


@pytest.mark.parametrize(
    "line",
    [
        f'<{DATA}r> <{TERMS}rowId> "\\u0041" .\n',
        f'<{DATA}r> <{TERMS}rowId> "a"^^<{XSD}string> .\n',
        f'<{DATA}r>  <{TERMS}rowId> "a" .\n',
        f"<{DATA}r> <{TERMS}codedAs> <{KINDS}cameo-\\u0030> .\n",
        f'<{DATA}r> <{TERMS}rowId> "a" <urn:other> .\n',
        f"<{DATA}r> <http://example.com/p> <urn:x> .\n",
    ],
)
def test_a_record_in_another_form_is_judged_by_itself(line: str) -> None:
    uniform = UniformRecords(release_gate().uniform_classes, "urn:g")
    typed = f"<{DATA}r> <http://www.w3.org/1999/02/22-rdf-syntax-ns#type> <{TERMS}CodedOccurrence> .\n"
    lines = [typed.encode(), line.encode()]
    assert uniform.is_alike(UniformRecord(f"<{DATA}r>".encode(), lines)) is None
