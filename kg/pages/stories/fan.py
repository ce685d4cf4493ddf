"""Fan: the drawing of a network: one actor on the left, its neighbours on the right, a line for each layer.

Names never overlap, and the drawing fits a phone.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.pages.cells import Cell

WIDTH = 360
LEFT = 12
"""Place of the actor."""
_RIGHT = 150
"""Where lines end and words begin."""
_NAME_HEIGHT = 26
"""Height of a name, which is a target of 24 px at least."""
_LINE_HEIGHT = 17
_GAP = 9
_LONGEST = 26


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
    """Another actor, with what connects it, by layer."""

    cell: Cell
    strands: tuple[Strand, ...]

    @property
    def number(self) -> int:
        """All edges to it; only for the order, for words and deeds are not added up."""
        return sum(strand.number for strand in self.strands)


@dataclass(frozen=True)
class DrawnStrand:
    """A line with the place of its words."""

    strand: Strand
    path: str
    y: int


@dataclass(frozen=True)
class DrawnNeighbour:
    """A name, cut if too long, with its place and its lines."""

    cell: Cell
    text: str
    y: int
    strands: tuple[DrawnStrand, ...]


@dataclass(frozen=True)
class Fan:
    """The drawing, in units of its own."""

    height: int
    middle: int
    neighbours: tuple[DrawnNeighbour, ...]
    width: int = WIDTH
    left: int = LEFT
    right: int = _RIGHT


def fan(neighbours: Sequence[ConnectedActor]) -> Fan:
    """Place the neighbours from top to bottom."""
    heights = [_NAME_HEIGHT + _LINE_HEIGHT * len(each.strands) + _GAP for each in neighbours]
    middle = sum(heights) // 2
    placed = [sum(heights[:number]) for number in range(len(neighbours))]
    return Fan(
        sum(heights),
        middle,
        tuple(_drawn(each, top, middle) for each, top in zip(neighbours, placed, strict=True)),
    )


def _drawn(neighbour: ConnectedActor, top: int, middle: int) -> DrawnNeighbour:
    text = neighbour.cell.text
    return DrawnNeighbour(
        neighbour.cell,
        text if len(text) <= _LONGEST else f"{text[: _LONGEST - 1].rstrip()}…",
        top,
        tuple(
            _strand(each, top + _NAME_HEIGHT + _LINE_HEIGHT * number + 6, middle)
            for number, each in enumerate(neighbour.strands)
        ),
    )


def _strand(strand: Strand, y: int, middle: int) -> DrawnStrand:
    """Return a curve that ends level, so that its pattern is seen beside its words."""
    bend, level = LEFT + 80, _RIGHT - 34
    path = f"M{LEFT} {middle}C{bend} {middle} {bend - 40} {y} {level} {y}H{_RIGHT}"
    return DrawnStrand(strand, path, y)
