"""Versions of the ontology in the history of a store: the last commit with each version."""

import json
from collections.abc import Iterator

from kg import iris
from kg.errors import NotFound
from kg.store import history
from kg.store.log import CommitLog
from kg.store.store import Contents
from kg.terms import OWL

_MOST = 1000
"""Maximum number of releases that are read."""
_LINE = f"A <{iris.TERMS_GRAPH}> {OWL.VERSION_IRI} <".encode()


def last_commits(log: CommitLog, contents: Contents) -> dict[str, int]:
    """Return a map from the IRI of each version of the ontology to the last commit that holds it."""
    try:
        releases = history.commits_of(contents, log, iris.TERMS_GRAPH, limit=_MOST)
    except NotFound:  # a store without terms
        return {}
    found: dict[str, int] = {}
    last = contents.version
    for release in releases:
        for version in _versions(log, release.version):
            found.setdefault(version, last)
            last = release.version - 1
    return found


def _versions(log: CommitLog, number: int) -> list[str]:
    """Return the version of the ontology that a commit added, as a list of at most one IRI."""
    with log.open_record(number) as record:
        lines = [line for line in record if line.startswith(_LINE)]
    return [line.removeprefix(_LINE).partition(b">")[0].decode() for line in lines[:1]]


def write_last_commits(log: CommitLog, contents: Contents) -> Iterator[bytes]:
    """Write ``last_commits`` as JSON."""
    yield json.dumps(last_commits(log, contents)).encode()
