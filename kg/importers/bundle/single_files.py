"""Exported files that are not bundles: a single table of a bundle, or a workbook for people."""

import io
import re
import zlib
from zipfile import BadZipFile, ZipFile

from kg.importers.table.bilingual import Bilingual
from kg.importers.table.faults import unreadable

_SINGLE_TABLE = Bilingual(
    "This is a single table of an exported bundle; add the whole folder or zip file that contains it.",
    "Esta es una sola tabla de un paquete exportado; añada la carpeta en que está, o el zip, con todo lo que"
    " nombra.",
)
_BEGIN = re.compile(rb"(?:\xef\xbb\xbf)?record[,;\t]label[,;\t]class[,;\t]")


def refuse_single_table(data: bytes) -> None:
    """Raise Unreadable for a single CSV file from a bundle."""
    if _BEGIN.match(data):
        raise unreadable(_SINGLE_TABLE)


_WORKBOOK = Bilingual(
    "This workbook is an export for reading, and cannot be imported; add an export as csv or parquet,"
    " or a table of your own (kg template).",
    "Este libro es una exportación para leer y no devuelve hechos; añada una exportación csv o parquet, o una"
    " tabla propia (kg template).",
)
_SHEETS = re.compile(rb'<sheet name="about"[^>]*><sheet name="columns"')
_LONGEST_LIST = 1 << 16


def refuse_workbook(data: bytes) -> None:
    """Raise Unreadable for an exported workbook, recognized by the names of its sheets."""
    try:
        with ZipFile(io.BytesIO(data)) as archive, archive.open("xl/workbook.xml") as sheets:
            is_exported = _SHEETS.search(sheets.read(_LONGEST_LIST)) is not None
    except (BadZipFile, EOFError, KeyError, NotImplementedError, RuntimeError, ValueError, zlib.error):
        return  # the workbook reader reports the fault
    if is_exported:
        raise unreadable(_WORKBOOK)
