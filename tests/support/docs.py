"""The README's tables, made from what they tell of; run as a module, it writes them anew."""

from collections.abc import Iterable, Iterator
from pathlib import Path

import typer
from fastapi.routing import APIRoute

from kg.api.application import PARTS
from kg.cli import app
from kg.exports.catalogue import EXPORT_FORMATS
from kg.query import questions
from kg.settings import SETTINGS

README = Path(__file__).parents[2] / "README.md"


def tables() -> dict[str, str]:
    """Each table by the name of its place in the README."""
    return {
        "questions": _table(("question", "asks"), _questions()),
        "commands": _table(("command", "does"), _commands()),
        "exports": _table(("format", "holds", "media type", "suffix", "graphs", "read back"), _exports()),
        "routes": _table(("route", "does"), _routes()),
        "settings": _table(("variable", "default", "meaning"), _settings()),
    }


def with_tables(text: str) -> str:
    """The README with its tables put in."""
    for name, table in tables().items():
        begin, end = f"<!-- begin {name} -->\n", f"<!-- end {name} -->"
        before, _, rest = text.partition(begin)
        _, found, after = rest.partition(end)
        if not found:
            raise LookupError(f"README.md has no place for the table of {name}")
        text = before + begin + table + end + after
    return text


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
    README.write_text(with_tables(README.read_text(encoding="utf-8")), encoding="utf-8")
