"""Edition: the metadata in an exported file: version, time, selection, licence, and citation.

None of it depends on the clock, so that the same version gives the same bytes.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from pyoxigraph import Literal

from kg import iris, provenance
from kg.store.store import Contents
from kg.terms import PROV

TITLE = "Regional diplomacy: who said or did what to whom, and according to whom"
DESCRIPTION = (
    "What sources report, what actors say and what happened, kept apart, each with where it was found."
)
AUTHOR = "Regional Diplomacy maintainers"
LICENCE = "https://creativecommons.org/licenses/by/4.0/"
LICENCE_NAME = "CC BY 4.0"


@dataclass(frozen=True)
class Edition:
    """One version of the graph as a publication; ``selection`` describes in words the part in the file."""

    version: int
    time: str
    """When the version was committed, in ISO 8601; empty if unknown."""
    selection: str = ""
    source_terms: tuple[str, ...] = ()
    """The terms of use of imported sources: title of the source, colon, terms."""

    @property
    def year(self) -> str:
        """The year in which the version was committed; empty if unknown."""
        return self.time[:4]

    @property
    def name(self) -> str:
        """The version as people write it.

        >>> Edition(17, "2026-11-30T09:00:00+00:00").name
        'v17'
        """
        return f"v{self.version}"

    @property
    def citation(self) -> str:
        """The citation of a file."""
        year = f" ({self.year})" if self.year else ""
        part = f", {self.selection}" if self.selection else ""
        return f"{AUTHOR}{year}. {TITLE}, version {self.name}{part} [data set]. {iris.BASE}"

    def members(self) -> Mapping[str, str]:
        """Return the metadata by name."""
        terms = {"terms of sources": " | ".join(self.source_terms)} if self.source_terms else {}
        return {
            "title": TITLE,
            "version": self.name,
            "time": self.time,
            "selection": self.selection or "all facts",
            "licence": LICENCE,
            "citation": self.citation,
            **terms,
        }

    def lines(self) -> Iterator[str]:
        """Yield the metadata as lines for comments."""
        for name, value in self.members().items():
            yield f"{name}: {' '.join(value.split())}"


def of(contents: Contents, selection: str = "") -> Edition:
    """Return the edition for the version of ``contents``."""
    commit = provenance.commit_node(contents.version)
    times = contents.quads_for_pattern(commit, PROV.ENDED_AT_TIME, None, provenance.GRAPH)
    moments = sorted(quad.object.value for quad in times if isinstance(quad.object, Literal))
    return Edition(contents.version, moments[0] if moments else "", selection)


def comments(edition: Edition | None, mark: str = "# ") -> str:
    """Return the metadata as comments, each line after a mark; empty without an edition."""
    return "".join(f"{mark}{line}\n" for line in edition.lines()) if edition else ""
