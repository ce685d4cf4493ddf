"""Cache of short pattern results, kept between judgements.

Most submissions look up the same classes, lists, sources and actors, and each look-up on disk takes 20
microseconds. A commit evicts the results of the patterns that match one of its quads.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from itertools import chain, islice

from pyoxigraph import Quad

from kg.facts.judges.read_set import Pattern, generalised, is_by_value

MOST_ANSWERS = 4_096
LONGEST_ANSWER = 8
"""Maximum quads in a cached result."""
_MOST_CHANGES = 1_000
"""Maximum quads of a commit that are matched one by one; a larger commit empties the cache."""


class PatternCache:
    """Results of patterns at the store's current version."""

    def __init__(self) -> None:
        self._answers: dict[Pattern, list[Quad]] = {}

    def answer(self, pattern: Pattern, ask: Callable[[], Iterable[Quad]]) -> Iterator[Quad]:
        """Return the quads that match a pattern, from the cache or the store."""
        if pattern in self._answers:
            return iter(self._answers[pattern])
        found = iter(ask())
        if is_by_value(pattern[2]):  # matches other literals with the same value too
            return found
        first = list(islice(found, LONGEST_ANSWER + 1))
        if len(first) > LONGEST_ANSWER:
            return chain(first, found)
        if len(self._answers) >= MOST_ANSWERS:
            self._answers.clear()
        self._answers[pattern] = first
        return iter(first)

    def drop(self, changed: Sequence[Quad]) -> None:
        """Evict the results that the changed quads affect."""
        if len(changed) > _MOST_CHANGES:
            self._answers.clear()
        elif self._answers:
            for quad in changed:
                for pattern in generalised(quad):
                    self._answers.pop(pattern, None)
