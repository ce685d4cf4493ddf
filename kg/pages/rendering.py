"""Templates become pages, with names in the language of whoever reads them and links that lead here."""

from dataclasses import dataclass
from pathlib import Path
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, FileSystemLoader, StrictUndefined

from kg import iris
from kg.formats import GRAPH_FORMATS, JSON_DOCUMENT, RESULT_FORMATS
from kg.pages.cells import Cells
from kg.store.store import Contents

_TEMPLATES = Environment(
    loader=FileSystemLoader(Path(__file__).parent / "templates"),
    autoescape=True,
    undefined=StrictUndefined,
    trim_blocks=True,
    lstrip_blocks=True,
)


@dataclass(frozen=True)
class Style:
    """What holds for all on a page: the path of the root page, and the language of names."""

    root: str
    language: str = "en"

    def link(self, iri: str) -> str:
        """Give where an IRI can be followed to: those of ours here, others where they are."""
        local = iri.removeprefix(iris.BASE)
        return self.root + quote(local, safe="/#") if local != iri else iri

    def cells(self, contents: Contents) -> Cells:
        """Make what shows terms."""
        return Cells(contents, self.link, self.language)

    def text(self, template: str, **values: Any) -> str:
        """Write a page."""
        return _TEMPLATES.get_template(template).render(
            **values,
            root=self.root,
            link=self.link,
            compact=iris.compact,
            formats=[known.name for known in GRAPH_FORMATS],
            suffixes=[known.suffixes[0] for known in (*GRAPH_FORMATS, JSON_DOCUMENT, RESULT_FORMATS["csv"])],
        )


def prepare() -> None:
    """Read all templates now, so that the processes forked from this one need not."""
    for name in _TEMPLATES.list_templates():
        _TEMPLATES.get_template(name)
