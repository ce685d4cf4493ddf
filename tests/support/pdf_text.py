"""The text of a PDF file that Chromium writes (Skia's PDF): each character with its place on its page.

It reads what Chromium writes and no other PDF: objects in the clear, streams deflated, fonts with two bytes a
glyph and a ToUnicode map.
"""

import re
import zlib
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import NamedTuple

_OBJECT = re.compile(rb"^(\d+) 0 obj\n(.*?)\nendobj", re.M | re.S)
_STREAM = re.compile(rb"stream\r?\n(.*)\nendstream", re.S)
_TOKEN = re.compile(rb"<([0-9A-F]*)>|/(\w+)|(-?[\d.]+)|([A-Za-z*]+)|[\[\]]|\(.*?(?<!\\)\)")
_FEW = re.compile(r"<(\w{4})> <(\w+)>$", re.M)
_RANGE = re.compile(r"<(\w{4})> <(\w{4})> <(\w+)>$", re.M)
_WIDTHS = re.compile(rb"/W (\[.*\])", re.S)

Matrix = tuple[float, float, float, float, float, float]
_SAME: Matrix = (1, 0, 0, 1, 0, 0)


class Glyph(NamedTuple):
    """What one glyph says, and from where to where it goes, in points from the left edge of the sheet."""

    text: str
    left: float
    right: float


class Sheet(NamedTuple):
    """A page of the file."""

    width: float
    glyphs: tuple[Glyph, ...]

    @property
    def text(self) -> str:
        return "".join(glyph.text for glyph in self.glyphs)


class _Font(NamedTuple):
    texts: dict[int, str]
    widths: dict[int, float]


@dataclass
class _State:
    """Where painting is: the matrix of the sheet, that of the text, and the font."""

    matrix: Matrix = _SAME
    line: Matrix = _SAME
    font: _Font = field(default_factory=lambda: _Font({}, {}))
    size: float = 0
    kept: list[Matrix] = field(default_factory=list)

    def move(self, operator: bytes, given: list[bytes]) -> None:
        """Follow an operator that moves; pass over any other."""
        match operator:
            case b"q":
                self.kept.append(self.matrix)
            case b"Q":
                self.matrix = self.kept.pop()
            case b"cm":
                self.matrix = _times(_matrix(given), self.matrix)
            case b"BT":
                self.line = _SAME
            case b"Tm":
                self.line = _matrix(given)
            case b"Td":
                self.line = _times((1, 0, 0, 1, float(given[-2]), float(given[-1])), self.line)

    def glyphs(self, codes: bytes) -> Iterator[Glyph]:
        """Yield the glyphs of a string, each of two bytes in hexadecimal digits."""
        along = 0.0
        for start in range(0, len(codes), 4):
            code = int(codes[start : start + 4], 16)
            left = self._across(along)
            along += self.font.widths.get(code, 0) / 1000 * self.size
            yield Glyph(self.font.texts.get(code, "\N{REPLACEMENT CHARACTER}"), left, self._across(along))

    def _across(self, along: float) -> float:
        return _times((1, 0, 0, 1, along, 0), _times(self.line, self.matrix))[4]


def sheets(pdf: bytes) -> list[Sheet]:
    """Return the pages of a PDF file that Chromium wrote."""
    return _File(pdf).sheets()


