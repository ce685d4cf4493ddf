"""Templates become pages, with names in the language of whoever reads them and links that lead here."""

import json
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined, pass_context
from jinja2.runtime import Context

from kg import iris
from kg.formats import GRAPH_FORMATS, JSON_DOCUMENT, RESULT_FORMATS
from kg.pages import assets
from kg.pages.cells import FOLLOWED, Cells
from kg.store.store import Contents

_FOLDER = Path(__file__).parent


@cache
def translations(language: str) -> Mapping[str, str]:
    """Return the sentences of the templates in a language by their English; empty for English."""
    file = _FOLDER / "translations" / f"{language}.json"
    found: Mapping[str, str] = json.loads(file.read_text(encoding="utf-8")) if file.exists() else {}
    return found


@pass_context
def _translated(context: Context, text: str) -> str:
    return translations(context["reader_language"]).get(text, text)


@pass_context
def _translated_number(context: Context, one: str, several: str, number: int) -> str:
    return _translated(context, one if number == 1 else several)


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


@dataclass(frozen=True)
class Style:
    """What holds for all on a page: the path of the root page, and the language of names."""

    root: str
    language: str = "en"

    def link(self, iri: str) -> str:
        """Give where an IRI can be followed to: those of ours here, others where they are.

        One of a scheme that could run a program leads to the search for it.
        """
        local = iri.removeprefix(iris.BASE)
        if local != iri:
            return self.root + quote(local, safe="/#")
        return iri if FOLLOWED.match(iri) else f"{self.root}search?q={quote(iri, safe='')}"

    def cells(self, contents: Contents) -> Cells:
        """Make what shows terms."""
        return Cells(contents, self.link, self.language)

    def text(self, template: str, **values: Any) -> str:
        """Write a page."""
        return TEMPLATES.get_template(template).render(
            **values,
            root=self.root,
            assets=f"{self.root}static/{assets.digest()}/",
            reader_language=self.language,
            link=self.link,
            compact=iris.compact,
            formats=[known.name for known in GRAPH_FORMATS],
            suffixes=[known.suffixes[0] for known in (*GRAPH_FORMATS, JSON_DOCUMENT, RESULT_FORMATS["csv"])],
        )


def prepare() -> None:
    """Read all templates now, so that the processes forked from this one need not."""
    for name in TEMPLATES.list_templates():
        TEMPLATES.get_template(name)
    translations("es")
