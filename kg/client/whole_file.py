"""Files that appear only when they are whole: written beside their place, then renamed."""

import os
from collections.abc import Iterable
from pathlib import Path

from kg.errors import BadInput


def write_file(path: Path, chunks: Iterable[bytes]) -> None:
    """Write a file whole or not at all; raises BadInput if it cannot be written."""
    partial = path.with_name(f".{path.name}.{os.getpid()}.partial")
    try:
        with partial.open("wb") as file:
            file.writelines(chunks)
            file.flush()
            os.fsync(file.fileno())
        partial.replace(path)
    except OSError as error:
        raise BadInput(f"{path} cannot be written: {error.strerror}.") from None
    finally:
        partial.unlink(missing_ok=True)
