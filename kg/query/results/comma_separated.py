"""CSV writer (RFC 4180): quotes every value that requires quotation marks.

The engine's own CSV leaves IRIs bare, even those with a comma, which shifts the columns of the row and cannot
be corrected afterwards. So the engine writes TSV, in which each cell shows its type, and the cells are
rewritten, some thousand rows at a time.
"""

import re
from typing import IO

from pyoxigraph import QueryBoolean, QueryResultsFormat, QuerySolutions

CHUNK = 1 << 16
"""Minimum bytes of rows that are rewritten at once."""

_SUFFIX = re.compile(rb'"(?:@|\^\^)[^\t\n]*+')
"""A closing quotation mark and the language or datatype behind it."""
_ESCAPE = re.compile(rb"\\(.)", re.DOTALL)
_ESCAPED = {b"t": b"\t", b"n": b"\n", b"r": b"\r"}
_SPECIAL = re.compile(rb'[,"\r\n]')
_TABS_TO_COMMAS = bytes.maketrans(b"\t", b",")


def write(result: QuerySolutions | QueryBoolean, output: IO[bytes]) -> None:
    """Write an answer; for ASK, the word alone."""
    if isinstance(result, QueryBoolean):
        result.serialize(output, QueryResultsFormat.CSV)
        return
    rows = _CSVRows(output, is_narrow=len(result.variables) == 1)
    result.serialize(rows, QueryResultsFormat.TSV)  # type: ignore[arg-type]  # write() and flush() suffice
    rows.finish()


class _CSVRows:
    """Takes rows as TSV, in pieces of any size, and writes them as CSV.

    ``is_narrow`` is true for rows of one column: an empty value there is written ``""``, because readers of
    CSV skip empty lines.
    """

    def __init__(self, output: IO[bytes], *, is_narrow: bool) -> None:
        self._output = output
        self._is_narrow = is_narrow
        self._pieces: list[bytes] = []
        self._size = 0
        self._is_at_header = True

    def write(self, data: bytes) -> int:
        """Add bytes, and write the complete rows if there are many."""
        self._pieces.append(data)
        self._size += len(data)
        if self._size >= CHUNK and b"\n" in data:
            self._rewrite()
        return len(data)

    def flush(self) -> None:
        """Do nothing: ``finish`` writes the rest."""

    def finish(self) -> None:
        """Write the remaining rows."""
        self._rewrite()

    def _rewrite(self) -> None:
        rows, newline, rest = b"".join(self._pieces).rpartition(b"\n")
        self._pieces, self._size = [rest], len(rest)
        rows += newline
        if self._is_at_header and rows:
            names, _, rows = rows.partition(b"\n")
            self._output.write(names.replace(b"?", b"").replace(b"\t", b",") + b"\r\n")
            self._is_at_header = False
        if rows:
            self._output.write(_as_csv(rows, is_narrow=self._is_narrow))


def _as_csv(rows: bytes, *, is_narrow: bool) -> bytes:
    """Rewrite complete rows: all at once if no cell is unusual, else cell by cell.

    >>> _as_csv(b'<urn:a,b>\\t"c"@en\\t1\\n', is_narrow=False)
    b'"urn:a,b",c,1\\r\\n'
    """
    has_empty = is_narrow and (b"\n\n" in rows or b'""' in rows or rows.startswith(b"\n"))
    if not has_empty and b"\\" not in rows:
        pieces = rows.split(b'"')  # no escapes, so each quote is a delimiter: every second piece is a text
        outside = b'"'.join(pieces[::2])
        if b"," not in outside and b"<<(" not in outside:
            return _unusual_only(pieces, outside)
    return b"".join(_row(row, is_narrow=is_narrow) for row in rows.split(b"\n")[:-1])


def _unusual_only(pieces: list[bytes], outside: bytes) -> bytes:
    """Rewrite rows that are split at quotation marks; ``outside`` holds the pieces outside of texts."""
    bare = _SUFFIX.sub(b'"', outside).translate(_TABS_TO_COMMAS, b"<>").replace(b"\n", b"\r\n")
    pieces[::2] = bare.split(b'"')
    pieces[1::2] = [b'"%b"' % text if b"," in text else text for text in pieces[1::2]]
    return b"".join(pieces)


def _row(row: bytes, *, is_narrow: bool) -> bytes:
    cells = b",".join(map(_cell, row.split(b"\t")))
    return (cells or (b'""' if is_narrow else b"")) + b"\r\n"


def _cell(cell: bytes) -> bytes:
    """Return a term in CSV: an IRI or a literal as bare text, anything else as it is."""
    if cell.startswith(b'"'):
        cell = _ESCAPE.sub(_unescaped, cell[1 : cell.rindex(b'"')])
    elif cell.startswith(b"<") and not cell.startswith(b"<<("):
        cell = cell[1:-1]
    return b'"%b"' % cell.replace(b'"', b'""') if _SPECIAL.search(cell) else cell


def _unescaped(match: re.Match[bytes]) -> bytes:
    return _ESCAPED.get(match[1], match[1])
