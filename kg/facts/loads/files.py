"""Files of a load: RDF in any of our formats, plain or compressed, as sources that yield lines of N-Quads.

N-Quads and N-Triples are cut into blocks as they are. The other formats are parsed in a process of its own,
which may die of what it is sent.
"""

import json
import os
import subprocess
import sys
import zlib
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import dataclass, field
from functools import partial
from gzip import BadGzipFile, GzipFile
from hashlib import sha256
from pathlib import Path
from typing import IO, cast

from pyoxigraph import RdfFormat

from kg.errors import BadInput, Unreadable
from kg.facts.loads.source import LoadSource
from kg.formats import RDF_FORMATS, RDFFormat, from_path
from kg.iris import submission_graph
from kg.store.zstd import ZstdError, ZstdFile

VERSION = "rdf 1"
"""The version of how files become quads; another one makes other quads of the same file."""
BLOCK = 1 << 22
_LINES = (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES)
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""The first bytes of compressed files."""
DAMAGE = (BadGzipFile, EOFError, zlib.error, ZstdError)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class LoadFile:
    """A file of RDF, and how many of its bytes have been read."""

    path: Path
    format: RDFFormat
    name: str
    read: int = field(default=0, init=False)

    @classmethod
    def named(cls, path: Path, format_: RDFFormat | None = None, name: str = "") -> "LoadFile":
        """Describe a file by its suffix, before that of its compression; raises UnsupportedFormat."""
        plain = path.with_suffix("") if path.suffix in (".gz", ".zst") else path
        return cls(path, format_ or from_path(plain.name, RDF_FORMATS), name or str(path))

    @property
    def size(self) -> int:
        """The bytes of the file, as it is."""
        return self.path.stat().st_size

    def source(self, graph: str | None = None) -> LoadSource:
        """Return the source of a load; ``graph`` takes what names none, else one named after the file's hash.

        Reads the file once, for its hash. Raises BadInput for one that cannot be read.
        """
        state = self._state()
        key = self._key(graph)
        blocks = self._blocks if self.format.syntax in _LINES else self._converted
        return LoadSource(self.name, key, graph or submission_graph(key), partial(self._same, blocks, state))

    def _same(self, blocks: Callable[[], Iterator[bytes]], state: tuple[int, ...]) -> Iterator[bytes]:
        """Yield blocks; raises Unreadable if the file is not the one whose hash was taken."""
        self._state()
        yield from blocks()
        if self._state() != state:
            raise Unreadable(f"{self.name} was changed while it was read; load it again.")

    def _state(self) -> tuple[int, ...]:
        try:
            told = self.path.stat()
        except OSError as fault:
            raise self._unread(fault) from None
        return told.st_dev, told.st_ino, told.st_size, told.st_mtime_ns

    def _key(self, graph: str | None) -> str:
        hashed = sha256(f"{VERSION} {self.format.name} {graph or ''}\n".encode())
        try:
            with self.path.open("rb") as file:
                while piece := file.read(BLOCK):
                    hashed.update(piece)
        except OSError as fault:
            raise self._unread(fault) from None
        return hashed.hexdigest()

    def _unread(self, fault: OSError) -> BadInput:
        return BadInput(f"{self.name} cannot be read: {fault.strerror}.")

    def _blocks(self) -> Iterator[bytes]:
        """Yield the lines of the file, some megabytes at a time; the last one has an end too."""
        mark = _BYTE_ORDER_MARK
        with self.path.open("rb") as raw, closing(decoded(raw)) as file:
            try:
                while lines := file.read(BLOCK):
                    block = (lines + file.readline()).removeprefix(mark)
                    self.read = raw.tell()
                    yield block if block.endswith(b"\n") else block + b"\n"
                    mark = b""
            except DAMAGE:
                raise self._damaged() from None

    def _damaged(self) -> Unreadable:
        return Unreadable(f"{self.name}: the compressed file is damaged or cut off; fetch it again.")

    def _converted(self) -> Iterator[bytes]:
        """Yield lines that another process makes of the file."""
        command = [sys.executable, "-m", "kg.facts.loads.conversion", self.format.name]
        with (
            self.path.open("rb") as raw,
            subprocess.Popen(command, stdin=raw, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
        ):
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                while lines := process.stdout.readlines(BLOCK):
                    self.read = os.lseek(raw.fileno(), 0, os.SEEK_CUR)  # the two processes share the position
                    yield b"".join(lines)
                told = process.stderr.read()
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise self._unreadable(told)

    def _unreadable(self, told: bytes) -> Unreadable:
        """Return the error that the converting process told, or of its death."""
        try:
            fault = json.loads(told)
        except ValueError:
            return Unreadable(f"{self.name}: it is nested too deep, or a part of it too large, to be read.")
        if fault["line"] is None:
            return Unreadable(f"{self.name}: {fault['reason']}.")
        return Unreadable(
            f"{self.name}: line {fault['line']}: {fault['reason']}.",
            line=fault["line"],
            column=fault["column"],
        )


def decoded(file: IO[bytes]) -> IO[bytes]:
    """Return the decompressed content of a file, by its first bytes."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(_GZIP):
        return cast(IO[bytes], GzipFile(fileobj=file))
    return cast(IO[bytes], ZstdFile(file)) if start == _ZSTD else file
