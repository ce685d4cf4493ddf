"""Fan: the drawing of a network: an actor at the left, its neighbours at the right, lines by layer.

Names and lines never overlap, and the drawing fits a phone. Many neighbours make two drawings, which are side
by side on a wide screen.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import accumulate
from textwrap import wrap

from kg.pages.cells import Cell

WIDTH = 360
LEFT = 12
"""The x coordinate of the actor."""
_RIGHT = 150
"""The x coordinate at which lines end and names begin."""
_TOP = 26
_NAME_HEIGHT = 26
"""Height of a name of one line, which is a target of 24 px at least."""
_FURTHER_LINE = 15
_LINE_HEIGHT = 17
_GAP = 9
_LONGEST = 26
"""Characters in a line of a name, which has two at most."""
_FEW = 3
"""Neighbours that one drawing shows at any width."""


@dataclass(frozen=True)
class Strand:
    """The edges of one layer to one neighbour: their numbers by direction."""

    layer: str
    outward: int = 0
    inward: int = 0
    mutual: int = 0
    """Edges in which neither acts on the other."""

    @property
    def number(self) -> int:
        """All its edges."""
        return self.outward + self.inward + self.mutual


@dataclass(frozen=True)
class ConnectedActor:
    """A neighbour, with its edges by layer."""

    cell: Cell
    strands: tuple[Strand, ...]

    @property
    def number(self) -> int:
        """The number of all edges to it.

        Used only for sorting, because words and deeds are never added up.
        """
        return sum(strand.number for strand in self.strands)


@dataclass(frozen=True)
class DrawnStrand:
    """A line with the position of its label."""

    strand: Strand
    path: str
    y: int


@dataclass(frozen=True)
class DrawnNeighbour:
    """A name in its lines, cut if too long, with its place, its height and its strands."""

    cell: Cell
    lines: tuple[str, ...]
    y: int
    height: int
    strands: tuple[DrawnStrand, ...]


@dataclass(frozen=True)
class Fan:
    """The drawing, in its own coordinates."""

    height: int
    neighbours: tuple[DrawnNeighbour, ...]
    width: int = WIDTH
    left: int = LEFT
    top: int = _TOP
    right: int = _RIGHT


def fans(neighbours: Sequence[ConnectedActor]) -> tuple[Fan, ...]:
    """Place the neighbours from top to bottom, in one drawing or in two of about the same height."""
    drawn = list(map(_drawn, neighbours))
    heights = [_height(each) for each in drawn]
    half = next(number for number in range(len(drawn) + 1) if 2 * sum(heights[:number]) >= sum(heights))
    parts = [drawn] if len(drawn) <= _FEW else [drawn[:half], drawn[half:]]
    return tuple(_placed(part) for part in parts if part)


def _placed(neighbours: Sequence[DrawnNeighbour]) -> Fan:
    tops = list(accumulate((_height(each) for each in neighbours), initial=0))
    return Fan(
        tops[-1],
        tuple(_lowered(each, top) for each, top in zip(neighbours, tops, strict=False)),
    )


def _height(neighbour: DrawnNeighbour) -> int:
    return neighbour.height + _LINE_HEIGHT * len(neighbour.strands) + _GAP


def _drawn(neighbour: ConnectedActor) -> DrawnNeighbour:
    """Return a neighbour as at the top of a drawing."""
    lines = wrap(neighbour.cell.text, _LONGEST, max_lines=2, placeholder="…") or [""]
    height = _NAME_HEIGHT + _FURTHER_LINE * (len(lines) - 1)
    strands = (
        DrawnStrand(each, "", height + _LINE_HEIGHT * number + 6)
        for number, each in enumerate(neighbour.strands)
    )
    return DrawnNeighbour(neighbour.cell, tuple(lines), 0, height, tuple(strands))


def _lowered(neighbour: DrawnNeighbour, top: int) -> DrawnNeighbour:
    """Return a neighbour at its place, with the lines that lead there."""
    strands = (DrawnStrand(each.strand, _path(each.y + top), each.y + top) for each in neighbour.strands)
    return replace(neighbour, y=top, strands=tuple(strands))


def _path(y: int) -> str:
    """Return a curve that ends horizontally, so that its line pattern is visible beside its label."""
    return f"M{LEFT} {_TOP}C{LEFT} {y} {LEFT + 30} {y} {_RIGHT - 50} {y}H{_RIGHT}"
