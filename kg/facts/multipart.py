"""Files of a form (multipart/form-data, RFC 7578), split in one pass."""

from dataclasses import dataclass

from kg.errors import BadInput, TooLarge
from kg.formats import media_type_parameter

MOST_FILES = 100
_LONGEST_HEAD = 8192
_LONGEST_BOUNDARY = 70
"""Maximum characters of a boundary (RFC 2046, section 5.1.1)."""


@dataclass(frozen=True)
class File:
    """One file: its name and Content-Type, if given, and its content."""

    name: str | None
    content_type: str | None
    data: bytes


def files(content_type: str, body: bytes) -> list[File]:
    """Split a form into its files; raises BadInput for an invalid form, TooLarge for too many files."""
    boundary = media_type_parameter(content_type, "boundary") or ""
    if not 1 <= len(boundary) <= _LONGEST_BOUNDARY:
        raise BadInput(
            "The Content-Type of a form must name the boundary between its files; this one does not."
        )
    line = b"\r\n--" + boundary.encode("latin-1", "replace")
    if body.count(line) > MOST_FILES + 1:
        raise TooLarge(f"The form holds more than {MOST_FILES} files; send them in several requests.")
    pieces = (b"\r\n" + body).split(line)
    if not pieces[-1].startswith(b"--"):
        raise BadInput("The form does not end with its boundary, so it is truncated; send it again.")
    return [_file(piece) for piece in pieces[1:-1]]


def _file(piece: bytes) -> File:
    end = piece.find(b"\r\n\r\n", 0, _LONGEST_HEAD)
    if end < 0:
        raise BadInput("A part of the form lacks headers, or the empty line after them.")
    head = _headers(piece[:end].decode("utf-8", "replace"))
    name = media_type_parameter(head.get("content-disposition"), "filename")
    return File(name, head.get("content-type") or None, piece[end + 4 :])


def _headers(text: str) -> dict[str, str]:
    """Return header fields by lower-case name; a line that begins with a space continues the one before."""
    unfolded = text.replace("\r\n ", " ").replace("\r\n\t", " ")
    fields = (line.partition(":") for line in unfolded.split("\r\n"))
    return {name.strip().lower(): value.strip() for name, _, value in fields}
