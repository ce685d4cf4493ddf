"""The shape of the package: imports point one way, heavy libraries have one home and come late."""

import ast
import re
import subprocess
import sys
from collections.abc import Iterator, Mapping
from functools import cache
from graphlib import CycleError, TopologicalSorter
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[1]
PACKAGES = (
    "cli",
    "api",
    "client",
    "pages",
    "importers",
    "facts",
    "exports",
    "query",
    "store",
    "gate",
)
"""From the top down: a package imports from itself, from those after it, and from the ground modules."""

ON_CALL = {
    *(("kg", f"kg.client.{module}") for module in ("graph", "results", "verdict")),
    ("kg.__main__", "kg.cli"),
}
"""The doors into the package: ``kg.open`` with its classes, and ``python -m kg``."""

MOST_GROUND_MODULES = 14

Sources = Mapping[str, str]
"""The text of each module by its dotted name."""

HOMES = {
    r"^\s*(import|from) owlready2": {"kg.gate.checks"},
    r"^\s*(import|from) pyshacl": {"kg.gate.shacl"},
    r"\bself\._engine\b": {"kg.store"},
    r"\b(?!self\._engine\b)[\w)\]]+\._engine\b": set(),
}
"""What may be written only in the modules (or packages) named: heavy libraries, and the engine of a
store, which no module takes from another object."""

OPENERS = {"kg.store.engine", "kg.scratch"}
"""The modules that make and open stores of pyoxigraph; the others name its class in annotations alone."""

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


@cache
def sources() -> Sources:
    files = (path for path in (ROOT / "kg").rglob("*.py") if "_data" not in path.parts)
    return {dotted(path.relative_to(ROOT)): path.read_text(encoding="utf-8") for path in sorted(files)}


def dotted(path: Path) -> str:
    return ".".join(path.with_suffix("").parts).removesuffix(".__init__")


def package(module: str) -> str | None:
    """Name the package that a module lies in; None for a ground module."""
    part = module.split(".")[1] if "." in module else ""
    return part if part in PACKAGES else None


def imports(name: str, texts: Sources) -> set[str]:
    """The modules of ours that one imports anywhere: when called and for its types too."""
    found = (full if full in texts else module for module, full in _imports(texts[name]))
    return set(found) - {name}


@cache
def _imports(text: str) -> tuple[tuple[str, str], ...]:
    """What of ours a text imports: the module, and the name in it, which may be a module too."""
    nodes = list(ast.walk(ast.parse(text)))
    froms = (node for node in nodes if isinstance(node, ast.ImportFrom))
    named = [(str(node.module), f"{node.module}.{alias.name}") for node in froms for alias in node.names]
    whole = [alias.name for node in nodes if isinstance(node, ast.Import) for alias in node.names]
    return tuple(
        pair for pair in (*named, *((name, name) for name in whole)) if pair[0].split(".")[0] == "kg"
    )


def upward(texts: Sources) -> set[tuple[str, str]]:
    """Imports that point to a package further up, or from the ground into any."""
    order = {name: number for number, name in enumerate(PACKAGES)}
    ground = len(PACKAGES)
    return {
        (module, other)
        for module in texts
        for other in imports(module, texts)
        if order.get(package(other) or "", ground) < order.get(package(module) or "", ground)
    } - ON_CALL


def circle(texts: Sources) -> list[str]:
    """One circle of imports between modules, where there is one."""
    graph = {
        module: {other for other in imports(module, texts) if (module, other) not in ON_CALL}
        for module in texts
    }
    try:
        TopologicalSorter(graph).prepare()
    except CycleError as found:
        return list(found.args[1])
    return []


@cache
def stores_opened(text: str) -> frozenset[str]:
    """Uses of pyoxigraph's class of stores, by whatever name, outside of annotations."""
    tree = ast.parse(text)
    names = set(_names_of_stores(tree))
    annotations = {id(part) for each in _annotations(tree) for part in ast.walk(each)}
    used = (node for node in ast.walk(tree) if isinstance(node, ast.Name | ast.Attribute))
    return frozenset({ast.unparse(node) for node in used if id(node) not in annotations} & names)


def _names_of_stores(tree: ast.AST) -> Iterator[str]:
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "pyoxigraph":
            yield from (alias.asname or alias.name for alias in node.names if alias.name == "Store")
        elif isinstance(node, ast.Import):
            found = [alias.asname or alias.name for alias in node.names if alias.name == "pyoxigraph"]
            yield from (f"{name}.Store" for name in found)


def _annotations(tree: ast.AST) -> Iterator[ast.AST]:
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign) and node.annotation:
            yield node.annotation
        elif isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.returns:
            yield node.returns


def away_from_home(texts: Sources) -> set[tuple[str, str]]:
    """Uses that belong to another module, with the module that holds them."""
    opened = {(module, use) for module, text in texts.items() for use in stores_opened(text)}
    return _lines_away_from_home(texts) | {(module, use) for module, use in opened if module not in OPENERS}


def _lines_away_from_home(texts: Sources) -> set[tuple[str, str]]:
    return {
        (module, match.group().strip())
        for pattern, homes in HOMES.items()
        for module, text in texts.items()
        if not any(module == home or module.startswith(f"{home}.") for home in homes)
        for match in re.finditer(pattern, text, re.MULTILINE)
    }


