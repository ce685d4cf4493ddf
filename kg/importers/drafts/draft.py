"""A draft: the cells of one row of the curators' table, and the reasons for proposing it."""

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
        """The id of the thing that the row describes."""
        return self.cells.get("id", "")
