"""Tables of the documentation, generated from the code; run as a module, it writes them into their pages."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer
from fastapi.routing import APIRoute

from kg.api.application import PARTS
from kg.cli import app
from kg.exports.catalogue import EXPORT_FORMATS
from kg.query import questions
from kg.settings import SETTINGS

ROOT = Path(__file__).parents[2]
README = ROOT / "README.md"
DOCS = ROOT / "kg" / "docs"
PLACES = {
    "questions": DOCS / "querying.md",
    "commands": DOCS / "command-line.md",
    "exports": DOCS / "exports.md",
    "routes": DOCS / "http.md",
    "settings": DOCS / "operations.md",
}
"""The page of each table."""


def tables() -> dict[str, str]:
    """Return each table by name."""
    return {
        "questions": _table(("question", "asks"), _questions()),
        "commands": _table(("command", "does"), _commands()),
        "exports": _table(("format", "holds", "media type", "suffix", "graphs", "read back"), _exports()),
        "routes": _table(("route", "does"), _routes()),
        "settings": _table(("variable", "default", "meaning"), _settings()),
    }


def with_table(name: str) -> str:
    """Return the text of a table's page with the current table in its place."""
    text = PLACES[name].read_text(encoding="utf-8")
    begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
    before, _, rest = text.partition(begin)
    _, found, after = rest.partition(end)
    if not found:
        raise LookupError(f"{PLACES[name]} has no place for the table of {name}")
    return before + begin + tables()[name] + end + after


def _table(header: tuple[str, ...], rows: Iterable[tuple[str, ...]]) -> str:
    lines = [header, ("---",) * len(header), *rows]
    return "".join(f"| {' | '.join(cells)} |\n" for cells in lines)


def _questions() -> Iterator[tuple[str, ...]]:
    for name, asked in questions.load().items():
        given = ", ".join(f"`{parameter.name}`" for parameter in asked.params)
        yield f"`{name}`" + (f" ({given})" if given else ""), asked.question


def _commands() -> Iterator[tuple[str, ...]]:
    group = typer.main.get_command(app)
    for name, command in sorted(group.commands.items()):  # type: ignore[attr-defined]  # it is a group
        yield f"`kg {name}`", (command.help or "").split("\n")[0]


def _routes() -> Iterator[tuple[str, ...]]:
    for part in PARTS:
        for route in part.router.routes:
            if isinstance(route, APIRoute):
                (method,) = (route.methods or set()) - {"HEAD"}
                yield f"`{method} {route.path}`", route.summary or (route.description or "").split("\n")[0]


def _exports() -> Iterator[tuple[str, ...]]:
    for known in EXPORT_FORMATS.values():
        graphs = "kept apart" if known.holds_graphs else "their union"
        yield (
            f"`{known.name}`",
            known.about,
            f"`{known.media_type}`",
            f"`{known.suffixes[0]}`",
            graphs,
            "yes" if known.is_readable else "no",
        )


def _settings() -> Iterator[tuple[str, ...]]:
    for setting in SETTINGS:
        yield f"`{setting.name}`", f"`{setting.default}`" if setting.default else "", setting.meaning


if __name__ == "__main__":
    for name, page in PLACES.items():
        page.write_text(with_table(name), encoding="utf-8")
