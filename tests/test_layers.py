"""The shape of the package: imports point one way, names say something, heavy libraries come late."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator
from functools import cache
from graphlib import TopologicalSorter
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "kg"
LAYERS = (
    {"kg", "iris", "settings", "errors", "quads", "room"},
    {"store", "compaction", "log", "provenance", "backup", "transaction", "ontology", "negotiation", "tokens"}
    | {"durability", "recovery", "beside", "releases"}
    | {"gate", "reading", "template", "positions", "turtle", "rdfxml", "blank_nodes", "syntax", "elsewhere"},
    {
        "facts",
        "retraction",
        "history",
        "quarantine",
        "asof",
        "editing",
        "updates",
        "update_text",
        "questions",
        "export",
        "checks",
    }
    | {
        "pages",
        "federation",
        "evaluation",
        "screening",
        "reader",
        "readers",
        "work",
        "idle",
        "nursery",
        "links",
        "results",
        "verdicts",
        "running",
    },
    {"access", "client", "statistics", "graph", "cli", "api", "__main__"},
)
"""From the ground up: a module may import from its own layer and from those below."""

HEAVY = (
    "rdflib",
    "pyshacl",
    "owlready2",
    "fastapi",
    "uvicorn",
    "httpx",
    "pydantic",
    "rich",
    "jinja2",
    "asyncio",
)
FORBIDDEN_MODULES = re.compile(r"utils?|helpers?|services?|common|misc|base|core|manager")
FORBIDDEN_NAMES = re.compile(r"(class|def) (\w*(Manager|Handler|Processor)|_?(do|process|handle)_\w+)\b")


def source_files() -> list[Path]:
    return sorted(path for path in PACKAGE.rglob("*.py") if "_data" not in path.parts)


def dotted(path: Path) -> str:
    parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
    return ".".join(parts).removesuffix(".__init__")


def top(module: str) -> str:
    """Name the module, or the folder, that stands directly in the package."""
    return module.split(".")[1] if "." in module else module


def layer(module: str) -> int:
    return next(number for number, names in enumerate(LAYERS) if top(module) in names)


@cache
def imports(path: Path) -> frozenset[str]:
    """The modules of our own that a file imports when it runs, late imports included."""
    return frozenset(_imports(ast.parse(path.read_text(encoding="utf-8"))))


def _imports(node: ast.AST) -> Iterator[str]:
    if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.dump(node.test):
        return
    if isinstance(node, ast.ImportFrom) and (node.module or "").split(".")[0] == "kg":
        for alias in node.names:
            full = f"{node.module}.{alias.name}"
            yield full if full in modules() else str(node.module)
    elif isinstance(node, ast.Import):
        yield from (alias.name for alias in node.names if alias.name.split(".")[0] == "kg")
    for child in ast.iter_child_nodes(node):
        yield from _imports(child)


@cache
def modules() -> frozenset[str]:
    return frozenset(map(dotted, source_files()))


def test_every_module_has_a_layer() -> None:
    known = set().union(*LAYERS)
    assert {top(module) for module in modules()} - known == set()


@pytest.mark.parametrize("path", source_files(), ids=dotted)
def test_imports_point_downwards(path: Path) -> None:
    own = dotted(path)
    upwards = {
        name
        for name in imports(path)
        if layer(name) > layer(own) and not (own == "kg" and name == "kg.graph")  # kg.open, imported on call
    }
    assert upwards == set()


def test_no_module_imports_itself_by_a_detour() -> None:
    graph: dict[str, set[str]] = {}
    for path in source_files():
        below = {top(name) for name in imports(path)} - {top(dotted(path)), "kg"}
        graph.setdefault(top(dotted(path)), set()).update(below)
    graph.pop("kg")
    TopologicalSorter(graph).prepare()


def test_no_module_is_named_for_nothing_in_particular() -> None:
    named = {path.stem for path in source_files()} | {path.parent.name for path in source_files()}
    assert [name for name in named if FORBIDDEN_MODULES.fullmatch(name)] == []


def test_no_class_or_function_is_named_for_nothing_in_particular() -> None:
    found = {
        match.group()
        for path in source_files()
        for match in FORBIDDEN_NAMES.finditer(path.read_text(encoding="utf-8"))
    }
    assert found == set()


def test_only_the_store_opens_stores_and_only_validation_calls_pyshacl() -> None:
    text = {dotted(path): path.read_text(encoding="utf-8") for path in source_files()}
    assert [name for name, code in text.items() if re.search(r"^\s*(import|from) owlready2", code, re.M)] == [
        "kg.checks"
    ]


def test_asking_a_query_without_a_server_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['kg', 'query', '-e', 'ASK {}', '--data', sys.argv[1]]\n"
        "from kg.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    )
    for _ in range(2):  # the first makes the data directory
        run = subprocess.run(
            [sys.executable, "-c", program, tmp_path / "data"], capture_output=True, text=True, check=True
        )
    assert (run.stdout, run.stderr) == ("true\n", "[]\n")