class _File:
    def __init__(self, pdf: bytes) -> None:
        self._objects = {int(each[1]): each[2] for each in _OBJECT.finditer(pdf)}
        self._fonts: dict[int, _Font] = {}

    def sheets(self) -> list[Sheet]:
        return [self._sheet(each) for each in self._ordered()]

    def _ordered(self) -> list[bytes]:
        """Return the pages in their order, through the tree of pages."""
        root = next(each for each in self._objects.values() if b"/Type /Catalog" in each)
        return list(self._pages(_reference(root, "Pages")))

    def _pages(self, number: int) -> Iterator[bytes]:
        node = self._objects[number]
        kids = re.search(rb"/Kids \[(.*?)\]", node, re.S)
        if kids is None:
            yield node
            return
        for kid in re.finditer(rb"(\d+) 0 R", kids[1]):
            yield from self._pages(int(kid[1]))

    def _sheet(self, page: bytes) -> Sheet:
        box = re.search(rb"/MediaBox \[0 0 ([\d.]+) ", page)
        assert box is not None
        return Sheet(float(box[1]), tuple(self._glyphs(page, _reference(page, "Contents"), _State())))

    def _glyphs(self, owner: bytes, contents: int, state: _State) -> Iterator[Glyph]:
        """Yield the glyphs of a stream of painting operators; ``owner`` names its resources."""
        given: list[bytes] = []
        for token in _TOKEN.finditer(self._stream(contents)):
            hexadecimal, name, number, operator = token.groups()
            if operator is None:
                given.append(next((each for each in (hexadecimal, name, number) if each is not None), b""))
                continue
            if operator == b"Tf":
                state.font, state.size = self._font(_reference(owner, given[-2].decode())), float(given[-1])
            elif operator == b"Tj":
                yield from state.glyphs(given[-1])
            elif operator == b"Do":
                drawn = _reference(owner, given[-1].decode())
                if b"/Subtype /Form" in self._objects[drawn][:200]:
                    yield from self._glyphs(self._objects[drawn], drawn, _State(state.matrix))
            else:
                state.move(operator, given)
            given.clear()

    def _font(self, number: int) -> _Font:
        if number not in self._fonts:
            font = self._objects[number]
            texts = dict(_texts(self._stream(_reference(font, "ToUnicode")).decode("latin-1")))
            inner = re.search(rb"/DescendantFonts \[(\d+) 0 R", font)
            assert inner is not None, font
            self._fonts[number] = _Font(texts, dict(_widths(self._objects[int(inner[1])])))
        return self._fonts[number]

    def _stream(self, number: int) -> bytes:
        each = self._objects[number]
        found = _STREAM.search(each)
        assert found is not None
        return zlib.decompress(found[1]) if b"/FlateDecode" in each[: found.start()] else found[1]


def _texts(map_: str) -> Iterator[tuple[int, str]]:
    for part in re.findall(r"beginbfrange(.*?)endbfrange", map_, re.S):
        for first, last, text in _RANGE.findall(part):
            for step in range(int(last, 16) - int(first, 16) + 1):
                yield int(first, 16) + step, chr(int(text, 16) + step)
    for part in re.findall(r"beginbfchar(.*?)endbfchar", map_, re.S):
        for code, text in _FEW.findall(part):
            yield int(code, 16), bytes.fromhex(text).decode("utf-16-be")


def _widths(font: bytes) -> Iterator[tuple[int, float]]:
    """Yield the width of each glyph: ``/W [first [width width] first last width]``."""
    found = _WIDTHS.search(font)
    tokens = re.findall(rb"[\d.]+|\[|\]", found[1].rpartition(b"]")[0][1:]) if found else []
    place = 0
    while place < len(tokens):
        first = int(tokens[place])
        if tokens[place + 1] == b"[":
            end = tokens.index(b"]", place)
            yield from enumerate(map(float, tokens[place + 2 : end]), first)
            place = end + 1
        else:
            for code in range(first, int(tokens[place + 1]) + 1):
                yield code, float(tokens[place + 2])
            place += 3


def _reference(owner: bytes, name: str) -> int:
    found = re.search(rb"/%s (\d+) 0 R" % name.encode(), owner)
    found = found or re.search(rb"/%s \[(\d+) 0 R" % name.encode(), owner)
    assert found is not None, name
    return int(found[1])


def _matrix(given: list[bytes]) -> Matrix:
    a, b, c, d, e, f = map(float, given[-6:])
    return (a, b, c, d, e, f)


def _times(one: Matrix, two: Matrix) -> Matrix:
    a, b, c, d, e, f = one
    g, h, i, j, k, m = two
    return (
        a * g + b * i,
        a * h + b * j,
        c * g + d * i,
        c * h + d * j,
        e * g + f * i + k,
        e * h + f * j + m,
    )
