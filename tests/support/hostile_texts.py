"""Texts that make a regular expression slow if any do, from its own alphabet."""

import re
from collections.abc import Callable, Iterator, Sequence
from importlib import import_module
from itertools import product
from typing import Any

codes, parser = (import_module(f"re.{name}") for name in ("_constants", "_parser"))  # of no type stub

Maker = Callable[[int], str]

_MOST_SIGNS = 10
_SAMPLES = {
    codes.CATEGORY_DIGIT: "1",
    codes.CATEGORY_SPACE: " ",
    codes.CATEGORY_WORD: "a",
    codes.CATEGORY_NOT_SPACE: "a",
    codes.CATEGORY_NOT_WORD: "-",
    codes.CATEGORY_NOT_DIGIT: "a",
}


def makers(pattern: re.Pattern[str] | re.Pattern[bytes]) -> Iterator[Maker]:
    """Yield functions that make texts of a length."""
    parsed = parser.parse(pattern.pattern, pattern.flags)
    signs = list(dict.fromkeys([*_signs(parsed), "a", "1", " ", "\n", "!"]))[: _MOST_SIGNS + 4]
    runs = [run for run in dict.fromkeys(_runs(parsed)) if len(run) > 1][:_MOST_SIGNS]
    for unit in [*signs, *runs, *map("".join, product(signs[:_MOST_SIGNS], repeat=2))]:
        yield _repeated("", unit, "")
    for run, sign in product([*runs, *signs[:4]], signs):
        yield _repeated(run, sign, "\x00")
        yield _repeated("", run + sign, "\x00")


def _repeated(before: str, unit: str, after: str) -> Maker:
    return lambda size: before + unit * (size // len(unit)) + after


def _signs(parsed: Sequence[Any]) -> Iterator[str]:
    """Yield a character for each place of a pattern: a literal, or one of a class."""
    for code, value in parsed:
        if code in (codes.LITERAL, codes.NOT_LITERAL):
            yield chr(value)
        elif code is codes.IN:
            yield from (sign for entry in value for sign in _of_class(*entry))
        else:
            for inner in _inner(code, value):
                yield from _signs(inner)


def _of_class(code: Any, value: Any) -> Iterator[str]:  # codes of a pattern have no types
    if code is codes.LITERAL:
        yield chr(value)
    elif code is codes.RANGE:
        yield chr(value[0])
    elif code is codes.CATEGORY:
        yield _SAMPLES[value]


def _runs(parsed: Sequence[Any]) -> Iterator[str]:
    """Yield the literals that stand side by side."""
    run = ""
    for code, value in parsed:
        if code is codes.LITERAL:
            run += chr(value)
            continue
        yield run
        run = ""
        for inner in _inner(code, value):
            yield from _runs(inner)
    yield run


def _inner(code: Any, value: Any) -> Iterator[Sequence[Any]]:  # codes of a pattern have no types
    """Yield the patterns inside of a piece of one."""
    if code in (codes.MAX_REPEAT, codes.MIN_REPEAT, codes.POSSESSIVE_REPEAT):
        yield value[2]
    elif code is codes.SUBPATTERN:
        yield value[3]
    elif code is codes.BRANCH:
        yield from value[1]
    elif code in (codes.ASSERT, codes.ASSERT_NOT):
        yield value[1]
    elif code is codes.ATOMIC_GROUP:
        yield value
