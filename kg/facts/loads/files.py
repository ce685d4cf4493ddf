"""Files of a load: RDF in any supported format, plain or compressed, as sources that yield N-Quads lines.

N-Quads and N-Triples are split into blocks unchanged. Other formats are parsed in a separate process, so that
a crash of the parser does not end the load.
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
"""Version of the conversion from files to quads; increment it when the same file yields other quads."""
BLOCK = 1 << 22
_LINES = (RdfFormat.N_QUADS, RdfFormat.N_TRIPLES)
_GZIP, _ZSTD = b"\x1f\x8b", b"\x28\xb5\x2f\xfd"
"""Magic numbers of compressed files."""
DAMAGE = (BadGzipFile, EOFError, zlib.error, ZstdError)
_BYTE_ORDER_MARK = b"\xef\xbb\xbf"


@dataclass
class LoadFile:
    """An RDF file, and the number of its bytes read so far."""

    path: Path
    format: RDFFormat
    name: str
    read: int = field(default=0, init=False)

    @classmethod
    def named(cls, path: Path, format_: RDFFormat | None = None, name: str = "") -> "LoadFile":
        """Return the file, with the format of its suffix before a compression's; raises UnsupportedFormat."""
        plain = path.with_suffix("") if path.suffix in (".gz", ".zst") else path
        return cls(path, format_ or from_path(plain.name, RDF_FORMATS), name or str(path))

    @property
    def size(self) -> int:
        """The size of the file in bytes, compressed or not."""
        return self.path.stat().st_size

    def source(self, graph: str | None = None) -> LoadSource:
        """Return the source of a load; ``graph`` is for triples in no graph, by default named by a hash.

        Reads the file once, for its hash. Raises BadInput if it cannot be read.
        """
        state = self._state()
        key = self._key(graph)
        blocks = self._blocks if self.format.syntax in _LINES else self._converted
        return LoadSource(self.name, key, graph or submission_graph(key), partial(self._same, blocks, state))

    def _same(self, blocks: Callable[[], Iterator[bytes]], state: tuple[int, ...]) -> Iterator[bytes]:
        """Yield the blocks; raises Unreadable if the file has changed since its hash was computed."""
        self._state()
        yield from blocks()
        if self._state() != state:
            raise Unreadable(f"{self.name} was changed while it was read; load it again.")

    def _state(self) -> tuple[int, ...]:
        try:
            status = self.path.stat()
        except OSError as fault:
            raise self._unread(fault) from None
        return status.st_dev, status.st_ino, status.st_size, status.st_mtime_ns

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
        """Yield the lines of the file in blocks of some megabytes; adds a missing last line end."""
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
        return Unreadable(f"{self.name}: the compressed file is damaged or truncated; download it again.")

    def _converted(self) -> Iterator[bytes]:
        """Yield the lines that a conversion process writes."""
        command = [sys.executable, "-m", "kg.facts.loads.conversion", self.format.name]
        with (
            self.path.open("rb") as raw,
            subprocess.Popen(command, stdin=raw, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process,
        ):
            assert process.stdout is not None
            assert process.stderr is not None
            try:
                while lines := process.stdout.readlines(BLOCK):
                    self.read = os.lseek(raw.fileno(), 0, os.SEEK_CUR)  # both processes share the position
                    yield b"".join(lines)
                error_output = process.stderr.read()
            except BaseException:
                process.kill()
                raise
        if process.returncode:
            raise self._unreadable(error_output)

    def _unreadable(self, error_output: bytes) -> Unreadable:
        """Return the error that the conversion process reported, or the error for its crash."""
        try:
            fault = json.loads(error_output)
        except ValueError:
            return Unreadable(
                f"{self.name}: it cannot be read, because it is nested too deeply or a part of it is "
                f"too large."
            )
        if fault["line"] is None:
            return Unreadable(f"{self.name}: {fault['reason']}.")
        return Unreadable(
            f"{self.name}: line {fault['line']}: {fault['reason']}.",
            line=fault["line"],
            column=fault["column"],
        )


def decoded(file: IO[bytes]) -> IO[bytes]:
    """Return the decompressed file; its first bytes show the compression."""
    start = file.read(4)
    file.seek(0)
    if start.startswith(_GZIP):
        return cast(IO[bytes], GzipFile(fileobj=file))
    return cast(IO[bytes], ZstdFile(file)) if start == _ZSTD else file
