"""Writing of results in a format: by the engine's serialiser, or by a writer of ours."""

from collections.abc import Callable, Mapping
from typing import IO, Any, TypeAlias

from pyoxigraph import QueryBoolean, QuerySolutions, QueryTriples

from kg.formats import RDF_FORMATS, RESULT_FORMATS, RDFFormat, ResultFormat
from kg.query.results import comma_separated, rdfxml, sparql_xml

QueryResult: TypeAlias = QuerySolutions | QueryBoolean | QueryTriples

_WRITERS: Mapping[RDFFormat | ResultFormat, Callable[[Any, IO[bytes]], None]] = {  # by kind of result
    RESULT_FORMATS["csv"]: comma_separated.write,
    RESULT_FORMATS["xml"]: sparql_xml.write,
    RDF_FORMATS["rdfxml"]: rdfxml.write,
}


def write(result: QueryResult, target_format: RDFFormat | ResultFormat, output: IO[bytes]) -> None:
    """Evaluate the rest of a query and write its result.

    Raises NotAcceptable if the format cannot hold the result, and what the engine raises.
    """
    if writer := _WRITERS.get(target_format):
        writer(result, output)
    else:
        result.serialize(output, target_format.syntax)  # type: ignore[arg-type]  # the caller pairs them
