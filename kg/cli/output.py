"""Output of commands: data on standard output, messages on standard error, tables only on terminals."""

import inspect
import os
import re
import signal
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import IO, TYPE_CHECKING

from kg.cli.colours import coloured
from kg.client.progress import progress as progress
from kg.client.progress import working as working
from kg.client.whole_file import write_file as write_file
from kg.errors import BadInput, KGError

if TYPE_CHECKING:
    from rich.table import Table
    from rich.text import Text

INTERRUPTED = 130
"""Exit code after Ctrl-C or SIGTERM, as in shells."""

LONGEST_TABLE = 1000
"""Maximum rows of a table on a terminal; a pipe gets all."""

READABLE = 24
"""Minimum width of a readable text column, in characters."""

_STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def help_of(command: Callable[..., object]) -> str:
    """Return a command's help; a line that begins with ``kg`` is an example and stays on its own line.

    >>> def see() -> None:
    ...     '''See it:
    ...     kg see
    ...     '''
    >>> help_of(see)
    'See it:\\n\\n\\x08\\nkg see'
    """
    return (inspect.getdoc(command) or "").replace("\nkg ", "\n\n\b\nkg ")


def open_closed_streams() -> None:
    """Open the null device for closed standard streams.

    Otherwise a file of the store could get their descriptors.
    """
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # gets the lowest free descriptor
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def print_message(sentence: str) -> None:
    """Print a message (not data) to standard error."""
    print(coloured(sentence, sys.stderr), file=sys.stderr, flush=True)


def on_terminal() -> bool:
    """Return True if standard output is a terminal."""
    return sys.stdout.isatty()


def language() -> str:
    """Return the language of the user's environment; English if it names none."""
    name = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").split(".")[0].split("_")[0].lower()
    return name if re.fullmatch("[a-z]{2,3}", name) else "en"


def send(write: Callable[[IO[bytes]], None], *, is_text: bool = True) -> None:
    """Write data to standard output; text ends with a line feed.

    A reader that closes the pipe early (``| head``) is not an error.
    """
    last = _LastByte(sys.stdout.buffer)
    try:
        write(last)  # type: ignore[arg-type]  # writers only need these methods
        if is_text and last.byte not in (b"", b"\n"):
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python reports an error at exit


def line(text: str) -> None:
    """Write one line of text to standard output."""
    send(lambda file: file.writelines([text.encode()]))


class _LastByte:
    """A file object that remembers the last byte, so that a terminal's prompt starts on a new line."""

    def __init__(self, file: IO[bytes]) -> None:
        self.byte = b""
        self._file = file

    def write(self, data: bytes) -> int:
        self.byte = data[-1:] or self.byte
        return self._file.write(data)

    def writelines(self, chunks: Iterable[bytes]) -> None:
        for chunk in chunks:
            self.write(chunk)

    def flush(self) -> None:
        self._file.flush()


def read(name: str) -> bytes:
    """Read a file, or standard input for ``-``."""
    try:
        return sys.stdin.buffer.read() if name == "-" else Path(name).read_bytes()
    except OSError as error:
        raise BadInput(f"{name} cannot be read: {error.strerror}.") from None


def print_error(error: KGError) -> None:
    """Print an error in one sentence, with the place of the fault."""
    place = ", ".join(f"{name} {error.extra[name]}" for name in ("line", "column") if name in error.extra)
    is_told = not place or place.split(",")[0] in error.detail.lower()
    sentence = error.detail if is_told else f"{error.detail.removesuffix('.')} ({place})"
    print_message(f"kg: {sentence}" if sentence.endswith((".", "?")) else f"kg: {sentence}.")


def exit_code(error: KGError) -> int:
    """Return an error's exit code: 1 does not conform, 2 wrong usage or input, 3 refused or unavailable."""
    if error.status == 422:
        return 1
    return 2 if error.status in (400, 404, 406, 413, 415) else 3


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], names: Mapping[str, str] | None = None
) -> None:
    """Print a table; a cell whose text is in ``names`` shows the name before it.

    If the columns would be too narrow to read, each row becomes a list.
    """
    from rich.console import Console

    console = Console()
    cells = [[_cell(cell, (names or {}).get(cell)) for cell in row] for row in rows[:LONGEST_TABLE]]
    if _fits(columns, cells, console.width):
        console.print(_drawn(columns, cells))
    else:
        for number, row in enumerate(cells):
            if number:
                console.print()
            console.print(_listed(columns, row))
    if len(rows) > LONGEST_TABLE:
        print_message(f"... and {len(rows) - LONGEST_TABLE} more rows: --format tsv shows all.")


def _fits(columns: Sequence[str], rows: Sequence[Sequence["Text"]], width: int) -> bool:
    """Return True if each column can be as wide as its longest cell, or at least READABLE."""
    needed = [max(map(len, texts)) for texts in zip(columns, *rows, strict=True)]
    return sum(min(wide, READABLE) for wide in needed) + 2 * len(columns) <= width


def _drawn(columns: Sequence[str], rows: Sequence[Sequence["Text"]]) -> "Table":
    from rich.table import Table

    drawn = Table(box=None, pad_edge=False, header_style="bold")
    for column in columns:
        drawn.add_column(column, overflow="fold", min_width=min(len(column), READABLE))
    for row in rows:
        drawn.add_row(*row)
    return drawn


def _listed(columns: Sequence[str], row: Sequence["Text"]) -> "Table":
    """Return one row as a list, each value after its column's name; empty cells are omitted."""
    from rich.table import Table

    listed = Table(box=None, pad_edge=False, show_header=False)
    listed.add_column(style="bold", no_wrap=True, min_width=max(map(len, columns), default=0))
    listed.add_column(overflow="fold")
    for column, cell in zip(columns, row, strict=True):
        if cell:
            listed.add_row(column, cell)
    return listed


@contextmanager
def interruptible() -> Iterator[None]:
    """Let Ctrl-C end the program at once: the engine checks for signals only after its answer is complete."""
    before = signal.signal(signal.SIGINT, signal.SIG_DFL)
    try:
        yield
    finally:
        signal.signal(signal.SIGINT, before)


def _cell(text: str, name: str | None) -> "Text":
    from rich.text import Text

    if name is None:
        return Text(visible(text))
    return Text.assemble(visible(name), " ", (visible(text), "dim"))


def visible(text: str) -> str:
    """Replace control characters, so that data cannot control the terminal."""
    return _STEERING.sub("\ufffd", text)
