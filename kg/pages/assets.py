"""Scripts, styles and icons of the pages, and the address that names their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
DIGEST_LENGTH = 16


@cache
def digest() -> str:
    """Return the hash of all files, which stands in their addresses: a browser never asks for one twice.

    It covers the files together, so that a script may import another by a relative path.
    """
    hashes = [f"{name} {sha256(file.read_bytes()).hexdigest()}\n" for name, file in files().items()]
    return sha256("".join(hashes).encode()).hexdigest()[:DIGEST_LENGTH]


@cache
def files() -> dict[str, Path]:
    """Return the files by their paths below the folder."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path for path in found}
