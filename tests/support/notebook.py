"""Runs the code cells of a Jupyter notebook in this process, as a kernel does, without Jupyter."""

import ast
import io
import json
from collections.abc import Iterator
from contextlib import redirect_stdout
from pathlib import Path
from typing import Any


def cells(path: Path) -> list[dict[str, Any]]:
    """Return the cells of a notebook."""
    found = json.loads(path.read_text(encoding="utf-8"))["cells"]
    assert isinstance(found, list)
    return found


def outputs(path: Path) -> dict[str, str]:
    """Run the code cells in order; return what each prints and what its last expression shows, by its id."""
    return dict(_outputs(path))


def _outputs(path: Path) -> Iterator[tuple[str, str]]:
    names: dict[str, Any] = {"__name__": "__main__"}
    for cell in cells(path):
        if cell["cell_type"] == "code":
            printed = io.StringIO()
            with redirect_stdout(printed):
                shown = _run("".join(cell["source"]), f"{path.name}#{cell['id']}", names)
            yield cell["id"], printed.getvalue() + shown


def _run(source: str, name: str, names: dict[str, Any]) -> str:
    """Run one cell; return what a notebook shows of its last line, if that is an expression."""
    body = ast.parse(source, name).body
    last = body.pop() if body and isinstance(body[-1], ast.Expr) else None
    exec(compile(ast.Module(body, []), name, "exec"), names)
    if not isinstance(last, ast.Expr):
        return ""
    value = eval(compile(ast.Expression(last.value), name, "eval"), names)
    if value is None:
        return ""
    as_html = getattr(value, "_repr_html_", None)
    return str(as_html()) if as_html else repr(value)
