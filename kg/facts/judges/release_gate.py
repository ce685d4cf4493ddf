"""The gate of this program's release: a fork server builds it once, and its forked processes share it."""

from functools import cache

from kg import ontology
from kg.gate.gate import Gate


@cache
def release_gate() -> Gate:
    """Return the gate; the first call takes a second or two."""
    return Gate.of(ontology.load()).prepare()
