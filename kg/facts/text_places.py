"""Places in a submitted text, and the errors that point at them."""

from dataclasses import dataclass

from kg.errors import Unreadable

_LONGEST_EXCERPT = 60
_PLACES = {
    "en": ("Line {}", ", column {}", " at “{}”"),
    "es": ("Línea {}", ", columna {}", ", en «{}»"),
}


@dataclass(frozen=True)
class TextPlace:
    """Position of a fault in a text, as far as known, and the text that follows it."""

    line: int | None = None
    column: int | None = None
    excerpt: str = ""

    @classmethod
    def of(cls, text: str, line: int, column: int) -> "TextPlace":
        """Return the place at a line and column, with the text there, or the line's end if none follows."""
        lines = text.split("\n")
        if line > len(lines):
            return cls(line, column)
        rest = lines[line - 1][column - 1 :].strip() or lines[line - 1].strip()[-_LONGEST_EXCERPT:]
        return cls(line, column, rest[:_LONGEST_EXCERPT])

    @classmethod
    def by(cls, text: str, line: int) -> "TextPlace":
        """Return the place at a line; the fault is at, or shortly before, the end of the line."""
        lines = text.split("\n", line)
        return cls(line, None, lines[line - 1].strip()[:_LONGEST_EXCERPT] if line <= len(lines) else "")

    @classmethod
    def at(cls, position: int, text: str) -> "TextPlace":
        """Return the place at an offset in characters."""
        line = text.count("\n", 0, position) + 1
        return cls.of(text, line, position - text.rfind("\n", 0, position))

    def unreadable(self, english: str, spanish: str) -> Unreadable:
        """Return the error that says what is wrong at this place."""
        sentence = {
            "en": self._sentence(english, _PLACES["en"]),
            "es": self._sentence(spanish, _PLACES["es"]),
        }
        return Unreadable(
            sentence["en"], line=self.line, column=self.column, text=self.excerpt or None, sentence=sentence
        )

    def _sentence(self, message: str, form: tuple[str, str, str]) -> str:
        if self.line is None:
            return f"{message[0].upper()}{message[1:]}."
        line, column, quoted = form
        place = line.format(self.line) + (column.format(self.column) if self.column else "")
        return f"{place}{quoted.format(self.excerpt) if self.excerpt else ''}: {message}."
