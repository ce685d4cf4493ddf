"""Help: the pages of documentation, which are Markdown files, as HTML."""

import re
from collections.abc import Iterator, Sequence
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import NamedTuple

from markdown_it import MarkdownIt
from markdown_it.token import Token
from markupsafe import Markup

from kg import ontology
from kg.errors import NotFound
from kg.pages.rendering import Style
from kg.store.store import Contents

_DOCS = Path(__file__).parents[1] / "docs"
SECTIONS = {
    "Ask": ("querying", "command-line", "python", "r"),
    "Add": ("curation", "desk", "history", "events", "loading"),
    "Take away": ("exports", "formats"),
    "Connect": ("http", "clients", "deviations"),
    "Run": ("operations",),
    "Understand": ("model", "saved-questions", "architecture", "contributing"),
}
"""Names of all pages, by the heading under which they are listed."""
NAMES = tuple(name for names in SECTIONS.values() for name in names)
_COMMENT = re.compile(r"<!--[^<>]*-->\n?")
_MARKDOWN = MarkdownIt("commonmark", {"html": False}).enable("table")


class HelpPage(NamedTuple):
    """One page of documentation."""

    name: str
    title: str
    path: Path


@cache
def pages() -> dict[str, HelpPage]:
    """Return all pages by name, in listing order."""
    elsewhere = {
        "curation": ontology.ontology_folder() / "curation.md",
        "model": ontology.ontology_folder() / "README.md",
        "saved-questions": ontology.queries_folder() / "README.md",
        "deviations": ontology.queries_folder() / "deviations.md",
    }
    found = {}
    for name in NAMES:
        path = elsewhere.get(name, _DOCS / f"{name}.md")
        with path.open(encoding="utf-8") as file:
            found[name] = HelpPage(name, file.readline().removeprefix("# ").strip(), path)
    return found


def index(style: Style, _: Contents) -> Iterator[bytes]:
    """Yield the list of pages."""
    sections = {heading: [pages()[name] for name in names] for heading, names in SECTIONS.items()}
    yield style.text("help_index.html", sections=sections).encode()


def page(style: Style, name: str, _: Contents) -> Iterator[bytes]:
    """Yield one page; raises NotFound for an unknown name."""
    if name not in pages():
        raise NotFound(f"There is no help page {name!r}; {style.root}help lists them.")
    found = pages()[name]
    yield style.text("help.html", page=found, body=body(found, style.root)).encode()


def body(help_page: HelpPage, root: str) -> Markup:
    """Return the HTML of a page; a link to a file that is not a help page becomes plain text."""
    tokens = _MARKDOWN.parse(_COMMENT.sub("", help_page.path.read_text(encoding="utf-8")))
    for token, following in pairwise(tokens):
        if token.type == "heading_open":
            token.attrSet("id", _anchor(following.content))
        if token.type == "inline":
            token.children = list(_linked(token.children or (), help_page, root))
    return Markup(_MARKDOWN.renderer.render(tokens, _MARKDOWN.options, {}))  # HTML in it is escaped


def _linked(children: Sequence[Token], help_page: HelpPage, root: str) -> Iterator[Token]:
    is_shown = True
    for token in children:
        if token.type == "link_open":
            address = _address(str(token.attrGet("href")), help_page, root)
            is_shown = address is not None
            token.attrSet("href", address or "")
        if is_shown or token.type not in ("link_open", "link_close"):
            yield token


def _address(href: str, help_page: HelpPage, root: str) -> str | None:
    if re.match(r"https?://|#", href):
        return href
    file, _, anchor = href.partition("#")
    target = (help_page.path.parent / file).resolve()
    for name, other in pages().items():
        if other.path.resolve() == target:
            return f"{root}help/{name}" + (f"#{anchor}" if anchor else "")
    return None


def _anchor(heading: str) -> str:
    """Return the name of a heading's anchor, as GitHub generates it.

    >>> _anchor("The `draft` role")
    'the-draft-role'
    """
    return re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-")
