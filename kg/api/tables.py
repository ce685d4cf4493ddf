"""Answers as tables for a page: cut from the TSV that the engine wrote, which keeps terms whole."""

import re
from collections.abc import Callable
from dataclasses import dataclass

from kg import iris
from kg.api.cells import Cell
from kg.readers import Answer

MAX_BYTES = 1 << 20
MAX_ROWS = 1000

_LITERAL = re.compile(r'"((?:[^"\\]|\\.)*)"(?:@([A-Za-z0-9-]+)|\^\^<([^>]*)>)?')
_ESCAPE = re.compile(r"\\(.)")
_ESCAPED = {"t": "\t", "n": "\n", "r": "\r"}


@dataclass(frozen=True)
class Shown:
    """An answer as far as a page shows it: a table, or else text."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()
    text: str = ""
    is_cut: bool = False


async def shown(answer: Answer, link: Callable[[str], str]) -> Shown:
    """Read as much of an answer as a page shows, and let it go."""
    data = bytearray()
    async for chunk in answer.chunks():
        data += chunk
        if len(data) > MAX_BYTES:
            break
    is_cut = len(data) > MAX_BYTES
    answer.close()
    lines = data.decode("utf-8", "ignore").split("\n")
    if is_cut:
        lines = lines[:-1]
    if answer.media_type != "text/tab-separated-values" or not lines[0].startswith("?"):
        return Shown(text="\n".join(lines), is_cut=is_cut)
    header, *body = [line for line in lines if line]
    rows = tuple(tuple(cell(text, link) for text in line.split("\t")) for line in body[:MAX_ROWS])
    return Shown(tuple(header.split("\t")), rows, is_cut=is_cut or len(body) > MAX_ROWS)


def cell(text: str, link: Callable[[str], str]) -> Cell:
    """Read one term of a TSV answer."""
    if text.startswith("<"):
        iri = text[1:-1]
        return Cell(iris.compact(iri).strip("<>"), link(iri))
    if match := _LITERAL.fullmatch(text):
        plain = _ESCAPE.sub(lambda escape: _ESCAPED.get(escape[1], escape[1]), match[1])
        return Cell(plain, language=match[2], datatype=match[3] and iris.compact(match[3]))
    return Cell(text)
