"""Evaluation of one query on opened contents: in a reader process for the server, elsewhere in place.

The engine's result stays on its thread. ``kg.query.results`` writes it, usually with the engine's serialiser.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from itertools import chain, islice
from typing import IO, TypeVar

from pyoxigraph import NamedNode, QuerySolutions, QueryTriples

from kg import scratch
from kg.errors import BadInput, NotAcceptable, NotInGraph
from kg.formats import RDF_FORMATS, RESULT_FORMATS, Format, RDFFormat, ResultFormat
from kg.iris import PREFIXES, graph_named
from kg.query import (
    anti_joins,
    datasets,
    federation,
    mending,
    property_paths,
    screening,
    syntax_faults,
    unknown_terms,
)
from kg.query.job import UNLABELLED, QueryJob
from kg.query.negotiation import Choice, choose, fitting
from kg.query.results import labelled, projection, writing
from kg.query.results.writing import QueryResult
from kg.store import table_check
from kg.store.engine_protocols import Dataset
from kg.store.store import Contents

F = TypeVar("F", bound=Format)
_OF_RDF_1_1 = ("jsonld", "rdfxml")
"""Formats without triples about triples."""


@dataclass(frozen=True)
class Evaluated:
    """A result of the engine, and the format to write it in."""

    result: QueryResult
    choice: Choice[RDFFormat] | Choice[ResultFormat]
    warnings: tuple[str, ...] = ()

    def write(self, output: IO[bytes]) -> None:
        """Evaluate the rest of the query and write the result.

        Raises BadInput if the evaluation fails, NotAcceptable if the format cannot hold the result.
        """
        try:
            with _engine_errors():
                writing.write(self.result, self.choice.format, output)
        except OSError as fault:
            if fault.errno is not None or table_check.is_damage(fault):  # not a fault of the format
                raise
            others = [each.media_type for each in RDF_FORMATS.values() if each.name not in _OF_RDF_1_1]
            raise NotAcceptable(f"{fault}; ask for {', '.join(others)}.", offered=others) from None


def evaluate(contents: Contents, job: QueryJob) -> Evaluated:
    """Screen a query, begin its evaluation, and choose the format that fits the kind of result.

    Raises Unreadable with a position if the query does not parse, NotAcceptable, TooLarge and BadInput.
    """
    screened, screening_warnings = _screened(job)
    _require_named(contents, job)
    warnings = (*job.warnings, *screening_warnings, *unknown_terms.warnings(contents, job.text))
    with _engine_errors():
        result = _from_tables(contents, job)
        if result is None:
            result = _ask(contents, job, screened)
            if job.labelling and job.labelling.changes_rows and isinstance(result, QuerySolutions):
                result = labelled.labelled(result, contents, job.labelling)
    is_graph = isinstance(result, QueryTriples)
    choice = _chosen(job, RDF_FORMATS) if is_graph else _chosen(job, RESULT_FORMATS)
    if job.named and choice.format.media_type not in job.named:
        warnings += (
            f"The answer is {choice.media_type}; the format that the address names cannot represent it.",
        )
    return Evaluated(result, choice, warnings)


def _require_named(contents: Contents, job: QueryJob) -> None:
    """Raise NotInGraph for a required IRI that nothing in the graph names."""
    for iri, sentence in job.required:
        node = NamedNode(iri)
        places = ((node, None, None), (None, None, node), (None, None, None, node), (None, node, None))
        if not any(True for place in places for _ in islice(contents.quads_for_pattern(*place), 1)):
            raise NotInGraph(sentence, iri=iri)


def _chosen(job: QueryJob, offers: Mapping[str, F]) -> Choice[F]:
    return fitting(job.named, offers.values()) or choose(job.accept, offers.values())


def _screened(job: QueryJob) -> tuple[screening.Screened, tuple[str, ...]]:
    """Screen a query; return the warnings about its endpoints too."""
    if not job.services:
        return screening.screen(job.text, job.max_bytes), ()
    # The VALUES that replace SERVICE add no nesting.
    names_its_dataset = screening.check(job.text, job.max_bytes)
    text, warnings = federation.filled(job.text, job.services, job.base)
    return screening.Screened(screening.inert(text, "service"), names_its_dataset), warnings


def _from_tables(contents: Contents, job: QueryJob) -> QueryResult | None:
    """Return the answer from the columnar projection; None if it cannot answer."""
    if job.tables is None:
        return None
    from kg.query.columnar import asking  # late: other queries do without DuckDB

    answer = asking.answered(job.tables, contents.version, job.bindings)
    if answer is None:
        return None
    return labelled.of_rows(answer.columns, answer.rows, contents, job.labelling or UNLABELLED)


def _ask(contents: Contents, job: QueryJob, screened: screening.Screened) -> QueryResult:
    prefixes = {prefix: PREFIXES[prefix] for prefix in PREFIXES if f"{prefix}:" in screened.text}
    text = property_paths.with_zero_lengths(mending.mended(screened.text), partial(_is_held, contents))
    if not job.bindings:  # MINUS does not compare a variable that is substituted by a value
        text = anti_joins.with_minus(text)
    try:
        dataset = _dataset(job, screened, prefixes)
        return contents.query(
            projection.spelled_out(text, job.text, partial(_variables, prefixes, job.base)),
            prefixes=prefixes,
            dataset=dataset,
            bindings=job.bindings,
            base=job.base,
        )
    except SyntaxError as fault:
        raise syntax_faults.fault(job.text, str(fault)) from None


@contextmanager
def _engine_errors() -> Iterator[None]:
    """Convert the engine's exceptions during evaluation to BadInput."""
    try:
        yield
    except (ValueError, RuntimeError) as fault:
        if table_check.is_damage(fault):
            raise
        raise BadInput(f"The query cannot be evaluated: {fault}.") from None


def _is_held(contents: Contents, term: NamedNode) -> bool:
    """Return whether a term is the subject or the object of a triple."""
    as_subject = contents.quads_for_pattern(term, None, None)
    as_object = contents.quads_for_pattern(None, None, term)
    return any(True for _ in chain(as_subject, as_object))


def _variables(prefixes: Mapping[str, str], base: str | None, text: str) -> list[str]:
    """Return the variables of a query's rows, found by running it on an empty store."""
    result = scratch.filled().query(text, prefixes=dict(prefixes), base_iri=base)
    return [variable.value for variable in result.variables] if isinstance(result, QuerySolutions) else []


def _dataset(job: QueryJob, screened: screening.Screened, prefixes: Mapping[str, str]) -> Dataset:
    """Return the dataset that the request names, else that of the query, else all graphs."""
    if job.default_graphs or job.named_graphs:
        return Dataset(
            tuple(map(graph_named, job.default_graphs)),
            None if job.all_named else tuple(map(graph_named, job.named_graphs)),
        )
    own_dataset = datasets.named_in(screened.text, prefixes, job.base) if screened.names_its_dataset else None
    return own_dataset or Dataset()
