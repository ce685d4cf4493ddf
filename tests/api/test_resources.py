"""What all requests share."""

import ast
import pkgutil
from pathlib import Path

from kg.api import routes
from kg.api.resources import PRELOADED
from kg.exports.catalogue import EXPORT_FORMATS


def test_the_modules_that_readers_share_can_be_imported() -> None:
    for name in PRELOADED:
        assert pkgutil.resolve_name(name) is not None
    assert {known.writer for known in EXPORT_FORMATS.values()} <= set(PRELOADED)


def test_readers_share_every_module_of_pages_that_a_route_has_them_run() -> None:
    """A route passes a function of a module of kg.pages to a job as ``partial(module.function, ...)``."""
    ran = set()
    for path in Path(routes.__file__).parent.glob("*.py"):
        tree = ast.parse(path.read_text("utf-8"))
        names = {
            each.asname or each.name: f"{node.module}.{each.name}"
            for node in ast.walk(tree)
            if isinstance(node, ast.ImportFrom) and node.module
            for each in node.names
        }
        for node in ast.walk(tree):
            if isinstance(node, ast.Call) and isinstance(node.func, ast.Name) and node.func.id == "partial":
                first = node.args[0]
                if isinstance(first, ast.Attribute) and isinstance(first.value, ast.Name):
                    ran.add(names.get(first.value.id, ""))
    pages = {name for name in ran if name.startswith("kg.pages.")}
    assert "kg.pages.help" in pages
    assert pages - set(PRELOADED) == set()
