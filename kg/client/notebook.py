"""HTML for notebooks: tables of RDF terms, with links from IRIs to the server."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.changes import Object
from kg.iris import BASE, compact

LONGEST_TABLE = 100
"""Maximum rows in a notebook."""


def link(iri: str, address: str | None) -> str | None:
    """Return the URL for an IRI: ours on the server at ``address``, any other as it is; None without one.

    Without a server, our IRIs have no link. IRIs with other schemes have no link either (``javascript:``
    could run code).

    >>> link("https://w3id.org/regional-diplomacy/id/hat", "http://127.0.0.1:7878/")
    'http://127.0.0.1:7878/id/hat'
    """
    local = iri.removeprefix(BASE)
    if local != iri:
        return address + quote(local, safe="/#") if address else None
    return iri if iri.startswith(("http://", "https://")) else None


def anchor(iri: str, address: str | None, label: str | None = None) -> str:
    """Return an IRI as an HTML link, if it has a URL; the text is ``label``, by default its short form."""
    text = escape(compact(iri).strip("<>") if label is None else label)
    target = link(iri, address)
    return (
        f'<a href="{escape(target)}">{text}</a>' if target else f'<span title="{escape(iri)}">{text}</span>'
    )


def cell(term: Object | None, address: str | None) -> str:
    """Return a term as HTML: an IRI as a link, a literal with its language."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return anchor(term.value, address)
    language = f' lang="{escape(term.language)}"' if isinstance(term, Literal) and term.language else ""
    return f"<span{language}>{escape(term.value if isinstance(term, Literal) else str(term))}</span>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], omitted: int = 0) -> str:
    """Return an HTML table; the cells are HTML. The number of omitted rows stands below it."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{each}</td>" for each in row) + "</tr>" for row in rows)
    rest = f"<p>and {omitted} more rows</p>" if omitted > 0 else ""
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>{rest}"
