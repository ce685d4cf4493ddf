"""Printed names of organizations and offices: names that a passage of the same graph has word for word."""

import re

from pyoxigraph import Literal, Quad

from kg.gate.overlay import Overlay
from kg.terms import DIP, RDFS, SKOS

_NAMES = frozenset({RDFS.LABEL, SKOS.ALT_LABEL})
_PRINTED = frozenset({DIP.ORGANIZATION, DIP.OFFICE})
_SPACE = re.compile(r"\s+")


class PrintedNames:
    """The printed names on one view of the store."""

    def __init__(self, overlay: Overlay) -> None:
        self._overlay = overlay

    def may_have(self, name: Quad) -> bool:
        """Return whether a triple names an organization or office."""
        return name.predicate in _NAMES and not _PRINTED.isdisjoint(self._overlay.classes(name.subject))

    def has(self, name: Quad) -> bool:
        """Return whether a passage in the name's graph, of a source that names the thing, contains the name.

        A name of one word does not count: in a passage it may be an ordinary word.
        """
        if not isinstance(name.object, Literal) or not self.may_have(name):
            return False
        words = _spaced(name.object.value)
        return " " in words and any(_stands_in(text, words) for text in self._texts(name))

    def _texts(self, name: Quad) -> list[str]:
        graph = name.graph_name
        passages = [
            quad.subject
            for source in self._overlay.objects(name.subject, DIP.FOUND_IN)
            for quad in self._overlay.quads_for_pattern(None, DIP.OCCURS_IN, source, graph)
        ]
        texts = (text for passage in passages for text in self._overlay.objects(passage, DIP.EXACT_TEXT))
        return [_spaced(text.value) for text in texts if isinstance(text, Literal)]


def _spaced(text: str) -> str:
    return _SPACE.sub(" ", text).strip()


def _stands_in(text: str, words: str) -> bool:
    """Return whether a text contains words, not as parts of longer ones.

    >>> _stands_in("of the Fund, they say", "the Fund"), _stands_in("the Funds", "the Fund")
    (True, False)
    """
    start = text.find(words)
    while start >= 0:
        end = start + len(words)
        if not (text[max(0, start - 1) : start].isalnum() or text[end : end + 1].isalnum()):
            return True
        start = text.find(words, end)
    return False
