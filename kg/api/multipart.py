"""The files of a form (multipart/form-data, RFC 7578), cut out in one pass."""

import re
from dataclasses import dataclass
from email.parser import BytesParser
from email.policy import HTTP

from kg.errors import BadInput, TooLarge

MOST_FILES = 100
_LONGEST_HEAD = 8192
_BOUNDARY = re.compile(r"""\bboundary=(?:"([^"]{1,70})"|([^\s;,"]{1,70}))""", re.IGNORECASE)


@dataclass(frozen=True)
class File:
    """One file: its name where it has one, its Content-Type where it tells one, what is in it."""

    name: str | None
    content_type: str | None
    data: bytes


def files(content_type: str, body: bytes) -> list[File]:
    """Cut a form into its files; raises BadInput for what is no form, TooLarge for too many files."""
    boundary = _BOUNDARY.search(content_type)
    if boundary is None:
        raise BadInput("The Content-Type of a form names the boundary between its files; this one does not.")
    line = b"\r\n--" + (boundary[1] or boundary[2]).encode("latin-1", "replace")
    if body.count(line) > MOST_FILES + 1:
        raise TooLarge(f"The form holds more than {MOST_FILES} files; send them in several requests.")
    pieces = (b"\r\n" + body).split(line)
    if not pieces[-1].startswith(b"--"):
        raise BadInput("The form does not end with its boundary; it was cut on its way.")
    return [_file(piece) for piece in pieces[1:-1]]


def _file(piece: bytes) -> File:
    end = piece.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
    if end < 0:
        raise BadInput("A file of the form has no head of its own, ended by an empty line.")
    head = BytesParser(policy=HTTP).parsebytes(piece[:end].lstrip() + b"\r\n\r\n", headersonly=True)
    told = head["Content-Type"]
    return File(head.get_filename(), str(told) if told else None, piece[end + 4 :])
