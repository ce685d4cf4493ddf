"""Workbook reader (XLSX, ECMA-376) for bytes from untrusted senders.

The archive is unpacked up to a maximum size and may contain no document type, so that no entity expands;
sheets are read row by row, and cells become the text that a curator would write.
"""

import io
import re
import warnings
from collections.abc import Callable, Iterator
from datetime import date, datetime, time
from typing import TYPE_CHECKING, NoReturn
from xml.parsers import expat
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile

from kg.errors import KGError, TooLarge
from kg.importers.table.bilingual import Bilingual, Misread
from kg.importers.table.faults import Fault, TableLine, unreadable
from kg.importers.table.table import LONGEST_CELL, REMARK, Sheet

if TYPE_CHECKING:
    from openpyxl.cell.read_only import ReadOnlyCell
    from openpyxl.worksheet._read_only import ReadOnlyWorksheet

BEGIN = b"PK\x03\x04"
"""Magic number of an archive, and so of a workbook."""
OLDER_BEGIN = b"\xd0\xcf\x11\xe0"
"""Magic number of a workbook from before 2007, and of one with a password."""

MOST_CELLS = 1 << 21
"""Maximum cells examined, empty ones included: a sheet may declare any number of cells."""
_MOST_PARTS = 1000
_PIECE = 1 << 16
_UNREADABLE = Bilingual(
    "This workbook cannot be read; save it as XLSX or as CSV in UTF-8, and send that.",
    "Este libro no puede leerse aquí; guárdelo como XLSX o como CSV en UTF-8 y envíe eso.",
)
_OLDER = Bilingual(
    "This workbook has a format older than XLSX, or a password; save it as XLSX without a password.",
    "Este libro es de un formato anterior a XLSX o tiene contraseña; guárdelo como XLSX sin ella.",
)
_FORMULA = Bilingual(
    "this cell holds a formula; replace it by its value (copy, paste values only)",
    "esta celda contiene una fórmula; ponga en su lugar su valor (copiar, pegar solo valores)",
)
_ERROR = Bilingual(
    "this cell contains a spreadsheet error value (such as #REF!); correct it",
    "esta celda contiene un error de la hoja de cálculo; corríjalo",
)
_CHARACTER = Bilingual(
    "this cell holds a character that no text may contain; remove it",
    "esta celda contiene un carácter que ningún texto contiene; quítelo",
)
_ESCAPE = re.compile(r"_x([0-9A-Fa-f]{4})_")
"""A workbook's escape of a character that XML cannot carry (ECMA-376-1, 22.9.2.19)."""
_NO_TEXT = re.compile("[\0\ud800-\udfff]")
_QUOTED = re.compile(r'"[^"]*+"?+|\[[^\]]*+\]?+|\\.')
"""Literal text in a number format."""


def sheets(data: bytes, limit: int) -> list[Sheet]:
    """Return the sheets that hold facts.

    Raises TooLarge for a workbook of more than ``limit`` bytes when unpacked, and Unreadable.
    """
    if data.startswith(OLDER_BEGIN):
        raise unreadable(_OLDER)
    try:
        with warnings.catch_warnings(action="ignore"):  # about styles and extensions, which are not read
            _check_archive(data, limit)
            return _sheets(data)
    except (KGError, MemoryError):
        raise
    except Exception:  # the library raises arbitrary errors for broken parts
        raise unreadable(_UNREADABLE) from None


def _too_large(english: str, spanish: str) -> TooLarge:
    return TooLarge(english, sentence={"en": english, "es": spanish})


def _check_archive(data: bytes, limit: int) -> None:
    """Raise TooLarge or Unreadable for an archive that is not safe to unpack and parse.

    zipfile never returns more of a part than the archive declares, so checking the declared size is enough.
    Compression methods other than these two may use more memory.
    """
    try:
        archive = ZipFile(io.BytesIO(data))
    except BadZipFile:
        raise unreadable(_UNREADABLE) from None
    with archive:
        parts = archive.infolist()
        size = sum(part.file_size for part in parts)
        if size > limit or len(parts) > _MOST_PARTS:
            raise _too_large(
                f"This workbook has {size:,} bytes in {len(parts):,} parts when it is unpacked; the limit is "
                f"{limit:,} in {_MOST_PARTS:,} parts. Split it, or send CSV.",
                f"Este libro tiene {size:,} bytes en {len(parts):,} partes descomprimido; se aceptan"
                f" {limit:,} en"
                f" {_MOST_PARTS:,} de una vez. Divídalo o envíe CSV.",
            )
        for part in parts:
            if part.compress_type not in (ZIP_STORED, ZIP_DEFLATED):
                raise unreadable(_UNREADABLE)
            if part.filename.endswith((".xml", ".rels")):
                _check_xml(archive.read(part))


