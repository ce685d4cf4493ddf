"""Preconditions of a write: the ETags that a graph must or must not have (RFC 9110, section 13)."""

from __future__ import annotations

import re
from collections.abc import Set
from dataclasses import dataclass

from kg.errors import PreconditionFailed

_TAG = re.compile(r'(?:W/)?"[^"]*+"')


def tags_in(header: str) -> set[str]:
    """Return the ETags that a header lists.

    >>> sorted(tags_in('"a", W/"b"'))
    ['"a"', 'W/"b"']
    """
    return set(_TAG.findall(header))


@dataclass(frozen=True)
class Precondition:
    """The headers If-Match and If-None-Match of a write; empty if the client sent neither.

    ``If-None-Match: *`` requires that the graph does not exist, ``If-Match: *`` that it does.
    """

    if_match: str = ""
    if_none_match: str = ""

    def require(self, current: Set[str]) -> None:
        """Raise PreconditionFailed unless the condition holds; ``current`` are the ETags of the graph."""
        if self.if_match and not _names(self.if_match, current):
            raise PreconditionFailed(
                "The ETag of the graph does not match If-Match; read the graph again, then decide."
            )
        if self.if_none_match and _names(self.if_none_match, current):
            raise PreconditionFailed("The ETag of the graph matches If-None-Match, so nothing was written.")


def _names(header: str, current: Set[str]) -> bool:
    return bool(current if header.strip() == "*" else current & tags_in(header))
