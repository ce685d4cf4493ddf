"""Common words of the stemmed languages: everybody uses them, so they cannot be contested.

The file ``common_words.txt`` beside this module has one list per line: a language and its words.
"""

from importlib.resources import files

from kg.gate.rules.texts import without_accents


def _read() -> tuple[frozenset[str], frozenset[str]]:
    """Return the function words, and all words of the file."""
    text = files(__package__).joinpath("common_words.txt").read_text(encoding="utf-8")
    function: set[str] = set()
    common: set[str] = set()
    is_function = False
    for line in text.splitlines():
        if line.startswith("["):
            is_function = line == "[function words]"
        elif not line.startswith("#"):
            words = without_accents(line).split()
            common.update(words)
            function.update(words if is_function else ())
    return frozenset(function), frozenset(common)


FUNCTION, COMMON = _read()
"""The function words, and all common words; without accents."""
