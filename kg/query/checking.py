"""Check of a query before it runs: syntax errors with their position, and names of ours that do not exist."""

import json
from collections.abc import Iterator, Mapping

from kg import scratch
from kg.errors import JSON, KGError
from kg.query import unknown_terms
from kg.query.evaluation import evaluate
from kg.query.job import QueryJob
from kg.store.engine import Oxigraph
from kg.store.store import Contents

PLACE = ("line", "column", "length")
REPAIR = ("instead", "before")


def checked(job: QueryJob, language: str, contents: Contents) -> Iterator[bytes]:
    """Yield as JSON the fault of a query and the warnings about it.

    ``fault`` is null, or has the sentence (``detail``), ``line`` and ``column`` (from 1), ``length``
    (characters), and what to write ``instead`` of these characters, or ``before`` the text. A query with
    SERVICE is checked only when it runs.
    """
    warnings = unknown_terms.warnings(contents, job.text)
    warning_members = [{"name": sentence.partition(" ")[0], "detail": sentence} for sentence in warnings]
    fault = fault_of(job)
    fault_members = as_json(fault, language) if fault else None
    yield json.dumps({"fault": fault_members, "warnings": warning_members}, ensure_ascii=False).encode()


def fault_of(job: QueryJob) -> KGError | None:
    """Return why a query cannot run on any graph; None if it can."""
    if "service" in job.text.lower():
        return None
    try:
        evaluate(Contents(Oxigraph(scratch.filled()), 0), job._replace(accept=None, named=()))
    except KGError as fault:
        return fault
    return None


def as_json(fault: KGError, language: str) -> Mapping[str, JSON]:
    """Return the members of a fault that an editor shows."""
    members = {name: fault.extra[name] for name in (*PLACE, *REPAIR) if name in fault.extra}
    return {"detail": fault.in_language(language), **members}
