"""A draft: the cells of one row of the curators' table, and why the rules propose it."""

from collections.abc import Mapping
from dataclasses import dataclass

from kg.importers.table.bilingual import Bilingual

Cells = Mapping[str, str]
"""The filled cells of a row, by column; ``record`` is one of them."""


@dataclass(frozen=True)
class DraftRow:
    """A proposed row, and the reasons in sentences."""

    cells: Cells
    reasons: tuple[Bilingual, ...] = ()

    @property
    def id(self) -> str:
        """What the row calls its thing."""
        return self.cells.get("id", "")
