"""Scripts, styles and icons of the pages, with URLs that contain a hash of their content."""

from functools import cache
from hashlib import sha256
from pathlib import Path

FOLDER = Path(__file__).parent / "static"
DIGEST_LENGTH = 16


@cache
def digest() -> str:
    """Return the hash of all files, which is part of their URLs, so that browsers may cache them for ever.

    It covers all files together, so that a script may import another by a relative path.
    """
    hashes = [f"{name} {sha256(file.read_bytes()).hexdigest()}\n" for name, file in files().items()]
    return sha256("".join(hashes).encode()).hexdigest()[:DIGEST_LENGTH]


@cache
def files() -> dict[str, Path]:
    """Return the files by their paths below the folder."""
    found = (path for path in sorted(FOLDER.rglob("*")) if path.is_file())
    return {path.relative_to(FOLDER).as_posix(): path for path in found}
