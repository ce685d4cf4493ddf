"""Workbench: a query with its answer, or with its error, the error's place and proposed corrections."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, TypeAlias
from urllib.parse import urlencode

from kg import iris
from kg.errors import KGError
from kg.formats import RDF_FORMATS, RESULT_FORMATS
from kg.pages import tables
from kg.pages.rendering import Style
from kg.pages.tables import Window
from kg.query.job import QueryJob
from kg.query.syntax_words import WELL_KNOWN
from kg.store.store import Contents

VIEWS = ("table", "chart", "network")
SIZES = (100, 500, tables.MOST_ROWS)
LONGEST_ADDRESS = 8000
"""Maximum bytes of a URL that every browser and proxy accepts; a longer query is sent in a body."""
_CONTEXT = 60
"""Characters of a line shown on either side of an error."""

Examples: TypeAlias = Mapping[str, Sequence[tuple[str, str]]]
"""Saved questions as examples: name and question of each, by subject."""

FIRST_QUERY = """SELECT ?statement ?speaker ?words WHERE {
  ?statement a/rdfs:subClassOf* dip:Statement ;
             dip:madeBy ?speaker .
  OPTIONAL { ?statement dip:quotation|dip:paraphrase ?words }
}
ORDER BY ?speaker ?statement
LIMIT 50"""


@dataclass(frozen=True)
class WorkbenchRequest:
    """A query in the workbench; ``kept`` are further parameters: a time, a dataset."""

    query: str
    kept: tuple[tuple[str, str], ...] = ()
    window: Window = field(default_factory=Window)
    view: str = VIEWS[0]

    def pairs(self, **changed: str) -> list[tuple[str, str]]:
        """Return the URL parameters of this page, with changes; defaults are omitted."""
        own = {"query": self.query, "page": str(self.window.page), "rows": str(self.window.size)}
        own = {**own, "view": self.view, **changed}
        defaults = {"page": "1", "rows": str(tables.ROWS), "view": VIEWS[0]}
        return [(name, value) for name, value in own.items() if defaults.get(name) != value] + [
            (name, value) for name, value in self.kept if name not in changed
        ]

    def address(self, root: str, **changed: str) -> str:
        """Return the URL of this page, with changed parameters; empty if it is too long for a URL."""
        address = f"{root}workbench?{urlencode(self.pairs(**changed))}"
        return address if len(address) <= LONGEST_ADDRESS else ""

    def download(self, root: str, format_name: str) -> str:
        """Return the URL of the whole answer in a format; empty if it is too long for a URL."""
        pairs = [("query", self.query), *self.kept, ("format", format_name)]
        address = f"{root}sparql?{urlencode(pairs)}"
        return address if len(address) <= LONGEST_ADDRESS else ""


@dataclass(frozen=True)
class Repair:
    """A proposed correction: its description, and the corrected query."""

    label: str
    query: str


@dataclass(frozen=True)
class ShownFault:
    """An error of a query; with the surrounding text and corrections, if known."""

    detail: str
    status: int
    line: int | None = None
    column: int | None = None
    length: int = 1
    before: str = ""
    marked: str = ""
    after: str = ""
    repairs: tuple[Repair, ...] = ()


def fault_shown(fault: KGError, query: str, language: str) -> ShownFault:
    """Return an error for the page."""
    detail, line, column = fault.in_language(language), fault.extra.get("line"), fault.extra.get("column")
    if not isinstance(line, int) or not isinstance(column, int):
        return ShownFault(detail, fault.status)
    length = fault.extra.get("length")
    length = length if isinstance(length, int) else 1
    lines = query.split("\n")
    text = lines[line - 1] if line <= len(lines) else ""
    start, end = column - 1, column - 1 + length
    return ShownFault(
        detail,
        fault.status,
        line,
        column,
        length,
        text[max(0, start - _CONTEXT) : start],
        text[start:end] or " ",
        text[end : end + _CONTEXT],
        tuple(_repairs(fault, query, sum(len(each) + 1 for each in lines[: line - 1]) + start, length)),
    )


def _repairs(fault: KGError, query: str, place: int, length: int) -> Iterator[Repair]:
    before, instead = fault.extra.get("before"), fault.extra.get("instead")
    if isinstance(before, str):
        yield Repair(before.strip(), before + query)
    if isinstance(instead, str):
        yield Repair(
            f"{query[place : place + length]} → {instead.strip() or '∅'}",
            query[:place] + instead + query[place + length :],
        )


def page(
    style: Style,
    workbench_request: WorkbenchRequest,
    job: QueryJob,
    nonce: str,
    examples: Examples,
    contents: Contents,
) -> Iterator[bytes]:
    """Yield a query with its answer; raises as ``evaluation.evaluate``."""
    table = tables.shown(contents, job, style.cells(contents), window=workbench_request.window)
    moment = f"v{contents.version}"  # all pages of an answer are from one version

    def page_address(number: int) -> str:
        return workbench_request.address(style.root, page=str(number), **{"as-of": moment})

    values = {"shown": table, "version": contents.version, "fault": None, "pages": page_address}
    yield style.text("workbench.html", **values, **common(style, workbench_request, nonce, examples)).encode()


def common(
    style: Style, workbench_request: WorkbenchRequest, nonce: str, examples: Examples
) -> dict[str, Any]:
    """Return the page's variables that do not depend on the answer."""
    return {
        "asked": workbench_request,
        "nonce": nonce,
        "views": VIEWS,
        "sizes": SIZES,
        "share": workbench_request.address(style.root) if workbench_request.query else "",
        "prefixes": {**iris.PREFIXES, **{f: n for f, n in WELL_KNOWN.items() if f not in iris.PREFIXES}},
        "own_prefixes": list(iris.PREFIXES),
        "examples": examples,
        "result_formats": list(RESULT_FORMATS),
        "graph_formats": list(RDF_FORMATS),
    }
