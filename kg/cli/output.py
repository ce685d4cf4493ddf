"""Output of commands: data on standard output, messages on standard error, tables on terminals only."""

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
"""Exit code after Ctrl-C or SIGTERM, as shells know it."""

LONGEST_TABLE = 1000
"""Rows of a table on a terminal; a pipe gets all."""

READABLE = 24
"""Characters a column of text needs at least to be read with ease."""

_STEERING = re.compile(r"[\x00-\x09\x0b-\x1f\x7f-\x9f\u202a-\u202e\u2066-\u2069]")


def help_of(command: Callable[..., object]) -> str:
    """Give a command's help; a line of it that begins with ``kg`` is an example and stays a line.

    >>> def see() -> None:
    ...     '''See it:
    ...     kg see
    ...     '''
    >>> help_of(see)
    'See it:\\n\\n\\x08\\nkg see'
    """
    return (inspect.getdoc(command) or "").replace("\nkg ", "\n\n\b\nkg ")


def open_closed_streams() -> None:
    """Open on nothing each standard stream that was closed: else a file of the store could take its place."""
    for number, name, mode in ((0, "stdin", "r"), (1, "stdout", "w"), (2, "stderr", "w")):
        try:
            os.fstat(number)
        except OSError:
            os.open(os.devnull, os.O_RDWR)  # it takes the lowest number that is free
        if getattr(sys, name) is None:
            setattr(sys, name, os.fdopen(number, mode, closefd=False))


def talk(sentence: str) -> None:
    """Print a message, which is not data, to standard error."""
    print(coloured(sentence, sys.stderr), file=sys.stderr, flush=True)


def on_terminal() -> bool:
    """Say whether data goes to a person's terminal."""
    return sys.stdout.isatty()


def language() -> str:
    """Return the language of a person's terminal, as the environment tells it."""
    told = (os.environ.get("LC_ALL") or os.environ.get("LANG") or "").split(".")[0].split("_")[0].lower()
    return told if re.fullmatch("[a-z]{2,3}", told) else "en"


def send(write: Callable[[IO[bytes]], None], *, is_text: bool = True) -> None:
    """Write data to standard output, text with a last line feed.

    A reader that closes the pipe early (``| head``) is not an error.
    """
    last = _LastByte(sys.stdout.buffer)
    try:
        write(last)  # type: ignore[arg-type]  # writers need no more than it has
        if is_text and last.byte not in (b"", b"\n"):
            sys.stdout.buffer.write(b"\n")
        sys.stdout.buffer.flush()
    except BrokenPipeError:
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())  # or Python complains at its end


def line(text: str) -> None:
    """Send one line of text to standard output."""
    send(lambda file: file.writelines([text.encode()]))


class _LastByte:
    """Passes bytes on and knows which was the last, for a terminal's prompt wants a line of its own."""

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


def tell(error: KGError) -> None:
    """Say an error in one sentence, with the place it is about."""
    place = ", ".join(f"{name} {error.extra[name]}" for name in ("line", "column") if name in error.extra)
    is_told = not place or place.split(",")[0] in error.detail.lower()
    said = error.detail if is_told else f"{error.detail.removesuffix('.')} ({place})"
    talk(f"kg: {said}" if said.endswith((".", "?")) else f"kg: {said}.")


def exit_code(error: KGError) -> int:
    """Map an error to an exit code: 1 does not conform, 2 wrong usage or input, 3 refused or unavailable."""
    if error.status == 422:
        return 1
    return 2 if error.status in (400, 404, 406, 413, 415) else 3


def table(
    columns: Sequence[str], rows: Sequence[Sequence[str]], names: Mapping[str, str] | None = None
) -> None:
    """Draw a table; a cell whose text is among ``names`` shows the name before it.

    Where its columns would be too narrow to read, each row becomes a list of what it holds.
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
        talk(f"... and {len(rows) - LONGEST_TABLE} more rows: --format tsv shows all.")


def _fits(columns: Sequence[str], rows: Sequence[Sequence["Text"]], width: int) -> bool:
    """Say whether each column can be as wide as what it holds, or as text is read with ease."""
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
    """Set the values of one row below each other, each after its name; what is empty is left out."""
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
    """Let Ctrl-C end the program at once: the engine looks up only when its answer is complete."""
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
    """Show that there are control characters, and keep data from steering the terminal by them."""
    return _STEERING.sub("\ufffd", text)
