"""Atom feeds (RFC 4287) of the history: an entry for each commit, newest first, in pages (RFC 5005)."""

from collections.abc import Iterator
from dataclasses import dataclass
from urllib.parse import urlencode
from xml.sax.saxutils import escape, quoteattr

from pyoxigraph import NamedNode

from kg import iris
from kg.changes import Commit
from kg.errors import NotFound
from kg.provenance import commit_node
from kg.query import names
from kg.store import history, mentions
from kg.store.log import CommitLog
from kg.store.store import Contents

_MOST_GRAPHS = 10
"""Maximum graphs that an entry names among those that its commit wrote or withdrew."""


@dataclass(frozen=True)
class FeedRequest:
    """Request for a feed: at a server's ``root``, up to the version ``newest``, of one thing or of all.

    ``language`` is the language of the thing's name.
    """

    root: str
    newest: int
    limit: int
    thing: str | None = None
    language: str = "en"

    def address(self, before: int | None = None) -> str:
        """Return the URL of a page of the feed: the first, or the one with the commits before a version."""
        limit = None if self.limit == history.PAGE else str(self.limit)
        parameters = {"thing": self.thing, "limit": limit, "before": f"v{before}" if before else None}
        query = urlencode({name: value for name, value in parameters.items() if value})
        return f"{self.root}changes.atom" + (f"?{query}" if query else "")


def write(
    feed_request: FeedRequest, log: CommitLog, before: int | None, contents: Contents
) -> Iterator[bytes]:
    """Yield the feed; raises NotFound for a thing that no commit names."""
    start = min(feed_request.newest, before - 1) if before else feed_request.newest
    found = _found(feed_request, log, start)
    newest = found.commits[0] if found.commits else log.commit(max(start, 1))
    yield "".join(_feed(feed_request, found, before, newest, contents)).encode()


def _found(feed_request: FeedRequest, log: CommitLog, start: int) -> mentions.Naming:
    if feed_request.thing is None:
        commits = tuple(history.commits(log, start, limit=feed_request.limit))
        last = commits[-1].version if commits else 1
        return mentions.Naming(commits, last if last > 1 else None)
    found = mentions.commits_naming(log, NamedNode(feed_request.thing), start, feed_request.limit)
    if not found.commits and found.before is None and start == feed_request.newest:
        raise NotFound(f"No commit names {iris.compact(feed_request.thing)}.", iri=feed_request.thing)
    return found


def _feed(
    feed_request: FeedRequest, naming: mentions.Naming, before: int | None, newest: Commit, contents: Contents
) -> Iterator[str]:
    """Yield the document. The id of an entry is its commit's IRI, that of the feed its subject's IRI."""
    yield '<?xml version="1.0" encoding="utf-8"?>\n<feed xmlns="http://www.w3.org/2005/Atom">\n'
    yield _element("id", f"{feed_request.thing}#changes" if feed_request.thing else iris.PROVENANCE_GRAPH)
    yield _element("title", _title(feed_request, contents))
    yield _element("updated", newest.time.isoformat())
    yield _link("self", feed_request.address(before), "application/atom+xml")
    yield _link("alternate", f"{feed_request.root}commits", "text/html")
    if naming.before:
        yield _link("next", feed_request.address(naming.before), "application/atom+xml")
    for commit in naming.commits:
        yield from _entry(feed_request.root, commit)
    yield "</feed>\n"


def _title(feed_request: FeedRequest, contents: Contents) -> str:
    if feed_request.thing is None:
        return "Regional diplomacy: changes"
    name = names.name_of(contents, NamedNode(feed_request.thing), feed_request.language)
    return f"{name.value if name else iris.compact(feed_request.thing)}: changes"


def _entry(root: str, commit: Commit) -> Iterator[str]:
    """Yield an entry. Its links name versions, so that their content never changes."""
    version, before = commit.version, max(commit.version - 1, 1)
    yield "<entry>\n"
    yield _element("id", commit_node(version).value)
    yield _element("title", f"Version {version}" + (f": {commit.reason}" if commit.reason else ""))
    yield _element("updated", commit.time.isoformat())
    yield f"<author>{_element('name', commit.agent)}</author>\n"
    if commit.drafter:
        yield f"<contributor>{_element('name', commit.drafter)}</contributor>\n"
    yield _link("alternate", f"{root}commits/v{version}", "text/html")
    yield _link("related", f"{root}changes?from=v{before}&to=v{version}", "application/json")
    yield _element("content", "\n".join(_deeds(commit)), ' type="text"')
    yield "</entry>\n"


def _deeds(commit: Commit) -> Iterator[str]:
    for verb, graphs in (("Wrote", commit.graphs), ("Withdrew", commit.withdrawn)):
        names_shown = ", ".join(map(iris.compact, graphs[:_MOST_GRAPHS]))
        more = f" and {len(graphs) - _MOST_GRAPHS} more" if len(graphs) > _MOST_GRAPHS else ""
        if graphs:
            yield f"{verb} {names_shown}{more}."
    yield f"{commit.added} facts added, {commit.removed} removed."
    if commit.source:
        yield f"From {commit.source}."


def _element(name: str, text: str, attributes: str = "") -> str:
    return f"<{name}{attributes}>{escape(text)}</{name}>\n"


def _link(relation: str, address: str, media_type: str) -> str:
    return f'<link rel="{relation}" type="{media_type}" href={quoteattr(address)}/>\n'