def classes(texts: Sources) -> dict[str, list[str]]:
    """The modules that define a class, by its name."""
    modules: dict[str, list[str]] = {}
    for module, text in texts.items():
        for node in ast.walk(ast.parse(text)):
            if isinstance(node, ast.ClassDef):
                modules.setdefault(node.name, []).append(module)
    return modules


def test_imports_point_downwards() -> None:
    assert upward(sources()) == set()


def test_a_class_name_occurs_once_in_the_package() -> None:
    assert {name: modules for name, modules in classes(sources()).items() if len(modules) > 1} == {}
    planted = {"kg.store.log": "class _Rows: ...", "kg.query.job": "def f() -> None:\n    class _Rows: ..."}
    assert classes(planted) == {"_Rows": ["kg.store.log", "kg.query.job"]}


def test_no_module_imports_itself_by_a_detour() -> None:
    assert circle(sources()) == []


def test_libraries_and_stores_are_used_where_they_are_at_home() -> None:
    assert away_from_home(sources()) == set()


def test_the_ground_is_small_and_every_other_module_lies_in_a_package_of_the_layout() -> None:
    ground = {name for name in sources() if package(name) is None}
    assert {name for name in ground if name.count(".") > 1} == set()
    assert len(ground - {"kg", "kg.__main__"}) <= MOST_GROUND_MODULES


PLANTED_IMPORTS = {
    "upward": ("kg.store.log", "from kg.facts import submissions"),
    "upward, when called": ("kg.store.log", "def f() -> None:\n    from kg.api import problems"),
    "upward, for types": (
        "kg.gate.overlay",
        "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kg.store.store import Store",
    ),
    "from the ground": ("kg.iris", "from kg.gate import overlay"),
    "of a package, not a module": ("kg.gate.overlay", "import kg.cli"),
}


@pytest.mark.parametrize(("module", "line"), PLANTED_IMPORTS.values(), ids=PLANTED_IMPORTS)
def test_a_planted_import_that_points_upwards_is_found(module: str, line: str) -> None:
    planted = {**sources(), module: f"{sources()[module]}\n{line}\n"}
    assert {name for name, _ in upward(planted) - upward(sources())} == {module}


def test_a_planted_circle_is_found_though_it_is_for_types_alone() -> None:
    text = "from typing import TYPE_CHECKING\nif TYPE_CHECKING:\n    from kg.iris import BASE\n"
    assert circle({"kg": "", "kg.errors": text, "kg.iris": "from kg import errors\n"})


PLANTED_USES = {
    "owlready2": ("kg.gate.gate", "import owlready2"),
    "owlready2, when called": ("kg.ontology", "def f() -> None:\n    from owlready2 import World"),
    "pyshacl": ("kg.gate.rules.claims", "from pyshacl import validate"),
    "a store on disk": ("kg.query.evaluation", "import pyoxigraph\npyoxigraph.Store(path)"),
    "a store to read": ("kg.facts.updates", "from pyoxigraph import Store\nStore.read_only(path)"),
    "a store beside the engine": ("kg.store.log", "import pyoxigraph\npyoxigraph.Store(path)"),
    "a store under another name": ("kg.store.log", "from pyoxigraph import Store as Quads\nQuads(path)"),
    "a store that another function opens": ("kg.api.server", "import pyoxigraph\nopen(pyoxigraph.Store)"),
    "the engine of a store": ("kg.exports.trig", "store._engine.query"),
    "the engine of a store that a call returns": ("kg.exports.trig", "opened(path)._engine.query"),
    "the engine of a store within its package": ("kg.store.history", "store._engine.query"),
    "an engine of one's own": ("kg.query.evaluation", "self._engine.query"),
}


@pytest.mark.parametrize(("module", "line"), PLANTED_USES.values(), ids=PLANTED_USES)
def test_a_planted_use_away_from_home_is_found(module: str, line: str) -> None:
    planted = {**sources(), module: f"{sources()[module]}\n{line}\n"}
    assert module in {name for name, _ in away_from_home(planted) - away_from_home(sources())}


def test_no_module_is_named_for_nothing_in_particular() -> None:
    parts = {part for name in sources() for part in name.split(".")}
    assert [part for part in parts if FORBIDDEN_MODULES.fullmatch(part)] == []


def test_no_class_or_function_is_named_for_nothing_in_particular() -> None:
    names = {match.group() for text in sources().values() for match in FORBIDDEN_NAMES.finditer(text)}
    assert names == set()


def test_no_class_name_occurs_twice() -> None:
    names = [
        node.name
        for text in sources().values()
        for node in ast.parse(text).body
        if isinstance(node, ast.ClassDef) and not node.name.startswith("_")
    ]
    assert {name for name in names if names.count(name) > 1} == set()


def test_asking_a_query_without_a_server_imports_nothing_heavy(tmp_path: Path) -> None:
    program = (
        "import sys; sys.argv = ['kg', *sys.argv[2:], '--data', sys.argv[1]]\n"
        "from kg.cli import main\n"
        "try: main()\n"
        "except SystemExit as end: assert not end.code, end.code\n"
        f"print(sorted(name for name in {HEAVY!r} if name in sys.modules), file=sys.stderr)"
    )
    for arguments in (["init"], ["query", "-e", "ASK {}"]):
        command = [sys.executable, "-c", program, str(tmp_path / "data"), *arguments]
        run = subprocess.run(command, capture_output=True, text=True, check=True)
    assert (run.stdout, run.stderr) == ("true\n", "[]\n")
