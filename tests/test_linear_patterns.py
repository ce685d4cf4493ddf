"""Every regular expression of the package takes linear time on whatever text a client sends."""

import ast
import re
from collections.abc import Iterator
from importlib import import_module
from pathlib import Path
from typing import Any, NamedTuple, TypeAlias

import pytest

import kg
from kg import ontology
from kg.facts import parser_messages
from kg.gate.rules import literals
from kg.gate.rules.hedging_words import HedgingWords
from kg.iris import KINDS_GRAPH, TERMS_GRAPH
from tests.support.growth import is_linear
from tests.support.hostile_texts import makers

PACKAGE = Path(kg.__file__).parent
FUNCTIONS = ("compile", "match", "fullmatch", "search", "sub", "subn", "split", "findall", "finditer")
CALLS = {f"re.{name}" for name in FUNCTIONS}
HEDGING_WORDS = HedgingWords.of(ontology.load().graphs[TERMS_GRAPH] + ontology.load().graphs[KINDS_GRAPH])
LISTED: dict[str, list[str]] = {
    "kg.facts.parser_messages: pattern": [pattern for pattern, *_ in parser_messages._EXPLAINED],
    "kg.gate.rules.hedging_words: pattern": [HEDGING_WORDS._saying.pattern],
    "kg.gate.rules.literals: form": list(literals._FORMS.values()),
    "kg.query.questions: f'[?$]{parameter.name}\\\\b'": [],  # the name is of a question in our own files
    "kg.pages.terminology.shapes: f'\\\\b{re.escape(iris.compact(term.value))}(?![\\\\w-])'": [],  # ours
}
"""The patterns of calls that take them from a local variable; none where no client decides on them."""
Pattern: TypeAlias = re.Pattern[str] | re.Pattern[bytes]


class Use(NamedTuple):
    """One call of a function of ``re``: the module, the call, and how the pattern is used."""

    module: str
    call: ast.Call
    methods: frozenset[str]

    @property
    def name(self) -> str:
        """Module and expression, as the table writes them."""
        return f"{self.module}: {ast.unparse(self.call.args[0])}"

    @property
    def is_anchored(self) -> bool:
        """Whether the pattern is only matched at the beginning of a text."""
        return bool(self.methods) and self.methods <= {"match", "fullmatch"}

    def patterns(self) -> list[Pattern]:
        """Compile the pattern in the names of its module, or those that are listed for it."""
        if self.name in LISTED:
            return [re.compile(pattern) for pattern in LISTED[self.name]]
        names = vars(import_module(self.module))
        is_compiled = ast.unparse(self.call.func) == "re.compile"
        flags = [*self.call.args[1:2], *(each.value for each in self.call.keywords if each.arg == "flags")]
        return [
            re.compile(
                _value(self.call.args[0], names), *(_value(each, names) for each in flags * is_compiled)
            )
        ]


def _value(expression: ast.expr, names: dict[str, Any]) -> Any:  # a pattern, or flags
    return eval(compile(ast.Expression(expression), "<pattern>", "eval"), names)  # our own code


def uses() -> list[Use]:
    """List the calls of the package."""
    return [use for path in sorted(PACKAGE.rglob("*.py")) for use in _uses_in(path)]


def _uses_in(path: Path) -> Iterator[Use]:
    module = ".".join(("kg", *path.relative_to(PACKAGE).with_suffix("").parts)).removesuffix(".__init__")
    tree = ast.parse(path.read_text(encoding="utf-8"))
    for statement in tree.body:
        names = [ast.unparse(target) for target in getattr(statement, "targets", [])]
        names += [ast.unparse(statement.target)] if isinstance(statement, ast.AnnAssign) else []
        for call in _calls(statement):
            function = ast.unparse(call.func)
            if function == "re.compile":
                yield Use(module, call, _methods(tree, names))
            elif function in CALLS:
                yield Use(module, call, frozenset({function.removeprefix("re.")}))


def _calls(tree: ast.AST) -> Iterator[ast.Call]:
    return (node for node in ast.walk(tree) if isinstance(node, ast.Call))


def _methods(tree: ast.AST, names: list[str]) -> frozenset[str]:
    """Name what a module takes of a pattern, or of the patterns of a mapping."""
    taken = (node for node in ast.walk(tree) if isinstance(node, ast.Attribute))
    return frozenset(each.attr for each in taken if ast.unparse(each.value).partition("[")[0] in names)


def patterns() -> dict[str, tuple[Pattern, bool]]:
    """Compile every pattern of the package, with whether it is anchored."""
    return {
        f"{use.module}-{each.pattern!r:.40}": (each, use.is_anchored)
        for use in uses()
        for each in use.patterns()
    }


def slow_text(pattern: Pattern, *, is_anchored: bool = False) -> str | None:
    """Return the beginning of a text on which a pattern takes more than linear time."""

    def work(text: str) -> object:
        given: Any = text.encode() if isinstance(pattern.pattern, bytes) else text
        return (
            pattern.fullmatch(given) or pattern.match(given) if is_anchored else pattern.sub(given[:0], given)
        )

    return next((make(40) for make in makers(pattern) if not is_linear(work, make)), None)


@pytest.mark.parametrize(("pattern", "is_anchored"), patterns().values(), ids=patterns())
def test_each_pattern_takes_linear_time(pattern: Pattern, is_anchored: bool) -> None:
    assert slow_text(pattern, is_anchored=is_anchored) is None


@pytest.mark.parametrize(
    "slow",
    [
        r'"(?:[^"\\]|\\.)*"',
        r"(T.*) (\d\d:?\d\d)$",
        r"(?:\w[\w.-]*)?:\w|\w+",
        r"“[^”]*”",
        r"(?s)<!--.*?-->",
        r"\w++=",
    ],
)
def test_a_slow_pattern_is_found(slow: str) -> None:
    assert slow_text(re.compile(slow)) is not None


def test_each_listed_call_is_there() -> None:
    assert set(LISTED) <= {use.name for use in uses()}
