"""PLOVER codes: an event type with a mode, and contexts, as releases and manuals write them."""

import re
from collections.abc import Iterable

from kg.importers.events.codes import codes
from kg.importers.events.several import NOBODY


def code(event: str, modes: Iterable[str]) -> str | None:
    """Return the concept of an event type with its mode, or of the type alone unless one mode is known.

    >>> code("CONSULT", ["visit"]), code("consult", ["teleport"]), code("DOCUMENT", [])
    ('plover-consult-visit', 'plover-consult', None)
    """
    concepts = codes("plover-codes")
    type_ = event.strip().upper()
    mode_codes = [_letters(mode) for mode in modes if mode and mode != NOBODY]
    if len(mode_codes) == 1 and (found := concepts.get(f"{type_}-{mode_codes[0]}")):
        return found
    return concepts.get(type_)


def is_exact(event: str, modes: Iterable[str], concept: str | None) -> bool:
    """Return True if a concept expresses all of a row's type and mode."""
    mode_names = [mode for mode in modes if mode and mode != NOBODY]
    return not mode_names or (concept is not None and concept != f"plover-{event.strip().lower()}")


def contexts(names: Iterable[str]) -> tuple[list[str], int]:
    """Return the concepts of contexts, and the number of unknown contexts."""
    concepts = codes("plover-contexts")
    context_codes = [_letters(name) for name in names if name and name != NOBODY]
    found = dict.fromkeys(concepts[name] for name in context_codes if name in concepts)
    return list(found), sum(name not in concepts for name in context_codes)


def _letters(text: str) -> str:
    return re.sub(r"[\s_]+", "-", text.strip().lower())
