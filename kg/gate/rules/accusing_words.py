"""Words of accusation in several languages: a translation of a contested word is contested too.

The ontology lists them in ``contested-words.txt``, without accents. A claim's own equivalents
(dip:equivalentWord) are certain; this list only suggests others, so its findings are warnings.
"""

from collections.abc import Mapping

from kg.ontology import ontology_folder


def _groups(text: str) -> Mapping[str, tuple[str, ...]]:
    """Return the groups of a text: a line without indent starts a group, an underscore stands for a space."""
    groups: list[list[str]] = []
    for line in text.splitlines():
        if not line.startswith("#"):
            if not line.startswith(" "):
                groups.append([])
            groups[-1] += [word.replace("_", " ") for word in line.split()]
    return {word: tuple(group) for group in groups for word in group}


ALIKE: Mapping[str, tuple[str, ...]] = _groups(
    (ontology_folder() / "contested-words.txt").read_text(encoding="utf-8")
)
"""The words of the same accusation, by word."""
LONGEST_OF_THEM = max(len(word.split()) for word in ALIKE)
