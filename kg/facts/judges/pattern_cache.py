"""Cache of short answers to patterns, kept from one judgement to the next.

Most submissions ask for the same classes, lists, sources and actors, and a look-up on disk takes 20
microseconds. A commit drops what it changes: the answers to the patterns that match one of its quads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from pyoxigraph import Quad

from kg.facts.judges.read_set import Pattern, generalised, is_by_value

MOST_ANSWERS = 4_096
LONGEST_ANSWER = 8
"""Quads of an answer that is kept."""
_MOST_CHANGES = 1_000
"""Quads of a commit that are looked at one by one; a larger one empties the cache."""


class PatternCache:
    """Answers to patterns, as they are at the version of the store that is read."""

    def __init__(self) -> None:
        self._answers: dict[Pattern, list[Quad]] = {}

    def answer(self, pattern: Pattern, ask: Callable[[], Iterable[Quad]]) -> Iterator[Quad]:
        """Return the quads that match a pattern, asked of the store if they are not known."""
        if pattern in self._answers:
            return iter(self._answers[pattern])
        found = iter(ask())
        if is_by_value(pattern[2]):  # other literals of the same value match too
            return found
        first = list(islice(found, LONGEST_ANSWER + 1))
        if len(first) > LONGEST_ANSWER:
            return chain(first, found)
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[pattern] = first
        return iter(first)

    def drop(self, changed: Sequence[Quad]) -> None:
        """Forget the answers that some quads, added or removed, change."""
        if len(changed) > _MOST_CHANGES:
            self._answers.clear()
        elif self._answers:
            for quad in changed:
                for pattern in generalised(quad):
                    self._answers.pop(pattern, None)
