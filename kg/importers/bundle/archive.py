"""Files of a bundle: unpacked up to a maximum size, as any client may send them, or packed from a folder.

The data package (``datapackage.json``) says which table each file is; without one, its name does.
"""

import io
import json
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path, PurePosixPath
from zipfile import ZIP_DEFLATED, ZIP_STORED, BadZipFile, ZipFile, ZipInfo

from kg.errors import BadInput, TooLarge
from kg.importers.table.bilingual import Bilingual
from kg.importers.table.faults import unreadable
from kg.query.columnar import coded_sql
from kg.query.columnar.tables import TABLES

DESCRIPTION = "datapackage.json"
SUFFIXES = (".csv", ".parquet")
UNPACKED = 4
"""Maximum unpacked size of a bundle, as a multiple of a submission's: tables are repetitive."""
_MOST_FILES = 1000
CODED_ROWS = (coded_sql.OCCURRENCES.name, coded_sql.MENTIONS.name)
"""Tables of coded rows, which are not read back."""
_NO_ARCHIVE = Bilingual(
    "This is not a bundle: it is not a zip archive, or it is damaged. Add a file that kg export --format csv"
    " wrote.",
    "Esto no es un paquete: no es un archivo zip, o está dañado. Añada uno escrito por"
    " kg export --format csv.",
)


@dataclass(frozen=True)
class Member:
    """A file of a bundle: its table, its name and its bytes."""

    table: str
    name: str
    data: bytes

    @property
    def is_parquet(self) -> bool:
        """True for Parquet, False for text."""
        return self.name.lower().endswith(".parquet")


def members(data: bytes, limit: int) -> Iterator[Member]:
    """Yield the tables; raises TooLarge or Unreadable.

    zipfile never returns more of a file than the archive declares, so checking the declared size is enough.
    """
    try:
        archive = ZipFile(io.BytesIO(data))
    except (BadZipFile, ValueError):
        raise unreadable(_NO_ARCHIVE) from None
    with archive:
        files = [each for each in archive.infolist() if not each.is_dir() and not _is_hidden(each.filename)]
        _check(files, limit)
        try:
            names = _tables(archive, files)
            if not names:
                raise unreadable(_no_table([each.filename for each in files]))
            for file in files:
                if table := names.get(file.filename):
                    yield Member(table, PurePosixPath(file.filename).name, archive.read(file))
        except (BadZipFile, EOFError, NotImplementedError, RuntimeError):  # RuntimeError: a password
            raise unreadable(_NO_ARCHIVE) from None


def packed(folder: Path) -> bytes:
    """Return the bundle whose files are in a folder; raises BadInput if there is none."""
    output = io.BytesIO()
    try:
        files = [path for path in sorted(folder.iterdir()) if path.suffix.lower() in SUFFIXES]
        if not files:
            raise BadInput(f"{folder} is a directory without tables (.csv, .parquet); name a file of facts.")
        with ZipFile(output, "w", ZIP_DEFLATED) as archive:
            for path in (folder / DESCRIPTION, *files):
                if path.exists():
                    archive.writestr(ZipInfo(path.name), path.read_bytes(), ZIP_DEFLATED)
    except OSError as error:
        raise BadInput(f"{folder} cannot be read: {error.strerror}.") from None
    return output.getvalue()


def _is_hidden(name: str) -> bool:
    """Return True for a file that archive programs add by themselves."""
    path = PurePosixPath(name)
    return path.parts[0] == "__MACOSX" or path.name.startswith(".")


def _check(files: Sequence[ZipInfo], limit: int) -> None:
    """Raise TooLarge or Unreadable for an archive that is not safe to unpack."""
    size = sum(file.file_size for file in files)
    if size > UNPACKED * limit or len(files) > _MOST_FILES:
        sentence = {
            "en": f"This bundle has {size:,} bytes in {len(files):,} files when it is unpacked;"
            f" the limit is {UNPACKED * limit:,} in {_MOST_FILES:,} files. Split it by graph, or load "
            "N-Quads.",
            "es": f"Este paquete tiene {size:,} bytes en {len(files):,} archivos descomprimido; se aceptan"
            f" {UNPACKED * limit:,} en {_MOST_FILES:,} de una vez. Divídalo por grafos, o cargue N-Quads.",
        }
        raise TooLarge(sentence["en"], sentence=sentence)
    if any(file.compress_type not in (ZIP_STORED, ZIP_DEFLATED) for file in files):
        raise unreadable(_NO_ARCHIVE)


def _tables(archive: ZipFile, files: Sequence[ZipInfo]) -> Mapping[str, str]:
    """Return the table of each file, by file name."""
    described = next((each for each in files if PurePosixPath(each.filename).name == DESCRIPTION), None)
    table_names = _described(archive.read(described)) if described else {}
    found = {}
    for file in files:
        path = PurePosixPath(file.filename)
        table = table_names.get(path.name, path.stem.lower().replace("-", "_"))
        if path.suffix.lower() in SUFFIXES and (table in TABLES or table in CODED_ROWS):
            found[file.filename] = table
        elif path.suffix.lower() in SUFFIXES:
            raise unreadable(_no_such_table(path.name))
    return found


def _described(data: bytes) -> Mapping[str, str]:
    """Return the tables that a data package declares, by file name."""
    try:
        resources = json.loads(data)["resources"]
        return {
            PurePosixPath(str(each["path"])).name: str(each["name"]).replace("-", "_") for each in resources
        }
    except (ValueError, KeyError, TypeError, RecursionError):
        raise unreadable(
            Bilingual(
                f"{DESCRIPTION} is not a data package; leave it out, then each file is read as the table of "
                "its name.",
                f"{DESCRIPTION} no es un paquete de datos; quítelo, y cada archivo es la tabla de su nombre.",
            )
        ) from None


def _no_table(names: Sequence[str]) -> Bilingual:
    file_list = ", ".join(PurePosixPath(name).name for name in names[:5]) or "-"
    return Bilingual(
        f"This archive contains no table of records, only {file_list}; add a bundle that kg export --format"
        " csv or parquet wrote.",
        f"Este archivo no contiene tablas de registros, sino {file_list}; añada un paquete escrito por"
        " kg export --format csv o parquet.",
    )


def _no_such_table(name: str) -> Bilingual:
    listed = ", ".join(TABLES)
    return Bilingual(
        f"{name}: there is no such table in a bundle; the tables are {listed}.",
        f"{name}: no existe esa tabla en un paquete; hay {listed}.",
    )
