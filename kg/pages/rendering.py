"""Rendering of templates as pages: in the reader's language, with links to this server."""

import json
from collections.abc import Iterable, Mapping
from contextvars import ContextVar
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined
from markupsafe import Markup

from kg import __version__, iris
from kg.formats import GRAPH_FORMATS, JSON_DOCUMENT, RESULT_FORMATS
from kg.pages import assets, dates
from kg.pages.cells import FOLLOWED, Cell, Cells
from kg.store.engine_protocols import QueriedQuads

LANGUAGES = {"en": "English", "es": "Español"}
"""Languages of pages, with their own names."""

_FOLDER = Path(__file__).parent


@cache
def translations(language: str) -> Mapping[str, str]:
    """Return the templates' sentences in a language, by the English sentence; empty for English."""
    file = _FOLDER / "translations" / f"{language}.json"
    found: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


def marked(text: str) -> str:
    """Mark a sentence in Python code for translation, and return it; the template translates it."""
    return text


@dataclass(frozen=True)
class Style:
    """Settings of a whole page.

    ``root`` is the path of the root page, ``site`` its absolute URL, ``address`` the path and query of this
    page without the language.
    """

    root: str
    language: str = "en"
    site: str = ""
    address: str = ""
    contact: str = ""
    """Contact for readers: the URL of a page, or a mail address."""

    def link(self, iri: str) -> str:
        """Return the link of an IRI: on this server for ours, otherwise the IRI itself.

        The fragment of a term's IRI is its place in the list of terms; the link leads to its own page. An IRI
        with a scheme that could run code links to the search for it.
        """
        local = iri.removeprefix(iris.BASE)
        if iri.startswith(iris.TERMS):
            local = f"terms/{iri.removeprefix(iris.TERMS)}"
        if local != iri:
            return self.root + quote(local, safe="/#")
        return iri if FOLLOWED.match(iri) else f"{self.root}search?q={quote(iri, safe='')}"

    def absolute(self, path: str) -> str:
        """Return the absolute URL of a path below the root page; the path if no URL is known."""
        is_below = bool(self.site) and path.startswith(self.root)
        return self.site + path.removeprefix(self.root) if is_below else path

    def in_language(self, language: str) -> str:
        """Return the URL of this page in another language."""
        address = self.address or self.root
        return f"{address}{'&' if '?' in address else '?'}lang={language}"

    def say(self, text: str, **blanks: object) -> str:
        """Return a marked sentence in the language of the page."""
        found = translations(self.language).get(text, text)
        return found % blanks if blanks else found

    def cells(self, contents: QueriedQuads) -> Cells:
        """Return the factory of cells for the page."""
        return Cells(contents, self.link, self.language)

    def text(self, template: str, **values: Any) -> str:
        """Render a template."""
        token = _STYLE.set(self)
        try:
            return TEMPLATES.get_template(template).render(
                **values,
                style=self,
                root=self.root,
                assets=f"{self.root}static/{assets.digest()}/",
                reader_language=self.language,
                link=self.link,
                formats=[each.name for each in GRAPH_FORMATS],
                suffixes=[
                    each.suffixes[0] for each in (*GRAPH_FORMATS, JSON_DOCUMENT, RESULT_FORMATS["csv"])
                ],
            )
        finally:
            _STYLE.reset(token)


_PLAIN = Style("/")
_STYLE: ContextVar[Style] = ContextVar("style", default=_PLAIN)
"""The style of the page being rendered, for macros, which see no variables of a page."""


def _translated(text: str) -> str:
    return _STYLE.get().say(text)


def _translated_number(one: str, several: str, number: int) -> str:
    return _translated(one if number == 1 else several)


def _listed(cells: Iterable[Cell]) -> Markup:
    return Markup(", ").join(cell.html for cell in cells)


def _grouped(number: int) -> str:
    """Format a number in groups of three digits; four digits stay together."""
    return str(number) if abs(number) < 10_000 else f"{number:,}".replace(",", "\N{NARROW NO-BREAK SPACE}")


TEMPLATES = Environment(
    extensions=["jinja2.ext.i18n"],
    loader=FileSystemLoader(_FOLDER / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)
TEMPLATES.install_gettext_callables(  # type: ignore[attr-defined]  # of the extension
    _translated, _translated_number, newstyle=True
)
TEMPLATES.filters["dated"] = lambda text: dates.in_words(str(text), _STYLE.get().language)
TEMPLATES.filters["grouped"] = _grouped
TEMPLATES.filters["listed"] = _listed
TEMPLATES.filters["absolute"] = lambda path: _STYLE.get().absolute(path)
TEMPLATES.globals.update(
    base=iris.BASE,
    at=lambda path: _STYLE.get().root + path,
    compact=iris.compact,
    languages=LANGUAGES,
    say=lambda text: _STYLE.get().say(text),
    software=__version__,
)


def prepare() -> None:
    """Load all templates now, so that processes forked from this one need not."""
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)
    translations("es")
