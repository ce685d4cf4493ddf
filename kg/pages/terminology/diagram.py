"""Diagram of a term with its neighbours.

The terms that refer to it on the left, the terms that it refers to on the right.
"""

from collections.abc import Sequence
from dataclasses import dataclass

from kg.pages.cells import Cell

MOST = 9
"""Maximum neighbours on each side, and maximum terms below it."""
WIDTH = 880
_BOX = 170
_CENTRE = 150
_HIGH = 28
_ROW = 46
_IN_A_ROW = 4
_LETTERS_IN_BOX = 24
_LETTERS_ON_ARROW = 30


@dataclass(frozen=True)
class Neighbour:
    """A term beside another one, and the properties that lead to it or from it."""

    term: Cell
    through: tuple[Cell, ...] = ()


@dataclass(frozen=True)
class Box:
    """A term in the drawing; the text is cut to the width, the cell has the whole name."""

    x: int
    y: int
    width: int
    height: int
    text: str
    cell: Cell
    is_centre: bool = False


@dataclass(frozen=True)
class Arrow:
    """An arrow to the right, with the names of properties above it."""

    x: int
    y: int
    width: int
    text: str
    whole: str


@dataclass(frozen=True)
class Joint:
    """A line from a narrower term up to a broader one."""

    x: int
    y: int
    to_x: int
    to_y: int


@dataclass(frozen=True)
class Diagram:
    """The drawing, and the number of neighbours for which it has no room."""

    height: int
    boxes: tuple[Box, ...]
    arrows: tuple[Arrow, ...]
    joints: tuple[Joint, ...]
    left_out: int
    width: int = WIDTH


def draw(
    centre: Cell,
    above: Sequence[Cell],
    below: Sequence[Cell],
    before: Sequence[Neighbour],
    after: Sequence[Neighbour],
) -> Diagram | None:
    """Return the drawing of a term; None if it has no neighbours."""
    sides = [*above, *below, *before, *after]
    if not sides:
        return None
    middle, top = WIDTH // 2, _HIGH * 2 if above else 4
    left, right = before[:MOST], after[:MOST]
    rows = max(len(left), len(right), 1)
    height = max(rows * _ROW - (_ROW - _HIGH), _HIGH)
    centre_box = Box(
        middle - _CENTRE // 2, top, _CENTRE, height, _cut(centre.text, _LETTERS_IN_BOX), centre, True
    )
    boxes, joints, arrows = [centre_box], [], []
    for x, cell in zip(_places(len(above[:_IN_A_ROW])), above, strict=False):
        boxes.append(_box(x, 2, cell))
        joints.append(Joint(middle, top, x + _BOX // 2, 2 + _HIGH))
    bottom = top + height
    terms_below = below[:MOST]
    for row in range(-(-len(terms_below) // _IN_A_ROW)):
        cells = terms_below[row * _IN_A_ROW :][:_IN_A_ROW]
        y = bottom + _HIGH + row * (_HIGH + 12)
        for x, cell in zip(_places(len(cells)), cells, strict=True):
            boxes.append(_box(x, y, cell))
            if not row:
                joints.append(Joint(x + _BOX // 2, y, middle, bottom))
    for row, (neighbour, is_before) in _sided(left, right):
        y = top + row * _ROW
        boxes.append(_box(1 if is_before else WIDTH - _BOX - 1, y, neighbour.term))
        start = _BOX + 1 if is_before else middle + _CENTRE // 2
        arrows.append(_arrow(start, y + _HIGH // 2, neighbour))
    rows_below = -(-len(terms_below) // _IN_A_ROW)
    end = bottom + (_HIGH + rows_below * (_HIGH + 12) if terms_below else 4)
    left_out = len(sides) - len(boxes) + 1
    return Diagram(end, tuple(boxes), tuple(arrows), tuple(joints), left_out)


def _sided(left: Sequence[Neighbour], right: Sequence[Neighbour]) -> list[tuple[int, tuple[Neighbour, bool]]]:
    return [*enumerate((each, True) for each in left), *enumerate((each, False) for each in right)]


def _places(number: int) -> list[int]:
    """Return the left edges of a row of boxes in the middle of the drawing."""
    gap = 24
    start = (WIDTH - number * _BOX - (number - 1) * gap) // 2
    return [start + place * (_BOX + gap) for place in range(number)]


def _box(x: int, y: int, cell: Cell) -> Box:
    return Box(x, y, _BOX, _HIGH, _cut(cell.text, _LETTERS_IN_BOX), cell)


def _arrow(x: int, y: int, neighbour: Neighbour) -> Arrow:
    whole = ", ".join(each.text for each in neighbour.through)
    return Arrow(x, y, WIDTH // 2 - _BOX - _CENTRE // 2 - 1, _cut(whole, _LETTERS_ON_ARROW), whole)


def _cut(text: str, most: int) -> str:
    return text if len(text) <= most else f"{text[: most - 1].rstrip(' ,')}…"