def _check_xml(data: bytes) -> None:
    """Raise Unreadable for XML with a document type, which workbooks never have."""
    parser = expat.ParserCreate()
    parser.StartDoctypeDeclHandler = _refuse
    for start in range(0, len(data), _PIECE):
        parser.Parse(data[start : start + _PIECE])
    parser.Parse(b"", True)


def _refuse(*_: object) -> NoReturn:
    raise unreadable(_UNREADABLE)


def _sheets(data: bytes) -> list[Sheet]:
    from openpyxl import load_workbook  # most commands do not read workbooks

    book = load_workbook(io.BytesIO(data), read_only=True, keep_links=False)
    reader = _SheetReader()
    return [
        reader.read(number, sheet)
        for number, sheet in enumerate(book.worksheets, 1)
        if not sheet.title.lstrip().startswith(REMARK)
    ]


class _SheetReader:
    """Reads sheets; one maximum of cells applies to all of them."""

    def __init__(self) -> None:
        self._cells = 0

    def read(self, number: int, sheet: "ReadOnlyWorksheet") -> Sheet:
        """Read a sheet; ``number`` is its position in the workbook."""
        faults: list[Fault] = []
        return Sheet(list(self._lines(number, sheet, faults.append)), sheet.title, faults)

    def _lines(
        self, number: int, sheet: "ReadOnlyWorksheet", tell: Callable[[Fault], None]
    ) -> Iterator[tuple[TableLine, list[str]]]:
        """Yield the nonempty lines."""
        sheet.reset_dimensions()  # a sheet's declared size may be wrong, or hostile
        header: list[str] = []
        for place, row in enumerate(sheet.iter_rows(), 1):
            self._count(1 + len(row))
            if not row:
                continue
            line = TableLine(place, number, sheet.title)
            cells = [_text(cell, line, header, tell) for cell in row]
            if any(cells):
                header = header or cells
                yield line, cells

    def _count(self, cells: int) -> None:
        self._cells += cells
        if self._cells > MOST_CELLS:
            raise _too_large(
                f"The sheets span more than {MOST_CELLS:,} cells, empty ones included; delete the empty rows"
                " and columns beyond your own, or send CSV.",
                f"Las hojas abarcan más de {MOST_CELLS:,} celdas, contando las vacías; borre las"
                " filas y columnas"
                " vacías más allá de las suyas, o envíe CSV.",
            )


def _text(cell: "ReadOnlyCell", line: TableLine, header: list[str], tell: Callable[[Fault], None]) -> str:
    if cell.value is None:
        return ""
    try:
        return text_of(cell.value, cell.data_type, cell.number_format)
    except Misread as misread:
        column = header[cell.column - 1] if cell.column <= len(header) else cell.column_letter
        tell(Fault(line, column, "", misread.wrong))
        return ""


def text_of(value: object, data_type: str, number_format: str) -> str:
    """Return a cell's value as a curator would write it; raises Misread if it has no such text.

    >>> text_of(datetime(2025, 1, 1), "d", "mmm yy"), text_of(2025.0, "n", "General")
    ('2025-01', '2025')
    """
    if data_type == "f":
        raise Misread(_FORMULA.en, _FORMULA.es)
    if data_type == "e":
        raise Misread(_ERROR.en, _ERROR.es)
    if isinstance(value, datetime | date):
        return _date(value, number_format)
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    text = value.isoformat() if isinstance(value, time) else str(value)
    if data_type == "s":
        text = _ESCAPE.sub(lambda escape: chr(int(escape[1], 16)), text)
    if _NO_TEXT.search(text):
        raise Misread(_CHARACTER.en, _CHARACTER.es)
    if len(text) > LONGEST_CELL:
        raise Misread(
            f"this cell is longer than {LONGEST_CELL:,} characters; shorten it",
            f"esta celda pasa de {LONGEST_CELL:,} caracteres; acórtela",
        )
    return text


def _date(value: date, number_format: str) -> str:
    """Return a date at the precision that its format shows: a spreadsheet stores 2025-01 as a day."""
    if isinstance(value, datetime) and value.time() != time():
        return value.isoformat()
    date_format = _QUOTED.sub("", number_format).lower()
    day = value.strftime("%d") if "d" in date_format else ""
    month = value.strftime("%m") if day or "m" in date_format else ""
    return "-".join(filter(None, (f"{value.year:04}", month, day)))
