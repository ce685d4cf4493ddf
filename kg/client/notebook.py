"""HTML for notebooks: tables of terms whose IRIs lead to the server that answers for them."""

from collections.abc import Iterable, Sequence
from html import escape
from urllib.parse import quote

from pyoxigraph import Literal, NamedNode

from kg.changes import Object
from kg.iris import BASE, compact

LONGEST_TABLE = 100
"""Rows that a notebook shows."""


def link(iri: str, address: str | None) -> str | None:
    """Return where an IRI can be followed to: ours on the server at ``address``, others where they are.

    Without a server nobody answers for ours; an IRI of another scheme (``javascript:``) could run a program.

    >>> link("https://w3id.org/regional-diplomacy/id/hat", "http://127.0.0.1:7878/")
    'http://127.0.0.1:7878/id/hat'
    """
    local = iri.removeprefix(BASE)
    if local != iri:
        return address + quote(local, safe="/#") if address else None
    return iri if iri.startswith(("http://", "https://")) else None


def anchor(iri: str, address: str | None, shown: str | None = None) -> str:
    """Write an IRI as a link where it leads somewhere; by its short form unless a text is given."""
    text = escape(compact(iri).strip("<>") if shown is None else shown)
    target = link(iri, address)
    return (
        f'<a href="{escape(target)}">{text}</a>' if target else f'<span title="{escape(iri)}">{text}</span>'
    )


def cell(term: Object | None, address: str | None) -> str:
    """Write a term: an IRI as a link, a literal with its language."""
    if term is None:
        return ""
    if isinstance(term, NamedNode):
        return anchor(term.value, address)
    language = f' lang="{escape(term.language)}"' if isinstance(term, Literal) and term.language else ""
    return f"<span{language}>{escape(term.value if isinstance(term, Literal) else str(term))}</span>"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], omitted: int = 0) -> str:
    """Write a table of cells that are HTML already; below it, how many rows are left out."""
    top = "".join(f"<th>{escape(name)}</th>" for name in head)
    body = "".join("<tr>" + "".join(f"<td>{each}</td>" for each in row) + "</tr>" for row in rows)
    rest = f"<p>and {omitted} more rows</p>" if omitted > 0 else ""
    return f"<table><thead><tr>{top}</tr></thead><tbody>{body}</tbody></table>{rest}"
